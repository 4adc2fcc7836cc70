"""A fusion workbench over a loop of frames: a run simulates them all under a build and answers with time and misses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.equation import Constant, Equation, Symbol, Term
from ironlaw.instruments.frame_series import frames_picture
from ironlaw.instruments.gauges import Gauge
from ironlaw.instruments.scale import grouped, percent, with_prefix
from ironlaw.lab.fusion_bench import graph, standing_view, undoing, waterfall
from ironlaw.lab.fusion_knobs import FusionKnobs, chosen
from ironlaw.lab.runs import Outcome
from ironlaw.system.jitter.memory import Held

if TYPE_CHECKING:
    from ironlaw.lab.part import Content, Knobs, Standing
    from ironlaw.lab.recording import Recording
    from ironlaw.lab.runs import Counted, Run
    from ironlaw.system.fusion_board import Moved


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Driven:
    """What comes out of a run of frames under a build.

    Attributes:
        recorded: The frames; only asked for where the build fits.
        moved: Bytes, work and launches of the network in one of them.
        launches: Calls of a frame that hand work to the GPU.
        held: Memory of the build.
        room: What it may have [B].
    """

    recorded: Callable[[], Recording]
    moved: Moved
    launches: int
    held: Held
    room: float

    @property
    def recording(self) -> Recording:
        """The frames."""
        return self.recorded()

    @property
    def over(self) -> float:
        """Bytes over the room; below zero where it fits [B]."""
        return self.held.total - self.room

    @property
    def misses(self) -> int:
        """Frames past the deadline."""
        return self.recording.figures.misses

    @property
    def headroom(self) -> float:
        """Share of the deadline that the median frame leaves."""
        figures = self.recording.figures
        return 1.0 - figures.median / (figures.deadline or figures.median)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopBench:
    """A workbench over a loop.

    Attributes:
        knobs: What can be turned.
        drive: The frames under some knobs.
        in_words: Some knobs in a few words.
        configuration: What is run, in a line.
        opening: What to do before the first run.
        stage: The stage of the network that an operator stands in, in words.
    """

    knobs: FusionKnobs
    drive: Callable[[Knobs], Driven]
    in_words: Callable[[Knobs], str]
    configuration: Callable[[Knobs], str]
    opening: str
    stage: Callable[[str], str]


def loop_outcome(bench: LoopBench, knobs: Knobs) -> Outcome:
    """What comes out of a run: a build over its memory does not start, one that misses a frame is not deterministic.

    Args:
        bench: The workbench.
        knobs: Where the knobs stand.
    """
    run = bench.drive(knobs)
    label, memory = bench.in_words(knobs), run.held.total
    if run.over > 0.0:
        return Outcome(
            label=label, value=None, time=None, traffic=None, flops=None,
            kernels=run.launches, memory=memory, failure="memory", over=run.over,
        )  # fmt: skip
    missed = run.misses > 0
    return Outcome(
        label=label,
        value=None if missed else run.headroom,
        time=run.recording.figures.median,
        traffic=run.moved.traffic,
        flops=run.moved.flops,
        kernels=run.launches,
        memory=memory,
        failure="deadline" if missed else None,
        over=float(run.misses),
    )


def loop_view(bench: LoopBench, counted: Counted, standing: Standing) -> Content:
    """The workbench: knobs and structure as they stand, frames as the last run left them.

    Args:
        bench: The workbench.
        counted: How its runs are counted.
        standing: Where the learner stands.
    """
    knobs = standing.knobs
    last = standing.runs[-1] if standing.runs else None
    return {
        **standing_view(bench.knobs, counted, standing),
        "claim": bench.opening if last is None else _claim(last),
        "configuration": bench.configuration(knobs),
        "graph": graph(bench.knobs.board(knobs), chosen(knobs), bench.stage),
        "result": None if last is None else _result(bench, last),
        "failure": None if last is None else _failure(bench, standing, last),
    }


def _claim(run: Run) -> str:
    out = run.outcome
    if out.time is None:
        return f"Run {run.number} did not start: {with_prefix(out.over, 'B')} over its memory."
    took = f"Run {run.number}: {with_prefix(out.time, 's')} in the median with {grouped(out.kernels)} launches a frame"
    if out.value is None:
        return f"{took}, and {_frames(out.over)} past the deadline."
    return f"{took}; no frame is late, and {percent(out.value)} of the deadline is left."


def _frames(count: float) -> str:
    return f"{grouped(count)} {'frame' if count == 1.0 else 'frames'}"


def _result(bench: LoopBench, run: Run) -> Content:
    """The instruments of a run."""
    driven = bench.drive(run.knobs)
    empty: Content = {"law": None, "kernels": None, "looks": []}
    if run.outcome.failure == "memory":
        return {
            **empty,
            "waterfall": None,
            "roofline": None,
            "gauges": [_memory_gauge(driven).to_dict()],
            "peeks": [],
            "frames": None,
        }
    recording = driven.recording
    frames = frames_picture(
        f"{_frames(driven.misses)} of {grouped(recording.figures.n_frames)} past the deadline",
        [recording.seconds(frame) for frame in range(len(recording.latencies))],
        recording.figures,
        recording.spikes,
        None,
    )
    board = bench.knobs.board(run.knobs)
    roofline = recording.roofline(recording.median, recording.median)
    return {
        **empty,
        "waterfall": waterfall(board, chosen(run.knobs), run.number, fits=True),
        "roofline": None if roofline is None else roofline.to_dict(),
        "gauges": [gauge.to_dict() for gauge in _gauges(driven)],
        "peeks": [_headroom_equation(driven).to_dict()],
        "frames": frames.to_dict(),
    }


def _gauges(driven: Driven) -> tuple[Gauge, ...]:
    figures = driven.recording.figures
    deadline = figures.deadline or figures.median
    slowest = figures.maximum / deadline
    return (
        _memory_gauge(driven),
        Gauge(
            id="headroom",
            label="Headroom of the median frame",
            value=driven.headroom,
            note=f"{with_prefix(figures.median, 's')} of {with_prefix(deadline, 's')}",
            tone="bad" if driven.headroom < 0.0 else "plain",
        ),
        Gauge(
            id="slowest",
            label="Deadline used by the slowest frame",
            value=slowest,
            note=f"{with_prefix(figures.maximum, 's')}, the most that was seen",
            tone="bad" if slowest > 1.0 else "plain",
        ),
    )


def _memory_gauge(driven: Driven) -> Gauge:
    used = driven.held.total / driven.room
    return Gauge(
        id="memory",
        label="Memory",
        value=used,
        note=f"{with_prefix(driven.held.total, 'B')} of {with_prefix(driven.room, 'B')}",
        tone="bad" if used > 1.0 else "plain",
    )


def _headroom_equation(driven: Driven) -> Equation:
    figures = driven.recording.figures
    share = Term(
        "fraction",
        (
            Symbol("T", "median frame", figures.median, "s", "med"),
            Symbol("T", "deadline", figures.deadline, "s", "dead"),
        ),
    )
    return Equation(
        title="Headroom",
        left=Symbol("h", "share of the deadline that is left", None, ""),
        right=Term("difference", (Constant(1.0), share)),
        source="counted in a run without a late frame",
    )


def _failure(bench: LoopBench, standing: Standing, run: Run) -> Content | None:
    """How the last run failed, by how much, and the way back; None if it worked."""
    if run.outcome.failure is None:
        return None
    late = run.outcome.failure == "deadline"
    return {
        "kind": run.outcome.failure,
        "over": run.outcome.over,
        "unit": "frames" if late else "B",
        "text": _late_text(bench.drive(run.knobs))
        if late
        else _memory_text(bench.drive(run.knobs)),
        "undo": undoing(bench.knobs, standing),
    }


def _late_text(driven: Driven) -> str:
    figures = driven.recording.figures
    return (
        f"Deadline missed: {_frames(driven.misses)} of {grouped(figures.n_frames)} took longer than "
        f"{with_prefix(figures.deadline or 0.0, 's')}, the slowest {with_prefix(figures.maximum, 's')}. The run counts."
    )


def _memory_text(driven: Driven) -> str:
    held = driven.held
    return (
        f"Out of memory: the build needs {with_prefix(held.total, 'B')} and may have {with_prefix(driven.room, 'B')}, "
        f"so it is {with_prefix(driven.over, 'B')} over: {with_prefix(held.weights, 'B')} of weights, "
        f"{with_prefix(held.activations, 'B')} of activations, {with_prefix(held.pool, 'B')} of its pool. Nothing ran, "
        "and the run counts."
    )
