"""Importer of ONNX: operators of convolutional, recurrent and attention networks, opset by opset the same."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from ironlaw.base.errors import ConfigError
from ironlaw.workload import layers
from ironlaw.workload.importers.onnx_file import read_onnx
from ironlaw.workload.importers.onnx_layers import (
    attention,
    batch_norm,
    convolution,
    gather,
    general_matrix,
    matrix_product,
    pool,
    recurrent,
    scatter,
    transposed_convolution,
)
from ironlaw.workload.importers.onnx_state import OnnxState
from ironlaw.workload.importers.walk import Origin
from ironlaw.workload.layers import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ironlaw.workload.importers.onnx_file import OnnxNode
    from ironlaw.workload.network import Network

_VIEWS = frozenset({"Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Dropout"})
_COPIES = frozenset(
    {
        *("Transpose", "Concat", "Slice", "Split", "Pad", "Expand", "Tile", "Cast", "CastLike"),
        *("DepthToSpace", "SpaceToDepth", "Resize", "Upsample", "Trilu", "ReverseSequence"),
    }
)
_REDUCTIONS = frozenset(
    {
        *("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1"),
        *("ReduceL2", "ReduceSumSquare", "ReduceLogSumExp", "ArgMax", "ArgMin", "CumSum"),
        *("GlobalAveragePool", "GlobalMaxPool", "TopK"),
    }
)
_NORMS = frozenset(
    {
        *("LayerNormalization", "InstanceNormalization", "GroupNormalization"),
        *("RMSNormalization", "LpNormalization", "MeanVarianceNormalization", "LRN"),
    }
)
_FOUR = 4.0  # an exponential, a root or a power, and the arithmetic around it
_POINTWISE: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(
        (
            *("Add", "Sub", "Mul", "Div", "Max", "Min", "Abs", "Neg", "Relu", "Where", "Equal"),
            *("Less", "Greater", "LessOrEqual", "GreaterOrEqual", "And", "Or", "Not", "Xor"),
            *("Floor", "Ceil", "Round", "Sign", "Mod", "IsNaN", "BitShift", "Reciprocal"),
            *("Sum", "Mean", "DequantizeLinear"),
        ),
        1.0,
    )
    | dict.fromkeys(("Clip", "LeakyRelu", "PRelu", "ThresholdedRelu", "QuantizeLinear"), 2.0)
    | dict.fromkeys(("Exp", "Log", "Sqrt", "Pow", "Sin", "Cos", "Tan", "Elu", "Selu"), _FOUR)
    | {
        "Celu": _FOUR,
        "Softplus": _FOUR,
        "Softsign": 3.0,
        "Erf": layers.ACTIVATION_FLOPS["gelu"],
        "Gelu": layers.ACTIVATION_FLOPS["gelu"],
        "Sigmoid": layers.ACTIVATION_FLOPS["sigmoid"],
        "Tanh": layers.ACTIVATION_FLOPS["tanh"],
        "HardSigmoid": layers.ACTIVATION_FLOPS["hard_sigmoid"],
        "HardSwish": layers.ACTIVATION_FLOPS["hard_swish"],
        "Swish": layers.ACTIVATION_FLOPS["silu"],
        "Mish": layers.ACTIVATION_FLOPS["gelu"],
    }
)


def network_from_onnx(
    path: str, *, dims: Mapping[str, int] | None = None, strict: bool = False
) -> Network:
    """Import an ONNX file.

    Each node becomes an operator with its FLOPs and bytes. A free first dimension is the batch. A float weight is a
    parameter where a node reads it, running statistics and single numbers aside. A node that nobody knows moves its
    bytes, does no FLOPs and is named in the notes.

    Args:
        path: The file.
        dims: Sizes of free dimensions other than the batch, by name.
        strict: Whether an unknown node is an error instead of a note.

    Returns:
        The network; ask it for its blocks at a batch.

    Raises:
        ConfigError: if the package `onnx` is missing, the file cannot be read, a shape is not known, or, where strict,
            a node is not.
    """
    if not Path(path).is_file():
        raise ConfigError("file", path, "there is no such file")
    graph = read_onnx(Path(path), {} if dims is None else dims)
    state = OnnxState(graph, strict=strict)
    for node in graph.nodes:
        if node.op not in _KNOWN:
            _unknown(state, node)
        elif node.op != "Constant" and not _fold(state, node):
            _write(state, node)
    origin = Origin(path, graph.batch, graph.free)
    return state.walk.network(origin, graph.outputs)


def _fold(state: OnnxState, node: OnnxNode) -> bool:
    """Fold what depends on shapes and constants alone; whether it did."""
    outputs = [(name, state.shape_of(name, node)) for name in node.outputs if name]
    if node.op in ("Shape", "Size"):
        for name, dims in outputs:
            state.walk.constant(name, dims, width=8.0)
        return True
    inputs = [name for name in node.inputs if name]
    quantised = node.op in ("DequantizeLinear", "QuantizeLinear")
    return not quantised and state.walk.folded(inputs, outputs)


def _write(state: OnnxState, node: OnnxNode) -> None:
    if node.op in _HANDLERS:
        _HANDLERS[node.op](state, node)
    elif node.op in _VIEWS:
        state.walk.alias(node.outputs[0], node.inputs[0], state.out(node))
    elif node.op in _COPIES:
        _copy(state, node)
    elif node.op in _POINTWISE:
        _pointwise(state, node)
    else:
        _reduce(state, node)


def _pointwise(state: OnnxState, node: OnnxNode) -> None:
    first, *others = sorted(state.inputs(node), key=state.walk.is_constant)
    call = Call(node.name, state.layer(node), state.walk.read(first), node.outputs[0])
    reads = [state.walk.read(name, params=state.params(name)) for name in others]
    layers.pointwise(state.walk.trace, call, reads, _POINTWISE[node.op], state.out(node))


def _copy(state: OnnxState, node: OnnxNode) -> None:
    sources = [name for name in state.inputs(node) if not state.is_index(name)]
    call = Call(node.name, state.layer(node), state.walk.read(sources[0]), node.outputs[0])
    others = [state.walk.read(name) for name in sources[1:]] if node.op == "Concat" else []
    for index, name in enumerate(output for output in node.outputs if output):
        part = Call(
            call.name if index == 0 else f"{call.name}.{index}", call.layer, call.source, name
        )
        layers.copy(state.walk.trace, part, others, state.shape_of(name, node))


def _reduce(state: OnnxState, node: OnnxNode) -> None:
    work = layers.NORM_FLOPS if node.op in _NORMS else 1.0
    source, *others = [name for name in state.inputs(node) if not state.is_index(name)]
    reads = [state.walk.read(name, params=state.params(name)) for name in others]
    call = Call(node.name, state.layer(node), state.walk.read(source), node.outputs[0])
    layers.reduction(state.walk.trace, call, state.out(node), work, reads)
    for name in node.outputs[1:]:
        if name:  # indices of the largest, means: views of what was written
            state.walk.alias(name, node.outputs[0], state.shape_of(name, node))


def _softmax(state: OnnxState, node: OnnxNode) -> None:
    call = Call(node.name, "softmax", state.walk.read(node.inputs[0]), node.outputs[0])
    layers.reduction(state.walk.trace, call, state.out(node), layers.SOFTMAX_FLOPS)


def _unknown(state: OnnxState, node: OnnxNode) -> None:
    state.walk.refuse_if_strict(node.op, node.name)
    inputs = state.inputs(node)
    for index, name in enumerate(output for output in node.outputs if output):
        call = Call(node.name if index == 0 else f"{node.name}.{index}", "unknown", "", name)
        reads = inputs if index == 0 else []
        state.walk.unknown(node.op, call, reads, state.shape_of(name, node))


_HANDLERS: Mapping[str, Callable[[OnnxState, OnnxNode], None]] = MappingProxyType(
    {
        "Conv": convolution,
        "ConvTranspose": transposed_convolution,
        "Gemm": general_matrix,
        "MatMul": matrix_product,
        "BatchNormalization": batch_norm,
        "MaxPool": pool,
        "AveragePool": pool,
        "LpPool": pool,
        "Softmax": _softmax,
        "LogSoftmax": _softmax,
        "Gather": gather,
        "GatherElements": gather,
        "GatherND": gather,
        "ScatterElements": scatter,
        "ScatterND": scatter,
        "LSTM": recurrent,
        "GRU": recurrent,
        "RNN": recurrent,
        "Attention": attention,
    }
)

_KNOWN = frozenset(
    {
        *("Constant", "Shape", "ConstantOfShape", "Range", "Size"),
        *_HANDLERS,
        *_VIEWS,
        *_COPIES,
        *_POINTWISE,
        *_REDUCTIONS,
        *_NORMS,
    }
)
