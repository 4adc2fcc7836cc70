"""Cloud Titan, Part 3: a serving strategy (model, draft, sparsity), and what the node makes of a load with it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, cast

from ironlaw.instruments.step_roofline import View
from ironlaw.lab.tracks.cloud_titan import CHIP, MODEL, TP
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.acceptance import acceptances, tokens_per_round
from ironlaw.system.cache_traffic import cache_traffic
from ironlaw.system.capacity import kv_capacity, largest_batch
from ironlaw.system.diagnosis import Diagnosis, Scenario, diagnose
from ironlaw.system.drafting import MTP, NGRAM, prediction_step
from ironlaw.system.question import Ask, scenario
from ironlaw.system.speculation import Speculation, speculate
from ironlaw.system.table import kernel_rows

UNIFORM = "uniform"
DECODE, PREFILL = "decode", "prefill"
CONTEXTUAL = "contextual"


class Load(NamedTuple):
    """What is asked of the node: phase, sequences, and tokens of each."""

    phase: str
    batch: float
    context: float


class Twin(NamedTuple):
    """A mixture of experts of the dense model's own shape: experts of a layer, experts of a token, width of each."""

    n_experts: int
    top_k: int
    d_expert: int


class Draft(NamedTuple):
    """Who drafts, how many tokens a round, and the probability that one is right if those before it were."""

    model: str
    length: int
    alpha: float


class Kernels(NamedTuple):
    """How the step is cut into kernels and launched: fully fused unless a set of the dense model's own stands here."""

    level: str = FusionLevel.FULL.value
    fusions: tuple[str, ...] | None = None
    launch: str | None = None
    tile: str | None = None
    split_k: int | None = None


class Strategy(NamedTuple):
    """How a load is served; without arguments the dense model as it is.

    Attributes:
        model: Name in the registry.
        twin: Experts that the dense model is rewritten into, or none.
        routing: How tokens choose their experts.
        sparsity: What is left out of the weights, or none.
        draft: A draft, or none.
        kernels: How its steps are cut into kernels.
    """

    model: str = MODEL
    twin: Twin | None = None
    routing: str = UNIFORM
    sparsity: str | None = None
    draft: Draft | None = None
    kernels: Kernels = Kernels()


DENSE = Strategy()
"""The dense model, fully fused: what Part 2 left."""


class Served(NamedTuple):
    """What the node makes of a load: tokens [1/s], and the memory that is left on a chip [B]."""

    rate: float
    spare: float

    @property
    def fits(self) -> bool:
        """Whether it can be served at all."""
        return self.spare >= 0.0


def question(load: Load, strategy: Strategy) -> Scenario:
    """A step of a strategy without its draft; all formats are bf16, since precision is another means."""
    ask: dict[str, object] = {**load._asdict(), "tp": TP, "dtype": "bf16", "kv_dtype": "bf16"}
    ask |= _kernels(strategy)
    if strategy.twin is not None:
        ask |= {
            "experts": strategy.twin.n_experts,
            "top_k": strategy.twin.top_k,
            "d_expert": strategy.twin.d_expert,
        }
    if strategy.routing != UNIFORM:
        ask["routing"] = strategy.routing
    if strategy.sparsity is not None:
        ask["sparsity"] = strategy.sparsity
    return scenario(strategy.model, CHIP, **cast("Ask", ask))


def _kernels(strategy: Strategy) -> dict[str, object]:
    """A set of fusions is named for the dense model's kernels; those of a mixture are fused in full instead."""
    cut = strategy.kernels
    ask: dict[str, object] = {"fusion": cut.level, "launch": cut.launch}
    if cut.fusions is not None and strategy._replace(model=MODEL, twin=None) == strategy:
        ask |= {"fusions": cut.fusions, "tile": cut.tile, "split_k": cut.split_k}
    return ask


@lru_cache(maxsize=64)
def step_of(load: Load, strategy: Strategy) -> Diagnosis:
    """The step of a strategy without its draft."""
    return diagnose(question(load, strategy))


def round_of_draft(load: Load, strategy: Strategy) -> Speculation:
    """A round of a strategy's draft.

    Args:
        load: A load of decode.
        strategy: One with a draft.
    """
    draft = strategy.draft
    if draft is None:
        raise TypeError("the strategy has no draft")
    found = _round(load, strategy._replace(draft=draft._replace(alpha=0.0)))
    return replace(found, acceptance=acceptances(draft.alpha, draft.length))


@lru_cache(maxsize=64)
def _round(load: Load, strategy: Strategy) -> Speculation:
    """The same round whatever is accepted: acceptance moves the tokens that it makes, not its time."""
    draft = cast("Draft", strategy.draft)
    target = question(load, strategy)
    return speculate(
        target, _proposer(target, load, strategy), acceptances(draft.alpha, draft.length)
    )


def _proposer(target: Scenario, load: Load, strategy: Strategy) -> Scenario | None:
    """The step of the draft; none where proposing costs nothing."""
    draft = cast("Draft", strategy.draft)
    if draft.model == NGRAM:
        return None
    if draft.model == MTP:
        return prediction_step(target)
    return question(load, Strategy(model=draft.model, kernels=strategy.kernels))


def served(load: Load, strategy: Strategy) -> Served:
    """What the node makes of a load."""
    draft = strategy.draft
    if draft is None:
        return _plain(load, strategy)
    time, spare = _timed(load, strategy._replace(draft=draft._replace(alpha=0.0)))
    made = tokens_per_round(acceptances(draft.alpha, draft.length))
    return Served(load.batch * made / time, spare)


@lru_cache(maxsize=8192)
def _plain(load: Load, strategy: Strategy) -> Served:
    found = step_of(load, strategy)
    return Served(float(found.tokens_per_second), float(found.spare))


@lru_cache(maxsize=8192)
def _timed(load: Load, strategy: Strategy) -> tuple[float, float]:
    """Time of a round [s] and the memory that is left [B]."""
    found = _round(load, strategy)
    return float(found.round_time), float(found.spare)


def gain(load: Load, strategy: Strategy) -> float:
    """Tokens a second over those of the dense model as it is, under the same load."""
    return served(load, strategy).rate / served(load, DENSE).rate


@lru_cache(maxsize=64)
def view_of_step(load: Load, strategy: Strategy) -> View:
    """The step that the target makes: with a draft, the one that checks its tokens."""
    found = (
        step_of(load, strategy) if strategy.draft is None else round_of_draft(load, strategy).verify
    )
    return View(found, kernel_rows(found), cache_traffic(found))


@lru_cache(maxsize=512)
def most(load: Load, strategy: Strategy) -> float:
    """The most sequences of the load's length that fit beside the weights; 0 where not even one does."""
    return float(largest_batch(question(load, strategy)))


@lru_cache(maxsize=512)
def cache_room(load: Load, strategy: Strategy) -> float:
    """Tokens of KV cache that fit beside the weights, all chips together."""
    return float(kv_capacity(question(load, strategy)))


def gains(
    load: Load, strategy: Strategy, batches: tuple[float, ...]
) -> tuple[tuple[float, float], ...]:
    """The gain over the batch, where both the strategy and the dense model fit.

    Args:
        load: Phase and context.
        strategy: How it is served.
        batches: Sequences.
    """
    found: list[tuple[float, float]] = []
    for batch in batches:
        at = load._replace(batch=batch)
        if served(at, DENSE).fits and served(at, strategy).fits:
            found.append((batch, gain(at, strategy)))
    return tuple(found)
