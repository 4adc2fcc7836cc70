"""Importer of ONNX files: what the file says, in plain tuples; the toolkit is imported only here."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ironlaw.base.errors import ConfigError
from ironlaw.workload.importers.missing import missing_package

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from onnx import GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto

    from ironlaw.workload.tracer import Dims

Attribute: TypeAlias = "int | float | str | tuple[int, ...] | tuple[float, ...]"

_WIDTHS = {2: 1.0, 3: 1.0, 9: 1.0, 4: 2.0, 5: 2.0, 6: 4.0, 12: 4.0, 7: 8.0, 13: 8.0}
"""Bytes of an element of ONNX's integer types; a float has none here, its format is chosen later."""

_INTEGERS = frozenset(_WIDTHS)
_SMALL = 4096  # elements up to which constants are read: shapes, axes and scales
_BATCH_NAMES = frozenset({"n", "b", "bs", "bsz", "batch", "batch_size", "batchsize", "num_batch"})


class Datum(NamedTuple):
    """A tensor as the file describes it.

    Attributes:
        dims: Its shape.
        width: Bytes of an element; 0 for a float, whose format is chosen later.
        integer: Whether it holds integers or truth values.
        values: Its values where they are few integers.
    """

    dims: Dims
    width: float
    integer: bool
    values: tuple[int, ...] | None = None


class OnnxNode(NamedTuple):
    """One node.

    Attributes:
        op: Its operator; with its domain where that is not ONNX's own.
        name: Its name, or that of its first output.
        inputs: Names, empty where an optional one is left out.
        outputs: Names.
        attributes: By name.
    """

    op: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Attribute]

    def ints(self, name: str, default: tuple[int, ...]) -> tuple[int, ...]:
        """An attribute that is a list of whole numbers."""
        value = self.attributes.get(name)
        if not isinstance(value, tuple):
            return default
        return tuple(int(one) for one in value)

    def number(self, name: str, default: int) -> int:
        """An attribute that is a whole number."""
        value = self.attributes.get(name, default)
        return value if isinstance(value, int) else default

    def text(self, name: str, default: str) -> str:
        """An attribute that is a text."""
        value = self.attributes.get(name, default)
        return value if isinstance(value, str) else default


class OnnxGraph(NamedTuple):
    """A graph with the shape of every tensor.

    Attributes:
        inputs: What is given, by name, without the weights.
        weights: Constants of the file, by name.
        data: Everything between, by name.
        nodes: In order.
        outputs: What it is run for.
        batch: The batch that the shapes hold for.
        free: Whether the batch is free.
        batched: Inputs that grow with the batch.
    """

    inputs: Mapping[str, Datum]
    weights: Mapping[str, Datum]
    data: Mapping[str, Datum]
    nodes: tuple[OnnxNode, ...]
    outputs: tuple[str, ...]
    batch: int
    free: bool
    batched: frozenset[str]


def read_onnx(path: Path, dims: Mapping[str, int]) -> OnnxGraph:
    """Read a file, put sizes in for its free dimensions, and infer every shape.

    Args:
        path: The file.
        dims: Sizes of free dimensions by name; the batch needs none.

    Raises:
        ConfigError: if the package `onnx` is missing, or the file is no ONNX, lacks a size, or has a shape that
            cannot be inferred.
    """
    try:
        import onnx  # noqa: PLC0415 - optional and heavy (style rule 14)
        from google.protobuf.message import (  # type: ignore[import-untyped]  # it ships no types  # noqa: PLC0415
            DecodeError,
        )
        from onnx.shape_inference import InferenceError  # noqa: PLC0415 - comes with it
    except ImportError as error:
        raise missing_package("onnx", str(path)) from error
    try:
        model = onnx.load_model_from_string(path.read_bytes())
    except DecodeError as error:
        raise ConfigError("file", str(path), f"not an ONNX file: {error}") from error
    if not model.graph.node:
        raise ConfigError("file", str(path), "not an ONNX file: it holds no nodes")
    weights = _weights(model.graph)
    batch, free, batched = _bind(model, weights, dims)
    try:
        inferred = onnx.shape_inference.infer_shapes(model, data_prop=True)
    except InferenceError as error:
        raise ConfigError("file", str(path), f"shapes do not fit each other: {error}") from error
    graph = inferred.graph
    given = {info.name: _datum(info) for info in graph.input if info.name not in weights}
    known = [*graph.value_info, *graph.output]
    return OnnxGraph(
        inputs=given,
        weights=weights,
        data={info.name: _datum(info) for info in known if _has_shape(info)},
        nodes=tuple(_node(node) for node in graph.node),
        outputs=tuple(info.name for info in graph.output),
        batch=batch,
        free=free,
        batched=batched,
    )


def _weights(graph: GraphProto) -> dict[str, Datum]:
    found = {tensor.name: _constant(tensor) for tensor in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant":
            for attribute in node.attribute:
                if attribute.name == "value":
                    found[node.output[0]] = _constant(attribute.t)
                elif attribute.name == "value_ints":
                    values = tuple(attribute.ints)
                    found[node.output[0]] = Datum((len(values),), 8.0, integer=True, values=values)
                elif attribute.name == "value_int":
                    found[node.output[0]] = Datum((), 8.0, integer=True, values=(attribute.i,))
                elif attribute.name.startswith("value_float"):
                    dims = (len(attribute.floats),) if attribute.name.endswith("s") else ()
                    found[node.output[0]] = Datum(dims, 0.0, integer=False)
    return found


def _constant(tensor: TensorProto) -> Datum:
    dims, kind = tuple(tensor.dims), tensor.data_type
    values: tuple[int, ...] | None = None
    if kind in _INTEGERS and prod(dims) <= _SMALL and (tensor.raw_data or tensor.int64_data):
        from onnx import numpy_helper  # noqa: PLC0415 - optional and heavy (style rule 14)

        values = tuple(int(one) for one in numpy_helper.to_array(tensor).reshape(-1).tolist())
    return Datum(dims, _WIDTHS.get(kind, 0.0), kind in _INTEGERS, values)


def _bind(
    model: ModelProto, weights: Mapping[str, Datum], dims: Mapping[str, int]
) -> tuple[int, bool, frozenset[str]]:
    """Put a size in for every free dimension: 1 for the batch, what was given for the others."""
    given = [info for info in model.graph.input if info.name not in weights]
    symbol = _batch_symbol(given)
    _require_free((*given, *model.graph.output, *model.graph.value_info), dims, symbol)
    sizes = dict(dims) | ({symbol: 1} if symbol else {})
    batched = frozenset(info.name for info in given if _put_in(info, sizes, symbol))
    for info in given:
        for axis, size in enumerate(info.type.tensor_type.shape.dim):
            if not size.HasField("dim_value"):
                name = size.dim_param or f"{info.name}.{axis}"
                allowed = "is free; say its size with dims"
                raise ConfigError(f"dimension {axis} of {info.name}", name, allowed)
    for info in (*model.graph.output, *model.graph.value_info):
        _put_in(info, sizes, symbol)
    if symbol:
        return 1, True, batched
    shapes = [info.type.tensor_type.shape.dim for info in given]
    first = shapes[0][0].dim_value if shapes and shapes[0] else 1
    return max(first, 1), False, frozenset(info.name for info in given)


def _require_free(infos: Iterable[ValueInfoProto], dims: Mapping[str, int], symbol: str) -> None:
    """Refuse a size for the batch, or for a dimension that is not free: it would change nothing."""
    free = {
        size.dim_param or f"{info.name}.{axis}"
        for info in infos
        for axis, size in enumerate(info.type.tensor_type.shape.dim)
        if not size.HasField("dim_value")
    }
    for name in dims:
        if name == symbol:
            raise ConfigError("dims", name, "is the batch; say its size with batch")
        if name not in free:
            known = ", ".join(sorted(free - {symbol})) or "none but the batch"
            raise ConfigError("dims", name, f"is no free dimension of the file; free: {known}")


def _put_in(info: ValueInfoProto, sizes: Mapping[str, int], symbol: str) -> bool:
    """Put sizes in for the free dimensions of a tensor that have one; whether the batch is among them."""
    found = False
    for axis, size in enumerate(info.type.tensor_type.shape.dim):
        name = size.dim_param or f"{info.name}.{axis}"
        if not size.HasField("dim_value") and name in sizes:
            size.dim_value = sizes[name]
            found = found or name == symbol
    return found


def _batch_symbol(given: Iterable[ValueInfoProto]) -> str:
    """The free dimension that is the batch: the first of the first input, or one that is named so."""
    for index, info in enumerate(given):
        for axis, size in enumerate(info.type.tensor_type.shape.dim):
            if size.HasField("dim_value"):
                continue
            name = size.dim_param or f"{info.name}.{axis}"
            if (index == 0 and axis == 0) or name.lower() in _BATCH_NAMES:
                return name
    return ""


def _has_shape(info: ValueInfoProto) -> bool:
    kind = info.type.tensor_type
    return kind.HasField("shape") and all(size.HasField("dim_value") for size in kind.shape.dim)


def _datum(info: ValueInfoProto) -> Datum:
    kind = info.type.tensor_type
    dims = tuple(size.dim_value for size in kind.shape.dim)
    return Datum(dims, _WIDTHS.get(kind.elem_type, 0.0), kind.elem_type in _INTEGERS)


def _node(node: NodeProto) -> OnnxNode:
    own = node.domain in ("", "ai.onnx")
    attributes: dict[str, Attribute] = {}
    for attribute in node.attribute:
        if attribute.type == attribute.INT:
            attributes[attribute.name] = attribute.i
        elif attribute.type == attribute.FLOAT:
            attributes[attribute.name] = attribute.f
        elif attribute.type == attribute.STRING:
            attributes[attribute.name] = attribute.s.decode("utf-8", "replace")
        elif attribute.type == attribute.INTS:
            attributes[attribute.name] = tuple(attribute.ints)
    return OnnxNode(
        node.op_type if own else f"{node.domain}.{node.op_type}",
        node.name or next((name for name in node.output if name), node.op_type),
        tuple(node.input),
        tuple(node.output),
        attributes,
    )
