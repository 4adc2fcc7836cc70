"""One pass on a machine whose rates were measured."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.cost.passes import pass_terms

POSITIVE = st.floats(1e-3, 1e12)


def test_arithmetic_overlaps_with_traffic_and_levels_add_up():
    terms = pass_terms(6.0, 2.0, (4.0, 10.0), (4.0, 5.0), 0.5)
    assert (terms.compute, terms.memory, terms.latency) == (3.0, 3.0, 0.5)
    assert terms.total == 3.5


def test_a_pass_without_work_is_its_traffic():
    assert pass_terms(0.0, 1.0, (8.0,), (2.0,)).total == 4.0


def test_a_sweep_equals_its_scalars():
    sizes = np.array([1.0, 2.0, 64.0])
    swept = pass_terms(3.0, 2.0, (sizes, 2.0 * sizes), (4.0, 8.0), 1.0).total
    assert swept.tolist() == [
        pass_terms(3.0, 2.0, (size, 2.0 * size), (4.0, 8.0), 1.0).total for size in sizes.tolist()
    ]


@given(POSITIVE, POSITIVE, POSITIVE, POSITIVE)
def test_twice_the_rates_take_half_the_time(flops, rate, size, bandwidth):
    one = pass_terms(flops, rate, (size,), (bandwidth,)).total
    two = pass_terms(flops, 2.0 * rate, (size,), (2.0 * bandwidth,)).total
    assert two == pytest.approx(one / 2.0)


def test_bytes_without_a_level_and_rates_of_zero_are_refused():
    with pytest.raises(DomainError, match="fetched"):
        pass_terms(1.0, 1.0, (1.0, 1.0), (1.0,))
    with pytest.raises(DomainError, match="bandwidth"):
        pass_terms(1.0, 1.0, (1.0,), (0.0,))
    with pytest.raises(DomainError, match="flop_rate"):
        pass_terms(1.0, 0.0, (1.0,), (1.0,))
