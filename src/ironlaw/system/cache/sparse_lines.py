"""Lines that a sparse matrix fetches: a line is skipped where every value in it is zero."""

from __future__ import annotations

from typing import NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_count, require_positive, summed
from ironlaw.base.power import whole_power
from ironlaw.registry.sparsity import index_bits
from ironlaw.rewrites.sparsity import Kind, Sparsity

_BITS = 8.0  # of a byte


class SparseLines(NamedTuple):
    """What a matrix of weights fetches from the memory behind a cache, row after row, in the mean.

    Attributes:
        dense_lines: Lines of the dense matrix.
        lines: Lines in which a value is not zero: those that are fetched.
        index_bytes: One bit for each line, which says whether it is skipped [B].
        line_size: Bytes of a line, L [B].
        packed_bytes: The values alone with the smaller of a bitmap and 16-bit columns, read in order [B].
    """

    dense_lines: float
    lines: float
    index_bytes: float
    line_size: float
    packed_bytes: float

    @property
    def ratio(self) -> float:
        """Lines fetched over those of the dense matrix: multiply-adds that are done, too, line by line."""
        return self.lines / self.dense_lines

    @property
    def bytes(self) -> float:
        """Bytes that are fetched, the index with them [B]."""
        return self.lines * self.line_size + self.index_bytes


def sparse_lines(
    rows: int, columns: int, sparsity: Sparsity, line_size: int, element: int = 1
) -> SparseLines:
    r"""Lines that a sparse matrix fetches where it is stored in place, zeros and all.

    $$ \sum_{line} (1 - s^{c}) $$

    c counts the blocks that a line touches: the values of a line where zeros lie anywhere, 1 where a block holds the
    whole line. Blocks start with each row; lines run on over its end.

    Args:
        rows: Rows of the matrix, each an output.
        columns: Values of a row.
        sparsity: Unstructured, or by blocks of rows × columns.
        line_size: Bytes of a line, L [B].
        element: Bytes of a value [B].

    Raises:
        DomainError: for a size that is no whole number from 1, a line that holds no whole value, or another kind.

    Example:
        >>> from ironlaw.rewrites.sparsity import sparsity_named
        >>> found = sparse_lines(64, 64, sparsity_named("block:0.5@1x32"), 32)
        >>> found.dense_lines, found.lines
        (128.0, 64.0)
    """
    for name, size in (
        *(("rows", rows), ("columns", columns)),
        *(("line_size", line_size), ("element", element)),
    ):
        require_count(name, size)
    if line_size % element:
        raise DomainError("line_size", line_size, f"lines of whole values of {element} B")
    if sparsity.kind not in (Kind.UNSTRUCTURED, Kind.BLOCK):
        raise DomainError("sparsity", sparsity.name, "unstructured or by blocks, for lines")
    in_line, values = line_size // element, rows * columns
    touched = _counts(rows, columns, sparsity.block or (1, 1), in_line)
    lines = summed(n * (1.0 - whole_power(sparsity.share, float(c))) for c, n in touched.items())
    kept, bits = (1.0 - sparsity.share) * values, _BITS * element
    found_again = min(float(values), kept * index_bits())
    dense = float(-(-values // in_line))
    return SparseLines(
        dense_lines=dense,
        lines=float(lines),
        index_bytes=0.0 if sparsity.share == 0.0 else dense / _BITS,
        line_size=float(line_size),
        packed_bytes=min(float(values * element), (kept * bits + found_again) / _BITS),
    )


def lines_touched(share: float, block: float, line_size: float) -> float:
    r"""The share of lines that are fetched where blocks and lines start together.

    $$ 1 - s^{\max(L / b, 1)} $$

    Args:
        share: Share of blocks that are zero, s.
        block: Bytes of a block, b; those of a value where zeros lie anywhere [B].
        line_size: Bytes of a line, L; one divides the other [B].

    Raises:
        DomainError: for a share outside [0, 1), a size that is not positive, or sizes of which none divides the other.

    Example:
        >>> lines_touched(0.5, 32.0, 32.0), round(lines_touched(0.5, 4.0, 32.0), 3)
        (0.5, 0.996)
    """
    if not 0.0 <= share < 1.0:
        raise DomainError("share", share, "shares of zeros from 0 and below 1")
    require_positive("block", block)
    require_positive("line_size", line_size)
    if line_size % block and block % line_size:
        raise DomainError("block", block, f"parts or multiples of a line of {line_size:g} B")
    return 1.0 - float(whole_power(share, max(line_size / block, 1.0)))


def _counts(rows: int, columns: int, block: tuple[int, int], in_line: int) -> dict[int, int]:
    """How many lines touch each number of blocks."""
    high, wide = block
    found: dict[int, int] = {}
    values = rows * columns
    for start in range(0, values, in_line):
        last = min(start + in_line, values) - 1
        count = _blocks(start, last, columns, high, wide)
        found[count] = found.get(count, 0) + 1
    return found


def _blocks(start: int, last: int, columns: int, high: int, wide: int) -> int:
    """Blocks that the values of a line touch, over the end of its row where it goes on."""
    first_row, last_row = start // columns, last // columns
    if first_row == last_row:
        return last % columns // wide - start % columns // wide + 1
    touched: set[tuple[int, int]] = set()
    for row in range(first_row, last_row + 1):
        left = start % columns if row == first_row else 0
        right = last % columns if row == last_row else columns - 1
        touched.update((row // high, place) for place in range(left // wide, right // wide + 1))
    return len(touched)
