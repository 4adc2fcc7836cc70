"""Tiny Pioneer, Part 1: prediction against reality, and a claim about what binds with a number read off the bench."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.instruments.hearable_panel import mbu, mfu
from ironlaw.instruments.scale import percent, with_prefix
from ironlaw.lab.hearable_bench import kilobytes_to_move, limits
from ironlaw.lab.questions import Verdict, quantity
from ironlaw.lab.reveal import choice_content, number_content
from ironlaw.lab.slope import CORRECT, MISCONCEPTIONS, slope_experiment
from ironlaw.lab.tracks import tiny_ratio_texts as texts
from ironlaw.lab.tracks.tiny_ratio import crisis, frame_at, largest_in_time
from ironlaw.system.hearable.frame import Frame, frame
from ironlaw.system.hearable.machine import changed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.lab.part import Answers, Content, Knobs
    from ironlaw.lab.questions import Question

TOLERANCE = 0.05
_KB = 1e3


@lru_cache(maxsize=4)
def _scaled(peak: float, bandwidth: float) -> Frame:
    """The crisis with other rates."""
    found = crisis()
    return frame(
        found.enhancer, found.layout, changed(found.machine, peak=peak, bandwidth=bandwidth)
    )


def kilobytes() -> float:
    """Kilobytes of weights that have to move to SRAM until arithmetic binds."""
    return kilobytes_to_move(crisis()) / _KB


def reveal(answers: Answers) -> Content:
    """Prediction against reality."""
    question, number = texts.PREDICTION
    chosen, guess, actual = str(answers["slope"]), quantity(answers, "kilobytes"), kilobytes()
    found = crisis()
    faster, wider = (_scaled(*scales).time for scales in ((2.0, 1.0), (1.0, 2.0)))
    return {
        "heading": "What you said, and what the engine computes",
        "choice": choice_content(
            question,
            chosen,
            CORRECT,
            MISCONCEPTIONS,
            texts.slope_feedback(chosen, found, faster, limits()),
        ),
        "number": number_content(
            number, guess, actual, texts.kilobytes_feedback(guess, actual, found)
        ),
        "experiment": slope_experiment("frame", found.time, faster, wider),
        "score": None,
    }


def reflection(_: Knobs) -> tuple[Question, ...]:
    """The questions of the reflection."""
    return (texts.CONSTRAINT, texts.MBU, texts.LARGEST, texts.IN_WORDS)


def judge(answers: Answers, knobs: Knobs) -> dict[str, Verdict]:
    """The engine's verdict on each answer.

    Args:
        answers: Checked answers by question.
        knobs: Where the knobs stand.
    """
    found = frame_at(knobs)
    return {
        "constraint": _constraint(str(answers["constraint"]), found),
        "mbu_raw": _mbu(quantity(answers, "mbu_raw"), found),
        "largest": _largest(quantity(answers, "largest"), found),
        "sentence": Verdict(right=True, feedback="Kept in the ledger.", answer=answers["sentence"]),
    }


def _constraint(answer: str, found: Frame) -> Verdict:
    gains = {
        "BW_mem": found.time / _scaled(1.0, 2.0).time,
        "R_peak": found.time / _scaled(2.0, 1.0).time,
        "L_lat": found.time / found.overlapped,
    }
    words = {
        "BW_mem": "twice BW_mem",
        "R_peak": "twice R_peak",
        "L_lat": "calling and spilling for nothing",
    }
    told = ", ".join(f"{words[name]} {gain:.2f}×" for name, gain in gains.items())
    if answer == max(gains, key=lambda name: gains[name]):
        return Verdict(right=True, feedback=f"Yes. Speed-ups: {told}.", answer=answer)
    feedback = (
        f"A speed-up of {gains[answer]:.2f}× is all that {words[answer]} would bring; something else brings more. Turn "
        "one slider at a time and watch the Iron Law bar."
    )
    return Verdict(right=False, feedback=feedback, answer=answer)


def _near(answer: float, actual: float) -> bool:
    return abs(answer - actual) <= TOLERANCE * actual


def _mbu(answer: float, found: Frame) -> Verdict:
    bus = 100.0 * mbu(found)
    if _near(answer, bus):
        rate = found.outside / found.time
        feedback = (
            f"Yes: {percent(bus / 100.0)} of what fetches back to back would carry, {with_prefix(rate, 'B/s')}. That "
            "is the rate to plan with, reached in full: the bus never rests."
        )
        return Verdict(right=True, feedback=feedback, answer=answer)
    if _near(answer, 100.0 * mfu(found)):
        feedback = "That is the MFU. It shows that arithmetic idles, not that the bus is full."
    elif _near(answer, 100.0 * found.sram_used / found.machine.sram):
        feedback = "That is how full the SRAM is. It says nothing of the bus to PSRAM."
    else:
        feedback = "The gauge reads something else. Look at MBU, raw, at the knobs as they stand."
    return Verdict(right=False, feedback=feedback, answer=answer)


def _largest(answer: float, found: Frame) -> Verdict:
    most = largest_in_time(found) or 0
    deadline = with_prefix(limits().deadline, "s", 2)
    if answer == most:
        feedback = f"Yes: H = {most} is the largest under {deadline} as long as every byte comes from PSRAM."
        return Verdict(right=True, feedback=feedback, answer=answer)
    side = "does not meet it" if answer > most else "meets it, and a larger one does too"
    feedback = (
        f"H = {answer:g} {side}: look where the slope of the weights meets the line of {deadline}."
    )
    return Verdict(right=False, feedback=feedback, answer=answer)


def said(answers: Answers) -> str:
    """The locked prediction in a few words."""
    return f"you said {quantity(answers, 'kilobytes'):g} kB"


def summary(answers: Answers, verdicts: Mapping[str, Verdict]) -> list[tuple[str, str]]:
    """Prediction, reality and defence in a few lines."""
    pairs: list[tuple[str, str]] = []
    if answers:
        question = texts.PREDICTION[0]
        pairs += [
            ("More TFLOPS on the slope?", question.option(str(answers["slope"])).text),
            ("Kilobytes to SRAM, predicted", f"{quantity(answers, 'kilobytes'):g} kB"),
            ("Kilobytes to SRAM, computed", f"{kilobytes():.1f} kB"),
        ]
    if "sentence" in verdicts:
        pairs.append(("In your words", str(verdicts["sentence"].answer)))
    return pairs
