"""Speculation of a network that makes its output token by token: time, joules, bytes and work of each token.

A round makes the draft's steps and one step of the target over all drafted tokens and the next. At a batch of one the
target reads its weights in that step once instead of once a token, and computes more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.system.acceptance import tokens_per_round
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.energy import step_energy
from ironlaw.system.network_loop import resident
from ironlaw.system.question import scenario

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip
    from ironlaw.registry.dtypes import Dtype
    from ironlaw.system.diagnosis import Diagnosis
    from ironlaw.system.network_loop import TokenLoop
    from ironlaw.workload.network import Network


class Spent(NamedTuple):
    """What something takes.

    Attributes:
        time: Of one chip [s].
        joules: Its energy, static energy with it [J].
        traffic: Bytes of the memory [B].
        flops: Work of its matrices [FLOP].
    """

    time: float
    joules: float
    traffic: float
    flops: float

    def times(self, factor: float) -> Spent:
        """As much of it."""
        return Spent(*(factor * value for value in self))

    def plus(self, other: Spent) -> Spent:
        """Both."""
        return Spent(*(one + two for one, two in zip(self, other, strict=True)))


NOTHING = Spent(0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LoopSpeculation:
    """A network that decodes with a draft beside the same without.

    Attributes:
        rounds: Tokens of a sample.
        once: What runs once a sample, of the target and of the draft.
        plain: A step of the target over one token.
        verify: A step of the target over the drafted tokens and one more.
        draft: A step of the draft over one token; None where proposing costs nothing.
        draft_once: What the draft runs once a sample; None where it runs nothing.
        acceptance: The probability that each drafted token is right if those before it were; empty without a draft.
        footprint: Weights and caches of both [B].
    """

    rounds: int
    once: Diagnosis
    plain: Diagnosis
    verify: Diagnosis
    draft: Diagnosis | None
    draft_once: Diagnosis | None
    acceptance: tuple[float, ...]
    footprint: float

    @property
    def draft_len(self) -> int:
        """Tokens that are drafted in a round, gamma; 0 without a draft."""
        return len(self.acceptance)

    @property
    def tokens_per_round(self) -> float:
        """Tokens that a round makes on average, E."""
        return tokens_per_round(self.acceptance)

    @property
    def round(self) -> Spent:
        """What a round takes: the draft's steps, and the step that checks them."""
        return self.drafted.plus(spent(self.verify))

    @property
    def drafted(self) -> Spent:
        """What the draft's steps of a round take."""
        return NOTHING if self.draft is None else spent(self.draft).times(float(self.draft_len))

    @property
    def per_token(self) -> Spent:
        """What a token of the output takes, what runs once a sample aside."""
        return self.round.times(1.0 / self.tokens_per_round)

    @property
    def per_sample(self) -> Spent:
        """What a sample takes."""
        once = spent(self.once)
        if self.draft_once is not None:
            once = once.plus(spent(self.draft_once))
        return once.plus(self.per_token.times(float(self.rounds)))


def speculate_loop(
    target: TokenLoop,
    draft: TokenLoop | None,
    acceptance: tuple[float, ...],
    chip: Chip,
    dtype: Dtype,
) -> LoopSpeculation:
    """Decode with a draft. Nothing is fused: at a batch of one the weights are nearly all of the bytes.

    Args:
        target: The network that checks.
        draft: The network that proposes; None where proposing costs nothing, or nothing is proposed.
        acceptance: The probability that each drafted token is right if those before it were; empty for no draft.
        chip: The chip.
        dtype: Format of weights and activations of both.

    Source:
        Leviathan 2023, with steps of one token and of gamma + 1 diagnosed each.
    """
    some = None if not acceptance else draft
    return LoopSpeculation(
        rounds=target.rounds,
        once=_asked(target.once, chip, dtype),
        plain=_asked(target.step(1), chip, dtype),
        verify=_asked(target.step(1 + len(acceptance)), chip, dtype),
        draft=None if some is None else _asked(some.step(1), chip, dtype),
        draft_once=None if some is None else _asked(some.once, chip, dtype),
        acceptance=acceptance,
        footprint=resident((target,) if some is None else (target, some), dtype),
    )


@lru_cache(maxsize=512)
def _asked(network: Network, chip: Chip, dtype: Dtype) -> Diagnosis:
    """A pass of a network; rounds of other lengths and acceptances share most of theirs."""
    named = scenario(network, chip.name, fusion="none", dtype=dtype.value)
    return diagnose(replace(named, chip=chip))


@lru_cache(maxsize=512)
def spent(diagnosis: Diagnosis) -> Spent:
    """What a pass takes.

    Args:
        diagnosis: Of a network on a chip with energy facts.

    Raises:
        DomainError: if the chip's file lacks an energy.
    """
    return Spent(
        time=float(diagnosis.step),
        joules=float(step_energy(diagnosis).total),
        traffic=float(diagnosis.traffic),
        flops=float(diagnosis.model_flops),
    )
