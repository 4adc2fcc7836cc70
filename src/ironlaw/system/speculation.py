"""Speculative decoding: a cheap draft proposes tokens, the target checks them in one step and keeps the right ones.

A round makes the draft's steps and one step of the target that brings all drafted tokens and the new one to its cache.
That step is diagnosed like any other, so its cost grows with the batch: more rows in every GEMM, more experts touched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_count, summed
from ironlaw.system.diagnosis import Diagnosis, diagnose
from ironlaw.workload.spec import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.base.number import Number
    from ironlaw.system.diagnosis import Scenario

LONGEST = 32
"""Tokens that a draft may propose in a round."""


def acceptances(acceptance: float | Sequence[float], length: int) -> tuple[float, ...]:
    """The probability that each drafted token is right if those before it were.

    Args:
        acceptance: One for all positions, alpha, or one for each position.
        length: Tokens of the draft, gamma.

    Raises:
        DomainError: for a draft of no tokens, a probability outside [0, 1], or a list of another length.

    Example:
        >>> acceptances(0.8, 3)
        (0.8, 0.8, 0.8)
    """
    require_count("draft_len", length)
    if length > LONGEST:
        raise DomainError("draft_len", length, f"1 to {LONGEST}")
    each = (acceptance,) * length if isinstance(acceptance, (int, float)) else tuple(acceptance)
    if len(each) != length:
        raise DomainError("acceptance", list(each), f"the lists of {length}, one a drafted token")
    for value in each:
        if isinstance(value, bool) or not 0.0 <= value <= 1.0:
            raise DomainError("acceptance", value, "the probabilities from 0 to 1")
    return tuple(float(value) for value in each)


def tokens_per_round(acceptance: Sequence[float]) -> float:
    r"""Tokens that a round makes on average: the accepted ones and the target's own.

    $$ E = \sum_{i=0}^{\gamma} \prod_{j \le i} \alpha_j = \frac{1 - \alpha^{\gamma + 1}}{1 - \alpha} $$

    The finite sum holds where the closed form does not, at alpha = 1.

    Args:
        acceptance: The probability that each drafted token is right if those before it were.

    Source:
        Leviathan 2023, equation 1.

    Example:
        >>> round(tokens_per_round((0.8,) * 5), 3), tokens_per_round((1.0,) * 4), tokens_per_round((0.0, 1.0))
        (3.689, 5.0, 1.0)
    """
    chain, reached = 1.0, [1.0]
    for alpha in acceptance:
        chain *= alpha
        reached.append(chain)
    return summed(reached)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Speculation:
    """Decoding with a draft beside decoding without; all of one chip, or of one chip of each stage.

    Attributes:
        plain: A step of the target without a draft.
        verify: A step of the target that checks the drafted tokens and makes one.
        draft: A step of the draft, at the middle context of a round, rounded down; None where proposing costs nothing.
        acceptance: The probability that each drafted token is right if those before it were.
        notes: What is to be known of this pair.
    """

    plain: Diagnosis
    verify: Diagnosis
    draft: Diagnosis | None
    acceptance: tuple[float, ...]
    notes: tuple[str, ...] = ()

    @property
    def draft_len(self) -> int:
        """Tokens that are drafted in a round, gamma."""
        return len(self.acceptance)

    @property
    def tokens_per_round(self) -> float:
        """Tokens of a sequence that a round makes on average, E."""
        return tokens_per_round(self.acceptance)

    @property
    def draft_time(self) -> Number:
        """Time in which the draft proposes [s]."""
        return 0.0 if self.draft is None else self.draft_len * self.draft.step

    @property
    def round_time(self) -> Number:
        """Time of a round [s]."""
        return self.draft_time + self.verify.step

    @property
    def time_per_token(self) -> Number:
        """Time of a round for each token of a sequence that it makes [s]."""
        return self.round_time / self.tokens_per_round

    @property
    def speedup(self) -> Number:
        """Time of a token without the draft over that with it."""
        return self.plain.step / self.time_per_token

    @property
    def break_even(self) -> Number:
        """Tokens that a round has to make for the draft to cost no time."""
        return self.round_time / self.plain.step

    @property
    def flops_per_token(self) -> Number:
        """Work of a round for each token of a sequence that it makes, whole batch [FLOP]."""
        drafted = 0.0 if self.draft is None else self.draft_len * self.draft.model_flops
        return (drafted + self.verify.model_flops) / self.tokens_per_round

    @property
    def flops_ratio(self) -> Number:
        """Work for each token over that without the draft: above 1 unless every token is accepted."""
        return self.flops_per_token / self.plain.model_flops

    @property
    def traffic_per_token(self) -> Number:
        """Bytes of a round for each token of a sequence that it makes, whole batch [B]."""
        drafted = 0.0 if self.draft is None else self.draft_len * self.draft.traffic
        return (drafted + self.verify.traffic) / self.tokens_per_round

    @property
    def traffic_ratio(self) -> Number:
        """Bytes for each token over those without the draft."""
        return self.traffic_per_token / self.plain.traffic

    @property
    def footprint(self) -> Number:
        """Bytes resident on a chip: target and draft with their caches, activations of one of them [B]."""
        target = self.verify.footprint
        if self.draft is None:
            return target.total
        draft = self.draft.footprint
        return target.total + draft.weights + draft.cache

    @property
    def spare(self) -> Number:
        """Memory left on the chip; negative by what is missing [B]."""
        return self.plain.scenario.chip.capacity - self.footprint


def speculate(target: Scenario, draft: Scenario | None, acceptance: Sequence[float]) -> Speculation:
    """Diagnose a round of speculative decoding.

    Args:
        target: A decode step of the target; batch and context may be arrays.
        draft: A decode step of the draft, on chips of the same kind; None where proposing costs nothing.
        acceptance: The probability that each drafted token is right if those before it were; see `acceptances`.

    Returns:
        The round beside the plain step. A draft that does not fit is an answer too: `spare` is negative.

    Raises:
        DomainError: if a step is no decode step of a decoder, or the draft stands on another chip.

    Source:
        Leviathan 2023, with the step of gamma + 1 tokens diagnosed instead of taken to cost as much as one.
    """
    length = len(acceptance)
    _require_decode("model", target)
    if draft is not None:
        _require_decode("draft", draft)
        if draft.chip.name != target.chip.name:
            raise DomainError(
                "draft", draft.chip.name, f"the chip of the target, {target.chip.name}"
            )
        draft = _at(draft, target, float((length - 1) // 2), 0)
    return Speculation(
        plain=diagnose(target),
        verify=diagnose(_at(target, target, float(length), length)),
        draft=None if draft is None else diagnose(draft),
        acceptance=tuple(acceptance),
        notes=_notes(target, draft),
    )


def best_length(
    target: Scenario, draft: Scenario | None, acceptance: float, longest: int = 16
) -> Speculation:
    """The draft length that makes a token the soonest; of equal ones the shorter.

    Args:
        target: A decode step of the target, of single numbers.
        draft: A decode step of the draft, or None.
        acceptance: One for all positions, alpha.
        longest: The longest draft that is tried.

    Returns:
        The best round; where no length pays, the one that loses least.
    """
    require_count("longest", longest)
    found = [speculate(target, draft, acceptances(acceptance, n)) for n in range(1, longest + 1)]
    return max(found, key=lambda each: float(each.speedup))


def _at(step: Scenario, target: Scenario, further: float, drafted: int) -> Scenario:
    """A step over the target's sequences, so many tokens further on, that checks so many drafted tokens."""
    asked = target.request
    request = replace(
        step.request,
        batch=asked.batch,
        context_len=asked.context_len + further,
        drafted=drafted,
    )
    return replace(step, request=request)


def _require_decode(name: str, step: Scenario) -> None:
    spec = step.decoder
    if step.request.phase is not Phase.DECODE:
        raise DomainError(
            "phase", step.request.phase.value, f"decode: {spec.name} drafts or checks tokens"
        )
    if step.request.drafted:
        raise DomainError(name, step.request.drafted, "steps of one token a sequence")


def _notes(target: Scenario, draft: Scenario | None) -> tuple[str, ...]:
    if draft is None:
        return ("proposing is taken to cost nothing: an n-gram table on the host",)
    notes: list[str] = []
    if draft.decoder.total_params >= target.decoder.total_params:
        notes.append(
            f"the draft {draft.decoder.title} is no smaller than its target {target.decoder.title}: it cannot pay"
        )
    if draft.decoder.vocab_size != target.decoder.vocab_size:
        notes.append(
            f"the vocabularies differ, {draft.decoder.vocab_size:,} and {target.decoder.vocab_size:,} tokens: the "
            "draft's words have to be translated"
        )
    return tuple(notes)
