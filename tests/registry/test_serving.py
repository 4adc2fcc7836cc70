"""Serving frameworks of the registry."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import UnknownNameError
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.serving import (
    backend_names,
    framework_time,
    load_backend,
    served_span,
    serving_sheet,
    usual_cache,
)


@pytest.mark.parametrize("name", backend_names())
def test_every_framework_loads_with_sane_facts(name):
    backend = load_backend(name)
    assert backend.name == name
    assert 0.0 < backend.stall <= 1.0
    assert 0.5 < backend.memory_share < 1.0
    span = served_span(name)
    assert 0.5 < span.low < 1.0 < span.high < 2.0


def test_a_wrong_framework_is_named_with_its_neighbours():
    with pytest.raises(UnknownNameError, match=r"no backend is named 'vlm'; did you mean 'vllm'"):
        load_backend("vlm")


def test_one_constant_is_fitted_to_served_runs():
    fitted = [path for path, fact in serving_sheet().facts.items() if fact.kind == "fitted"]
    assert fitted == ["framework"]
    assert 1e-4 < framework_time() < 1e-3


def test_bf16_weights_have_a_bf16_cache_everywhere():
    for name in backend_names():
        assert usual_cache(load_backend(name), "llama-3.1-70b", Dtype.BF16, 100) is Dtype.BF16


@pytest.mark.parametrize(
    ("backend", "model", "capability", "cache"),
    [
        ("trtllm", "llama-3.1-70b", 90, Dtype.FP8),
        ("trtllm", "qwen3-32b", 90, Dtype.BF16),  # its checkpoint names no format of the cache
        ("vllm", "llama-3.1-70b", 90, Dtype.BF16),
        ("vllm", "llama-3.1-70b", 100, Dtype.FP8),
        ("vllm", "llama-3.1-70b", None, Dtype.BF16),
        ("sglang", "llama-3.1-70b", 100, Dtype.BF16),
    ],
)
def test_the_cache_of_quantised_weights(backend, model, capability, cache):
    assert usual_cache(load_backend(backend), model, Dtype.FP8, capability) is cache
