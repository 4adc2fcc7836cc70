"""What stays in the memory of a chip, and what does not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario

LAW = settings(deadline=None, derandomize=True, max_examples=40)


def answer(model="llama-3-70b", chip="h100-sxm", **asked):
    return diagnose(scenario(model, chip, **asked))


@pytest.mark.parametrize(
    ("model", "parameters"), [("llama-3-70b", 70_553_706_496), ("llama-3-8b", 8_030_261_248)]
)
@pytest.mark.parametrize("phase", ["prefill", "decode"])
@pytest.mark.parametrize("fusion", ["none", "partial", "full"])
def test_all_parameters_are_resident(model, parameters, phase, fusion):
    found = answer(model, batch=1, context=16, phase=phase, fusion=fusion)
    assert found.footprint.weights == 2 * parameters


def test_tied_embeddings_are_resident_once():
    asked = scenario("llama-3-8b", "h100-sxm", batch=1, context=16)
    tied = replace(asked.spec, tied_embeddings=True)
    found = diagnose(replace(asked, spec=tied))
    assert found.footprint.weights == 2 * tied.total_params


def test_chips_share_the_matrices_and_repeat_the_norms():
    norms = 161 * 8192  # two a layer and the last one
    found = answer(batch=1, context=16, tp=8)
    assert found.footprint.weights == 2 * ((70_553_706_496 - norms) / 8 + norms)


@pytest.mark.parametrize("fusion", ["none", "partial", "full"])
@pytest.mark.parametrize(("kv_dtype", "per_token"), [("bf16", 327_680), ("fp8", 163_840)])
def test_the_cache_of_a_batch(fusion, kv_dtype, per_token):
    found = answer(batch=16, context=8192, tp=8, fusion=fusion, kv_dtype=kv_dtype)
    assert found.footprint.cache == per_token * 16 * 8192 / 8


def test_a_model_that_does_not_fit_is_an_answer():
    found = answer(batch=1, context=4096)
    missing = 2 * 70_553_706_496 + 327_680 * 4096 - 80e9
    # 62.4 GB too much for weights and cache, and a few MB of activations
    assert found.spare < -missing
    assert found.spare == pytest.approx(-missing, rel=1e-3)
    assert found.step > 0.0


def test_eager_scores_of_a_long_prompt_outgrow_the_chip():
    found = answer(batch=1, context=16_384, phase="prefill", fusion="none")
    # bf16 and fp32 scores: 64 heads · 16384² · 6 B = 103 GB
    assert found.footprint.activations >= 64 * 16_384 * 16_384 * 6 > 103e9


@pytest.mark.parametrize("context", [8192, 16_384])
def test_flash_attention_keeps_no_scores(context):
    found = answer(batch=1, context=context, phase="prefill", fusion="full")
    assert found.footprint.activations < 64 * context * context


@given(st.integers(1, 128), st.integers(1, 8192), st.sampled_from(["prefill", "decode"]))
@LAW
def test_more_fusion_never_keeps_more(batch, context, phase):
    none, partial, full = (
        float(answer(batch=batch, context=context, tp=8, phase=phase, fusion=f).footprint.total)
        for f in ("none", "partial", "full")
    )
    assert full <= partial <= none


def test_a_concatenated_cache_exists_twice_in_its_layer():
    eager, static = (
        answer(batch=64, context=8192, tp=8, fusion=f).footprint.activations
        for f in ("none", "partial")
    )
    one_tensor = 64 * 8192 * 128 * 2  # K of a layer on one chip
    expanded = 2 * 8 * one_tensor
    assert static >= expanded
    assert eager >= expanded
    assert eager - static < 2.1 * one_tensor


def test_the_total_is_its_parts():
    found = answer(batch=4, context=512, tp=4).footprint
    assert found.total == found.weights + found.cache + found.activations
