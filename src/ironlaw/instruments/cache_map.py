"""Cache map: lines fetched against lines that there are, by gate and by set, and why."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.base.plain import plain_fields
from ironlaw.instruments.scale import grouped, percent, significant
from ironlaw.system.cache.counts import total
from ironlaw.system.cache.layout import GATES, GateOrder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.system.cache.counts import CacheCount, GateCount
    from ironlaw.system.cache.geometry import CacheGeometry
    from ironlaw.system.cache.layout import Matrices

_BINS = 64
_GATES = ("input", "forget", "cell", "output")
_MORE = 1.005  # lines between two rows that are fetched twice are no news below it
_SHOWS = 0.001  # share of the lines below which nothing is called skipped
_KIB = 1024.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheRow:
    """Lines of one gate matrix."""

    id: str
    label: str
    distinct: int
    fetched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheBin:
    """Lines of some neighbouring sets; `streams` is the most that were walked at once through one of them."""

    first: int
    last: int
    distinct: int
    fetched: int
    streams: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheMap:
    """What a step does to the cache.

    Attributes:
        title: It in a sentence.
        line: Bytes of a line [B].
        sets: Sets of the cache.
        ways: Lines of a set.
        policy: Which of them gives way, in words.
        accesses: Lines touched by loads.
        hits: Touches that found their line.
        misses: Touches that fetched it.
        distinct: Lines that hold what is read.
        traffic_ratio: Lines fetched over each line once.
        rows: The lines of each gate matrix.
        bins: The lines of the sets, in at most 64 bins.
        note: Why it is so.
    """

    title: str
    line: int
    sets: int
    ways: int
    policy: str
    accesses: int
    hits: int
    misses: int
    distinct: int
    traffic_ratio: float
    rows: tuple[CacheRow, ...]
    bins: tuple[CacheBin, ...]
    note: str

    def to_dict(self) -> dict[str, object]:
        """The map as plain data, its equation with it."""
        return {**plain_fields(self), "peek": self.equation().to_dict()}

    def equation(self) -> Equation:
        """Lines fetched over each line once."""
        fetched = Symbol("N", "lines fetched", float(self.misses), "", "fetched")
        once = Symbol("N", "lines that hold the weights", float(self.distinct), "", "distinct")
        return Equation(
            title="Lines fetched over each line once",
            left=Symbol("r", "traffic ratio", None, "", "lines"),
            right=Term("fraction", (fetched, once)),
            source="every load of the step through the sets and ways of the cache",
        )


def cache_map(matrices: tuple[Matrices, ...], cache: CacheGeometry, count: CacheCount) -> CacheMap:
    """The map of what was counted.

    Args:
        matrices: What was read.
        cache: The cache.
        count: What `simulate` counted of them.
    """
    return CacheMap(
        title=title(matrices, cache),
        line=cache.line,
        sets=cache.sets,
        ways=cache.ways,
        policy=cache.policy.label,
        accesses=count.accesses,
        hits=count.hits,
        misses=count.misses,
        distinct=count.distinct,
        traffic_ratio=count.traffic_ratio,
        rows=_rows(matrices, count.gates),
        bins=_bins(count),
        note=note(matrices, cache, count),
    )


def thinned(full: CacheMap, kept: Sequence[float]) -> CacheMap:
    """The map of a walk that skips the lines that hold only zeros, as many as are expected.

    Args:
        full: The map of every line.
        kept: Share of the lines that each gate matrix still fetches, in the order of its rows.
    """
    rows = tuple(
        replace(row, fetched=round(share * row.fetched))
        for row, share in zip(full.rows, kept, strict=True)
    )
    misses = total(row.fetched for row in rows)
    share = misses / full.misses
    gone = 1.0 - share
    skipped = (
        f"{percent(gone)} of the lines hold only zeros and are skipped."
        if gone >= _SHOWS
        else "Next to no line holds only zeros, so that none is skipped."
    )
    return replace(
        full,
        accesses=round(share * full.accesses),
        hits=round(share * full.accesses) - misses,
        misses=misses,
        traffic_ratio=misses / full.distinct,
        rows=rows,
        bins=tuple(replace(one, fetched=round(share * one.fetched)) for one in full.bins),
        note=f"{skipped} {full.note}",
    )


def title(matrices: tuple[Matrices, ...], cache: CacheGeometry) -> str:
    """What is read through which cache, in a sentence."""
    first, *others = matrices
    names = (
        ", ".join(one.name for one in matrices)
        if others
        else f"{first.name} {first.gates} × {first.rows} × {first.columns}"
    )
    size = significant(cache.capacity / _KIB)
    return f"{names} through {size} KiB: {cache.sets} sets of {_ways(cache.ways)}, lines of {cache.line} B"


def _ways(ways: int) -> str:
    return "one way" if ways == 1 else f"{ways} ways"


def _rows(matrices: tuple[Matrices, ...], gates: tuple[GateCount, ...]) -> tuple[CacheRow, ...]:
    names = [
        (one.name if len(matrices) > 1 else "", _gate(gate, one.gates))
        for one in matrices
        for gate in range(one.gates)
    ]
    return tuple(
        CacheRow(
            id=f"{count.matrices}.{count.gate}",
            label=" ".join(part for part in name if part) or count.matrices,
            distinct=count.distinct,
            fetched=count.fetched,
        )
        for name, count in zip(names, gates, strict=True)
    )


def _gate(gate: int, gates: int) -> str:
    if gates == 1:
        return ""
    return f"{_GATES[gate]} gate" if gates == GATES else f"matrix {gate + 1}"


def _bins(count: CacheCount) -> tuple[CacheBin, ...]:
    """Sets in as many bins as there is room for, each of as many sets but the last."""
    size = -(-len(count.sets) // _BINS)
    found: list[CacheBin] = []
    for first in range(0, len(count.sets), size):
        sets = count.sets[first : first + size]
        found.append(
            CacheBin(
                first=first,
                last=first + len(sets) - 1,
                distinct=total(one.distinct for one in sets),
                fetched=total(one.fetched for one in sets),
                streams=max(one.streams for one in sets),
            )
        )
    return tuple(found)


def note(matrices: tuple[Matrices, ...], cache: CacheGeometry, count: CacheCount) -> str:
    """Why so many lines were fetched, what the padding costs, and what nobody has documented."""
    said = [_why(matrices, cache, count)]
    stored = count.distinct * count.line / count.weights
    if stored > _MORE:
        padded = any(one.row_stride > one.row_size for one in matrices)
        why = ": rows are padded" if padded else ""
        said.append(f"The lines hold {percent(stored - 1.0)} more bytes than the weights{why}.")
    said.append(
        f"Replacement by {cache.policy.label} is assumed: makers document lines, sets and ways, not the policy."
    )
    return " ".join(said)


def _why(matrices: tuple[Matrices, ...], cache: CacheGeometry, count: CacheCount) -> str:
    ratio = count.traffic_ratio
    if ratio < 1.0:
        return f"{percent(1.0 - ratio)} of the lines are still there from the step before."
    if ratio <= _MORE:
        extra = count.misses - count.distinct
        again = f", {grouped(float(extra))} of them twice" if extra else ""
        return f"Each line is fetched once{again}."
    walked = max(one.streams for one in count.sets)
    said = f"Each line is fetched {significant(ratio)} times"
    if walked <= cache.ways:
        return f"{said}: it is gone before it is read again."
    said = f"{said}: {walked} walks share sets of {_ways(cache.ways)}"
    aliased = [one for one in matrices if _aliased(one, cache)]
    if not aliased:
        return f"{said}."
    apart = aliased[0].gate_stride
    return (
        f"{said}, because the gates of {aliased[0].name} lie {grouped(float(apart))} B apart, "
        f"{apart // cache.way_size} × the {grouped(float(cache.way_size))} B of a way."
    )


def _aliased(matrices: Matrices, cache: CacheGeometry) -> bool:
    """Whether row j of all gates falls into the same sets."""
    together = matrices.walk.order is GateOrder.INTERLEAVED and matrices.gates > 1
    return together and matrices.gate_stride % cache.way_size == 0
