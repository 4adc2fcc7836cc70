"""Equations that can be shown with their symbols and with the numbers of the moment.

An equation is a small tree. `evaluate` computes it, so that what Math Peek shows is checked against what the engine
used; a face renders `to_dict` as MathML.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypeAlias

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Operation = Literal["eq", "sum", "product", "fraction", "max", "difference"]


@dataclass(frozen=True, slots=True)
class Symbol:
    """A named quantity with its value of this moment, in the units used inside."""

    symbol: str
    name: str
    value: float | None = None
    unit: str = ""
    sub: str | None = None

    def to_dict(self) -> dict[str, object]:
        """The node as plain data."""
        return {
            "symbol": self.symbol,
            "sub": self.sub,
            "value": self.value,
            "unit": self.unit,
            "name": self.name,
        }


@dataclass(frozen=True, slots=True)
class Constant:
    """An exact number of the formula itself, such as the 2 in 2·m·n·k."""

    number: float

    def to_dict(self) -> dict[str, object]:
        """The node as plain data."""
        return {"number": self.number}


@dataclass(frozen=True, slots=True)
class Term:
    """An operation on other nodes."""

    op: Operation
    args: tuple[Node, ...]

    def to_dict(self) -> dict[str, object]:
        """The node as plain data."""
        return {"op": self.op, "args": [arg.to_dict() for arg in self.args]}


Node: TypeAlias = "Symbol | Constant | Term"


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """A titled equation: left side, right side, and where it was published."""

    title: str
    left: Symbol
    right: Node
    source: str

    def to_dict(self) -> dict[str, object]:
        """The equation as plain data; `value` is computed from the right side."""
        return {
            "title": self.title,
            "expression": Term("eq", (self.left, self.right)).to_dict(),
            "source": self.source,
            "value": evaluate(self.right),
            "unit": self.left.unit,
        }


def evaluate(node: Node) -> float:
    """The value of an expression.

    Args:
        node: An expression whose symbols all carry values; an equation is evaluated by its right side.

    Returns:
        Its value, in the units of its symbols.

    Raises:
        DomainError: if a symbol has no value.

    Example:
        >>> evaluate(Term("fraction", (Constant(1.0), Constant(4.0))))
        0.25
    """
    if isinstance(node, Constant):
        return node.number
    if isinstance(node, Symbol):
        if node.value is None:
            raise DomainError(node.symbol, None, "symbols with a value")
        return node.value
    return _OPERATIONS[node.op]([evaluate(arg) for arg in node.args])


_OPERATIONS: Mapping[Operation, Callable[[list[float]], float]] = MappingProxyType(
    {
        "sum": summed,
        "product": prod,
        "fraction": lambda values: values[0] / values[1],
        "max": max,
        "difference": lambda values: values[0] - summed(values[1:]),
        "eq": lambda values: values[-1],
    }
)
