"""Frames of a simulated case as the audit's workbench takes them; nothing of what was done to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, cast

from ironlaw.base.number import summed
from ironlaw.instruments.lanes import NANOSECOND, Item, ItemKind
from ironlaw.instruments.scale import grouped, with_prefix
from ironlaw.lab.frame_roofline import Ran, frame_roofline
from ironlaw.lab.recording import Figure, Recording, judged
from ironlaw.registry.chips import load_chip
from ironlaw.registry.networks import load_network_card
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.system.jitter.case import ROWS as GRID_ROWS
from ironlaw.system.jitter.causes import Cause, Stage
from ironlaw.system.jitter.events import HOST
from ironlaw.system.jitter.pipeline import PIPELINE
from ironlaw.system.jitter.simulate import deployed, simulate

if TYPE_CHECKING:
    from ironlaw.instruments.roofline import RooflinePicture
    from ironlaw.system.jitter.events import Event, Frame
    from ironlaw.system.jitter.simulate import Run

FRAMES = 300
"""Frames of a case: without a miss they rule out one in a hundred, and a run of them takes less than a second."""

OPERATORS = "operators"
ROWS = {
    OPERATORS: "operators",
    HOST: "CUDA calls of the host thread",
    "stream 7": "GPU, main stream",
    "stream 13": "GPU, copy stream",
    "cpu 4": "core of the host thread",
    "ISP": "camera ISP",
    "NVENC": "video encoder",
    "VIC": "image compositor",
    "DLA0": "DLA",
}
"""Rows of a case in the order in which they are drawn, in words."""
_KINDS: dict[str, ItemKind] = {
    "kernel": "kernel",
    "gpu_memcpy": "copy",
    "gpu_memset": "copy",
    "cuda_runtime": "call",
    "cuda_driver": "call",
    "cpu_op": "operator",
    "python_function": "operator",
    "sched": "other",
    "engine": "other",
}
_STAGES = (Stage.VOXELIZATION, Stage.BACKBONE, Stage.POSTPROCESS)
_DEVICE = ("kernel", "gpu_memcpy", "gpu_memset")


def configuration(seed: int, frames: int = FRAMES) -> str:
    """The recording in a line.

    Args:
        seed: Of the case.
        frames: How many.
    """
    sheet = pipeline_sheet(PIPELINE)
    network, chip = load_network_card(sheet.texts["network"]), load_chip(sheet.texts["chip"])
    return f"case {seed}: {grouped(frames)} frames of {network.title} on {chip.short_title}"


@lru_cache(maxsize=4)
def case_run(seed: int, without: Cause | None = None) -> Run:
    """The simulated trace of a seed.

    Args:
        seed: Of the case.
        without: A cause that is taken away.
    """
    return simulate(seed, FRAMES, without=without)


@lru_cache(maxsize=4)
def case_recording(seed: int) -> Recording:
    """The recording of a case.

    Args:
        seed: Of the case.
    """
    return recording_of(case_run(seed))


def recording_of(run: Run) -> Recording:
    """A simulated trace as a recording.

    Args:
        run: What was simulated.
    """
    shown = _Shown(run)
    latencies = tuple(frame.end - frame.start for frame in run.frames)
    deadline = pipeline_sheet(PIPELINE).number("loop.deadline")
    figures, spikes, rule, median = judged(latencies, deadline)
    return Recording(
        source={"kind": "case", "seed": run.case.seed},
        title=configuration(run.case.seed, len(run.frames)),
        latencies=latencies,
        figures=figures,
        spikes=spikes,
        rule=rule,
        first_look=spikes[0] if spikes else latencies.index(max(latencies)),
        median=median,
        rows=ROWS,
        items=shown.items,
        roofline=shown.roofline,
        read_off=shown.read_off,
    )


class _Shown:
    """The events of a run by frame."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._items: dict[int, tuple[Item, ...]] = {}

    @cached_property
    def _events(self) -> Mapping[int, Sequence[Event]]:
        found: dict[int, list[Event]] = {}
        for event in self._run.events:
            found.setdefault(event.frame, []).append(event)
        return found

    def items(self, index: int) -> Sequence[Item]:
        """What happened in a frame, but for what has no duration."""
        if index not in self._items:
            frame = self._run.frames[index]
            shown = [event for event in self._events[index] if event.category in _KINDS]
            self._items[index] = tuple(map(partial(_item, frame), shown))
        return self._items[index]

    def roofline(self, index: int, median: int) -> RooflinePicture | None:
        """The kernels of the network in two frames."""
        return frame_roofline(
            deployed(self._run.deployment.fused), self._ran(index), self._ran(median)
        )

    def _ran(self, index: int) -> Ran:
        events = self._events[index]
        times: dict[str, float] = {}
        for event in events:
            if event.category == "kernel":
                times[event.name] = times.get(event.name, 0.0) + event.duration * NANOSECOND
        return Ran(times, _rows_of_grid(events) / GRID_ROWS)

    def read_off(self, index: int, median: int) -> Sequence[Figure]:
        """What was counted or read of two frames."""
        here, usual = (self._readings(one) for one in (index, median))
        return tuple(
            Figure(label, here.get(label, "–"), usual.get(label, "–"))
            for label in dict.fromkeys((*here, *usual))
        )

    def _readings(self, index: int) -> dict[str, str]:
        """What a trace shows of a frame besides the times of its events."""
        found = _readings(self._run.frames[index], self._events[index])
        alike = self._grids[self._grids_of[index]]
        late = len([one for one in alike if self._run.frames[one].latency > self._deadline])
        found["frames with this grid"] = f"{grouped(len(alike))}, {grouped(late)} past the deadline"
        return found | self._clocks(index)

    @cached_property
    def _deadline(self) -> float:
        return pipeline_sheet(PIPELINE).number("loop.deadline")

    @cached_property
    def _grids_of(self) -> tuple[int, ...]:
        return tuple(_rows_of_grid(self._events[index]) for index in range(len(self._run.frames)))

    @cached_property
    def _grids(self) -> Mapping[int, Sequence[int]]:
        found: dict[int, list[int]] = {}
        for index, rows in enumerate(self._grids_of):
            found.setdefault(rows, []).append(index)
        return found

    def _clocks(self, index: int) -> dict[str, str]:
        """The last reading of each clock up to a frame, where the trace has any."""
        for earlier in range(index, -1, -1):
            found = {
                name: f"{float(str(value)):g}, read in frame {earlier}"
                for event in self._events[earlier]
                if event.category == "clock"
                for name, value in event.args.items()
            }
            if found:
                return found
        return {}


def _item(frame: Frame, event: Event) -> Item:
    start = event.start - frame.start
    operator = event.category in ("cpu_op", "python_function")
    name = f"stream {event.args['stream']}" if "stream" in event.args else event.track
    waits = event.category == "cuda_runtime" and "Synchronize" in event.name
    return Item(
        id=event.key,
        label=event.name,
        kind="wait" if waits else _KINDS[event.category],
        row=OPERATORS if operator else name,
        stage=_stage(frame, event.start),
        start=start,
        duration=event.duration,
        holds=operator,
        detail=_detail(event),
    )


def _stage(frame: Frame, moment: int) -> str:
    """The stage at a moment; each ends with a synchronisation."""
    end = frame.start
    for stage, time in zip(_STAGES, frame.stages, strict=True):
        end += time
        if moment < end:
            return stage.value
    return _STAGES[-1].value


def _detail(event: Event) -> str:
    args = event.args
    words: list[str] = []
    if "Input Dims" in args:
        words.append(f"inputs {args['Input Dims']}")
    if "bytes" in args:
        words.append(with_prefix(float(str(args["bytes"])), "B"))
    if "grid" in args:
        words.append(f"grid {args['grid']}")
    if "generation" in args:
        words.append(f"generation {args['generation']}")
    return ", ".join(words)


def _rows_of_grid(events: Iterable[Event]) -> int:
    """Rows of the grid that the network was given, where its operator was recorded."""
    for event in events:
        if event.name == "trt::enqueueV3":
            dims = cast("list[list[int]]", event.args["Input Dims"])
            return dims[1][2]
    return GRID_ROWS


def _readings(frame: Frame, events: Sequence[Event]) -> dict[str, str]:
    """What a trace shows of a frame besides the times of its events."""
    kernels = [event for event in events if event.category == "kernel"]
    busy = summed(
        event.duration
        for event in events
        if event.category in _DEVICE and event.track == "stream 7"
    )
    found = {
        "latency": with_prefix(frame.latency, "s"),
        **{
            f"{stage.value}": with_prefix(time * NANOSECOND, "s")
            for stage, time in zip(_STAGES, frame.stages, strict=True)
        },
        "kernels": grouped(len(kernels)),
        "GPU busy on its main stream": with_prefix(busy * NANOSECOND, "s"),
        "points of the scan": grouped(frame.points),
        "boxes before suppression": grouped(frame.boxes),
        "rows of the grid": grouped(_rows_of_grid(events)),
        "scans dropped before it": grouped(frame.skipped),
    }
    copies = [
        int(str(e.args["bytes"]))
        for e in events
        if e.name.startswith("Memcpy DtoH") and e.track == "stream 7"
    ]
    if copies:
        found["most bytes copied to the host at once"] = with_prefix(float(max(copies)), "B")
    return found | _memory(events)


def _memory(events: Sequence[Event]) -> dict[str, str]:
    """Requests and the pool's reserve, as the memory profile of the trace has them."""
    notes = [event.args for event in events if event.name == "[memory]"]
    if not notes:
        return {}
    reserved = [float(str(args["Total Reserved"])) for args in notes]
    return {
        "largest request for memory": with_prefix(
            max(float(str(args["Bytes"])) for args in notes), "B"
        ),
        "memory reserved, first reading": with_prefix(reserved[0], "B"),
        "memory reserved, lowest reading": with_prefix(min(reserved), "B"),
        "memory reserved, last reading": with_prefix(reserved[-1], "B"),
    }
