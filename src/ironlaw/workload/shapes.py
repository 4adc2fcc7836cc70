"""Shapes of operators that decoders do not have: convolutions and recurrent cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.registry.dtypes import Dtype

if TYPE_CHECKING:
    from ironlaw.base.number import Number

QUANTISED = ".quantised"
"""How the name of quantised activations ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparse:
    """What a sparsity leaves of a matrix of weights.

    Attributes:
        stored: Bytes that are kept and read, as a share of the dense matrix; what finds the values again included.
        work: Multiply-adds that are done, as a share.
        rate: Rate of the arithmetic over that of the dense kernel, both by the FLOPs of the dense matrix.
    """

    stored: float
    work: float
    rate: float

    @property
    def lag(self) -> float:
        """Time of the arithmetic over that of the multiply-adds that are done at the dense rate."""
        return 1.0 / (self.work * self.rate)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ConvolutionShape:
    """A convolution, any number of spatial dimensions, groups, stride and dilation.

    A transposed convolution scatters each input position over the kernel; a plain one gathers for each output position.

    Attributes:
        batch: Images, N.
        in_channels: C_in.
        out_channels: C_out.
        groups: Groups that do not see each other, g; C_in of them make it depthwise.
        taps: Positions of the kernel, k_h · k_w.
        in_positions: Positions of the input, H · W.
        out_positions: Positions of the output, H_o · W_o.
        transposed: Whether it is a transposed convolution.
        dtype: Format of weights and activations.
        sparse: What a sparsity leaves of the weights; None where they are dense.
    """

    batch: Number
    in_channels: int
    out_channels: int
    groups: int
    taps: int
    in_positions: int
    out_positions: int
    transposed: bool = False
    dtype: Dtype = Dtype.BF16
    sparse: Sparse | None = None

    @property
    def m(self) -> Number:
        """Rows of the implicit GEMM: positions that do work."""
        return self.batch * float(self.in_positions if self.transposed else self.out_positions)

    @property
    def n(self) -> float:
        """Columns of the implicit GEMM of one group."""
        wide = self.out_channels // self.groups
        return float(wide * self.taps if self.transposed else wide)

    @property
    def k(self) -> float:
        """Reduced dimension of the implicit GEMM of one group."""
        deep = self.in_channels // self.groups
        return float(deep if self.transposed else deep * self.taps)

    @property
    def flops(self) -> Number:
        """O = 2 · g · m · n · k; positions in the padding count like all others [FLOP]."""
        return 2.0 * self.groups * self.m * self.n * self.k

    @property
    def weights(self) -> float:
        """Elements of the kernel, biases aside."""
        return float(self.out_channels * (self.in_channels // self.groups) * self.taps)

    @property
    def depthwise(self) -> bool:
        """Whether each channel is filtered alone, so that no matrix is multiplied."""
        return self.groups > 1 and self.groups == self.in_channels


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RecurrentShape:
    """One layer and direction of a recurrent network: steps that wait for each other.

    Attributes:
        steps: Steps of the sequence, T.
        batch: Sequences, B.
        d_input: Width of the input.
        d_hidden: Width of the state, H.
        gates: Gates of a cell: 4 of an LSTM, 3 of a GRU, 1 of a plain cell.
        dtype: Format of weights and activations.
    """

    steps: Number
    batch: Number
    d_input: int
    d_hidden: int
    gates: int
    dtype: Dtype = Dtype.BF16

    @property
    def state_weights(self) -> float:
        """Elements of the matrices that each step multiplies by the state."""
        return float(self.gates * self.d_hidden * self.d_hidden)

    @property
    def input_weights(self) -> float:
        """Elements of the matrices that are multiplied by the input."""
        return float(self.gates * self.d_hidden * self.d_input)

    @property
    def flops(self) -> Number:
        """O = 2 · T · B · gates · H · (d_input + H): the matrices alone [FLOP]."""
        return 2.0 * self.steps * self.batch * (self.state_weights + self.input_weights)


@dataclass(frozen=True, slots=True, eq=False)
class QuantiseShape:
    """Activations A[m, k] that a kernel brings to another format, or a part of that work.

    Attributes:
        m: Rows.
        k: Columns.
        dtype: The format.
        passes: Its share of the passes over A.
        launches: Its share of the launches.
    """

    m: Number
    k: Number
    dtype: Dtype
    passes: float = 1.0
    launches: float = 1.0
