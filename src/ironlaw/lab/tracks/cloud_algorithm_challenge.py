"""Cloud Titan, Part 3: twice the tokens by a mixture of experts, proved or refused with the number against it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.instruments.scale import grouped, significant, with_prefix
from ironlaw.lab.challenge import Challenge, Judgement
from ironlaw.lab.questions import Option, Question, Verdict, near, quantity
from ironlaw.lab.tracks.cloud_algorithm import (
    BATCHES,
    Point,
    label,
    load_words,
    name_of,
    point_at,
    strategy_at,
    times,
)
from ironlaw.lab.tracks.cloud_algorithm_bench import Facts, billions, facts_of, infeasible
from ironlaw.lab.tracks.cloud_strategy import (
    DECODE,
    DENSE,
    Load,
    Strategy,
    gains,
    served,
    step_of,
    view_of_step,
)
from ironlaw.lab.tracks.cloud_titan import BATCH, CONTEXT
from ironlaw.system.table import StepTerms, step_terms

if TYPE_CHECKING:
    from ironlaw.lab.part import Answers, Knobs, Standing

WHO = "Product lead"
DEMANDED = 2.0  # × the tokens of the dense model
_BILLION = 1e9

_CLAIM = Question(
    id="claim",
    kind="choice",
    text="What do you claim of the chosen model, at the knobs as they stand?",
    options=(
        Option("reads", "Twice the tokens, because a step moves fewer bytes"),
        Option("computes", "Twice the tokens, because a step does less arithmetic"),
        Option("anywhere", "Twice the tokens at any load: a token uses fewer parameters"),
        Option("nowhere", "Twice the tokens at no load of this context"),
    ),
)


_MOST = {"billion": 1e4, "×": 1e2}


def _read_off(name: str, text: str, unit: str, hint: str) -> Question:
    return Question(
        id=name, kind="number", text=text, help=hint, unit=unit, min=0.0, max=_MOST[unit]
    )  # fmt: skip


_TABLE = "Read it off the table of footprint against traffic."
_QUESTIONS = (
    _CLAIM,
    _read_off("total", "Parameters that the model holds", "billion", _TABLE),
    _read_off("active", "Parameters of it that a token uses", "billion", _TABLE),
    _read_off(
        "footprint",
        "Weights resident on the node, over those of the dense model",
        "×",
        "What the factor has to be paid with: the last column of that table.",
    ),
    _read_off(
        "worst",
        "And where it does not pay: the least speed-up on its curve over the batch, in decode at this context",
        "×",
        "The lowest point of its line. The phase may be turned to read it, and back.",
    ),
)


class Case(NamedTuple):
    """What an attempt is judged by: the experts alone, without draft and sparsity.

    Attributes:
        point: The operating point.
        dense: Footprint against traffic of the dense model.
        now: That of the mixture.
        curve: Its gain over the batch in decode.
        others: Whether a draft or a sparsity stood at the knobs.
    """

    point: Point
    dense: Facts
    now: Facts
    curve: tuple[tuple[float, float], ...]
    others: bool

    @property
    def gain(self) -> float:
        """Tokens a second over those of the dense model."""
        return self.point.gain

    @property
    def worst(self) -> tuple[float, float] | None:
        """Batch and height of the lowest point of the curve; None where it has no point."""
        return min(self.curve, key=_height, default=None)


def _height(point: tuple[float, float]) -> float:
    return point[1]


def case_at(knobs: Knobs) -> Case:
    """The case at some knobs."""
    whole = strategy_at(knobs)
    experts = Strategy(whole.model, whole.twin, whole.routing)
    point = point_at(knobs, experts)
    return Case(
        point=point,
        dense=facts_of(point.base, DENSE),
        now=facts_of(point.load, experts),
        curve=gains(point.load._replace(phase=DECODE), experts, BATCHES),
        others=whole != experts,
    )


def asks() -> str:
    """What the product lead demands."""
    now = served(Load(DECODE, BATCH, CONTEXT), DENSE)
    return (
        f"Twice the tokens, from the same chips and in the same bf16: {grouped(now.rate)} a second is what Part 2 left "
        "us. I read that a mixture of experts does it, since a token uses only some of the parameters. Find an "
        "operating point where one makes twice the tokens of the dense model under the same load, and prove it. It has "
        "to hold no fewer parameters than the model of today: a smaller model is another product."
    )


def judge(answers: Answers, standing: Standing) -> Judgement:
    """The engine's verdict on an attempt.

    Args:
        answers: Checked answers by question.
        standing: Where the learner stands.
    """
    case = case_at(standing.knobs)
    against = refusal(case)
    verdicts = {
        "claim": _claim(str(answers["claim"]), case, against),
        "total": _total(quantity(answers, "total"), case),
        "active": _active(quantity(answers, "active"), case),
        "footprint": _footprint(quantity(answers, "footprint"), case),
        "worst": _worst(quantity(answers, "worst"), case),
    }
    text = carries(case) if against is None else against
    if case.others:
        text += " The claim is about the experts: draft and sparsity were left out of it."
    if against is None and not all(verdict.right for verdict in verdicts.values()):
        text = f"The operating point holds, but not every number that you give for it. {text}"
    return Judgement(verdicts=verdicts, text=text)


def refusal(case: Case) -> str | None:
    """The number that refutes the claim; None where it holds.

    Args:
        case: The case.
    """
    point, name = case.point, name_of(case.point.strategy)
    if point.strategy == DENSE:
        return f"{times(1.0)}: {name} is the dense model itself. Choose a mixture of experts."
    over = infeasible(point)
    if over is not None:
        return f"{name} keeps {with_prefix(case.now.node, 'B')} of weights resident. {over}"
    if not point.dense.fits:
        over = with_prefix(-point.dense.spare, "B")
        return (
            f"The dense model is {over} over the memory of each chip at {load_words(point.base)}: there is nothing to "
            "be twice of."
        )
    if case.gain < DEMANDED:
        return f"{times(case.gain)} at {_where(point)}: {_why_not(case)}"
    if case.now.total < case.dense.total:
        return (
            f"{times(case.gain)}, but {name} holds {billions(case.now.total)} parameters of "
            f"{billions(case.dense.total)}: a smaller model is another product."
        )
    return None


def _where(point: Point) -> str:
    if point.load == point.base:
        return load_words(point.load)
    return f"{load_words(point.load)} against batch {grouped(point.base.batch)}"


def _why_not(case: Case) -> str:
    """What a load that does not reach it asks of the model, and the limit where that is too low."""
    now, dense = case.now, case.dense
    text = (
        f"a step asks for {significant(now.asked)} of the {grouped(now.n_experts)} experts of a layer and reads "
        f"{with_prefix(now.read, 'B')} of weights where the dense model reads {with_prefix(dense.read, 'B')}."
    )
    limit = limit_of(case.point.load, case.point.strategy)
    if limit >= DEMANDED:
        return text
    return (
        f"{text} And at this context no batch brings it to twice: a token asks for {billions(now.active)} of "
        f"{billions(dense.active)} parameters, and neither its operations nor its least bytes fall by more than "
        f"{times(limit)}."
    )


def limit_of(load: Load, strategy: Strategy) -> float:
    """The most that a mixture can gain: the fall of a token's operations or of its weights, whichever is larger.

    Args:
        load: Phase and context.
        strategy: The mixture.
    """
    one = Load(DECODE, 1.0, load.context)
    work = float(step_of(one, DENSE).model_flops) / float(step_of(one, strategy).model_flops)
    read = facts_of(one, DENSE).read / facts_of(one, strategy).read
    return max(work, read)


def carries(case: Case) -> str:
    """The numbers that carry an accepted claim, and what it does not say."""
    worst, made = case.worst, case.point.strategy
    loses = (
        ""
        if worst is None
        else f" In decode its least is {times(worst[1])}, at batch {grouped(worst[0])}."
    )
    return (
        f"{times(case.gain)} at {_where(case.point)}: {billions(case.now.active)} of {billions(case.now.total)} "
        f"parameters work on a token, and {with_prefix(case.now.node, 'B')} of weights lie resident, "
        f"{times(case.now.node / case.dense.node)} those of the dense model.{loses} The two models are not matched in "
        f"quality, and the routing is taken to be {made.routing}.{_untrained(made)} What else is taken for granted "
        "stands under the table."
    )


def _untrained(strategy: Strategy) -> str:
    return "" if strategy.twin is None else " Nobody has trained this twin."


def _claim(answer: str, case: Case, against: str | None) -> Verdict:
    name, worst = name_of(case.point.strategy), case.worst
    if answer == "anywhere":
        lost = (
            ""
            if worst is None
            else f" At batch {grouped(worst[0])} in decode it makes {times(worst[1])}."
        )
        feedback = f"Not at any load: together the tokens of a batch ask for more experts than one does.{lost}"
        return Verdict(right=False, feedback=feedback, answer=answer)
    if answer == "nowhere":
        return Verdict(right=False, feedback=_nowhere(case), answer=answer)
    if against is not None:
        return Verdict(right=False, feedback="Not here: see the number.", answer=answer)
    before, after = (
        terms_of(p, s)
        for p, s in ((case.point.base, DENSE), (case.point.load, case.point.strategy))
    )
    saved = {"reads": before.memory - after.memory, "computes": before.compute - after.compute}
    facts = (
        f"For each token of the node {name} waits {_shorter(saved['reads'])} for memory and "
        f"{_shorter(saved['computes'])} for arithmetic."
    )
    right = saved[answer] == max(saved.values())
    return Verdict(right=right, feedback=facts if right else f"Not mainly. {facts}", answer=answer)


def _nowhere(case: Case) -> str:
    limit = limit_of(case.point.load, case.point.strategy)
    if limit < DEMANDED:
        return (
            f"So it is: its limit is {times(limit)}. But twice is demanded: choose another mixture."
        )
    return f"That is not shown: by its parameters the limit is {times(limit)}. Look at other loads."


def _shorter(saved: float) -> str:
    if saved >= 0.0:
        return f"{with_prefix(saved, 's')} less"
    return f"{with_prefix(-saved, 's')} more"


def terms_of(load: Load, strategy: Strategy) -> StepTerms:
    """The parts of the time that the node takes for each token [s]."""
    view = view_of_step(load, strategy)
    terms, tokens = step_terms(view.rows), float(view.diagnosis.scenario.request.tokens)
    return StepTerms(
        memory=terms.memory / tokens,
        compute=terms.compute / tokens,
        link=terms.link / tokens,
        launch=terms.launch / tokens,
        dispatch=terms.dispatch / tokens,
    )


def _total(answer: float, case: Case) -> Verdict:
    total, active = case.now.total / _BILLION, case.now.active / _BILLION
    hint = "That is what a token uses, not what the model holds." if near(answer, active) else None
    return _read(answer, total, hint)


def _active(answer: float, case: Case) -> Verdict:
    total, active = case.now.total / _BILLION, case.now.active / _BILLION
    hint = (
        "That is all that the model holds; a token uses a part of it."
        if near(answer, total)
        else None
    )
    return _read(answer, active, hint)


def _footprint(answer: float, case: Case) -> Verdict:
    ratio, traffic = case.now.node / case.dense.node, case.now.read / case.dense.read
    hint = "That is what a step reads, not what lies resident." if near(answer, traffic) else None
    return _read(answer, ratio, hint)


def _worst(answer: float, case: Case) -> Verdict:
    if case.worst is None:
        feedback = "Its line has no point at this context: it, or the dense model, does not fit."
        return Verdict(right=False, feedback=feedback, answer=answer)
    return _read(answer, case.worst[1], None)


def _read(answer: float, actual: float, hint: str | None) -> Verdict:
    if near(answer, actual):
        return Verdict(
            right=True, feedback=f"{significant(actual)}, as the engine has it.", answer=answer
        )
    feedback = hint or "The instrument reads something else at the knobs as they stand."
    return Verdict(right=False, feedback=feedback, answer=answer)


def decision(_: Answers, knobs: Knobs) -> str:
    """What an accepted proof decides."""
    case = case_at(knobs)
    return (
        f"serves {name_of(case.point.strategy)} at {_where(case.point)}: {times(case.gain)} the tokens, with "
        f"{with_prefix(case.now.node, 'B')} of weights resident instead of {with_prefix(case.dense.node, 'B')}"
    )


def challenge() -> Challenge:
    """The product lead's demand."""
    return Challenge(
        who=WHO,
        asks=asks,
        target=times(DEMANDED),
        questions=lambda _: _QUESTIONS,
        judge=judge,
        label=label,
        decision=decision,
    )
