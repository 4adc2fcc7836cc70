"""A whole LSTM step through the cache of a microcontroller: what a slider of the lab waits for."""

from __future__ import annotations

import statistics
import time

RUNS = 15
HIDDEN, INPUTS, LAYERS = 256, 128, 2  # TinyLSTMs


def cache_figures() -> dict[str, float]:
    """Medians of one step's simulation by gate order, and of the same with rows that fit no line [s]."""
    from ironlaw.registry.chips import load_chip
    from ironlaw.system.cache.geometry import chip_cache
    from ironlaw.system.cache.layout import GateOrder, Walk, lstm_matrices
    from ironlaw.system.cache.simulate import simulate

    cache = chip_cache(load_chip("esp32"))
    figures: dict[str, float] = {}
    for order in GateOrder:
        for name, hidden in (("", HIDDEN), ("_odd", HIDDEN - 1)):
            step = lstm_matrices(INPUTS, hidden, LAYERS, Walk(order=order))
            taken: list[float] = []
            for _ in range(RUNS):
                start = time.perf_counter()
                simulate(step, cache)
                taken.append(time.perf_counter() - start)
            figures[f"cache_step_{order.value}{name}_s"] = statistics.median(taken)
    return figures


if __name__ == "__main__":
    for figure, seconds in cache_figures().items():
        print(f"{figure} {seconds:.4f}")
