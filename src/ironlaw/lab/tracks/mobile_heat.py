"""Mobile Nomad, Part 1: what runs on the glasses, its joules and its heat, at the knobs as they stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.instruments.scale import grouped, significant
from ironlaw.instruments.step_roofline import View, layers_of
from ironlaw.lab.knobs import Choice, Control, Slider, Toggle, start_values
from ironlaw.lab.tracks.mobile_glasses import (
    JOBS,
    SCALES,
    ambient_control,
    assumption_controls,
    body_at,
    budget_at,
    cadence,
    chip_at,
    facts_at,
    network_of,
    operating_points,
    printed,
    scale_control,
    title_of,
)
from ironlaw.system.cache_traffic import cache_traffic
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.energy import step_energy
from ironlaw.system.question import scenario
from ironlaw.system.table import kernel_rows
from ironlaw.system.thermal.budget import time_to_limit

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Knobs
    from ironlaw.registry.chips import Chip
    from ironlaw.system.table import KernelRow
    from ironlaw.system.thermal.budget import HeatBudget
    from ironlaw.system.thermal.governor import OperatingPoint

FRAMES = (10.0, 12.0, 15.0, 20.0, 24.0, 30.0, 40.0, 48.0, 60.0)
_WORDS = {
    "depthwise.conv": "depthwise 3×3",
    "depthwise.relu": "ReLU",
    "pointwise.conv": "pointwise 1×1",
    "pointwise.add": "add",
    "conv.conv": "dense 3×3",
    "conv.relu": "ReLU",
}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Load:
    """What runs, and what it asks of memory, arithmetic and skin.

    Attributes:
        job: What runs: filter, OCR or translator.
        view: One pass of it, its kernels by layer.
        asked: How often it is to run [1/s].
        rate: How often it can [1/s].
        energy: Of one pass by kernel: arithmetic, and what is moved [J].
        beside: Power beside the work [W].
        budget: What the skin bears for good.
    """

    job: str
    view: View
    asked: float
    rate: float
    energy: tuple[tuple[float, float], ...]
    beside: float
    budget: HeatBudget

    @property
    def arithmetic(self) -> float:
        """Energy of the operations of one pass [J]."""
        return summed(compute for compute, _ in self.energy)

    @property
    def moved(self) -> float:
        """Energy of the bytes of one pass [J]."""
        return summed(moving for _, moving in self.energy)

    @property
    def joules(self) -> float:
        """Energy of one pass [J]."""
        return self.arithmetic + self.moved

    @property
    def power(self) -> float:
        """At the rate at which it runs [W]."""
        return self.power_at(self.rate)

    @property
    def bearable(self) -> float:
        """How often it can run for good, as far as the skin is asked [1/s]."""
        return max(self.budget.load - self.beside, 0.0) / self.joules

    def power_at(self, rate: float) -> float:
        """Power at some rate [W].

        Args:
            rate: Passes a second [1/s].
        """
        return self.joules * rate + self.beside


@lru_cache(maxsize=1)
def controls() -> tuple[Control, ...]:
    """The knobs of the workbench."""
    layers = layer_options()
    return (
        Choice(id="layer", label="Layer", value=_first_layer(), options=layers, group="look"),
        Toggle(id="profiler", label="Profiler Mode", value=False, group="look"),
        scale_control("peak_scale", "R_peak ×", ("R", "peak"), 1.0),
        scale_control("bandwidth_scale", "BW_mem ×", ("BW", "mem"), board_scale()),
        ambient_control(),
        Slider(
            id="fps", label="Frames a second", value=cadence(JOBS[0]), stops=FRAMES,
            shown=tuple(grouped(stop) for stop in FRAMES), group="load",
        ),
        Toggle(id="governor", label="Governor", value=True, group="load"),
        *assumption_controls(),
    )  # fmt: skip


@lru_cache(maxsize=1)
def board_scale() -> float:
    """How many times the memory of the glasses the prototype has: the least stop that makes every frame in time."""
    period = 1.0 / cadence(JOBS[0])
    return next(scale for scale in SCALES if _period(scale) <= period)


def _period(scale: float) -> float:
    plain = {control.id: control.value for control in assumption_controls()}
    chip = chip_at({**plain, "peak_scale": 1.0, "bandwidth_scale": scale})
    return float(pass_of(JOBS[0], chip).diagnosis.step)


@lru_cache(maxsize=1)
def layer_options() -> tuple[tuple[str, str, str], ...]:
    """Every layer of what runs: id, words, and the network that it belongs to."""
    return tuple(
        (name, layer_words(name), title_of(job))
        for job in JOBS
        for name in layers_of(pass_of(job, printed()))
        if name != "dispatch"
    )


def _first_layer() -> str:
    """The layer that a frame meets first."""
    return pass_of(JOBS[0], printed()).rows[0].layer


def layer_words(name: str) -> str:
    """A layer as people write it.

    Args:
        name: Of a layer, that of its job in front.
    """
    _, _, inside = name.partition(".")
    return _WORDS.get(inside, inside.replace("_", " ").replace(".", ": "))


@lru_cache(maxsize=64)
def pass_of(job: str, chip: Chip) -> View:
    """One pass of a job on a chip with nothing fused, its kernels by layer.

    Args:
        job: The job.
        chip: The chip, under any assumptions.
    """
    asked = scenario(network_of(job), printed().name, fusion="none")
    diagnosis = diagnose(replace(asked, chip=chip))
    rows = tuple(replace(row, layer=_layer(job, row)) for row in kernel_rows(diagnosis))
    return View(diagnosis, rows, cache_traffic(diagnosis))


def _layer(job: str, row: KernelRow) -> str:
    """The layer of a kernel: layers that stand alike in a network are one."""
    if row.layer == "dispatch":
        return "dispatch"
    if job == "translator":
        return f"{job}.{row.block}.{row.layer}".replace(" ", "_")
    _, _, inside = row.name.split(".", 2)
    return f"{job}.{inside}"


def job_at(knobs: Knobs) -> str:
    """What runs: the job of the layer that is looked at."""
    return str(knobs["layer"]).partition(".")[0]


def load_at(knobs: Knobs, job: str | None = None) -> Load:
    """What runs at some knobs.

    Args:
        knobs: Where they stand.
        job: What runs; the job of the layer that is looked at where none is given.
    """
    runs = job_at(knobs) if job is None else job
    view = pass_of(runs, chip_at(knobs))
    asked = float(knobs["fps"]) if runs == JOBS[0] else cadence(runs)
    return Load(
        job=runs,
        view=view,
        asked=asked,
        rate=min(asked, 1.0 / float(view.diagnosis.step)),
        energy=energies(view),
        beside=float(knobs["idle"]),
        budget=budget_at(knobs),
    )


def energies(view: View) -> tuple[tuple[float, float], ...]:
    """Energy of each kernel of a pass in its arithmetic and in what it moves [J].

    Args:
        view: The pass.
    """
    kernels = step_energy(view.diagnosis).kernels
    return tuple((float(terms.compute), float(terms.memory)) for terms in kernels)


def points(load: Load, knobs: Knobs) -> tuple[OperatingPoint, ...]:
    """What a governor can choose from: the rate at which it runs, and the lower ones that it knows.

    Args:
        load: What runs.
        knobs: Where the knobs stand.
    """
    scale = cadence(load.job) / cadence(JOBS[0])
    known = tuple(rate * scale for rate in facts_at(knobs).rates)
    return operating_points(load.rate, known, load.power_at, load.budget.load)


def rate_words(job: str, rate: float) -> str:
    """How often something runs, in words.

    Args:
        job: What runs.
        rate: How often [1/s].
    """
    return f"{significant(rate)} FPS" if job == JOBS[0] else f"{significant(rate)} a second"


def limit_at(knobs: Knobs) -> float:
    """What the skin bears [K]."""
    return facts_at(knobs).skin_limit


def heat_time(load: Load, knobs: Knobs) -> float | None:
    """When the skin is at its limit if nothing slows the work; None if never [s].

    Args:
        load: What runs.
        knobs: Where the knobs stand.
    """
    return time_to_limit(body_at(knobs), load.power, limit_at(knobs), float(knobs["ambient"]))


def start() -> dict[str, Knob]:
    """Where the knobs stand at first."""
    return start_values(controls())


@lru_cache(maxsize=1)
def crisis() -> Load:
    """The filter on the prototype, before anyone turns a knob."""
    return load_at(start())
