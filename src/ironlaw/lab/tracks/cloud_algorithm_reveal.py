"""Cloud Titan, Part 3: the story, prediction against reality, and what the ledger keeps."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.instruments.scale import grouped, significant, with_prefix
from ironlaw.lab.draft_question import CORRECT, MISCONCEPTIONS
from ironlaw.lab.questions import quantity
from ironlaw.lab.reveal import choice_content, experiment_content, number_content
from ironlaw.lab.summary import proof_words, told
from ironlaw.lab.tracks import cloud_algorithm_texts as texts
from ironlaw.lab.tracks.cloud_algorithm import label
from ironlaw.lab.tracks.cloud_algorithm_challenge import DEMANDED, WHO
from ironlaw.lab.tracks.cloud_strategy import (
    DECODE,
    DENSE,
    Draft,
    Load,
    Strategy,
    round_of_draft,
    served,
    step_of,
)
from ironlaw.lab.tracks.cloud_titan import BATCH, CONTEXT

if TYPE_CHECKING:
    from ironlaw.lab.part import Answers, Content, Standing
    from ironlaw.lab.summary import Pairs
    from ironlaw.system.speculation import Speculation

_DRAFTED = Strategy(draft=Draft("llama-3-8b", 4, 0.8))
_SHORT = 1024.0  # tokens of context at which the reveal compares batches
_FEW, _MANY = 1.0, 256.0


@lru_cache(maxsize=2)
def drafted(batch: float) -> Speculation:
    """The round that the reveal shows.

    Args:
        batch: Sequences.
    """
    return round_of_draft(Load(DECODE, batch, _SHORT), _DRAFTED)


def says() -> str:
    """The product lead in a sentence."""
    rate = served(Load(DECODE, BATCH, CONTEXT), DENSE).rate
    return (
        f"{grouped(rate)} tokens a second is a fine machine. I need {grouped(DEMANDED * rate)}. "
        "What else can be computed?"
    )


def story() -> Content:
    """The letter that opens the part."""
    load = Load(DECODE, BATCH, CONTEXT)
    now, rate = step_of(load, DENSE), served(load, DENSE).rate
    return {
        "heading": "The same words from other arithmetic",
        "from": WHO,
        "paragraphs": texts.letter(rate, BATCH, CONTEXT, float(now.mfu)),
        "figures": [
            {
                "label": "as Part 2 left it, fully fused",
                "value": grouped(rate),
                "unit": "tokens/s",
                "detail": f"{with_prefix(float(now.step), 's')} a token, batch {grouped(BATCH)}, context "
                f"{grouped(CONTEXT)}",
            },
            {
                "label": "what is demanded",
                "value": grouped(DEMANDED * rate),
                "unit": "tokens/s",
                "detail": "from the same chips, in the same bf16",
            },
        ],
    }


def reveal(standing: Standing) -> Content:
    """Prediction against reality."""
    answers = standing.answers or {}
    option, guess = str(answers["draft"]), quantity(answers, "experts")
    few, many = drafted(_FEW), drafted(_MANY)
    question, number = texts.prediction()
    return {
        "heading": "What you said, and what the engine computes",
        "choice": choice_content(
            question, option, CORRECT, MISCONCEPTIONS, texts.draft_feedback(option, few, many)
        ),
        "number": number_content(
            number, guess, texts.asked().distinct, texts.experts_feedback(guess)
        ),
        "experiment": experiment_content(
            texts.experiment_claim(few, many), "FLOP", (*_bars(few), *_bars(many))
        ),
        "score": None,
    }


def _bars(found: Speculation) -> tuple[tuple[str, float], tuple[str, float]]:
    """Work for a word of one sequence, without the draft and with it."""
    batch = float(found.plain.scenario.request.batch)
    where, work = f"batch {grouped(batch)}", float(found.flops_per_token) / batch
    return (
        (f"{where}, without a draft", work / float(found.flops_ratio)),
        (f"{where}, with the draft", work),
    )


def said(answers: Answers) -> str:
    """The locked prediction in a few words."""
    return f"you said {quantity(answers, 'experts'):g} of {texts.asked().n_experts:g} experts"


def summary(standing: Standing) -> list[tuple[str, str]]:
    """Prediction, reality, the challenge and the defence in a few lines.

    Args:
        standing: Where the learner stands.
    """
    side = (standing.verdicts or {}).get("side")
    return told(
        standing,
        predicted=_predicted,
        computed=lambda: _computed(standing),
        defended=() if side is None else [("What did more", str(side.answer))],
    )


def _predicted(answers: Answers) -> Pairs:
    question = texts.prediction()[0]
    return [
        ("Work for a word with a draft, predicted", question.option(str(answers["draft"])).text),
        ("Experts that a batch reads, predicted", f"{quantity(answers, 'experts'):g}"),
    ]


def _computed(standing: Standing) -> Pairs:
    ratio = significant(float(drafted(_FEW).flops_ratio))
    return [
        ("Work for a word with a draft, computed", f"{ratio}×"),
        ("Experts that a batch reads, computed", significant(texts.asked().distinct)),
        ("Twice the tokens", proof_words(standing)),
        ("The strategy", label(standing.knobs)),
    ]
