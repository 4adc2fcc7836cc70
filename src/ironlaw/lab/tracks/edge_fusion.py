"""Edge Guardian, Part 2: the fusion gain of the pipeline. Its knobs, its runs over the learner's case, its optimum."""

from __future__ import annotations

from functools import lru_cache, partial
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.explore.fusion_search import Objective, best_fusions
from ironlaw.explore.sensitivity import scaled_scenario
from ironlaw.instruments.scale import grouped
from ironlaw.lab.case_recording import FRAMES, configuration, recording_of
from ironlaw.lab.fusion_knobs import (
    NETWORK_LEVELS,
    OWN,
    FusionKnobs,
    chosen,
    fusion_toggles,
    level_control,
    turned_fusions,
)
from ironlaw.lab.knobs import Choice, start_values
from ironlaw.lab.loop_bench import Driven, LoopBench, loop_outcome, loop_view
from ironlaw.lab.runs import Counted
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.fusion_board import Board, board_of
from ironlaw.system.jitter.board import POOLS, Deployment
from ironlaw.system.jitter.case import drawn_case
from ironlaw.system.jitter.exposure import alone
from ironlaw.system.jitter.memory import held
from ironlaw.system.jitter.pipeline import PIPELINE
from ironlaw.system.jitter.simulate import deployed, simulated
from ironlaw.system.question import scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Content, Knobs, Standing
    from ironlaw.lab.recording import Recording
    from ironlaw.system.diagnosis import Scenario
    from ironlaw.system.jitter.events import Event

RUNS = 10
START = FusionLevel.PARTIAL
_LAUNCHES = (
    ("stream", "stream: each kernel by a call of its own"),
    ("graph", "graph: captured once, replayed by one call"),
)
_POOLS = (
    ("caching", "caching: asked for in each frame"),
    ("static", "static: once, at the largest shape"),
)


_STAGES = (
    ("points", "pillars to a canvas"),
    ("canvas", "pillars to a canvas"),
    ("block1", "first block, at half the resolution"),
    ("block2", "second block, at a quarter"),
    ("block3", "third block, at an eighth"),
    ("", "upsampling and heads"),
)
"""Stages of the network in words, by what names of operators begin with."""


def stage_of(operator: str) -> str:
    """The stage that an operator stands in, in words.

    Args:
        operator: Its name.

    Example:
        >>> stage_of("up1.relu")
        'upsampling and heads'
    """
    return next(words for begin, words in _STAGES if operator.startswith(begin))


def network() -> Scenario:
    """A pass of the network, as the cost model takes it."""
    sheet = pipeline_sheet(PIPELINE)
    return scenario(sheet.texts["network"], sheet.texts["chip"])


@lru_cache(maxsize=1)
def board() -> Board:
    """The legal fusions of the network."""
    return board_of(network())


@lru_cache(maxsize=1)
def knobs_of_bench() -> FusionKnobs:
    """What can be turned."""
    pools = tuple((name, text, None) for name, text in _POOLS)
    launches = tuple((name, text, None) for name, text in _LAUNCHES)
    return FusionKnobs(
        controls=(
            level_control(START, NETWORK_LEVELS),
            Choice(id="pool", label="Memory pool", value=POOLS[0], options=pools, group="pool"),
            Choice(id="launch", label="Launch", value="stream", options=launches, group="calls"),
        ),
        fusions=fusion_toggles((board(),), START),
        board=lambda _: board(),
    )


def start() -> dict[str, Knob]:
    """Where the knobs stand at first: the build as Part 1 found it."""
    return start_values(knobs_of_bench().all)


def turn(knobs: Knobs, change: Mapping[str, Knob]) -> dict[str, Knob]:
    """The knobs after some of them were turned."""
    return turned_fusions(knobs_of_bench(), knobs, change)


def build_at(knobs: Knobs) -> Deployment:
    """The build at some knobs."""
    return _build(chosen(knobs), str(knobs["pool"]), str(knobs["launch"]))


def _build(names: frozenset[str], pool: str, launch: str) -> Deployment:
    fused = tuple(sorted(board().closed(names)))
    return Deployment(pool=pool, graph_launch=launch == "graph", fused=fused)


@lru_cache(maxsize=8)
def mended(seed: int) -> bool:
    """Whether no build takes the late frame of a case away, so that the fix of Part 1 has to stay in.

    Args:
        seed: Of the case.
    """
    drawn = drawn_case(seed, FRAMES)
    most = Deployment(pool="static", graph_launch=True)
    latency, _ = alone(drawn, cured=False, deployment=most)
    return latency > deployed().number("loop.deadline")


@lru_cache(maxsize=4)
def recorded(seed: int, build: Deployment) -> Recording:
    """The frames of a case under a build.

    Args:
        seed: Of the case.
        build: The build.
    """
    drawn = drawn_case(seed, FRAMES)
    return recording_of(simulated(drawn, build, drawn.cause.value if mended(seed) else None))


def drive(seed: int, build: Deployment) -> Driven:
    """What comes out of the frames of a case under a build.

    Args:
        seed: Of the case.
        build: The build.
    """
    return Driven(
        recorded=partial(recorded, seed, build),
        moved=board().moved(frozenset(build.fused)),
        launches=launches_of(alone_at(build)[1]),
        held=held(build),
        room=deployed().number("loop.memory"),
    )


def launches_of(events: tuple[Event, ...]) -> int:
    """Calls of a frame that hand work to the GPU.

    Args:
        events: Of the frame.
    """
    return len([event for event in events if is_launch(event)])


def is_launch(event: Event) -> bool:
    """Whether an event is a call that hands work to the GPU.

    Args:
        event: Of a frame.
    """
    words = ("Launch", "Memcpy", "Memset")
    return event.category == "cuda_runtime" and any(word in event.name for word in words)


@lru_cache(maxsize=64)
def alone_at(build: Deployment) -> tuple[float, tuple[Event, ...]]:
    """Latency and events of one frame of the usual kind under a build [s].

    Args:
        build: The build.
    """
    return alone(drawn_case(0, FRAMES), cured=True, deployment=build)


def in_words_at(knobs: Knobs) -> str:
    """Where the knobs stand, in a line."""
    stands, level = chosen(knobs), str(knobs["level"])
    own = f" ({len(stands)} of {len(board().names)} choices)" if level == OWN else ""
    return f"fusion {level}{own}, {knobs['pool']} pool, launch {knobs['launch']}"


@lru_cache(maxsize=8)
def bench(seed: int) -> LoopBench:
    """The workbench over the case of a seed.

    Args:
        seed: Of the case.
    """
    return LoopBench(
        knobs=knobs_of_bench(),
        drive=lambda knobs: drive(seed, build_at(knobs)),
        in_words=in_words_at,
        configuration=lambda knobs: f"{configuration(seed)}, {in_words_at(knobs)}",
        stage=stage_of,
        opening=(
            f"Choose what to fuse, how memory is held and how kernels are launched; then press Run. Each run drives "
            f"{grouped(FRAMES)} frames, and there are {RUNS}. No frame may be late; leave as much of the deadline as "
            "you can."
        ),
    )


@lru_cache(maxsize=8)
def counted(seed: int) -> Counted:
    """Ten runs over the case of a seed.

    Args:
        seed: Of the case.
    """
    return Counted(
        limit=RUNS,
        value="headroom",
        run=lambda knobs: loop_outcome(bench(seed), knobs),
        scored=lambda _: True,
        missing="make a run first in which it fits the memory and no frame is late",
    )


def bench_at(seed: int, standing: Standing) -> Content:
    """The workbench where a learner stands.

    Args:
        seed: Of the case.
        standing: Where they stand.
    """
    return loop_view(bench(seed), counted(seed), standing)


class Best(NamedTuple):
    """The best build of a case.

    Attributes:
        build: It.
        value: Its headroom.
        cuts: Different cuts of the network that were compared, under each pool and launch.
    """

    build: Deployment
    value: float
    cuts: int


@lru_cache(maxsize=1)
def _best_set() -> tuple[tuple[str, ...], int]:
    """The set of fusions under which the network is fastest, at the rates that the pipeline reaches."""
    pipeline = deployed()
    rates = pipeline.factors.compute_reach, pipeline.number("engine.bandwidth_reach")
    found = best_fusions(
        scaled_scenario(network(), peak=rates[0], bandwidth=rates[1]), Objective.TIME
    )
    return tuple(sorted(board().closed(frozenset(found.fusions)))), found.cuts


@lru_cache(maxsize=1)
def fastest() -> Deployment:
    """The build whose usual frame is the shortest, of those that fit: what an expert would leave, whatever the case."""
    names, room = frozenset(_best_set()[0]), deployed().number("loop.memory")
    builds = [_build(names, pool, launch) for pool, (launch, _) in product(POOLS, _LAUNCHES)]
    fitting = [build for build in builds if held(build).total <= room]
    return min(
        fitting, key=lambda build: (alone_at(build)[0], held(build).total, build.pool != "static")
    )


@lru_cache(maxsize=8)
def optimum(seed: int) -> Best:
    """The best build: the fastest set of fusions under every pool and launch that is never late and fits.

    Args:
        seed: Of the case.
    """
    names, cuts = _best_set()
    drawn, room = drawn_case(seed, FRAMES), deployed().number("loop.memory")
    deadline = deployed().number("loop.deadline")
    found: list[tuple[float, float, str, str]] = []
    for pool, (launch, _) in product(("static", "caching"), _LAUNCHES):
        build = _build(frozenset(names), pool, launch)
        latency, _ = alone(drawn, cured=mended(seed), deployment=build)
        usual, _ = alone(drawn, cured=True, deployment=build)
        memory = held(build).total
        if latency <= deadline and memory <= room:
            found.append((usual, memory, pool, launch))
    _, _, pool, launch = min(found, key=lambda one: one[:2])
    best = _build(frozenset(names), pool, launch)
    return Best(best, drive(seed, best).headroom, cuts * len(POOLS) * len(_LAUNCHES))
