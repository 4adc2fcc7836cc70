"""Words of Tiny Pioneer, Part 1. Numbers come in as arguments, computed by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.hearable_panel import sram_words
from ironlaw.instruments.scale import significant, with_prefix
from ironlaw.lab.questions import Option, Question, in_own_words
from ironlaw.lab.slope import SLOPE

if TYPE_CHECKING:
    from ironlaw.lab.hearable_bench import Limits
    from ironlaw.system.hearable.frame import Frame

_CLOSE = 10.0  # kB within which a prediction counts as close
_KB = 1e3

PREDICTION = (
    SLOPE,
    Question(
        id="kilobytes",
        kind="number",
        text="How many kilobytes of weights have to move from PSRAM to SRAM until arithmetic binds the frame?",
        help="From then on the weights come as fast as they are used.",
        unit="kB",
        min=0.0,
        max=1000.0,
    ),
)

PROMPT = (
    "Patterson asks",
    "Identify your binding constraint. Is it BW_mem or R_peak? Use the MBU gauge to prove it.",
)

CONSTRAINTS = {
    "BW_mem": "BW_mem: the lines a second from PSRAM",
    "R_peak": "R_peak: the multiply-adds a second",
    "L_lat": "L_lat: calls, and gate sums that are written and read back",
}

CONSTRAINT = Question(
    id="constraint",
    kind="choice",
    text="What binds the frame?",
    options=tuple(Option(name, text) for name, text in CONSTRAINTS.items()),
)
MBU = Question(
    id="mbu_raw",
    kind="number",
    text="Your evidence: which MBU does the bus to PSRAM reach?",
    help="Read it off the gauge, at the knobs as they stand.",
    unit="%",
    min=0.0,
    max=100.0,
)
LARGEST = Question(
    id="largest",
    kind="number",
    text="With every weight in PSRAM, which is the largest hidden size of the slider that meets the deadline?",
    help="Read it off the curve, or turn H.",
    unit="H",
    min=1.0,
    max=1024.0,
)
IN_WORDS = in_own_words("why does a faster core not make this frame shorter?")


def letter(says: str, found: Frame, limits: Limits) -> list[str]:
    """The hardware lead's letter.

    Args:
        says: Its first sentences.
        found: The frame as it stands.
        limits: What it may take.
    """
    cache = found.machine.cache
    held = 0 if cache is None else cache.capacity
    return [
        f"{says} What does it wait for?",
        (
            f"One frame comes every {with_prefix(limits.hop, 's', 2)}. The network has "
            f"{with_prefix(float(found.enhancer.weights), 'B')} of int8 weights, the cache of a core holds "
            f"{with_prefix(held, 'B')}, so every frame fetches all of them from PSRAM again, and uses each exactly "
            "once. One team asks for a faster core. Another swears that the hidden size only has to be a multiple of "
            "the cache line."
        ),
        (
            f"I have {sram_words(found.machine.sram)} of SRAM, and I give none of it away without evidence. Tell "
            "me first what binds, and how many kilobytes would change that."
        ),
    ]


def slope_feedback(chosen: str, found: Frame, more_peak: float, limits: Limits) -> str:
    """Feedback on the choice, written for that answer.

    Args:
        chosen: The option.
        found: The crisis.
        more_peak: Its time with twice R_peak [s].
        limits: What it may take.
    """
    x = found.enhancer.flops / found.outside
    ridge = found.machine.flop_rate / found.machine.rate(found.machine.home)
    facts = (
        f"An int8 weight is one byte and one multiply-add: {significant(x)} FLOP/B; the ridge of the measured kernels "
        f"is at {significant(ridge)}. With twice R_peak the frame still takes {with_prefix(more_peak, 's')}."
    )
    match chosen:
        case "in_proportion":
            return f"That holds under the plateau, once the weights come faster than they are used. {facts}"
        case "a_little":
            return (
                "Lines come while others are used: the longer of the two sets the time, and the arithmetic hides "
                f"behind the fetches. {facts}"
            )
        case "larger_batch":
            return (
                "A batch would use each weight twice, and raise the intensity; but the second frame comes "
                f"{with_prefix(limits.hop, 's', 2)} later, and the first may take "
                f"{with_prefix(limits.deadline, 's', 2)}. A hearable has no batch. {facts}"
            )
        case _:
            return f"Right: on the slope the time is bytes over bandwidth, and R_peak does not show in it. {facts}"


def kilobytes_feedback(guess: float, actual: float, found: Frame) -> str:
    """Feedback on the number.

    Args:
        guess: Predicted kilobytes [kB].
        actual: Computed kilobytes [kB].
        found: The crisis.
    """
    weights = found.enhancer.weights / _KB
    facts = (
        f"The weights take {with_prefix(found.memory, 's')}, the arithmetic {with_prefix(found.compute, 's')}. Each "
        f"kilobyte that moves takes {with_prefix(_KB / found.machine.rate(found.machine.home), 's')} off the wait, so "
        f"{significant(actual)} kB of {significant(weights)} kB are enough."
    )
    if abs(guess - actual) <= _CLOSE:
        return f"Close. {facts}"
    if guess < actual:
        return f"Too few: that many leave the bus busy while the arithmetic waits. {facts}"
    if guess >= weights:
        return f"Too many: not all weights have to move, only those that the bus cannot bring in time. {facts}"
    return f"Too many: from the ridge on, a kilobyte more in SRAM saves no time. {facts}"
