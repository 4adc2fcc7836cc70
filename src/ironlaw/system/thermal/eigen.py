"""Eigenvalues and eigenvectors of a small symmetric matrix, by Jacobi's rotations."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

_SWEEPS = 60  # a symmetric matrix needs about six
_NOTHING = 1e-17  # an entry this small beside its diagonal is zero

Matrix = list[list[float]]


def eigen(
    matrix: Sequence[Sequence[float]],
) -> tuple[tuple[float, ...], tuple[tuple[float, ...], ...]]:
    """Eigenvalues of a symmetric matrix, the smallest first, and an orthonormal eigenvector of each.

    Jacobi's method finds the small eigenvalues of a positive definite matrix to their last digits as well.

    Args:
        matrix: Its rows.

    Returns:
        The eigenvalues, and the eigenvectors in the same order.

    Raises:
        DomainError: if it is not square and symmetric.

    Source:
        Golub and Van Loan, Matrix Computations, section 8.5.

    Example:
        >>> eigen([[2.0, 0.0], [0.0, 1.0]])
        ((1.0, 2.0), ((0.0, 1.0), (1.0, 0.0)))
    """
    size = len(matrix)
    for i, row in enumerate(matrix):
        if len(row) != size or any(row[j] != matrix[j][i] for j in range(size)):
            raise DomainError("matrix", [list(one) for one in matrix], "the symmetric matrices")
    rows = [list(row) for row in matrix]
    vectors = [[1.0 if i == j else 0.0 for j in range(size)] for i in range(size)]
    for _ in range(_SWEEPS):
        if not _sweep(rows, vectors):
            break
    order = sorted(range(size), key=lambda i: rows[i][i])
    columns = tuple(tuple(vectors[j][i] for j in range(size)) for i in order)
    return tuple(rows[i][i] for i in order), columns


def _sweep(rows: Matrix, vectors: Matrix) -> bool:
    """Rotate every entry off the diagonal away once; whether there was any."""
    rotated = False
    for p in range(len(rows)):
        for q in range(p + 1, len(rows)):
            scale = math.sqrt(abs(rows[p][p] * rows[q][q]))
            if abs(rows[p][q]) > _NOTHING * scale:
                _rotate(rows, vectors, p, q)
                rotated = True
    return rotated


def _rotate(rows: Matrix, vectors: Matrix, p: int, q: int) -> None:
    ratio = (rows[q][q] - rows[p][p]) / (2.0 * rows[p][q])
    tangent = math.copysign(1.0, ratio) / (abs(ratio) + math.sqrt(ratio * ratio + 1.0))
    cosine = 1.0 / math.sqrt(tangent * tangent + 1.0)
    sine = tangent * cosine
    shift = tangent * rows[p][q]
    rows[p][p] -= shift
    rows[q][q] += shift
    rows[p][q] = rows[q][p] = 0.0
    for i in range(len(rows)):
        if i not in (p, q):
            first, second = rows[i][p], rows[i][q]
            rows[i][p] = rows[p][i] = cosine * first - sine * second
            rows[i][q] = rows[q][i] = sine * first + cosine * second
    for row in vectors:
        first, second = row[p], row[q]
        row[p] = cosine * first - sine * second
        row[q] = sine * first + cosine * second


def dot(first: Sequence[float], second: Sequence[float]) -> float:
    """The sum of the products of two rows, from the first to the last.

    Example:
        >>> dot((1.0, 2.0), (3.0, 4.0))
        11.0
    """
    total = 0.0
    for one, other in zip(first, second, strict=True):
        total += one * other
    return total
