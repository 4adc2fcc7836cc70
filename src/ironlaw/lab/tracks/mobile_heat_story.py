"""Mobile Nomad, Part 1: the story, prediction against reality, and what the ledger keeps of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.lab.questions import quantity
from ironlaw.lab.reveal import choice_content, number_content
from ironlaw.lab.slope import CORRECT, MISCONCEPTIONS, SLOPE, slope_experiment
from ironlaw.lab.tracks import mobile_heat_texts as texts
from ironlaw.lab.tracks.mobile_glasses import (
    JOBS,
    MILD,
    MINUTES,
    WARM,
    budget_at,
    celsius,
    printed,
    title_of,
)
from ironlaw.lab.tracks.mobile_heat import (
    board_scale,
    crisis,
    heat_time,
    limit_at,
    load_at,
    start,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.lab.part import Answers, Content
    from ironlaw.lab.questions import Question, Verdict
    from ironlaw.lab.tracks.mobile_heat import Load


def machines() -> str:
    """The device and what runs on it, in a line."""
    named = ", ".join(title_of(job) for job in JOBS)
    return f"{printed().short_title}, a model device · {named}"


@lru_cache(maxsize=1)
def seconds() -> float | None:
    """When the skin is at its limit; None if never [s]."""
    return heat_time(crisis(), start())


def says() -> str:
    """The UX designer in a sentence."""
    load = crisis()
    limit = celsius(limit_at(start()))
    return (
        f"The {title_of(JOBS[0])} at {significant(load.asked)} frames a second looks wonderful, and needs "
        f"{with_prefix(load.power, 'W')}. A temple at {limit} carries away {with_prefix(load.budget.heat, 'W')}. "
        "What is so hot?"
    )


@lru_cache(maxsize=1)
def prediction() -> tuple[Question, Question]:
    """The questions of the lock."""
    return texts.prediction(limit_at(start()), crisis().asked, MILD)


def story() -> Content:
    """The letter that opens the mission."""
    load, warm = crisis(), budget_at(start(), WARM)
    own = load_at({**start(), "bandwidth_scale": 1.0})
    limit = celsius(limit_at(start()))
    moves = percent(load.moved / load.joules)
    figures: list[Content] = [
        {
            "label": f"{title_of(JOBS[0])} at {significant(load.asked)} frames a second",
            "value": with_prefix(load.power, "W").split()[0],
            "unit": with_prefix(load.power, "W").split()[1],
            "detail": f"{with_prefix(load.joules, 'J')} a frame, {moves} of it to move bytes",
        }
    ]
    for air, budget in ((MILD, load.budget), (WARM, warm)):
        value, unit = with_prefix(budget.heat, "W").split()
        figures.append(
            {
                "label": f"what a temple at {limit} carries away in air of {celsius(air)}",
                "value": value,
                "unit": unit,
                "detail": f"{with_prefix(budget.leakage, 'W')} of it leakage",
            }
        )
    return {
        "heading": "Fast enough, and too hot to wear",
        "from": "UX designer",
        "paragraphs": texts.letter(says(), load, warm.heat, board_scale(), own.rate),
        "figures": figures,
    }


@lru_cache(maxsize=1)
def own_memory() -> tuple[Load, Load, Load]:
    """The filter on the memory of the glasses, where all its layers are on the slope; and with twice a rate each."""
    own = {**start(), "bandwidth_scale": 1.0}
    peak, bandwidth = {**own, "peak_scale": 2.0}, {**own, "bandwidth_scale": 2.0}
    return load_at(own), load_at(peak), load_at(bandwidth)


def reveal(answers: Answers) -> Content:
    """Prediction against reality.

    Args:
        answers: The locked prediction.
    """
    now, chosen = crisis(), str(answers["slope"])
    loads = own_memory()
    guess, actual = quantity(answers, "seconds"), seconds()
    steps = [float(load.view.diagnosis.step) for load in loads]
    return {
        "heading": "What you said, and what the engine computes",
        "choice": choice_content(
            SLOPE,
            chosen,
            CORRECT,
            MISCONCEPTIONS,
            texts.slope_feedback(chosen, *loads),
        ),
        "number": number_content(
            prediction()[1],
            guess,
            MINUTES if actual is None else actual,
            texts.seconds_feedback(guess, actual, now),
        ),
        "experiment": slope_experiment("frame on the glasses' own memory", *steps),
        "score": None,
    }


def said(answers: Answers) -> str:
    """The locked prediction in a few words."""
    return f"you said {quantity(answers, 'seconds'):g} s"


def summary(answers: Answers, verdicts: Mapping[str, Verdict]) -> list[tuple[str, str]]:
    """Prediction, reality and defence in a few lines.

    Args:
        answers: The locked prediction.
        verdicts: On the last attempt at the reflection.
    """
    limit = celsius(limit_at(start()))
    pairs = [
        ("More TFLOPS on the slope?", SLOPE.option(str(answers["slope"])).text),
        (f"Skin at {limit}, predicted", f"after {quantity(answers, 'seconds'):g} s"),
        (f"Skin at {limit}, computed", texts.seconds_words(seconds())),
        ("Frames a second that can be worn", significant(crisis().bearable)),
    ]
    if "sentence" in verdicts:
        pairs.append(("In your words", str(verdicts["sentence"].answer)))
    return pairs
