"""Sparsities over shares and batches."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.explore.sparsities import sparsity_curve, sparsity_over_batch
from ironlaw.system.sparsity import sparsified

MODEL, CHIP = "llama-3-8b", "h100-sxm"


def test_a_point_is_the_step_itself():
    (point,) = sparsity_curve(MODEL, CHIP, ("2:4",), batch=8)
    step = sparsified(MODEL, CHIP, sparsity="2:4", batch=8)
    assert (point.name, point.share, point.batch) == ("2:4", 0.5, 8)
    assert point.speedup == step.speedup
    assert point.joules_ratio == step.joules_ratio
    assert point.feasible
    assert point.bound == "memory"


def test_more_zeros_never_move_more_bytes():
    names = tuple(f"unstructured:{share}" for share in (0.1, 0.3, 0.5, 0.7, 0.9))
    points = sparsity_curve(MODEL, CHIP, names)
    assert [p.weights_ratio for p in points] == sorted(
        (p.weights_ratio for p in points), reverse=True
    )
    assert [p.speedup for p in points] == sorted(p.speedup for p in points)


def test_a_gain_by_bytes_vanishes_with_the_batch():
    points = sparsity_over_batch(MODEL, CHIP, "contextual:0.9", (1, 8, 64))
    assert [p.batch for p in points] == [1, 8, 64]
    assert points[0].speedup > 1.8 > points[1].speedup > 1.0 > points[2].speedup


def test_a_network_has_points_too():
    (point,) = sparsity_curve("pointpillars", "jetson-agx-orin", ("2:4",), dtype="fp16")
    assert 1.1 < point.speedup < 1.67


def test_nothing_left_out_is_refused():
    with pytest.raises(DomainError, match="sparsity"):
        sparsity_curve(MODEL, CHIP, ("unstructured:0",))
