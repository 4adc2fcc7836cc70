"""Experts in a network: its feed-forward layers as many of which each token, or each sample, takes a few.

What is resident grows with all of them; what is read, with those that the tokens of a step ask for; what is computed,
with those of each token.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.workload.experts import distinct_experts
from ironlaw.workload.graph import GemmShape, OpKind, Role
from ironlaw.workload.network import Amount, Network, Stage, Step, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

FEED_FORWARD = "feed-forward"
"""The layer whose matrices become experts."""


class NetworkExperts(NamedTuple):
    """The experts of every feed-forward layer.

    Attributes:
        number: Experts of a layer, E.
        active: Experts of a token, k.
        width: Width of an expert over that of the dense layer.
        by_sample: Whether all tokens of a sample take the same experts, as where they are languages or domains; else
            each token takes its own.
        router: Whether a matrix chooses them.
    """

    number: int
    active: int = 1
    width: float = 1.0
    by_sample: bool = False
    router: bool = True

    def read(self, tokens: float) -> float:
        """Experts of a layer that the tokens of a step ask for, in the mean.

        Args:
            tokens: Tokens of the step.
        """
        asking = 1.0 if self.by_sample else tokens
        return float(distinct_experts(float(self.number), float(self.active), asking))


def with_experts(network: Network, experts: NetworkExperts) -> Network:
    """A network whose feed-forward layers are experts. Its batch is fixed: experts read do not grow with it in line.

    Args:
        network: The network.
        experts: The experts.

    Raises:
        DomainError: for a k above E, an E that is no count, or a width that is not above 0.

    Source:
        Shazeer 2017; by sample as in Kudugunta 2021 (task-level experts).
    """
    if experts.number < 1:
        raise DomainError("experts", experts.number, "the whole numbers from 1")
    if not 1 <= experts.active <= experts.number:
        raise DomainError("top_k", experts.active, f"1 to the {experts.number} experts")
    if not experts.width > 0.0:
        raise DomainError("width", experts.width, "the numbers above 0")
    stages = tuple(_stage(stage, experts) for stage in network.stages)
    return replace(network, stages=stages, free_batch=False)


def _stage(stage: Stage, experts: NetworkExperts) -> Stage:
    inside = [step for step in stage.steps if step.layer == FEED_FORWARD]
    matrices = [step for step in inside if step.kind is OpKind.GEMM]
    if not matrices:
        return stage
    first, last = matrices[0], matrices[-1]
    hidden = _between(inside, first, last)
    held = {value.name for value in stage.values if value.role is Role.WEIGHT}
    steps: list[Step] = []
    values = {value.name: value for value in stage.values}
    for step in stage.steps:
        made = _expert(step, hidden, held, experts) if step in inside else step
        if step is first and experts.router:
            router, own = _router(first, held, experts)
            steps.append(router)
            values.update((value.name, value) for value in own)
            made = made._replace(reads={**made.reads, own[-1].name: own[-1].amount})
        steps.append(made)
    for step in matrices:
        for name in held & step.reads.keys():
            values[name] = _all_of(values[name], experts)
    share = experts.active * experts.width
    for name in hidden:
        values[name] = values[name]._replace(amount=_times(values[name].amount, share))
    return replace(stage, steps=tuple(steps), values=tuple(values.values()))


def _between(inside: list[Step], first: Step, last: Step) -> frozenset[str]:
    """Tensors that are made and used between the first matrix and the last: they are as wide as the experts."""
    start, end = inside.index(first), inside.index(last)
    return frozenset(name for step in inside[start:end] for name in step.writes)


def _expert(
    step: Step, hidden: Iterable[str], held: Iterable[str], experts: NetworkExperts
) -> Step:
    """An operator of the feed-forward layer: its weights those that are asked for, its rows those of each expert."""
    wide = set(hidden)
    if not wide & {*step.reads, *step.writes}:
        return step
    share = experts.active * experts.width
    rows = step.shape.m if isinstance(step.shape, GemmShape) else 1.0
    own = experts.read(float(rows)) * experts.width
    factors = dict.fromkeys(wide, share) | dict.fromkeys(held, own)
    return step._replace(
        reads={name: _times(amount, factors.get(name, 1.0)) for name, amount in step.reads.items()},
        writes={
            name: _times(amount, factors.get(name, 1.0)) for name, amount in step.writes.items()
        },
        flops=step.flops * share,
        shape=_shape(step, wide, share),
    )


def _shape(step: Step, wide: set[str], share: float) -> GemmShape | None:
    if not isinstance(step.shape, GemmShape):
        return None
    if wide & step.writes.keys():
        return replace(step.shape, n=step.shape.n * share)
    return replace(step.shape, k=step.shape.k * share)


def _all_of(weight: Value, experts: NetworkExperts) -> Value:
    """A weight of every expert."""
    times = experts.number * experts.width
    return weight._replace(amount=_times(weight.amount, times), params=round(weight.params * times))


def _times(amount: Amount, factor: float) -> Amount:
    return amount._replace(size=amount.size * factor)


def _router(
    first: Step, held: Iterable[str], experts: NetworkExperts
) -> tuple[Step, tuple[Value, Value]]:
    """The matrix that scores the experts for each token, and its weight and result."""
    shape = first.shape
    if not isinstance(shape, GemmShape):
        raise DomainError("layer", first.name, "feed-forward layers of matrices")
    rows, deep, count = float(shape.m), float(shape.k), experts.number
    element = 2.0  # graphs are written at two bytes an element
    name = f"{first.name.rpartition('.')[0]}.router"
    weight = Value(
        f"{name}.weight",
        Amount(element * deep * count, scales=False),
        Role.WEIGHT,
        round(deep) * count,
    )
    scores = Value(f"{name}.scores", Amount(element * rows * count, scales=True))
    entering = {source: amount for source, amount in first.reads.items() if source not in set(held)}
    step = Step(
        name=name,
        kind=OpKind.GEMM,
        layer="router",
        reads={**entering, weight.name: weight.amount},
        writes={scores.name: scores.amount},
        flops=2.0 * rows * deep * count,
        scales=True,
        shape=GemmShape(rows, float(count), deep),
    )
    return step, (weight, scores)
