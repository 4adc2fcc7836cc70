"""The aten operators that are more than a pass over their elements."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from ironlaw.workload import layers
from ironlaw.workload.importers.attention import attention_shape
from ironlaw.workload.layers import Call, Window
from ironlaw.workload.shapes import RecurrentShape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ironlaw.workload.importers.torch_export import TorchNode
    from ironlaw.workload.importers.walk import Walk
    from ironlaw.workload.tracer import Dims

_GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1, "rnn_relu": 1}
_MATRIX = 2  # dimensions of a plain matrix


def _call(walk: Walk, node: TorchNode, source: str) -> Call:
    return Call(node.name, node.op, walk.read(source), node.name)


def _weights(walk: Walk, node: TorchNode, *places: int) -> list[str]:
    found = [node.ref(place) for place in places]
    return [walk.read(name) for name in found if name is not None]


def _window(node: TorchNode, kernel: Dims, places: tuple[int, int, int]) -> Window:
    """Stride, padding and dilation at their places among the arguments."""
    length, (stride, padding, dilation) = len(kernel), places
    wide = node.ints(dilation, length, 1)
    text = node.args[padding] if padding < len(node.args) else None
    if text == "same":
        both = tuple(d * (k - 1) for d, k in zip(wide, kernel, strict=True))
    else:
        both = tuple(2 * side for side in node.ints(padding, length, 0))
    return Window(kernel, node.ints(stride, length, 1), both, wide)


def _convolution(walk: Walk, node: TorchNode) -> None:
    """conv1d, conv2d, conv3d: input, weight, bias, stride, padding, dilation, groups."""
    weights, source = _weights(walk, node, 1, 2), node.tensors()[0]
    window = _window(node, walk.dims(weights[0])[2:], (3, 4, 5))
    groups = node.number(6, 1)
    layers.convolution(walk.trace, _call(walk, node, source), weights, window, groups)


def _either_convolution(walk: Walk, node: TorchNode) -> None:
    """convolution: …, dilation, transposed, output padding, groups."""
    weights, source = _weights(walk, node, 1, 2), node.tensors()[0]
    kernel = walk.dims(weights[0])[2:]
    window, groups = _window(node, kernel, (3, 4, 5)), node.number(8, 1)
    call = _call(walk, node, source)
    if not node.number(6, 0):
        layers.convolution(walk.trace, call, weights, window, groups)
        return
    extra = node.ints(7, len(kernel), 0)
    layers.transposed_convolution(walk.trace, call, weights, window, groups, extra)


def _transposed_convolution(walk: Walk, node: TorchNode) -> None:
    """conv_transpose: input, weight, bias, stride, padding, output padding, groups, dilation."""
    weights, source = _weights(walk, node, 1, 2), node.tensors()[0]
    kernel = walk.dims(weights[0])[2:]
    window, groups = _window(node, kernel, (3, 4, 7)), node.number(6, 1)
    extra, call = node.ints(5, len(kernel), 0), _call(walk, node, source)
    layers.transposed_convolution(walk.trace, call, weights, window, groups, extra)


def _linear(walk: Walk, node: TorchNode) -> None:
    """linear: input, weight [out, in], bias."""
    source = node.tensors()[0]
    _multiply(walk, node, source, node.tensors()[1:])


def _added_product(walk: Walk, node: TorchNode) -> None:
    """Addmm and baddbmm: bias, first, second."""
    bias, first, second = node.tensors()[:3]
    _multiply(walk, node, first, [second, bias])


def _multiply(walk: Walk, node: TorchNode, source: str, others: list[str]) -> None:
    """A matrix of weights, or a product of two activations."""
    call, out = _call(walk, node, source), node.made[0]
    reads = [walk.read(name) for name in others]
    constant = walk.is_constant(others[0]) and len(walk.dims(others[0])) <= _MATRIX
    if constant and not walk.is_constant(source):
        layers.matrix(walk.trace, call, reads, out[-1])
        return
    depth = walk.dims(source)[-1]
    name = layers.product(walk.trace, call, reads[0], out, depth)
    walk.products[name] = call.target, out, depth


def _product(walk: Walk, node: TorchNode) -> None:
    """mm, bmm and matmul: two matrices."""
    first, second = node.tensors()[:2]
    _multiply(walk, node, first, [second])


def _attention(walk: Walk, node: TorchNode) -> None:
    """scaled_dot_product_attention: queries, keys and values of [batch, heads, rows, width]."""
    query, keys, values = node.tensors()[:3]
    dims, others = walk.dims(query), walk.dims(keys)
    shape = attention_shape((*dims[:-1], others[-2]), dims[-1])
    target = f"{node.name}.heads"
    call = _call(walk, node, query)._replace(target=target)
    layers.attention(walk.trace, call, walk.read(keys), walk.read(values), shape)
    walk.trace.view(node.name, target, node.made[0])


def _batch_norm(walk: Walk, node: TorchNode) -> None:
    """batch_norm: input, weight, bias, running mean, running variance."""
    source, *weights = node.tensors()
    reads = [walk.read(name) for name in weights]
    layers.pointwise(walk.trace, _call(walk, node, source), reads, layers.BATCH_NORM_FLOPS)


def _pool(walk: Walk, node: TorchNode) -> None:
    """max_pool and avg_pool: input, kernel, stride, padding, dilation (max), whether to round up."""
    source = node.tensors()[0]
    spatial = len(node.made[0]) - 2
    kernel = node.ints(1, spatial, 1)
    stride = node.ints(2, spatial, 0)
    stride = kernel if 0 in stride else stride
    largest = node.op.startswith("max")
    dilation = node.ints(4, spatial, 1) if largest else (1,) * spatial
    padding = tuple(2 * side for side in node.ints(3, spatial, 0))
    window = Window(kernel, stride, padding, dilation)
    round_up = bool(node.number(5 if largest else 4, 0))
    layers.pool(walk.trace, _call(walk, node, source), window, round_up=round_up)


def _adaptive_pool(walk: Walk, node: TorchNode) -> None:
    """Adaptive pools: each element of the input is read once."""
    call = _call(walk, node, node.tensors()[0])
    layers.reduction(walk.trace, call, node.made[0], 1.0)


def _embedding(walk: Walk, node: TorchNode) -> None:
    """embedding: table, indices."""
    table, places = node.tensors()[:2]
    layers.gather(walk.trace, _call(walk, node, table), walk.read(places), node.made[0])


def _recurrent(walk: Walk, node: TorchNode) -> None:
    """Lstm and gru: input, states, weights, biases?, layers, dropout, train, both ways?, batch first?."""
    source, gates = node.tensors()[0], _GATES[node.op]
    weights = [walk.read(name) for name in _list_of_refs(node, 2)]
    biased, depth = bool(node.number(3, 1)), node.number(4, 1)
    ways, first = 1 + node.number(7, 0), bool(node.number(8, 0))
    per_cell = len(weights) // (depth * ways)
    dims = walk.dims(source)
    steps, batch = (dims[1], dims[0]) if first else (dims[0], dims[1])
    for level in range(depth):
        made: list[str] = []
        for way in range(ways):
            begin = (level * ways + way) * per_cell
            cell = weights[begin : begin + (4 if biased else 2)]
            hidden, width = walk.dims(cell[1])[1], walk.dims(source)[-1]
            shape = RecurrentShape(
                steps=float(steps), batch=float(batch), d_input=width, d_hidden=hidden, gates=gates
            )
            part = f"{node.name}.l{level}" + (".reverse" if way else "")
            call = Call(part, node.op, source, part)
            layers.recurrence(walk.trace, call, cell, shape, (*dims[:2], hidden))
            made.append(part)
        source = made[0]
        if ways > 1:
            source = f"{node.name}.l{level}.both"
            wide = ways * walk.dims(made[0])[-1]
            call = Call(source, node.op, made[0], source)
            layers.copy(walk.trace, call, made[1:], (*dims[:2], wide))
    walk.trace.view(node.name, source, node.made[0])


def _list_of_refs(node: TorchNode, place: int) -> list[str]:
    """The tensors of a list among the arguments."""
    found = node.args[place]
    return node._replace(args=(found,)).tensors()


HANDLERS: Mapping[str, Callable[[Walk, TorchNode], None]] = MappingProxyType(
    dict.fromkeys(("conv1d", "conv2d", "conv3d"), _convolution)
    | dict.fromkeys(
        ("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), _transposed_convolution
    )
    | dict.fromkeys(("addmm", "baddbmm"), _added_product)
    | dict.fromkeys(("mm", "bmm", "matmul"), _product)
    | dict.fromkeys(
        (
            "scaled_dot_product_attention",
            "scaled_dot_product_flash_attention",
            "scaled_dot_product_efficient_attention",
            "scaled_dot_product_flash_attention_for_cpu",
        ),
        _attention,
    )
    | dict.fromkeys(
        ("batch_norm", "native_batch_norm", "native_batch_norm_legit_no_training"), _batch_norm
    )
    | dict.fromkeys(
        ("max_pool1d", "max_pool2d", "max_pool3d", "avg_pool1d", "avg_pool2d", "avg_pool3d"), _pool
    )
    | dict.fromkeys(("max_pool2d_with_indices",), _pool)
    | dict.fromkeys(
        ("adaptive_avg_pool1d", "adaptive_avg_pool2d", "adaptive_max_pool2d"), _adaptive_pool
    )
    | dict.fromkeys(("lstm", "gru", "rnn_tanh", "rnn_relu"), _recurrent)
    | {
        "convolution": _either_convolution,
        "linear": _linear,
        "embedding": _embedding,
    }
)
