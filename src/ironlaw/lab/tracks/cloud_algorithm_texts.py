"""Words of Cloud Titan, Part 3. Numbers come in as arguments, computed by the engine."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.lab.draft_question import DRAFT
from ironlaw.lab.questions import Question
from ironlaw.system.question import load_decoder
from ironlaw.workload.experts import distinct_experts

if TYPE_CHECKING:
    from ironlaw.system.speculation import Speculation

ROUTED = "qwen3-235b-a22b"
TOKENS = 32.0
_CLOSE = 0.05  # of the experts of a layer, within which a prediction counts as close


class Asked(NamedTuple):
    """How many experts of a layer some tokens ask for.

    Attributes:
        title: The model.
        n_experts: Experts of a layer.
        top_k: Experts of a token.
        tokens: Tokens.
    """

    title: str
    n_experts: float
    top_k: float
    tokens: float

    @property
    def distinct(self) -> float:
        """Experts that at least one token asks for, in the mean."""
        return float(distinct_experts(self.n_experts, self.top_k, self.tokens))


@lru_cache(maxsize=1)
def asked() -> Asked:
    """What the second question of the lock is about."""
    spec = load_decoder(ROUTED)
    if spec.experts is None:
        raise TypeError(f"{ROUTED} has no experts")
    return Asked(spec.title, float(spec.experts.n_experts), float(spec.experts.top_k), TOKENS)


@lru_cache(maxsize=1)
def prediction() -> tuple[Question, ...]:
    """The questions of the lock."""
    case = asked()
    return (
        DRAFT,
        Question(
            id="experts",
            kind="number",
            text=(
                f"A layer of {case.title} holds {case.n_experts:g} experts, and each token asks for {case.top_k:g} of "
                f"them. Of how many does a decode step read the weights, at batch {case.tokens:g}?"
            ),
            help="The mean, if every expert is as likely as any other.",
            unit="experts",
            min=0.0,
            max=case.n_experts,
        ),
    )


def letter(rate: float, batch: float, context: float, mfu: float) -> list[str]:
    """The product lead's letter.

    Args:
        rate: Tokens a second as Part 2 left it.
        batch: Its sequences.
        context: Tokens of each.
        mfu: MFU of its step.
    """
    return [
        (
            f"You fused what can be fused: {grouped(rate)} tokens a second at batch {grouped(batch)}, context "
            f"{grouped(context)}. Our plan for the year needs {grouped(2.0 * rate)}, twice of that, and there are no "
            "more chips to be had."
        ),
        (
            f"The arithmetic still idles, at {percent(mfu)} MFU, and every byte that is left has to be read. So the "
            "machine is done. What is left is to compute something else: let a small model guess ahead, ask only some "
            "experts, leave weights out. Each has its advocate, and each advocate shows me one number at one load."
        ),
        (
            "I do not want the number, I want to know where it holds. Change the algorithm as you like; the "
            "instruments answer at once. Then prove to me that a mixture of experts makes twice the tokens, and tell "
            "me where it does not."
        ),
    ]


def draft_feedback(option: str, few: Speculation, many: Speculation) -> str:
    """Feedback on the choice, written for that answer.

    Args:
        option: The option.
        few: A round at a small batch.
        many: The same at a large one.
    """
    alpha, n = few.acceptance[0], few.draft_len
    facts = (
        f"A round of {n} drafted tokens at an acceptance of {alpha:g} makes {significant(few.tokens_per_round)} "
        f"tokens, but {n + 1} are checked and {n} were drafted: {significant(float(few.flops_ratio))} times the work "
        f"for each. Tokens still come {_times(few)} as fast at batch {_batch(few)}, because the weights are read once "
        f"for all {n + 1}; at batch {_batch(many)} it is {_times(many)}."
    )
    match option:
        case "less":
            return f"The large model still judges every token that the small one drafts. {facts}"
        case "same":
            return (
                f"A check of {n + 1} tokens takes about the time of one where memory binds; its arithmetic is "
                f"{n + 1}-fold all the same. {facts}"
            )
        case "depends":
            return (
                "That is true of the time. The work for a token falls below what it was only if more tokens are kept "
                f"than are checked, and no acceptance does that. {facts}"
            )
        case _:
            return f"Right: work is spent to save time, where there is work to spare. {facts}"


def _times(found: Speculation) -> str:
    return f"{significant(float(found.speedup))}×"


def _batch(found: Speculation) -> str:
    return grouped(float(found.plain.scenario.request.batch))


def experts_feedback(guess: float) -> str:
    """Feedback on the number.

    Args:
        guess: Predicted number of experts.
    """
    case = asked()
    missed = 1.0 - case.top_k / case.n_experts
    facts = (
        f"One token misses an expert with probability {percent(missed)}; that all {case.tokens:g} miss it happens to "
        f"{percent(1.0 - case.distinct / case.n_experts)} of them. So {significant(case.distinct)} of the "
        f"{case.n_experts:g} are read: a batch reads nearly the whole footprint, though each token uses "
        f"{percent(case.top_k / case.n_experts)} of the experts."
    )
    if abs(guess - case.distinct) <= _CLOSE * case.n_experts:
        return f"Close. {facts}"
    if guess < case.distinct:
        return f"Too low: tokens choose for themselves, and seldom the same. {facts}"
    return f"Too high: some tokens ask for the same expert, which is read once. {facts}"


def experiment_claim(few: Speculation, many: Speculation) -> str:
    """What the bars show.

    Args:
        few: A round at a small batch.
        many: The same at a large one.
    """
    return (
        f"With the draft each word takes {significant(float(few.flops_ratio))}× the work at batch {_batch(few)} and "
        f"{significant(float(many.flops_ratio))}× at batch {_batch(many)}; its time is "
        f"{with_prefix(float(few.time_per_token), 's')} instead of {with_prefix(float(few.plain.step), 's')}, and "
        f"{with_prefix(float(many.time_per_token), 's')} instead of {with_prefix(float(many.plain.step), 's')}."
    )
