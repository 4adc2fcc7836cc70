"""A thermal trace of the glasses: what a slider of the lab waits for."""

from __future__ import annotations

import statistics
import time

LOADS = (1.0, 1.5, 2.0, 3.0, 4.38, 6.0)
RATES = (60.0, 45.0, 30.0, 15.0)
AIR = (298.15, 308.15)


def thermal_figures() -> dict[str, float]:
    """Median and largest time of a ten-minute trace with leakage and governor, over loads and ambients [s]."""
    from ironlaw.instruments.thermal_trace import ThermalQuestion, thermal_trace
    from ironlaw.registry.chips import load_chip
    from ironlaw.registry.thermal import thermal_facts
    from ironlaw.system.thermal.body import wearable
    from ironlaw.system.thermal.governor import points_of

    facts = thermal_facts(load_chip("ar-glasses"))
    taken: list[float] = []
    for ambient in AIR:
        for load in LOADS:
            question = ThermalQuestion(
                points=points_of(load, RATES),
                ambient=ambient,
                limit=facts.skin_limit,
                hysteresis=facts.hysteresis,
            )
            start = time.perf_counter()
            thermal_trace(wearable(facts), question).to_dict()
            taken.append(time.perf_counter() - start)
    return {"thermal_trace_s": statistics.median(taken), "thermal_trace_max_s": max(taken)}


if __name__ == "__main__":
    for figure, seconds in thermal_figures().items():
        print(f"{figure} {seconds:.4f}")
