"""Mobile Nomad, Part 3: the story, prediction against reality, and what the ledger keeps of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.lab.draft_question import CORRECT, DRAFT, MISCONCEPTIONS, draft_experiment
from ironlaw.lab.part import Standing
from ironlaw.lab.questions import quantity
from ironlaw.lab.reveal import choice_content, number_content
from ironlaw.lab.summary import proof_words, told
from ironlaw.lab.tracks import mobile_algorithm_texts as texts
from ironlaw.lab.tracks.mobile_algorithm import LENGTHS, point_words, start
from ironlaw.lab.tracks.mobile_algorithm_mission import chosen, mission
from ironlaw.lab.tracks.mobile_algorithm_proof import alone_words
from ironlaw.lab.tracks.mobile_glasses import (
    MILD,
    cadence,
    celsius,
    network_of,
    printed,
    sheet,
)
from ironlaw.lab.tracks.mobile_words import (
    TRANSLATOR,
    Words,
    draft_title,
    drafts,
    published,
    words_at,
)
from ironlaw.system.network_loop import load_loop

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Answers, Content
    from ironlaw.lab.questions import Question
    from ironlaw.lab.summary import Pairs

_LENGTH = LENGTHS[3]
"""Words that the draft of the lock proposes."""


def asked() -> dict[str, Knob]:
    """The knobs of the draft that the lock asks about: the first of the registry."""
    name = drafts()[0]
    return {**start(), "draft": name, "draft_len": _LENGTH, "alpha": published(name)}


@lru_cache(maxsize=1)
def question() -> Words:
    """The translator with the draft that the lock asks about."""
    return words_at(Standing(at="lock", started=0.0, knobs=asked()))


@lru_cache(maxsize=1)
def prediction() -> tuple[Question, Question]:
    """The questions of the lock."""
    name = drafts()[0]
    layers = int(sheet().number(f"draft.{name}.layers"))
    deep = max(stage.repeat for stage in load_loop(network_of(TRANSLATOR)).step(1).stages)
    return texts.prediction(layers, deep, int(_LENGTH), published(name))


def says() -> str:
    """The product lead in a sentence."""
    return "Double the words that we translate for a joule. And keep the temple as cool as it is."


def story() -> Content:
    """The letter that opens the part."""
    found = question()
    sample = found.plain.per_sample
    watts = cadence(TRANSLATOR) * sample.joules
    share = float(found.plain.footprint) / printed().capacity
    budget = found.glasses.budget.load
    figures: list[Content] = [
        _figure(
            f"a phrase of {found.plain.rounds} words", sample.joules, "J",
            f"{with_prefix(sample.joules / found.plain.rounds, 'J')} a word in {found.point.dtype}",
        ),
        _figure(
            f"the translator at {significant(cadence(TRANSLATOR))} phrases a second", watts, "W",
            f"of {with_prefix(budget, 'W')} that the skin bears in air of {celsius(MILD)}",
        ),
        _figure(
            "bytes of a word", sample.traffic / found.plain.rounds, "B",
            f"{significant(sample.flops / sample.traffic)} operations for each of them",
        ),
        _figure(
            "the translator in memory", float(found.plain.footprint), "B",
            f"{percent(share)} of {with_prefix(printed().capacity, 'B')}",
        ),
    ]  # fmt: skip
    return {
        "heading": "More words, and not a joule more",
        "from": "Product lead",
        "paragraphs": texts.letter(says(), sample.joules, watts, budget, found.plain.rounds),
        "figures": figures,
    }


def _figure(label: str, value: float, unit: str, detail: str) -> Content:
    number, prefixed = with_prefix(value, unit).split()
    return {"label": label, "value": number, "unit": prefixed, "detail": detail}


def share() -> float:
    """Joules of a word with the draft of the lock, of those without [%]."""
    found = question()
    return 100.0 * found.joules / found.plain_joules


def reveal(standing: Standing) -> Content:
    """Prediction against reality.

    Args:
        standing: Where the learner stands.
    """
    answers, found = standing.answers or {}, question()
    option, guess, actual = str(answers["draft"]), quantity(answers, "joules"), share()
    drafted = found.now.draft
    bytes_share = (
        0.0 if drafted is None else float(drafted.traffic) / float(found.now.plain.traffic)
    )
    plain, now = (one.per_sample.flops / one.rounds for one in (found.plain, found.now))
    experiment = draft_experiment("word", plain, now)
    alone = alone_words(found.point.dtype)
    experiment["claim"] = f"{experiment['claim']} {texts.experiment_claim(alone, proved(standing))}"
    return {
        "heading": "What you said, and what the engine computes",
        "choice": choice_content(
            DRAFT, option, CORRECT, MISCONCEPTIONS, texts.draft_feedback(option, found)
        ),
        "number": number_content(
            prediction()[1], guess, actual, texts.joules_feedback(guess, actual, found, bytes_share)
        ),
        "experiment": experiment,
        "score": None,
    }


def proved(standing: Standing) -> float:
    """Words for the joules of one that were proved; 0 where nothing was.

    Args:
        standing: Where the learner stands.
    """
    held = standing.proved
    return 0.0 if held is None else quantity(held.answers, "factor")


def said(answers: Answers) -> str:
    """The locked prediction in a few words."""
    return f"you said {quantity(answers, 'joules'):g} %"


def summary(standing: Standing) -> list[tuple[str, str]]:
    """Prediction, reality, proof and defence in a few lines.

    Args:
        standing: Where the learner stands.
    """
    return told(
        standing,
        predicted=_predicted,
        computed=lambda: [
            (f"The same, computed: {draft_title(drafts()[0])}", f"{share():.0f} %"),
            ("Twice the words for the same joules", proof_words(standing)),
        ],
        defended=_defended(standing) if standing.at == "ledger" else (),
    )


def _predicted(answers: Answers) -> Pairs:
    return [
        ("Work for a word with a draft", DRAFT.option(str(answers["draft"])).text),
        ("Joules of a word with a draft, predicted", f"{quantity(answers, 'joules'):g} %"),
    ]


def _defended(standing: Standing) -> Pairs:
    found = mission(standing)
    power = f"{with_prefix(found.before, 'W')} to {with_prefix(found.after, 'W')}"
    sides = ("machine", "algorithm")
    return [
        ("What stands", point_words(chosen(standing))),
        ("Power of the glasses", power),
        *((f"Owed to the {side}", f"{significant(found.side(side))}×") for side in sides),
    ]
