"""The importer of config.json names the field that it cannot translate."""

from __future__ import annotations

import json

import pytest

from ironlaw.base.errors import ConfigError
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.models import load_model_card
from ironlaw.system.question import load_decoder
from ironlaw.workload.huggingface import decoder_from_config

PUBLISHED = dict(load_model_card("llama-3-70b").config)
COUNTS = (
    "num_hidden_layers",
    "hidden_size",
    "intermediate_size",
    "num_attention_heads",
    "vocab_size",
    "max_position_embeddings",
)


def translated(**changes):
    config = {**PUBLISHED, **changes}
    return decoder_from_config("mine", {k: v for k, v in config.items() if v != "absent"})


def test_the_published_configuration_is_translated():
    spec = translated()
    assert (spec.n_layers, spec.d_model, spec.d_ff) == (80, 8192, 28_672)
    assert (spec.n_heads, spec.n_kv_heads, spec.d_head) == (64, 8, 128)
    assert (spec.vocab_size, spec.max_context_len) == (128_256, 8192)
    assert (spec.tied_embeddings, spec.dtype) == (False, Dtype.BF16)


@pytest.mark.parametrize("field", COUNTS)
@pytest.mark.parametrize("value", ["absent", None, -1, 0, "4096", 4096.0, True, [8]])
def test_each_malformed_count_is_named(field, value):
    with pytest.raises(ConfigError, match=f"config field {field} = .*whole number from 1") as error:
        translated(**{field: value})
    assert error.value.field == field


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"model_type": "absent"}, "model_type", "must be one of llama"),
        ({"model_type": "gpt2"}, "model_type", "= 'gpt2': must be one of llama"),
        ({"model_type": ["llama"]}, "model_type", "must be one of llama"),
        ({"hidden_act": "gelu"}, "hidden_act", "= 'gelu': must be one of silu, swish"),
        ({"attention_bias": 1}, "attention_bias", "must be true or false"),
        ({"mlp_bias": "yes"}, "mlp_bias", "must be true or false"),
        ({"num_attention_heads": 60}, "hidden_size", "= 8192: must be a multiple of 60 heads"),
        (
            {"num_attention_heads": 60, "num_key_value_heads": 12, "head_dim": None},
            "hidden_size",
            "= 8192: must be a multiple of 60 heads",
        ),
        ({"num_key_value_heads": 7}, "num_key_value_heads", "must divide the 64 attention heads"),
        ({"num_key_value_heads": 128}, "num_key_value_heads", "must divide the 64"),
        ({"num_key_value_heads": -8}, "num_key_value_heads", "= -8: must be a whole number"),
        ({"head_dim": "128"}, "head_dim", "= '128': must be a whole number"),
        ({"tie_word_embeddings": "no"}, "tie_word_embeddings", "must be true or false"),
        ({"torch_dtype": "int3"}, "torch_dtype", "= 'int3': must be one of bfloat16"),
        ({"torch_dtype": 16}, "torch_dtype", "= 16: must be one of"),
    ],
    ids=lambda value: (
        "+".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else None
    ),
)
def test_each_other_malformed_field_is_named(changes, field, message):
    with pytest.raises(ConfigError, match=message) as error:
        translated(**changes)
    assert error.value.field == field


@pytest.mark.parametrize("heads", [None, "absent"])
def test_without_key_value_heads_none_are_shared(heads):
    assert translated(num_key_value_heads=heads).n_kv_heads == 64


def test_a_head_width_of_its_own_is_kept():
    assert translated(head_dim=96).d_head == 96


def test_a_file_of_ones_own_is_read_by_path(tmp_path):
    folder = tmp_path / "my-model"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(PUBLISHED), encoding="utf-8")
    spec = load_decoder(str(folder / "config.json"))
    assert (spec.name, spec.total_params) == ("my-model", 70_553_706_496)
