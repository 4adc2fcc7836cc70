"""Words of Tiny Pioneer, Part 3. Numbers come in as arguments, computed by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.lab.draft_question import DRAFT
from ironlaw.lab.questions import Option, Question
from ironlaw.registry.hearables import hearable_sheet

if TYPE_CHECKING:
    from ironlaw.system.hearable.plan import Plan

LINE = 32
HALF = 0.5
TARGET = with_prefix(hearable_sheet().number("frame.power"), "W")
_CLOSE = 5.0  # percent within which a prediction counts as close

PREDICTION = (
    DRAFT,
    Question(
        id="lines",
        kind="number",
        text=(
            f"Half of the int8 weights of a matrix are zero, here and there. It comes in lines of {LINE} B, and a line "
            "is skipped only if all of it is zero. Which share of its lines is still fetched?"
        ),
        help="The zeros fall wherever training left them.",
        unit="%",
        min=0.0,
        max=100.0,
    ),
)

MEANS = {
    "gate": "The detector",
    "smaller": "A smaller network",
    "sparser": "A sparser network",
}

PROPOSE = Question(
    id="propose",
    kind="choice",
    text=f"What do you propose, so that the battery lasts twice as long and {TARGET} is settled?",
    options=(
        Option("gate", "The detector: wake the network for speech alone"),
        Option("smaller", "A smaller network, or one expert a scene"),
        Option("sparser", "A sparser network"),
        Option("chip", "Another chip"),
        Option("specification", f"Another specification than {TARGET}"),
    ),
)
POWER = Question(
    id="power",
    kind="number",
    text="Your evidence: which power does your design draw on average?",
    help="Read it off the meter, at the knobs as they stand.",
    unit="mW",
    min=0.0,
    max=1000.0,
)
FLOOR = Question(
    id="floor",
    kind="number",
    text="And which power does its chip draw asleep?",
    help="The red line of the meter.",
    unit="mW",
    min=0.0,
    max=1000.0,
)


def says(before: Plan, half: float) -> str:
    """The product lead in a sentence.

    Args:
        before: The network as Part 2 left it.
        half: The power that doubles the life of the battery [W].
    """
    return (
        f"At its best the enhancer of Part 2 draws {with_prefix(before.power.total, 'W')}; my customers want the "
        f"battery to last twice as long, so {with_prefix(half, 'W')}."
    )


def letter(first: str, before: Plan, gated: Plan, deadline: float) -> list[str]:
    """The letter that opens the part.

    Args:
        first: Its first sentence.
        before: The network as Part 2 left it.
        gated: The same, woken by a detector.
        deadline: What the longest frame may take [s].
    """
    listening = gated.listening
    size = "" if listening is None else f" of {with_prefix(listening.enhancer.weights, 'B')}"
    share = percent(1.0 if gated.gate is None else gated.gate.speech)
    return [
        first,
        (
            f"People speak {share} of the time. Someone proposes a tiny voice detector{size} that runs in every hop "
            "and wakes the network only for speech, as a draft model speaks for a large one. Someone else wants a "
            "small expert for each scene, street, office or wind, with the others asleep in flash. A third has set "
            "half of the weights to zero and cannot see where the bytes went."
        ),
        (
            f"The hardware lead still has {TARGET} in the specification, and asleep the chip draws "
            f"{with_prefix(before.power.floor, 'W')}. Part 2 ended with a proposal for that; now the two of us need "
            f"the design that carries it. No frame may take longer than {with_prefix(deadline, 's', 2)}."
        ),
    ]


def draft_feedback(chosen: str, gated: Plan) -> str:
    """Feedback on the choice, written for that answer.

    Args:
        chosen: The option.
        gated: The network, woken by a detector.
    """
    more = significant(gated.work_per_accepted / gated.frame.flops)
    part = percent(gated.work / gated.frame.flops)
    facts = (
        f"With the detector, each enhanced frame of speech takes {more}× the network's work: the detector listens in "
        "every hop, and false alarms wake the network for nothing."
    )
    hops = (
        f"Averaged over all hops the work falls to {part}, because most hops hold no speech: a draft of words has no "
        "such hops, each of its words has to be made."
    )
    match chosen:
        case "less":
            return f"What the draft accepts, the large model still has to do. {facts} {hops}"
        case "same":
            return f"That would need a draft that costs nothing and is never wrong. {facts}"
        case "depends":
            return f"Not below an acceptance of 1: how much more depends on it, more it is. {facts}"
        case _:
            return f"Right. {facts} {hops}"


def lines_feedback(guess: float, actual: float) -> str:
    """Feedback on the number.

    Args:
        guess: Predicted share [%].
        actual: Computed share [%].
    """
    facts = (
        f"A line of {LINE} B is all zero with a chance of {HALF:g} to the power of {LINE}: as good as every line is "
        f"fetched. Zeros in blocks of {LINE} B, aligned to the line, would leave {percent(HALF)} of the lines."
    )
    if abs(guess - actual) <= _CLOSE:
        return f"Close. {facts}"
    if guess >= 100.0 * HALF - _CLOSE:
        return f"As if the bus fetched weights. It fetches lines. {facts}"
    return f"Too few: not even the zeros themselves are that many. {facts}"
