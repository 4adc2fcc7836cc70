"""Writes a network down: layers with their shapes in, operators with exact FLOPs and bytes out.

The loader of network files and every importer speak to a `Tracer`; none of them counts a FLOP itself. Shapes hold one
sample, or the batch that a file fixes, in their first dimension.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ironlaw.base.errors import ConfigError
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import OpKind, Role
from ironlaw.workload.network import Amount, Stage, Step, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ironlaw.workload.graph import Shape

Dims: TypeAlias = tuple[int, ...]

_ELEMENT = Dtype.BF16.size  # graphs are written at two bytes an element; formats are a rewrite


class Known(NamedTuple):
    """What a name stands for: a part of a tensor, seen in a shape.

    Attributes:
        tensor: The tensor whose bytes are read.
        dims: Its shape here.
        scales: Whether it grows with the batch.
        width: Bytes of an element where it is not in the format of the arithmetic; 0 where it is.
    """

    tensor: str
    dims: Dims
    scales: bool
    width: float = 0.0

    @property
    def elements(self) -> int:
        """Elements of the part."""
        return prod(self.dims)

    @property
    def amount(self) -> Amount:
        """Its bytes at two bytes an element, or at its own width [B]."""
        return Amount(self.elements * (self.width or _ELEMENT), self.scales)


class Tracer:
    """Collects the operators of a stage in the order in which they are written down."""

    __slots__ = ("_known", "_names", "_steps", "_values")

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._values: dict[str, Value] = {}
        self._steps: list[Step] = []
        self._names: set[str] = set()

    def known(self, name: str) -> Known:
        """What a name stands for.

        Raises:
            ConfigError: if nothing of that name was written before.
        """
        if name not in self._known:
            offered = ", ".join(list(self._known)[-6:]) or "nothing"
            raise ConfigError("input", name, f"is not known here; known are {offered}")
        return self._known[name]

    def knows(self, name: str) -> bool:
        """Whether a name stands for something."""
        return name in self._known

    def dims(self, name: str) -> Dims:
        """The shape of a tensor."""
        return self.known(name).dims

    def given(
        self,
        name: str,
        dims: Dims,
        *,
        role: Role = Role.ACTIVATION,
        width: float = 0.0,
        scales: bool = True,
    ) -> None:
        """A tensor that is there before the stage runs; it grows with the batch unless told otherwise."""
        self._put(name, Known(name, dims, scales, width), role)

    def weight(
        self, name: str, dims: Dims, *, params: int | None = None, width: float = 0.0
    ) -> None:
        """A tensor that does not grow with the batch; it counts its elements as parameters unless told otherwise."""
        found = Known(name, dims, scales=False, width=width)
        self._put(name, found, Role.WEIGHT, prod(dims) if params is None else params)

    def view(self, name: str, source: str, dims: Dims) -> None:
        """Another name and shape for (a part of) a tensor; no bytes move."""
        self._known[name] = self.known(source)._replace(dims=dims)

    def step(
        self,
        name: str,
        kind: OpKind,
        layer: str,
        reads: Iterable[str | tuple[str, int]],
        writes: Sequence[tuple[str, Dims]],
        *,
        flops: float = 0.0,
        shape: Shape | None = None,
    ) -> str:
        """Write an operator down, and the tensors that it makes.

        Args:
            name: Its name; a number is added where it was used before.
            kind: What it does.
            layer: The layer that it belongs to.
            reads: Names that it reads whole, or with the elements that it reads of them.
            writes: Names and shapes of what it makes.
            flops: Its work [FLOP].
            shape: The shape that its model form reads.

        Returns:
            The name that it got.
        """
        wanted = [(read, -1) if isinstance(read, str) else read for read in reads]
        scales = any(self.known(source).scales for source, _ in wanted)
        entering: dict[str, Amount] = {}
        for source, elements in wanted:
            self._enter(entering, self.known(source), elements, scales=scales)
        leaving: dict[str, Amount] = {}
        for target, dims in writes:
            made = Known(target, dims, scales)
            self._put(target, made, Role.ACTIVATION)
            leaving[target] = made.amount
        found = self._unique(name)
        self._steps.append(Step(found, kind, layer, entering, leaving, flops, scales, shape))
        return found

    def append(self, name: str, layer: str, source: str, cache: str) -> None:
        """Write rows into a cache that is there already."""
        found = self.known(source)
        amount, kept = found.amount, self.known(cache).tensor
        step = Step(
            self._unique(name), OpKind.COPY, layer, {found.tensor: amount}, {kept: amount}, 0.0,
            found.scales,
        )  # fmt: skip
        self._steps.append(step)

    def keep(self, name: str) -> None:
        """Keep a tensor after the step, as the cache of a decoder is kept."""
        self._values[name] = self._values[name]._replace(role=Role.KV_CACHE)

    def relabel(self, name: str, kind: OpKind, shape: Shape) -> None:
        """Give an operator that is written down another kind and shape."""
        self._steps = [
            step._replace(kind=kind, shape=shape) if step.name == name else step
            for step in self._steps
        ]

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is written down so far."""
        return tuple(self._steps)

    def stage(
        self, name: str, outputs: Iterable[str], *, repeat: int = 1, rounds: int = 1
    ) -> Stage:
        """The stage as written down."""
        used = {tensor for step in self._steps for tensor in (*step.reads, *step.writes)}
        return Stage(
            name=name,
            steps=tuple(self._steps),
            values=tuple(value for value in self._values.values() if value.name in used),
            outputs=tuple(dict.fromkeys(self.known(output).tensor for output in outputs)),
            repeat=repeat,
            rounds=rounds,
        )

    def _enter(
        self, entering: dict[str, Amount], found: Known, elements: int, *, scales: bool
    ) -> None:
        """Add what is read of a tensor; two parts of it add up, but never beyond the whole."""
        amount = found.amount
        if elements >= 0:
            parts = scales and (found.scales or elements < found.elements)
            amount = Amount(elements * (found.width or _ELEMENT), parts)
        old, whole = entering.get(found.tensor), self._values[found.tensor].amount
        size = amount.size if old is None else old.size + amount.size
        if amount.scales is whole.scales:
            size = min(size, whole.size)
        entering[found.tensor] = Amount(size, amount.scales)

    def _put(self, name: str, found: Known, role: Role, params: int = 0) -> None:
        if any(size < 1 for size in found.dims):
            raise ConfigError(name, found.dims, "every dimension must be at least 1")
        self._known[name] = found
        self._values[name] = Value(name, found.amount, role, params)

    def _unique(self, name: str) -> str:
        found, number = name, 1
        while found in self._names:
            number += 1
            found = f"{name}#{number}"
        self._names.add(found)
        return found
