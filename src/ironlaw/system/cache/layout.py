"""Where the weights of a matrix-vector kernel lie, and in which order it reads them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ironlaw.base.errors import DomainError
from ironlaw.registry.dtypes import Dtype, dtype_named
from ironlaw.system.cache.geometry import is_power_of_two, require_whole

GATES = 4  # input, forget, cell, output
WORD = 4  # bytes that a 32-bit core loads at once
WEIGHT_DTYPES = (Dtype.INT8, Dtype.INT16, Dtype.FP16, Dtype.BF16, Dtype.FP32)
"""Formats whose elements are whole bytes and carry no scales between them."""


class GateOrder(Enum):
    """The order in which a kernel walks over the stored gate matrices; the value is its name."""

    BLOCKED = "blocked"  # one gate matrix after the other
    INTERLEAVED = "interleaved"  # row j of all gates together, load by load


def gate_order_named(name: str) -> GateOrder:
    """The gate order of a name.

    Raises:
        DomainError: listing the names.
    """
    for order in GateOrder:
        if order.value == name:
            return order
    raise DomainError("gate_order", name, f"the orders {', '.join(o.value for o in GateOrder)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How weights are stored and read.

    Attributes:
        order: Gate by gate, or the rows of all gates together.
        row_multiple: Every row begins at a multiple of so many bytes after the first: 1 is packed, the line is padded
            to the line [B].
        gate_pad: Bytes between one stored gate matrix and the next [B].
        dtype: Format of the weights.
        load_width: Bytes of one load; the last load of a row takes what is left of it [B].

    Raises:
        DomainError: naming the field.
    """

    order: GateOrder = GateOrder.BLOCKED
    row_multiple: int = 1
    gate_pad: int = 0
    dtype: Dtype = Dtype.INT8
    load_width: int = WORD

    def __post_init__(self) -> None:
        """Refuse what no layout is."""
        dtype_named(self.dtype.value, WEIGHT_DTYPES)
        require_whole("row_multiple", self.row_multiple)
        require_whole("gate_pad", self.gate_pad, least=0)
        require_whole("load_width", self.load_width)
        if self.load_width < self.element or not is_power_of_two(self.load_width):
            raise DomainError(
                "load_width",
                self.load_width,
                f"the powers of two from the {self.element} B of an element of {self.dtype.value}",
            )

    @property
    def element(self) -> int:
        """Bytes of one weight [B]."""
        return int(self.dtype.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrices:
    """Equal matrices stored one after the other, each multiplied by the same vector: the gates of a cell, or one.

    Attributes:
        name: What they are.
        rows: Rows of each, one an output.
        columns: Columns of each, one an input.
        walk: How they are stored and read.
        gates: How many there are.
        start: Bytes from the boundary of a line to the first row [B].

    Raises:
        DomainError: naming the field.
    """

    name: str
    rows: int
    columns: int
    walk: Walk
    gates: int = GATES
    start: int = 0

    def __post_init__(self) -> None:
        """Refuse what no matrix is."""
        for name in ("rows", "columns", "gates"):
            require_whole(name, getattr(self, name))
        require_whole("start", self.start, least=0)

    @property
    def row_size(self) -> int:
        """Bytes of the weights of one row, R [B]."""
        return self.columns * self.walk.element

    @property
    def row_stride(self) -> int:
        """Bytes from one row to the next [B]."""
        multiple = self.walk.row_multiple
        return -(-self.row_size // multiple) * multiple

    @property
    def gate_stride(self) -> int:
        """Bytes from one gate matrix to the next [B]."""
        return self.rows * self.row_stride + self.walk.gate_pad

    @property
    def weights(self) -> int:
        """Bytes of the weights alone [B]."""
        return self.gates * self.rows * self.row_size

    @property
    def stored(self) -> int:
        """Bytes that they take in memory, pads between them included [B]."""
        return self.gates * self.rows * self.row_stride + (self.gates - 1) * self.walk.gate_pad


def recurrent_matrices(hidden: int, walk: Walk) -> tuple[Matrices, ...]:
    """The four H × H matrices that an LSTM cell multiplies its state by.

    Args:
        hidden: Hidden size, H.
        walk: How they are stored and read.

    Raises:
        DomainError: if the hidden size is not a whole number above zero.

    Example:
        >>> recurrent_matrices(128, Walk())[0].weights
        65536
    """
    require_whole("hidden", hidden)
    return (Matrices(name="U", rows=hidden, columns=hidden, walk=walk),)


def lstm_matrices(inputs: int, hidden: int, layers: int, walk: Walk) -> tuple[Matrices, ...]:
    """The gate matrices of a stack of LSTM layers in the order of one step: W of the input, U of the state, a layer.

    Args:
        inputs: Inputs of the first layer; the others take the state of the one below.
        hidden: Hidden size, H.
        layers: Number of layers.
        walk: How they are stored and read.

    Raises:
        DomainError: naming what is not a whole number above zero.

    Example:
        >>> sum(one.weights for one in lstm_matrices(128, 256, 2, Walk()))
        917504
    """
    for name, value in (("inputs", inputs), ("hidden", hidden), ("layers", layers)):
        require_whole(name, value)
    found: list[Matrices] = []
    for layer in range(1, layers + 1):
        width = inputs if layer == 1 else hidden
        found.append(Matrices(name=f"W{layer}", rows=hidden, columns=width, walk=walk))
        found.append(Matrices(name=f"U{layer}", rows=hidden, columns=hidden, walk=walk))
    return tuple(found)
