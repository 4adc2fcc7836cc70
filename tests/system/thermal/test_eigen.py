"""Eigenvalues against LAPACK's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ironlaw.base.errors import DomainError
from ironlaw.system.thermal.eigen import eigen


@given(st.integers(1, 7).flatmap(lambda n: arrays(float, (n, n), elements=st.floats(-3.0, 3.0))))
def test_values_and_vectors_are_those_of_lapack(given_matrix):
    matrix = given_matrix @ given_matrix.T + 0.1 * np.eye(len(given_matrix))
    matrix = (matrix + matrix.T) / 2.0
    values, vectors = eigen(matrix.tolist())
    assert np.allclose(values, np.linalg.eigvalsh(matrix), rtol=1e-11, atol=0.0)
    columns = np.array(vectors).T
    assert np.allclose(columns.T @ columns, np.eye(len(matrix)), atol=1e-13)
    assert np.allclose(matrix @ columns, columns * np.array(values), atol=1e-11)


def test_small_eigenvalues_keep_their_digits():
    values, _ = eigen([[1e12, 1.0], [1.0, 1e-3]])
    assert values[0] == pytest.approx(1e-3 - 1e-12, rel=1e-13)


@pytest.mark.parametrize("matrix", [[[1.0, 2.0], [0.0, 1.0]], [[1.0, 2.0]]])
def test_what_is_not_symmetric_is_refused(matrix):
    with pytest.raises(DomainError, match="symmetric"):
        eigen(matrix)
