"""Cloud Titan, Part 2: the fusion gain. Its knobs, its questions to the engine, and what its runs come to."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.cost.tiling import SPLITS, TILES, tile_text
from ironlaw.explore.fusion_search import Optimum, best_of_batches
from ironlaw.instruments.roofline import in_words
from ironlaw.instruments.scale import grouped
from ironlaw.instruments.step_roofline import View, layers_of, view_of
from ironlaw.lab.fusion_bench import FusionBench, bench_view, in_short, outcome
from ironlaw.lab.fusion_knobs import (
    OWN,
    FusionKnobs,
    chosen,
    fusion_toggles,
    level_control,
    turned_fusions,
)
from ironlaw.lab.knobs import Choice, Control, Slider, Toggle, start_values
from ironlaw.lab.runs import Counted, Outcome
from ironlaw.lab.tracks.cloud_titan import BASELINE, BATCH, BATCHES, CHIP, CONTEXT, MODEL, TP
from ironlaw.registry.chips import load_chip
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import LaunchMode, Scenario, diagnose, launch_modes
from ironlaw.system.fusion_board import Board, board_of
from ironlaw.system.question import Ask, scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Content, Knobs, Standing
    from ironlaw.system.diagnosis import Diagnosis

RUNS = 10
PHASES = ("decode", "prefill")
START = FusionLevel.PARTIAL
FREE = "any"
_FREE_WORDS = "any: the library's choice"
_LAUNCHES = {
    LaunchMode.EAGER: "eager: Python launches each kernel",
    LaunchMode.STREAM: "stream: compiled code launches",
    LaunchMode.GRAPH: "graph: captured once, replayed",
}


@lru_cache(maxsize=64)
def board_at(phase: str, batch: float) -> Board:
    """The legal fusions of a step."""
    return board_of(asked(phase, batch))


def asked(phase: str, batch: float = BATCH, ask: Ask | None = None) -> Scenario:
    """A step of the model on the node, fully fused and replayed from a graph unless asked otherwise."""
    whole: Ask = {**(ask or {}), "phase": phase, "batch": batch, "context": CONTEXT, "tp": TP}
    return scenario(MODEL, CHIP, **whole)


@lru_cache(maxsize=1)
def knobs_of_bench() -> FusionKnobs:
    """What can be turned."""
    boards = tuple(board_at(phase, BATCH) for phase in PHASES)
    return FusionKnobs(
        controls=_controls(),
        fusions=fusion_toggles(boards, START),
        board=lambda knobs: board_at(str(knobs["phase"]), BATCH),
    )


def _controls() -> tuple[Control, ...]:
    phases = tuple((phase, phase, None) for phase in PHASES)
    layers = _layers()
    return (
        Choice(id="phase", label="Phase", value=PHASES[0], options=phases, group="load"),
        Slider(
            id="batch", label="Batch", value=BATCH, stops=BATCHES,
            shown=tuple(grouped(stop) for stop in BATCHES), group="load",
        ),
        level_control(START),
        *tiling_controls(),
        Choice(
            id="layer", label="Layer", value=layers[0], group="look",
            options=tuple((layer, in_words(layer), None) for layer in layers),
        ),
        Toggle(id="profiler", label="Profiler Mode", value=False, group="look"),
    )  # fmt: skip


def tiling_controls() -> tuple[Choice, Choice, Choice]:
    """Tile, split-K and launch mode; at first all as the library and a captured graph have them."""
    tiles = tuple((tile_text(tile), f"{tile[0]} × {tile[1]}", None) for tile in TILES)
    splits = tuple((str(split), str(split), None) for split in SPLITS)
    free = ((FREE, _FREE_WORDS, None),)
    modes = tuple((m.value, _LAUNCHES[m], None) for m in launch_modes(load_chip(CHIP)))
    return (
        Choice(id="tile", label="Tile", value=FREE, options=free + tiles, group="launch"),
        Choice(id="split_k", label="Split-K", value=FREE, options=free + splits, group="launch"),
        Choice(
            id="launch", label="Launch", value=LaunchMode.GRAPH.value, options=modes, group="launch"
        ),
    )


def _layers() -> tuple[str, ...]:
    """The layers of every step of the bench, as operators and as kernels name them, the longest first."""
    levels = [
        view_of(asked(phase, ask={"fusion": level.value}))
        for phase in PHASES
        for level in FusionLevel
    ]
    return tuple(dict.fromkeys(layer for view in levels for layer in layers_of(view)))


def tiling_asked(knobs: Knobs) -> Ask:
    """Tile, split-K and launch mode as a question takes them."""
    tile, split = str(knobs["tile"]), str(knobs["split_k"])
    return {
        "tile": None if tile == FREE else tile,
        "split_k": None if split == FREE else int(split),
        "launch": str(knobs["launch"]),
    }


def scenario_at(knobs: Knobs) -> Scenario:
    """The question at some knobs."""
    question = asked(str(knobs["phase"]), float(knobs["batch"]), tiling_asked(knobs))
    return replace(question, fusions=tuple(sorted(chosen(knobs))))


def view_at(knobs: Knobs) -> View:
    """The answer at some knobs."""
    load = str(knobs["phase"]), float(knobs["batch"])
    return _view(
        *load, chosen(knobs), str(knobs["tile"]), str(knobs["split_k"]), str(knobs["launch"])
    )


@lru_cache(maxsize=64)
def _view(
    phase: str, batch: float, names: frozenset[str], tile: str, split: str, launch: str
) -> View:
    ask = tiling_asked({"tile": tile, "split_k": split, "launch": launch})
    return view_of(replace(asked(phase, batch, ask), fusions=tuple(sorted(names))))


@lru_cache(maxsize=1)
def bench() -> FusionBench:
    """The workbench."""
    return FusionBench(
        knobs=knobs_of_bench(),
        scenario=scenario_at,
        view=view_at,
        board=lambda knobs: board_at(str(knobs["phase"]), float(knobs["batch"])),
        other=load_chip(BASELINE),
        opening=(
            f"Choose what to fuse, and the batch; then press Run. The instruments answer {RUNS} times. "
            "Reach the highest MFU that fits the memory."
        ),
    )


def start() -> dict[str, Knob]:
    """Where the knobs stand at first: the crisis as Part 1 left it, replayed from a graph."""
    return start_values(knobs_of_bench().all)


def turn(knobs: Knobs, change: Mapping[str, Knob]) -> dict[str, Knob]:
    """The knobs after some of them were turned."""
    return turned_fusions(knobs_of_bench(), knobs, change)


def outcome_at(knobs: Knobs) -> Outcome:
    """What comes out of a run at some knobs."""
    return outcome(bench(), knobs)


@lru_cache(maxsize=1)
def counted() -> Counted:
    """Ten runs; the crisis is decode, so one of them has to be that."""
    return Counted(
        limit=RUNS,
        value="MFU",
        run=outcome_at,
        scored=lambda run: run.knobs["phase"] == PHASES[0],
        missing="make a run of decode that fits the memory first: it is what the score is about",
    )


def bench_at(standing: Standing) -> Content:
    """The workbench where a learner stands."""
    return bench_view(bench(), counted(), standing)


def in_words_at(knobs: Knobs) -> str:
    """Where the knobs stand, in a line."""
    level, stands = str(knobs["level"]), chosen(knobs)
    board = board_at(str(knobs["phase"]), BATCH)
    own = f" ({len(board.closed(stands))} of {len(board.names)} choices)" if level == OWN else ""
    return in_short(scenario_at(knobs), level) + own


@lru_cache(maxsize=2)
def optimum(phase: str) -> Optimum:
    """The best batch and set of a phase: MFU, over every legal set and the batches of the bench."""
    return best_of_batches(asked(phase), BATCHES)


@lru_cache(maxsize=8)
def at_level(phase: str, level: FusionLevel) -> Diagnosis:
    """The crisis' load at a level, replayed from a graph."""
    return diagnose(asked(phase, ask={"fusion": level.value, "launch": LaunchMode.GRAPH.value}))
