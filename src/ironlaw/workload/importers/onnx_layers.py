"""The nodes of ONNX that are more than a pass over their elements."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from ironlaw.base.errors import ConfigError
from ironlaw.workload import layers
from ironlaw.workload.importers.attention import attention_shape
from ironlaw.workload.layers import Call, Window
from ironlaw.workload.shapes import RecurrentShape

if TYPE_CHECKING:
    from ironlaw.workload.importers.onnx_file import OnnxNode
    from ironlaw.workload.importers.onnx_state import OnnxState
    from ironlaw.workload.tracer import Dims

_GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}


def _call(state: OnnxState, node: OnnxNode) -> Call:
    return Call(node.name, state.layer(node), state.walk.read(node.inputs[0]), node.outputs[0])


def _weights(state: OnnxState, names: list[str]) -> list[str]:
    return [state.walk.read(name, params=state.params(name)) for name in names]


def _window(node: OnnxNode, kernel: Dims, spatial: Dims) -> Window:
    """The sliding window of a node, its padding worked out where it is automatic."""
    ones, zeros = (1,) * len(kernel), (0,) * (2 * len(kernel))
    stride, dilation = node.ints("strides", ones), node.ints("dilations", ones)
    if node.text("auto_pad", "NOTSET").startswith("SAME"):
        wanted = [-(-size // step) for size, step in zip(spatial, stride, strict=True)]
        needs = [
            max((want - 1) * step + wide * (taps - 1) + 1 - size, 0)
            for want, step, wide, taps, size in zip(
                wanted, stride, dilation, kernel, spatial, strict=True
            )
        ]
        return Window(kernel, stride, tuple(needs), dilation)
    pads = node.ints("pads", zeros)
    both = tuple(pads[i] + pads[i + len(kernel)] for i in range(len(kernel)))
    return Window(kernel, stride, both, dilation)


def convolution(state: OnnxState, node: OnnxNode) -> None:
    """Conv: weights [C_out, C_in / g, …] and an optional bias."""
    weights = _weights(state, state.inputs(node)[1:])
    kernel, spatial = state.walk.dims(weights[0])[2:], state.walk.dims(node.inputs[0])[2:]
    window, groups = _window(node, kernel, spatial), node.number("group", 1)
    layers.convolution(state.walk.trace, _call(state, node), weights, window, groups)


def transposed_convolution(state: OnnxState, node: OnnxNode) -> None:
    """ConvTranspose: weights [C_in, C_out / g, …] and an optional bias."""
    weights = _weights(state, state.inputs(node)[1:])
    kernel, spatial = state.walk.dims(weights[0])[2:], state.walk.dims(node.inputs[0])[2:]
    window, groups = _window(node, kernel, spatial), node.number("group", 1)
    plain = window.scattered(spatial, (0,) * len(kernel))
    out = state.out(node)[2:]
    extra = tuple(have - want for have, want in zip(out, plain, strict=True))
    layers.transposed_convolution(
        state.walk.trace, _call(state, node), weights, window, groups, extra
    )


def general_matrix(state: OnnxState, node: OnnxNode) -> None:
    """Gemm: a matrix of weights and a bias, or of two activations."""
    if state.walk.is_constant(node.inputs[1]):
        weights = _weights(state, state.inputs(node)[1:])
        layers.matrix(state.walk.trace, _call(state, node), weights, state.out(node)[-1])
        return
    _product(state, node)


def matrix_product(state: OnnxState, node: OnnxNode) -> None:
    """MatMul: weights on the right (or, transposed, on the left), or a product of two activations."""
    first, second = node.inputs[:2]
    if state.walk.is_constant(second) and len(state.walk.dims(second)) == 2:  # noqa: PLR2004 - a plain matrix
        weights = _weights(state, [second])
        layers.matrix(state.walk.trace, _call(state, node), weights, state.out(node)[-1])
        return
    if state.walk.is_constant(first):
        state.walk.read(first, params=state.params(first))
    if state.walk.is_constant(second):
        state.walk.read(second, params=state.params(second))
    _product(state, node)


def _product(state: OnnxState, node: OnnxNode) -> None:
    out, depth = state.out(node), state.walk.dims(node.inputs[0])[-1]
    if node.op == "Gemm" and node.number("transA", 0):
        depth = state.walk.dims(node.inputs[0])[-2]
    name = layers.product(state.walk.trace, _call(state, node), node.inputs[1], out, depth)
    state.walk.products[name] = node.outputs[0], out, depth


def batch_norm(state: OnnxState, node: OnnxNode) -> None:
    """BatchNormalization: scale and shift are parameters, running mean and variance are not."""
    learned = _weights(state, list(node.inputs[1:3]))
    running = [state.walk.read(name, params=0) for name in node.inputs[3:5]]
    call, work = _call(state, node), layers.BATCH_NORM_FLOPS
    layers.pointwise(state.walk.trace, call, [*learned, *running], work)


def pool(state: OnnxState, node: OnnxNode) -> None:
    """MaxPool and AveragePool: one FLOP a tap."""
    kernel = node.ints("kernel_shape", ())
    window = _window(node, kernel, state.walk.dims(node.inputs[0])[2:])
    round_up = bool(node.number("ceil_mode", 0))
    layers.pool(state.walk.trace, _call(state, node), window, round_up=round_up)


def gather(state: OnnxState, node: OnnxNode) -> None:
    """Gather: rows of a table of weights, or a part of an activation."""
    source, places = node.inputs[:2]
    out = state.out(node)
    if state.walk.is_constant(places):  # a part that is known beforehand
        layers.copy(state.walk.trace, _call(state, node), (), out)
        return
    weights = _weights(state, [source]) if state.walk.is_constant(source) else [source]
    call = Call(node.name, state.layer(node), weights[0], node.outputs[0])
    layers.gather(state.walk.trace, call, places, out)


def scatter(state: OnnxState, node: OnnxNode) -> None:
    """ScatterElements and ScatterND: updates written to places of a copy."""
    source, places, updates = (state.walk.read(name) for name in node.inputs[:3])
    call = Call(node.name, state.layer(node), updates, node.outputs[0])
    layers.copy(state.walk.trace, call, [source, places], state.out(node))


def recurrent(state: OnnxState, node: OnnxNode) -> None:
    """LSTM, GRU and RNN: one operator for each direction.

    Raises:
        ConfigError: if the layout is batch-first, which no runtime supports.
    """
    if node.number("layout", 0):
        raise ConfigError(f"operator {node.name}", "layout = 1", "must be 0: [steps, batch, width]")
    walk, gates = state.walk, _GATES[node.op]
    source, *names = node.inputs[:4]
    steps, batch, width = walk.dims(source)
    ways, _, hidden = walk.dims(names[1])
    weights = _weights(state, [name for name in names if name])
    made: list[str] = []
    for way in range(ways):
        parts: list[str] = []
        for name in weights:
            part = f"{name}/{way}"
            walk.trace.view(part, name, walk.dims(name)[1:])
            parts.append(part)
        made.append(f"{node.outputs[0] or node.name}/{way}")
        shape = RecurrentShape(
            steps=float(steps), batch=float(batch), d_input=width, d_hidden=hidden, gates=gates
        )
        call = Call(
            f"{node.name}.{way}" if ways > 1 else node.name, state.layer(node), source, made[-1]
        )
        layers.recurrence(walk.trace, call, parts, shape, (steps, 1, batch, hidden))
    _outputs(state, node, made, (steps, ways, batch, hidden))


def _outputs(state: OnnxState, node: OnnxNode, made: list[str], dims: Dims) -> None:
    """All steps, and the last state and cell, which are parts of them."""
    for index, name in enumerate(node.outputs):
        if not name:
            continue
        shape = dims if index == 0 else dims[1:]
        state.walk.trace.view(name, made[0], shape)
        if len(made) > 1 and index == 0:
            call = Call(f"{node.name}.both", state.layer(node), made[0], name)
            layers.copy(state.walk.trace, call, made[1:], dims)


def attention(state: OnnxState, node: OnnxNode) -> None:
    """Attention (opset 23): queries, keys and values of [batch, heads, rows, width].

    Raises:
        ConfigError: if its inputs are not split into heads.
    """
    query, keys, values = node.inputs[:3]
    dims, others = state.walk.dims(query), state.walk.dims(keys)
    if len(dims) != 4:  # noqa: PLR2004 - batch, heads, rows, width
        raise ConfigError(
            f"operator {node.name}", list(dims), "must be [batch, heads, rows, width]"
        )
    shape = attention_shape((*dims[:3], others[2]), dims[3])
    call = _call(state, node)._replace(target=f"{node.outputs[0]}/heads")
    layers.attention(state.walk.trace, call, keys, values, shape)
    state.walk.trace.view(node.outputs[0], call.target, state.out(node))
    if prod(state.out(node)) != prod(state.walk.dims(query)):
        raise ConfigError(f"operator {node.name}", node.op, "values must be as wide as queries")
