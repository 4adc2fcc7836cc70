"""Questions of the lab and the checking of their answers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from ironlaw.base.errors import DomainError
from ironlaw.base.plain import plain_fields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_WORDS = 5  # words that make a sentence
_TOLERANCE = 0.05  # of what is read off an instrument

Answer: TypeAlias = "str | float | list[str]"
"""An option, a number, a text, or several options."""

_SENTENCE = 40  # characters of a sentence of the learner's own


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A choice, several options, a number with a unit, or a sentence."""

    id: str
    kind: Literal["choice", "several", "number", "text"]
    text: str
    help: str | None = None
    options: tuple[Option, ...] = ()
    unit: str | None = None
    min: float | None = None
    max: float | None = None
    min_length: int | None = None

    def to_dict(self) -> dict[str, object]:
        """The question as plain data."""
        return plain_fields(self)

    def option(self, name: str) -> Option:
        """An option by its id."""
        return next(option for option in self.options if option.id == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the engine says of an answer."""

    right: bool
    feedback: str
    answer: Answer


def verdict_from(entry: Mapping[str, object]) -> Verdict:
    """A verdict as the ledger keeps it.

    Args:
        entry: Its fields as plain data.
    """
    return Verdict(
        right=bool(entry["right"]),
        feedback=str(entry["feedback"]),
        answer=cast("Answer", entry["answer"]),
    )


def checked(questions: Iterable[Question], answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers, one to each question, each inside what its question allows.

    Args:
        questions: What was asked.
        answers: What was answered, by question.

    Returns:
        The answers, numbers as floats, texts without outer blanks.

    Raises:
        DomainError: naming `answers.<question>`, the value and what is allowed.
    """
    return {question.id: _checked(question, answers.get(question.id)) for question in questions}


def _is_prose(text: str) -> bool:
    """Whether a text is words that can be written down, and no control characters or halves of a character."""
    written = all(letter.isprintable() or letter in "\n\t" for letter in text)
    words = [word for word in text.split() if any(letter.isalnum() for letter in word)]
    return written and len(words) >= _WORDS


def quantity(answers: Mapping[str, Answer], question: str) -> float:
    """The number that answers a question, in the question's unit.

    Args:
        answers: Checked answers.
        question: Its id.
    """
    return float(cast("float", answers[question]))


def near(answer: float, actual: float) -> bool:
    """Whether a number was read off an instrument: within 5 % of what the engine computes.

    Args:
        answer: What was read.
        actual: What the instrument shows.
    """
    return abs(answer - actual) <= _TOLERANCE * abs(actual)


def in_own_words(text: str) -> Question:
    """The question for a sentence of the learner's own.

    Args:
        text: What it asks, after "In your own words".
    """
    return Question(
        id="sentence", kind="text", text=f"In your own words: {text}", min_length=_SENTENCE
    )


def kept(answers: Mapping[str, Answer], question: str) -> Verdict:
    """A sentence of the learner's own: any will do, and it is kept.

    Args:
        answers: Checked answers.
        question: Its id.
    """
    return Verdict(right=True, feedback="Kept in the ledger.", answer=answers[question])


def several(answers: Mapping[str, Answer], question: str) -> tuple[str, ...]:
    """The options that answer a question.

    Args:
        answers: Checked answers.
        question: Its id.
    """
    return tuple(cast("list[str]", answers[question]))


def _several(question: Question, answer: object) -> list[str]:
    """Options, each once, in the order of the question."""
    names = [option.id for option in question.options]
    allowed = f"lists of at least one of {', '.join(names)}"
    given: object = answer
    picked = cast("list[object]", given) if isinstance(given, list) else []
    found = [name for name in names if name in picked]
    if not found or len(found) < len(picked):
        raise DomainError(f"answers.{question.id}", answer, allowed)
    return found


def _checked(question: Question, answer: object) -> Answer:
    field = f"answers.{question.id}"
    if question.kind == "several":
        return _several(question, answer)
    if question.kind == "choice":
        names = [option.id for option in question.options]
        if answer not in names or not isinstance(answer, str):
            raise DomainError(field, answer, f"the options {', '.join(names)}")
        return answer
    if question.kind == "text":
        least = question.min_length or 1
        if not isinstance(answer, str) or len(answer.strip()) < least or not _is_prose(answer):
            allowed = f"sentences of at least {least} characters and {_WORDS} words"
            raise DomainError(field, answer, allowed)
        return answer.strip()
    low = -math.inf if question.min is None else question.min
    high = math.inf if question.max is None else question.max
    if isinstance(answer, bool) or not isinstance(answer, (int, float)):
        raise DomainError(field, answer, f"the numbers from {low:g} to {high:g} {question.unit}")
    if not (math.isfinite(answer) and low <= answer <= high):
        raise DomainError(field, answer, f"the numbers from {low:g} to {high:g} {question.unit}")
    return float(answer)
