"""What the importers share: names that stand for tensors, constants that are folded, operators that nobody knows."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import ConfigError
from ironlaw.workload.graph import OpKind, Role
from ironlaw.workload.importers.attention import join_attention
from ironlaw.workload.layers import Call
from ironlaw.workload.network import Network
from ironlaw.workload.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.workload.tracer import Dims


class Origin(NamedTuple):
    """Where a network comes from.

    Attributes:
        name: The path of its file.
        batch: The batch that its sizes hold for.
        free: Whether another batch may be asked for.
    """

    name: str
    batch: int
    free: bool


class _Constant(NamedTuple):
    """A constant, or one in another shape: the constant it is a view of, its shape, width and learned parameters."""

    root: str
    dims: Dims
    width: float
    params: int


class Walk:
    """Writes a foreign graph down, node by node.

    Constants are weights that are declared when they are first read; what is computed from constants alone is one too.
    """

    __slots__ = ("_constants", "_strict", "_unknown", "products", "trace")

    def __init__(self, *, strict: bool = False) -> None:
        self.trace = Tracer()
        self._strict = strict
        self.products: dict[str, tuple[str, Dims, int]] = {}
        self._constants: dict[str, _Constant] = {}
        self._unknown: dict[str, list[str]] = {}

    def constant(self, name: str, dims: Dims, *, width: float = 0.0, params: int = 0) -> None:
        """A constant of the file."""
        self._constants[name] = _Constant(name, dims, width, params)

    def is_constant(self, name: str) -> bool:
        """Whether a name stands for a constant."""
        return name in self._constants

    def dims(self, name: str) -> Dims:
        """The shape of a tensor or constant."""
        found = self._constants.get(name)
        return self.trace.dims(name) if found is None else found.dims

    def read(self, name: str, *, params: int | None = None) -> str:
        """A name that an operator reads; a constant becomes a weight, what was made of one a view of it.

        Args:
            name: The name.
            params: Learned parameters in it, where that is known better here than when it was declared.
        """
        found = self._constants.get(name)
        if found is None or self.trace.knows(name):
            return name
        if found.root != name:
            self.trace.view(name, self.read(found.root), found.dims)
        else:
            count = found.params if params is None else params
            self.trace.weight(name, found.dims, params=count, width=found.width)
        return name

    def alias(self, name: str, source: str, dims: Dims) -> None:
        """Another name for (a part of) a tensor."""
        found = self._constants.get(source)
        if found is None:
            self.trace.view(name, source, dims)
        else:
            self._constants[name] = found._replace(dims=dims)

    def folded(self, inputs: Sequence[str], outputs: Sequence[tuple[str, Dims]]) -> bool:
        """Fold an operator whose inputs are all constants; whether it was one.

        What is made of one constant is that constant in another shape; of several, a constant of its own.
        """
        known = [self._constants[name] for name in inputs if name in self._constants]
        if len(known) < len(inputs):
            return False
        largest = max(known, key=lambda one: prod(one.dims), default=None)
        for name, dims in outputs:
            single = len({one.root for one in known}) == 1
            if largest is not None and (single or prod(dims) <= prod(largest.dims)):
                self._constants[name] = largest._replace(dims=dims)
            else:
                self._constants[name] = _Constant(name, dims, 0.0, 0)
        return True

    def refuse_if_strict(self, op: str, name: str) -> None:
        """Refuse an unknown operator where the import is strict.

        Raises:
            ConfigError: naming the operator.
        """
        if self._strict:
            raise ConfigError(f"operator {name}", op, "is not one that the importer knows")

    def unknown(self, op: str, call: Call, inputs: Sequence[str], dims: Dims) -> None:
        """An operator that nobody knows: the bytes of its tensors, no FLOPs, and a note that says so."""
        self.refuse_if_strict(op, call.name)
        self._unknown.setdefault(op, []).append(call.name)
        reads = [self.read(name) for name in inputs]
        self.trace.step(call.name, OpKind.COPY, "unknown", reads, ((call.target, dims),))

    def network(self, origin: Origin, outputs: Sequence[str]) -> Network:
        """What was written down, as a network."""
        join_attention(self.trace, self.products)
        made = [name for name in outputs if self.trace.knows(name)]
        return Network(
            name=origin.name,
            title=origin.name.replace("\\", "/").rpartition("/")[2],
            stages=(self.trace.stage("network", made),),
            sample="sample",
            base_batch=origin.batch,
            free_batch=origin.free,
            notes=tuple(_note(op, names) for op, names in self._unknown.items()),
        )

    def given(self, name: str, dims: Dims, *, width: float, batched: bool) -> None:
        """An input of the graph."""
        role = Role.INDEX if width else Role.ACTIVATION
        self.trace.given(name, dims, role=role, width=width, scales=batched)


def _note(op: str, names: list[str]) -> str:
    many = "" if len(names) == 1 else f" and {len(names) - 1} more"
    return f"operator {op} ({names[0]}{many}) is unknown: its bytes are counted, its FLOPs as 0"
