"""What a mode keeps of a growing power."""

from __future__ import annotations

import math

import pytest
from scipy.integrate import quad

from ironlaw.base.errors import DomainError
from ironlaw.system.thermal.exponential import moments


@pytest.mark.parametrize("rate", [0.0, 1e-9, 0.3, 1.0, 2.5, 7.99, 8.0, 8.01, 30.0, 400.0])
def test_moments_are_the_integrals(rate):
    for q, found in enumerate(moments(rate, 8)):
        low = max(1.0 - 60.0 / max(rate, 1.0), 0.0)
        wanted, _ = quad(lambda u, q=q: math.exp(-rate * (1.0 - u)) * u**q, low, 1.0, epsabs=1e-15)
        assert found == pytest.approx(wanted, rel=1e-12)


def test_a_rate_below_zero_is_refused():
    with pytest.raises(DomainError, match=r"rate = -1\.0"):
        moments(-1.0, 2)
