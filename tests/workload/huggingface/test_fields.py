"""Whatever stands in a file, the answer is a decoder or an error that names a field."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import ConfigError
from ironlaw.registry.models import load_model_card
from ironlaw.workload.huggingface import decoder_from_config
from ironlaw.workload.huggingface.fields import Fields
from ironlaw.workload.spec import DecoderSpec
from publisher import DECODERS

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
ONE_OF_EACH = (
    "deepseek-v3",
    "gemma-3-27b",
    "gpt-oss-120b",
    "llama-4-scout",
    "phi-4",
    "qwen3-30b-a3b",
)


@st.composite
def damaged(draw) -> dict[str, object]:
    """A published configuration, some fields of it replaced by anything that JSON can hold."""
    config = dict(load_model_card(draw(st.sampled_from(ONE_OF_EACH))).config)
    if "text_config" in config and draw(st.booleans()):
        return {**config, "text_config": damage(draw, dict(config["text_config"]))}
    return damage(draw, config)


def damage(draw, config: dict[str, object]) -> dict[str, object]:
    names = st.sampled_from([*sorted(config), "layer_types", "quantization_config", "moe_layers"])
    for name in draw(st.lists(names, min_size=1, max_size=3)):
        config[name] = draw(JSON)
    return config


def outcome(config: dict[str, object]) -> DecoderSpec | ConfigError:
    try:
        return decoder_from_config("x", config)
    except ConfigError as error:
        return error


@settings(max_examples=300, deadline=None)
@given(config=damaged())
def test_a_damaged_file_is_read_or_refused_by_name(config):
    found = outcome(config)
    if isinstance(found, ConfigError):
        assert found.field in str(found)
        return
    assert 0 < found.active_params <= found.total_params
    assert 0 <= found.windowed_layers <= found.n_layers
    assert 0 <= found.expert_layers <= found.n_layers


@settings(max_examples=60, deadline=None)
@given(config=st.dictionaries(st.text(max_size=12), JSON, max_size=6))
def test_anything_else_is_refused_by_its_type(config):
    with pytest.raises(ConfigError) as error:
        decoder_from_config("x", config)
    assert error.value.field == "model_type"


@pytest.mark.parametrize("model", DECODERS)
def test_a_needed_field_that_is_taken_away_is_named(model):
    config = load_model_card(model).config
    inner = config.get("text_config", config)
    for field in ("num_hidden_layers", "hidden_size", "intermediate_size"):
        rest = {name: value for name, value in inner.items() if name != field}
        broken = {**config, "text_config": rest} if "text_config" in config else rest
        with pytest.raises(ConfigError, match=f"{field} = None: is missing"):
            decoder_from_config("x", broken)


def test_a_field_that_was_read_is_remembered():
    fields = Fields({"a": 1, "b": 2, "c": None})
    assert fields.count("a") == 1
    assert not fields.has("c")
    assert list(fields.unread()) == [("b", 2)]
