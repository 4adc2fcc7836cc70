"""What each family means by its fields, with the counts that publishers state for models outside the registry."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import ConfigError
from ironlaw.registry.models import load_model_card
from ironlaw.workload.huggingface import decoder_from_config

SHAPE = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 12,
    "num_attention_heads": 4,
    "vocab_size": 100,
    "max_position_embeddings": 512,
}


def read(model_type: str, **fields: object):
    return decoder_from_config("x", {**SHAPE, "model_type": model_type, **fields})


def changed(model: str, **fields: object):
    return decoder_from_config("x", {**load_model_card(model).config, **fields})


STARCODER = {
    "model_type": "gpt_bigcode", "n_layer": 40, "n_embd": 6144, "n_inner": 24_576, "n_head": 48,
    "n_positions": 8192, "vocab_size": 49_152, "multi_query": True, "activation_function": "gelu",
}  # fmt: skip
STARCODER2 = {
    "model_type": "starcoder2", "num_hidden_layers": 30, "hidden_size": 3072,
    "intermediate_size": 12_288, "num_attention_heads": 24, "num_key_value_heads": 2,
    "max_position_embeddings": 16_384, "vocab_size": 49_152, "use_bias": True, "sliding_window": 4096,
    "hidden_act": "gelu_pytorch_tanh",
}  # fmt: skip
QWEN_MOE = {
    "model_type": "qwen2_moe", "num_hidden_layers": 24, "hidden_size": 2048,
    "intermediate_size": 5632, "num_attention_heads": 16, "num_key_value_heads": 16,
    "max_position_embeddings": 8192, "vocab_size": 151_936, "num_experts": 60,
    "num_experts_per_tok": 4, "moe_intermediate_size": 1408, "shared_expert_intermediate_size": 5632,
    "max_window_layers": 21, "sliding_window": 32_768, "use_sliding_window": False,
}  # fmt: skip
QWEN2 = {
    "model_type": "qwen2", "num_hidden_layers": 28, "hidden_size": 3584,
    "intermediate_size": 18_944, "num_attention_heads": 28, "num_key_value_heads": 4,
    "max_position_embeddings": 131_072, "vocab_size": 152_064, "max_window_layers": 28,
    "sliding_window": 131_072, "use_sliding_window": False,
}  # fmt: skip
GEMMA2 = {
    "model_type": "gemma2", "num_hidden_layers": 42, "hidden_size": 3584,
    "intermediate_size": 14_336, "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 256,
    "max_position_embeddings": 8192, "vocab_size": 256_000, "sliding_window": 4096,
    "hidden_activation": "gelu_pytorch_tanh", "hidden_act": "gelu_pytorch_tanh",
    "attn_logit_softcapping": 50.0, "final_logit_softcapping": 30.0,
}  # fmt: skip
LITE = {
    "model_type": "deepseek_v2", "num_hidden_layers": 27, "hidden_size": 2048,
    "intermediate_size": 10_944, "num_attention_heads": 16, "num_key_value_heads": 16,
    "max_position_embeddings": 163_840, "vocab_size": 102_400, "q_lora_rank": None,
    "kv_lora_rank": 512, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128,
    "n_routed_experts": 64, "n_shared_experts": 2, "num_experts_per_tok": 6,
    "moe_intermediate_size": 1408, "first_k_dense_replace": 1, "moe_layer_freq": 1,
}  # fmt: skip
KIMI = {
    **load_model_card("deepseek-v3").config, "model_type": "kimi_k2", "num_attention_heads": 64,
    "num_key_value_heads": 64, "vocab_size": 163_840, "n_routed_experts": 384, "first_k_dense_replace": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("config", "total"),
    [
        # sizes of the safetensors files, as the repositories state them
        (STARCODER, 15_517_456_384),
        (STARCODER2, 3_030_371_328),
        (QWEN_MOE, 14_315_784_192),
        (QWEN2, 7_615_616_512),
        (GEMMA2, 9_241_705_984),
        (LITE, 15_706_484_224),
    ],
    ids=["StarCoder", "StarCoder2-3B", "Qwen1.5-MoE-A2.7B", "Qwen2.5-7B", "Gemma-2-9B", "V2-Lite"],
)
def test_models_outside_the_registry_have_their_published_count(config, total):
    assert decoder_from_config("x", config).total_params == total


def test_a_trillion_parameters():
    spec = decoder_from_config("kimi-k2", KIMI)  # 1T in total, 32B active, says its card
    assert spec.total_params == pytest.approx(1.03e12, rel=0.005)
    assert spec.active_params - spec.embedding_params == pytest.approx(32e9, rel=0.02)


@pytest.mark.parametrize("window", [None, 0, "absent"])
def test_without_a_window_every_layer_sees_all(window):
    fields = {} if window == "absent" else {"sliding_window": window}
    if window == 0:
        with pytest.raises(ConfigError, match="sliding_window = 0: must be a whole number from 1"):
            read("mistral", **fields)
        return
    spec = read("mistral", **fields)
    assert (spec.window, spec.windowed_layers, spec.full_layers) == (0, 0, 12)


def test_a_window_holds_in_every_layer():
    spec = read("mistral", sliding_window=32)
    assert (spec.window, spec.windowed_layers) == (32, 12)


@pytest.mark.parametrize(
    ("family", "fields", "layers"),
    [
        ("gemma2", {}, 6),
        ("gemma3_text", {}, 10),  # the 6th and the 12th see all
        ("gemma3_text", {"sliding_window_pattern": 4}, 9),
        ("gemma3_text", {"_sliding_window_pattern": 3}, 8),
        ("gpt_oss", {"num_local_experts": 4, "num_experts_per_tok": 2}, 6),
        ("qwen2", {"use_sliding_window": True, "max_window_layers": 9}, 3),
        ("qwen3", {"use_sliding_window": True, "max_window_layers": 0}, 12),
        ("qwen3", {"use_sliding_window": True}, 0),
        ("qwen2", {"use_sliding_window": False, "max_window_layers": 3}, 0),
    ],
)
def test_windows_alternate_as_the_family_does(family, fields, layers):
    extra = {"num_key_value_heads": 4} if "gemma" in family else {}
    activation = {"hidden_act": "gelu_pytorch_tanh"} if "gemma" in family else {}
    spec = read(family, sliding_window=32, **fields, **extra, **activation)
    assert spec.windowed_layers == layers


def test_the_kinds_of_layers_overrule_the_pattern():
    kinds = ["sliding_attention", "full_attention", "full_attention"] * 4
    assert read("phi3", sliding_window=32, layer_types=kinds).windowed_layers == 4


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"layer_types": ["full_attention"] * 3}, "layer_types", "one for each of the 12 layers"),
        ({"layer_types": ["linear_attention"] * 12}, "layer_types", "must be sliding_attention or"),
        ({"layer_types": "full_attention"}, "layer_types", "must be a list"),
        ({"layer_types": ["sliding_attention"] * 12}, "sliding_window", "12 layers have the type"),
        ({"sliding_window": "4096"}, "sliding_window", "must be a whole number"),
    ],
)
def test_windows_that_have_no_meaning_are_refused(fields, field, message):
    with pytest.raises(ConfigError, match=message) as error:
        read("mistral", **fields)
    assert error.value.field == field


def test_scout_attends_within_chunks_in_three_of_four_layers():
    config = dict(load_model_card("llama-4-scout").config)
    spec = decoder_from_config("x", config)
    assert (spec.window, spec.windowed_layers, spec.n_layers) == (8192, 36, 48)
    assert any("attention_chunk_size 8192" in note for note in spec.notes)
    text = {
        **config["text_config"],
        "layer_types": ["chunked_attention"] * 6 + ["full_attention"] * 42,
    }
    assert decoder_from_config("x", {**config, "text_config": text}).windowed_layers == 6
    text = {**config["text_config"], "no_rope_layers": [1] * 40 + [0] * 8}
    assert decoder_from_config("x", {**config, "text_config": text}).windowed_layers == 40


@pytest.mark.parametrize("layers", [[1] * 47, [1] * 49])
def test_a_layer_more_or_less_than_the_model_has_is_refused(layers):
    config = dict(load_model_card("llama-4-scout").config)
    text = {**config["text_config"], "no_rope_layers": layers}
    with pytest.raises(ConfigError, match="must have one for each of the 48 layers") as error:
        decoder_from_config("x", {**config, "text_config": text})
    assert error.value.field == "text_config.no_rope_layers"


def test_layers_that_do_not_exist_have_no_experts():
    config = dict(load_model_card("llama-4-scout").config)
    text = {**config["text_config"], "moe_layers": [1, 3, 3, 99]}
    spec = decoder_from_config("x", {**config, "text_config": text})
    assert (spec.expert_layers, spec.dense_layers) == (2, 46)


def test_maverick_has_experts_in_every_second_layer():
    config = dict(load_model_card("llama-4-scout").config)
    text = {**config["text_config"], "interleave_moe_layer_step": 2, "num_local_experts": 128}
    spec = decoder_from_config("x", {**config, "text_config": text})
    assert (spec.expert_layers, spec.dense_layers, spec.d_ff) == (24, 24, 16_384)
    # 400B in total and 17B active, says its card; 0.87B of these are the encoder's
    assert spec.total_params == pytest.approx(400e9, rel=0.005)
    assert spec.active_params == pytest.approx(17e9, rel=0.02)


def test_norms_of_heads_without_weights_have_no_parameters():
    spec = decoder_from_config("x", load_model_card("llama-4-scout").config)
    assert spec.qk_norm
    assert not spec.qk_norm_weights


@pytest.mark.parametrize(
    ("model", "fields", "field", "message"),
    [
        ("mixtral-8x7b", {"num_experts_per_tok": 9}, "num_experts_per_tok", "must not exceed the 8"),
        ("mixtral-8x7b", {"num_local_experts": None}, "num_local_experts", "is missing"),
        ("mixtral-8x7b", {"num_local_experts": "8"}, "num_local_experts", "whole number from 1"),
        ("deepseek-v3", {"kv_lora_rank": 0}, "kv_lora_rank", "whole number from 1"),
        ("deepseek-v3", {"v_head_dim": None}, "v_head_dim", "is missing"),
        ("deepseek-v3", {"attention_bias": True}, "attention_bias", "with biases is not modelled"),
        ("qwen3-30b-a3b", {"mlp_only_layers": 3}, "mlp_only_layers", "must be a list"),
        ("qwen3-30b-a3b", {"moe_intermediate_size": -1}, "moe_intermediate_size", "from 1"),
        ("gpt-oss-120b", {"attention_bias": "yes"}, "attention_bias", "true or false"),
        ("llama-4-scout", {"text_config": None}, "text_config", "keeps its decoder there"),
        ("llama-4-scout", {"text_config": []}, "text_config", "must be an object with fields"),
        ("llama-4-scout", {"text_config": {}}, "text_config.num_attention_heads", "is missing"),
        ("gemma-3-27b", {"text_config": {**SHAPE, "vocab_size": 1.5}}, "text_config.vocab_size", "= 1.5"),
    ],
)  # fmt: skip
def test_a_field_without_meaning_is_named(model, fields, field, message):
    with pytest.raises(ConfigError, match=message) as error:
        changed(model, **fields)
    assert error.value.field == field


def test_foreign_names_are_named_as_the_file_has_them():
    with pytest.raises(ConfigError, match="config field n_head = None: is missing") as error:
        decoder_from_config("x", {**STARCODER, "n_head": None})
    assert error.value.field == "n_head"


def test_layers_before_the_first_expert_are_dense():
    spec = changed("deepseek-v3", first_k_dense_replace=10, moe_layer_freq=3)
    assert (spec.expert_layers, spec.dense_layers, spec.d_ff) == (17, 44, 18_432)
    assert changed("deepseek-v3", first_k_dense_replace=61).experts is None


def test_what_the_library_fills_in_is_said():
    spec = decoder_from_config("x", load_model_card("gemma-3-27b").config)
    assert (spec.vocab_size, spec.max_context_len, spec.tied_embeddings) == (262_208, 131_072, True)
    assert any("vocab_size 262208" in note for note in spec.notes)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({**QWEN2, "use_sliding_window": True}, ()),
        (GEMMA2, ("attn_logit_softcapping 50.0", "final_logit_softcapping 30.0")),
        ({**QWEN2, "linear_num_key_heads": 16}, ("linear_num_key_heads 16 is not read",)),
        ({**QWEN2, "num_kv_shared_layers": 0, "index_topk": None}, ()),
        ({**QWEN2, "vision_config": {"depth": 3}}, ("the encoder of vision_config",)),
        ({**QWEN2, "partial_rotary_factor": 1.0}, ()),
        ({**QWEN2, "partial_rotary_factor": 0.75}, ("partial_rotary_factor 0.75",)),
        (KIMI, ("num_nextn_predict_layers 1",)),
    ],
)
def test_what_is_passed_over_and_matters_is_said_and_nothing_else(config, said):
    notes = decoder_from_config("x", config).notes
    assert len(notes) == len(said)
    for note, part in zip(notes, said, strict=True):
        assert part in note
