"""Fusion or precision: the dossier's points, limits and refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.cost.fusion_rule import precision_share, spared_share

DRAM, SAVED = 40e-12, 0.8e-12  # J/B; J/FLOP of fp16 against int8 on the glasses


@pytest.mark.parametrize(("macs_a_byte", "share"), [(1.0, 0.54), (5.0, 0.70), (12.5, 1.0)])
def test_the_dossier_s_points(macs_a_byte, share):
    assert precision_share(2.0 * macs_a_byte, SAVED, DRAM) == pytest.approx(share)


def test_without_arithmetic_half_the_bytes_are_the_line():
    assert precision_share(0.0, SAVED, DRAM) == 0.5
    assert precision_share(0.0, SAVED, DRAM, 4e-12) == pytest.approx(0.55)


@given(
    traffic=st.floats(1.0, 1e9),
    share=st.floats(0.0, 1.0),
    intensity=st.floats(0.0, 100.0),
    near=st.floats(0.0, 1e-11),
)
@settings(deadline=None, derandomize=True)
def test_the_line_is_where_both_save_the_same(traffic, share, intensity, near):
    fusion = share * traffic * DRAM
    precision = traffic * (DRAM / 2.0 + intensity * SAVED + near / 2.0)
    line = precision_share(intensity, SAVED, DRAM, near)
    if abs(share - line) > 1e-9:
        assert (fusion > precision) is (spared_share(share * traffic, traffic) > line)


def test_a_sweep_is_its_scalars_and_units_cancel():
    swept = precision_share(np.array([1.0, 2.0]), SAVED, DRAM)
    assert swept.tolist() == [precision_share(1.0, SAVED, DRAM), precision_share(2.0, SAVED, DRAM)]
    assert precision_share(3.0, 1e3 * SAVED, 1e3 * DRAM) == pytest.approx(
        precision_share(3.0, SAVED, DRAM)
    )


def test_refusals():
    with pytest.raises(DomainError, match="byte_energy"):
        precision_share(1.0, SAVED, 0.0)
    with pytest.raises(DomainError, match="traffic"):
        spared_share(1.0, 0.0)
    with pytest.raises(DomainError, match="spared"):
        spared_share(3.0, 2.0)
