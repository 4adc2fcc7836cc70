"""The format of the weights that a configuration names."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import ConfigError
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.models import load_model_card
from ironlaw.workload.huggingface import decoder_from_config
from ironlaw.workload.spec import Quantised


def read(quantised: object, model: str = "llama-3-8b"):
    config = {**load_model_card(model).config, "quantization_config": quantised}
    return decoder_from_config("x", config)


def compressed(weights: object, **fields: object) -> dict[str, object]:
    groups = {"group_0": {"weights": weights, "targets": ["Linear"]}}
    return {"quant_method": "compressed-tensors", "config_groups": groups, **fields}


@pytest.mark.parametrize(
    ("config", "weights"),
    [
        ({"quant_method": "fp8", "weight_block_size": [128, 128]}, Dtype.FP8_BLOCK),
        ({"quant_method": "fp8", "activation_scheme": "static"}, Dtype.FP8),
        ({"quant_method": "fbgemm_fp8", "activation_scale_ub": 1200.0}, Dtype.FP8),
        ({"quant_method": "awq", "bits": 4, "group_size": 128}, Dtype.INT4),
        ({"quant_method": "awq", "w_bit": 4}, Dtype.INT4),
        ({"quant_method": "gptq", "bits": 4, "desc_act": True}, Dtype.INT4),
        ({"quant_method": "modelopt", "quant_algo": "FP8"}, Dtype.FP8),
        ({"quant_method": "modelopt", "quant_algo": "NVFP4"}, Dtype.NVFP4),
        (compressed({"num_bits": 8, "type": "float", "strategy": "channel"}), Dtype.FP8),
        (compressed({"num_bits": 8, "type": "float", "strategy": "block"}), Dtype.FP8_BLOCK),
        (compressed({"num_bits": 8, "type": "int", "strategy": "channel"}), Dtype.INT8),
        (compressed({"num_bits": 4, "type": "int", "group_size": 128}), Dtype.INT4),
        (compressed({"num_bits": 4, "type": "float", "group_size": 16}), Dtype.NVFP4),
        (compressed({"num_bits": 4, "type": "float", "group_size": 32}), Dtype.MXFP4),
    ],
)
def test_each_method_has_its_format(config, weights):
    spec = read(config)
    assert spec.quantised == Quantised(weights=weights)
    assert spec.notes == ()


def test_only_the_experts_of_mxfp4_are_quantised():
    spec = decoder_from_config("x", load_model_card("gpt-oss-120b").config)
    assert spec.quantised == Quantised(weights=Dtype.MXFP4, experts_only=True)


@pytest.mark.parametrize(
    "asked",
    [{"kv_cache_quant_algo": "FP8"}, {"kv_cache_scheme": {"num_bits": 8, "type": "float"}}],
)
def test_the_cache_is_as_published(asked):
    spec = read({"quant_method": "modelopt", "quant_algo": "NVFP4", **asked})
    assert spec.quantised.cache is Dtype.FP8


@pytest.mark.parametrize(
    "config",
    [
        {"quant_method": "bitsandbytes", "load_in_4bit": True},
        {"quant_method": "gptq", "bits": 3},
        {"quant_method": "modelopt", "quant_algo": "W4A8_MXFP4"},
        {"quant_method": "compressed-tensors"},
        {"bits": 4},
        compressed({"num_bits": 2, "type": "int"}),
        compressed({"num_bits": 4, "type": "float", "group_size": 64}),
        compressed(None),
    ],
)
def test_a_format_that_is_not_modelled_is_said_aloud(config):
    spec = read(config)
    assert spec.quantised is None
    assert len(spec.notes) == 1
    assert "is not modelled: the weights are taken in bf16" in spec.notes[0]


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ("fp8", "quantization_config"),
        ({"quant_method": 8}, "quantization_config.quant_method"),
        ({"quant_method": "gptq", "bits": "four"}, "quantization_config.bits"),
        ({"quant_method": "awq"}, "quantization_config.bits"),
        (compressed({"type": "int"}), "quantization_config.config_groups.group_0.weights.num_bits"),
        (compressed({"num_bits": 8, "type": "posit"}), "quantization_config.config_groups.group_0.weights.type"),
        (compressed({"num_bits": 8}, ignore="lm_head"), "quantization_config.ignore"),
    ],
)  # fmt: skip
def test_a_field_without_meaning_is_named(config, field):
    with pytest.raises(ConfigError) as error:
        read(config)
    assert error.value.field == field


def test_matrices_that_stay_as_they_were_are_said():
    kept = ["lm_head", "re:.*self_attn.*", "re:.*shared_experts.*"]
    spec = read(compressed({"num_bits": 8, "type": "float"}, ignore=kept))
    assert spec.notes == (
        "quantization_config keeps re:.*self_attn.* and 1 more as they were: "
        "here all matrices of the layers are in fp8",
    )
    assert read(compressed({"num_bits": 8, "type": "float"}, ignore=["lm_head"])).notes == ()


def test_the_text_part_may_name_the_format():
    config = dict(load_model_card("llama-4-scout").config)
    fp8 = {"quant_method": "fp8"}
    outer = decoder_from_config("x", {**config, "quantization_config": fp8})
    text = {**config["text_config"], "quantization_config": fp8}
    inner = decoder_from_config("x", {**config, "text_config": text})
    assert outer.quantised == inner.quantised == Quantised(weights=Dtype.FP8)
