"""A stakeholder's challenge: a claim proved at the knobs as they stand, or refused with the number against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from ironlaw.base.plain import plain_fields
from ironlaw.lab.messages import Knob
from ironlaw.lab.questions import Answer, Question, Verdict, verdict_from

if TYPE_CHECKING:
    from ironlaw.lab.part import Content, Standing

_TRIES = 6

Knobs = Mapping[str, Knob]
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the engine says of an attempt.

    Attributes:
        verdicts: On each answer.
        text: The number that refutes or carries the claim, in a sentence.
    """

    verdicts: Mapping[str, Verdict]
    text: str

    @property
    def proved(self) -> bool:
        """Whether every answer holds."""
        return all(verdict.right for verdict in self.verdicts.values())

    def to_dict(self) -> dict[str, object]:
        """The judgement as plain data."""
        return {
            "text": self.text,
            "verdicts": {name: plain_fields(one) for name, one in self.verdicts.items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """An attempt.

    Attributes:
        number: Its number, from 1.
        label: The operating point in a few words.
        knobs: Where the knobs stood.
        answers: What was claimed.
        judgement: What the engine says.
    """

    number: int
    label: str
    knobs: Knobs
    answers: Answers
    judgement: Judgement

    @property
    def proved(self) -> bool:
        """Whether the claim holds."""
        return self.judgement.proved

    def to_dict(self) -> dict[str, object]:
        """The attempt as a row of a table."""
        return {
            "number": self.number,
            "label": self.label,
            "proved": self.proved,
            "text": self.judgement.text,
        }


def _nothing(_: Answers, __: Knobs) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a stakeholder demands, and how a proof of it is judged.

    Attributes:
        who: Who demands it.
        asks: What they demand, computed.
        target: It in a word or two, such as "2×".
        questions: What a proof has to name, at some knobs.
        judge: Verdicts on its answers, where a learner stands.
        label: The operating point at some knobs, in a few words.
        decision: What an accepted proof decides, in words; None where it decides nothing.
        submit: The label of the button.
        limit: Attempts that there are.
    """

    who: str
    asks: Callable[[], str]
    target: str
    questions: Callable[[Knobs], tuple[Question, ...]]
    judge: Callable[[Answers, Standing], Judgement]
    label: Callable[[Knobs], str]
    decision: Callable[[Answers, Knobs], str | None] = _nothing
    submit: str = "Prove it here"
    limit: int = _TRIES

    def left(self, tries: tuple[Tried, ...]) -> int:
        """Attempts that are left; none once one has held."""
        return 0 if any(one.proved for one in tries) else self.limit - len(tries)

    def objection(self, tries: tuple[Tried, ...]) -> str | None:
        """What has to be done before the reveal; None if nothing."""
        if self.left(tries) <= 0:
            return None
        return (
            f"prove it first: {self.target}, with {self.left(tries)} of {self.limit} attempts left"
        )


def challenge_view(challenge: Challenge, standing: Standing) -> Content:
    """The challenge as the workbench shows it.

    Args:
        challenge: The challenge.
        standing: Where the learner stands.
    """
    tries = standing.tries
    last = tries[-1] if tries else None
    return {
        "who": challenge.who,
        "asks": challenge.asks(),
        "target": challenge.target,
        "questions": [one.to_dict() for one in challenge.questions(standing.knobs)],
        "submit": challenge.submit,
        "limit": challenge.limit,
        "left": challenge.left(tries),
        "proved": last is not None and last.proved,
        "tries": [one.to_dict() for one in tries],
        "verdicts": None if last is None else last.judgement.to_dict()["verdicts"],
    }


def tried_from(number: int, payload: Mapping[str, object]) -> Tried:
    """An attempt as the ledger keeps it.

    Args:
        number: Its number, from 1.
        payload: Label, knobs, answers, and what `Judgement.to_dict` wrote.
    """
    given = cast("Mapping[str, Mapping[str, object]]", payload["verdicts"])
    return Tried(
        number=number,
        label=str(payload["label"]),
        knobs=cast("Knobs", payload["knobs"]),
        answers=cast("Answers", payload["answers"]),
        judgement=Judgement(
            verdicts={name: verdict_from(entry) for name, entry in given.items()},
            text=str(payload["text"]),
        ),
    )
