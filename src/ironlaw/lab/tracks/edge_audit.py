"""Edge Guardian, Part 1: the jitter audit. A case drawn by a seed; every number in the texts is computed when shown."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.power import logarithm
from ironlaw.instruments.scale import grouped, with_prefix
from ironlaw.lab.audit_bench import audit_view
from ironlaw.lab.case_recording import FRAMES, case_recording
from ironlaw.lab.questions import quantity, several
from ironlaw.lab.reveal import choice_content, number_content
from ironlaw.lab.slope import CORRECT, MISCONCEPTIONS, slope_experiment
from ironlaw.lab.tracks import edge_audit_texts as texts
from ironlaw.registry.chips import load_chip
from ironlaw.registry.networks import load_network_card
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.system.jitter.pipeline import PIPELINE
from ironlaw.system.jitter.possible import possibilities
from ironlaw.system.jitter.simulate import deployed, plain_frame
from ironlaw.system.jitter.timeline import Clocks

if TYPE_CHECKING:
    from ironlaw.lab.part import Answers, Content, Knobs, Standing
    from ironlaw.system.jitter.pipeline import KernelPlan
    from ironlaw.system.jitter.possible import Possibility

RARE = 1e-6
"""Misses a frame that the safety lead accepts: one in a million."""
SURE = 0.95
_HOUR = 3600.0


def machines() -> str:
    """The board and the network, in a line."""
    sheet = pipeline_sheet(PIPELINE)
    chip, network = load_chip(sheet.texts["chip"]), load_network_card(sheet.texts["network"])
    return f"{chip.short_title} · {network.title}"


def crisis() -> texts.Crisis:
    """The frame that braked the car, and the loop that it broke."""
    pipeline = deployed()
    spike, rate = pipeline.number("loop.spike"), pipeline.number("loop.rate")
    return texts.Crisis(
        median=pipeline.median,
        spike=spike,
        deadline=pipeline.number("loop.deadline"),
        rate=rate,
        skipped=int(spike * rate) - 1,
        frames=FRAMES,
    )


def says() -> str:
    """The safety lead in a sentence."""
    now = crisis()
    return (
        f"One frame took {with_prefix(now.spike, 's')} and the car braked for nothing. "
        "Which event was it, and how do you know?"
    )


def story(seed: int) -> Content:
    """The letter that opens the mission.

    Args:
        seed: Of the case.
    """
    now = crisis()
    return {
        "heading": "One late frame, and the car brakes for nothing",
        "from": "Safety lead",
        "paragraphs": texts.letter(says(), now, seed),
        "figures": [
            {
                "label": "a usual frame",
                "value": with_prefix(now.median, "s").split()[0],
                "unit": "ms",
                "detail": f"the median of the pipeline, deadline {with_prefix(now.deadline, 's')}",
            },
            {
                "label": "the frame that braked the car",
                "value": with_prefix(now.spike, "s").split()[0],
                "unit": "ms",
                "detail": f"{with_prefix(now.spike - now.median, 's')} late, {grouped(now.skipped)} scans dropped",
            },
        ],
    }


def clean_frames(rare: float = RARE) -> float:
    """Frames without a miss after which a share of misses is ruled out at 95 %: the exact form of the rule of three.

    Args:
        rare: The share that is ruled out.
    """
    return logarithm(1.0 - SURE) / logarithm(1.0 - rare)


def clean_hours() -> float:
    """How long the loop has to run without a miss to rule out one in a million [h]."""
    return clean_frames() / deployed().number("loop.rate") / _HOUR


@lru_cache(maxsize=1)
def sloped() -> KernelPlan:
    """The longest kernel of the network that its bytes bind, and that does arithmetic at all."""
    bound = [k for k in deployed().kernels if k.work.memory > k.work.compute and k.flops > 0.0]
    return max(bound, key=lambda kernel: kernel.work.time())


@lru_cache(maxsize=1)
def experiment() -> tuple[float, float, float]:
    """A frame as it is, with twice the arithmetic, and with twice the bandwidth [s]."""
    pipeline = deployed()
    faster = (Clocks(), Clocks(0.5, 1.0), Clocks(1.0, 0.5))
    now, peak, bandwidth = (plain_frame(pipeline, clocks=one).latency for one in faster)
    return now, peak, bandwidth


@lru_cache(maxsize=1)
def bounds() -> tuple[Possibility, ...]:
    """Which causes can make the frame that braked the car."""
    return possibilities()


def bench(seed: int, knobs: Knobs) -> Content:
    """The workbench over the case of a seed.

    Args:
        seed: Of the case.
        knobs: What is looked at.
    """
    return audit_view(case_recording(seed), knobs)


def reveal(seed: int, standing: Standing) -> Content:
    """Prediction against reality; nothing of what the case is.

    Args:
        seed: Of the case.
        standing: Where the learner stands.
    """
    answers = standing.answers or {}
    slope, causes, hours = texts.PREDICTION
    option, guess, actual = str(answers["slope"]), quantity(answers, "hours"), clean_hours()
    now, peak, bandwidth = experiment()
    return {
        "heading": "What you said, and what the engine computes",
        "choice": choice_content(
            slope,
            option,
            CORRECT,
            MISCONCEPTIONS,
            texts.slope_feedback(option, sloped(), deployed(), (now, peak, bandwidth)),
        ),
        "several": {
            "question": causes.text,
            **texts.causes_feedback(several(answers, "causes"), bounds(), _here(seed)),
        },
        "number": number_content(
            hours,
            guess,
            actual,
            texts.hours_feedback(guess, actual, clean_frames(), clean_frames(0.01)),
        ),
        "experiment": slope_experiment("frame", now, peak, bandwidth),
        "score": None,
    }


def _here(seed: int) -> float:
    """By how much the late frame of the case is late [s]."""
    recording = case_recording(seed)
    return recording.seconds(recording.first_look) - recording.figures.median


def said(answers: Answers) -> str:
    """The locked prediction in a few words."""
    return f"you said {len(several(answers, 'causes'))} of 6 causes"
