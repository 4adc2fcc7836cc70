"""Words of Edge Guardian, Part 3. Numbers come in as arguments, computed by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.lab.draft_question import DRAFT
from ironlaw.lab.questions import Option, Question

if TYPE_CHECKING:
    from ironlaw.explore.detector_search import Reached
    from ironlaw.system.detector_loop import Loop

ASKED = 4
"""Frames of the batch that the prediction is about."""
_CLOSE = 0.15  # of the latency, within which a prediction counts as close
_MS = 1e3

PREDICTION = (
    DRAFT,
    Question(
        id="verified",
        kind="number",
        text=(
            f"A tracker drafts {ASKED} frames, the detector checks them in one pass. How long after its scan are the "
            "boxes of the first of them verified?"
        ),
        help="A scan comes every period of the loop, and the pass begins when the last of them is there.",
        unit="ms",
        min=0.0,
        max=1000.0,
    ),
)

MEANS = {
    "draft": "Speculation in time: one pass for several frames",
    "experts": "Experts: a narrower detector for each scene",
    "bits": "Fewer bits or fewer weights: int8, sparsity",
    "both": "Experts with fewer bits or fewer weights",
}
IMPOSSIBLE = "impossible"

QUESTIONS = (
    Question(
        id="means",
        kind="choice",
        text="By which means do the knobs reach it, as they stand?",
        options=(
            *(Option(name, text) for name, text in MEANS.items()),
            Option(IMPOSSIBLE, "By none: no setting of this bench reaches it on time"),
        ),
    ),
    Question(
        id="factor",
        kind="number",
        text="How many times the frames a second that Part 2 left?",
        help="Read it off the gauge. If no setting reaches the demand: the most that one reaches on time.",
        unit="×",
        min=0.0,
        max=100.0,
    ),
    Question(
        id="latency",
        kind="number",
        text="After how long is the worst frame verified, at the knobs as they stand?",
        unit="ms",
        min=0.0,
        max=1000.0,
    ),
    Question(
        id="footprint",
        kind="number",
        text="How much memory is held, all detectors in it?",
        unit="MB",
        min=0.0,
        max=1000.0,
    ),
)


def letter(says: str, before: Loop) -> list[str]:
    """The product lead's letter.

    Args:
        says: Their first sentences.
        before: The loop of Part 1.
    """
    rate, deadline = with_prefix(before.usual.rate, "Hz"), with_prefix(before.deadline, "s")
    return [
        says,
        (
            f"The board verifies {grouped(before.usual.throughput)} frames a second today, one at a time. I am told of "
            "a trick of the language models: something small guesses ahead, the large model checks several guesses at "
            "once. A tracker could guess our boxes. I am also told of smaller detectors for each scene, of eight bits, "
            "and of weights that are left out."
        ),
        (
            f"The safety lead reads along: the sensor gives a scan at {rate}, its boxes have to be verified "
            f"within {deadline}, and what counts is the worst frame, not the mean. Show me what holds."
        ),
    ]


def asks(target: float, before: Loop) -> str:
    """What the product lead demands.

    Args:
        target: Times the frames a second.
        before: A loop, for its deadline and room.
    """
    return (
        f"{target:g}× the frames a second out of the same board, in {with_prefix(before.room, 'B')}, and no frame "
        f"later than {with_prefix(before.deadline, 's')}, the worst one neither. Turn the knobs to where it holds and "
        "prove it there; or prove that nothing here reaches it."
    )


def draft_feedback(chosen: str, plain: Loop, drafted: Loop) -> str:
    """Feedback on the choice, written for that answer.

    Args:
        chosen: The option.
        plain: The loop without drafts.
        drafted: The loop with them.
    """
    facts = (
        f"A frame takes {with_prefix(plain.flops, 'FLOP')} without a draft and {with_prefix(drafted.flops, 'FLOP')} "
        "with one: each of them still passes the detector, and the tracker comes on top."
    )
    match chosen:
        case "less":
            return f"The tracker replaces nothing: its boxes stand only once the detector has checked them. {facts}"
        case "same":
            return f"Checking costs what detecting costs, and drafting is not free. {facts}"
        case "depends":
            return (
                "Acceptance decides how often the car has acted on wrong boxes, not how much is computed: a refused "
                f"draft was computed, and so was its check. {facts}"
            )
        case _:
            return (
                f"Right. {facts} In a language model the refused tokens were checked in vain as well, and the ratio "
                "grows further."
            )


def verified_feedback(guess: float, drafted: Loop, plain: Loop) -> str:
    """Feedback on the number.

    Args:
        guess: Predicted latency [ms].
        drafted: The loop with batches.
        plain: The loop without.
    """
    batch, n = drafted.usual, drafted.setting.frames
    actual = _MS * batch.latency
    facts = (
        f"It waits {with_prefix(batch.waiting, 's')} for {n - 1} more scans, and the pass over {n} frames takes "
        f"{with_prefix(batch.network, 's')}: {significant(batch.network / plain.usual.network)} times that over one, "
        f"because arithmetic binds it. With draft, voxels and boxes that is "
        f"{with_prefix(batch.latency, 's')}, where {with_prefix(drafted.deadline, 's')} are allowed."
    )
    if abs(guess - actual) <= _CLOSE * actual:
        return f"Close. {facts}"
    if guess > actual:
        return f"Too long. {facts}"
    if guess <= _MS * batch.waiting:
        return f"Too short: a batch is whole only with its last scan. {facts}"
    return f"Too short: on the plateau a check of {n} frames is not the price of one. {facts}"


def late_text(found: Loop) -> str:
    """Why the deadline refuses a setting.

    Args:
        found: A loop whose worst frame is late.
    """
    batch, n = found.worst, found.setting.frames
    past = f"{with_prefix(found.late, 's')} past {with_prefix(found.deadline, 's')}"
    took = with_prefix(batch.latency, "s")
    if n > 1:
        return (
            f"The deadline refuses it: the first of {n} frames waits {with_prefix(batch.waiting, 's')} for the others "
            f"and is verified after {took} at worst, {past}."
        )
    if found.experts.gated:
        return (
            f"The deadline refuses it: where the gate is wrong, the right detector runs after the wrong one, and the "
            f"frame is verified after {took}, {past}."
        )
    return f"The deadline refuses it: the worst frame is verified after {took}, {past}."


def short_text(gained: float, target: float, found: Loop) -> str:
    """Why the demand is not met.

    Args:
        gained: Frames a second over those that Part 2 left.
        target: What is demanded.
        found: The loop.
    """
    rate = grouped(found.usual.throughput)
    return (
        f"On time, and not enough: {significant(gained)}× of {target:g}×, {rate} frames a second."
    )


def carried_text(gained: float, found: Loop) -> str:
    """What carries a proof.

    Args:
        gained: Frames a second over those that Part 2 left.
        found: The loop.
    """
    return (
        f"It holds: {significant(gained)}× the frames a second, the worst frame verified after "
        f"{with_prefix(found.worst.latency, 's')} of {with_prefix(found.deadline, 's')}, "
        f"{with_prefix(found.held.total, 'B')} of {with_prefix(found.room, 'B')} held."
    )


def search_words(search: Reached, target: float) -> str:
    """What the search over all settings says, without naming one.

    Args:
        search: All settings.
        target: What is demanded.
    """
    return (
        f"of {grouped(search.settings)} settings of this bench {grouped(search.holding)} are on time, and "
        f"{grouped(search.reaching)} of those reach {target:g}×"
    )


def wrong_at_words(found: Loop) -> str:
    """How long the car acts on wrong boxes.

    Args:
        found: A loop that drafts.
    """
    refused = 1.0 - found.kept / found.setting.frames
    return (
        f"{percent(refused)} of the drafts do not hold, and of the first one the car learns that after "
        f"{with_prefix(found.usual.exposure, 's')}"
    )
