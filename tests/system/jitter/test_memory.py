"""Memory that a build holds."""

from __future__ import annotations

import pytest

from ironlaw.system.diagnosis import diagnose
from ironlaw.system.jitter.board import Deployment
from ironlaw.system.jitter.memory import held
from ironlaw.system.question import scenario


@pytest.mark.parametrize("level", ["none", "partial", "full"])
def test_the_network_holds_what_its_diagnosis_says(level):
    footprint = diagnose(scenario("pointpillars", "jetson-agx-orin", fusion=level)).footprint
    found = held(Deployment(fused=level))
    assert found.weights + found.activations == float(footprint.total)
    assert found.total == found.weights + found.activations + found.pool


def test_a_static_pool_has_the_largest_shape():
    # 20,000 points of 16 B, voxels, a mask of 8192 × 128 words, 8192 boxes of 450 and 36 B
    by_hand = 320_000 + 16_000 * 32 * 10 * 2 + 8192 * 128 * 8 + 8192 * (450 + 36)
    assert held(Deployment(pool="static")).pool == by_hand
    assert held(Deployment(graph_launch=True)).pool == by_hand


def test_a_caching_pool_rounds_up_to_powers_of_two():
    pool = held(Deployment()).pool
    assert pool == 2**19 + 2**24 + 2**17 + 2**19 + 2**16
