"""The last defence of a mission: machine or algorithm? Its exhibit is the OptimizationWaterfall of all three parts."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

from ironlaw.explore.attribution import Means, reordered
from ironlaw.instruments.optimizations import OptimizationWaterfall, shares_equation
from ironlaw.instruments.scale import significant
from ironlaw.lab.knobs import Choice
from ironlaw.lab.questions import Option, Question, Verdict, in_own_words, kept, near, quantity

if TYPE_CHECKING:
    from ironlaw.explore.attribution import Attribution
    from ironlaw.lab.part import Answers, Content, Knobs

ORDER = "order"
"""The knob that says in which order the changes are taken."""
_BETWEEN = ">"
_MEANS = (Means.PRECISION, Means.FUSION, Means.ALGORITHM)
"""What can be taken in any order; another chip is the last resort, and comes last."""
_TAKEN = _BETWEEN.join(means.value for means in _MEANS)

PROMPT = (
    "The last question of the mission",
    "Defend your final performance strategy. Did you optimize the machine or the algorithm? Justify how you bridged "
    "the systems gap.",
)


def order_control() -> Choice:
    """The order in which precision, fusion and algorithm are taken; at first the mission's own."""
    orders = [tuple(means.value for means in order) for order in permutations(_MEANS)]
    return Choice(
        id=ORDER,
        label="Taken in the order",
        value=_TAKEN,
        options=tuple((_BETWEEN.join(order), ", then ".join(order), None) for order in orders),
        group="order",
    )


def in_order(found: Attribution, knobs: Knobs) -> Attribution:
    """The changes in the order that the knob says; a ledger from before there was one has the mission's.

    Args:
        found: What each change is owed.
        knobs: Where they stand.
    """
    means = [*str(knobs.get(ORDER, _TAKEN)).split(_BETWEEN), Means.CHIP.value]
    changes = sorted(
        (share.optimization for share in found.shares), key=lambda one: means.index(one.means.value)
    )
    return reordered(found, [change.id for change in changes])


def mission_view(
    picture: OptimizationWaterfall,
    knobs: Knobs,
    configuration: str,
    comparison: Content | None = None,
) -> Content:
    """The exhibit.

    Args:
        picture: The waterfall of the whole mission.
        knobs: Where they stand, the order among them.
        configuration: What was timed, and at which operating point.
        comparison: A table beside it, or none.
    """
    control = order_control()
    return {
        "kind": "mission",
        "claim": picture.title,
        "configuration": configuration,
        "optimizations": picture.to_dict(),
        "controls": [control.to_dict(knobs.get(ORDER, control.value))],
        "comparison": comparison,
        "peeks": [shares_equation(picture.found).to_dict()],
    }


def defence_questions() -> tuple[Question, ...]:
    """Which side did more, how much of it, and why."""
    return (
        Question(
            id="side",
            kind="choice",
            text="Which did more for this mission, whatever the order in which the changes are taken?",
            options=(
                Option("machine", "The machine: precision, fusion, the chip"),
                Option("algorithm", "The algorithm: drafts, experts, sparsity"),
            ),
        ),
        Question(
            id="factor",
            kind="number",
            text="Your evidence: by which factor, in any order?",
            help="Read it off the shares, which do not move when the order changes; the bars do.",
            unit="×",
            min=0.0,
        ),
        in_own_words("how did you bridge the gap, and what did you leave undone on purpose?"),
    )


def judge_defence(found: Attribution, answers: Answers) -> dict[str, Verdict]:
    """The engine's verdict on each answer.

    Args:
        found: What each change of the mission is owed.
        answers: Checked answers by question.
    """
    sides = {side: found.side(side) for side in ("machine", "algorithm")}
    side = str(answers["side"])
    return {
        "side": _side(side, sides),
        "factor": _factor(quantity(answers, "factor"), sides[side], side),
        "sentence": kept(answers, "sentence"),
    }


def _side(answer: str, sides: dict[str, float]) -> Verdict:
    other = "machine" if answer == "algorithm" else "algorithm"
    right = sides[answer] >= sides[other]
    shares = f"{significant(sides[answer])}× by the {answer}, {significant(sides[other])}× by the {other}"
    if right:
        return Verdict(right=True, feedback=f"In any order: {shares}.", answer=answer)
    feedback = (
        f"Not by the shares: one of the two did more whatever comes first. Turn the order and watch which number "
        f"stays. The {answer} is owed {significant(sides[answer])}×."
    )
    return Verdict(right=False, feedback=feedback, answer=answer)


def _factor(answer: float, actual: float, side: str) -> Verdict:
    if near(answer, actual):
        feedback = f"The {side} is owed {significant(actual)}×: its Shapley share, the same in every order."
        return Verdict(right=True, feedback=feedback, answer=answer)
    feedback = (
        f"The shares read something else for the {side}. Read the factor of the whole side, not that of one bar: a "
        "bar is worth more or less by what came before it."
    )
    return Verdict(right=False, feedback=feedback, answer=answer)
