"""Arithmetic that serves a scalar and a sweep alike."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.base.number import (
    ceil,
    clip,
    everywhere,
    floor,
    is_scalar,
    maximum,
    minimum,
    require_count,
    require_positive,
    square_root,
    summed,
    where,
)

LAW = settings(deadline=None, derandomize=True, max_examples=50)
NUMBERS = st.floats(-1e15, 1e15)
MANY = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=8)


@given(MANY)
@LAW
def test_a_sweep_equals_its_scalars(pairs):
    first, second = (np.array(column) for column in zip(*pairs, strict=True))
    for formula in (maximum, minimum):
        assert formula(first, second).tolist() == [formula(a, b) for a, b in pairs]
        assert formula(first, 1.0).tolist() == [formula(a, 1.0) for a, _ in pairs]
    assert ceil(first).tolist() == [ceil(a) for a, _ in pairs]
    assert clip(first, -1.0, 1.0).tolist() == [clip(a, -1.0, 1.0) for a, _ in pairs]
    chosen = where(first > second, first, 0.0)
    assert chosen.tolist() == [where(a > b, a, 0.0) for a, b in pairs]


def test_scalars_by_hand():
    assert (maximum(1.0, 2.0), minimum(1.0, 2.0)) == (2.0, 1.0)
    assert (ceil(1.0), ceil(1.000001), ceil(-1.5)) == (1.0, 2.0, -1.0)
    assert (clip(5.0, 0.0, 1.0), clip(-5.0, 0.0, 1.0), clip(0.5, 0.0, 1.0)) == (1.0, 0.0, 0.5)
    assert (where(True, 1.0, 2.0), where(False, 1.0, 2.0)) == (1.0, 2.0)


def test_a_ceiling_is_a_float():
    assert isinstance(ceil(1), float)
    assert isinstance(ceil(1.2), float)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (True, True),
        (False, False),
        (np.array([1.0, 2.0]) > 0, True),
        (np.array([1, -1]) > 0, False),
    ],
)
def test_everywhere(condition, holds):
    assert everywhere(condition) is holds


def test_what_is_a_scalar():
    assert is_scalar(1)
    assert is_scalar(np.float64(1.0))
    assert not is_scalar(np.array([1.0]))
    assert not is_scalar("1")


def test_a_sum_is_a_loop():
    # a compensated sum, such as that of Python 3.12, gives 0.6
    assert summed([0.1, 0.2, 0.3]) == (0.1 + 0.2) + 0.3 != 0.6
    assert summed([]) == 0.0
    assert np.array_equal(summed([np.array([0.1, 1.0]), 0.2]), [0.1 + 0.2, 1.2])


@pytest.mark.parametrize(
    "value", [0.0, -1.0, math.nan, math.inf, np.array([1.0, 0.0]), np.array([math.inf])]
)
def test_a_rate_has_to_be_positive_and_finite(value):
    with pytest.raises(DomainError, match=r"bandwidth = .* is outside \(0, ∞\)"):
        require_positive("bandwidth", value)


@pytest.mark.parametrize("value", [1e-300, 1, np.array([0.5, 2.0])])
def test_positive_numbers_pass(value):
    require_positive("bandwidth", value)


@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        1.5,
        math.nan,
        math.inf,
        True,
        np.array([1.0, 1.5]),
        np.array([0.0]),
        np.array([math.nan]),
        np.array([math.inf]),
    ],
)
def test_a_count_is_a_whole_number_from_1(value):
    with pytest.raises(DomainError, match=r"batch = .* is outside the whole numbers from 1"):
        require_count("batch", value)


@pytest.mark.parametrize("value", [1, 4096.0, np.array([1.0, 2.0]), np.array([3])])
def test_counts_pass(value):
    require_count("batch", value)


def test_scalars_need_no_third_party_package():
    code = (
        "import sys; from ironlaw.system.diagnosis import diagnose;"
        "from ironlaw.system.question import scenario;"
        "diagnose(scenario('llama-3-70b', 'h100-sxm', tp=8)); print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_floor_and_square_root():
    assert (floor(1.9), floor(-1.1), square_root(2.25)) == (1.0, -2.0, 1.5)
    assert list(floor(np.array([1.9, 2.0]))) == [1.0, 2.0]
    assert list(square_root(np.array([4.0, 2.25]))) == [2.0, 1.5]
