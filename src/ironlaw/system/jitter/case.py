"""A case, drawn from one seed: the cause of the slow frame, what looks guiltier, and what the trace captured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_count, square_root
from ironlaw.registry.chips import load_chip
from ironlaw.registry.facts import FactSheet
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.system.jitter.causes import Cause, Stage
from ironlaw.system.jitter.draws import Draws
from ironlaw.system.jitter.pipeline import PIPELINE
from ironlaw.system.jitter.timeline import Clocks

LEAST_FRAMES, MOST_FRAMES = 60, 20_000
"""A median needs the fewest; the most keep their events within a gigabyte of memory."""
_OFTEN = 0.6  # of the traces
ROWS = 496
"""Of the grid that the network was built for."""
_TASKS = ("kworker/u24:2", "rsyslogd", "irq/176-mmc0", "logrotate", "jbd2/nvme0n1p1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Flush:
    """A request larger than any before, with the cache full of blocks that do not fit.

    Attributes:
        stage: Where the request is made: for the points, or for the boxes.
        fragments: Cached blocks of no use [B].
        growth: Points, or boxes, over their usual number.
    """

    stage: Stage
    fragments: tuple[int, ...]
    growth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShape:
    """A grid of another size.

    Attributes:
        rows: Of the grid.
        load: Time to load the module [s].
        trials: Kernels that are tried for each shape of convolution.
        again: The later frame of the same shape.
    """

    rows: int
    load: float
    trials: int
    again: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttle:
    """Lower clocks for many frames.

    Attributes:
        clocks: How much lower.
        last: The last frame under them.
    """

    clocks: Clocks
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contention:
    """A burst of another engine.

    Attributes:
        engine: Its name.
        share: Of the bandwidth.
        lead: Time before the frame at which it begins [s].
        length: How long it lasts [s].
    """

    engine: str
    share: float
    lead: float
    length: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxStorm:
    """Boxes above the threshold, many times the usual.

    Attributes:
        boxes: How many.
    """

    boxes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """The host thread does not run for a while, between two calls.

    Attributes:
        kind: "preemption" or "gc".
        stage: Where.
        before: The launch of that stage that is late, from 0.
        length: For how long [s].
        task: What runs on its core meanwhile.
    """

    kind: str
    stage: Stage
    before: int
    length: float
    task: str


Injection: TypeAlias = Flush | NewShape | Throttle | Contention | BoxStorm | Stall

_CAUSE_OF: dict[type, Cause] = {
    Flush: Cause.ALLOC_FLUSH,
    NewShape: Cause.NEW_SHAPE,
    Throttle: Cause.THROTTLE,
    Contention: Cause.CONTENTION,
    BoxStorm: Cause.NMS,
    Stall: Cause.HOST_STALL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoy:
    """A harmless oddity.

    Attributes:
        name: One of `DECOYS`.
        frame: Where it stands.
        size: How large: a factor, or a length [s].
    """

    name: str
    frame: int
    size: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What the profiler was told to record beside the GPU and the calls.

    Attributes:
        sched: Which task ran on the host thread's core.
        gc: Garbage collections.
        clocks: Counters of the clocks.
    """

    sched: bool
    gc: bool
    clocks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What happens in a trace.

    Attributes:
        seed: Where all of it comes from.
        frames: Length of the trace.
        frame: The slow frame; of a throttled trace the first.
        injection: What makes it slow.
        decoys: What does not.
        capture: What was recorded.
    """

    seed: int
    frames: int
    frame: int
    injection: Injection
    decoys: tuple[Decoy, ...]
    capture: Capture

    @property
    def cause(self) -> Cause:
        """The class of the cause."""
        return _CAUSE_OF[type(self.injection)]


def drawn_case(seed: int, frames: int = 2000, cause: Cause | None = None) -> Case:
    """The case of a seed.

    Args:
        seed: Any whole number.
        frames: Length of the trace.
        cause: The cause; drawn if None.

    Raises:
        DomainError: for fewer frames than a median needs, or a seed that is no whole number.
    """
    if isinstance(seed, bool) or not isinstance(seed, int):  # pyright: ignore[reportUnnecessaryIsInstance] - callers without types
        raise DomainError("seed", seed, "the whole numbers")
    require_count("frames", frames)
    if not LEAST_FRAMES <= frames <= MOST_FRAMES:
        domain = f"whole numbers from {LEAST_FRAMES} to {MOST_FRAMES}"
        raise DomainError("frames", frames, domain)
    draws = Draws(seed, "case")
    drawn = draws.one_of(tuple(Cause))
    cause = drawn if cause is None else cause
    frame = draws.count(frames // 4, frames // 2)
    sheet = pipeline_sheet(PIPELINE)
    capture = Capture(
        sched=draws.share() < _OFTEN, gc=draws.share() < _OFTEN, clocks=draws.share() < _OFTEN
    )
    injection = _injection(cause, frame, frames, Draws(seed, cause.value), sheet)
    decoys = _decoys(injection, frame, frames, Draws(seed, "decoys"), capture)
    return Case(
        seed=seed,
        frames=frames,
        frame=frame,
        injection=injection,
        decoys=decoys,
        capture=capture,
    )


def _injection(cause: Cause, frame: int, frames: int, draws: Draws, sheet: FactSheet) -> Injection:
    if cause is Cause.ALLOC_FLUSH:
        return _flush(draws, sheet)
    if cause is Cause.NEW_SHAPE:
        again = frame + draws.count(frames // 20 + 1, frames // 5)
        rows = ROWS + 8 * draws.count(1, 4)
        trials = draws.count(3, 5)
        return NewShape(rows=rows, load=draws.between(0.022, 0.034), trials=trials, again=again)
    if cause is Cause.THROTTLE:
        return _throttle(frame, frames, draws, sheet)
    if cause is Cause.CONTENTION:
        low, high = sheet.number("contention.share_low"), sheet.number("contention.share_high")
        engine = draws.one_of(("NVENC", "DLA0", "VIC"))
        share = draws.between(low, high)
        lead = draws.between(0.1e-3, 0.4e-3)
        return Contention(
            engine=engine, share=share, lead=lead, length=draws.between(9.4e-3, 9.6e-3)
        )
    if cause is Cause.NMS:
        return _box_storm(draws, sheet)
    stage, before = draws.one_of(_STALLS)
    kind = draws.one_of(("preemption", "gc"))
    task = draws.one_of(_TASKS) if kind == "preemption" else "python"
    return Stall(
        kind=kind, stage=stage, before=before, length=draws.between(0.036, 0.0398), task=task
    )


_STALLS = (
    *((Stage.VOXELIZATION, index) for index in range(1, 5)),
    *((Stage.BACKBONE, index) for index in range(5)),
    *((Stage.POSTPROCESS, index) for index in (2, 3, 4)),
)


def _flush(draws: Draws, sheet: FactSheet) -> Flush:
    """Blocks whose unmapping takes what is drawn: the driver gives memory back at one rate."""
    goal = draws.between(0.029, 0.036) * sheet.number("allocator.unmap_rate")
    segment = int(sheet.number("allocator.segment"))
    fragments: list[int] = []
    total = 0
    while total < goal:
        fragments.append(segment * draws.count(4, 24) + segment // 2)
        total += fragments[-1]
    stage = draws.one_of((Stage.VOXELIZATION, Stage.POSTPROCESS))
    growth = draws.between(1.8, 2.2) if stage is Stage.VOXELIZATION else draws.between(1.22, 1.3)
    return Flush(stage=stage, fragments=tuple(fragments), growth=growth)


def _throttle(frame: int, frames: int, draws: Draws, sheet: FactSheet) -> Throttle:
    """The GPU's clock some steps down, the memory's at its lower one or not."""
    facts = load_chip(sheet.texts["chip"]).sheet
    full, step = facts.number("sm.clock"), facts.number("detail.gpu_clock_step")
    fewest, most = sheet.number("throttle.steps_low"), sheet.number("throttle.steps_high")
    gpu = full / (full - step * draws.count(int(fewest), int(most)))
    low = facts.number("detail.memory_clock") / facts.number("detail.memory_clock_low")
    memory = draws.one_of((1.0, low))
    last = frame + draws.count(frames // 12, frames // 7)
    return Throttle(clocks=Clocks(gpu, memory), last=last)


def _box_storm(draws: Draws, sheet: FactSheet) -> BoxStorm:
    """Boxes for which the part of the stage that grows with their square takes what is drawn."""
    shares = ("decode_share", "sort_share")
    squared = 1.0 - sheet.number(f"boxes.{shares[0]}") - sheet.number(f"boxes.{shares[1]}")
    usual = sheet.number("stage.postprocess") * squared
    growth = float(square_root(1.0 + draws.between(0.028, 0.042) / usual))
    return BoxStorm(boxes=int(sheet.number("boxes.count") * growth))


def _decoys(
    injection: Injection, frame: int, frames: int, draws: Draws, capture: Capture
) -> tuple[Decoy, ...]:
    """One or two harmless oddities, in the slow frame or elsewhere.

    A long copy would do harm where the device is synchronised or the bandwidth is short: it stands elsewhere then.
    """
    kinds = ["slow_kernel", "long_copy", *(["hidden_preemption"] if capture.sched else [])]
    sizes = {
        "slow_kernel": draws.between(1.9, 2.2),
        "long_copy": draws.between(6.0e-3, 8.5e-3),
        "hidden_preemption": draws.between(2.0e-3, 3.6e-3),
    }
    found: list[Decoy] = []
    for _ in range(draws.count(1, 2)):
        name = draws.one_of(kinds)
        kinds.remove(name)
        elsewhere = draws.count(frames // 10, frames - 2)
        harmless = name != "long_copy" or not isinstance(injection, (Flush, Contention))
        where = frame if draws.share() < _OFTEN and harmless else elsewhere
        found.append(Decoy(name=name, frame=where, size=sizes[name]))
    return tuple(found)
