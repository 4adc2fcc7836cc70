"""Put the engine's answers into docs/experts.md.

    python tools/experts_page.py

`tests/test_experts_page.py` fails where the page and the engine disagree.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from filled_page import filled, table
from ironlaw.explore.experts import crossings, expert_pair, speedups_over_dense
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.expert_facts import expert_facts
from ironlaw.system.question import Ask, scenario
from ironlaw.workload.hottest import hottest_rows
from ironlaw.workload.router import Law, Routing, distinct

if TYPE_CHECKING:
    from ironlaw.explore.experts import ExpertPoint
    from ironlaw.system.diagnosis import Diagnosis

PAGE = Path(__file__).resolve().parents[1] / "docs" / "experts.md"
DENSE, SCOUT, MIXTRAL = "llama-3-70b", "llama-4-scout", "mixtral-8x22b"
TWICE = 2.0
BATCHES = (1, 2, 4, 8, 16, 64, 256, 512, 1024, 1536, 2048)
CONTEXT = 1024
EXPONENTS = (0.0, 0.5, 1.0, 1.5)
PROMPTS = (128, 256, 512, 1024, 2048, 4096, 8192)
TODAY = ("deepseek-v3", "gpt-oss-120b")


def touched() -> str:
    """Experts that a batch asks for, by skew."""
    rows = [
        (
            *(f"{n}", f"{k}", f"{tokens}"),
            *(f"{distinct(Law(Routing(s), n, k), float(tokens)):.2f}" for s in EXPONENTS),
        )
        for n, k in ((8, 2), (16, 1), (128, 8), (256, 8))
        for tokens in (8, 32, 256)
    ]
    return table(("E", "k", "tokens", "uniform", *(f"S = {s:g}" for s in EXPONENTS[1:])), rows)


def imbalance() -> str:
    """The fullest of eight chips over the mean, and what it does to the step."""
    rows: list[tuple[str, ...]] = []
    for batch in (8, 64, 512, 4096):
        even, skewed = (_spread(batch, routing) for routing in ("uniform", "power-law:1"))
        cells = (f"{float(one.step) * 1e3:.2f} ms" for one in (even, skewed))
        found = [Law(Routing(s), 128, 8, 8) for s in (0.0, 1.0)]
        ratios = (float(hottest_rows(law, float(batch))) / batch for law in found)
        rows.append((f"{batch}", *(f"{ratio:.2f}" for ratio in ratios), *cells))
    head = ("B", "fullest / mean, uniform", "S = 1", "step, uniform", "step, S = 1")
    return table(head, rows)


def _spread(batch: int, routing: str) -> Diagnosis:
    asked = scenario(
        "qwen3-30b-a3b", "h100-sxm", ep=8, batch=batch, context=CONTEXT, routing=routing
    )
    return diagnose(asked)


def traffic() -> str:
    """Parameters, bytes kept and bytes read by a step, of eight chips."""
    rows: list[tuple[str, ...]] = []
    for model in (MIXTRAL, SCOUT, "qwen3-235b-a22b", *TODAY):
        found = [
            expert_facts(diagnose(scenario(model, "h200-sxm", tp=8, ep=_ep(model), batch=batch)))
            for batch in (1, 16, 256)
        ]
        facts = [one for one in found if one is not None]
        one = facts[0]
        rows.append(
            (
                *(f"`{model}`", f"{one.total_params / 1e9:.1f}", f"{one.active_params / 1e9:.1f}"),
                f"{float(one.resident) / 1e9:.1f}",
                *(f"{float(f.read) / 1e9:.1f} ({100 * float(f.touched):.0f} %)" for f in facts),
            )
        )
    head = ("model", "total, 10⁹", "active, 10⁹", "kept, GB a chip")
    return table((*head, *(f"read at B = {b}" for b in (1, 16, 256))), rows)


def _ep(model: str) -> int:
    return 8 if model == "deepseek-v3" else 1


def batches() -> str:
    """Both models with experts over the dense one, by measured constants and by the roofline alone."""
    fitted, bare = (_curves(fitted=which) for which in (True, False))
    rows: list[tuple[str, ...]] = []
    for place, batch in enumerate(BATCHES):
        mixtral, scout = (curve[place] for curve in fitted)
        cells = [mixtral, bare[0][place], scout, bare[1][place]]
        said = [f"{point.speedup:.2f}{_misfit(point)}" for point in cells]
        rows.append((f"{batch}", *said[:3], f"{scout.after:.2f}", said[3]))
    head = ("B", "Mixtral-8x22B", "roofline alone", "Scout", "shared after", "roofline alone")
    return f"{table(head, rows)}\n\n¹ the dense model does not fit · ² the model with experts does not fit"


def _curves(*, fitted: bool) -> tuple[tuple[ExpertPoint, ...], ...]:
    return tuple(
        speedups_over_dense(model, DENSE, "h100-sxm", BATCHES, fitted=fitted, tp=8, context=CONTEXT)
        for model in (MIXTRAL, SCOUT)
    )


def _misfit(point: ExpertPoint) -> str:
    return ("" if point.dense_feasible else "¹") + ("" if point.feasible else "²")


def limits() -> str:
    """Limits of both, and where the curves pass two."""
    rows: list[tuple[str, ...]] = []
    for model in (MIXTRAL, SCOUT):
        pair = expert_pair(model, DENSE, "h100-sxm", tp=8, context=CONTEXT)
        rows.append(
            (
                *(f"`{model}`", f"{pair.flops_limit:.2f}", f"{pair.bytes_limit:.2f}"),
                *(f"{pair.total / pair.dense:.2f}", f"{pair.active / pair.dense:.2f}"),
            )
        )
    head = (
        "model",
        "limit by FLOPs",
        "limit by bytes of one token",
        "total / dense",
        "active / dense",
    )
    return table(head, rows)


def crossing() -> str:
    """Where the curves pass two."""
    tried = (*range(1, 16), *range(16, 4097, 16))
    said: list[tuple[str, ...]] = []
    for chip in ("h100-sxm", "h200-sxm"):
        for name, fitted in (("measured constants", True), ("the roofline alone", False)):
            points = speedups_over_dense(
                SCOUT, DENSE, chip, tried, fitted=fitted, tp=8, context=CONTEXT
            )
            passed, starts = crossings(points, TWICE), points[0].speedup >= TWICE
            down = f"B = {passed[0]}" if starts else "it starts below"
            last = next(point for point in points if point.batch == passed[-1])
            said.append((f"8 × {chip}", name, down, f"B = {last.batch:,}{_misfit(last)}"))
    return table(
        ("node", "times by", "below 2 from", "above 2 for good from (in steps of 16)"), said
    )


def prompts() -> str:
    """Prefill of one prompt, by its length."""
    rows: list[tuple[str, ...]] = []
    for length in PROMPTS:
        ask = Ask(tp=8, context=length, phase="prefill")
        cells = [
            speedups_over_dense(model, DENSE, "h100-sxm", (1,), fitted=fitted, **ask)[0]
            for model in (MIXTRAL, SCOUT)
            for fitted in (True, False)
        ]
        rows.append((f"{length:,}", *(f"{point.speedup:.2f}" for point in cells)))
    head = ("prompt tokens", "Mixtral-8x22B", "roofline alone", "Scout", "roofline alone")
    return table(head, rows)


def floor() -> str:
    """What one layer of Scout takes at one token, kernel by kernel."""
    found = diagnose(scenario(SCOUT, "h100-sxm", tp=8, context=CONTEXT))
    after = diagnose(scenario(SCOUT, "h100-sxm", tp=8, context=CONTEXT, shared="after"))
    alone = {one.cost.kernel.name: one.cost for one in after.launches}
    rows: list[tuple[str, ...]] = []
    for launch in found.launches:
        if launch.block == "expert layer":
            cost = launch.cost
            ideal = max(float(cost.ideal.memory), float(cost.ideal.compute), float(cost.ideal.link))
            name = cost.kernel.name
            times = (*(float(one.terms.total) for one in (alone[name], cost)), ideal)
            rows.append((name, *(f"{time * 1e6:.1f}" for time in times)))
    return table(
        (
            "kernel",
            "shared after, µs",
            "beside, µs",
            "its bytes or FLOPs at the datasheet's rate, µs",
        ),
        rows,
    )


def today() -> str:
    """Steps of today's models on two nodes."""
    rows: list[tuple[str, ...]] = []
    for model in TODAY:
        for tp, ep in ((8, 1), (8, 8), (1, 8), (1, 1)):
            said = f"tp {tp} · ep {ep}"
            cells = [
                _step(diagnose(scenario(model, chip, batch=batch, context=4096, tp=tp, ep=ep)))
                for chip in ("h200-sxm", "b200-sxm")
                for batch in (1, 64)
            ]
            rows.append((f"`{model}`", said, *cells))
    head = ("model", "layout", "H200, B = 1", "B = 64", "B200, B = 1", "B = 64")
    return table(head, rows)


def _step(answer: Diagnosis) -> str:
    spare = float(answer.spare)
    return f"{float(answer.step) * 1e3:.2f} ms" if spare >= 0.0 else f"{-spare / 1e9:.0f} GB over"


PARTS = {
    "touched": touched,
    "imbalance": imbalance,
    "traffic": traffic,
    "batches": batches,
    "limits": limits,
    "crossing": crossing,
    "prompts": prompts,
    "floor": floor,
    "today": today,
}
"""What stands between the marks of the page."""


def page(whole: str) -> str:
    """The page with the engine's answers of today."""
    return filled(whole, PARTS)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
