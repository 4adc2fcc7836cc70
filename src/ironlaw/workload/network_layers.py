"""What each `op` of a network file means: its fields, and the operators that it stands for."""

from __future__ import annotations

from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING

from ironlaw.base.errors import ConfigError
from ironlaw.base.number import summed
from ironlaw.workload import layers
from ironlaw.workload.graph import Role
from ironlaw.workload.layers import Call, Window
from ironlaw.workload.network_sequences import attention_layer, gru_layer, lstm_layer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ironlaw.workload.place import Place

_INDEX = 8.0  # an int64 index [B]


def _spatial(place: Place) -> int:
    if len(place.dims) < 3:  # noqa: PLR2004 - batch, channels and at least one position
        shape = list(place.dims[1:])
        raise ConfigError(place.fields.path, shape, "needs an input of [channels, positions …]")
    return len(place.dims) - 2


def _conv(place: Place) -> None:
    fields, spatial = place.fields, _spatial(place)
    kernel = fields.counts("kernel", spatial)
    dilation = fields.counts("dilation", spatial, 1)
    same = [d * (k - 1) // 2 for k, d in zip(kernel, dilation, strict=True)]
    padding = fields.counts("padding", spatial, least=0) if fields.has("padding") else same
    stride = fields.counts("stride", spatial, 1)
    window = Window(kernel, stride, tuple(2 * side for side in padding), dilation)
    channels = place.dims[1]
    depthwise = fields.raw("groups") == "depthwise"
    groups = channels if depthwise else fields.count("groups", 1)
    out = fields.count("channels", channels if depthwise else None)
    if channels % groups:
        raise fields.refuse("groups", f"must divide the {channels} channels of the input")
    weights = [place.weight("weight", out, channels // groups, *kernel)]
    if fields.flag("bias"):
        weights.append(place.weight("bias", out))
    layers.convolution(place.trace, place.call("conv", place.source), weights, window, groups)
    _suffix(place, f"{place.name}.conv", axis=1)


def _deconv(place: Place) -> None:
    fields, spatial = place.fields, _spatial(place)
    kernel = fields.counts("kernel", spatial)
    stride = fields.counts("stride", spatial, 1)
    padding = fields.counts("padding", spatial, 0, least=0)
    dilation = fields.counts("dilation", spatial, 1)
    extra = fields.counts("output_padding", spatial, 0, least=0)
    window = Window(kernel, stride, tuple(2 * side for side in padding), dilation)
    groups, channels = fields.count("groups", 1), place.dims[1]
    out = fields.count("channels")
    if channels % groups or out % groups:
        raise fields.refuse("groups", f"must divide {channels} and {out} channels")
    weights = [place.weight("weight", channels, out // groups, *kernel)]
    if fields.flag("bias"):
        weights.append(place.weight("bias", out))
    call = place.call("deconv", place.source)
    layers.transposed_convolution(place.trace, call, weights, window, groups, extra)
    _suffix(place, f"{place.name}.deconv", axis=1)


def _linear(place: Place) -> None:
    fields, width = place.fields, place.dims[-1]
    out = fields.count("features")
    shared = fields.text("weight", f"{place.name}.weight")
    if not place.trace.knows(shared):
        place.trace.weight(shared, (out, width))
    weights = [shared]
    if fields.flag("bias"):
        weights.append(place.weight("bias", out))
    call = place.call("linear", place.source)
    layers.matrix(place.trace, call, weights, out)
    if fields.flag("cache"):
        place.trace.keep(f"{place.name}.linear")
    _suffix(place, f"{place.name}.linear", axis=-1)


def _suffix(place: Place, made: str, axis: int) -> None:
    """What may follow a matrix in the same entry: norm, addition of another tensor, activation."""
    fields, trace = place.fields, place.trace
    if fields.flag("norm"):
        made = _batch_norm_of(place, made, axis)
    made = place.added(made)
    if fields.has("activation"):
        kind = fields.choice("activation", layers.ACTIVATION_FLOPS)
        work = layers.ACTIVATION_FLOPS[kind]
        layers.pointwise(trace, place.call(kind, made), (), work)
        made = f"{place.name}.{kind}"
    place.done(made)


def _batch_norm_of(place: Place, source: str, axis: int) -> str:
    channels = place.trace.dims(source)[axis]
    weights = [place.weight(f"norm.{part}", channels) for part in ("weight", "bias")]
    for part in ("mean", "variance"):
        weights.append(f"{place.name}.norm.{part}")
        place.trace.weight(weights[-1], (channels,), params=0)
    work = layers.BATCH_NORM_FLOPS
    layers.pointwise(place.trace, place.call("norm", source), weights, work)
    return f"{place.name}.norm"


def _batch_norm(place: Place) -> None:
    made = _batch_norm_of(place, place.source, axis=1)
    place.trace.view(place.name, made, place.dims)


def _layer_norm(place: Place) -> None:
    width = place.dims[-1]
    weights = [place.weight(part, width) for part in ("weight", "bias")]
    call = place.call("", place.source)
    layers.reduction(place.trace, call, place.dims, layers.NORM_FLOPS, weights)


def _activation(place: Place) -> None:
    work = layers.ACTIVATION_FLOPS[place.fields.choice("kind", layers.ACTIVATION_FLOPS)]
    layers.pointwise(place.trace, place.call("", place.source), (), work)


def _combine(place: Place) -> None:
    place.require_equal(place.source)
    work = float(len(place.inputs) - 1)
    layers.pointwise(place.trace, place.call("", place.source), place.inputs[1:], work)


def _softmax(place: Place) -> None:
    call = place.call("", place.source)
    layers.reduction(place.trace, call, place.dims, layers.SOFTMAX_FLOPS)


def _pool(place: Place) -> None:
    fields, spatial = place.fields, _spatial(place)
    fields.choice("kind", ("max", "mean"))
    kernel = fields.counts("kernel", spatial)
    stride = fields.counts("stride", spatial) if fields.has("stride") else kernel
    padding = fields.counts("padding", spatial, 0, least=0)
    window = Window(kernel, stride, tuple(2 * side for side in padding), (1,) * spatial)
    layers.pool(place.trace, place.call("", place.source), window)


def _global_pool(place: Place) -> None:
    _spatial(place)
    layers.reduction(place.trace, place.call("", place.source), place.dims[:2], 1.0)


def _reduce(place: Place) -> None:
    fields = place.fields
    fields.choice("kind", ("max", "mean", "sum"))
    axis = fields.count("axis", least=0) + 1
    if axis >= len(place.dims):
        raise fields.refuse("axis", f"must be below {len(place.dims) - 1}")
    dims = (*place.dims[:axis], *place.dims[axis + 1 :])
    layers.reduction(place.trace, place.call("", place.source), dims, 1.0)


def _reshape(place: Place) -> None:
    dims = place.fields.counts("to", None)
    if prod(dims) != prod(place.dims[1:]):
        raise place.fields.refuse("to", f"must hold {prod(place.dims[1:])} elements")
    place.trace.view(place.name, place.source, (place.dims[0], *dims))


def _take(place: Place) -> None:
    """The first entries along an axis."""
    fields, dims = place.fields, place.dims
    axis, size = fields.count("axis", least=0) + 1, fields.count("size")
    if axis >= len(dims) or size > dims[axis]:
        raise fields.refuse("size", f"must fit into {list(dims[1:])}")
    place.trace.view(place.name, place.source, (*dims[:axis], size, *dims[axis + 1 :]))


def _concat(place: Place) -> None:
    axis = place.fields.count("axis", 0, least=0) + 1
    shapes = [place.trace.dims(name) for name in place.inputs]
    first = shapes[0]
    for dims in shapes:
        if len(dims) != len(first) or axis >= len(first):
            raise place.fields.refuse("inputs", f"must have the axes of {list(first[1:])}")
        if dims[1:axis] + dims[axis + 1 :] != first[1:axis] + first[axis + 1 :]:
            allowed = f"must have the shape of {list(first[1:])} but for axis {axis - 1}"
            raise place.fields.refuse("inputs", allowed)
    size = int(summed(dims[axis] for dims in shapes))
    made = (*first[:axis], size, *first[axis + 1 :])
    call = Call(place.name, "concat", place.source, place.name)
    layers.copy(place.trace, call, place.inputs[1:], made)


def _resize(place: Place) -> None:
    scale = place.fields.counts("scale", _spatial(place))
    spatial = (size * by for size, by in zip(place.dims[2:], scale, strict=True))
    dims = (*place.dims[:2], *spatial)
    layers.copy(place.trace, place.call("", place.source), (), dims)


def _scatter(place: Place) -> None:
    dims = (place.dims[0], *place.fields.counts("to", None))
    places = f"{place.name}.places"
    rows = (place.dims[0], prod(place.dims[1:-1]))
    place.trace.given(places, rows, role=Role.INDEX, width=_INDEX)
    layers.scatter(place.trace, place.call("", place.source), places, dims)


def _parameter(place: Place) -> None:
    place.trace.weight(place.name, (1, *place.fields.counts("shape", None)))


def _embedding(place: Place) -> None:
    fields = place.fields
    rows, width = fields.count("vocab_size"), fields.count("features")
    shared = fields.text("weight", f"{place.name}.weight")
    if not place.trace.knows(shared):
        place.trace.weight(shared, (rows, width))
    call = place.call("", shared)
    layers.gather(place.trace, call, place.source, (*place.dims, width))


OPS: Mapping[str, Callable[[Place], None]] = MappingProxyType(
    {
        "conv": _conv,
        "deconv": _deconv,
        "linear": _linear,
        "batch_norm": _batch_norm,
        "layer_norm": _layer_norm,
        "activation": _activation,
        "add": _combine,
        "multiply": _combine,
        "softmax": _softmax,
        "pool": _pool,
        "global_pool": _global_pool,
        "reduce": _reduce,
        "reshape": _reshape,
        "take": _take,
        "concat": _concat,
        "resize": _resize,
        "scatter": _scatter,
        "parameter": _parameter,
        "embedding": _embedding,
        "attention": attention_layer,
        "lstm": lstm_layer,
        "gru": gru_layer,
    }
)
"""Every `op`, by name."""
