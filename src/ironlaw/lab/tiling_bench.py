"""What a proposal of tile, split-K and launch mode comes to, live: launches, waves, time and overhead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.instruments.fusion_words import operator_words
from ironlaw.instruments.kernel_table import Column, Table
from ironlaw.instruments.law import law_bar
from ironlaw.instruments.math_peek import step_equation
from ironlaw.instruments.scale import grouped, with_prefix
from ironlaw.lab.bench import configuration
from ironlaw.system.interval import step_interval
from ironlaw.system.table import kernel_rows, step_terms
from ironlaw.system.tilings import plans, tiling_notes

if TYPE_CHECKING:
    from ironlaw.lab.part import Content
    from ironlaw.system.diagnosis import Diagnosis
    from ironlaw.system.tilings import PlannedGemm


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Proposal:
    """A proposal and what it has to reach.

    Attributes:
        start: The step as it was found.
        now: The step as it is proposed.
        threshold: Share of the step that overhead may have at most.
        longest: Time that the step may take at most [s].
    """

    start: Diagnosis
    now: Diagnosis
    threshold: float
    longest: float

    @property
    def holds(self) -> bool:
        """Whether the overhead is under the threshold, and not because the rest became slower."""
        share, step = float(self.now.overhead_share), float(self.now.step)
        return share <= self.threshold and step <= self.longest


def tiling_view(proposal: Proposal, controls: list[Content], notes: tuple[str, ...]) -> Content:
    """The bench of a proposal.

    Args:
        proposal: The proposal.
        controls: Its knobs as plain data.
        notes: What is worth saying beside it.
    """
    start, now = proposal.start, proposal.now
    rows = kernel_rows(now)
    return {
        "kind": "tiling",
        "claim": claim(proposal),
        "configuration": configuration(now.scenario),
        "controls": controls,
        "threshold": proposal.threshold,
        "overhead_share": float(now.overhead_share),
        "start_overhead_share": float(start.overhead_share),
        "time": float(now.step),
        "time_limit": proposal.longest,
        "start_time": float(start.step),
        "law": law_bar(rows, step_interval(now)).to_dict(),
        "gauges": [],
        "peeks": [
            peek.to_dict() for peek in (overhead_equation(now), step_equation(step_terms(rows)))
        ],
        "figures": _figures(start, now),
        "gemms": gemm_table(plans(now)).to_dict(),
        "notes": [*notes, *map(_sentence, tiling_notes(now))],
    }


def _sentence(note: str) -> str:
    """A note with a capital and a full stop."""
    return f"{note[0].upper()}{note[1:].removesuffix('.')}."


def claim(proposal: Proposal) -> str:
    """Whether a proposal holds, in a sentence."""
    share, step = float(proposal.now.overhead_share), float(proposal.now.step)
    said = f"overhead is {exactly(share)} of a step of {with_prefix(step, 's')}"
    if proposal.holds:
        return f"It holds: {said}."
    if share <= proposal.threshold:
        return (
            f"Not yet: {said}. The share fell because the kernels became slower; the step may take "
            f"{with_prefix(proposal.longest, 's')} at most."
        )
    return f"Not yet: {said}, and {exactly(proposal.threshold)} is the threshold."


def exactly(share: float) -> str:
    """A share to a tenth of a percent: close enough to tell it from its threshold.

    Example:
        >>> exactly(0.5706)
        '57.1 %'
    """
    return f"{100.0 * share:.1f} %"


def overhead_equation(diagnosis: Diagnosis) -> Equation:
    """Share of the step in which no kernel computes or moves.

    Args:
        diagnosis: The step.
    """
    terms = step_terms(kernel_rows(diagnosis))
    waiting = (
        Symbol("L", "launch and latency", terms.launch, "s", "lat"),
        Symbol("L", "waiting for the host", terms.dispatch, "s", "host"),
    )
    step = Symbol("T", "time of the step", float(diagnosis.step), "s")
    return Equation(
        title="Overhead share",
        left=Symbol("s", "share of the step", None, "", "overhead"),
        right=Term("fraction", (Term("sum", waiting), step)),
        source="sum over the kernel table",
    )


def _figures(start: Diagnosis, now: Diagnosis) -> list[Content]:
    pairs = [
        ("launches", *(grouped(d.n_kernels) for d in (start, now))),
        (
            "waiting for the host",
            *(with_prefix(float(d.exposed_dispatch), "s") for d in (start, now)),
        ),
    ]
    return [{"label": label, "before": before, "now": after} for label, before, after in pairs]


_COLUMNS = (
    Column("name", "GEMM", ""),
    Column("tile", "tile", ""),
    Column("split", "split-K", ""),
    Column("tiles", "tiles", ""),
    Column("waves", "waves", ""),
    Column("last_wave", "last wave", "%"),
    Column("time", "time", "s"),
)


def gemm_table(planned: tuple[PlannedGemm, ...]) -> Table:
    """Tile, split and waves of every GEMM; the last wave as a fraction of the SMs.

    Args:
        planned: The GEMMs of a step.
    """
    return Table(_COLUMNS, tuple(_row(gemm) for gemm in planned))


def _row(gemm: PlannedGemm) -> dict[str, str | float | int]:
    plan = gemm.plan
    name = " + ".join(operator_words(part) for part in gemm.name.split("+"))
    if plan.tiling is None or plan.tiling.tile is None or plan.waves is None:
        none = "single row"
        return {
            "name": name, "tile": none, "split": 1, "tiles": 0, "waves": 0, "last_wave": 0.0,
            "time": gemm.time,
        }  # fmt: skip
    high, wide = plan.tiling.tile
    return {
        "name": name,
        "tile": f"{high}×{wide}",
        "split": plan.tiling.split or 1,
        "tiles": plan.waves.tiles,
        "waves": plan.waves.count,
        "last_wave": plan.waves.last_occupancy,
        "time": gemm.time,
    }
