"""A fusion workbench over a step: what may be turned at once, and what follows from it in the last run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.instruments.fusion_graph import blocks_picture, in_stages
from ironlaw.instruments.fusion_words import fusion_words, kind_words, role_words
from ironlaw.instruments.gauges import gauges
from ironlaw.instruments.kernel_table import kernel_table
from ironlaw.instruments.law import law_bar
from ironlaw.instruments.roofline import in_words
from ironlaw.instruments.scale import grouped, percent, with_prefix
from ironlaw.instruments.step_roofline import View, layers_of, roofline_picture
from ironlaw.instruments.waterfall import Waterfall, falls_of
from ironlaw.lab.bench import configuration, peeks
from ironlaw.lab.fusion_knobs import LOOKS, PREFIX, FusionKnobs, chosen, objection, run_knobs
from ironlaw.lab.knobs import Choice, Toggle, start_values
from ironlaw.lab.runs import Outcome, Run, last_that_ran
from ironlaw.system.interval import step_interval

if TYPE_CHECKING:
    from ironlaw.lab.part import Content, Knobs, Standing
    from ironlaw.lab.runs import Counted
    from ironlaw.registry.chips import Chip
    from ironlaw.system.diagnosis import Diagnosis, Scenario
    from ironlaw.system.fusion_board import Board
    from ironlaw.workload.graph import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionBench:
    """A fusion workbench.

    Attributes:
        knobs: What can be turned.
        scenario: The question at some knobs.
        view: The answer at some knobs.
        board: The legal fusions at some knobs, with the sizes of the step.
        other: A chip whose roof is laid beside, or none.
        opening: What to do before the first run.
    """

    knobs: FusionKnobs
    scenario: Callable[[Knobs], Scenario]
    view: Callable[[Knobs], View]
    board: Callable[[Knobs], Board]
    other: Chip | None
    opening: str


def outcome(bench: FusionBench, knobs: Knobs) -> Outcome:
    """What comes out of a run: a step that does not fit the memory fails, by so many bytes.

    Args:
        bench: The workbench.
        knobs: Where the knobs stand.
    """
    diagnosis = bench.view(knobs).diagnosis
    memory, spare = float(diagnosis.footprint.total), float(diagnosis.spare)
    label = in_short(diagnosis.scenario, str(knobs["level"]))
    if spare < 0.0:
        return Outcome(
            label=label, value=None, time=None, traffic=None, flops=None,
            kernels=diagnosis.n_kernels, memory=memory, failure="memory", over=-spare,
        )  # fmt: skip
    return Outcome(
        label=label,
        value=float(diagnosis.mfu),
        time=float(diagnosis.step),
        traffic=float(diagnosis.traffic),
        flops=float(diagnosis.flops),
        kernels=diagnosis.n_kernels,
        memory=memory,
    )


def in_short(scenario: Scenario, level: str) -> str:
    """The knobs of a run in a few words.

    Args:
        scenario: The question.
        level: Name of its set: a level, or that it is one's own.
    """
    request, tiling = scenario.request, scenario.tiling
    words = [request.phase.value, f"batch {grouped(float(request.batch))}", f"fusion {level}"]
    if tiling is not None and tiling.tile is not None:
        words.append(f"tile {tiling.tile[0]}×{tiling.tile[1]}")
    if tiling is not None and tiling.split is not None:
        words.append(f"split-K {tiling.split}")
    return ", ".join([*words, f"launch {scenario.launch.value}"])


def bench_view(bench: FusionBench, counted: Counted, standing: Standing) -> Content:
    """The workbench: knobs and structure as they stand, instruments as the last run left them.

    Args:
        bench: The workbench.
        counted: How its runs are counted.
        standing: Where the learner stands.
    """
    knobs = standing.knobs
    last = standing.runs[-1] if standing.runs else None
    return {
        **standing_view(bench.knobs, counted, standing),
        "claim": _claim(bench, standing),
        "configuration": configuration(bench.scenario(knobs), str(knobs["level"])),
        "graph": graph(bench.knobs.board(knobs), chosen(knobs)),
        "result": None if last is None else result(bench, last, knobs),
        "failure": None if last is None else failure(bench, standing, last),
    }


def standing_view(knobs: FusionKnobs, counted: Counted, standing: Standing) -> Content:
    """What every workbench of counted runs shows: its controls as they stand, and its runs.

    Args:
        knobs: What can be turned.
        counted: How its runs are counted.
        standing: Where the learner stands.
    """
    last, now = standing.runs[-1] if standing.runs else None, standing.knobs
    return {
        "kind": "fusion",
        "controls": [one.to_dict(now[one.id]) for one in knobs.controls if one.id not in LOOKS],
        "runs": counted.table(standing.runs, closed=standing.at != "workbench"),
        "stale": last is not None and run_knobs(last.knobs) != run_knobs(now),
    }


def undoing(knobs: FusionKnobs, standing: Standing) -> Content:
    """The way back from a run that failed: to the last one that did not, or to where the knobs began.

    Args:
        knobs: What can be turned.
        standing: Where the learner stands.
    """
    back = last_that_ran(standing.runs)
    values = start_values(knobs.all) if back is None else back.knobs
    kept = {name: value for name, value in values.items() if name not in LOOKS}
    return {
        "label": "Back to where the knobs began" if back is None else f"Back to run {back.number}",
        "message": {"type": "turn", "knobs": kept, "settled": True},
    }


def graph(
    board: Board, stands: frozenset[str], stage: Callable[[str], str] | None = None
) -> Content:
    """The fusion graph: structure only.

    Args:
        board: The legal fusions.
        stands: Those that are chosen.
        stage: The stage of an operator, in words, where blocks are shown in stages; no fusion joins two stages.
    """
    blocks, holds = board.cut(stands), board.closed(stands)
    shown = blocks_picture(blocks)
    return {
        "blocks": shown
        if stage is None
        else [part for one in shown for part in in_stages(one, stage)],
        "fusions": [
            {
                "id": choice.name,
                "knob": PREFIX + choice.name,
                "label": fusion_words(choice.name),
                "kind": kind_words(choice),
                "block": choice.block if stage is None else stage(choice.members[0]),
                "members": list(choice.members),
                "on": choice.name in holds,
                "free": why is None,
                "why": why,
            }
            for choice in board.choices
            for why in [objection(board, stands, choice.name)]
        ],
        "operators": _launches(board.eager),
        "kernels": _launches(blocks),
    }


def _launches(blocks: tuple[Block, ...]) -> int:
    """Kernels that a step launches."""
    return int(summed(block.count * len(block.graph.groups) for block in blocks))


def result(bench: FusionBench, run: Run, knobs: Knobs) -> Content:
    """The instruments of a run.

    Args:
        bench: The workbench.
        run: The run.
        knobs: Where the knobs stand: layer and Profiler Mode look at the run.
    """
    view = bench.view(run.knobs)
    diagnosis = view.diagnosis
    if run.outcome.failure is not None:
        memory = [gauge.to_dict() for gauge in gauges(diagnosis, None) if gauge.id == "memory"]
        return {
            "waterfall": None, "roofline": None, "law": None, "gauges": memory, "peeks": [],
            "kernels": None, "looks": [],
        }  # fmt: skip
    layers = layers_of(view)
    layer = str(knobs["layer"])
    layer, profiler = layer if layer in layers else layers[0], bool(knobs["profiler"])
    plain = bench.view(unfused(run.knobs))
    picture = roofline_picture(view, plain, layer=layer, profiler=profiler, other=bench.other)
    return {
        "waterfall": waterfall(
            bench.board(run.knobs),
            chosen(run.knobs),
            run.number,
            fits=float(plain.diagnosis.spare) >= 0.0,
        ),
        "roofline": picture.to_dict(),
        "law": law_bar(view.rows, step_interval(diagnosis)).to_dict(),
        "gauges": [gauge.to_dict() for gauge in gauges(diagnosis, view.cache.amplification)],
        "peeks": peeks(view, layer),
        "kernels": kernel_table(view.rows).to_dict(),
        "looks": [
            Choice(
                id="layer", label="Layer", value=layer, group="look",
                options=tuple((name, in_words(name), None) for name in layers),
            ).to_dict(layer),
            Toggle(id="profiler", label="Profiler Mode", value=False, group="look").to_dict(profiler),
        ],
    }  # fmt: skip


def unfused(knobs: Knobs) -> Knobs:
    """The same knobs with no fusion on."""
    return {name: False if name.startswith(PREFIX) else value for name, value in knobs.items()}


def waterfall(board: Board, stands: frozenset[str], number: int, *, fits: bool) -> Content:
    """The Data Traffic Waterfall of a run.

    Args:
        board: The legal fusions.
        stands: Those that are chosen.
        number: Of the run.
        fits: Whether the step would fit with nothing fused.
    """
    before, after = board.moved(frozenset()), board.moved(stands)
    labels = {name: fusion_words(name) for name in board.names}
    return Waterfall(
        title=f"{with_prefix(after.traffic, 'B')} on each chip a step: {_gone(board, stands)}",
        before=("nothing fused" if fits else "nothing fused, which would not fit", before),
        falls=falls_of(before, board.steps(stands), labels),
        after=(f"run {number}", after),
        note=_operations(board, stands, before.flops, after.flops),
    ).to_dict()


def _gone(board: Board, stands: frozenset[str]) -> str:
    """Which share of the bytes is gone, and what most of them were."""
    plain, fused = board.by_role(frozenset()), board.by_role(stands)
    saved = {role: size - fused.get(role, 0.0) for role, size in plain.items()}
    total = summed(saved.values())
    if total <= 0.0:
        return "no byte is gone"
    most = max(saved, key=lambda role: saved[role])
    share = percent(total / summed(plain.values()))
    return (
        f"{share} of the bytes are gone, {percent(saved[most] / total)} of them {role_words(most)}"
    )


def _operations(board: Board, stands: frozenset[str], before: float, after: float) -> str:
    """What became of the operations, and why."""
    if before == after:
        return "The operations stay the same to the last one: a fusion moves fewer bytes and does the same work."
    doing = " and ".join(
        fusion_words(name)
        for name in sorted(stands & board.in_place)
        if board.moved(stands - {name}).flops != after
    )
    return (
        f"{percent(1.0 - after / before)} of the operations are gone by one choice that is not a fusion: {doing}. "
        "Every true fusion leaves them as they are."
    )


def failure(bench: FusionBench, standing: Standing, run: Run) -> Content | None:
    """How the last run failed, by how much, and the way back; None if it ran.

    Args:
        bench: The workbench.
        standing: Where the learner stands.
        run: The last run.
    """
    if run.outcome.failure is None:
        return None
    return {
        "kind": run.outcome.failure,
        "over": run.outcome.over,
        "unit": "B",
        "text": out_of_memory(bench.view(run.knobs).diagnosis),
        "undo": undoing(bench.knobs, standing),
    }


def out_of_memory(diagnosis: Diagnosis) -> str:
    """By how much a step does not fit, and what fills the memory.

    Args:
        diagnosis: A step that does not fit.
    """
    memory, chip = diagnosis.footprint, diagnosis.scenario.chip
    parts = ", ".join(
        f"{with_prefix(float(size), 'B')} of {name}"
        for name, size in (
            ("weights", memory.weights),
            ("KV cache", memory.cache),
            ("activations", memory.activations),
        )
    )
    return (
        f"Out of memory: each chip needs {with_prefix(float(memory.total), 'B')} and has "
        f"{with_prefix(chip.capacity, 'B')}, so it is {with_prefix(-float(diagnosis.spare), 'B')} over: {parts}. "
        "Nothing ran, and the run counts."
    )


def _claim(bench: FusionBench, standing: Standing) -> str:
    """What the last run showed, in a sentence; before the first, what to do."""
    if not standing.runs:
        return bench.opening
    last = standing.runs[-1]
    out = last.outcome
    if out.value is None or out.traffic is None or out.time is None:
        return f"Run {last.number} did not fit: {with_prefix(out.over, 'B')} over the memory of a chip."
    return (
        f"Run {last.number}: {with_prefix(out.traffic, 'B')} in {grouped(out.kernels)} kernels take "
        f"{with_prefix(out.time, 's')}, MFU {percent(out.value)}."
    )
