"""Put the engine's answers into docs/speculation.md, and draw its scatter.

    python tools/speculation_page.py

`tests/test_speculation_page.py` fails where the page and the engine disagree.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from filled_page import filled, table
from ironlaw.explore.drafts import first_loss, speedups_over_batch
from ironlaw.explore.measured_drafts import judged_rounds
from ironlaw.faces.curve_svg import Box, draw_curve
from ironlaw.faces.svg_parts import INK, document, text, write_svg
from ironlaw.instruments.curve import Curve, CurveAxis, CurveMark, CurveSeries
from ironlaw.registry.speculation import speculation_sheet
from ironlaw.system.acceptance import BEST, tree_nodes
from ironlaw.system.drafting import MTP, drafting, speculated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from xml.etree.ElementTree import Element

    from ironlaw.explore.drafts import DraftPoint
    from ironlaw.system.drafting import Drafting

PAGE = Path(__file__).resolve().parents[1] / "docs" / "speculation.md"
PICTURE = PAGE.parent / "images" / "speculation.svg"
NODE = ("llama-3-70b", "h100-sxm")
BATCHES = (1, 4, 16, 64, 128, 256, 512)
SHORT, LONG = 1024, 8192
RANKS = (0.6, 0.2, 0.08, 0.04)
TREES = ((1, 1, 1, 1), (2, 1, 1, 1), (4, 1, 1, 1), (4, 2, 1, 1), (4, 4, 2, 1))
HEAD_NODE = ("deepseek-v3", "h200-sxm")
HEAD_BATCHES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


def _points(
    node: tuple[str, str], draft: Drafting, batches: Sequence[int], context: int
) -> tuple[DraftPoint, ...]:
    model, chip = node
    return speedups_over_batch(model, chip, draft, batches, tp=8, context=context)


def measured() -> str:
    """Leviathan's rounds, each with the formula's speed-up and its miss."""
    rows = [
        (
            *(one.round.task, f"T5-{one.round.draft}", f"{one.round.temperature:g}"),
            *(f"{one.round.draft_len}", f"{one.round.acceptance:g}", f"{one.round.draft_cost:g}"),
            *(
                f"{one.tokens:.2f}",
                f"{one.round.speedup:g}",
                f"{one.predicted:.2f}",
                f"{100.0 * one.miss:+.0f} %",
            ),
        )
        for one in judged_rounds()
    ]
    head = ("task", "draft", "temperature", "γ", "α", "c", "E", "measured", "E / (γc + 1)", "miss")
    return table(head, rows)


def misses() -> str:
    """The misses in a sentence."""
    rounds = judged_rounds()
    found = sorted((one.miss for one in rounds), key=abs)
    faster = len([one for one in rounds if one.round.speedup > one.tokens])
    over = len([miss for miss in found if miss > 0.0])
    return (
        f"Of {len(found)} predictions {over} are too high and {len(found) - over} too low; half of them miss by less "
        f"than {100.0 * abs(found[len(found) // 2]):.0f} %, the worst by {100.0 * found[-1]:+.0f} %. {faster} were "
        "measured faster than E itself, which a draft without cost would reach: an acceptance that varies from text to "
        "text makes more tokens than its mean, because α to any power is convex."
    )


def batches() -> str:
    """A draft over the batch at two contexts."""
    draft = drafting("llama-3-8b", 0.8, 4)
    short, long = (_points(NODE, draft, BATCHES, context) for context in (SHORT, LONG))
    rows = [
        (
            *(f"{near.batch}", f"{near.speedup:.2f}", f"{near.flops_ratio:.2f}"),
            *(f"{near.traffic_ratio:.2f}", f"{near.joules_ratio:.2f}"),
            *(f"{far.speedup:.2f}", f"{far.joules_ratio:.2f}"),
        )
        for near, far in zip(short, long, strict=True)
    ]
    head = ("B", "speed-up", "FLOPs a token", "bytes", "joules")
    whole = table((*head, "speed-up at 8,192", "joules at 8,192"), rows)
    return f"{whole}\n\nAt {SHORT:,} tokens of context it loses from B = {first_loss(short)} on."


def lengths() -> str:
    """The best draft length by acceptance and batch."""
    wanted = (1, 16, 64, 256)
    rows = [
        (
            f"{alpha:g}",
            *(
                f"{one.draft_len} ({one.speedup:.2f}×)"
                for one in _points(NODE, drafting("llama-3-8b", alpha, BEST), wanted, SHORT)
            ),
        )
        for alpha in (0.5, 0.7, 0.8, 0.9)
    ]
    return table(("α", *(f"B = {batch}" for batch in wanted)), rows)


def trees() -> str:
    """Trees of one depth over the batch."""
    wanted, rows = (1, 16, 64), []
    for tree in TREES:
        draft = drafting(MTP, [RANKS] * len(tree), tree=tree)
        found = _points(NODE, draft, wanted, SHORT)
        made = speculated(*NODE, draft, tp=8).tokens_per_round
        speeds = [f"{one.speedup:.2f}" for one in found]
        shape = ", ".join(str(children) for children in tree)
        rows.append((shape, f"{tree_nodes(tree)}", f"{made:.2f}", *speeds))
    return table(("tree", "tokens checked", "E", *(f"B = {batch}" for batch in wanted)), rows)


def heads() -> str:
    """DeepSeek-V3 with its own head over the batch."""
    sheet = speculation_sheet()
    alphas = [sheet.number(f"deepseek-v3.acceptance_{end}") for end in ("low", "high")]
    low, high = (
        _points(HEAD_NODE, drafting(MTP, alpha, 1), HEAD_BATCHES, 2048) for alpha in alphas
    )
    rows = [
        (f"{one.batch}", f"{one.speedup:.2f}", f"{two.speedup:.2f}", f"{one.traffic_ratio:.2f}")
        for one, two in zip(low, high, strict=True)
    ]
    names = [f"speed-up at α = {alpha:g}" for alpha in alphas]
    whole = table(("B", *names, f"bytes a token at α = {alphas[0]:g}"), rows)
    measured_one = sheet.fact("deepseek-v3.speedup")
    return (
        f"{whole}\n\nIts authors measured {measured_one.value:g} times the tokens a second at such acceptances "
        f"({measured_one.kind}: {measured_one.where}), on a deployment of their own."
    )


def picture() -> Curve:
    """What was predicted over what was measured."""
    found, ends = judged_rounds(), (1.0, 4.0)
    worst = max(found, key=lambda one: abs(one.miss))
    series = [
        CurveSeries(
            id=draft,
            label=f"T5-{draft}",
            points=tuple(
                (one.round.speedup, one.predicted) for one in found if one.round.draft == draft
            ),
            sparse=True,
        )
        for draft in ("small", "base", "large")
    ]
    diagonal = CurveSeries(id="equal", label="as measured", points=tuple((e, e) for e in ends))
    label = f"{100.0 * worst.miss:+.0f} %"
    return Curve(
        title="T5-XXL and three drafts: predicted speed-up over measured",
        x=_axis("measured speed-up (Leviathan 2023, Table 2, recalled)", ends),
        y=_axis("E / (γc + 1)", ends),
        series=(diagonal, *series),
        marks=(CurveMark(label=label, x=worst.round.speedup, y=worst.predicted),),
    )


def _axis(label: str, ends: tuple[float, float]) -> CurveAxis:
    return CurveAxis(label=label, unit="", min=ends[0], max=ends[1])


def drawing() -> Element:
    """The scatter as SVG."""
    curve = picture()
    root = document(640.0, 560.0, curve.title)
    text(root, 28.0, 34.0, "Drafts: what the formula says, what was measured", size=18.0, fill=INK)
    draw_curve(root, curve, Box(100.0, 110.0, 500.0, 390.0))
    return root


PARTS: dict[str, Callable[[], str]] = {
    "measured": measured,
    "misses": misses,
    "batches": batches,
    "lengths": lengths,
    "trees": trees,
    "heads": heads,
}


def page(whole: str) -> str:
    """The page with the engine's answers of today."""
    return filled(whole, PARTS)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    write_svg(drawing(), PICTURE)
