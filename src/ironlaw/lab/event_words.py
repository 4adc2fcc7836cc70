"""Events of a ledger in words, for the learner and for who grades."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ironlaw.lab.knobs import Control
    from ironlaw.lab.ledger import Event, EventKind
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Part
    from ironlaw.lab.questions import Question


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
    shown = (_knob(control, knobs[control.id]) for control in part.controls)
    return "turned the knobs: " + " · ".join(shown)


def _knob(control: Control, value: Knob) -> str:
    if isinstance(value, bool):
        return f"{control.label} {'on' if value else 'off'}"
    if isinstance(value, str):
        return f"{control.label} {value}"
    return f"{control.label} {value:,g}"


def _defended(payload: Mapping[str, object], part: Part) -> str:
    questions = part.reflection(cast("Mapping[str, Knob]", payload["knobs"]))
    verdicts = cast("Mapping[str, Mapping[str, object]]", payload["verdicts"])
    right = len([1 for verdict in verdicts.values() if verdict["right"]])
    claims = _answers((q for q in questions if q.kind != "text"), payload["answers"])
    return f"defended, {right} of {len(verdicts)} hold: {claims}"


def _answers(questions: Iterable[Question], given: object) -> str:
    answers = cast("Mapping[str, str | float]", given)
    return " · ".join(_answer(question, answers[question.id]) for question in questions)


def _answer(question: Question, answer: str | float) -> str:
    if isinstance(answer, str):
        known = {option.id: option.text for option in question.options}
        return known.get(answer, answer)
    return f"{answer:g} {question.unit}"


_WORDS: Mapping[EventKind, Callable[[Mapping[str, object], Part], str]] = {
    "start": lambda payload, part: f"began part {part.number} of {payload['track']}",
    "read": lambda payload, _: f"read on, to the step {payload['next']}",
    "predict": _predicted,
    "lock": lambda _, __: "locked the prediction",
    "act": _turned,
    "reveal": lambda _, __: "named the constraint and asked for the reveal",
    "reflect": _defended,
    "decide": lambda payload, _: str(payload["decision"]),
}
