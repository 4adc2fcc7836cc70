"""What runs a hearable's frame: where weights can live, how fast they come from there, and how fast they are used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from ironlaw.base.errors import DomainError, FactError
from ironlaw.base.number import require_positive
from ironlaw.registry.chips import Chip, load_chip
from ironlaw.registry.hearables import hearable_texts
from ironlaw.system.cache.geometry import CacheGeometry, Policy, chip_cache

_MULTIPLY_ADD = 2.0  # FLOP
_WAYS = "detail.cache_ways"


class Place(Enum):
    """Where weights live."""

    SRAM = "sram"
    PSRAM = "psram"
    FLASH = "flash"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Machine:
    """A chip as it runs a frame.

    Attributes:
        name: Its name in the registry.
        title: How it runs the frame, in words.
        chip: The chip.
        home: Where its weights live unless they are moved.
        rates: How fast weights come from each place [B/s].
        flop_rate: How fast its kernels compute, R · η [FLOP/s].
        cores: Cores that share it.
        active: Power while it is busy [W].
        active_sram: The same with every weight in SRAM [W].
        sleep: Power while it sleeps [W].
        sram: SRAM of the chip [B].
        store: How fast weights come from the memory that keeps what does not run now [B/s].
        store_capacity: Bytes that it keeps [B].
        cache: The cache in front of the external memories; None where lines do not matter.
        paths: Of the chip's facts, by what they say here.
        peak_scale: Factor that its arithmetic was scaled by.
        bandwidth_scale: Factor that the memories outside the chip were scaled by.
    """

    name: str
    title: str
    chip: Chip
    home: Place
    rates: Mapping[Place, float]
    flop_rate: float
    cores: int
    active: float
    active_sram: float
    sleep: float
    sram: float
    store: float
    store_capacity: float
    cache: CacheGeometry | None
    paths: Mapping[str, str]
    peak_scale: float = 1.0
    bandwidth_scale: float = 1.0

    @property
    def line(self) -> int:
        """Bytes that one fetch from outside the chip brings [B]."""
        return int(self.chip.sheet.number("memory.line_size"))

    def rate(self, place: Place) -> float:
        """How fast weights come from a place [B/s].

        Raises:
            DomainError: if the machine keeps no weights there.
        """
        if place not in self.rates:
            names = ", ".join(known.value for known in self.rates)
            raise DomainError("place", place.value, f"the places of {self.name}: {names}")
        return self.rates[place]


@lru_cache(maxsize=16)
def machine(name: str) -> Machine:
    """A machine of the registry.

    Args:
        name: Kebab-case name: "esp32", "apollo4-plus".

    Raises:
        UnknownNameError: offering the nearest names.

    Example:
        >>> machine("esp32").rate(Place.PSRAM)
        22000000.0
    """
    texts = hearable_texts(name)
    chip = load_chip(texts["chip"])
    numbers = chip.sheet.number
    rates = {place: numbers(texts[place.value]) for place in Place if place.value in texts}
    active = numbers(texts["active"])
    return Machine(
        name=name,
        title=f"{chip.short_title}, {texts['title']}",
        chip=chip,
        home=Place(texts["home"]),
        rates=rates,
        flop_rate=_flop_rate(chip, texts),
        cores=_cores(chip, texts),
        active=active,
        active_sram=numbers(texts["active_sram"]) if "active_sram" in texts else active,
        sleep=numbers("power.idle"),
        sram=numbers(texts["capacity"]),
        store=numbers(texts["store"]),
        store_capacity=numbers(texts["store_capacity"]),
        cache=chip_cache(chip) if _WAYS in chip.sheet.facts else None,
        paths=texts,
    )


def _flop_rate(chip: Chip, texts: Mapping[str, str]) -> float:
    """Multiply-adds a cycle, times clock and cores; or a rate, where that is what is known [FLOP/s]."""
    fact = chip.sheet.fact(texts["arithmetic"])
    if fact.unit == "FLOP/s":
        return fact.value
    if chip.clock is None:
        raise FactError(
            f"{chip.name}.sm.clock", "the fact is missing: a rate by the cycle needs it"
        )
    return _MULTIPLY_ADD * fact.value * chip.clock * _cores(chip, texts)


def _cores(chip: Chip, texts: Mapping[str, str]) -> int:
    return (chip.n_sm or 1) if texts["cores"] == "all" else 1


def changed(
    found: Machine,
    *,
    peak: float = 1.0,
    bandwidth: float = 1.0,
    psram: float | None = None,
    cores: int | None = None,
    policy: Policy | None = None,
) -> Machine:
    """A machine with other rates.

    Args:
        found: The machine.
        peak: Factor on its arithmetic.
        bandwidth: Factor on the rates of the memories outside the chip.
        psram: Rate of PSRAM before that factor; None for the machine's own [B/s].
        cores: Cores that share the arithmetic; None for those of the machine.
        policy: Which line its cache gives up; None for the machine's own.

    Raises:
        DomainError: if a factor or a rate is not positive.
    """
    require_positive("peak", peak)
    require_positive("bandwidth", bandwidth)
    share = 1.0 if cores is None else cores / found.cores
    require_positive("cores", share)
    rates = dict(found.rates)
    if psram is not None:
        require_positive("psram", psram)
        rates[Place.PSRAM] = psram
    scaled = {
        place: rate if place is Place.SRAM else rate * bandwidth for place, rate in rates.items()
    }
    cache = found.cache
    if cache is not None and policy is not None:
        cache = replace(cache, policy=policy)
    return replace(
        found,
        rates=scaled,
        flop_rate=found.flop_rate * peak * share,
        cache=cache,
        peak_scale=found.peak_scale * peak,
        bandwidth_scale=found.bandwidth_scale * bandwidth,
    )
