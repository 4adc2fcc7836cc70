"""The measurements: each a small task with what one call of it fetches or computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ironlaw.base.errors import DomainError, UnknownNameError
from ironlaw.system.probe.operators import gemm
from ironlaw.system.probe.suite import suite

if TYPE_CHECKING:
    from ironlaw.system.probe.operators import Program
    from ironlaw.system.probe.ops import Array, PassName, Runner

Kind: TypeAlias = Literal["stream", "gemm", "rate", "spread", "call", "operator"]

STREAMS = ("read", "copy", "triad")
"""One array read; one written and one read; one written and two read."""

_ELEMENT = 4  # bytes of fp32
_ARRAYS = {"read": 1, "copy": 2, "triad": 3}
_GAP = 352  # elements between two arrays: their lines fall into different sets of a cache
_ROW = 1024  # elements of a row that has a factor of its own
_CACHED = (128, 1024)  # rows and columns of a block for pass rates: half a mebibyte of fp32


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to time, the same on every worker.

    Attributes:
        kind: stream: bytes fetched; gemm: FLOPs; rate: elements of a pass over a cached block; spread: elements of
            a matrix that is multiplied in place; call: one call; operator: one share of an operator.
        name: Of a stream read, copy or triad; of a gemm the toolkit's name of the format; of a rate the pass; of a
            spread "rows" where every row has a factor of its own, "flat" where all have one; of a call whose it is.
        size: Working set of one worker [B]; the side of matrices [1]; the shares of an operator [1].
    """

    kind: Kind
    name: str
    size: int = 0

    @property
    def units(self) -> float:
        """What one call of one worker fetches [B], computes [FLOP] or passes over; 1 of a call and an operator."""
        if self.kind == "stream":
            return float(_ARRAYS[self.name] * _length(self) * _ELEMENT)
        if self.kind == "gemm":
            side = float(self.size)
            return 2.0 * side * side * side
        if self.kind == "spread":
            return float(self.size // _ELEMENT)
        return float(_CACHED[0] * _CACHED[1]) if self.kind == "rate" else 1.0


def program(task: Task, ops: Runner, buffer: Array | None = None) -> Program:
    """The program of a task, its arrays made.

    Args:
        task: The task.
        ops: Who runs it.
        buffer: Array that streams may use, so that a sweep takes memory once; of no use to others.

    Raises:
        UnknownNameError: if there is no operator of that name.
        DomainError: if a working set is larger than the buffer.
    """
    if task.kind == "stream":
        return _stream(task, ops, buffer)
    if task.kind == "gemm":
        return _gemm(task, ops)
    if task.kind == "rate":
        return _rate(task, ops)
    if task.kind == "call":
        return _call(task, ops)
    if task.kind == "spread":
        return _spread(task, ops)
    known = {operator.name: operator for operator in suite()}
    if task.name not in known:
        raise UnknownNameError("operator", task.name, known)
    return known[task.name].build(ops, task.size)


def _length(task: Task) -> int:
    """Elements of each array of a stream: all of them with the gaps between them fill the working set."""
    arrays = _ARRAYS[task.name]
    return (task.size // _ELEMENT - (arrays - 1) * _GAP) // arrays


def _stream(task: Task, ops: Runner, buffer: Array | None) -> Program:
    length = _length(task)
    whole = ops.full(1.0, task.size // _ELEMENT) if buffer is None else buffer
    if task.size > _ELEMENT * whole.shape[0]:
        raise DomainError("size", task.size, f"working sets up to {_ELEMENT * whole.shape[0]} B")
    starts = [i * (length + _GAP) for i in range(_ARRAYS[task.name])]
    parts = [whole[start : start + length] for start in starts]
    if task.name == "read":
        total = ops.full(0.0)
        return lambda: ops.run("dot", parts[0], parts[0], out=total)
    if task.name == "copy":
        return lambda: ops.run("copy", parts[0], out=parts[1])
    return lambda: ops.run("add", parts[0], parts[1], out=parts[2])


def _gemm(task: Task, ops: Runner) -> Program:
    side = task.size
    if task.name == "float32":
        return gemm(ops, side, side, side)
    a, b, c = (ops.cast(ops.random(side, side), task.name) for _ in range(3))
    return lambda: ops.run("matmul", a, b, out=c)


def _rate(task: Task, ops: Runner) -> Program:
    block = ops.random(*_CACHED)
    out = ops.full(0.0, _CACHED[0], 1) if task.name.startswith("row_") else ops.full(0.0, *_CACHED)
    if task.name == "divide":
        two = ops.full(2.0, 1, 1)
        return lambda: ops.run("divide", block, two, out=out)
    names: dict[str, PassName] = {"exp": "exp", "row_max": "row_max", "row_sum": "row_sum"}
    name = names[task.name]
    return lambda: ops.run(name, block, out=out)


def _spread(task: Task, ops: Runner) -> Program:
    rows = task.size // (_ROW * _ELEMENT)
    matrix = ops.full(1.0, rows, _ROW)
    factor = ops.full(1.0, rows if task.name == "rows" else 1, 1)
    return lambda: ops.run("multiply", matrix, factor, out=matrix)


def _call(task: Task, ops: Runner) -> Program:
    if task.name == "python":
        return _nothing
    one, two = ops.full(1.0, 1), ops.full(1.0, 1)
    return lambda: ops.run("add", one, one, out=two)


def _nothing() -> None:
    """What a call in Python costs by itself."""
