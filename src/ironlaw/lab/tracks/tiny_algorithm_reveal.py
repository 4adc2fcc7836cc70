"""Tiny Pioneer, Part 3: the story, prediction against reality, the defence of the mission, what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.lab.defence import judge_defence, mission_view
from ironlaw.lab.draft_question import CORRECT, DRAFT, MISCONCEPTIONS, draft_experiment
from ironlaw.lab.hearable_bench import limits
from ironlaw.lab.questions import quantity
from ironlaw.lab.reveal import choice_content, number_content
from ironlaw.lab.summary import told
from ironlaw.lab.tracks import tiny_algorithm_texts as texts
from ironlaw.lab.tracks.tiny_algorithm import (
    before,
    half_power,
    in_short,
    left_by,
    network_words,
    optimum_left,
    plan_at,
)
from ironlaw.lab.tracks.tiny_algorithm_mission import attribution, chips_table, heard, picture
from ironlaw.system.cache.sparse_lines import lines_touched
from ironlaw.system.hearable.plan import Plan, plan

if TYPE_CHECKING:
    from ironlaw.lab.part import Answers, Content, Knobs, Standing
    from ironlaw.lab.questions import Verdict
    from ironlaw.lab.summary import Pairs


@lru_cache(maxsize=1)
def gated() -> Plan:
    """The optimum of Part 2, woken by a detector as the registry assumes it."""
    return plan(before(optimum_left()).frame, limits().hop, heard())


def says() -> str:
    """The product lead in a sentence."""
    left = optimum_left()
    return texts.says(before(left), half_power(left))


def story() -> Content:
    """The letter that opens the part."""
    left = optimum_left()
    one, floor = before(left), before(left).power.floor
    return {
        "heading": "Twice the battery, and a floor in the way",
        "from": "Product lead",
        "paragraphs": texts.letter(says(), one, gated(), limits().deadline),
        "figures": [
            _figure("the hearable draws", one.power.total, f"half would be {with_prefix(half_power(left), 'W')}"),
            _figure("asleep it draws", floor, f"the specification is {texts.TARGET}"),
        ],
    }  # fmt: skip


def _figure(label: str, value: float, detail: str) -> Content:
    number, unit = with_prefix(value, "W").split()
    return {"label": label, "value": number, "unit": unit, "detail": detail}


def said(answers: Answers) -> str:
    """The locked prediction in a few words."""
    return f"you said {quantity(answers, 'lines'):g} %"


def lines() -> float:
    """Share of the lines that is fetched with half of the weights zero, here and there [%]."""
    return 100.0 * lines_touched(texts.HALF, 1.0, float(texts.LINE))


def reveal(standing: Standing) -> Content:
    """Prediction against reality.

    Args:
        standing: Where the learner stands.
    """
    answers = standing.answers or {}
    option, guess, actual = str(answers["draft"]), quantity(answers, "lines"), lines()
    one = gated()
    return {
        "heading": "What you said, and what the engine computes",
        "choice": choice_content(
            DRAFT, option, CORRECT, MISCONCEPTIONS, texts.draft_feedback(option, one)
        ),
        "number": number_content(
            texts.PREDICTION[1], guess, actual, texts.lines_feedback(guess, actual)
        ),
        "experiment": draft_experiment(
            "enhanced frame of speech", one.frame.flops, one.work_per_accepted
        ),
        "score": None,
    }


def final_knobs(standing: Standing) -> Knobs:
    """The design that the mission ends with: the proved one, or that of the last attempt; in the order of the defence.

    Args:
        standing: Where the learner stands.
    """
    held = standing.proved or (standing.tries[-1] if standing.tries else None)
    knobs = standing.knobs if held is None else held.knobs
    return {**knobs, **{name: value for name, value in standing.knobs.items() if name == "order"}}


def exhibit(standing: Standing) -> Content:
    """The bench of the defence.

    Args:
        standing: Where the learner stands.
    """
    knobs, left = final_knobs(standing), left_by(standing)
    held = standing.proved
    proved = "" if held is not None else "; no proof held, so that this is the last design tried"
    return mission_view(
        picture(knobs, left),
        knobs,
        f"{network_words(plan_at(knobs, left))}{proved}",
        chips_table().to_dict(),
    )


def judge(answers: Answers, standing: Standing) -> dict[str, Verdict]:
    """The engine's verdict on each answer.

    Args:
        answers: Checked answers by question.
        standing: Where the learner stands.
    """
    return judge_defence(attribution(final_knobs(standing), left_by(standing)), answers)


def waterfall(standing: Standing) -> Content:
    """The OptimizationWaterfall of the mission, for the ledger.

    Args:
        standing: Where the learner stands.
    """
    at = replace(standing, knobs=standing.defended or standing.knobs)
    return picture(final_knobs(at), left_by(standing)).to_dict()


def summary(standing: Standing) -> list[tuple[str, str]]:
    """Prediction, reality, proof and defence in a few lines.

    Args:
        standing: Where the learner stands.
    """
    return told(standing, predicted=_predicted, computed=_computed, defended=_defended(standing))


def _predicted(answers: Answers) -> Pairs:
    return [
        ("Work for a final word, predicted", DRAFT.option(str(answers["draft"])).text),
        ("Lines fetched at half zeros, predicted", f"{quantity(answers, 'lines'):g} %"),
    ]


def _computed() -> Pairs:
    one = gated()
    more = significant(one.work_per_accepted / one.frame.flops)
    return [
        ("Lines fetched at half zeros, computed", percent(lines() / 100.0)),
        ("Work for an enhanced frame, computed", f"{more}×"),
    ]


def _defended(standing: Standing) -> Pairs:
    held, verdicts = standing.proved, standing.verdicts or {}
    if held is not None:
        proposed = texts.PROPOSE.option(str(held.answers["propose"])).text
        yield from (("The proposal", proposed), ("The design", in_short(held.knobs)))
    elif standing.tries:
        yield "The proposal", "none of the attempts held"
    if "factor" in verdicts:
        side = f"{verdicts['side'].answer}, {float(str(verdicts['factor'].answer)):g}×"
        yield "Defended: the side that did more", side
