"""Levels found in sweeps; no size is assumed."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.system.probe.plateaus import SweepPoint, plateaus

MIB = 2.0**20


def sweep(rates):
    return [SweepPoint(MIB * 2.0**i, rate) for i, rate in enumerate(rates)]


def test_two_caches_and_a_memory():
    found = plateaus(sweep([400.0, 400.0, 200.0, 200.0, 200.0, 50.0, 50.0]))
    assert [level.bandwidth for level in found] == [400.0, 200.0, 50.0]
    assert [level.last / MIB for level in found] == [2.0, 16.0, 64.0]


def test_a_slope_between_two_plateaus_is_no_level():
    found = plateaus(sweep([90.0, 92.0, 91.0, 55.0, 30.0, 31.0]))
    assert [level.bandwidth for level in found] == [91.0, 30.5]
    assert found[0].last == 4.0 * MIB


def test_a_dip_inside_a_plateau_does_not_cut_it():
    found = plateaus(sweep([90.0, 20.0, 91.0, 90.0, 30.0, 30.0]))
    assert [level.last / MIB for level in found] == [8.0, 32.0]
    assert found[0].bandwidth == 90.0


def test_the_slope_into_the_memory_does_not_cut_the_memory_in_two():
    found = plateaus(sweep([92.0, 92.0, 70.0, 41.5, 34.0, 33.0, 31.0, 30.5]))
    assert [level.bandwidth for level in found] == [92.0, 32.0]
    assert found[-1].first == 16.0 * MIB


@pytest.mark.parametrize("slope", [85.0, 75.0, 70.0, 60.0, 50.0])
def test_how_steep_the_slope_is_moves_no_border(slope):
    """A cache that is a little faster in its first sets stays one cache, of the same size in every session."""
    rates = [104.0, 108.0, 107.0, 91.0, 92.0, 93.0, 92.0, 0.9 * slope, 36.0, 33.0, 31.0, 30.5]
    found = plateaus(sweep(rates))
    assert [level.last / MIB for level in found] == [64.0, 2048.0]
    assert found[0].bandwidth == 93.0


def test_a_flat_machine_has_one_level():
    found = plateaus(sweep([30.0, 31.0, 29.0]))
    assert len(found) == 1
    assert found[0].bandwidth == 30.0


def test_the_last_point_is_the_memory_even_alone():
    assert [level.bandwidth for level in plateaus(sweep([90.0, 90.0, 20.0]))] == [90.0, 20.0]


def test_the_scale_of_rates_changes_no_border():
    rates = [400.0, 390.0, 210.0, 200.0, 120.0, 50.0, 51.0]
    one, many = plateaus(sweep(rates)), plateaus(sweep([1e9 * rate for rate in rates]))
    assert [(a.first, a.last) for a in one] == [(b.first, b.last) for b in many]


@pytest.mark.parametrize("points", [[], [SweepPoint(2.0, 1.0), SweepPoint(1.0, 1.0)]])
def test_sizes_that_do_not_rise_are_refused(points):
    with pytest.raises(DomainError, match="points"):
        plateaus(points)
