"""The layers of networks as operators: how many FLOPs each does and how many bytes it moves.

One multiply-add is two FLOPs. A position in the padding of a convolution or a pool counts like any other, as every
published figure has it.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import ConfigError
from ironlaw.workload.graph import AttentionShape, GemmShape, OpKind
from ironlaw.workload.shapes import ConvolutionShape, RecurrentShape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.workload.tracer import Dims, Tracer

ACTIVATION_FLOPS = {
    "relu": 1.0,
    "relu6": 2.0,
    "leaky_relu": 2.0,
    "hard_swish": 4.0,
    "hard_sigmoid": 3.0,
    "sigmoid": 4.0,
    "tanh": 4.0,
    "silu": 5.0,
    "gelu": 8.0,
}
"""FLOPs of an element; an exponential counts as one."""

NORM_FLOPS = 7.0  # mean, square, variance, subtract, scale, weight, bias
BATCH_NORM_FLOPS = 2.0  # the statistics are constants: one multiply-add
SOFTMAX_FLOPS = 5.0  # max, subtract, exponential, sum, divide
_ACTIVE = ACTIVATION_FLOPS["sigmoid"]
CELL_FLOPS = {1: 2.0 + _ACTIVE, 3: 3.0 * _ACTIVE + 10.0, 4: 5.0 * _ACTIVE + 12.0}
"""FLOPs of the gates for each element of the state, by the number of gates: biases, activations and products."""


class Call(NamedTuple):
    """One layer to write down.

    Attributes:
        name: Name of the operator.
        layer: The layer that it belongs to in tables.
        source: What it reads.
        target: What it makes.
    """

    name: str
    layer: str
    source: str
    target: str


class Window(NamedTuple):
    """A window that slides over the spatial dimensions.

    Attributes:
        kernel: Its extent.
        stride: Its steps.
        padding: Positions added, both sides together.
        dilation: Distance between its taps.
    """

    kernel: Dims
    stride: Dims
    padding: Dims
    dilation: Dims

    def over(self, spatial: Dims, *, round_up: bool = False) -> Dims:
        """The positions that it takes.

        Raises:
            ConfigError: if it is wider than what it slides over.
        """
        taken: list[int] = []
        for size, kernel, stride, padding, dilation in zip(spatial, *self, strict=True):
            room = size + padding - dilation * (kernel - 1) - 1
            if room < 0:
                allowed = f"at most the padded extent {size + padding}"
                raise ConfigError("kernel", dilation * (kernel - 1) + 1, allowed)
            taken.append((-(-room // stride) if round_up else room // stride) + 1)
        return tuple(taken)

    def scattered(self, spatial: Dims, extra: Dims) -> Dims:
        """The extent of a transposed convolution's output.

        Args:
            spatial: Extent of its input.
            extra: Positions that are added at the end.
        """
        return tuple(
            (size - 1) * stride - padding + dilation * (kernel - 1) + 1 + more
            for size, kernel, stride, padding, dilation, more in zip(
                spatial, *self, extra, strict=True
            )
        )


def convolution(
    trace: Tracer, call: Call, weights: Sequence[str], window: Window, groups: int
) -> None:
    """A convolution with weights [C_out, C_in / g, …] over a source [N, C_in, …].

    Raises:
        ConfigError: if channels and groups do not fit each other.
    """
    batch, channels, *spatial = trace.dims(call.source)
    out_channels, deep, *kernel = trace.dims(weights[0])
    if deep * groups != channels or out_channels % groups:
        allowed = f"must divide {channels} and {out_channels} channels; weights reach {deep} deep"
        raise ConfigError("groups", groups, allowed)
    positions = window.over(tuple(spatial))
    shape = ConvolutionShape(
        batch=float(batch),
        in_channels=channels,
        out_channels=out_channels,
        groups=groups,
        taps=prod(kernel),
        in_positions=prod(spatial),
        out_positions=prod(positions),
    )
    _convolve(trace, call, weights, shape, (batch, out_channels, *positions))


def transposed_convolution(
    trace: Tracer, call: Call, weights: Sequence[str], window: Window, groups: int, extra: Dims
) -> None:
    """A transposed convolution with weights [C_in, C_out / g, …] over a source [N, C_in, …].

    Raises:
        ConfigError: if channels and groups do not fit each other.
    """
    batch, channels, *spatial = trace.dims(call.source)
    deep, wide, *kernel = trace.dims(weights[0])
    if deep != channels or channels % groups:
        raise ConfigError("groups", groups, f"must divide {channels} channels")
    positions = window.scattered(tuple(spatial), extra)
    shape = ConvolutionShape(
        batch=float(batch),
        in_channels=channels,
        out_channels=wide * groups,
        groups=groups,
        taps=prod(kernel),
        in_positions=prod(spatial),
        out_positions=prod(positions),
        transposed=True,
    )
    _convolve(trace, call, weights, shape, (batch, wide * groups, *positions))


def _convolve(
    trace: Tracer, call: Call, weights: Sequence[str], shape: ConvolutionShape, dims: Dims
) -> None:
    flops = float(shape.flops) + (float(prod(dims)) if len(weights) > 1 else 0.0)
    reads, writes = (call.source, *weights), ((call.target, dims),)
    trace.step(call.name, OpKind.CONVOLUTION, call.layer, reads, writes, flops=flops, shape=shape)


def matrix(trace: Tracer, call: Call, weights: Sequence[str], n: int) -> None:
    """A matrix of learned weights on the last dimension of a source: k of it in, n out."""
    *rows, k = trace.dims(call.source)
    m = prod(rows)
    biases = float(m * n) if len(weights) > 1 else 0.0
    trace.step(
        call.name,
        OpKind.GEMM,
        call.layer,
        (call.source, *weights),
        ((call.target, (*rows, n)),),
        flops=2.0 * m * n * k + biases,
        shape=GemmShape(float(m), float(n), float(k)),
    )


def product(trace: Tracer, call: Call, other: str, dims: Dims, depth: int) -> str:
    """A matrix product of two activations, batched over the leading dimensions of the result.

    Args:
        trace: What it is written to.
        call: The layer.
        other: The second matrix.
        dims: Shape of the result.
        depth: Length of each inner product.

    Returns:
        The name that the operator got.
    """
    *rows, n = dims
    return trace.step(
        call.name,
        OpKind.BATCHED_GEMM,
        call.layer,
        (call.source, other),
        ((call.target, dims),),
        flops=2.0 * prod(dims) * depth,
        shape=GemmShape(float(prod(rows)), float(n), float(depth)),
    )


def pointwise(
    trace: Tracer, call: Call, others: Sequence[str], flops: float, dims: Dims | None = None
) -> None:
    """An operator on each element of a source, with others that fit its shape.

    Args:
        trace: What it is written to.
        call: The layer.
        others: What it reads beside the source.
        flops: FLOPs of an element.
        dims: Shape of the result; that of the source if None.
    """
    made = trace.dims(call.source) if dims is None else dims
    reads, writes = (call.source, *others), ((call.target, made),)
    work = flops * prod(made)
    trace.step(call.name, OpKind.POINTWISE, call.layer, reads, writes, flops=work)


def reduction(
    trace: Tracer, call: Call, dims: Dims, flops: float, others: Sequence[str] = ()
) -> None:
    """An operator that reads rows whole: a norm, a softmax, a pool, a sum.

    Args:
        trace: What it is written to.
        call: The layer.
        dims: Shape of the result.
        flops: FLOPs of an element of the source.
        others: What it reads beside the source.
    """
    work = flops * prod(trace.dims(call.source))
    reads, writes = (call.source, *others), ((call.target, dims),)
    trace.step(call.name, OpKind.REDUCTION, call.layer, reads, writes, flops=work)


def pool(trace: Tracer, call: Call, window: Window, *, round_up: bool = False) -> None:
    """A maximum or a mean over a sliding window: one FLOP a tap."""
    batch, channels, *spatial = trace.dims(call.source)
    dims = (batch, channels, *window.over(tuple(spatial), round_up=round_up))
    work = float(prod(dims) * prod(window.kernel))
    reads, writes = (call.source,), ((call.target, dims),)
    trace.step(call.name, OpKind.REDUCTION, call.layer, reads, writes, flops=work)


def copy(trace: Tracer, call: Call, others: Sequence[str], dims: Dims) -> None:
    """Data moved and not changed; of each source as much as the result holds at most."""
    room = prod(dims)
    reads = [(name, min(trace.known(name).elements, room)) for name in (call.source, *others)]
    trace.step(call.name, OpKind.COPY, call.layer, reads, ((call.target, dims),))


def scatter(trace: Tracer, call: Call, places: str, dims: Dims) -> None:
    """Rows written to places of a larger, otherwise empty tensor."""
    reads, writes = (call.source, places), ((call.target, dims),)
    trace.step(call.name, OpKind.COPY, call.layer, reads, writes)


def gather(trace: Tracer, call: Call, places: str, dims: Dims) -> None:
    """Rows of a table, read at places."""
    reads = ((call.source, prod(dims)), places)
    trace.step(call.name, OpKind.GATHER, call.layer, reads, ((call.target, dims),))


def attention(trace: Tracer, call: Call, keys: str, values: str, shape: AttentionShape) -> None:
    """Attention without a fused kernel: scores, their scale, softmax and values, four operators.

    Args:
        trace: What it is written to.
        call: The layer; its source holds the queries.
        keys: What K is read from.
        values: What V is read from.
        shape: Sizes and heads.
    """
    name, layer = call.name, call.layer
    heads, rows = int(shape.n_heads), int(shape.query_len)
    pairs = shape.n_heads * shape.query_len * shape.context_len
    dims = (int(shape.batch), round(float(pairs)))
    work = float(2.0 * shape.batch * pairs * shape.d_head)
    made = [f"{call.target}.{part}" for part in ("scores", "scaled", "probabilities")]
    reads, writes = (call.source, keys), ((made[0], dims),)
    trace.step(f"{name}.scores", OpKind.SCORES, layer, reads, writes, flops=work, shape=shape)
    pointwise(trace, Call(f"{name}.scale", layer, made[0], made[1]), (), 1.0)
    reduction(trace, Call(f"{name}.softmax", layer, made[1], made[2]), dims, SOFTMAX_FLOPS)
    out = (int(shape.batch), rows, heads * int(shape.d_head))
    trace.step(
        f"{name}.values",
        OpKind.VALUES,
        layer,
        (made[2], values),
        ((call.target, out),),
        flops=work,
        shape=shape,
    )


def recurrence(
    trace: Tracer, call: Call, weights: Sequence[str], shape: RecurrentShape, dims: Dims
) -> None:
    """One layer and direction of a recurrent network over a sequence.

    Args:
        trace: What it is written to.
        call: The layer.
        weights: Matrices and biases.
        shape: Steps, batch and widths.
        dims: Shape of the result.
    """
    cells = float(shape.steps * shape.batch) * shape.d_hidden
    work = float(shape.flops) + cells * CELL_FLOPS[shape.gates]
    reads, writes = (call.source, *weights), ((call.target, dims),)
    trace.step(call.name, OpKind.RECURRENCE, call.layer, reads, writes, flops=work, shape=shape)
