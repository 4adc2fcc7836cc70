"""A million points of a dense transformer's decode step, all kernels, on one core, against the loop of single steps."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

POINTS = 1 << 20
RUNS = 7
LOOPED = 400

AXES = {
    "batch": range(1, 257),
    "context": range(256, 512 * 256 + 1, 256),
    "tp": (1, 2, 4, 8),
    "dtype": ("bf16", "fp8"),
}


def sweep_figures() -> dict[str, float]:
    """Medians: the whole sweep, the best point of it, and how much longer the loop would take [s]."""
    from ironlaw.explore.sweep import sweep

    asked = sweep("llama-3-70b", "h100-sxm", **AXES)
    if asked.n_points != POINTS:
        raise SystemExit(f"{asked.n_points} points instead of {POINTS}")

    def columns() -> None:
        for chunk in asked.chunks():
            for name in ("step", "tokens_per_second", "mfu", "footprint", "spare"):
                chunk.column(name)

    whole = statistics.median(_seconds(columns) for _ in range(RUNS))
    best = statistics.median(_seconds(lambda: asked.best("tokens_per_second")) for _ in range(RUNS))
    return {
        "sweep_million_points_s": whole,
        "sweep_best_of_a_million_s": best,
        "sweep_loop_ratio": _loop() * POINTS / whole,
    }


def _loop() -> float:
    """One step of the same grid, asked alone, median [s]."""
    from dataclasses import replace

    from ironlaw.explore.sweep import sweep
    from ironlaw.system.diagnosis import diagnose

    cases = sweep("llama-3-70b", "h100-sxm", **AXES).cases
    times: list[float] = []
    for i in range(LOOPED):
        case = cases[i % len(cases)]
        request = replace(case.request, batch=float(i % 256 + 1), context_len=256.0 * (i + 1))
        asked = replace(case, request=request)
        times.append(_seconds(lambda asked=asked: diagnose(asked)))
    return statistics.median(times)


def _seconds(work: Callable[[], object]) -> float:
    """Time of one call [s]."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
