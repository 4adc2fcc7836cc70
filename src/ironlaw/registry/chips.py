"""Chips: what a vendor printed and what launching a kernel costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from ironlaw.base.errors import DomainError, FactError, UnknownNameError
from ironlaw.base.number import require_positive
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.facts import FactSheet, data_folder, read_sheet


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Chip:
    """One accelerator.

    Attributes:
        name: Its kebab-case name.
        title: Its full name.
        short_title: Its name in labels.
        memory: Name of the main memory, "HBM3".
        peaks: Dense peak rate by number format, R_peak [FLOP/s].
        bandwidth: Main memory bandwidth, BW_mem [B/s].
        capacity: Main memory [B].
        l2_capacity: Level-2 cache [B].
        l2_bandwidth: Level-2 bandwidth [B/s].
        n_sm: Streaming multiprocessors.
        clock: Boost clock [Hz].
        eager_dispatch: Host time to dispatch one operator from eager Python [s].
        stream_dispatch: Host time of one kernel launch from compiled code [s].
        graph_dispatch: Device time between two nodes of a captured graph [s].
        link_bandwidth: Bandwidth of the links to the other chips of the node, one direction [B/s].
        node_size: Chips in one node.
        price: Rent, None where no public price is recorded [USD/s].
        sheet: Every fact with its source.
    """

    name: str
    title: str
    short_title: str
    memory: str
    peaks: dict[Dtype, float]
    bandwidth: float
    capacity: float
    l2_capacity: float
    l2_bandwidth: float
    n_sm: int
    clock: float
    eager_dispatch: float
    stream_dispatch: float
    graph_dispatch: float
    link_bandwidth: float
    node_size: int
    price: float | None
    sheet: FactSheet

    def peak(self, dtype: Dtype) -> float:
        """Dense peak rate in a number format [FLOP/s].

        Raises:
            DomainError: if the chip has no arithmetic in that format.
        """
        if dtype not in self.peaks:
            names = ", ".join(known.value for known in self.peaks)
            raise DomainError("dtype", dtype.value, f"the formats of {self.name}: {names}")
        return self.peaks[dtype]


def scaled_chip(chip: Chip, *, peak: float = 1.0, bandwidth: float = 1.0) -> Chip:
    """The same chip with another peak rate and another memory bandwidth.

    Args:
        chip: The chip.
        peak: Factor on every R_peak.
        bandwidth: Factor on BW_mem, and on level 2 in front of it.

    Raises:
        DomainError: if a factor is not positive.
    """
    require_positive("peak", peak)
    require_positive("bandwidth", bandwidth)
    peaks = {dtype: rate * peak for dtype, rate in chip.peaks.items()}
    return replace(
        chip,
        peaks=peaks,
        bandwidth=chip.bandwidth * bandwidth,
        l2_bandwidth=chip.l2_bandwidth * bandwidth,
    )


@lru_cache(maxsize=1)
def chip_names() -> tuple[str, ...]:
    """The chips of the registry, by name."""
    entries = data_folder().joinpath("chips").iterdir()
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in entries))


def load_chip(name: str) -> Chip:
    """A chip of the registry, or one described in a TOML file.

    Args:
        name: Kebab-case name, or the path of a TOML file with the same facts.

    Raises:
        UnknownNameError: offering the nearest names.
        FactError: if the file lacks a fact, or a fact its provenance.

    Example:
        >>> load_chip("h100-sxm").bandwidth
        3350000000000.0
    """
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise FactError(name, "there is no such file")
        try:
            return _read_chip(path.stem, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise FactError(name, f"not UTF-8: {error.reason}") from error
    if name not in chip_names():
        raise UnknownNameError("chip", name, chip_names())
    return _registered(name)


@lru_cache(maxsize=64)
def _registered(name: str) -> Chip:
    """A chip of the registry; a user's file is read anew each time, because it may change."""
    text = data_folder().joinpath("chips", f"{name}.toml").read_text(encoding="utf-8")
    return _read_chip(name, text)


def _read_chip(name: str, text: str) -> Chip:
    sheet = read_sheet(name, text)
    peaks: dict[Dtype, float] = {}
    for written in sheet.children("peak"):
        known = [dtype for dtype in Dtype if dtype.value == written]
        if not known:
            raise FactError(f"{name}.peak.{written}", "is not a known number format")
        peaks[known[0]] = _positive(sheet, f"peak.{written}", "FLOP/s")
    for text_field in ("title", "short_title", "memory_name"):
        if text_field not in sheet.texts:
            raise FactError(f"{name}.{text_field}", "the text is missing")
    return Chip(
        name=name,
        title=sheet.texts["title"],
        short_title=sheet.texts["short_title"],
        memory=sheet.texts["memory_name"],
        peaks=peaks,
        bandwidth=_positive(sheet, "memory.bandwidth", "B/s"),
        capacity=_positive(sheet, "memory.capacity", "B"),
        l2_capacity=_positive(sheet, "l2.capacity", "B"),
        l2_bandwidth=_positive(sheet, "l2.bandwidth", "B/s"),
        n_sm=_count(sheet, "sm.count"),
        clock=_positive(sheet, "sm.clock", "Hz"),
        eager_dispatch=_positive(sheet, "dispatch.eager", "s"),
        stream_dispatch=_positive(sheet, "dispatch.stream", "s"),
        graph_dispatch=_positive(sheet, "dispatch.graph", "s"),
        link_bandwidth=_positive(sheet, "link.bandwidth", "B/s"),
        node_size=_count(sheet, "node.size"),
        price=sheet.optional("price.on_demand"),
        sheet=sheet,
    )


def _positive(sheet: FactSheet, path: str, unit: str) -> float:
    fact = sheet.fact(path)
    if fact.unit != unit:
        raise FactError(f"{sheet.name}.{path}", f"{fact.written} is not a quantity in {unit}")
    if fact.value <= 0.0:
        raise FactError(f"{sheet.name}.{path}", f"{fact.written} is not above zero")
    return fact.value


def _count(sheet: FactSheet, path: str) -> int:
    value = _positive(sheet, path, "1")
    if value != int(value):
        raise FactError(f"{sheet.name}.{path}", f"{value:g} is not a whole number")
    return int(value)
