"""Mobile Nomad, Part 3: twice the words for the same joules, proved at the knobs or refused with the number."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.lab.challenge import Challenge, Judgement
from ironlaw.lab.questions import Option, Question, Verdict, near, quantity
from ironlaw.lab.tracks.mobile_algorithm import (
    LENGTHS,
    VOCABULARY,
    label,
    most_experts,
    moved,
    spent_by_layer,
    start,
    step_view,
)
from ironlaw.lab.tracks.mobile_algorithm_pictures import quality
from ironlaw.lab.tracks.mobile_glasses import printed
from ironlaw.lab.tracks.mobile_words import (
    OFF,
    PHRASE,
    Point,
    Words,
    chip_of,
    draft_title,
    drafts,
    point_of,
    published,
    said,
    words_at,
)
from ironlaw.system.network_speculation import spent

if TYPE_CHECKING:
    from ironlaw.lab.part import Answers, Knobs, Standing
    from ironlaw.registry.chips import Chip

TARGET = 2.0
"""Words for the joules of one that are demanded."""
BYTES = "bytes"
PAID = {
    BYTES: "Fewer bytes from memory for each word",
    "operations": "Fewer operations for each word",
    "resident": "Fewer bytes that have to be in memory",
    "faster": "More operations a second",
}
FACTOR = Question(
    id="factor",
    kind="number",
    text="How many words do these knobs make for the joules of one as it was?",
    help="Math Peek, or the gauge of the joules and a division.",
    unit="×",
    min=0.0,
    max=100.0,
)
WORK = Question(
    id="work",
    kind="number",
    text="How many times the operations of a word as it was does one take now?",
    help="The gauge of the operations, or the table of footprint against traffic.",
    unit="×",
    min=0.0,
    max=100.0,
)
FOOTPRINT = Question(
    id="footprint",
    kind="number",
    text="How much of the memory of the glasses do all networks take?",
    help="The gauge of the memory.",
    unit="%",
    min=0.0,
)
PAYS = Question(
    id="paid",
    kind="choice",
    text="What pays for it?",
    options=tuple(Option(name, text) for name, text in PAID.items()),
)


@lru_cache(maxsize=1)
def challenge() -> Challenge:
    """Twice the words for the same joules."""
    return Challenge(
        who="Product lead",
        asks=asks,
        target="2× words for the same joules",
        questions=lambda _: (FACTOR, WORK, FOOTPRINT, PAYS),
        judge=judge,
        label=label,
        decision=lambda _, knobs: f"The translator goes out with {label(knobs)}",
    )


def asks() -> str:
    """What the product lead demands."""
    point, chip = point_of(start()), chip_of(start())
    plain = said(point, chip)
    return (
        f"A phrase of {plain.rounds} words takes {with_prefix(plain.per_sample.joules, 'J')} in {point.dtype}. I want "
        f"{significant(TARGET)} times the words for the same joules, and in the same format: rounding was Part 2. It "
        f"has to fit the {with_prefix(printed().capacity, 'B')} of the glasses, with no better draft than anyone has "
        "published and on the device as it is assumed. Show me the knobs, and say what pays for it."
    )


def judge(answers: Answers, standing: Standing) -> Judgement:
    """Verdicts on a proof, and the number that refutes or carries it.

    Args:
        answers: Checked answers by question.
        standing: Where the learner stands.
    """
    found = words_at(standing)
    against = refutation(found, standing.knobs)
    verdicts = {
        "factor": _factor(quantity(answers, "factor"), found, against),
        "work": _work(quantity(answers, "work"), found),
        "footprint": _footprint(quantity(answers, "footprint"), found),
        "paid": _paid(str(answers["paid"]), found),
    }
    wrong = [name for name, verdict in verdicts.items() if not verdict.right]
    if against is not None:
        return Judgement(verdicts=verdicts, text=against)
    if wrong:
        return Judgement(verdicts=verdicts, text=verdicts[wrong[0]].feedback)
    return Judgement(verdicts=verdicts, text=carried(found))


def refutation(found: Words, knobs: Knobs) -> str | None:
    """The number that speaks against a claim of twice the words; None where none does.

    Args:
        found: What the knobs come to.
        knobs: Where they stand.
    """
    turned = moved(knobs)
    if turned:
        return f"A proof stands on the device as it is assumed: turn {', '.join(turned)} back."
    if found.over > 0.0:
        return (
            f"{grouped(float(found.point.experts))} experts need {with_prefix(found.footprint, 'B')} of "
            f"{with_prefix(found.chip.capacity, 'B')}: at most {most_experts(found)} of them fit."
        )
    point = found.point
    if point.draft != OFF and point.alpha > published(point.draft):
        honest = point._replace(alpha=published(point.draft))
        return (
            f"{percent(point.alpha)} accepted is more than anyone has published of such a draft. At "
            f"{percent(honest.alpha)} these knobs make {significant(_gain(honest, found.chip))} words for the joules "
            "of one."
        )
    if found.gain < TARGET:
        return (
            f"{_words(found.gain)} for the joules of one, not {significant(TARGET)}. {_why(found)}"
        )
    return None


def _words(number: float) -> str:
    shown = significant(number)
    return f"{shown} word" if shown == "1" else f"{shown} words"


def _gain(point: Point, chip: Chip) -> float:
    plain, now = said(point.plain, chip), said(point, chip)
    return plain.per_sample.joules / now.per_sample.joules


def _why(found: Words) -> str:
    """What holds a gain back, with its number."""
    point, now = found.point, found.now
    if not point.changes:
        return "Nothing is changed: nobody drafts, nothing is chosen, nothing is pruned."
    if point.experts > 1 and point.routing != PHRASE and point.draft != OFF:
        phrase = _gain(point._replace(routing=PHRASE), found.chip)
        return (
            f"The check brings {now.draft_len + 1} words, and each chooses experts of its own: what the draft spares "
            f"is read again. By phrase it would be {significant(phrase)}."
        )
    if point.experts > 1 and point.active * point.width >= 1.0 and point.draft == OFF:
        times = point.active * point.width
        read = "the weights" if times == 1.0 else f"{significant(times)} times the weights"
        return f"A word reads {read} of a dense layer: more experts are more to hold, not less to read."
    if now.draft is not None:
        plain = spent(said(point.only(frozenset({"experts", "sparsity"})), found.chip).plain)
        share = spent(now.draft).joules / plain.joules
        return (
            f"Each word that is drafted costs {percent(share)} of a step of the translator, right or not, and a round "
            f"of {now.draft_len} makes {significant(now.tokens_per_round)} words."
        )
    spent_on = spent_by_layer(step_view(found.plain.plain))
    words = spent_on[VOCABULARY] / summed(spent_on.values())
    return (
        f"A word still reads {percent(found.bytes)} of the bytes that it did. The matrix of all the words takes "
        f"{percent(words)} of the joules of a step, and no expert and no pruning touches it."
    )


def carried(found: Words) -> str:
    """The numbers that carry an accepted proof.

    Args:
        found: What the knobs come to.
    """
    return (
        f"{significant(found.gain)} words for the joules of one: {with_prefix(found.plain_joules, 'J')} a word became "
        f"{with_prefix(found.joules, 'J')}. Its operations are {significant(found.work)} times what they were, its "
        f"bytes {percent(found.bytes)}, and {with_prefix(found.footprint, 'B')} of "
        f"{with_prefix(found.chip.capacity, 'B')} are taken. {quality(found.point)}"
    )


def _factor(answer: float, found: Words, against: str | None) -> Verdict:
    right = near(answer, found.gain)
    if not right:
        feedback = f"The instruments say {significant(found.gain)}, at the knobs as they stand."
    elif against is not None:
        feedback = f"Read rightly, and no proof: {against[0].lower()}{against[1:]}"
    else:
        feedback = f"Yes: {significant(found.gain)}."
    return Verdict(right=right and against is None, feedback=feedback, answer=answer)


def _work(answer: float, found: Words) -> Verdict:
    right = near(answer, found.work)
    grown = "more" if found.work > 1.0 else "fewer"
    if right:
        feedback = f"Yes: {significant(found.work)} times, {grown} than before."
        if found.work == 1.0:
            feedback = "Yes: as many as before."
    elif found.work > 1.0 and answer < 1.0:
        feedback = (
            f"Fewer operations is false: they rose {significant(found.work)} times. What is drafted and what is "
            "refused was computed too."
        )
    else:
        feedback = f"The operations of a word are {significant(found.work)} times what they were."
    return Verdict(right=right, feedback=feedback, answer=answer)


def _footprint(answer: float, found: Words) -> Verdict:
    actual = 100.0 * found.footprint / found.chip.capacity
    right = near(answer, actual)
    whole = f"{with_prefix(found.footprint, 'B')} of {with_prefix(found.chip.capacity, 'B')}"
    if right:
        return Verdict(right=True, feedback=f"Yes: {whole}.", answer=answer)
    return Verdict(
        right=False, feedback=f"All networks take {whole}, {actual:.3g} %.", answer=answer
    )


def _paid(answer: str, found: Words) -> Verdict:
    spared = (1.0 - found.bytes) * found.plain.per_sample.traffic / found.plain.rounds
    joules = spared * (found.chip.levels[-1].energy or 0.0)
    saved = found.plain_joules - found.joules
    facts = (
        f"Each word reads {percent(found.bytes)} of its bytes, worth {with_prefix(joules, 'J')} of the "
        f"{with_prefix(saved, 'J')} that it spares; its operations are {significant(found.work)} times what they were."
        if saved > 0.0
        else f"Nothing is spared: a word costs {with_prefix(-saved, 'J')} more."
    )
    if answer == BYTES and saved > 0.0:
        return Verdict(right=True, feedback=f"Yes. {facts}", answer=answer)
    why = {
        BYTES: "Nothing pays for it yet.",
        "operations": "An operation costs little beside the byte that it waits for.",
        "resident": "What lies in memory costs no joule until it is read.",
        "faster": "A faster chip takes the same joules for the same work.",
    }[answer]
    return Verdict(right=False, feedback=f"{why} {facts}", answer=answer)


@lru_cache(maxsize=4)
def most_by_draft(dtype: str) -> tuple[float, Point]:
    """The most words for the joules of one that a draft alone makes, and with which draft: no word changes.

    Args:
        dtype: Format of weights and activations.
    """
    chip = chip_of(start())
    points = [
        Point(draft=name, length=int(length), alpha=published(name), dtype=dtype)
        for name in drafts()
        for length in LENGTHS
    ]
    best = max(points, key=lambda point: _gain(point, chip))
    return _gain(best, chip), best


def alone_words(dtype: str) -> str:
    """What a draft alone reaches, in a sentence.

    Args:
        dtype: Format of weights and activations.
    """
    gain, best = most_by_draft(dtype)
    return (
        f"A draft alone makes {significant(gain)} words for the joules of one at most: "
        f"{best.length} drafted by {draft_title(best.draft)}, {percent(best.alpha)} of them right."
    )
