"""Importer of PyTorch: the aten operators of convolutional, recurrent and attention networks."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ironlaw.base.errors import ConfigError
from ironlaw.workload import layers
from ironlaw.workload.importers import torch_layers
from ironlaw.workload.importers.torch_export import TorchGraph, load_program, read_program
from ironlaw.workload.importers.walk import Origin, Walk
from ironlaw.workload.layers import Call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ironlaw.workload.importers.torch_export import TorchNode
    from ironlaw.workload.network import Network

_VIEWS = frozenset(
    {
        *("view", "reshape", "flatten", "unflatten", "transpose", "permute", "t", "unsqueeze"),
        *("squeeze", "select", "slice", "expand", "expand_as", "detach", "alias", "dropout"),
        *("unsafe_view", "numpy_T", "movedim", "narrow", "unfold", "view_as", "lift_fresh_copy"),
        *("to", "type_as", "to_copy", "native_dropout", "feature_dropout", "identity"),
    }
)
_COPIES = frozenset(
    {
        *("cat", "stack", "contiguous", "clone", "pad", "constant_pad_nd", "roll", "flip"),
        *("repeat", "repeat_interleave", "pixel_shuffle", "pixel_unshuffle", "index", "gather"),
        *("index_select", "index_put", "scatter", "masked_fill", "slice_scatter", "tril", "triu"),
        *("upsample_nearest2d", "upsample_bilinear2d", "upsample_nearest1d", "interpolate"),
        *("upsample_bicubic2d", "select_scatter", "copy"),
    }
)
_MADE = frozenset(
    {
        *("zeros", "ones", "full", "arange", "empty", "zeros_like", "ones_like", "full_like"),
        *("scalar_tensor", "new_zeros", "new_ones", "eye", "linspace", "new_full", "empty_like"),
    }
)
_REDUCTIONS = frozenset(
    {
        *("mean", "sum", "amax", "amin", "max", "min", "argmax", "argmin", "var", "std"),
        *("prod", "cumsum", "norm", "linalg_vector_norm", "topk", "sort", "any", "all"),
        *("logsumexp", "var_mean"),
    }
)
_NORMS = frozenset(
    {
        *("layer_norm", "native_layer_norm", "group_norm", "native_group_norm", "rms_norm"),
        *("instance_norm", "fused_rms_norm"),
    }
)
_SOFTMAXES = frozenset({"softmax", "log_softmax"})
_FOUR = 4.0  # an exponential, a root or a power, and the arithmetic around it
_POINTWISE: Mapping[str, float] = MappingProxyType(
    dict.fromkeys(
        (
            *("add", "sub", "mul", "div", "rsub", "neg", "abs", "relu", "maximum", "minimum"),
            *("where", "eq", "ne", "lt", "le", "gt", "ge", "logical_not", "logical_and"),
            *("logical_or", "bitwise_not", "bitwise_and", "bitwise_or", "floor", "ceil", "round"),
            *("sign", "reciprocal", "square", "floor_divide", "remainder", "isnan", "fmod"),
        ),
        1.0,
    )
    | dict.fromkeys(("clamp", "clamp_min", "clamp_max", "relu6", "hardtanh"), 2.0)
    | dict.fromkeys(("leaky_relu", "prelu", "addcmul", "addcdiv", "lerp"), 2.0)
    | dict.fromkeys(("exp", "log", "sqrt", "rsqrt", "pow", "sin", "cos", "elu", "log1p"), _FOUR)
    | dict.fromkeys(("gelu", "erf", "mish"), layers.ACTIVATION_FLOPS["gelu"])
    | {name: layers.ACTIVATION_FLOPS[name] for name in ("sigmoid", "tanh", "silu")}
    | {
        "hardswish": layers.ACTIVATION_FLOPS["hard_swish"],
        "hardsigmoid": layers.ACTIVATION_FLOPS["hard_sigmoid"],
        "softplus": _FOUR,
        "glu": layers.ACTIVATION_FLOPS["sigmoid"] + 1.0,
    }
)


def network_from_torch(
    program: Any,  # noqa: ANN401 - torch is not there when types are checked
    *,
    dims: Mapping[str, int] | None = None,
    strict: bool = False,
    name: str = "module",
) -> Network:
    """Import a module that `torch.export.export` has traced, or a file of `torch.export.save`.

    Each call becomes an operator with its FLOPs and bytes. A dimension that is exported as dynamic, the first one, is
    the batch. Views move nothing. A call that nobody knows moves its bytes, does no FLOPs and is named in the notes.

    Args:
        program: A `torch.export.ExportedProgram`, or the path of a file.
        dims: Sizes of further dynamic dimensions by symbol.
        strict: Whether an unknown call is an error instead of a note.
        name: Name in results; a file's own path goes before.

    Returns:
        The network; ask it for its blocks at a batch.

    Raises:
        ConfigError: if PyTorch is missing, the file cannot be read, a size is not known, or, where strict, a call is
            not.
    """
    if isinstance(program, str):
        if not Path(program).is_file():
            raise ConfigError("file", program, "there is no such file")
        name, program = program, load_program(program)
    graph = read_program(program, {} if dims is None else dims)
    return network_from_graph(graph, name, strict=strict)


def network_from_graph(graph: TorchGraph, name: str, *, strict: bool = False) -> Network:
    """Import an exported program that was read into plain tuples.

    Args:
        graph: The program.
        name: Name in results.
        strict: Whether an unknown call is an error instead of a note.

    Raises:
        ConfigError: where strict, if a call is unknown.
    """
    walk = Walk(strict=strict)
    for weight, (shape, params) in graph.weights.items():
        walk.constant(weight, shape, params=params)
    for given, (shape, integer, batched) in graph.inputs.items():
        walk.given(given, shape, width=8.0 if integer else 0.0, batched=batched)
    for node in graph.nodes:
        if node.made:
            _write(walk, node)
    origin = Origin(name, graph.batch, graph.free)
    return walk.network(origin, graph.outputs)


def _write(walk: Walk, node: TorchNode) -> None:
    tensors, made = node.tensors(), [(node.name, node.made[0])]
    if node.op in _MADE or not tensors:
        walk.constant(node.name, node.made[0], width=8.0 if node.integer else 0.0)
    elif node.op in torch_layers.HANDLERS:
        torch_layers.HANDLERS[node.op](walk, node)
    elif walk.folded(tensors, made):
        return
    elif node.op == "getitem":
        _part(walk, node)
    elif node.op in _WRITERS:
        _WRITERS[node.op](walk, node)
    elif node.op in ("split", "chunk", "split_with_sizes", "unbind", "tensor_split"):
        for index, dims in enumerate(node.made):
            walk.alias(f"{node.name}.{index}", tensors[0], dims)
    else:
        call = Call(node.name, "unknown", tensors[0] if tensors else "", node.name)
        walk.unknown(node.op, call, tensors, node.made[0])


def _part(walk: Walk, node: TorchNode) -> None:
    """One of several results: the part that was named for it, or the first in another shape."""
    source = node.tensors()[0]
    named = f"{source}.{node.number(1, 0)}"
    known = walk.trace.knows(named) or walk.is_constant(named)
    walk.alias(node.name, named if known else source, node.made[0])


def _view(walk: Walk, node: TorchNode) -> None:
    walk.alias(node.name, node.tensors()[0], node.made[0])


def _copy(walk: Walk, node: TorchNode) -> None:
    sources = [walk.read(name) for name in node.tensors()]
    layer = "concat" if node.op == "cat" else node.op
    call = Call(node.name, layer, sources[0], node.name)
    layers.copy(walk.trace, call, sources[1:], node.made[0])


def _pointwise(walk: Walk, node: TorchNode) -> None:
    first, *others = sorted(node.tensors(), key=walk.is_constant)
    call = Call(node.name, node.op, walk.read(first), node.name)
    reads = [walk.read(name) for name in others]
    layers.pointwise(walk.trace, call, reads, _POINTWISE[node.op], node.made[0])


def _reduce(walk: Walk, node: TorchNode) -> None:
    source, *others = node.tensors()
    work = layers.NORM_FLOPS if node.op in _NORMS else 1.0
    work = layers.SOFTMAX_FLOPS if node.op in _SOFTMAXES else work
    layer = "softmax" if node.op in _SOFTMAXES else node.op
    call = Call(node.name, layer, walk.read(source), node.name)
    reads = [walk.read(name) for name in others]
    layers.reduction(walk.trace, call, node.made[0], work, reads)


_WRITERS: Mapping[str, Callable[[Walk, TorchNode], None]] = MappingProxyType(
    dict.fromkeys(_VIEWS, _view)
    | dict.fromkeys(_COPIES, _copy)
    | dict.fromkeys(_POINTWISE, _pointwise)
    | dict.fromkeys((*_REDUCTIONS, *_NORMS, *_SOFTMAXES), _reduce)
)
