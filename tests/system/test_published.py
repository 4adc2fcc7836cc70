"""The formats that a model is published in, where nobody asks for others."""

from __future__ import annotations

import json

import pytest

from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.models import load_model_card
from ironlaw.system.question import scenario

BLOCKS = {"quant_method": "fp8", "weight_block_size": [128, 128]}


@pytest.fixture
def published(tmp_path):
    def write(**quantised: object) -> str:
        config = {**load_model_card("llama-3-8b").config, "quantization_config": quantised}
        path = tmp_path / "config.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        return str(path)

    return write


def test_weights_are_in_the_format_that_the_model_is_published_in(published):
    asked = scenario(published(**BLOCKS), "h100-sxm")
    assert asked.weights is Dtype.FP8_BLOCK
    assert any("is published in fp8-block, and the weights are in that" in n for n in asked.notes)


def test_what_is_asked_for_goes_before_what_is_published(published):
    asked = scenario(published(**BLOCKS), "h100-sxm", dtype="bf16")
    assert asked.weights is Dtype.BF16
    assert not any("is published in" in note for note in asked.notes)


def test_a_chip_that_lacks_the_published_format_runs_another_and_says_so(published):
    asked = scenario(published(**BLOCKS), "a100-80gb-sxm")
    assert asked.weights is Dtype.BF16
    assert any("has no fp8-block arithmetic" in note for note in asked.notes)


def test_the_cache_is_in_the_format_that_the_model_is_published_with(published):
    model = published(quant_method="modelopt", quant_algo="FP8", kv_cache_quant_algo="FP8")
    asked = scenario(model, "h100-sxm")
    assert asked.cache is Dtype.FP8
    assert any("published with a fp8 KV cache" in note for note in asked.notes)
    assert scenario(model, "h100-sxm", kv_dtype="bf16").cache is Dtype.BF16


def test_an_alias_brings_its_format():
    assert scenario("nvidia/Llama-3.1-8B-Instruct-FP8", "h100-sxm").weights is Dtype.FP8
    assert scenario("meta-llama/Llama-3.1-8B-Instruct", "h100-sxm").weights is Dtype.BF16
