"""Events of a ledger in words, for the learner and for who grades."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ironlaw.instruments.scale import percent, with_prefix
from ironlaw.lab.challenge import tried_from
from ironlaw.lab.runs import outcome_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ironlaw.lab.ledger import Event, EventKind
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Part
    from ironlaw.lab.questions import Answer, Question
    from ironlaw.lab.runs import Outcome


def in_words(event: Event, part: Part) -> str:
    """What a learner did, in a line.

    Args:
        event: An event of the ledger.
        part: The part that it belongs to.
    """
    return _WORDS[event.kind](event.payload, part)


def _predicted(payload: Mapping[str, object], part: Part) -> str:
    return "predicted: " + _answers(part.prediction, payload["answers"])


def _turned(payload: Mapping[str, object], part: Part) -> str:
    knobs = cast("Mapping[str, Knob]", payload["knobs"])
    return "turned the knobs: " + part.in_words(knobs)


def _ran(payload: Mapping[str, object], part: Part) -> str:
    outcome = outcome_from(cast("Mapping[str, object]", payload["outcome"]))
    if outcome.value is None:
        return f"ran {outcome.label}: {_failed(outcome)}"
    name = "" if part.counted is None else f"{part.counted.value} "
    return f"ran {outcome.label}: {name}{percent(outcome.value)}"


def _failed(outcome: Outcome) -> str:
    """By how much a run failed."""
    if outcome.failure == "deadline" and not outcome.unit:
        return f"frames past the deadline: {outcome.over:g}"
    what = {
        "deadline": "past the deadline",
        "throttle": "more than the skin bears",
        "sram": "too much for the SRAM",
    }.get(outcome.failure or "", "too much for the memory")
    unit = outcome.unit or {"throttle": "W"}.get(outcome.failure or "", "B")
    return f"{with_prefix(outcome.over, unit)} {what}"


def _proved(payload: Mapping[str, object], _: Part) -> str:
    tried = tried_from(1, payload)
    verb = "proved" if tried.proved else "tried to prove"
    return f"{verb} it at {tried.label}: {tried.judgement.text}"


def _defended(payload: Mapping[str, object], part: Part) -> str:
    questions = part.reflection(cast("Mapping[str, Knob]", payload["knobs"]))
    verdicts = cast("Mapping[str, Mapping[str, object]]", payload["verdicts"])
    right = len([1 for verdict in verdicts.values() if verdict["right"]])
    claims = _answers((q for q in questions if q.kind != "text"), payload["answers"])
    return f"defended, {right} of {len(verdicts)} hold: {claims}"


def _answers(questions: Iterable[Question], given: object) -> str:
    answers = cast("Mapping[str, Answer]", given)
    return " · ".join(_answer(question, answers[question.id]) for question in questions)


def _answer(question: Question, answer: Answer) -> str:
    known = {option.id: option.text for option in question.options}
    if isinstance(answer, list):
        return " + ".join(known.get(name, name) for name in answer)
    if isinstance(answer, str):
        return known.get(answer, answer)
    return f"{answer:g} {question.unit}"


_WORDS: Mapping[EventKind, Callable[[Mapping[str, object], Part], str]] = {
    "start": lambda payload, part: f"began part {part.number} of {payload['track']}",
    "read": lambda payload, _: f"read on, to the step {payload['next']}",
    "predict": _predicted,
    "lock": lambda _, __: "locked the prediction",
    "act": _turned,
    "run": _ran,
    "prove": _proved,
    "reveal": lambda _, __: "asked for the reveal",
    "reflect": _defended,
    "decide": lambda payload, _: str(payload["decision"]),
}
