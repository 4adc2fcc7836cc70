"""A frame of the enhancer on a machine: lines fetched for every matrix, against the multiply-adds that they feed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed
from ironlaw.cost.iron_law import TimeTerms
from ironlaw.system.cache.layout import GateOrder, Matrices, Walk
from ironlaw.system.cache.simulate import simulate
from ironlaw.system.hearable.machine import Machine, Place
from ironlaw.system.hearable.pruning import Kept, Pruned, kept

if TYPE_CHECKING:
    from ironlaw.system.cache.counts import CacheCount
    from ironlaw.system.cache.geometry import CacheGeometry
    from ironlaw.system.hearable.enhancer import Enhancer, Matrix

_ACCUMULATOR = 4.0  # an int32 sum [B]
_PASSES = 2.0  # of the sums of a product that stand apart: written once, read once


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How the weights of a network lie and are walked.

    Attributes:
        walk: Gate order, padding, format and load width.
        fused: Whether the gates of a unit are finished together with its cell, in one kernel a layer.
        sram: Matrices that are copied to SRAM once, by name.
        flash: Matrices that are read from flash.
        pruned: Which of the weights are zero; None where none is.
    """

    walk: Walk
    fused: bool = False
    sram: frozenset[str] = frozenset()
    flash: frozenset[str] = frozenset()
    pruned: Pruned | None = None

    def place(self, matrix: Matrix, home: Place) -> Place:
        """Where a matrix lives on a machine whose weights are at home somewhere."""
        if matrix.name in self.sram:
            return Place.SRAM
        return Place.FLASH if matrix.name in self.flash else home


PACKED = Layout(walk=Walk())
"""int8, gate after gate, nothing padded: what streams without a penalty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A matrix in a frame.

    Attributes:
        matrix: It.
        place: Where it lives.
        stored: Bytes that it takes there, with its padding [B].
        traffic: Bytes that a frame moves for it [B].
        again: Those of them that were fetched before in the same frame [B].
        memory: Time that they take [s].
        compute: Time of its multiply-adds [s].
        kept: Share of its lines that hold a weight: they are fetched, and their multiply-adds are done.
        index: Bytes in SRAM that say which lines those are [B].
    """

    matrix: Matrix
    place: Place
    stored: float
    traffic: float
    again: float
    memory: float
    compute: float
    kept: float = 1.0
    index: float = 0.0

    @property
    def flops(self) -> float:
        """O = 2 · weights of the lines that are walked [FLOP]."""
        return 2.0 * self.matrix.weights * self.kept


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Frame:
    """A frame of the enhancer.

    Attributes:
        enhancer: The network.
        layout: How its weights lie.
        machine: What runs it.
        pieces: Its matrices, in order.
        calls: Functions that are called.
        scratch: Bytes of gate sums that are written to SRAM and read back [B].
        vectors: SRAM that states and activations take [B].
    """

    enhancer: Enhancer
    layout: Layout
    machine: Machine
    pieces: tuple[Piece, ...]
    calls: int
    scratch: float
    vectors: float

    @property
    def flops(self) -> float:
        """O, the work of the frame: lines that hold only zeros are skipped [FLOP]."""
        return summed(piece.flops for piece in self.pieces)

    @property
    def memory(self) -> float:
        """T_m: the weights on their way, one memory after the other [s]."""
        return summed(piece.memory for piece in self.pieces)

    @property
    def compute(self) -> float:
        """T_c: the multiply-adds [s]."""
        return summed(piece.compute for piece in self.pieces)

    @property
    def overlapped(self) -> float:
        """max(T_m, T_c) [s]."""
        return float(self.terms.overlapped)

    @property
    def launch(self) -> float:
        """Time in calls [s]."""
        return self.calls * (self.machine.chip.graph_dispatch or 0.0)

    @property
    def spilled(self) -> float:
        """Time in which gate sums are written and read back [s]."""
        return self.scratch / self.machine.rates[Place.SRAM] if self.scratch else 0.0

    @property
    def time(self) -> float:
        """T = max(T_m, T_c) + L_lat: weights come while others are used; calls and spilled sums overlap nothing [s]."""
        return float(self.terms.total)

    @property
    def terms(self) -> TimeTerms:
        """The Iron Law's terms [s]."""
        return TimeTerms(
            compute=self.compute, memory=self.memory, serial=self.spilled, latency=self.launch
        )

    @property
    def bound(self) -> str:
        """What sets the time: "memory" or "compute"."""
        return "memory" if self.memory > self.compute else "compute"

    @property
    def waiting(self) -> float:
        """Share of the frame in which the arithmetic waits for weights."""
        return max(self.memory - self.compute, 0.0) / self.time

    @property
    def outside(self) -> float:
        """Bytes that cross the chip's border [B]."""
        return summed(piece.traffic for piece in self.pieces if piece.place is not Place.SRAM)

    @property
    def again(self) -> float:
        """Those of them that were fetched before in the same frame [B]."""
        return summed(piece.again for piece in self.pieces)

    @property
    def wasted(self) -> float:
        """Share of the frame that brings nothing new: lines fetched again, gate sums spilled, calls."""
        rates = self.machine.rates
        again = summed(piece.again / rates[piece.place] for piece in self.pieces)
        once = max(self.compute, self.memory - again)
        return (self.time - once) / self.time

    @property
    def sram_used(self) -> float:
        """SRAM that the frame needs: weights there, states, activations and the index of what is pruned [B]."""
        index = summed(piece.index for piece in self.pieces)
        return self.held + self.vectors + index

    @property
    def held(self) -> float:
        """Weights in SRAM [B]."""
        return summed(piece.stored for piece in self.pieces if piece.place is Place.SRAM)

    @property
    def sram_over(self) -> float:
        """Bytes over the SRAM of the chip; below zero where it fits [B]."""
        return self.sram_used - self.machine.sram

    @property
    def active(self) -> float:
        """Power while the chip is busy with it [W]."""
        outside = any(piece.place is not Place.SRAM for piece in self.pieces)
        return self.machine.active if outside else self.machine.active_sram


def frame(network: Enhancer, layout: Layout, runs_on: Machine) -> Frame:
    """A frame of the enhancer.

    Args:
        network: The enhancer.
        layout: How its weights lie and are walked.
        runs_on: What runs it.

    Raises:
        DomainError: for a matrix or a place that is not there, or fused gates that are not walked together.

    Source:
        ironlaw-dossier, §6.
    """
    for name in (*sorted(layout.sram), *sorted(layout.flash)):
        network.named(name)
    if layout.fused and layout.walk.order is not GateOrder.INTERLEAVED:
        domain = "the interleaved order: a fused cell needs a unit's gates one after the other"
        raise DomainError("order", layout.walk.order.value, domain)
    cells = [matrix for matrix in network.matrices if matrix.gates > 1]
    layers = dict.fromkeys(matrix.layer for matrix in network.matrices)
    apart = [] if layout.fused else cells
    return Frame(
        enhancer=network,
        layout=layout,
        machine=runs_on,
        pieces=tuple(_piece(matrix, layout, runs_on) for matrix in network.matrices),
        calls=len(layers) + int(summed(matrix.gates for matrix in apart)),
        scratch=_ACCUMULATOR * _PASSES * summed(m.gates * m.rows for m in apart),
        vectors=_vectors(network, layout),
    )


def _piece(matrix: Matrix, layout: Layout, runs_on: Machine) -> Piece:
    place = layout.place(matrix, runs_on.home)
    left = _kept(matrix, layout, runs_on)
    traffic, again = float(matrix.weights * layout.walk.dtype.size), 0.0
    if place is not Place.SRAM and runs_on.cache is not None:
        count = fetched(shape_of(matrix), _walk_of(matrix, layout.walk), runs_on.cache)
        traffic = count.traffic
        again = left.share * traffic * (1.0 - count.distinct / count.misses)
    traffic *= left.share
    index = left.flags / runs_on.rates[Place.SRAM]
    return Piece(
        matrix=matrix,
        place=place,
        stored=stored_bytes(matrix, layout.walk),
        traffic=traffic,
        again=again,
        memory=traffic / runs_on.rate(place) + index,
        compute=2.0 * matrix.weights * left.share / runs_on.flop_rate,
        kept=left.share,
        index=left.flags,
    )


def _kept(matrix: Matrix, layout: Layout, runs_on: Machine) -> Kept:
    """What is left of a matrix to walk; the index has a bit for each line of the memory outside."""
    if layout.pruned is None:
        return Kept(1.0, 0.0)
    matrices = matrices_of(shape_of(matrix), layout.walk)
    rows, stride = matrix.gates * matrix.rows, matrices.row_stride // layout.walk.element
    return kept(rows, stride, layout.pruned, runs_on.line, layout.walk.element)


def _walk_of(matrix: Matrix, walk: Walk) -> Walk:
    """How a matrix is walked: one that stands alone has no gates to order or to pad."""
    return replace(walk, order=GateOrder.BLOCKED, gate_pad=0) if matrix.gates == 1 else walk


def shape_of(matrix: Matrix) -> tuple[int, int, int]:
    """Gates, rows and columns: all that the cache sees of a matrix."""
    return matrix.gates, matrix.rows, matrix.columns


def matrices_of(shape: tuple[int, int, int], walk: Walk, name: str = "weights") -> Matrices:
    """A matrix as the cache simulator takes it; a dense layer has no gates to walk at once."""
    gates, rows, columns = shape
    return Matrices(name=name, rows=rows, columns=columns, gates=gates, walk=walk)


@lru_cache(maxsize=8192)
def fetched(shape: tuple[int, int, int], walk: Walk, cache: CacheGeometry) -> CacheCount:
    """Hits and misses of one walk over a matrix with a cold cache: no weight outlives a frame of more than a cacheful.

    Args:
        shape: Gates, rows and columns.
        walk: How it lies and is walked.
        cache: The cache.
    """
    return simulate((matrices_of(shape, walk),), cache)


def stored_bytes(matrix: Matrix, walk: Walk) -> float:
    """Bytes that a matrix takes, with its padding [B]."""
    return float(matrices_of(shape_of(matrix), walk).stored)


def _vectors(network: Enhancer, layout: Layout) -> float:
    """Input, states and activations in SRAM, and the gate sums of one layer where they are kept apart [B]."""
    width = layout.walk.dtype.size
    states = {matrix.layer: matrix.rows for matrix in network.matrices if matrix.gates > 1}
    outputs = {matrix.layer: matrix.rows for matrix in network.matrices}
    inputs = network.matrices[0].columns
    values = inputs + summed(outputs.values()) + summed(states.values())
    sums = 0.0 if layout.fused else _ACCUMULATOR * 4.0 * max(states.values(), default=0)
    return float(width * values + sums)
