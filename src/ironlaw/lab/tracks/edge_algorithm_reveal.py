"""Edge Guardian, Part 3: its story, prediction against reality, and what the ledger keeps of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.instruments.scale import grouped, significant, with_prefix
from ironlaw.lab.draft_question import CORRECT, DRAFT, MISCONCEPTIONS, draft_experiment
from ironlaw.lab.questions import quantity
from ironlaw.lab.reveal import choice_content, number_content
from ironlaw.lab.summary import proof_words, told
from ironlaw.lab.tracks import edge_algorithm_texts as texts
from ironlaw.lab.tracks.edge_algorithm import TARGET, left_by_part_2, searched
from ironlaw.lab.tracks.edge_algorithm_defence import left_words
from ironlaw.system.detector_loop import Loop, Setting, assumed, loop_at

if TYPE_CHECKING:
    from ironlaw.lab.part import Answers, Content, Standing
    from ironlaw.lab.summary import Pairs

_MS = 1e3


@lru_cache(maxsize=1)
def found() -> Loop:
    """The loop as Part 1 found it."""
    return loop_at(Setting(), assumed())


@lru_cache(maxsize=1)
def drafted() -> Loop:
    """The same loop with the batch that the prediction is about."""
    return loop_at(Setting(frames=texts.ASKED, drafted=True), assumed())


def says() -> str:
    """The product lead in a sentence."""
    return (
        f"The next car has two sensors and the same board. I need {TARGET:g} times the frames a second from it, and "
        "not one of them late."
    )


def story() -> Content:
    """The letter that opens the part."""
    before = found()
    period = with_prefix(1.0 / before.usual.rate, "s")
    return {
        "heading": "Twice the frames out of the same board",
        "from": "Product lead",
        "paragraphs": texts.letter(says(), before),
        "figures": [
            {
                "label": "the board verifies",
                "value": grouped(before.usual.throughput),
                "unit": "frames/s",
                "detail": f"{grouped(TARGET * before.usual.throughput)} are demanded",
            },
            {
                "label": "a frame may take",
                "value": with_prefix(before.deadline, "s").split()[0],
                "unit": "ms",
                "detail": f"and a scan comes every {period}",
            },
        ],
    }


def said(answers: Answers) -> str:
    """The locked prediction in a few words."""
    return f"you said {quantity(answers, 'verified'):g} ms"


def reveal(standing: Standing) -> Content:
    """Prediction against reality.

    Args:
        standing: Where the learner stands.
    """
    answers = standing.answers or {}
    option, guess = str(answers["draft"]), quantity(answers, "verified")
    plain, batch = found(), drafted()
    return {
        "heading": "What you said, and what the engine computes",
        "choice": choice_content(
            DRAFT, option, CORRECT, MISCONCEPTIONS, texts.draft_feedback(option, plain, batch)
        ),
        "number": number_content(
            texts.PREDICTION[1],
            guess,
            _MS * batch.usual.latency,
            texts.verified_feedback(guess, batch, plain),
        ),
        "experiment": draft_experiment("frame", plain.flops, batch.flops),
        "score": None,
    }


def summary(standing: Standing) -> list[tuple[str, str]]:
    """Prediction, reality, proof and defence in a few lines.

    Args:
        standing: Where the learner stands.
    """
    return told(
        standing,
        predicted=_predicted,
        computed=lambda: _computed(standing),
        defended=[("In the car", left_words(standing))] if standing.passed else (),
    )


def _predicted(answers: Answers) -> Pairs:
    verified = f"{quantity(answers, 'verified'):g} ms"
    return [
        ("Work for a frame with a draft, predicted", DRAFT.option(str(answers["draft"])).text),
        (f"First of {texts.ASKED} frames verified, predicted", verified),
    ]


def _computed(standing: Standing) -> Pairs:
    verified = with_prefix(drafted().usual.latency, "s")
    return [
        (f"First of {texts.ASKED} frames verified, computed", verified),
        ("Drafts of it", texts.wrong_at_words(drafted())),
        (f"{TARGET:g}× the frames", proof_words(standing)),
        ("Every setting", _searched(standing)),
    ]


def _searched(standing: Standing) -> str:
    search = searched(left_by_part_2(standing).build)
    return f"{texts.search_words(search, TARGET)}; the best comes to {significant(search.factor)}×"
