"""An architecture that nobody translates is told what it resembles and what it lacks."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import ConfigError
from ironlaw.registry.models import load_model_card
from ironlaw.workload.huggingface import FAMILIES, decoder_from_config

SHAPE = {
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "vocab_size": 100,
    "max_position_embeddings": 512,
}


def refusal(config: dict[str, object]) -> str:
    with pytest.raises(ConfigError) as error:
        decoder_from_config("x", config)
    assert error.value.field == "model_type"
    return str(error.value)


def test_the_families_that_can_be_read_are_listed():
    message = refusal({"model_type": "rwkv"})
    for family in FAMILIES:
        assert family in message


@pytest.mark.parametrize(
    ("fields", "family"),
    [
        ({"kv_lora_rank": 512}, "deepseek_v3"),
        ({"n_routed_experts": 160}, "deepseek_v3"),
        ({"interleave_moe_layer_step": 2, "num_local_experts": 4}, "llama4_text"),
        ({"swiglu_limit": 7.0, "num_local_experts": 4}, "gpt_oss"),
        ({"num_local_experts": 8}, "mixtral"),
        ({"num_experts": 8}, "qwen3_moe"),
        ({"num_experts": 8, "shared_expert_intermediate_size": 9}, "qwen2_moe"),
        ({"sliding_window_pattern": 6}, "gemma3_text"),
        ({"query_pre_attn_scalar": 256}, "gemma2"),
        ({"num_key_value_heads": 2}, "llama"),
        ({}, "llama"),
    ],
)
def test_it_resembles_a_family_by_its_fields(fields, family):
    message = refusal({**SHAPE, "model_type": "newcomer", **fields})
    assert "model_type = 'newcomer': must be one of" in message
    assert f"it resembles {family} " in message
    assert f"set model_type to '{family}'" in message


def test_what_is_missing_is_named():
    message = refusal({**SHAPE, "model_type": "newcomer", "kv_lora_rank": 512})
    assert "lacks qk_rope_head_dim, qk_nope_head_dim, v_head_dim, n_routed_experts" in message
    complete = {**load_model_card("deepseek-v3").config, "model_type": "newcomer"}
    assert "has every field that it needs" in refusal(complete)


def test_what_no_family_reads_is_named():
    sparse = {
        **load_model_card("deepseek-v3").config,
        "model_type": "deepseek_v32",
        "index_topk": 2048,
    }
    assert "index_topk, which would need a translation" in refusal(sparse)


def test_nothing_like_a_decoder_resembles_nothing():
    message = refusal({"model_type": "mamba", "state_size": 16, "hidden_size": 64})
    assert "it resembles none of them: num_hidden_layers, intermediate_size" in message
    assert "it also has state_size" in message


def test_the_text_part_of_a_stranger_is_looked_at():
    text = {**SHAPE, "model_type": "strange_text", "num_local_experts": 4}
    assert "resembles mixtral" in refusal({"model_type": "strange", "text_config": text})


def test_taking_the_advice_works():
    config = {**load_model_card("deepseek-v3").config, "model_type": "newcomer"}
    assert "set model_type to 'deepseek_v3'" in refusal(config)
    assert decoder_from_config("x", {**config, "model_type": "deepseek_v3"}).latent is not None


def test_a_field_that_a_family_reads_needs_no_translation():
    """The list of fields that are read is held by the families themselves: none of them notes one as unread."""
    for model in ("qwen3-235b-a22b", "llama-4-scout", "gpt-oss-120b", "mixtral-8x7b", "mistral-7b"):
        config = load_model_card(model).config
        inner = dict(config.get("text_config", config))
        assert not any("is not read" in note for note in decoder_from_config("x", config).notes)
        assert "would need a translation" not in refusal({**inner, "model_type": "newcomer"})
