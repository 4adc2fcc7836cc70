"""Roofline from a trace: operators' FLOPs and bytes from their shapes, times as recorded, on a chip's roof."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ironlaw.base.number import maximum, summed
from ironlaw.system.trace.categories import Category
from ironlaw.system.trace.columns import ABSENT, NANOSECOND
from ironlaw.system.trace.launching import Nesting, launchers, nesting
from ironlaw.system.trace.operator_work import (
    GRADIENTS,
    ONE_GRADIENT,
    OperatorWork,
    operator_work,
)
from ironlaw.system.trace.signature import Signature, UnderivableError, signature_of

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip
    from ironlaw.registry.dtypes import Dtype
    from ironlaw.system.trace.columns import Trace
    from ironlaw.system.trace.signature import Dims

    Key = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorPoint:
    """All calls of one operator with the same inputs, as one point of a roofline."""

    name: str
    shapes: str
    """The shapes of its inputs as they were recorded."""
    dtype: Dtype | None
    """The format of its first tensor; None where a chip has no rate for it, such as double."""
    n_calls: int
    flops: float
    """Of all calls, O [FLOP]."""
    traffic: float
    """Of all calls, D_vol [B]."""
    time: float
    """Of all calls [s]: device time where there is a device, else the operator's own time on the host."""
    share: float
    """Of all time that was recorded."""
    roof_time: float | None
    """What the chip would take at its roof, max(O / R_peak, D_vol / BW_mem) [s]; None without a rate."""
    compute_bound: bool
    """Whether the chip's peak rate, and not its bandwidth, is its roof."""

    @property
    def intensity(self) -> float:
        """I = O / D_vol [FLOP/B]."""
        return self.flops / self.traffic if self.traffic else 0.0

    @property
    def flop_rate(self) -> float:
        """R = O / T [FLOP/s]."""
        return self.flops / self.time if self.time else 0.0

    @property
    def bandwidth(self) -> float:
        """D_vol / T [B/s]."""
        return self.traffic / self.time if self.time else 0.0

    @property
    def of_roof(self) -> float | None:
        """The share of its roof that was reached; above 1 where caches serve it, or the roof is another chip's."""
        return None if self.roof_time is None or not self.time else self.roof_time / self.time


@dataclass(frozen=True, slots=True, kw_only=True)
class Underived:
    """Time whose FLOPs and bytes do not follow from the trace."""

    name: str
    reason: str
    time: float
    """[s]"""
    share: float
    """Of all time that was recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceRoofline:
    """Where the time of a trace lies under a chip's roof."""

    chip: str
    on_device: bool
    """Whether the times are of kernels on a device; else they are of operators on the host."""
    time: float
    """All time that was recorded: of the device's work, or of the operators [s]."""
    points: tuple[OperatorPoint, ...]
    """Operators whose work is known, the most time first."""
    underived: tuple[Underived, ...]
    """The others, the most time first, each with the reason."""
    notes: tuple[str, ...]

    @property
    def derived_share(self) -> float:
        """The share of the time whose work is known."""
        return summed(point.share for point in self.points)


class TraceWork:
    """What the operators of a trace do, found once for any span of it.

    Args:
        trace: The trace, recorded with shapes.
    """

    def __init__(self, trace: Trace) -> None:
        self._ledger = _Ledger(trace, nesting(trace))
        self._kernels = launchers(trace, self._ledger.nested)

    def roofline(self, chip: Chip, span: tuple[int, int] | None = None) -> TraceRoofline:
        """The operators on a chip's roof.

        Args:
            chip: The chip that it ran on, or another to compare with.
            span: Only operators that start in it, and kernels that they launch [ns]; all if None.
        """
        ledger = self._ledger.emptied()
        for row, operator in self._kernels.items():
            if ledger.is_in(span, operator if operator != ABSENT else row):
                ledger.add_kernel(row, operator)
        if not self._kernels:
            for row, time in ledger.nested.own_time.items():
                if ledger.is_in(span, row):
                    ledger.add_own_time(row, time)
        return _summed_up(ledger, chip, on_device=bool(self._kernels))


def trace_roofline(trace: Trace, chip: Chip) -> TraceRoofline:
    """The operators of a trace on a chip's roof.

    Every kernel belongs to the innermost operator around its launch whose work is known. An operator that hands all its
    work to another one inside it is not counted again.

    Args:
        trace: The trace, recorded with shapes.
        chip: The chip that it ran on, or another to compare with.

    Source:
        williams-2009 (the roofline).
    """
    return TraceWork(trace).roofline(chip)


def _summed_up(ledger: _Ledger, chip: Chip, *, on_device: bool) -> TraceRoofline:
    total = summed([*ledger.times.values(), *ledger.lost.values()])
    points = [_point(ledger, key, chip, total) for key in ledger.times]
    underived = [
        Underived(name=name, reason=reason, time=time, share=time / total if total else 0.0)
        for (name, reason), time in ledger.lost.items()
    ]
    return TraceRoofline(
        chip=chip.name,
        on_device=on_device,
        time=total,
        points=tuple(sorted(points, key=lambda point: -point.time)),
        underived=tuple(sorted(underived, key=lambda one: -one.time)),
        notes=tuple(_notes(ledger, on_device=on_device)),
    )


class _Ledger:
    """Times and calls by operator and inputs, as they are added up."""

    def __init__(self, trace: Trace, nested: Nesting) -> None:
        self.trace = trace
        self.nested = nested
        self.known: dict[Key, tuple[Signature, OperatorWork] | str] = {}
        self.outputs = self._outputs()
        self.handed_on = self._handed_on()
        self.times: dict[Key, float] = {}
        self.calls: dict[Key, set[int]] = {}
        self.lost: dict[tuple[str, str], float] = {}

    def emptied(self) -> _Ledger:
        """The same knowledge with nothing added up yet."""
        other = copy(self)
        other.times, other.calls, other.lost = {}, {}, {}
        return other

    def is_in(self, span: tuple[int, int] | None, row: int) -> bool:
        """Whether an event starts in a span."""
        return span is None or span[0] <= self.trace.start[row] < span[1]

    def key(self, row: int) -> Key:
        """What is alike of two calls whose work is the same."""
        trace, inputs = self.trace, row
        parent = self.nested.parent[row]
        if parent != ABSENT and trace.text(row) in ONE_GRADIENT and trace.text(parent) == GRADIENTS:
            inputs = parent
        return trace.name[row], trace.shapes[inputs], trace.types[inputs], trace.concrete[inputs]

    def _outputs(self) -> dict[tuple[Dims, Dims], Dims | None]:
        """Shapes of convolutions' outputs by input and weights, as gradients tell them; None where two differ."""
        found: dict[tuple[Dims, Dims], Dims | None] = {}
        rows = (row for row in self.nested.own_time if self.trace.text(row) == GRADIENTS)
        for key in dict.fromkeys(map(self.key, rows)):
            try:
                signature = signature_of(*self._texts(key))
                pair = signature.dims(0), signature.dims(2)
                output = signature.dims(1)
            except UnderivableError:
                continue
            found[pair] = output if found.get(pair, output) == output else None
        return found

    def _texts(self, key: Key) -> tuple[str, str, str, str]:
        name, shapes, types, concrete = (self.trace.strings[one] if one >= 0 else "" for one in key)
        return name, shapes, types, concrete

    def work(self, row: int) -> tuple[Signature, OperatorWork] | str:
        """What a call does, or why that is not known."""
        key = self.key(row)
        if key not in self.known:
            try:
                signature = signature_of(*self._texts(key))
                if signature.has(0) and signature.has(1):
                    output = self.outputs.get((signature.dims(0), signature.dims(1)))
                    signature = replace(signature, output=output)
                self.known[key] = signature, operator_work(signature)
            except UnderivableError as problem:
                self.known[key] = str(problem)
        return self.known[key]

    def _handed_on(self) -> set[int]:
        """Operators whose work is that of operators inside them: `linear` of its `addmm`."""
        inside: dict[int, list[OperatorWork]] = {}
        for row in reversed(self.nested.own_time):
            parent = self.nested.parent[row]
            found = self.work(row)
            own = None if isinstance(found, str) else found[1]
            if parent != ABSENT and (own is not None or row in inside):
                below = inside.get(row, [])
                inside.setdefault(parent, []).extend(
                    [own] if own is not None and any(own) else below
                )
        return {row for row, works in inside.items() if self._is_covered(row, works)}

    def _is_covered(self, row: int, inside: list[OperatorWork]) -> bool:
        found = self.work(row)
        if isinstance(found, str) or not any(found[1]):
            return False
        flops = summed(work.flops for work in inside)
        traffic = summed(work.traffic for work in inside)
        return flops >= 0.5 * found[1].flops and traffic >= 0.5 * found[1].traffic

    def add_kernel(self, row: int, operator: int) -> None:
        """Give a kernel's time to the innermost operator around its launch whose work is known."""
        time = NANOSECOND * self.trace.duration[row]
        if self.trace.category[row] != Category.KERNEL:
            self._lose(
                self.trace.text(row), "a copy or set: it moves bytes and computes nothing", time
            )
            return
        if operator == ABSENT:
            self._lose(self.trace.text(row), "no operator is known that launched it", time)
            return
        around, reason = operator, ""
        while around != ABSENT:
            found = self.work(around)
            if not isinstance(found, str) and any(found[1]) and around not in self.handed_on:
                self._take(around, time)
                return
            reason = reason or (found if isinstance(found, str) else "")
            around = self.nested.parent[around]
        self._lose(self.trace.text(operator), reason or "it only describes memory anew", time)

    def add_own_time(self, row: int, own_time: int) -> None:
        """Give an operator's own time on the host to its work."""
        time = NANOSECOND * own_time
        found = self.work(row)
        if isinstance(found, str):
            self._lose(self.trace.text(row), found, time)
        elif row in self.handed_on:
            self._lose(self.trace.text(row), "it hands its work to an operator inside it", time)
        elif not any(found[1]):
            self._lose(self.trace.text(row), "it only describes memory anew", time)
        else:
            self._take(row, time)

    def _take(self, row: int, time: float) -> None:
        key = self.key(row)
        self.times[key] = self.times.get(key, 0.0) + time
        self.calls.setdefault(key, set()).add(row)

    def _lose(self, name: str, reason: str, time: float) -> None:
        self.lost[name, reason] = self.lost.get((name, reason), 0.0) + time


def _point(ledger: _Ledger, key: Key, chip: Chip, total: float) -> OperatorPoint:
    found = ledger.known[key]
    if isinstance(found, str):
        raise UnderivableError(found)
    signature, work = found
    n_calls, time = len(ledger.calls[key]), ledger.times[key]
    flops, traffic = n_calls * work.flops, n_calls * work.traffic
    dtype = signature.dtype
    rate = None if dtype is None else chip.peak(chip.runs(dtype))
    memory = traffic / chip.bandwidth
    compute = None if rate is None else flops / rate
    return OperatorPoint(
        name=signature.name,
        shapes=ledger.trace.strings[key[1]],
        dtype=dtype,
        n_calls=n_calls,
        flops=flops,
        traffic=traffic,
        time=time,
        share=time / total if total else 0.0,
        roof_time=None if compute is None else float(maximum(compute, memory)),
        compute_bound=compute is not None and compute > memory,
    )


def _notes(ledger: _Ledger, *, on_device: bool) -> list[str]:
    notes = [
        "each tensor is counted as read or written once: what a cache keeps makes an operator faster than its roof"
    ]
    if not on_device:
        notes.append("the trace holds no device work: times are the operators' own on the host")
    if ledger.times and not any(ledger.trace.concrete[row] >= 0 for row in ledger.nested.own_time):
        notes.append(
            "strides and paddings were not recorded (a newer PyTorch records them): only convolutions whose output is "
            "recorded with their gradient are placed"
        )
    return notes
