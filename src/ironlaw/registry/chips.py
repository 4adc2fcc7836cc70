"""Chips: what a vendor printed and what launching a kernel costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast, get_args

from ironlaw.base.errors import DomainError, FactError, UnknownNameError
from ironlaw.base.number import require_positive
from ironlaw.registry.chip_facts import (
    MemoryLevel,
    by_dtype,
    check_facts,
    count,
    levels_of,
    listed,
    one_of,
    positive,
    storage_of,
    text_of,
)
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.facts import KINDS, FactSheet, Kind, data_folder, read_sheet

ChipKind = Literal["cloud", "edge", "mobile", "tiny"]
"""Where a chip works."""

CHIP_KINDS: tuple[ChipKind, ...] = get_args(ChipKind)

_STAND_INS = (Dtype.BF16, Dtype.FP16, Dtype.FP32, Dtype.INT16, Dtype.INT8)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Chip:
    """One accelerator. What it does not have, or what is not public, is None or empty.

    Attributes:
        name: Its kebab-case name.
        title: Its full name.
        short_title: Its name in labels.
        kind: Where it works: cloud, edge, mobile or tiny.
        architecture: Its family of designs, "hopper"; chips of one architecture behave alike.
        aliases: Other names that it is found by.
        measured_name: Its name in tables of measured kernels.
        memory: Name of the main memory, "HBM3".
        peaks: Dense peak rate by number format, R_peak, of the engine that runs the workload [FLOP/s].
        sparse_peaks: Rate that the sheet prints for matrices with 2:4 sparsity [FLOP/s].
        engines: Dense peak rates of the other engines on the chip, by name: "dla", "ane" [FLOP/s].
        bandwidth: Main memory bandwidth, BW_mem [B/s].
        capacity: Main memory [B].
        levels: The memory hierarchy, fastest first, the main memory last.
        storage: Memories beside it that keep constants.
        n_sm: Streaming multiprocessors, compute units or cores.
        clock: Boost clock [Hz].
        compute_capability: NVIDIA's, as one number: 90.
        eager_dispatch: Host time to dispatch one operator from eager Python [s].
        stream_dispatch: Host time of one kernel launch from compiled code [s].
        graph_dispatch: Device time between two kernels of a compiled program [s].
        call_dispatch: Time to hand a compiled program over, once a step [s].
        link_bandwidth: Bandwidth of the links to the other chips of the node, one direction [B/s].
        node_size: Chips in one node.
        tdp: Thermal design power [W].
        idle_power: Power with nothing to do; of a microcontroller its sleep [W].
        flop_energy: Energy of one FLOP by number format [J/FLOP].
        operand_reuse: Multiply-adds that each operand serves which an array reads from the memory next to it; None
            where operands come from registers.
        price: Rent, None where no public price is recorded [USD/s].
        sheet: Every fact with its source.
    """

    name: str
    title: str
    short_title: str
    kind: ChipKind
    architecture: str | None
    aliases: tuple[str, ...]
    measured_name: str | None
    memory: str
    peaks: dict[Dtype, float]
    sparse_peaks: dict[Dtype, float]
    engines: dict[str, dict[Dtype, float]]
    bandwidth: float
    capacity: float
    levels: tuple[MemoryLevel, ...]
    storage: tuple[MemoryLevel, ...]
    n_sm: int | None
    clock: float | None
    compute_capability: int | None
    eager_dispatch: float | None
    stream_dispatch: float | None
    graph_dispatch: float | None
    call_dispatch: float | None
    link_bandwidth: float | None
    node_size: int
    tdp: float | None
    idle_power: float | None
    flop_energy: dict[Dtype, float]
    operand_reuse: float | None
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

    def runs(self, dtype: Dtype) -> Dtype:
        """The format that the chip computes in where `dtype` is asked for: itself, or the first stand-in that it has.

        int4 is a format of weights, which are widened to 16 bits before they are multiplied.

        Example:
            >>> load_chip("v100-sxm2").runs(Dtype.BF16).value
            'fp16'
        """
        if dtype in self.peaks and dtype is not Dtype.INT4:
            return dtype
        return next((d for d in _STAND_INS if d in self.peaks), next(iter(self.peaks)))

    def level(self, name: str) -> MemoryLevel | None:
        """A level of the memory hierarchy by its name in the file, None where the chip has none of that name."""
        return next((level for level in self.levels if level.id == name), None)

    @property
    def l2_capacity(self) -> float | None:
        """Level-2 cache [B]."""
        level = self.level("l2")
        return None if level is None else level.capacity

    @property
    def l2_bandwidth(self) -> float | None:
        """Level-2 bandwidth [B/s]."""
        level = self.level("l2")
        return None if level is None else level.bandwidth


def rate_evidence(chip: Chip, dtype: Dtype) -> Kind:
    """The weaker evidence of the two rates that a roofline is drawn with: R_peak in a format and BW_mem.

    Args:
        chip: The chip.
        dtype: The format.

    Example:
        >>> rate_evidence(load_chip("ar-glasses"), Dtype.FP16)
        'assumption'
    """
    rates = (chip.sheet.fact(f"peak.{dtype.value}"), chip.sheet.fact("memory.bandwidth"))
    return max(rates, key=lambda fact: KINDS.index(fact.kind)).kind


def reached_bandwidth(chip: Chip, efficiency: float) -> float:
    """The bandwidth that a pass over memory reaches: some of a printed one, all of one that passes were timed with.

    Args:
        chip: The chip.
        efficiency: Fraction of a printed bandwidth that is reached.

    Example:
        >>> round(reached_bandwidth(load_chip("h100-sxm"), 0.8) / 1e12, 2)
        2.68
    """
    measured = chip.sheet.fact("memory.bandwidth").kind == "measured"
    return chip.bandwidth if measured else efficiency * chip.bandwidth


def scaled_chip(chip: Chip, *, peak: float = 1.0, bandwidth: float = 1.0) -> Chip:
    """The same chip with another peak rate and another memory bandwidth.

    Args:
        chip: The chip.
        peak: Factor on every R_peak.
        bandwidth: Factor on BW_mem, and on the caches in front of it.

    Raises:
        DomainError: if a factor is not positive.
    """
    require_positive("peak", peak)
    require_positive("bandwidth", bandwidth)
    peaks = {dtype: rate * peak for dtype, rate in chip.peaks.items()}
    levels = tuple(
        level if level.bandwidth is None else replace(level, bandwidth=level.bandwidth * bandwidth)
        for level in chip.levels
    )
    return replace(chip, peaks=peaks, bandwidth=chip.bandwidth * bandwidth, levels=levels)


@lru_cache(maxsize=1)
def chip_names() -> tuple[str, ...]:
    """The chips of the registry, by name."""
    entries = data_folder().joinpath("chips").iterdir()
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in entries))


@lru_cache(maxsize=1)
def chip_aliases() -> dict[str, str]:
    """Other names of the chips of the registry, each with the name that it stands for."""
    return {alias: name for name in chip_names() for alias in _registered(name).aliases}


def load_chip(name: str) -> Chip:
    """A chip of the registry, or one described in a TOML file.

    Args:
        name: Kebab-case name, an alias, or the path of a TOML file with the same facts; "H100_SXM" is read as
            "h100-sxm".

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
            return read_chip(path.stem, path.read_text(encoding="utf-8"))
        except UnicodeDecodeError as error:
            raise FactError(name, f"not UTF-8: {error.reason}") from error
    plain = name.lower().replace("_", "-")
    if plain in chip_names():
        return _registered(plain)
    aliases = chip_aliases()
    if plain not in aliases:
        raise UnknownNameError("chip", name, chip_names())
    return _registered(aliases[plain])


@lru_cache(maxsize=64)
def _registered(name: str) -> Chip:
    """A chip of the registry; a user's file is read anew each time, because it may change."""
    text = data_folder().joinpath("chips", f"{name}.toml").read_text(encoding="utf-8")
    return read_chip(name, text)


def read_chip(name: str, text: str) -> Chip:
    """A chip described in a text of TOML.

    Args:
        name: Its name, for messages and labels.
        text: The facts, as in a file of the registry.

    Raises:
        FactError: if the text lacks a fact, or a fact its provenance.
    """
    sheet = read_sheet(name, text)
    check_facts(sheet)
    title = text_of(sheet, "title")
    peaks = by_dtype(sheet, "peak")
    if not peaks:
        formats = ", ".join(dtype.value for dtype in Dtype)
        raise FactError(f"{name}.peak", f"the fact is missing: a rate in one of {formats}")
    return Chip(
        name=name,
        title=title,
        short_title=sheet.texts.get("short_title", title),
        kind=cast("ChipKind", one_of(sheet, "class", CHIP_KINDS)),
        architecture=sheet.texts.get("architecture"),
        aliases=listed(sheet, "aliases"),
        measured_name=sheet.texts.get("measured_name"),
        memory=text_of(sheet, "memory_name"),
        peaks=peaks,
        sparse_peaks=by_dtype(sheet, "sparse_peak"),
        engines={e: by_dtype(sheet, f"engine.{e}") for e in sheet.children("engine")},
        bandwidth=positive(sheet, "memory.bandwidth", "B/s"),
        capacity=positive(sheet, "memory.capacity", "B"),
        levels=levels_of(sheet),
        storage=storage_of(sheet),
        n_sm=count(sheet, "sm.count"),
        clock=sheet.optional("sm.clock"),
        compute_capability=count(sheet, "sm.compute_capability"),
        eager_dispatch=sheet.optional("dispatch.eager"),
        stream_dispatch=sheet.optional("dispatch.stream"),
        graph_dispatch=sheet.optional("dispatch.graph"),
        call_dispatch=sheet.optional("dispatch.call"),
        link_bandwidth=sheet.optional("link.bandwidth"),
        node_size=_node_size(sheet),
        tdp=sheet.optional("power.tdp"),
        idle_power=sheet.optional("power.idle"),
        flop_energy=by_dtype(sheet, "energy"),
        operand_reuse=sheet.optional("array.operand_reuse"),
        price=sheet.optional("price.on_demand"),
        sheet=sheet,
    )


def _node_size(sheet: FactSheet) -> int:
    """Chips of a node: 1 where the file names none; more than one needs links."""
    size = count(sheet, "node.size") or 1
    if size > 1:
        positive(sheet, "link.bandwidth", "B/s")
    return size
