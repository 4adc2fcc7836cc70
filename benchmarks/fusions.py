"""The exact best fusion set of a decoder's step, over every legal set and all batches of the lab."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 9


def fusion_figures() -> dict[str, float]:
    """Medians of the search by phase, the cuts that it compares, and one batch alone [s]."""
    from ironlaw.explore.fusion_search import best_fusions, best_of_batches
    from ironlaw.lab.tracks.cloud_titan import BATCHES, CHIP, CONTEXT, MODEL, TP
    from ironlaw.system.question import scenario

    figures: dict[str, float] = {}
    for phase in ("decode", "prefill"):
        asked = scenario(MODEL, CHIP, tp=TP, context=CONTEXT, phase=phase)
        best = best_of_batches(asked, BATCHES)
        times = [_seconds(lambda asked=asked: best_of_batches(asked, BATCHES)) for _ in range(RUNS)]
        figures[f"optimum_of_all_batches_{phase}_s"] = statistics.median(times)
        figures[f"optimum_of_all_batches_{phase}_cuts"] = float(best.cuts)
        alone = [_seconds(lambda asked=asked: best_fusions(asked)) for _ in range(RUNS)]
        figures[f"optimum_{phase}_s"] = statistics.median(alone)
    return figures


def _seconds(work: Callable[[], object]) -> float:
    """Time of one call [s]."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
