"""Answers are checked at the door, by name."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.lab.questions import Option, Question, checked

CHOICE = Question(
    id="slope", kind="choice", text="?", options=(Option("yes", "Y"), Option("no", "N"))
)
NUMBER = Question(id="share", kind="number", text="?", unit="%", min=0.0, max=100.0)
TEXT = Question(id="sentence", kind="text", text="?", min_length=10)
QUESTIONS = (CHOICE, NUMBER, TEXT)
WHOLE = {"slope": "no", "share": 35, "sentence": "  because of all the copies  "}


def test_answers_are_taken_as_they_are_meant():
    found = checked(QUESTIONS, WHOLE)
    assert found == {"slope": "no", "share": 35.0, "sentence": "because of all the copies"}
    assert isinstance(found["share"], float)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"slope": "maybe"}, "answers.slope = 'maybe' is outside the options yes, no"),
        ({"slope": 1.0}, "answers.slope = 1.0 is outside the options"),
        ({"slope": None}, "answers.slope = None is outside the options"),
        ({"share": -1.0}, "answers.share = -1.0 is outside the numbers from 0 to 100 %"),
        ({"share": 100.5}, "answers.share = 100.5 is outside"),
        ({"share": float("nan")}, "answers.share = nan is outside"),
        ({"share": float("inf")}, "answers.share = inf is outside"),
        ({"share": "35"}, "answers.share = '35' is outside"),
        ({"share": True}, "answers.share = True is outside"),
        ({"share": None}, "answers.share = None is outside"),
        ({"sentence": "too short"}, "answers.sentence = .* sentences of at least 10 characters"),
        ({"sentence": " " * 20}, "answers.sentence"),
        ({"sentence": 12345678901.0}, "answers.sentence"),
    ],
    ids=str,
)
def test_each_answer_is_refused_by_name(change, message):
    with pytest.raises(DomainError, match=message) as error:
        checked(QUESTIONS, {**WHOLE, **change})
    assert error.value.field == f"answers.{next(iter(change))}"


@pytest.mark.parametrize("missing", ["slope", "share", "sentence"])
def test_a_missing_answer_is_named(missing):
    answers = {name: value for name, value in WHOLE.items() if name != missing}
    with pytest.raises(DomainError, match=f"answers.{missing} = None"):
        checked(QUESTIONS, answers)


def test_limits_belong_to_the_range():
    for value in (0, 100):
        assert checked((NUMBER,), {"share": value}) == {"share": float(value)}


@pytest.mark.parametrize(
    "sentence", ["x" * 60, "\x00" * 60, "a b\x00 c d e f g h", "- - - - - - - - -"]
)
def test_what_is_no_sentence_is_refused(sentence):
    with pytest.raises(DomainError, match=r"answers\.sentence = .* and 5 words"):
        checked(QUESTIONS, {**WHOLE, "sentence": sentence})
