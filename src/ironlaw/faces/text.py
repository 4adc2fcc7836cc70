"""Reports as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.cost.tiling import tile_text
from ironlaw.faces.algorithm import speculation_lines, waterfall_lines
from ironlaw.faces.energy import energy_line
from ironlaw.faces.experts import expert_lines
from ironlaw.faces.sparsity import sparsity_lines
from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.workload.layout import layer_chips
from ironlaw.workload.network import Network

if TYPE_CHECKING:
    from ironlaw.faces.api import Report
    from ironlaw.system.diagnosis import Scenario
    from ironlaw.system.table import KernelRow
    from ironlaw.system.tilings import PlannedGemm
    from ironlaw.workload.spec import Request

_BOUNDS = {
    "memory": "memory bandwidth binds",
    "compute": "arithmetic binds",
    "link": "the links between the chips bind",
    "launch": "launch and latency bind",
    "dispatch": "the host binds: it cannot launch fast enough",
}


def question(report: Report) -> str:
    """What was asked, in a line."""
    asked = report.diagnosis.scenario
    request = asked.request
    if isinstance(asked.spec, Network):
        return (
            f"{asked.spec.name} · {asked.chip.name} · batch {grouped(float(request.batch))} · "
            f"fusion {asked.fusion_name} · {asked.weights.value}{_sparse(asked)}"
        )
    return (
        f"{asked.spec.name} · {chips(request)}×{asked.chip.name}{_layout(request)} · "
        f"{request.phase.value} · "
        f"batch {grouped(float(request.batch))} · context {grouped(float(request.context_len))} · "
        f"fusion {asked.fusion_name} · {asked.weights.value}{_sparse(asked)}"
    )


def _sparse(asked: Scenario) -> str:
    """The sparsity of the matrices, where there is one."""
    return "" if asked.pruning is None else f" · sparsity {asked.pruning.sparsity.name}"


def chips(request: Request) -> int:
    """Chips that a request takes."""
    return layer_chips(request) * request.pipeline_parallel


def _layout(request: Request) -> str:
    """How the chips share the model, where it is not each matrix that they share."""
    degrees = (
        ("tp", request.tensor_parallel),
        ("ep", request.expert_parallel),
        ("pp", request.pipeline_parallel),
    )
    if request.expert_parallel == request.pipeline_parallel == 1:
        return ""
    return f" ({' · '.join(f'{name} {degree}' for name, degree in degrees if degree > 1)})"


def verdict(report: Report) -> str:
    """The answer in a sentence."""
    diagnosis = report.diagnosis
    if not report.feasible:
        over, capacity = -float(diagnosis.spare), diagnosis.scenario.chip.capacity
        return (
            f"does not fit: {with_prefix(float(diagnosis.footprint.total), 'B')} on a chip of "
            f"{with_prefix(capacity, 'B')}, {with_prefix(over, 'B')} over"
        )
    terms = report.terms
    parts = {name: float(getattr(terms, name)) for name in _BOUNDS}
    largest = max(parts, key=lambda name: parts[name])
    return (
        f"{with_prefix(report.step, 's')} a step ({between(report.interval.low, report.interval.high)}), "
        f"{grouped(report.items_per_s)} {report.items}/s: {_BOUNDS[largest]} "
        f"({percent(parts[largest] / report.step)} of the step)"
    )


def algorithm(report: Report) -> list[str]:
    """What experts hold and touch, and what a sparsity and a draft do, where they are there."""
    lines: list[str] = [] if report.experts is None else expert_lines(report.experts)
    if report.sparsity is not None:
        lines += sparsity_lines(report.sparsity)
    if report.speculation is not None:
        lines += speculation_lines(report.speculation)
    return lines


def further(report: Report) -> list[str]:
    """The same, and what each kind of change did where it was asked for."""
    return algorithm(report) + (
        [] if report.waterfall is None else waterfall_lines(report.waterfall)
    )


def between(low: float, high: float) -> str:
    """A range of times; its unit stands once where both have the same."""
    first, last = with_prefix(low, "s"), with_prefix(high, "s")
    number, unit = first.split(" ")
    return f"{number if last.endswith(f' {unit}') else first} to {last}"


def headline(report: Report) -> list[tuple[str, str]]:
    """The figures that stand above the kernel table."""
    memory, chip = report.diagnosis.footprint, report.diagnosis.scenario.chip
    cache = [
        ("KV share", percent(report.kv_share)),
        ("cache traffic", f"{significant(report.cache.amplification)}×"),
    ]
    return [
        ("MFU", percent(report.mfu)),
        ("MBU raw", percent(report.mbu_raw)),
        ("MBU useful", percent(report.mbu_useful)),
        *(cache if report.cache.once > 0.0 else []),
        (
            "memory a chip",
            f"{with_prefix(float(memory.total), 'B')} of {with_prefix(chip.capacity, 'B')}",
        ),
        ("kernels", grouped(report.diagnosis.n_kernels)),
    ]


def overhead(report: Report) -> str:
    """What of the step is launch, latency and waiting for the host, in a line."""
    diagnosis = report.diagnosis
    waiting = with_prefix(float(diagnosis.exposed_dispatch), "s")
    return (
        f"launched by {diagnosis.scenario.launch.value}: {grouped(diagnosis.n_kernels)} kernels, "
        f"overhead {percent(float(diagnosis.overhead_share))} of the step, {waiting} of it waiting for the host"
    )


def energy(report: Report) -> str:
    """What the step takes in joules, in a line; empty where the chip's file lacks energy facts."""
    return energy_line(report.energy, report.diagnosis.scenario.chip, report.items)


def tiling(report: Report) -> str:
    """Tile, split and waves of every GEMM, in a line; empty where nothing is known of them."""
    kinds = dict.fromkeys(_cut(planned) for planned in report.plans)
    return f"GEMM tiles: {' · '.join(kinds)}" if kinds else ""


def _cut(planned: PlannedGemm) -> str:
    chosen, waves = planned.plan.tiling, planned.plan.waves
    if chosen is None or waves is None:
        return f"{planned.name} a single row"
    split = "" if chosen.split == 1 else f" K/{chosen.split}"
    many = "1 wave" if waves.count == 1 else f"{grouped(waves.count)} waves"
    last = "" if waves.count == 1 else "last "
    return f"{planned.name} {tile_text(chosen.tile)}{split} {many}, {last}{percent(waves.last_occupancy)} full"


def advice(report: Report) -> str:
    """What would change the answer, in a line."""
    return " · ".join(f"{_change(c.name, c.factor)} {c.speedup:.2f}×" for c in report.changes)


def _change(name: str, factor: float) -> str:
    return name if factor == 1.0 else f"{factor:g} × {name}"


HEADINGS = ("kernel", "n", "FLOP", "bytes", "FLOP/B", "bound", "time", "share")


def cells(row: KernelRow) -> tuple[str, ...]:
    """A row of the kernel table, formatted under `HEADINGS`."""
    return (
        _placed(row.name, row.block),
        grouped(row.count),
        with_prefix(row.flops, "").strip(),
        with_prefix(row.traffic, "").strip(),
        significant(row.intensity),
        row.bound,
        with_prefix(row.time, "s"),
        f"{100.0 * row.share:.1f} %",
    )


def _placed(name: str, block: str) -> str:
    """The name of a kernel, with its block where that is none of the usual ones."""
    return name if block in ("embedding", "layer", "head", "") else f"{name} · {block}"


TILING_HEADINGS = ("GEMM", "n", "tile", "split-K", "tiles", "waves", "last wave", "time")


def tiling_cells(planned: PlannedGemm) -> tuple[str, ...]:
    """A row of the tiling table, formatted under `TILING_HEADINGS`."""
    chosen, waves = planned.plan.tiling, planned.plan.waves
    name, count = _placed(planned.name, planned.block), grouped(planned.launches)
    time = with_prefix(planned.time, "s")
    if chosen is None or waves is None:
        return (name, count, "a single row", *("–" for _ in range(4)), time)
    return (
        *(name, count, tile_text(chosen.tile), str(chosen.split)),
        *(grouped(waves.tiles), grouped(waves.count)),
        f"{percent(waves.last_occupancy)} full",
        time,
    )


def longest(
    rows: tuple[KernelRow, ...], top: int | None
) -> tuple[tuple[KernelRow, ...], tuple[KernelRow, ...]]:
    """The rows to show, and those left out.

    Args:
        rows: The kernel table.
        top: How many to show, the longest first; all, in order, if None.
    """
    if top is None:
        return rows, ()
    ordered = tuple(sorted(rows, key=lambda row: -row.time))
    return ordered[:top], ordered[top:]


def remainder(rows: tuple[KernelRow, ...]) -> str:
    """What was left out of the table."""
    share = 100.0 * sum(row.share for row in rows)
    return f"and {len(rows)} more, {share:.1f} % of the step"


def report_text(report: Report) -> str:
    """The whole report as text with aligned columns."""
    rows = [HEADINGS, *(cells(row) for row in report.kernels)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADINGS))]
    left = {0, 5}
    lines = [
        "  ".join(
            cell.ljust(width) if i in left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    facts = " · ".join(f"{name} {value}" for name, value in headline(report))
    notes = [f"note: {note}" for note in report.notes]
    return "\n".join(
        [
            *(question(report), verdict(report), facts, "", *lines, ""),
            *(line for line in (overhead(report), energy(report), tiling(report)) if line),
            *(advice(report), *further(report), *notes),
        ]
    )
