"""Lines that a sparse matrix fetches: counted, value by value, and at any alignment."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.rewrites.sparsity import Kind, Sparsity, sparsity_named
from ironlaw.system.cache.sparse_lines import lines_touched, sparse_lines


def test_half_of_the_values_leave_no_line_empty():
    found = sparse_lines(512, 128, sparsity_named("unstructured:0.5"), 32)
    assert found.dense_lines == 2048.0
    assert found.ratio == pytest.approx(1.0 - 0.5**32)
    assert found.index_bytes == 256.0
    assert found.bytes > 512 * 128


def test_blocks_of_whole_lines_skip_their_share():
    found = sparse_lines(512, 128, sparsity_named("block:0.5@1x32"), 32)
    assert found.ratio == pytest.approx(0.5)
    wider = sparse_lines(512, 128, sparsity_named("block:0.5@4x64"), 32)
    assert wider.ratio == pytest.approx(0.5)


def test_rows_that_end_inside_a_line_spoil_the_blocks():
    aligned = sparse_lines(64, 128, sparsity_named("block:0.5@1x32"), 32)
    shifted = sparse_lines(64, 144, sparsity_named("block:0.5@1x32"), 32)
    assert shifted.ratio > aligned.ratio


def test_wider_values_fill_a_line_sooner():
    narrow = sparse_lines(64, 64, sparsity_named("unstructured:0.9"), 32, 1)
    wide = sparse_lines(64, 64, sparsity_named("unstructured:0.9"), 32, 4)
    assert wide.ratio == pytest.approx(1.0 - 0.9**8)
    assert wide.ratio < narrow.ratio


def test_packed_values_with_the_smaller_index():
    found = sparse_lines(64, 64, sparsity_named("unstructured:0.5"), 32)
    assert found.packed_bytes == 64 * 64 * (0.5 + 0.125)
    assert sparse_lines(64, 64, sparsity_named("unstructured:0"), 32).packed_bytes == 64 * 64


def test_no_zeros_fetch_every_line():
    found = sparse_lines(7, 33, sparsity_named("unstructured:0"), 32)
    assert found.lines == found.dense_lines == 8.0
    assert found.index_bytes == 0.0


@settings(max_examples=50)
@given(
    st.integers(1, 9),
    st.integers(1, 40),
    st.integers(1, 5),
    st.integers(1, 40),
    st.floats(0.0, 0.95),
)
def test_blocks_of_a_line_are_those_of_its_values(rows, columns, high, wide, share):
    sparsity = Sparsity(kind=Kind.BLOCK, share=share, block=(high, wide))
    touched: dict[int, set[tuple[int, int]]] = {}
    for row in range(rows):
        for column in range(columns):
            block = (row // high, column // wide)
            touched.setdefault((row * columns + column) // 8, set()).add(block)
    expected = sum(1.0 - share ** len(blocks) for blocks in touched.values())
    assert sparse_lines(rows, columns, sparsity, 8).lines == pytest.approx(expected)


@given(st.floats(0.0, 0.99), st.sampled_from([1, 2, 4, 8, 16, 32, 64]))
def test_aligned_lines_have_a_closed_form(share, block):
    sparsity = Sparsity(kind=Kind.BLOCK, share=share, block=(1, block))
    found = sparse_lines(16, 128, sparsity, 32)
    assert found.ratio == pytest.approx(lines_touched(share, float(block), 32.0))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: lines_touched(1.0, 4.0, 32.0), "share"),
        (lambda: lines_touched(0.5, 0.0, 32.0), "block"),
        (lambda: lines_touched(0.5, 24.0, 32.0), "parts or multiples"),
        (lambda: sparse_lines(0, 4, sparsity_named("unstructured:0.5"), 32), "rows"),
        (lambda: sparse_lines(4, 4, sparsity_named("unstructured:0.5"), 32, 3), "whole values"),
        (lambda: sparse_lines(4, 4, sparsity_named("2:4"), 32), "unstructured or by blocks"),
    ],
)
def test_what_makes_no_lines_is_refused(call, said):
    with pytest.raises(DomainError, match=said):
        call()
