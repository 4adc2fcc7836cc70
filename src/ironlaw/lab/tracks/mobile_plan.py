"""Mobile Nomad, Part 2: what may be done to each layer of what runs, as rows of a plan and as its knobs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import summed
from ironlaw.explore.energy_frontier import best_fusions_of
from ironlaw.instruments.scale import significant
from ironlaw.lab.knobs import Choice, Toggle, turned
from ironlaw.lab.tracks.mobile_glasses import JOBS, network_of, printed, title_of
from ironlaw.system.energy_plan import LayerPlanner, Plan
from ironlaw.system.network_question import load_network

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.lab.knobs import Control
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Content, Knobs
    from ironlaw.registry.chips import Chip
    from ironlaw.system.energy_plan import Layer

FUSE, INT8 = "fuse:", "int8:"
OWN = "own"
LEVELS: dict[str, tuple[str, ...]] = {
    "none": (),
    "fusion": (FUSE,),
    "int8": (INT8,),
    "both": (FUSE, INT8),
}
"""What each level turns on, in every row that has it."""
_LEVEL_WORDS = (
    ("none", "None, all in fp16", None),
    ("fusion", "Fusion everywhere", None),
    ("int8", "int8 everywhere", None),
    ("both", "Both everywhere", None),
    (OWN, "Layer by layer", None),
)


class Row(NamedTuple):
    """A matrix and what follows it up to the next.

    Attributes:
        id: Its name, that of its job in front.
        job: What it belongs to.
        label: In words.
        group: What stands together with it.
        layers: Its layers.
        fuse: Those that share a kernel with the next where it is fused.
        narrow: Those that may be int8.
    """

    id: str
    job: str
    label: str
    group: str
    layers: tuple[Layer, ...]
    fuse: frozenset[str]
    narrow: frozenset[str]

    @property
    def intensity(self) -> float:
        """Work for each byte that it moves with nothing fused, in fp16 [FLOP/B]."""
        work = summed(layer.flops * layer.runs for layer in self.layers)
        moved = summed((layer.weights + layer.activations) * layer.runs for layer in self.layers)
        return work / moved


@lru_cache(maxsize=64)
def planner(job: str, chip: Chip) -> LayerPlanner:
    """What may be done to the layers of a job on a chip.

    Args:
        job: The job.
        chip: The chip, under any assumptions.
    """
    return LayerPlanner(load_network(network_of(job)), chip)


@lru_cache(maxsize=8)
def whole_fusion(job: str) -> frozenset[str]:
    """The layers that share a kernel with the next where a job is fused for the least energy and all stays in fp16.

    Args:
        job: The job.
    """
    return best_fusions_of(planner(job, printed())).fused


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """Every row, in the order of the jobs."""
    return tuple(row for job in JOBS for row in _rows_of(job))


def _rows_of(job: str) -> list[Row]:
    plans, fused = planner(job, printed()), whole_fusion(job)
    found: list[list[Layer]] = []
    for layer in plans.layers:
        if layer.may_be_narrow or not found:
            found.append([])
        found[-1].append(layer)
    return [_row(job, tuple(layers), fused) for layers in found]


def _row(job: str, layers: tuple[Layer, ...], fused: frozenset[str]) -> Row:
    first = layers[0].name
    parts = first.split(".")
    match job:
        case "filter":
            name, label = f"{job}.{parts[1]}.{parts[2]}", _LABELS[parts[2]]
            group = f"{title_of(job)}, block {int(parts[1]) + 1}"
        case "ocr":
            name, label = f"{job}.{parts[1]}", f"{_LABELS[parts[2]]}, layer {int(parts[1]) + 1}"
            group = title_of(job)
        case _:
            name = f"{job}.{first}"
            label = ", ".join(part.replace("_", " ") for part in parts[1:] if part != "linear")
            group = f"{title_of(job)}, {parts[0]}"
    return Row(
        id=name,
        job=job,
        label=label,
        group=group,
        layers=layers,
        fuse=fused.intersection(layer.name for layer in layers),
        narrow=frozenset(layer.name for layer in layers if layer.may_be_narrow),
    )


_LABELS = {"depthwise": "depthwise 3×3", "pointwise": "pointwise 1×1", "conv": "dense 3×3"}


@lru_cache(maxsize=1)
def level_control() -> Choice:
    """The picker of a level."""
    return Choice(
        id="level", label="What is done", value="none", options=_LEVEL_WORDS, group="fusion"
    )


@lru_cache(maxsize=1)
def plan_toggles() -> tuple[Toggle, ...]:
    """A knob for each cell of the plan."""
    cells = [
        (prefix + row.id, f"{row.label} ({row.group}) {words}")
        for row in rows()
        for prefix, words, there in ((FUSE, "fused", row.fuse), (INT8, "in int8", row.narrow))
        if there
    ]
    return tuple(Toggle(id=name, label=label, value=False) for name, label in cells)


def turned_plan(controls: tuple[Control, ...], knobs: Knobs, change: Knobs) -> dict[str, Knob]:
    """The knobs after some were turned: a level sets every cell, a cell makes the plan one's own.

    Args:
        controls: All but the cells, the level among them.
        knobs: Where they stand.
        change: New values by knob.

    Raises:
        DomainError: for a knob that does not exist or a value that it cannot take.
    """
    values = turned((*controls, *plan_toggles()), knobs, change)
    cells = [name for name in change if name.startswith((FUSE, INT8))]
    if "level" in change and not cells and values["level"] != OWN:
        values |= cells_of(str(values["level"]))
    elif cells or "level" not in change:
        values["level"] = level_of(values)
    return values


def cells_of(level: str) -> dict[str, Knob]:
    """The cells of a level.

    Args:
        level: Its name.
    """
    return {toggle.id: toggle.id.startswith(LEVELS[level]) for toggle in plan_toggles()}


def level_of(knobs: Knobs) -> str:
    """The level that a plan is, or that it is one's own.

    Args:
        knobs: Where they stand.
    """
    stands = {toggle.id: knobs[toggle.id] for toggle in plan_toggles()}
    return next((level for level in LEVELS if cells_of(level) == stands), OWN)


def plan_at(job: str, knobs: Knobs) -> Plan:
    """What is done to the layers of a job.

    Args:
        job: The job.
        knobs: Where they stand.
    """
    own = [row for row in rows() if row.job == job]
    fused = frozenset[str]().union(*(row.fuse for row in own if knobs.get(FUSE + row.id)))
    narrow = frozenset[str]().union(*(row.narrow for row in own if knobs.get(INT8 + row.id)))
    return Plan(fused, narrow)


def knobs_of(plans: Iterable[Plan]) -> dict[str, Knob]:
    """The cells under which the jobs have some plans.

    Args:
        plans: One for each job, in order.
    """
    by_job: dict[str, Plan] = dict(zip(JOBS, plans, strict=True))
    cells: dict[str, Knob] = {}
    for row in rows():
        plan = by_job[row.job]
        if row.fuse:
            cells[FUSE + row.id] = row.fuse <= plan.fused
        if row.narrow:
            cells[INT8 + row.id] = row.narrow <= plan.narrow
    return cells


def picture(knobs: Knobs) -> Content:
    """The plan as the page's table: structure only.

    Args:
        knobs: Where they stand.
    """
    return {
        "title": "Fused or int8, layer by layer",
        "columns": [
            {"id": "fuse", "label": "fused with what follows"},
            {"id": "int8", "label": "int8"},
        ],
        "rows": [
            {
                "id": row.id,
                "label": row.label,
                "group": row.group,
                "detail": f"{significant(row.intensity, 2)} FLOP a byte",
                "cells": [
                    _cell("fuse", FUSE, row, row.fuse, knobs),
                    _cell("int8", INT8, row, row.narrow, knobs),
                ],
            }
            for row in rows()
        ],
    }


def _cell(
    column: str, prefix: str, row: Row, there: frozenset[str], knobs: Knobs
) -> Content | None:
    if not there:
        return None
    knob = prefix + row.id
    return {"column": column, "knob": knob, "on": bool(knobs[knob]), "free": True, "why": None}
