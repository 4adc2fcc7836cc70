"""Prediction against reality: the choice, the number and the experiment of a reveal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ironlaw.lab.part import Content
    from ironlaw.lab.questions import Question


def choice_content(
    question: Question,
    chosen: str,
    correct: str,
    misconceptions: Mapping[str, str | None],
    feedback: str,
) -> Content:
    """A choice beside the right one.

    Args:
        question: What was asked.
        chosen: The option that was locked.
        correct: The right one.
        misconceptions: The name of what stands behind each wrong option.
        feedback: Written for the option that was locked.
    """
    return {
        "question": question.text,
        "yours": {"id": chosen, "text": question.option(chosen).text},
        "correct": {"id": correct, "text": question.option(correct).text},
        "right": chosen == correct,
        "misconception": misconceptions[chosen],
        "feedback": feedback,
    }


def number_content(question: Question, predicted: float, actual: float, feedback: str) -> Content:
    """A number beside what the engine computes.

    Args:
        question: What was asked.
        predicted: The number that was locked, in the question's unit.
        actual: What the engine computes, in the same unit.
        feedback: Written for the number that was locked.
    """
    return {
        "question": question.text,
        "unit": question.unit,
        "min": question.min,
        "max": question.max,
        "predicted": predicted,
        "actual": actual,
        "gap": abs(actual - predicted),
        "feedback": feedback,
    }


def experiment_content(claim: str, unit: str, bars: Sequence[tuple[str, float]]) -> Content:
    """An experiment as bars.

    Args:
        claim: What it shows.
        unit: Of the bars.
        bars: Labels and values, the first as it is.
    """
    return {
        "claim": claim,
        "unit": unit,
        "bars": [{"label": label, "value": value} for label, value in bars],
    }
