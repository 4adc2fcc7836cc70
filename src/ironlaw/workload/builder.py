"""A short hand for writing graphs down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.workload.graph import Graph, Operator, OpKind, Role, Tensor, separate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.base.number import Number
    from ironlaw.workload.graph import Shape


class Builder:
    """Collects tensors and operators in the order in which they are written down."""

    __slots__ = ("_operators", "_tensors")

    def __init__(self) -> None:
        self._operators: list[Operator] = []
        self._tensors: list[Tensor] = []

    def tensor(
        self, name: str, size: Number, role: Role = Role.ACTIVATION, *, wide: bool = False
    ) -> None:
        """Describe a tensor of `size` bytes, and whether it is kept in fp32 for what is summed in it."""
        self._tensors.append(Tensor(name, size, role, wide))

    def operator(
        self,
        name: str,
        kind: OpKind,
        layer: str,
        reads: dict[str, Number],
        writes: dict[str, Number],
        flops: Number = 0.0,
        shape: Shape | None = None,
    ) -> None:
        """Add an operator."""
        self._operators.append(Operator(name, kind, layer, reads, writes, flops, shape))

    def unary(
        self,
        name: str,
        kind: OpKind,
        layer: str,
        source: str,
        target: str,
        size: Number,
        flops: Number = 0.0,
    ) -> None:
        """Add an operator that turns one tensor into another of the same size, and describe that."""
        self.tensor(target, size)
        self.operator(name, kind, layer, {source: size}, {target: size}, flops)

    def graph(self, outputs: Iterable[str]) -> Graph:
        """The graph, each operator a kernel of its own."""
        return separate(self._operators, self._tensors, outputs)
