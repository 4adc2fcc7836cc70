"""What a simulated trace shows of a frame: each statement of `EVIDENCE`, checked against its usual frames."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed
from ironlaw.system.jitter.simulate import deployed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from ironlaw.system.jitter.events import Event, Frame
    from ironlaw.system.jitter.simulate import Run

_USUAL = 40  # frames nearest the median that stand for the usual one
_MOST, _FEW = 0.5, 0.1  # of the excess, or of what it is held against
_SAME, _LONGER, _MUCH = 0.05, 1.25, 1.5
_IN_A_ROW = 8
_STREAM = "stream 7"
_CALLS = ("cuda_runtime", "cuda_driver")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sight:
    """A frame beside its usual ones.

    Attributes:
        run: The trace.
        frame: The frame.
        events: Its events.
        usual: Events of frames nearest the median.
        excess: How much longer it takes than the median [ns].
        ratio: Time of each kernel over its usual time, by name.
        idle: Time that the stream is idle, over the usual [ns].
    """

    run: Run
    frame: Frame
    events: tuple[Event, ...]
    usual: tuple[tuple[Event, ...], ...]
    excess: float
    ratio: dict[str, float]
    idle: float


def middle(values: Iterable[float]) -> float:
    """The upper median of some numbers, 0 of none.

    Args:
        values: The numbers.

    Example:
        >>> middle([3.0, 1.0, 2.0])
        2.0
    """
    known = sorted(values)
    return known[len(known) // 2] if known else 0.0


def sight(run: Run, frame: int) -> Sight:
    """Set a frame beside its usual ones.

    Args:
        run: The trace.
        frame: Its number.

    Raises:
        DomainError: for a frame that the trace does not have.
    """
    if not 0 <= frame < len(run.frames):
        raise DomainError("frame", frame, f"0 to {len(run.frames) - 1}")
    seen = run.frames[frame]
    center = middle(one.latency for one in run.frames)
    near = sorted(run.frames, key=lambda one: (abs(one.latency - center), one.number))
    usual = tuple(run.of(one.number) for one in near[:_USUAL] if one.number != frame)
    events, times = run.of(frame), [kernel_times(one) for one in usual]
    here = kernel_times(events)
    ratio = {
        name: time / middle(one[name] for one in times if name in one)
        for name, time in here.items()
        if any(name in one for one in times)
    }
    idle = idle_time(events) - middle(idle_time(one) for one in usual)
    excess = (seen.latency - center) * 1e9
    return Sight(
        run=run, frame=seen, events=events, usual=usual, excess=excess, ratio=ratio, idle=idle
    )


def kernel_times(events: Sequence[Event]) -> dict[str, float]:
    """Total time of each kernel of a frame, by name [ns].

    Args:
        events: Of the frame.
    """
    found: dict[str, float] = {}
    for event in events:
        if event.category == "kernel":
            found[event.name] = found.get(event.name, 0.0) + event.duration
    return found


def idle_time(events: Sequence[Event]) -> float:
    """Time of a frame in which its stream runs nothing [ns].

    Args:
        events: Of the frame.
    """
    whole = next(event for event in events if event.name.startswith("ProfilerStep#"))
    busy = summed(float(event.duration) for event in events if event.track == _STREAM)
    return whole.duration - busy


def shown(run: Run, frame: int) -> tuple[str, ...]:
    """The statements of `EVIDENCE` that hold for a frame of a trace, in their order.

    Args:
        run: The trace.
        frame: Its number.

    Raises:
        DomainError: for a frame that the trace does not have.
    """
    seen = sight(run, frame)
    return tuple(name for name, holds in _STATEMENTS.items() if holds(seen))


def _extra_kernel_time(seen: Sight) -> float:
    times = [kernel_times(one) for one in seen.usual]
    here = kernel_times(seen.events)
    return summed(here.values()) - middle(summed(one.values()) for one in times)


def _calls(events: Sequence[Event]) -> list[Event]:
    found = [event for event in events if event.category in _CALLS]
    return sorted(found, key=lambda event: event.start)


def _longest_gap(events: Sequence[Event]) -> tuple[int, int]:
    """The longest time between two calls of the host [ns]."""
    calls = _calls(events)
    return max(((a.end, b.start) for a, b in pairwise(calls)), key=lambda gap: gap[1] - gap[0])


def _frees(seen: Sight) -> bool:
    names = [event.name for event in _calls(seen.events)]
    if "cudaFree" not in names:
        return False
    first, last = names.index("cudaFree"), len(names) - 1 - names[::-1].index("cudaFree")
    return "cudaMalloc" in names[:first] and "cudaMalloc" in names[last:]


def _numbers(events: Sequence[Event], field: str) -> list[float]:
    """A field of the memory notes of a frame."""
    return [float(cast("int", e.args[field])) for e in events if e.name == "[memory]"]


def _reserved_drops(seen: Sight) -> bool:
    before = _numbers(seen.run.of(seen.frame.number - 1), "Total Reserved")
    reserved = _numbers(seen.events, "Total Reserved")
    return bool(reserved and before) and min(reserved) < _MOST * before[-1]


def _peak_request(seen: Sight) -> bool:
    here = _numbers(seen.events, "Bytes")
    columns = zip(*(_numbers(one, "Bytes") for one in seen.usual), strict=False)
    return any(mine > max(column) for mine, column in zip(here, columns, strict=False))


def _shapes(events: Sequence[Event]) -> dict[str, object]:
    return {e.name: e.args["Input Dims"] for e in events if "Input Dims" in e.args}


def _new_shapes(seen: Sight) -> dict[str, object]:
    """Shapes that differ from a shape that is the same in all usual frames."""
    usual = [_shapes(one) for one in seen.usual]
    return {
        name: shape
        for name, shape in _shapes(seen.events).items()
        if all(one.get(name) == usual[0].get(name) != shape for one in usual)
    }


def _once(seen: Sight) -> bool:
    new, center = _new_shapes(seen), seen.frame.latency - seen.excess * 1e-9
    later = seen.run.frames[seen.frame.number + 1 :]
    calm = [frame.number for frame in later if frame.latency < center + _MOST * seen.excess * 1e-9]
    return bool(new) and any(_has(_shapes(seen.run.of(number)), new) for number in calm)


def _has(shapes: dict[str, object], wanted: dict[str, object]) -> bool:
    return all(shapes.get(name) == shape for name, shape in wanted.items())


def _ratios(seen: Sight, *, memory_bound: bool) -> list[float]:
    """How much longer the kernels of the network take that memory, or that arithmetic alone binds."""
    found: list[float] = []
    for plan in deployed().kernels:
        work = plan.work
        clear = work.memory < _MOST * work.compute
        if memory_bound:
            clear = work.memory > _MUCH * work.compute
        if clear and plan.name in seen.ratio:
            found.append(seen.ratio[plan.name])
    return found


def _compute_stretch(seen: Sight) -> bool:
    ratios = _ratios(seen, memory_bound=False)
    return middle(ratios) > _LONGER and max(ratios) < (1.0 + 2.0 * _SAME) * min(ratios)


def _compute_same(seen: Sight) -> bool:
    return abs(middle(_ratios(seen, memory_bound=False)) - 1.0) < _SAME


def _in_a_row(seen: Sight) -> bool:
    """Whether the frames after it are slow too."""
    center = seen.frame.latency - seen.excess * 1e-9
    later = seen.run.frames[seen.frame.number + 1 :][:_IN_A_ROW]
    slow = [frame for frame in later if frame.latency > center + _MOST * seen.excess * 1e-9]
    return len(slow) == len(later) == _IN_A_ROW


def _burst(seen: Sight) -> bool:
    needed = _MOST * (seen.frame.latency * 1e9 - seen.excess)
    return any(event.category == "engine" and event.duration > needed for event in seen.events)


def _box_ratio(seen: Sight) -> float:
    return seen.frame.boxes / middle(float(frame.boxes) for frame in seen.run.frames)


def _squared(seen: Sight) -> bool:
    boxes = _box_ratio(seen)
    return boxes > _MUCH and abs(seen.ratio.get("nms_kernel", 0.0) / (boxes * boxes) - 1.0) < _FEW


def _mask(events: Sequence[Event]) -> float:
    """The largest copy to the host that the frame waits for [B]."""
    copies = [e for e in events if e.track == _STREAM and e.name.startswith("Memcpy DtoH")]
    return max(float(cast("int", event.args["bytes"])) for event in copies)


def _mask_grows(seen: Sight) -> bool:
    usual = middle(_mask(one) for one in seen.usual)
    return _mask(seen.events) > _MUCH * _MUCH * usual


def _one_stage(seen: Sight) -> bool:
    """Whether one stage alone holds the excess."""
    usual = [middle(float(f.stages[i]) for f in seen.run.frames) for i in range(3)]
    more = [here - known for here, known in zip(seen.frame.stages, usual, strict=True)]
    return len([one for one in more if abs(one) > _FEW * seen.excess]) == 1


def _late_launch(seen: Sight) -> bool:
    """Whether the call after the longest gap is late and what it launches starts right after it."""
    start, end = _longest_gap(seen.events)
    call = next(event for event in _calls(seen.events) if event.start == end)
    work = [e for e in seen.events if e.correlation == call.correlation and e is not call]
    prompt = all(event.start - call.end < _MOST * seen.excess for event in work)
    return end - start > _MOST * seen.excess and bool(work) and prompt


def _gap_with(seen: Sight, wanted: Callable[[Event], bool]) -> bool:
    """Whether events of a kind cover most of the longest gap between calls."""
    start, end = _longest_gap(seen.events)
    if end - start < _MOST * seen.excess:
        return False
    covered = summed(
        float(max(min(event.end, end) - max(event.start, start), 0))
        for event in seen.events
        if wanted(event)
    )
    return covered > _MOST * (end - start)


def _clock_drops(seen: Sight) -> bool:
    """Whether the reading of a clock at the frame, or the next one, is below the highest."""
    readings = [event for event in seen.run.events if event.category == "clock"]
    for name in {event.name for event in readings}:
        mine = [event for event in readings if event.name == name]
        values = [float(cast("float", event.args[name])) for event in mine]
        place = bisect_left(mine, seen.frame.number, key=lambda event: event.frame)
        if place < len(values) and values[place] < (1.0 - _SAME) * max(values):
            return True
    return False


_STATEMENTS: dict[str, Callable[[Sight], bool]] = {
    "gpu_idle_in_gap": lambda s: s.idle > _MOST * s.excess,
    "kernels_unchanged": lambda s: _extra_kernel_time(s) < _FEW * s.excess,
    "free_calls_in_frame": _frees,
    "reserved_drops": _reserved_drops,
    "peak_request": _peak_request,
    "module_load": lambda s: any(
        e.category == "cuda_driver" and "Load" in e.name for e in s.events
    ),
    "unseen_kernels": lambda s: not set(kernel_times(s.events)) <= set(s.ratio),
    "new_input_shape": lambda s: bool(_new_shapes(s)),
    "once_for_the_shape": _once,
    "compute_bound_stretch": _compute_stretch,
    "compute_bound_unchanged": _compute_same,
    "memory_bound_stretch": lambda s: middle(_ratios(s, memory_bound=True)) > _LONGER,
    "no_gaps": lambda s: s.idle < _FEW * s.excess,
    "many_frames": _in_a_row,
    "engine_burst": _burst,
    "boxes_grow": lambda s: _box_ratio(s) > _MUCH,
    "time_with_square": _squared,
    "mask_grows": _mask_grows,
    "other_stages_unchanged": _one_stage,
    "launch_late": _late_launch,
    "no_call_in_gap": lambda s: _gap_with(s, lambda e: e.name.startswith("ProfilerStep#")),
    "off_cpu": lambda s: _gap_with(s, lambda e: e.name == "off CPU"),
    "gc_event": lambda s: _gap_with(s, lambda e: e.name == "Python GC"),
    "clock_drops": _clock_drops,
}
