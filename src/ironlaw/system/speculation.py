"""Speculative decoding: a cheap draft proposes tokens, the target checks them in one step and keeps the right ones.

A round makes the draft's steps and one step of the target that brings all drafted tokens and the new one to its cache.
That step is diagnosed like any other, so its cost grows with the batch: more rows in every GEMM, more experts touched.
A tree of tokens is checked like a row of as many, because all of them share the context; it only ends sooner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import ceil, is_scalar, maximum, require_count, summed
from ironlaw.system.acceptance import (
    acceptances,
    branches,
    level_widths,
    tokens_per_round,
    tree_nodes,
)
from ironlaw.system.diagnosis import Diagnosis, diagnose
from ironlaw.system.energy import step_energy_or_reason
from ironlaw.workload.layout import attention_groups, layer_chips
from ironlaw.workload.spec import Phase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.base.number import Number
    from ironlaw.system.diagnosis import Scenario

USUAL_LONGEST = 16
"""The longest draft that is tried where the best one is asked for."""


class DraftSteps(NamedTuple):
    """Steps of the draft in a row that bring as many tokens of a sequence each.

    Attributes:
        step: One of them, at the middle context of the run, rounded down.
        runs: How many there are.
        replicas: Copies of the draft that each take their share of the sequences.
    """

    step: Diagnosis
    runs: int
    replicas: int = 1

    @property
    def time(self) -> Number:
        """Time of all of them [s]."""
        return self.runs * self.step.step

    def on_all_chips(self, of_one: Number) -> Number:
        """What all steps do on all chips.

        Args:
            of_one: What one does on one chip.
        """
        return self.runs * self.replicas * layer_chips(self.step.scenario.request) * of_one


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Speculation:
    """Decoding with a draft beside decoding without; times of a node, memory of one chip of each stage.

    Attributes:
        plain: A step of the target without a draft.
        verify: A step of the target that checks the drafted tokens and makes one.
        draft_steps: The steps of the draft; none where proposing costs nothing.
        acceptance: The probability at each depth that a candidate is right if the token before it was.
        tree: Candidates after each token of the depth before; ones where a single row is drafted.
        notes: What is to be known of this pair.
        tried: The rounds of all lengths that this one was chosen from, where the best was asked for.
    """

    plain: Diagnosis
    verify: Diagnosis
    draft_steps: tuple[DraftSteps, ...]
    acceptance: tuple[float, ...]
    tree: tuple[int, ...]
    notes: tuple[str, ...] = ()
    tried: tuple[Speculation, ...] = ()

    @property
    def draft(self) -> Diagnosis | None:
        """A step of the draft: the first kind of them; None where proposing costs nothing."""
        return self.draft_steps[0].step if self.draft_steps else None

    @property
    def draft_len(self) -> int:
        """Tokens in a row that are drafted in a round, gamma: the depth of a tree."""
        return len(self.acceptance)

    @property
    def nodes(self) -> int:
        """Tokens of a sequence that the target checks beside its own."""
        return tree_nodes(self.tree)

    @property
    def tokens_per_round(self) -> float:
        """Tokens of a sequence that a round makes on average, E."""
        return tokens_per_round(self.acceptance)

    @property
    def draft_time(self) -> Number:
        """Time in which the draft proposes [s]."""
        return summed([steps.time for steps in self.draft_steps])

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
        """Work of a round for each token of a sequence that it makes: whole batch, all chips of a layer [FLOP]."""
        drafted = [steps.on_all_chips(steps.step.model_flops) for steps in self.draft_steps]
        return (summed(drafted) + self._all(self.verify.model_flops)) / self.tokens_per_round

    @property
    def flops_ratio(self) -> Number:
        """Work for each token over that without the draft: above 1 unless every token is accepted."""
        return self.flops_per_token / self._all(self.plain.model_flops)

    @property
    def traffic_per_token(self) -> Number:
        """Bytes of a round for each token of a sequence that it makes: whole batch, all chips of a layer [B]."""
        drafted = [steps.on_all_chips(steps.step.traffic) for steps in self.draft_steps]
        return (summed(drafted) + self._all(self.verify.traffic)) / self.tokens_per_round

    @property
    def traffic_ratio(self) -> Number:
        """Bytes for each token over those without the draft."""
        return self.traffic_per_token / self._all(self.plain.traffic)

    @property
    def joules(self) -> TokenJoules | str:
        """Energy of a token without and with the draft, or why there is none, in words."""
        return _joules(self)

    @property
    def footprint(self) -> Number:
        """Bytes resident on a chip: target and draft with their caches, activations of one of them [B]."""
        total = self.verify.footprint.total
        beside: Number = 0.0
        for steps in self.draft_steps:
            draft = steps.step.footprint
            beside = maximum(beside, draft.weights + draft.cache)
        return total + beside

    @property
    def spare(self) -> Number:
        """Memory left on the chip; negative by what is missing [B]."""
        return self.plain.scenario.chip.capacity - self.footprint

    def _all(self, of_one: Number) -> Number:
        """What the target does on all chips of a layer."""
        return layer_chips(self.plain.scenario.request) * of_one


class TokenJoules(NamedTuple):
    """Energy of a token, all chips together.

    Attributes:
        plain: Without the draft [J].
        drafted: With it [J].
    """

    plain: Number
    drafted: Number

    @property
    def ratio(self) -> Number:
        """With the draft over without."""
        return self.drafted / self.plain


def _joules(found: Speculation) -> TokenJoules | str:
    """Energy of a token: while a draft runs on some of the chips, the others idle."""
    plain = step_energy_or_reason(found.plain)
    verify = step_energy_or_reason(found.verify)
    if isinstance(plain, str):
        return plain
    if isinstance(verify, str):
        return verify
    total, chip = verify.total, found.plain.scenario.chip
    for steps in found.draft_steps:
        drafted = step_energy_or_reason(steps.step)
        if isinstance(drafted, str):
            return drafted
        idle = max(plain.chips - steps.replicas * drafted.chips, 0) * (chip.idle_power or 0.0)
        total = total + steps.replicas * steps.runs * drafted.total + steps.time * idle
    batch = found.plain.scenario.request.batch
    return TokenJoules(plain.per_output, total / (batch * found.tokens_per_round))


def speculate(
    target: Scenario,
    draft: Scenario | None,
    acceptance: Sequence[float],
    tree: Sequence[int] | None = None,
) -> Speculation:
    """Diagnose a round of speculative decoding.

    Args:
        target: A decode step of the target; batch and context may be arrays.
        draft: A decode step of the draft, on chips of the same kind; None where proposing costs nothing.
        acceptance: The probability at each depth that a candidate is right if the token before it was; see
            `acceptances`.
        tree: Candidates after each token of the depth before; one if None.

    Returns:
        The round beside the plain step. A draft that does not fit is an answer too: `spare` is negative.

    Raises:
        DomainError: if a step is no decode step of a decoder, the draft stands on another chip, or the tree has another
            depth.

    Source:
        Leviathan 2023, with the step of gamma + 1 tokens diagnosed instead of taken to cost as much as one; trees as in
        SpecInfer (Miao 2023).
    """
    each = acceptances(acceptance, len(acceptance))
    shape = branches((1,) * len(each) if tree is None else tree)
    if len(shape) != len(each):
        raise DomainError("acceptance", list(each), f"the lists of {len(shape)}, one a depth")
    _require_decode("model", target)
    if draft is not None:
        _require_decode("draft", draft)
        if draft.chip.name != target.chip.name:
            raise DomainError(
                "draft", draft.chip.name, f"the chip of the target, {target.chip.name}"
            )
    nodes = tree_nodes(shape)
    return Speculation(
        plain=diagnose(target),
        verify=diagnose(_at(target, target.request.batch, target, nodes, nodes)),
        draft_steps=() if draft is None else _draft_steps(draft, target, shape),
        acceptance=each,
        tree=shape,
        notes=_notes(target, draft),
    )


def _draft_steps(
    draft: Scenario, target: Scenario, tree: tuple[int, ...]
) -> tuple[DraftSteps, ...]:
    """The steps of the draft, those in a row that bring as many tokens together."""
    groups = attention_groups(target.request)
    alone = draft.request.tensor_parallel == draft.request.expert_parallel == 1
    replicas = groups if alone else 1
    batch = target.request.batch
    share = ceil(batch / replicas) if replicas > 1 else batch
    brought = (1, *level_widths(tree)[:-1])
    found: list[DraftSteps] = []
    done = first = 0
    while first < len(brought):
        width, runs = brought[first], 1
        while first + runs < len(brought) and brought[first + runs] == width:
            runs += 1
        further = done + (width if first else 0) + (runs - 1) // 2 * width
        step = diagnose(_at(draft, share, target, further, width - 1))
        found.append(DraftSteps(step, runs, replicas))
        done += width * runs - (0 if first else 1)
        first += runs
    return tuple(found)


def best_length(
    target: Scenario,
    draft: Scenario | None,
    acceptance: float | Sequence[float],
    longest: int = USUAL_LONGEST,
) -> Speculation:
    """The draft length that makes a token the soonest; of equal ones the shorter.

    Args:
        target: A decode step of the target, of single numbers.
        draft: A decode step of the draft, or None.
        acceptance: One for all positions, alpha; or one for each, of which shorter drafts take the first.
        longest: The longest draft that is tried, of one acceptance for all positions.

    Returns:
        The best round, with all that were tried; where no length pays, the one that loses least.

    Raises:
        DomainError: as `speculate` does, and for several batches or contexts, each of which has a best of its own.
    """
    for name, size in (("batch", target.request.batch), ("context", target.request.context_len)):
        if not is_scalar(size):
            raise DomainError(name, size, "single numbers: each has a best length of its own")
    require_count("longest", longest)
    length = longest if isinstance(acceptance, (int, float)) else len(acceptance)
    every = acceptances(acceptance, length)
    found = tuple(speculate(target, draft, every[: n + 1]) for n in range(len(every)))
    return replace(max(found, key=lambda each: float(each.speedup)), tried=found)


def _at(step: Scenario, batch: Number, target: Scenario, further: int, drafted: int) -> Scenario:
    """A step so many tokens further on than the target's, that brings so many drafted tokens beside one."""
    request = replace(
        step.request,
        batch=batch,
        context_len=target.request.context_len + float(further),
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
