"""Words of Mobile Nomad, Part 3. Numbers come in as arguments, computed by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.lab.draft_question import DRAFT
from ironlaw.lab.questions import Question

if TYPE_CHECKING:
    from ironlaw.lab.tracks.mobile_words import Words

_CLOSE = 10.0  # percentage points within which a prediction counts as close


def prediction(layers: int, of: int, length: int, alpha: float) -> tuple[Question, Question]:
    """The questions of the lock.

    Args:
        layers: Decoder layers of the draft.
        of: Those of the translator.
        length: Words that it proposes.
        alpha: How often a word is right if those before it were.
    """
    made = "one layer" if layers == 1 else f"{layers} layers"
    number = Question(
        id="joules",
        kind="number",
        text=(
            f"A draft has {made} of the translator's {of}, of the same width, and the same words to choose from. It "
            f"proposes {grouped(float(length))} of them, and {percent(alpha)} are right if those before them were. "
            "What does a word cost then, of the joules that it took without the draft?"
        ),
        help="100 % is as much as before. The joules are of a whole word: draft, check, and its share of the encoder.",
        unit="%",
        min=0.0,
        max=200.0,
    )
    return (DRAFT, number)


def letter(says: str, phrase: float, watts: float, bears: float, words: int) -> list[str]:
    """The product lead's letter.

    Args:
        says: Its first sentences.
        phrase: Joules of a phrase [J].
        watts: Power of the translator at the cadence of the pipeline [W].
        bears: What the skin bears in a room [W].
        words: Of a phrase.
    """
    return [
        says,
        (
            f"A phrase of {words} words takes {with_prefix(phrase, 'J')}, {with_prefix(watts, 'W')} of the "
            f"{with_prefix(bears, 'W')} that the temple bears. Marketing wants every sign, every voice and every "
            "language at the table translated: more words, and not a joule more."
        ),
        (
            "Research offers three things. A tiny network that guesses the next words, and the translator only checks. "
            "Experts: a translator of many languages, of which each phrase uses one. And pruning. Each of them is said "
            "to be free."
        ),
        (
            "You have fused and rounded what there was to fuse and round. Now change what is computed, and tell me "
            "what it costs: in joules, in operations, and in the memory that we do not have."
        ),
    ]


def draft_feedback(chosen: str, found: Words) -> str:
    """Feedback on the choice, written for that answer.

    Args:
        chosen: The option.
        found: The translator with the draft of the question.
    """
    facts = (
        f"Here a word takes {with_prefix(found.plain.per_sample.flops / found.plain.rounds, 'FLOP')} without the draft "
        f"and {with_prefix(found.now.per_sample.flops / found.now.rounds, 'FLOP')} with it, "
        f"{significant(found.work)} times as many."
    )
    match chosen:
        case "less":
            why = "The large network computes every word that is kept, and those that are not as well."
        case "same":
            why = "A check of several words computes them all, and keeps only those up to the first wrong one."
        case "depends":
            why = "Even if most are accepted the draft's own work comes on top, and some of the check is lost."
        case _:
            why = "Right: work goes up. Whether joules go down is another question, and depends on the bytes."
    return f"{why} {facts}"


def joules_feedback(guess: float, actual: float, found: Words, draft: float) -> str:
    """Feedback on the number.

    Args:
        guess: Predicted [%].
        actual: Computed [%].
        found: The translator with the draft of the question.
        draft: Bytes of a step of the draft over those of a step of the translator.
    """
    facts = (
        f"A round makes {significant(found.now.tokens_per_round)} words. Its {found.now.draft_len} drafted words each "
        f"read {percent(draft)} of the bytes of a step of the translator: the layer is small, and the matrix of all "
        "the words is read for every one of them."
    )
    if abs(guess - actual) <= _CLOSE:
        return f"Close. {facts}"
    if guess < actual:
        return f"Too few: a draft of one layer is not a sixth of the bytes. {facts}"
    return f"Too many: the check reads the weights once for all of them. {facts}"


def experiment_claim(alone: str, gain: float) -> str:
    """What the workbench holds, in two sentences.

    Args:
        alone: What a draft alone reaches.
        gain: What was proved; 0 where nothing was.
    """
    if not gain:
        return alone
    return f"{alone} You proved {significant(gain)}."
