"""Edge Guardian, Part 3: another algorithm for the loop. Its knobs, what Part 2 left, and the loop at a setting."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.explore.detector_search import Reached, gain, reached
from ironlaw.instruments.roofline import in_words as layer_words
from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.instruments.step_roofline import layers_of, view_of
from ironlaw.lab.defence import order_control
from ironlaw.lab.fusion_knobs import OWN, level_of
from ironlaw.lab.knobs import Choice, Slider, Toggle, shown_value, start_values, turned
from ironlaw.lab.tracks import edge_fusion
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.system.detector import FORMATS
from ironlaw.system.detector_loop import MOST_FRAMES, Assumed, Loop, Setting, assumed, loop_at
from ironlaw.system.jitter.board import Deployment
from ironlaw.system.jitter.pipeline import PIPELINE

if TYPE_CHECKING:
    from ironlaw.lab.knobs import Control
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Knobs, Standing
    from ironlaw.registry.facts import FactSheet

TARGET = 2.0
"""Times the frames a second that are demanded."""
NONE = "none"
_TILE = "128x128"  # outputs × inputs of a block: what a thread block's tile takes
_PATTERNS = (
    (NONE, "none"),
    ("2:4", "2:4"),
    ("unstructured", "single weights"),
    ("block", f"{_TILE.replace('x', ' × ')} blocks"),
)
_SHARES = (0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95)
_EXPERTS = (
    ("1", "one for all"),
    ("2", "highway, rest"),
    ("3", "one a scene"),
)
ASSUMED: dict[str, tuple[str, str, tuple[float, ...]]] = {
    "acceptance": (
        "tracker.acceptance",
        "A drafted frame holds, α",
        (0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0),
    ),
    "gate_error": ("gate.error", "The gate is wrong", (0.0, 0.01, 0.02, 0.05, 0.1, 0.2)),
    "narrow": (
        "scene.highway.width",
        "Channels of the experts for highway and parking",
        (0.25, 0.5, 0.75, 1.0),
    ),
    "city": ("scene.city.width", "Channels of the expert for the city", (0.5, 0.75, 1.0)),
    "int8_reach": (
        "engine.int8_reach",
        "Fraction of the int8 peak, of that in fp16",
        (0.5, 0.6, 0.75, 0.9, 1.0),
    ),
}
"""Knobs of what is assumed: the fact, its label, its stops."""


class Left(NamedTuple):
    """What Part 2 left.

    Attributes:
        build: How the pipeline is built.
        words: It in words.
        yours: Whether the learner made it; else the engine did.
    """

    build: Deployment
    words: str
    yours: bool


def left_by_part_2(standing: Standing) -> Left:
    """The learner's best run of Part 2; for who joined in the middle, or never was on time, the engine's optimum.

    Args:
        standing: Where they stand.
    """
    before = standing.earlier.get(2)
    run = None if before is None else edge_fusion.counted(before.seed or 0).best(before.runs)
    if run is None:
        found = _by_level(edge_fusion.fastest())
        return Left(found, f"the engine's optimum of Part 2: {build_words(found)}", yours=False)
    words = f"your run {run.number} of Part 2: {run.outcome.label}"
    return Left(_by_level(edge_fusion.build_at(run.knobs)), words, yours=True)


@lru_cache(maxsize=16)
def _by_level(build: Deployment) -> Deployment:
    """The same build, its fusions by the name of their level where they are one: those answer sooner."""
    level = level_of(edge_fusion.board(), frozenset(build.fused))
    return build if level == OWN else replace(build, fused=level)


def build_words(build: Deployment) -> str:
    """A build in a few words.

    Args:
        build: The build.
    """
    fused = (
        f"fusion {build.fused}" if isinstance(build.fused, str) else f"{len(build.fused)} fusions"
    )
    return f"{fused}, {build.pool} pool, launch {'graph' if build.graph_launch else 'stream'}"


def sheet() -> FactSheet:
    """Every fact about the loop."""
    return pipeline_sheet(PIPELINE)


@lru_cache(maxsize=1)
def controls() -> tuple[Control, ...]:
    """The knobs of the workbench."""
    layers = layers_of(view_of(edge_fusion.network()))
    return (
        Choice(
            id="layer", label="Layer", value=layers[0], group="look",
            options=tuple((layer, layer_words(layer), None) for layer in layers),
        ),
        Toggle(id="profiler", label="Profiler Mode", value=False, group="look"),
        Choice(
            id="dtype", label="Format", value=FORMATS[0], group="machine",
            options=tuple((name, name, None) for name in FORMATS),
        ),
        *_algorithm(),
        *(
            Slider(
                id=name, label=label, value=sheet().number(path), stops=stops, group="assumption",
                shown=tuple(f"{significant(100.0 * stop)} %" for stop in stops),
            )
            for name, (path, label, stops) in ASSUMED.items()
        ),
    )  # fmt: skip


def _algorithm() -> tuple[Control, ...]:
    """The knobs of what is computed."""
    frames = tuple(float(n) for n in range(1, MOST_FRAMES + 1))
    return (
        Toggle(id="draft", label="A tracker drafts, the detector verifies", value=False, group="draft"),
        Slider(
            id="frames", label="Frames of a batch, n", value=2.0, stops=frames,
            shown=tuple(f"{n:g}" for n in frames), group="draft",
        ),
        Choice(
            id="experts", label="Detectors", value="1", group="experts",
            options=tuple((name, text, None) for name, text in _EXPERTS),
        ),
        Choice(
            id="pattern", label="Left out", value=NONE, group="sparsity",
            options=tuple((name, text, None) for name, text in _PATTERNS),
        ),
        Slider(
            id="share", label="Share of the weights", value=0.3, stops=_SHARES, group="sparsity",
            shown=tuple(percent(share) for share in _SHARES),
        ),
    )  # fmt: skip


@lru_cache(maxsize=1)
def _every_control() -> tuple[Control, ...]:
    """The knobs of the workbench, and the one of the defence."""
    return (*controls(), order_control())


def start() -> dict[str, Knob]:
    """Where the knobs stand at first: nothing of Part 3."""
    return start_values(_every_control())


def turn(knobs: Knobs, change: Knobs) -> dict[str, Knob]:
    """The knobs after some of them were turned."""
    return turned(_every_control(), knobs, change)


def sparsity_at(knobs: Knobs) -> str | None:
    """The pattern of the weights as the engine names it; None for none.

    Args:
        knobs: Where they stand.
    """
    return _named(str(knobs["pattern"]), float(knobs["share"]))


def _named(pattern: str, share: float) -> str | None:
    if pattern == NONE:
        return None
    if pattern == "2:4":
        return pattern
    return f"{pattern}:{share:g}" + (f"@{_TILE}" if pattern == "block" else "")


def most_left_out(pattern: str) -> float:
    """Share of the weights that can be left out before boxes are lost; 1 where the pattern says it itself.

    Args:
        pattern: One of the patterns.
    """
    return sheet().number(f"prune.{pattern}") if pattern in ("unstructured", "block") else 1.0


def lost(knobs: Knobs) -> str | None:
    """Why boxes are lost at some knobs; None if they are not.

    Args:
        knobs: Where they stand.
    """
    pattern, share = str(knobs["pattern"]), float(knobs["share"])
    most = most_left_out(pattern)
    if share <= most:
        return None
    return (
        f"With {percent(share)} of the weights left out boxes are lost: {percent(most)} is the most that is assumed to "
        f"be safe for {'single weights' if pattern == 'unstructured' else 'blocks'}"
    )


def allowed_patterns() -> tuple[str | None, ...]:
    """Every pattern of the weights that the knobs can stand at and that loses no box."""
    found: list[str | None] = [None, "2:4"]
    for pattern in ("unstructured", "block"):
        safe = [share for share in _SHARES if share <= most_left_out(pattern)]
        found += [_named(pattern, share) for share in safe]
    return tuple(found)


def assumed_at(knobs: Knobs) -> Assumed:
    """What is assumed at some knobs."""
    return Assumed(**{name: float(knobs[name]) for name in ASSUMED})


def as_registered(knobs: Knobs) -> bool:
    """Whether every assumption stands where the registry has it."""
    return assumed_at(knobs) == assumed()


def setting_at(knobs: Knobs, build: Deployment) -> Setting:
    """How the loop is set at some knobs.

    Args:
        knobs: Where they stand.
        build: What Part 2 left.
    """
    drafted = bool(knobs["draft"])
    return Setting(
        build=build,
        dtype=str(knobs["dtype"]),
        sparsity=sparsity_at(knobs),
        frames=int(float(knobs["frames"])) if drafted else 1,
        drafted=drafted,
        experts=int(str(knobs["experts"])),
    )


def loop(knobs: Knobs, build: Deployment) -> Loop:
    """The loop at some knobs.

    Args:
        knobs: Where they stand.
        build: What Part 2 left.
    """
    return loop_at(setting_at(knobs, build), assumed_at(knobs))


def reference(knobs: Knobs, build: Deployment) -> Loop:
    """The loop as Part 2 left it: what the frames a second are compared with.

    Args:
        knobs: Where they stand, for what is assumed.
        build: What Part 2 left.
    """
    return loop_at(Setting(build=build), assumed_at(knobs))


def factor(knobs: Knobs, build: Deployment) -> float:
    """Frames a second at some knobs over those that Part 2 left.

    Args:
        knobs: Where they stand.
        build: What Part 2 left.
    """
    return gain(loop(knobs, build), reference(knobs, build))


def searched(build: Deployment) -> Reached:
    """Every setting of the bench over a build, at what the registry assumes.

    Args:
        build: What Part 2 left.
    """
    return reached(build, assumed(), allowed_patterns(), TARGET)


def means_at(knobs: Knobs) -> tuple[str, ...]:
    """What is on at some knobs: draft, experts, bits (int8 or fewer weights).

    Args:
        knobs: Where they stand.
    """
    found = {
        "draft": bool(knobs["draft"]),
        "experts": knobs["experts"] != "1",
        "bits": knobs["dtype"] != FORMATS[0] or knobs["pattern"] != NONE,
    }
    return tuple(name for name, on in found.items() if on)


def in_words(knobs: Knobs) -> str:
    """Where the knobs stand, in a line."""
    said = [str(knobs["dtype"])]
    if knobs["pattern"] != NONE:
        said.append(str(sparsity_at(knobs)).partition("@")[0])
    if knobs["experts"] != "1":
        said.append(f"{knobs['experts']} detectors")
    if knobs["draft"]:
        frames = int(float(knobs["frames"]))
        said.append(f"drafts, {frames} {'frame' if frames == 1 else 'frames'} a batch")
    said += [
        f"{control.label} {shown_value(control, knobs[control.id])}"
        for control in controls()
        if control.group == "assumption" and knobs[control.id] != control.value
    ]
    return " · ".join(said)


def machine_words(found: Loop) -> str:
    """What a loop comes to, in a line.

    Args:
        found: The loop.
    """
    return (
        f"{grouped(found.usual.throughput)} frames/s, verified after {with_prefix(found.usual.latency, 's')}, at worst "
        f"after {with_prefix(found.worst.latency, 's')}"
    )
