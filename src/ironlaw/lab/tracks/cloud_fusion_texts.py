"""Words of Cloud Titan, Part 2. Numbers come in as arguments, computed by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.lab.questions import Option, Question

if TYPE_CHECKING:
    from ironlaw.system.diagnosis import Diagnosis

CORRECT = "traffic"
CLOSE = 5.0  # percentage points within which a prediction counts as close

PREDICTION = (
    Question(
        id="reduces",
        kind="choice",
        text="Does fusing Linear + ReLU reduce the total number of operations (O) or the total data moved (D_vol)?",
        options=(
            Option("operations", "The operations O: one kernel has less to do than two"),
            Option("traffic", "The data moved D_vol, and the operations stay"),
            Option("both", "Both: what is fused computes less and moves less"),
            Option("neither", "Neither: it only saves the launch of a kernel"),
        ),
    ),
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

MISCONCEPTIONS: dict[str, str | None] = {
    "operations": "The smaller program: as if fewer kernels meant less arithmetic",
    "traffic": None,
    "both": "The free lunch: as if saving bytes saved the work on them",
    "neither": "The launch counter: as if a kernel's only cost were to start it",
}

PROMPT = (
    "Jeff Dean observes",
    "Your kernels are too small, dispatch overhead dominates. Propose a kernel tiling change to saturate the hardware.",
)


class Pair(NamedTuple):
    """A linear layer and its ReLU, apart and as one kernel: work [FLOP], bytes [B] and launches of one pass."""

    where: str
    flops_apart: float
    flops_together: float
    traffic_apart: float
    traffic_together: float
    kernels_apart: int
    kernels_together: int


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


def choice_feedback(option: str, pair: Pair) -> str:
    """Feedback on the choice, written for that answer.

    Args:
        option: The option.
        pair: A linear layer with its ReLU.
    """
    saved = pair.traffic_apart - pair.traffic_together
    facts = (
        f"{pair.where}, apart and fused: {with_prefix(pair.flops_apart, 'FLOP')} and "
        f"{with_prefix(pair.flops_together, 'FLOP')} of work, {with_prefix(pair.traffic_apart, 'B')} and "
        f"{with_prefix(pair.traffic_together, 'B')} moved, {pair.kernels_apart} launches and {pair.kernels_together}."
    )
    match option:
        case "operations":
            return (
                "The ReLU still looks at every element, and the matrix product is what it was: a fused kernel does the "
                f"same operations one after the other, on a tile that is still on the chip. {facts}"
            )
        case "both":
            return (
                "Half of it. The bytes fall because the result between the two is not written and read again; no "
                f"operation falls with them, since each was needed and still is. {facts}"
            )
        case "neither":
            return (
                f"One launch is saved, and more than that: the result between the two never goes to memory, "
                f"{with_prefix(saved, 'B')} that are neither written nor read. {facts}"
            )
        case _:
            return (
                f"Right: the same operations, and {with_prefix(saved, 'B')} less to move. {facts}"
            )


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
