"""Words of Cloud Titan, Part 2. Numbers come in as arguments, computed by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.lab.fusion_pair import REDUCES
from ironlaw.lab.questions import Question

if TYPE_CHECKING:
    from ironlaw.system.diagnosis import Diagnosis

CLOSE = 5.0  # percentage points within which a prediction counts as close

PREDICTION = (
    REDUCES,
    Question(
        id="gone",
        kind="number",
        text="Which share of the bytes of a decode step goes away when it is fused in full?",
        help="Against a step in which each operator runs alone, on the same node under the same load.",
        unit="%",
        min=0.0,
        max=100.0,
    ),
)

PROMPT = (
    "Jeff Dean observes",
    "Your kernels are too small, dispatch overhead dominates. Propose a kernel tiling change to saturate the hardware.",
)


def letter(now: Diagnosis, cache_share: float, bandwidth: float) -> list[str]:
    """The CFO's second letter.

    Args:
        now: The step as the crisis has it.
        cache_share: Share of it in kernels that touch the cache.
        bandwidth: What the bus carries, as a fraction of its peak.
    """
    return [
        (
            f"You told us what binds: bytes. {percent(cache_share)} of a decode step goes to the KV cache, the bus is "
            f"{percent(bandwidth)} busy, and the arithmetic idles at {percent(float(now.mfu))} MFU."
        ),
        (
            f"We will not buy bandwidth. The step launches {grouped(now.n_kernels)} kernels and each hands its result "
            "to the next through memory. Your engineers say that kernels can be fused. Some of them say that this cuts "
            "the work, some that it cuts the bytes, and some that it only looks tidier."
        ),
        (
            "Find the set of fusions that serves us best, on the memory that the chips have. You may turn every knob "
            "as you like, but cluster time is dear: the instruments answer only when you press Run."
        ),
    ]


def share_feedback(guess: float, share: float, none: Diagnosis, full: Diagnosis) -> str:
    """Feedback on the number.

    Args:
        guess: Predicted share [%].
        share: Computed share [%].
        none: The step with nothing fused.
        full: The step fused in full.
    """
    facts = (
        f"Each chip moves {with_prefix(float(none.traffic), 'B')} a step with nothing fused and "
        f"{with_prefix(float(full.traffic), 'B')} fused in full. What is left is read by any algorithm: "
        f"{with_prefix(float(full.useful_traffic), 'B')} of weights and cache, each once."
    )
    if abs(guess - share) <= CLOSE:
        return f"Close. {facts}"
    if guess < share:
        return (
            "Too low. Most of the traffic was never the model: it is copies of the cache and results that one kernel "
            f"writes for the next. {facts}"
        )
    return f"Too high: weights and cache have to be read, however much is fused. {facts}"


def experiment_claim(none: Diagnosis, full: Diagnosis) -> str:
    """What the levels show.

    Args:
        none: The step with nothing fused.
        full: The step fused in full.
    """
    gone = 1.0 - float(full.traffic) / float(none.traffic)
    faster = float(none.step) / float(full.step)
    same = float(full.flops) == float(none.flops)
    work = "not one operation less" if same else "other operations"
    return f"{percent(gone)} of the bytes and {work}: the step is {significant(faster, 2)} times as fast."
