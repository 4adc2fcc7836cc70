"""A workbench over one scenario: roofline, Iron Law bar, gauges, Math Peek and table from one diagnosis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.instruments.gauges import gauges
from ironlaw.instruments.kernel_table import kernel_table
from ironlaw.instruments.law import law_bar
from ironlaw.instruments.math_peek import (
    amplification_equation,
    cache_share_equation,
    layer_equation,
    mbu_equation,
    mfu_equation,
    ridge_equation,
    step_equation,
)
from ironlaw.instruments.roofline import in_words
from ironlaw.instruments.scale import grouped, percent, with_prefix
from ironlaw.instruments.step_roofline import View, roofline_picture
from ironlaw.system.interval import step_interval
from ironlaw.system.table import bound_of, step_terms, sum_of_terms

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip
    from ironlaw.system.diagnosis import Scenario


def configuration(scenario: Scenario, fusion: str | None = None) -> str:
    """The scenario in a line.

    Args:
        scenario: The question.
        fusion: What its set of fusions goes by; None for the name that it has itself.
    """
    request = scenario.request
    chips = f"{request.tensor_parallel}×{scenario.chip.short_title}"
    return (
        f"{chips}, TP {request.tensor_parallel}, {scenario.spec.title} {request.phase.value}, "
        f"batch {grouped(float(request.batch))}, context {grouped(float(request.context_len))}, "
        f"fusion {scenario.fusion_name if fusion is None else fusion}"
    )


def claim(view: View, layer: str) -> str:
    """What the chart shows of a layer, in a sentence."""
    rows = view.layer(layer)
    name = in_words(layer)
    name = name[0].upper() + name[1:]
    bound = bound_of(sum_of_terms(row.terms for row in rows))
    if bound == "memory":
        if layer == "attention" and view.cache.makers:
            copied = percent(view.cache.copied_share)
            return (
                f"{name} sits on the slope: bandwidth binds, and {copied} of its bytes are copies."
            )
        if summed(row.flops for row in rows) == 0.0:
            return f"{name} does no arithmetic at all: it only moves bytes, and bandwidth binds."
        return f"{name} sits on the slope: bandwidth binds."
    if bound == "compute":
        return f"{name} sits under the plateau: arithmetic binds."
    if bound == "link":
        return f"{name} waits for the links between the chips, not for memory or arithmetic."
    return f"{name} is too small to fill the chip: launch and latency take most of its time."


def bench_content(
    now: View,
    start: View,
    *,
    layer: str,
    profiler: bool,
    other: Chip | None = None,
) -> dict[str, object]:
    """The workbench, but for its controls.

    Args:
        now: The scenario at the present knobs.
        start: The scenario at the knobs' start values.
        layer: The selected layer.
        profiler: Whether Profiler Mode is on.
        other: A chip whose roof is laid beside, or none.
    """
    diagnosis = now.diagnosis
    spare = float(diagnosis.spare)
    return {
        "claim": claim(now, layer),
        "configuration": configuration(diagnosis.scenario),
        "roofline": roofline_picture(
            now, start, layer=layer, profiler=profiler, other=other
        ).to_dict(),
        "law": law_bar(now.rows, step_interval(diagnosis)).to_dict(),
        "gauges": [gauge.to_dict() for gauge in gauges(diagnosis, now.cache.amplification)],
        "peeks": peeks(now, layer),
        "kernels": kernel_table(now.rows).to_dict(),
        "infeasible": None
        if spare >= 0.0
        else f"This does not fit: each chip is {with_prefix(-spare, 'B')} over its memory.",
    }


def peeks(view: View, layer: str) -> list[dict[str, object]]:
    """The equations behind the instruments."""
    diagnosis = view.diagnosis
    equations = [
        step_equation(step_terms(view.rows)),
        layer_equation(view.layer(layer)),
        ridge_equation(diagnosis),
        mfu_equation(diagnosis),
        mbu_equation(diagnosis, useful=False),
        mbu_equation(diagnosis, useful=True),
        amplification_equation(view.cache.moved, view.cache.once),
        cache_share_equation(diagnosis),
    ]
    return [equation.to_dict() for equation in equations]
