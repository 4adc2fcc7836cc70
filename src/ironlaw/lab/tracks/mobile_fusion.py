"""Mobile Nomad, Part 2: its knobs, its runs, and what comes out of one."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.instruments.scale import grouped
from ironlaw.lab.knobs import Choice, Control, Slider, start_values
from ironlaw.lab.runs import Counted, Figure, Outcome
from ironlaw.lab.tracks.mobile_glasses import (
    JOBS,
    MILD,
    ambient_control,
    assumption_controls,
    cadence,
    celsius,
    scale_control,
    title_of,
)
from ironlaw.lab.tracks.mobile_heat import board_scale
from ironlaw.lab.tracks.mobile_plan import OWN, level_control, plan_toggles, turned_plan
from ironlaw.lab.tracks.mobile_wear import launch_control, worn_at

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Knobs
    from ironlaw.lab.runs import Run

RUNS = 10
FRAMES = (10.0, 15.0, 20.0, 24.0, *(float(rate) for rate in range(30, 61, 2)))


@lru_cache(maxsize=1)
def controls() -> tuple[Control, ...]:
    """All that can be turned but the cells of the plan."""
    return (
        look_control(),
        level_control(),
        Slider(
            id="fps", label="Frames a second", value=cadence(JOBS[0]), stops=FRAMES,
            shown=tuple(grouped(stop) for stop in FRAMES), group="load",
        ),
        ambient_control(),
        launch_control(),
        scale_control("bandwidth_scale", "BW_mem ×", ("BW", "mem"), board_scale()),
        *assumption_controls(),
    )  # fmt: skip


@lru_cache(maxsize=1)
def look_control() -> Choice:
    """Which network the roofs look at; it costs no run."""
    options = tuple((job, title_of(job), None) for job in JOBS)
    return Choice(id="layer", label="Network", value=JOBS[0], options=options, group="look")


def start() -> dict[str, Knob]:
    """Where the knobs stand at first: nothing done, every frame asked for, air of a room."""
    return start_values((*controls(), *plan_toggles()))


def turn(knobs: Knobs, change: Knobs) -> dict[str, Knob]:
    """The knobs after some of them were turned.

    Args:
        knobs: Where they stand.
        change: New values by knob.
    """
    return turned_plan(controls(), knobs, change)


def in_short(knobs: Knobs) -> str:
    """The knobs of a run in a few words.

    Args:
        knobs: Where they stand.
    """
    level = str(knobs["level"])
    fused, narrow = (
        len([1 for name, on in knobs.items() if name.startswith(prefix) and on])
        for prefix in ("fuse:", "int8:")
    )
    done = f"own ({fused} fused, {narrow} int8)" if level == OWN else level
    rate, air = float(knobs["fps"]), celsius(float(knobs["ambient"]))
    changed = "" if is_scored(knobs, MILD) or is_untouched(knobs) else ", assumptions changed"
    return f"{done}, {rate:g} FPS, {air}{changed}"


def is_untouched(knobs: Knobs) -> bool:
    """Whether every assumption stands where it began.

    Args:
        knobs: Where they stand.
    """
    begun = start()
    names = ("bandwidth_scale", *(control.id for control in assumption_controls()))
    return all(knobs[name] == begun[name] for name in names)


def is_scored(knobs: Knobs, ambient: float) -> bool:
    """Whether a run counts for an air: it was made in it, with every assumption where it began.

    Args:
        knobs: Where they stand.
        ambient: Temperature of the air [K].
    """
    return float(knobs["ambient"]) == ambient and is_untouched(knobs)


def outcome(knobs: Knobs) -> Outcome:
    """What comes out of a run: late frames fail it, and so does more heat than the skin bears.

    Args:
        knobs: Where they stand.
    """
    found = worn_at(knobs)
    late, hot = found.late > 0.0, found.throttled > 0.0
    seconds = summed(found.per_second(lambda one: one.traffic))
    return Outcome(
        label=in_short(knobs),
        value=None if late or hot else found.mfu,
        time=found.frame,
        traffic=seconds / found.fps,
        flops=found.flops / found.fps,
        kernels=round(found.launched / found.fps),
        memory=found.memory,
        failure="deadline" if late else "throttle" if hot else None,
        over=found.late if late else max(found.throttled, 0.0),
        unit="s" if late else "",
        figures=(
            Figure("power", found.power, "W"),
            Figure("bearable", found.bearable, "1/s"),
            Figure("in fp16", 100.0 * found.in_fp16, "%"),
        ),
    )


@lru_cache(maxsize=1)
def counted() -> Counted:
    """Ten runs."""
    return Counted(
        limit=RUNS,
        value="MFU",
        run=outcome,
        scored=lambda run: is_scored(run.knobs, MILD),
        missing=(
            f"make a run first in air of {celsius(MILD)} in which every frame is in time and the skin bears the heat"
        ),
    )


def best_in(runs: tuple[Run, ...], ambient: float) -> Run | None:
    """The best run in some air: the most frames, and then the most arithmetic in fp16.

    Args:
        runs: The runs.
        ambient: Temperature of the air [K].
    """
    held = [r for r in runs if r.outcome.value is not None and is_scored(r.knobs, ambient)]
    return max(held, key=lambda r: (r.outcome.value or 0.0, worn_at(r.knobs).in_fp16), default=None)
