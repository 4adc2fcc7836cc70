"""Edge Guardian, Part 3: twice the frames are demanded; a proof names means, factor, worst frame and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.lab.challenge import Challenge, Judgement
from ironlaw.lab.questions import Verdict, near, quantity
from ironlaw.lab.tracks import edge_algorithm_texts as texts
from ironlaw.lab.tracks.edge_algorithm import (
    TARGET,
    as_registered,
    factor,
    in_words,
    left_by_part_2,
    loop,
    lost,
    means_at,
    searched,
)
from ironlaw.system.detector_loop import Setting, assumed, loop_at

if TYPE_CHECKING:
    from ironlaw.explore.detector_search import Reached
    from ironlaw.lab.part import Answers, Knobs, Standing
    from ironlaw.system.detector_loop import Loop

_MS, _MB = 1e3, 1e-6
_NAMES: dict[tuple[str, ...], str] = {
    ("experts",): "experts",
    ("bits",): "bits",
    ("experts", "bits"): "both",
}


def challenge() -> Challenge:
    """What the product lead demands, and how a proof of it is judged."""
    return Challenge(
        who="Product lead",
        asks=lambda: texts.asks(TARGET, loop_at(Setting(), assumed())),
        target=f"{TARGET:g}×",
        questions=lambda _: texts.QUESTIONS,
        judge=judge,
        label=in_words,
        decision=decision,
    )


def decision(answers: Answers, knobs: Knobs) -> str | None:
    """What an accepted proof decides.

    Args:
        answers: What was claimed.
        knobs: Where the knobs stood.
    """
    if answers["means"] == texts.IMPOSSIBLE:
        return f"told the product lead that no setting reaches {TARGET:g}× on time"
    return f"took {in_words(knobs)} into the car"


def judge(answers: Answers, standing: Standing) -> Judgement:
    """The engine's verdict on a proof.

    Args:
        answers: Checked answers by question.
        standing: Where the learner stands.
    """
    knobs, build = standing.knobs, left_by_part_2(standing).build
    found, gained = loop(knobs, build), factor(knobs, build)
    claimed = str(answers["means"])
    none = claimed == texts.IMPOSSIBLE
    search = searched(build) if none else None
    means, text = (
        _impossible(search) if search is not None else _reaches(claimed, knobs, found, gained)
    )
    if not as_registered(knobs):
        text = (
            "What is assumed was turned: a proof for this car stands at the assumptions of the registry. Turn "
            "them back."
        )
        means = Verdict(right=False, feedback=text, answer=claimed)
    verdicts = {
        "means": means,
        "factor": _factor(quantity(answers, "factor"), gained, search),
        "latency": _read(
            quantity(answers, "latency"), _MS * found.worst.latency, _MS * found.usual.latency
        ),
        "footprint": _footprint(quantity(answers, "footprint"), found),
    }
    misread = [name for name, one in verdicts.items() if name != "means" and not one.right]
    if means.right and misread:
        text = f"The setting may carry it, the reading does not: {', '.join(misread)}."
    return Judgement(verdicts=verdicts, text=text)


def _impossible(search: Reached) -> tuple[Verdict, str]:
    """A claim that nothing reaches it: the search over all settings says."""
    found = texts.search_words(search, TARGET)
    if search.reaching:
        text = f"There is one: {found}."
        return Verdict(right=False, feedback=text, answer=texts.IMPOSSIBLE), text
    text = f"No setting reaches it: {found}; the best comes to {significant(search.factor)}×."
    return Verdict(right=True, feedback=text, answer=texts.IMPOSSIBLE), text


def _reaches(claimed: str, knobs: Knobs, found: Loop, gained: float) -> tuple[Verdict, str]:
    """A claim that the knobs reach it as they stand."""
    stands = means_at(knobs)
    refused = refutation(knobs, found, gained)
    if refused is not None:
        return Verdict(right=False, feedback=refused, answer=claimed), refused
    named = "draft" if "draft" in stands else _NAMES.get(stands, "")
    text = texts.carried_text(gained, found)
    if claimed != named:
        feedback = f"It holds, and by other means: what is on is {in_words(knobs)}."
        return Verdict(right=False, feedback=feedback, answer=claimed), feedback
    return Verdict(right=True, feedback=text, answer=claimed), text


def refutation(knobs: Knobs, found: Loop, gained: float) -> str | None:
    """The number that refutes a setting; None if it holds and reaches the demand.

    Args:
        knobs: Where the knobs stand.
        found: The loop there.
        gained: Frames a second over those that Part 2 left.
    """
    if found.late > 0.0:
        return texts.late_text(found)
    if found.over > 0.0:
        return (
            f"It does not fit: {with_prefix(found.over, 'B')} over {with_prefix(found.room, 'B')}."
        )
    if found.behind:
        return f"The board falls behind the sensor: {percent(found.usual.utilization)} of its time would be needed."
    gone = lost(knobs)
    if gone is not None:
        return f"{gone}."
    return texts.short_text(gained, TARGET, found) if gained < TARGET else None


def _factor(answer: float, gained: float, search: Reached | None) -> Verdict:
    actual = gained if search is None else search.factor
    if near(answer, actual):
        return Verdict(right=True, feedback=f"Read rightly: {significant(actual)}×.", answer=answer)
    if search is not None:
        feedback = "Another factor is the most that a setting reaches on time: the search over all of them says so."
        return Verdict(right=False, feedback=feedback, answer=answer)
    if near(answer * gained, TARGET) or near(answer, gained / TARGET):
        feedback = "Not that way round: how many times the frames of Part 2, not which share of the demand."
        return Verdict(right=False, feedback=feedback, answer=answer)
    feedback = "The gauge of the demand reads something else: look at its note, at the knobs as they stand."
    return Verdict(right=False, feedback=feedback, answer=answer)


def _read(answer: float, worst: float, usual: float) -> Verdict:
    if near(answer, worst):
        return Verdict(
            right=True, feedback=f"Read rightly: {significant(worst)} ms.", answer=answer
        )
    if near(answer, usual):
        feedback = (
            "That is the usual frame. A deadline counts the worst one: its gauge stands beside it."
        )
        return Verdict(right=False, feedback=feedback, answer=answer)
    feedback = "The gauge of the worst frame reads something else, at the knobs as they stand."
    return Verdict(right=False, feedback=feedback, answer=answer)


def _footprint(answer: float, found: Loop) -> Verdict:
    held = _MB * found.held.total
    if near(answer, held):
        feedback = f"Read rightly: {significant(held)} MB, {with_prefix(found.held.weights, 'B')} of it weights."
        return Verdict(right=True, feedback=feedback, answer=answer)
    if near(answer, _MB * found.held.weights):
        feedback = "Those are the weights alone. Activations and the pool of the frames stay in memory too."
        return Verdict(right=False, feedback=feedback, answer=answer)
    feedback = "The gauge of the memory reads something else, at the knobs as they stand."
    return Verdict(right=False, feedback=feedback, answer=answer)
