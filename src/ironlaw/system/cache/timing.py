"""What a line costs: the clocks of a fetch over SPI, and the rates at which a chip's external memories fill lines.

Which rate holds has nobody measured. Fetches back to back are the most that the clocks of a fetch allow; a core that
computes between them gets less, and how much less is an assumption, the rate to plan with. Every answer says which of
them it used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_positive
from ironlaw.registry.chip_facts import positive
from ironlaw.system.cache.geometry import cache_level

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip
    from ironlaw.registry.facts import Fact, FactSheet, Kind

_BITS = 8  # of a byte


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFetch:
    """Clocks of a serial memory for one fetch of a line.

    Attributes:
        command: Of the command.
        address: Of the address.
        wait: Until the first data.
        select: Of the chip select, before and after.
        lanes: Bits that cross in one clock.
    """

    command: float
    address: float
    wait: float
    select: float
    lanes: float

    def clocks(self, line: float) -> float:
        r"""Clocks of a line.

        $$ n = n_{command} + n_{address} + n_{wait} + 8 L / b + n_{select} $$

        Args:
            line: Bytes of a line, L [B].

        Example:
            >>> LineFetch(command=2, address=6, wait=6, select=4, lanes=4).clocks(32)
            82.0
        """
        return self.command + self.address + self.wait + _BITS * line / self.lanes + self.select

    def rate(self, line: float, clock: float) -> float:
        r"""Bytes a second where lines are fetched back to back.

        $$ BW = L f / n $$

        Args:
            line: Bytes of a line, L [B].
            clock: Clock of the memory, f [Hz].

        Returns:
            BW [B/s].

        Raises:
            DomainError: if one is not positive.

        Source:
            ironlaw-dossier (§6, QSPI line fill).

        Example:
            >>> round(LineFetch(command=2, address=6, wait=6, select=4, lanes=4).rate(32, 40e6) / 1e6, 1)
            15.6
        """
        require_positive("line", line)
        require_positive("clock", clock)
        return line * clock / self.clocks(line)


@dataclass(frozen=True, slots=True, kw_only=True)
class FillRate:
    """A rate at which lines come from outside the chip.

    Attributes:
        id: "planned", "fetch", "memory", "flash" or "given".
        label: It in words.
        rate: Bytes of lines a second [B/s].
        kind: The evidence behind it.
        why: Where the number comes from.
        source: Key of its source.
    """

    id: str
    label: str
    rate: float
    kind: Kind
    why: str
    source: str


def line_fetch(chip: Chip) -> LineFetch | None:
    """The clocks of a fetch from the external RAM of a chip; None where its file does not list them.

    Args:
        chip: The chip.

    Raises:
        FactError: if it lists some of them only.
    """
    sheet = chip.sheet
    if "detail.psram_lanes" not in sheet.facts:
        return None
    return LineFetch(
        command=positive(sheet, "detail.psram_command_clocks", "1"),
        address=positive(sheet, "detail.psram_address_clocks", "1"),
        wait=positive(sheet, "detail.psram_wait_clocks", "1"),
        select=positive(sheet, "detail.psram_select_clocks", "1"),
        lanes=positive(sheet, "detail.psram_lanes", "1"),
    )


def fill_rates(chip: Chip) -> tuple[FillRate, ...]:
    """The rates at which a chip's lines can be filled, the one to plan with first.

    Args:
        chip: A chip with a cache in front of an external memory.

    Returns:
        What its file knows of: the rate to plan with, the clocks of a fetch or else the memory's rate, flash.
    """
    sheet = chip.sheet
    found: list[FillRate] = []
    if "detail.psram_sustained" in sheet.facts:
        fact = sheet.facts["detail.psram_sustained"]
        found.append(_of_fact("planned", f"{chip.memory}, to plan with", fact))
    fetch = line_fetch(chip)
    if fetch is not None:
        found.append(_back_to_back(chip, fetch, sheet))
    else:
        direct = "memory.direct_bandwidth"
        path = direct if direct in sheet.facts else "memory.bandwidth"
        found.append(_of_fact("memory", chip.memory, sheet.fact(path)))
    for store in chip.storage:
        path = f"storage.{store.id}.bandwidth"
        if path in sheet.facts:
            found.append(_of_fact(store.id, store.name, sheet.facts[path]))
    return tuple(found)


def fill_rate(chip: Chip, name: str | None = None, rate: float | None = None) -> FillRate:
    """One of the rates of a chip, the one to plan with where nothing else is asked for, or one's own.

    Args:
        chip: A chip with a cache in front of an external memory.
        name: Its id.
        rate: One's own instead [B/s].

    Raises:
        DomainError: listing the rates of the chip, or if one's own is not positive.

    Example:
        >>> from ironlaw.registry.chips import load_chip
        >>> fill_rate(load_chip("esp32")).rate
        22000000.0
    """
    if rate is not None:
        require_positive("rate", rate)
        return FillRate(
            id="given", label="given", rate=rate, kind="assumption", why="given", source=""
        )
    known = fill_rates(chip)
    for one in known:
        if name in (None, one.id):
            return one
    names = ", ".join(one.id for one in known)
    raise DomainError("rate", name, f"the rates of {chip.name}: {names}")


def fetch_time(traffic: float, rate: float) -> float:
    r"""Time in which lines come in.

    $$ T = D_{vol} / BW $$

    Args:
        traffic: Bytes of the lines, D_vol [B].
        rate: Bytes a second, BW [B/s].

    Returns:
        T [s].

    Raises:
        DomainError: if the rate is not positive.

    Example:
        >>> round(fetch_time(2048 * 32, 22e6) * 1e3, 3)
        2.979
    """
    require_positive("rate", rate)
    return traffic / rate


def _of_fact(name: str, label: str, fact: Fact) -> FillRate:
    return FillRate(
        id=name, label=label, rate=fact.value, kind=fact.kind, why=fact.where, source=fact.source
    )


def _back_to_back(chip: Chip, fetch: LineFetch, sheet: FactSheet) -> FillRate:
    line = positive(sheet, f"{cache_level(chip)}.line_size", "B")
    clock = sheet.fact("detail.psram_clock")
    clocks = fetch.clocks(line)
    return FillRate(
        id="fetch",
        label=f"{chip.memory}, fetches back to back",
        rate=fetch.rate(line, clock.value),
        kind="derived",
        why=f"{line:g} B in {clocks:g} clocks of {clock.written}",
        source=clock.source,
    )
