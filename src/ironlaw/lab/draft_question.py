"""The question of every Part 3: does a draft save work? And the experiment that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import significant
from ironlaw.lab.questions import Option, Question
from ironlaw.lab.reveal import experiment_content

if TYPE_CHECKING:
    from ironlaw.lab.part import Content

CORRECT = "more"
DRAFT = Question(
    id="draft",
    kind="choice",
    text="If a tiny draft model predicts tokens, does the total work (TFLOPs) for each final word go up or down?",
    options=(
        Option("less", "Down: the small model does most of the work"),
        Option("same", "Neither: a check costs what the step would have cost"),
        Option("more", "Up: what is drafted and refused was work too"),
        Option("depends", "Down if most of the draft is accepted, up if not"),
    ),
)
MISCONCEPTIONS: dict[str, str | None] = {
    "less": "The cheap substitute: as if the draft's words were not checked by the large model",
    "same": "The free check: as if only the words that are kept were computed",
    "more": None,
    "depends": "The break-even of work: time has one, work has none below an acceptance of 1",
}


def draft_experiment(what: str, plain: float, drafted: float, unit: str = "FLOP") -> Content:
    """The work for what is kept, without a draft and with it.

    Args:
        what: What the work is for: a word, a frame.
        plain: Work without a draft, in the unit.
        drafted: Work with it.
        unit: FLOP, or another.
    """
    ratio = drafted / plain
    direction = "more" if ratio > 1.0 else "less"
    factor = ratio if ratio > 1.0 else 1.0 / ratio
    claim = f"With the draft each {what} takes {significant(factor)}× {direction} work."
    return experiment_content(
        claim, unit, (("without a draft", plain), ("with the draft", drafted))
    )
