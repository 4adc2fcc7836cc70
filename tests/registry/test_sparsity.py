"""What sparse kernels were seen to reach, and which chips have sparse units."""

from __future__ import annotations

import pytest

from ironlaw.registry.chips import chip_names, load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.sparsity import (
    sparse_gain,
    sparsity_sheet,
    two_four_range,
    two_four_speedup,
)


def test_the_middle_layer_of_the_paper_is_taken_and_its_range_kept():
    assert two_four_speedup(Dtype.BF16) == 1.67
    assert two_four_range(Dtype.BF16) == (1.54, 1.79)


def test_fp8_has_a_figure_of_its_own_and_the_rest_borrow():
    assert two_four_speedup(Dtype.FP8) == 1.22
    assert two_four_range(Dtype.FP8) == (1.22, 1.79)
    assert two_four_speedup(Dtype.INT8) == two_four_speedup(Dtype.BF16)


def test_no_kernel_was_seen_to_reach_what_the_sheets_print():
    seen = [f.value for path, f in sparsity_sheet().facts.items() if path.startswith("two_four.")]
    assert len(seen) == 4
    assert all(1.0 < value < 2.0 for value in seen)


@pytest.mark.parametrize("name", chip_names())
def test_sparse_units_run_at_most_twice_the_dense_rate(name):
    chip = load_chip(name)
    for dtype in chip.sparse_peaks:
        assert 1.0 < sparse_gain(chip, dtype) < 2.03
        if dtype is Dtype.FP16:
            assert sparse_gain(chip, dtype) == pytest.approx(2.0, rel=0.02)


@pytest.mark.parametrize("name", chip_names())
def test_nvidia_from_ampere_on_and_mi300_have_sparse_units(name):
    chip = load_chip(name)
    from_ampere = {"ampere", "ada", "hopper", "blackwell", "cdna3"}
    dtype = chip.runs(Dtype.BF16)
    expected = chip.architecture is not None and any(
        chip.architecture.startswith(known) for known in from_ampere
    )
    assert (sparse_gain(chip, dtype) is not None) is expected
