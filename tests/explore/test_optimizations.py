"""What precision, fusion and algorithm did: bars that are diagnoses, shares that no order changes."""

from __future__ import annotations

import math

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.explore.attribution import Means
from ironlaw.explore.optimizations import optimizations
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.drafting import drafting, speculated
from ironlaw.system.question import scenario

ASK = {"tp": 8, "batch": 1, "context": 1024}
DRAFT = drafting("llama-3-8b", 0.8, 4)


def step(**ask):
    return float(diagnose(scenario("llama-3-70b", "h100-sxm", **ASK, **ask)).step)


def test_every_bar_is_a_diagnosis():
    found = optimizations("llama-3-70b", "h100-sxm", DRAFT, **ASK, dtype="fp8", kv_dtype="fp8")
    eager = {"fusion": "none"}
    narrow = {"dtype": "fp8", "kv_dtype": "fp8"}
    whole = speculated("llama-3-70b", "h100-sxm", DRAFT, **ASK, **narrow)
    bars = [step(**eager), step(**eager, **narrow), step(**narrow), float(whole.time_per_token)]
    assert [share.before for share in found.shares] == bars[:-1]
    assert [share.after for share in found.shares] == bars[1:]
    taken = [Means.PRECISION, Means.FUSION, Means.ALGORITHM]
    assert [share.optimization.means for share in found.shares] == taken


def test_shares_make_the_whole():
    found = optimizations("llama-3-70b", "h100-sxm", DRAFT, **ASK, dtype="fp8")
    assert math.prod(s.fair for s in found.shares) == pytest.approx(found.speedup)
    assert found.side("machine") * found.side("algorithm") == pytest.approx(found.speedup)


def test_fusion_hides_what_precision_is_worth():
    """Eager kernels wait for the host: narrower weights gain nothing before they are fused, much after."""
    found = optimizations("llama-3-70b", "h100-sxm", **ASK, dtype="fp8")
    precision, fusion = found.shares
    assert precision.in_order < 1.0 < precision.fair
    assert fusion.fair < fusion.in_order


def test_a_twin_is_an_algorithm():
    twin = {"experts": 8, "top_k": 2, "d_expert": 7168, "routing": "power-law:1"}
    ask = {"batch": 4, "context": 1024}
    found = optimizations("llama-3-8b", "h100-sxm", **ask, **twin)
    assert [share.optimization.means for share in found.shares] == [Means.FUSION, Means.ALGORITHM]
    assert found.shares[1].optimization.label == "8 experts, 2 a token"
    dense, sparse = (
        float(diagnose(scenario("llama-3-8b", "h100-sxm", **ask, **more)).step)
        for more in ({}, twin)
    )
    assert (found.shares[1].before, found.after) == (dense, sparse)


def test_a_twin_over_chips_is_held_against_the_dense_model_on_as_many():
    twin = {"experts": 8, "top_k": 2, "d_expert": 7168}
    found = optimizations("llama-3-8b", "h100-sxm", batch=4, ep=8, **twin)
    dense = diagnose(scenario("llama-3-8b", "h100-sxm", batch=4, tp=8))
    assert found.shares[1].before == float(dense.step)


def test_what_is_not_asked_is_no_change():
    found = optimizations("llama-3-70b", "h100-sxm", **ASK)
    assert [share.optimization.means for share in found.shares] == [Means.FUSION]
    found = optimizations("llama-3-70b", "h100-sxm", DRAFT, **ASK, fusion="none")
    assert [share.optimization.means for share in found.shares] == [Means.ALGORITHM]


def test_a_set_of_ones_own_is_fusion():
    ask = {**ASK, "fusions": ("silu+multiply",)}
    found = optimizations("llama-3-70b", "h100-sxm", **ask)
    assert found.before == step(fusion="none")
    assert "own set" in found.shares[0].optimization.label


def test_a_published_format_is_a_change_of_precision():
    found = optimizations("gpt-oss-120b", "h200-sxm", tp=2, batch=16, context=1024)
    assert found.shares[0].optimization.label == "weights mxfp4"


def test_a_network_has_formats_too():
    found = optimizations("resnet-50", "h100-sxm", batch=64, dtype="fp8")
    taken = [Means.PRECISION, Means.FUSION, Means.ALGORITHM]
    assert [share.optimization.means for share in found.shares] == taken[:2]
    assert all(share.fair > 1.0 for share in found.shares)


def test_nothing_changed_is_refused():
    with pytest.raises(DomainError, match="waterfall"):
        optimizations("llama-3-70b", "h100-sxm", **ASK, fusion="none")


def test_a_network_drafts_nothing():
    with pytest.raises(DomainError, match="tokens"):
        optimizations("resnet-50", "h100-sxm", DRAFT)


def test_a_sparsity_is_an_algorithm_of_its_own_beside_the_draft():
    found = optimizations("llama-3-70b", "h100-sxm", DRAFT, **ASK, sparsity="2:4")
    ids = [share.optimization.id for share in found.shares]
    assert ids == ["fusion", "algorithm:sparsity", "algorithm:draft"]
    assert [s.optimization.means for s in found.shares[1:]] == [Means.ALGORITHM, Means.ALGORITHM]
    bars = [step(fusion="none"), step(), step(sparsity="2:4")]
    assert [share.before for share in found.shares] == bars
    whole = speculated("llama-3-70b", "h100-sxm", DRAFT, **ASK, sparsity="2:4")
    assert found.after == float(whole.time_per_token)
    both = found.shares[1].fair * found.shares[2].fair
    assert found.side("algorithm") == pytest.approx(both)


def test_the_sparsity_of_a_network_is_a_change():
    found = optimizations("pointpillars", "jetson-agx-orin", dtype="int8", sparsity="2:4")
    ids = [share.optimization.id for share in found.shares]
    assert ids == ["precision", "fusion", "algorithm:sparsity"]
    assert found.shares[-1].optimization.label == "sparsity 2:4"
    assert found.shares[-1].fair > 1.0
