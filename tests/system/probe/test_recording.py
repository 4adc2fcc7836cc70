"""What programs touch, recorded without running them."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.system.probe.recording import Extent, RecordingOps, Stretch, passes_of
from ironlaw.system.probe.suite import suite

OPERATORS = {operator.name: operator for operator in suite()}


def total(passes, name):
    return sum(one.work for one in passes if one.name == name)


def test_rows_of_an_extent_are_its_bytes():
    matrix = Extent(4096, (10, 8))
    assert matrix[2:4] == Extent(4096 + 2 * 32, (2, 8))
    assert matrix[8:99].shape == (2, 8)
    assert matrix[3].stretch == Stretch(4096 + 96, 4096 + 128)
    assert matrix.T.shape == (8, 10)
    assert matrix.reshape(2, 40).stretch == matrix.stretch
    with pytest.raises(DomainError, match="80 elements"):
        matrix.reshape(3, 3)


def test_a_product_is_two_flops_a_multiply_add_and_touches_each_matrix_once():
    (only,) = passes_of(OPERATORS["gemm"], 1)
    assert only.work == 2.0 * 1024 * 1024 * 1024
    assert sum(last - first for first, last in only.touched) == 3 * 4 * 1024 * 1024


def test_a_pass_in_place_fetches_its_array_once():
    ops = RecordingOps()
    x, one = ops.random(4, 8), ops.full(1.0, 1, 1)
    ops.run("multiply", x, x, out=x)
    ops.run("multiply", x, one, out=x)
    assert [len(each.touched) for each in ops.passes] == [1, 2]


def test_a_row_or_a_column_for_a_matrix_goes_through_the_buffer():
    ops = RecordingOps()
    x, out = ops.random(4, 8), ops.full(0.0, 4, 8)
    for other, copied in (((4, 1), 32), ((1, 8), 32), ((1, 1), 0), ((4, 8), 0)):
        ops.run("multiply", x, ops.full(1.0, *other), out=out)
        assert ops.passes[-1].spread == copied
    ops.run("row_sum", x, out=ops.full(0.0, 4, 1))
    assert ops.passes[-1].spread == 0  # its rate holds what it takes
    wide, factor = ops.full(0.0, 2, 8192), ops.full(1.0, 2, 1)
    ops.run("multiply", wide, factor, out=wide)
    assert ops.passes[-1].spread == 0  # its rows fill the buffer


def test_flash_attention_multiplies_as_much_as_eager_and_never_holds_the_scores():
    eager, flash = (passes_of(OPERATORS[f"attention, {name}"], 1) for name in ("eager", "flash"))
    assert total(eager, "matmul") == total(flash, "matmul") == 4.0 * 16 * 1024 * 1024 * 64
    longest = [
        max(last - first for one in p for first, last in one.touched) for p in (eager, flash)
    ]
    assert longest == [64 * 2**20, 2**18]


def test_fusing_moves_the_same_work_into_blocks():
    for name in ("linear + relu", "rmsnorm"):
        eager, fused = (passes_of(OPERATORS[f"{name}, {how}"], 1) for how in ("eager", "fused"))
        for kind in {one.name for one in eager} - {"divide", "add", "sqrt"}:
            assert total(eager, kind) == total(fused, kind)
        assert len(fused) > len(eager)


@pytest.mark.parametrize("name", OPERATORS)
def test_shares_hold_the_work_of_the_whole(name):
    whole, half = (sum(one.work for one in passes_of(OPERATORS[name], n)) for n in (1, 2))
    assert 2.0 * half == pytest.approx(whole, rel=1e-3)


@pytest.mark.parametrize("parts", [3, 24])
@pytest.mark.parametrize("name", OPERATORS)
def test_any_number_of_workers_has_a_share(name, parts):
    assert passes_of(OPERATORS[name], parts)
