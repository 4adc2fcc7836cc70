"""Collectives: volumes, protocols and the reference predictions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dossier
from ironlaw.base.errors import DomainError
from ironlaw.cost.collective import (
    all_gather_volume,
    all_reduce_volume,
    collective_terms,
    faster,
)
from ironlaw.cost.iron_law import TimeTerms
from ironlaw.registry.calibration import load_calibration
from ironlaw.registry.constants import CollectiveConstants
from silicon_names import CALIBRATED

LAW = settings(deadline=None, derandomize=True, max_examples=60)
LINKED = [chip for chip in CALIBRATED if load_calibration(chip).reference.link_bandwidth]
PLAIN = CollectiveConstants(e=0.8, a=5e-6, an=1e-6, el=0.2, as_=20e-6, en=1.0)


def test_volumes_by_hand():
    assert all_reduce_volume(1e6, 4) == 1.5e6  # 2 · 3/4
    assert all_gather_volume(1e6, 4) == 0.75e6
    assert all_reduce_volume(1e6, 1) == 0.0


def test_small_messages_take_the_quick_protocol():
    # 5 + 3·1 us to start; 2 kB at 0.2 · 1 GB/s are 10 us, at 0.8 2.5 us but 20 us later
    terms = collective_terms(2000.0, 4, constants=PLAIN, link_bandwidth=1e9)
    assert terms.link == pytest.approx(10e-6)
    assert terms.latency == pytest.approx(8e-6)


def test_large_messages_take_the_wide_protocol():
    terms = collective_terms(2e6, 4, constants=PLAIN, link_bandwidth=1e9)
    assert terms.link == pytest.approx(2.5e-3)
    assert terms.latency == pytest.approx(28e-6)


def test_each_doubling_of_the_ranks_gains_the_same():
    # e(n) = e · en^log2(n/2): 0.4 at two ranks, 0.2 at four, 0.1 at eight
    constants = replace(PLAIN, e=0.4, en=0.5, el=1e-9)
    links = [
        collective_terms(1e6, ranks, constants=constants, link_bandwidth=1e9).link
        for ranks in (2, 4, 8)
    ]
    assert links == pytest.approx([2.5e-3, 5e-3, 10e-3])


def test_reference_predictions_are_reproduced(reference_rows, shared):
    data = dossier.constants(shared)
    for row in reference_rows("allreduce.csv"):
        ranks, size = int(row["n_gpus"]), float(row["bytes"])
        volume_of = all_reduce_volume if row["collective"] == "all_reduce" else all_gather_volume
        constants = dossier.collective(data["comm"][row["constants_key"]])
        link, volume = data["link_Bps"][row["gpu"]], volume_of(size, ranks)
        terms = collective_terms(volume, ranks, constants=constants, link_bandwidth=link)
        assert terms.total == pytest.approx(float(row["t_model_s"]), rel=1e-4), row


@given(
    st.sampled_from(LINKED),
    st.sampled_from([2, 4, 8]),
    st.lists(st.floats(1.0, 1e10), min_size=1, max_size=5),
)
@LAW
def test_a_sweep_equals_its_scalars(chip, ranks, sizes):
    known = load_calibration(chip)

    def terms(volume):
        found = [
            collective_terms(
                volume, ranks, constants=c, link_bandwidth=known.reference.link_bandwidth
            )
            for c in known.all_reduce.values()
        ]
        return faster(*found).total if len(found) > 1 else found[0].total

    assert terms(np.array(sizes)).tolist() == [terms(size) for size in sizes]


@given(st.floats(1.0, 1e10), st.floats(1.0, 1e10), st.sampled_from([2, 4, 8]))
@LAW
def test_more_bytes_never_take_less_time(one, other, ranks):
    small, large = sorted((one, other))
    times = [
        collective_terms(volume, ranks, constants=PLAIN, link_bandwidth=1e9).total
        for volume in (small, large)
    ]
    assert times[0] <= times[1] * (1 + 1e-12)


@given(st.floats(1.0, 1e10), st.sampled_from([2, 4, 8]), st.sampled_from([0.5, 4.0]))
@LAW
def test_time_scales_with_its_unit(volume, ranks, unit):
    longer = replace(PLAIN, a=PLAIN.a * unit, an=PLAIN.an * unit, as_=PLAIN.as_ * unit)
    time = collective_terms(volume, ranks, constants=PLAIN, link_bandwidth=1e9).total
    slowed = collective_terms(volume, ranks, constants=longer, link_bandwidth=1e9 / unit).total
    assert slowed == pytest.approx(time * unit, rel=1e-12)


def test_the_faster_of_two_element_by_element():
    one = TimeTerms(link=np.array([1.0, 9.0]), latency=1.0)
    other = TimeTerms(link=np.array([2.0, 2.0]), latency=3.0)
    assert faster(one, other).total.tolist() == [2.0, 5.0]
    assert faster(one, other).latency.tolist() == [1.0, 3.0]


def test_one_chip_alone_has_no_collective():
    # e(n) is defined from two ranks; log2(1/2) is below the exponents that the power takes
    with pytest.raises(DomainError, match="ranks"):
        collective_terms(1e6, 1, constants=PLAIN, link_bandwidth=1e9)
