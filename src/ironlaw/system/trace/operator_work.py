"""FLOPs and bytes of PyTorch's operators, from the shapes that a trace recorded of their inputs.

One multiply-add is two FLOPs. Each input is read once and each output written once, as on a roofline.
"""

from __future__ import annotations

from itertools import zip_longest
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import summed
from ironlaw.system.trace.signature import Signature, UnderivableError
from ironlaw.workload.layers import (
    ACTIVATION_FLOPS,
    BATCH_NORM_FLOPS,
    NORM_FLOPS,
    SOFTMAX_FLOPS,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.system.trace.signature import Dims


class OperatorWork(NamedTuple):
    """What one call of an operator does.

    Attributes:
        flops: Floating-point operations, O.
        traffic: Bytes read and written once each, D_vol [B].
    """

    flops: float
    traffic: float


class _Convolution(NamedTuple):
    """Where a convolution's arguments stand; None where it has none."""

    stride: int
    padding: int
    dilation: int | None
    transposed: int | None = None
    groups: int | None = None


NO_WORK = frozenset(
    {
        *("empty", "empty_like", "empty_strided", "resize_", "view", "_unsafe_view", "as_strided"),
        *("as_strided_", "select", "slice", "t", "transpose", "permute", "expand", "expand_as"),
        *("unsqueeze", "squeeze", "detach", "detach_", "alias", "lift_fresh", "narrow", "unbind"),
        *("split", "chunk", "set_", "view_as", "numpy_T", "movedim", "swapaxes", "diagonal"),
        *("_nnpack_available", "is_nonzero", "conj", "resolve_conj", "resolve_neg", "unfold"),
    }
)
"""Operators of the aten namespace that only describe memory anew: no FLOPs, no bytes."""

_ONE = (
    *("neg", "abs", "sqrt", "rsqrt", "exp", "log", "reciprocal", "square", "sign", "floor"),
    *("clamp_min", "clamp_max", "logical_not", "bitwise_not"),
)
_TWO = (
    *("add", "sub", "mul", "div", "rsub", "maximum", "minimum", "threshold_backward", "lerp"),
    *("le", "lt", "ge", "gt", "eq", "ne", "logical_and", "logical_or", "masked_fill"),
    *("bitwise_and", "bitwise_or", "__and__", "__or__"),
)
_NAMED = {"hardswish": "hard_swish", "hardsigmoid": "hard_sigmoid"}
_ACTIVATIONS = ("relu", "relu6", "leaky_relu", "sigmoid", "tanh", "silu", "gelu", *_NAMED)

ELEMENTWISE: dict[str, tuple[float, int]] = {
    **dict.fromkeys(_ONE, (1.0, 1)),
    **dict.fromkeys(_TWO, (1.0, 2)),
    **dict.fromkeys(("clamp", "hardtanh"), (2.0, 1)),
    **dict.fromkeys(("addcmul", "addcdiv"), (2.0, 3)),
    "where": (1.0, 3),
    **{name: (ACTIVATION_FLOPS[_NAMED.get(name, name)], 1) for name in _ACTIVATIONS},
}
"""FLOPs of an element of the output, and how many tensors are read; one more is where it is written."""

_COMPARISONS = frozenset({"le", "lt", "ge", "gt", "eq", "ne", "logical_not", "logical_and"})
GRADIENTS = "aten::cudnn_convolution_backward"
"""Older PyTorch: an operator that knows the input, the output's gradient and the weights of a convolution."""

ONE_GRADIENT = (f"{GRADIENTS}_input", f"{GRADIENTS}_weight")
"""Operators inside it that know only two of these: they are given the inputs of the one around them."""

_INDEX = 8.0  # bytes of an index that a pool keeps
_SHARED = 2  # dimensions of a convolution before the spatial ones


def operator_work(signature: Signature) -> OperatorWork:
    """FLOPs and bytes of one call.

    Args:
        signature: The operator and its inputs.

    Raises:
        UnderivableError: naming what is missing.

    Example:
        >>> operator_work(Signature("aten::mm", ([4, 8], [8, 2]), ("float", "float"), ()))
        OperatorWork(flops=128.0, traffic=224.0)
    """
    plain = signature.name.removeprefix("aten::")
    if plain in NO_WORK:
        return OperatorWork(0.0, 0.0)
    known = _FAMILIES.get(plain)
    if known is not None:
        return known(signature)
    found = ELEMENTWISE.get(plain, ELEMENTWISE.get(plain.removesuffix("_")))
    if found is None or not signature.name.startswith("aten::"):
        raise UnderivableError("what it computes does not follow from the shapes of its inputs")
    return _elementwise(signature, found, plain)


def _elementwise(call: Signature, known: tuple[float, int], plain: str) -> OperatorWork:
    flops, n_inputs = known
    places = call.tensors()[:n_inputs]
    if not places:
        raise UnderivableError("its inputs are numbers or lists")
    count = float(prod(broadcast([call.dims(place) for place in places])))
    element = 1.0 if plain.removesuffix("_") in _COMPARISONS else call.element(places[0])
    return OperatorWork(flops * count, summed(map(call.size, places)) + count * element)


def broadcast(shapes: list[Dims]) -> Dims:
    """The shape that shapes come to when dimensions of one stretch.

    Args:
        shapes: The shapes.

    Raises:
        UnderivableError: if they do not fit.
    """
    result: list[int] = []
    for sizes in zip_longest(*(reversed(shape) for shape in shapes), fillvalue=1):
        wide = {size for size in sizes if size != 1}
        if len(wide) > 1:
            raise UnderivableError(f"the shapes {shapes} do not fit each other")
        result.append(wide.pop() if wide else 1)
    return tuple(reversed(result))


def _gemm(first: int) -> Callable[[Signature], OperatorWork]:
    """A product of matrices, maybe many: inputs [..., m, k] and [..., k, n] from a place on, what is added before."""

    def work(call: Signature) -> OperatorWork:
        left, right = call.dims(first), call.dims(first + 1)
        if len(left) < 2 or len(right) < 2 or left[-1] != right[-2]:  # noqa: PLR2004 - matrices
            raise UnderivableError(f"{left} and {right} are no matrices that fit each other")
        count = float(prod(broadcast([left[:-2], right[:-2]]))) * left[-2] * right[-1]
        added = call.size(0) if first and call.has(0) else 0.0
        moved = call.size(first) + call.size(first + 1) + count * call.element(first) + added
        return OperatorWork(2.0 * count * left[-1] + (count if added else 0.0), moved)

    return work


def _linear(call: Signature) -> OperatorWork:
    source, weights = call.dims(0), call.dims(1)
    if len(weights) != 2 or source[-1:] != weights[-1:]:  # noqa: PLR2004 - a matrix
        raise UnderivableError(f"{source} does not fit weights {weights}")
    count = float(prod(source[:-1])) * weights[0]
    bias = call.size(2) if call.has(2) else 0.0
    moved = call.size(0) + call.size(1) + count * call.element(0) + bias
    return OperatorWork(2.0 * count * weights[1] + (count if bias else 0.0), moved)


def _convolved(places: _Convolution) -> Callable[[Signature], OperatorWork]:
    """A convolution; a transposed one scatters each input position to all taps."""

    def work(call: Signature) -> OperatorWork:
        source, weights = call.dims(0), call.dims(1)
        spatial, kernel = source[_SHARED:], weights[_SHARED:]
        if len(source) != len(weights) or not spatial:
            raise UnderivableError(f"{source} does not fit weights {weights}")
        if call.output is not None and not call.has_values:
            return _gathered(call, call.output)
        stride = call.wholes(places.stride, len(spatial))
        padding = call.wholes(places.padding, len(spatial))
        still = places.dilation is None
        dilation = (1,) * len(spatial) if still else call.wholes(places.dilation or 0, len(spatial))
        if places.transposed is not None and call.flag(places.transposed):
            return _transposed(call, (stride, padding, dilation), call.whole(places.groups or 0))
        out = [
            (size + 2 * pad - wide * (taps - 1) - 1) // step + 1
            for size, taps, step, pad, wide in zip(
                spatial, kernel, stride, padding, dilation, strict=True
            )
        ]
        return _gathered(call, (source[0], weights[0], *out))

    return work


def _gathered(call: Signature, out: Dims) -> OperatorWork:
    """A convolution with a known output: each of its positions meets all taps of all channels of its group."""
    weights, count = call.dims(1), float(prod(out))
    moved = call.size(0) + call.size(1) + count * call.element(0)
    return OperatorWork(2.0 * count * weights[1] * prod(weights[_SHARED:]), moved)


def _transposed(call: Signature, window: tuple[Dims, Dims, Dims], groups: int) -> OperatorWork:
    source, weights = call.dims(0), call.dims(1)
    taps = weights[_SHARED:]
    out = [
        (size - 1) * step - 2 * pad + wide * (kernel - 1) + 1
        for size, kernel, step, pad, wide in zip(source[_SHARED:], taps, *window, strict=True)
    ]
    written = float(source[0]) * weights[1] * groups * prod(out) * call.element(0)
    flops = 2.0 * prod(source) * weights[1] * prod(taps)
    return OperatorWork(flops, call.size(0) + call.size(1) + written)


def _convolution_backward(call: Signature) -> OperatorWork:
    """Gradients of a convolution's input and weights: each as many FLOPs as the convolution itself."""
    out, source, weights = call.dims(0), call.dims(1), call.dims(2)
    n_wanted = call.flags(10)[:2].count("True")
    scattered = source if call.flag(7) else out  # one position of it meets all taps
    flops = 2.0 * prod(scattered) * weights[1] * prod(weights[_SHARED:])
    moved = call.size(0) + call.size(1) + call.size(2)
    return OperatorWork(n_wanted * flops, n_wanted * moved)


def _one_gradient(call: Signature) -> OperatorWork:
    """One gradient of a convolution, by the inputs of the operator around it: input, output's gradient, weights."""
    out, weights = call.dims(1), call.dims(2)
    flops = 2.0 * prod(out) * weights[1] * prod(weights[_SHARED:])
    return OperatorWork(flops, call.size(0) + call.size(1) + call.size(2))


def _copy(call: Signature) -> OperatorWork:
    return OperatorWork(
        0.0, call.size(0) + prod(call.dims(0)) * call.element(1 if call.has(1) else 0)
    )


def _fill(call: Signature) -> OperatorWork:
    return OperatorWork(0.0, call.size(0))


def _in_and_out(flops: float) -> Callable[[Signature], OperatorWork]:
    """As many elements out as in, with weights beside."""

    def work(call: Signature) -> OperatorWork:
        beside = [call.size(place) for place in call.tensors() if place]
        moved = 2.0 * call.size(0) + summed(beside)
        return OperatorWork(flops * prod(call.dims(0)), moved)

    return work


def _batch_norm(call: Signature) -> OperatorWork:
    """Statistics of the batch are computed in training only, which takes one more pass over the input."""
    training = call.flag(5)
    inside = _in_and_out(NORM_FLOPS if training else BATCH_NORM_FLOPS)(call)
    return OperatorWork(inside.flops, inside.traffic + (call.size(0) if training else 0.0))


def _attention(causal: int) -> Callable[[Signature], OperatorWork]:
    """Queries [b, h, s, d] against keys and values; a causal mask leaves half of the square."""

    def work(call: Signature) -> OperatorWork:
        query, key, value = call.dims(0), call.dims(1), call.dims(2)
        if not len(query) == len(key) == len(value) == 4:  # noqa: PLR2004 - batch, heads, positions, width
            raise UnderivableError(f"queries {query} have no four dimensions")
        batch, heads, length, width = query
        pairs = float(batch) * heads * length * key[2]
        if call.flag(causal) and length == key[2]:
            pairs = 0.5 * pairs * (length + 1) / length
        out = float(batch) * heads * length * value[3] * call.element(0)
        moved = call.size(0) + call.size(1) + call.size(2) + out
        return OperatorWork(2.0 * pairs * (width + value[3]), moved)

    return work


def _reduction(call: Signature) -> OperatorWork:
    """A sum or the like over some dimensions; without them, over all."""
    shape = call.dims(0)
    given = call.concrete[1] if len(call.concrete) > 1 else None
    if len(call.shapes) > 1 and given is None:
        raise UnderivableError("the dimensions it goes over were not recorded (Concrete Inputs)")
    over = set(range(len(shape)))
    if given:
        count = len(shape) or 1
        over = {dim % count for dim in call.some_wholes(1)}
    kept = float(prod(size for dim, size in enumerate(shape) if dim not in over))
    return OperatorWork(float(prod(shape)), call.size(0) + kept * call.element(0))


def _max_pool(call: Signature) -> OperatorWork:
    source = call.dims(0)
    spatial = source[_SHARED:]
    kernel = call.wholes(1, len(spatial))
    steps = kernel if call.concrete[2] in {"", "[]"} else call.wholes(2, len(spatial))
    padding, dilation = call.wholes(3, len(spatial)), call.wholes(4, len(spatial))
    up = call.flag(5)
    out: list[int] = []
    for size, taps, step, pad, wide in zip(spatial, kernel, steps, padding, dilation, strict=True):
        room = size + 2 * pad - wide * (taps - 1) - 1
        out.append((-(-room // step) if up else room // step) + 1)
    count = float(prod(source[:_SHARED])) * prod(out)
    return OperatorWork(count * prod(kernel), call.size(0) + count * (call.element(0) + _INDEX))


def _embedding(call: Signature) -> OperatorWork:
    width, count = call.dims(0)[-1], float(prod(call.dims(1)))
    return OperatorWork(0.0, 2.0 * count * width * call.element(0) + call.size(1))


_FORWARD = _convolved(_Convolution(stride=3, padding=4, dilation=5, transposed=6, groups=8))
_PLAIN = _convolved(_Convolution(stride=3, padding=4, dilation=5))
_CUDNN = _convolved(_Convolution(stride=3, padding=2, dilation=4))
_MKLDNN = _convolved(_Convolution(stride=4, padding=3, dilation=5))
_SLOW = _convolved(_Convolution(stride=4, padding=5, dilation=None))

_FAMILIES: dict[str, Callable[[Signature], OperatorWork]] = {
    **dict.fromkeys(("mm", "bmm", "matmul"), _gemm(0)),
    **dict.fromkeys(("addmm", "addmm_", "baddbmm", "baddbmm_", "_addmm_activation"), _gemm(1)),
    "linear": _linear,
    **dict.fromkeys(("convolution", "_convolution"), _FORWARD),
    **dict.fromkeys(("conv1d", "conv2d", "conv3d", "cudnn_convolution_relu"), _PLAIN),
    "cudnn_convolution": _CUDNN,
    **dict.fromkeys(("mkldnn_convolution", "miopen_convolution"), _MKLDNN),
    **dict.fromkeys(("thnn_conv2d", "_slow_conv2d_forward"), _SLOW),
    "_conv_depthwise2d": _convolved(_Convolution(stride=4, padding=5, dilation=6)),
    "convolution_backward": _convolution_backward,
    **{name.removeprefix("aten::"): _one_gradient for name in ONE_GRADIENT},
    "copy_": _copy,
    **dict.fromkeys(("fill_", "zero_"), _fill),
    **dict.fromkeys(
        ("_softmax", "_log_softmax", "softmax", "log_softmax"), _in_and_out(SOFTMAX_FLOPS)
    ),
    **dict.fromkeys(
        ("native_layer_norm", "layer_norm", "native_group_norm"), _in_and_out(NORM_FLOPS)
    ),
    **dict.fromkeys(("native_batch_norm", "batch_norm", "cudnn_batch_norm"), _batch_norm),
    **dict.fromkeys(("sum", "mean", "prod", "amax", "amin"), _reduction),
    **dict.fromkeys(("max_pool2d_with_indices", "max_pool2d"), _max_pool),
    "embedding": _embedding,
    "_scaled_dot_product_flash_attention": _attention(4),
    "_scaled_dot_product_flash_attention_for_cpu": _attention(4),
    "_scaled_dot_product_efficient_attention": _attention(6),
    "_scaled_dot_product_cudnn_attention": _attention(6),
}
