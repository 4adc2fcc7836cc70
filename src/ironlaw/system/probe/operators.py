"""The lab's operators as programs of passes: what is timed is what is predicted, because both run these lines.

Every pass writes into an array that is there already, as a static memory pool gives it. A fused operator here is a
blocked one: its passes run over a block that stays in a cache. That is what fusion saves on a GPU too: round trips to
memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.system.probe.ops import Array, Ops

Program: TypeAlias = "Callable[[], None]"
"""An operator with its arrays made: calling it runs all passes once."""

_VERY_LOW = -1e30  # below every score, and far from what fp32 cannot hold
_EPSILON = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """An operator of the lab at one size.

    Attributes:
        name: Its name.
        shape: Its sizes in words.
        ran: What runs, in words.
        build: Makes its arrays, one of `parts` equal shares of its rows or heads, and returns the program.
    """

    name: str
    shape: str
    ran: str
    build: Callable[[Ops, int], Program]


def gemm(ops: Ops, m: int, n: int, k: int) -> Program:
    """C[m, n] = A[m, k] · B[k, n] in one call.

    Args:
        ops: Who runs the passes.
        m: Rows.
        n: Columns.
        k: Length of the sums.
    """
    a, b, c = ops.random(m, k), ops.random(k, n), ops.full(0.0, m, n)
    return lambda: ops.run("matmul", a, b, out=c)


def vector_gemm(ops: Ops, n: int, k: int) -> Program:
    """y[1, n] = x[1, k] · W[k, n]: a decode step's matrix, read once for two FLOPs an element.

    Args:
        ops: Who runs the passes.
        n: Outputs.
        k: Inputs.
    """
    x, w, y = ops.random(1, k), ops.random(k, n), ops.full(0.0, 1, n)
    return lambda: ops.run("matmul", x, w, out=y)


@dataclass(frozen=True, slots=True)
class Linear:
    """Arrays of max(x · W, 0)."""

    x: Array
    weight: Array
    zero: Array
    product: Array
    out: Array

    @classmethod
    def made(cls, ops: Ops, rows: int, inputs: int, outputs: int) -> Linear:
        """Make them; half of the weights are below zero."""
        weight = ops.random(inputs, outputs)
        ops.run("subtract", weight, ops.full(1.0, 1, 1), out=weight)
        product, out = (ops.full(0.0, rows, outputs) for _ in range(2))
        return cls(ops.random(rows, inputs), weight, ops.full(0.0, 1, outputs), product, out)


def linear_relu_eager(ops: Ops, of: Linear) -> Program:
    """The product to memory, then ReLU from memory to memory.

    Args:
        ops: Who runs the passes.
        of: Its arrays.
    """

    def run() -> None:
        ops.run("matmul", of.x, of.weight, out=of.product)
        ops.run("maximum", of.product, of.zero, out=of.out)

    return run


def linear_relu_fused(ops: Ops, of: Linear, block: int) -> Program:
    """A block of rows at a time, ReLU in place while the block is in a cache.

    Args:
        ops: Who runs the passes.
        of: Its arrays.
        block: Rows of a block.
    """

    def run() -> None:
        for first in range(0, of.x.shape[0], block):
            rows = slice(first, first + block)
            out = of.out[rows]
            ops.run("matmul", of.x[rows], of.weight, out=out)
            ops.run("maximum", out, of.zero, out=out)

    return run


@dataclass(frozen=True, slots=True)
class Attention:
    """Arrays of softmax(Q · Kᵀ / √d) · V over heads, without a mask."""

    query: Array
    key: Array
    value: Array
    scale: Array
    out: Array

    @classmethod
    def made(cls, ops: Ops, heads: int, tokens: int, width: int) -> Attention:
        """Make them: heads × tokens × width each."""
        query, key, value = (ops.random(heads, tokens, width) for _ in range(3))
        scale = ops.full(float(width), 1, 1)
        ops.run("sqrt", scale, out=scale)
        return cls(query, key, value, scale, ops.full(0.0, heads, tokens, width))


def attention_eager(ops: Ops, of: Attention) -> Program:
    """All scores of all heads in memory, and six passes over them between the two products.

    Args:
        ops: Who runs the passes.
        of: Its arrays.
    """
    heads, tokens, _ = of.query.shape
    scores = ops.full(0.0, heads, tokens, tokens)
    rows = scores.reshape(heads * tokens, tokens)
    top, total = (ops.full(0.0, heads * tokens, 1) for _ in range(2))

    def run() -> None:
        for head in range(heads):
            ops.run("matmul", of.query[head], of.key[head].T, out=scores[head])
        ops.run("divide", rows, of.scale, out=rows)
        ops.run("row_max", rows, out=top)
        ops.run("subtract", rows, top, out=rows)
        ops.run("exp", rows, out=rows)
        ops.run("row_sum", rows, out=total)
        ops.run("divide", rows, total, out=rows)
        for head in range(heads):
            ops.run("matmul", scores[head], of.value[head], out=of.out[head])

    return run


class FlashBlock:
    """One block of queries against all keys, a block at a time: the online softmax of FlashAttention."""

    def __init__(self, ops: Ops, queries: int, keys: int, width: int) -> None:
        self._ops, self._keys = ops, keys
        self._query, self._part, self._sum = (ops.full(0.0, queries, width) for _ in range(3))
        self._scores = ops.full(0.0, queries, keys)
        self._top, self._next, self._fade, self._total, self._added = (
            ops.full(0.0, queries, 1) for _ in range(5)
        )
        self._low, self._none = ops.full(_VERY_LOW, 1, 1), ops.full(0.0, 1, 1)

    def run(self, query: Array, keys: Array, values: Array, scale: Array, out: Array) -> None:
        """Attend with one block of queries of a head.

        Args:
            query: The block.
            keys: All keys of the head.
            values: All its values.
            scale: √d.
            out: Where the result goes.
        """
        run = self._ops.run
        run("divide", query, scale, out=self._query)
        run("copy", self._low, out=self._top)
        run("copy", self._none, out=self._total)
        run("copy", self._none, out=self._sum)
        for first in range(0, keys.shape[0], self._keys):
            rows = slice(first, first + self._keys)
            self._block(keys[rows], values[rows])
        run("divide", self._sum, self._total, out=out)

    def _block(self, keys: Array, values: Array) -> None:
        run, scores = self._ops.run, self._scores
        run("matmul", self._query, keys.T, out=scores)
        run("row_max", scores, out=self._next)
        run("maximum", self._top, self._next, out=self._next)
        run("subtract", scores, self._next, out=scores)
        run("exp", scores, out=scores)
        run("subtract", self._top, self._next, out=self._fade)
        run("exp", self._fade, out=self._fade)
        run("row_sum", scores, out=self._added)
        run("multiply", self._total, self._fade, out=self._total)
        run("add", self._total, self._added, out=self._total)
        run("matmul", scores, values, out=self._part)
        run("multiply", self._sum, self._fade, out=self._sum)
        run("add", self._sum, self._part, out=self._sum)
        run("copy", self._next, out=self._top)


def attention_flash(ops: Ops, of: Attention, queries: int, keys: int) -> Program:
    """Scores exist a block at a time and never reach memory.

    Args:
        ops: Who runs the passes.
        of: Its arrays.
        queries: Queries of a block.
        keys: Keys of a block.
    """
    heads, tokens, width = of.query.shape
    block = FlashBlock(ops, queries, keys, width)

    def run() -> None:
        for head in range(heads):
            query, out = of.query[head], of.out[head]
            for first in range(0, tokens, queries):
                rows = slice(first, first + queries)
                block.run(query[rows], of.key[head], of.value[head], of.scale, out[rows])

    return run


@dataclass(frozen=True, slots=True)
class Norm:
    """Arrays of RMSNorm: x / √(mean(x²) + ε) · w."""

    x: Array
    weight: Array
    width: Array
    epsilon: Array
    out: Array

    @classmethod
    def made(cls, ops: Ops, rows: int, width: int) -> Norm:
        """Make them."""
        return cls(
            ops.random(rows, width),
            ops.random(1, width),
            ops.full(float(width), 1, 1),
            ops.full(_EPSILON, 1, 1),
            ops.full(0.0, rows, width),
        )


def norm_program(ops: Ops, of: Norm, block: int) -> Program:
    """Square, sum, scale and weigh a block of rows at a time; with all rows in one block it is the eager graph.

    Args:
        ops: Who runs the passes.
        of: Its arrays.
        block: Rows of a block.
    """
    squares, root = ops.full(0.0, block, of.x.shape[1]), ops.full(0.0, block, 1)

    def run() -> None:
        for first in range(0, of.x.shape[0], block):
            rows = slice(first, first + block)
            x, out = of.x[rows], of.out[rows]
            ops.run("multiply", x, x, out=squares)
            ops.run("row_sum", squares, out=root)
            ops.run("divide", root, of.width, out=root)
            ops.run("add", root, of.epsilon, out=root)
            ops.run("sqrt", root, out=root)
            ops.run("divide", x, root, out=out)
            ops.run("multiply", out, of.weight, out=out)

    return run
