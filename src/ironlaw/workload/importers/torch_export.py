"""Importer of PyTorch: what an exported program says, in plain tuples; the toolkit is imported only here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ironlaw.base.errors import ConfigError
from ironlaw.workload.importers.missing import missing_package

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.workload.tracer import Dims


class Ref(NamedTuple):
    """A tensor that an argument names."""

    name: str


Argument: TypeAlias = "Ref | int | float | str | tuple[Argument, ...] | None"


class TorchNode(NamedTuple):
    """One call of an operator.

    Attributes:
        op: Its name without namespace and overload: "conv2d".
        name: Its name, which is also that of its first result.
        args: Tensors, numbers and lists of them, in order.
        made: The shape of each tensor that it makes.
        integer: Whether what it makes are integers or truth values.
    """

    op: str
    name: str
    args: tuple[Argument, ...]
    made: tuple[Dims, ...]
    integer: bool = False

    def tensors(self) -> list[str]:
        """The names of all tensors among its arguments, lists opened."""
        return _refs(self.args)

    def ref(self, index: int) -> str | None:
        """The tensor at a place, None where there is none."""
        found = self.args[index] if index < len(self.args) else None
        return found.name if isinstance(found, Ref) else None

    def ints(self, index: int, length: int, default: int) -> Dims:
        """Whole numbers at a place; a single one stands for all."""
        found = self.args[index] if index < len(self.args) else None
        if isinstance(found, int):
            return (found,) * length
        if isinstance(found, tuple) and found and not isinstance(found, Ref):
            given = tuple(one for one in found if isinstance(one, int))
            return given * length if len(given) == 1 else given
        return (default,) * length

    def number(self, index: int, default: int) -> int:
        """A whole number or truth value at a place."""
        found = self.args[index] if index < len(self.args) else None
        return int(found) if isinstance(found, (int, float)) else default


class TorchGraph(NamedTuple):
    """An exported program with the shape of every tensor.

    Attributes:
        inputs: What is given: shape, whether it holds integers, whether it grows with the batch.
        weights: Parameters, buffers and constants: shape, and learned parameters in it.
        nodes: In order.
        outputs: What it is run for.
        batch: The batch that the shapes hold for.
        free: Whether the batch is free.
    """

    inputs: Mapping[str, tuple[Dims, bool, bool]]
    weights: Mapping[str, tuple[Dims, int]]
    nodes: tuple[TorchNode, ...]
    outputs: tuple[str, ...]
    batch: int
    free: bool


def load_program(path: str) -> Any:  # noqa: ANN401 - torch is not there when types are checked
    """An exported program from a file of `torch.export.save`.

    Args:
        path: The file.

    Raises:
        ConfigError: if PyTorch is missing or the file cannot be read.
    """
    try:
        torch_export = import_module("torch.export")
    except ImportError as error:
        raise missing_package("torch", path) from error
    try:
        return torch_export.load(path)
    except (RuntimeError, ValueError, OSError, KeyError) as error:
        raise ConfigError("file", path, f"not an exported program: {error}") from error


def read_program(program: Any, dims: Mapping[str, int]) -> TorchGraph:  # noqa: ANN401 - as above
    """Read an exported program, sizes put in for its free dimensions.

    Args:
        program: A `torch.export.ExportedProgram`.
        dims: Sizes of free dimensions by symbol; the batch needs none.

    Raises:
        ConfigError: if a free dimension has no size.
    """
    signature = program.graph_signature
    learned = set(signature.inputs_to_parameters)
    kept = {*signature.inputs_to_buffers, *signature.inputs_to_lifted_tensor_constants}
    placed = {node.name: node for node in program.graph.nodes if node.op == "placeholder"}
    given = [name for name in signature.user_inputs if name in placed and _is_tensor(placed[name])]
    symbols = _Symbols(dims, _first_symbol([placed[name].meta["val"] for name in given]))
    inputs = {name: symbols.input(placed[name].meta["val"]) for name in given}
    weights: dict[str, tuple[Dims, int]] = {}
    for name in (*learned, *kept):
        value = placed[name].meta["val"]
        weights[name] = symbols.shape(value), int(value.numel()) if name in learned else 0
    first = next(iter(inputs.values()), ((1,), False, False))[0]
    return TorchGraph(
        inputs=inputs,
        weights=weights,
        nodes=tuple(
            _node(node, symbols) for node in program.graph.nodes if node.op == "call_function"
        ),
        outputs=tuple(signature.user_outputs),
        batch=1 if symbols.batch else (first[0] if first else 1),
        free=bool(symbols.batch),
    )


def _is_tensor(node: Any) -> bool:  # noqa: ANN401 - as above
    return hasattr(node.meta.get("val"), "shape")


def _first_symbol(values: list[Any]) -> str:
    """The symbol of the first free dimension of the first input that has one: the batch."""
    for value in values:
        for size in value.shape:
            if not isinstance(size, int):
                return str(size)
    return ""


class _Symbols:
    """Sizes for the symbols of free dimensions."""

    __slots__ = ("_dims", "batch")

    def __init__(self, dims: Mapping[str, int], batch: str) -> None:
        self._dims = dims
        self.batch = batch

    def size(self, size: Any) -> int:  # noqa: ANN401 - as above
        """A dimension as a number."""
        if isinstance(size, int):
            return size
        expression = size.node.expr
        sizes = {symbol: self._of(str(symbol)) for symbol in expression.free_symbols}
        return int(expression.subs(sizes))

    def shape(self, value: Any) -> Dims:  # noqa: ANN401 - as above
        """The shape of a tensor."""
        return tuple(self.size(size) for size in value.shape)

    def input(self, value: Any) -> tuple[Dims, bool, bool]:  # noqa: ANN401 - as above
        """Shape of an input, whether it holds integers, and whether it grows with the batch."""
        names = {
            str(s)
            for size in value.shape
            if not isinstance(size, int)
            for s in size.node.expr.free_symbols
        }
        scales = not self.batch or self.batch in names
        return self.shape(value), _integer(value), scales

    def _of(self, symbol: str) -> int:
        if symbol == self.batch:
            return 1
        if symbol not in self._dims:
            raise ConfigError("dimension", symbol, "is free; say its size with dims")
        return self._dims[symbol]


def _integer(value: Any) -> bool:  # noqa: ANN401 - as above
    return not (value.dtype.is_floating_point or value.dtype.is_complex)


def _node(node: Any, symbols: _Symbols) -> TorchNode:  # noqa: ANN401 - as above
    value = node.meta.get("val")
    several = _list(value) if isinstance(value, (list, tuple)) else [value]
    tensors = [one for one in several if hasattr(one, "shape")]
    named = str(node.target).split(".")
    op = named[1] if len(named) > 1 else getattr(node.target, "__name__", str(node.target))
    return TorchNode(
        op=op.lstrip("_"),
        name=node.name,
        args=tuple(_argument(one) for one in (*node.args, *node.kwargs.values())),
        made=tuple(symbols.shape(one) for one in tensors),
        integer=bool(tensors) and _integer(tensors[0]),
    )


def _argument(value: Any) -> Argument:  # noqa: ANN401 - as above
    if isinstance(value, (list, tuple)):
        return tuple(_argument(one) for one in _list(value))
    if value is None or isinstance(value, (int, float, str)):
        return value
    return Ref(str(value.name)) if hasattr(value, "name") and hasattr(value, "meta") else str(value)


def _list(value: Any) -> list[Any]:  # noqa: ANN401 - as above
    return list(value)


def _refs(value: Argument) -> list[str]:
    if isinstance(value, Ref):
        return [value.name]
    if isinstance(value, tuple):
        return [name for one in value for name in _refs(one)]
    return []
