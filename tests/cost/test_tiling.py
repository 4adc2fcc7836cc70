"""Tile and split as choices: what may be asked, what a GEMM keeps, and that the free choice is the best of all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.cost.gemm import forced_gemm_terms, gemm_terms
from ironlaw.cost.gemm_plan import Waves
from ironlaw.cost.tiling import SPLITS, TILES, Tiling, tiling_named
from ironlaw.registry.calibration import load_calibration
from ironlaw.registry.dtypes import Dtype

LAW = settings(deadline=None, derandomize=True, max_examples=60)
SIZES = st.integers(1, 20_000).map(float)
CHIPS = st.sampled_from(("h100-sxm", "b200-sxm", "a100-80gb-sxm"))


def form(chip, m, n, k, tiling=None, *, single_row=True):
    known = load_calibration(chip)
    rates = (known.reference.peaks[Dtype.BF16], known.reference.bandwidth, known.reference.n_sm)
    constants = known.gemm[Dtype.BF16]
    if not single_row:
        constants = replace(constants, tg=float("inf"))
    asked = {
        "traffic": (2.0 * m * k, 2.0 * n * k, 2.0 * m * n),
        "constants": constants,
        "rates": rates,
    }
    if tiling is None:
        return gemm_terms(m, n, k, **asked)
    return forced_gemm_terms(m, n, k, **asked, tiling=tiling)


def every(k):
    splits = [s for s in SPLITS if s == 1 or k / s >= 256.0]
    return [Tiling(rows=r, columns=c, split=s) for r, c in TILES for s in splits]


@LAW
@given(CHIPS, SIZES, SIZES, SIZES)
def test_the_free_choice_is_the_best_of_all_tiles_and_splits(chip, m, n, k):
    times = [form(chip, m, n, k, tiling).total for tiling in every(k)]
    free = form(chip, m, n, k, single_row=False).total
    assert free == pytest.approx(min(times), rel=1e-12)
    assert form(chip, m, n, k).total <= min(times) * (1 + 1e-12)


@LAW
@given(CHIPS, SIZES, SIZES, SIZES, st.sampled_from(SPLITS))
def test_a_split_that_does_not_fit_becomes_the_largest_that_does(chip, m, n, k, split):
    fits = max(s for s in SPLITS if s == 1 or (s <= split and k / s >= 256.0))
    asked = form(chip, m, n, k, Tiling(rows=64, columns=64, split=split))
    assert asked == form(chip, m, n, k, Tiling(rows=64, columns=64, split=fits))


def test_a_split_matters():
    one, many = (form("h100-sxm", 16.0, 64.0, 8192.0, Tiling(split=s)).total for s in (1, 8))
    assert many < one


@pytest.mark.parametrize("tiling", [Tiling(split=8), Tiling(rows=64, columns=32), Tiling(split=1)])
@pytest.mark.parametrize("axis", ["m", "n", "k"])
def test_arrays_have_the_digits_of_scalars(tiling, axis):
    sizes = {"m": 48.0, "n": 4096.0, "k": 3000.0}
    along = np.array([1.0, 255.0, 511.0, 512.0, 1025.0, 4095.0, 16384.0])
    arrays = form("b200-sxm", **{**sizes, axis: along}, tiling=tiling)
    for i, size in enumerate(along):
        alone = form("b200-sxm", **{**sizes, axis: float(size)}, tiling=tiling)
        assert np.broadcast_to(arrays.total, along.shape)[i] == pytest.approx(
            alone.total, rel=1e-14
        )


@given(st.integers(1, 10**6), st.integers(1, 200))
def test_waves_hold_every_tile_and_the_last_is_not_empty(tiles, n_sm):
    waves = Waves(tiles=tiles, n_sm=n_sm)
    assert (waves.count - 1) * n_sm < tiles <= waves.count * n_sm
    assert 0.0 < waves.last_occupancy <= 1.0
    assert (waves.count - 1 + waves.last_occupancy) * n_sm == pytest.approx(tiles)


@pytest.mark.parametrize(
    ("tile", "split_k", "message"),
    [
        ("128x96", None, "tile = '128x96' is outside the tiles 128x256, 256x128"),
        (128, None, "tile = 128 is outside the tiles"),
        (None, 3, "split_k = 3 is outside the splits 1, 2, 4, 8, 16"),
        (None, True, "split_k = True is outside"),
        (None, 2.0, "split_k = 2.0 is outside"),
    ],
)
def test_what_no_library_has_is_refused_by_name(tile, split_k, message):
    with pytest.raises(DomainError, match=message):
        tiling_named(tile, split_k)
