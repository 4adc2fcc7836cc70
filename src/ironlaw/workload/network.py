"""A network: a model that is one pass over a batch of samples, such as a CNN, an encoder or a recurrent filter.

It is data: operators with the sizes of one sample. What a batch makes of it is a graph, in which activations and FLOPs
grow with the batch and weights do not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import as_float, everywhere, require_count, summed
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.builder import Builder
from ironlaw.workload.graph import (
    AttentionShape,
    Block,
    ExpertShape,
    GemmShape,
    OpKind,
    Role,
)
from ironlaw.workload.shapes import QuantiseShape, RecurrentShape

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.workload.graph import Shape

MATRIX_KINDS = frozenset(
    {
        *(OpKind.GEMM, OpKind.BATCHED_GEMM, OpKind.CONVOLUTION, OpKind.RECURRENCE),
        *(OpKind.SCORES, OpKind.VALUES),
    }
)
"""Kinds whose FLOPs are the model's own; the others are bookkeeping around them."""


class Amount(NamedTuple):
    """Bytes at two bytes an element, of one sample or of all of them [B]."""

    size: float
    scales: bool

    def of(self, batch: Number) -> Number:
        """The bytes of a batch [B]."""
        return self.size * batch if self.scales else self.size


class Value(NamedTuple):
    """A tensor of a network.

    Attributes:
        name: Unique in the network; a name that two stages share is the same tensor.
        amount: Its bytes.
        role: What its data are.
        params: Learned parameters in it.
    """

    name: str
    amount: Amount
    role: Role = Role.ACTIVATION
    params: int = 0


class Step(NamedTuple):
    """An operator of a network, with the sizes of one sample.

    Attributes:
        name: Unique in its stage.
        kind: What it does.
        layer: The layer that it belongs to.
        reads: What it reads of each tensor.
        writes: What it writes of each tensor.
        flops: Its work [FLOP].
        scales: Whether its work grows with the batch.
        shape: The shape that its model form reads.
    """

    name: str
    kind: OpKind
    layer: str
    reads: dict[str, Amount]
    writes: dict[str, Amount]
    flops: float
    scales: bool
    shape: Shape | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Stage:
    """Operators that run in a row.

    Attributes:
        name: Its name.
        steps: Its operators, in order.
        values: All tensors that they name.
        outputs: Tensors that are needed afterwards.
        repeat: How often it stands in the model, each time with weights of its own.
        rounds: How often each of these runs, with the same weights.
    """

    name: str
    steps: tuple[Step, ...]
    values: tuple[Value, ...]
    outputs: tuple[str, ...]
    repeat: int = 1
    rounds: int = 1


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Network:
    """A model that is one pass over a batch of samples.

    Attributes:
        name: Its kebab-case name, or the path of a user's file.
        title: Its name in words.
        stages: In order.
        sample: What one sample is, in words: "image of 224 × 224".
        dtype: The format that it is usually run in.
        base_batch: The batch that its sizes hold for.
        free_batch: Whether another batch may be asked for; a file may fix it.
        notes: What its description leaves uncertain.
    """

    name: str
    title: str
    stages: tuple[Stage, ...]
    sample: str
    dtype: Dtype = Dtype.BF16
    base_batch: int = 1
    free_batch: bool = True
    notes: tuple[str, ...] = ()

    @property
    def total_params(self) -> int:
        """All learned parameters, N, exactly; a shared tensor counts once."""
        shared: dict[str, int] = {}
        for stage in self.stages:
            for value in stage.values:
                shared[value.name] = stage.repeat * value.params
        return int(summed(shared.values()))


def network_blocks(network: Network, batch: Number) -> tuple[Block, ...]:
    """The graphs of a batch, each operator a kernel of its own, at two bytes an element.

    Args:
        network: The model.
        batch: Samples, B.

    Returns:
        A block for each stage.

    Raises:
        DomainError: if the batch is not a whole number from 1, or not the one that the file fixes.
    """
    times = batch_multiple(network, batch)
    return tuple(
        Block(
            stage.name,
            _graph(stage, times).graph(stage.outputs),
            stage.repeat * stage.rounds,
            stage.repeat,
        )
        for stage in network.stages
    )


def batch_multiple(network: Network, batch: Number) -> Number:
    """By how much the sizes of a network grow with a batch.

    Args:
        network: The model.
        batch: Samples, B.

    Raises:
        DomainError: if the batch is not a whole number from 1, or not the one that the file fixes.
    """
    require_count("batch", batch)
    base = network.base_batch
    if not network.free_batch and not everywhere(batch == base):
        raise DomainError(
            "batch", batch, f"{base}, the batch that {network.name} was exported with"
        )
    return as_float(batch) / base


def network_flops(network: Network, batch: Number) -> Number:
    r"""Work that the network itself asks for: its matrices, convolutions, attention and recurrences.

    $$ O = B \cdot \sum_{stage} repeat \cdot rounds \sum_{op} O_{op} $$

    Args:
        network: The model.
        batch: Samples, B.

    Returns:
        FLOP.
    """
    times = batch_multiple(network, batch)
    total: Number = 0.0
    for stage in network.stages:
        for step in stage.steps:
            if step.kind in MATRIX_KINDS:
                work = matrix_flops(step) * stage.repeat * stage.rounds
                total = total + (work * times if step.scales else work)
    return total


def matrix_flops(step: Step) -> float:
    """Work of an operator's matrices, the arithmetic of a recurrent cell's gates aside [FLOP]."""
    if isinstance(step.shape, RecurrentShape):
        return float(step.shape.flops)
    return step.flops


def _graph(stage: Stage, times: Number) -> Builder:
    make = Builder()
    for value in stage.values:
        make.tensor(value.name, value.amount.of(times), value.role)
    for step in stage.steps:
        make.operator(
            step.name,
            step.kind,
            step.layer,
            {name: amount.of(times) for name, amount in step.reads.items()},
            {name: amount.of(times) for name, amount in step.writes.items()},
            step.flops * times if step.scales else step.flops,
            _scaled(step.shape, times) if step.scales else step.shape,
        )
    return make


def _scaled(shape: Shape | None, times: Number) -> Shape | None:
    """A shape with its batch grown."""
    if shape is None or isinstance(shape, ExpertShape):
        return shape
    if isinstance(shape, (GemmShape, QuantiseShape)):
        return replace(shape, m=shape.m * times)
    if isinstance(shape, AttentionShape):
        return replace(shape, batch=shape.batch * times)
    return replace(shape, batch=shape.batch * times)
