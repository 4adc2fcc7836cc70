"""Models: published configurations against published and exact parameter counts."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import ConfigError, UnknownNameError
from ironlaw.registry.models import load_model_card, model_names
from ironlaw.system.question import load_decoder


def test_both_models_are_there():
    assert {"llama-3-70b", "llama-3-8b"} <= set(model_names())


@pytest.mark.parametrize("model", model_names())
def test_parameters_meet_the_card(model):
    sheet = load_model_card(model).sheet
    parameters = load_decoder(model).total_params
    assert parameters == sheet.number("parameters.exact")
    assert parameters == pytest.approx(sheet.number("parameters.published"), rel=0.01)
    assert sheet.fact("parameters.published").kind == "published"


def test_the_published_configuration_is_kept_as_it_was():
    config = load_model_card("llama-3-70b").config
    assert config["model_type"] == "llama"
    assert (config["num_hidden_layers"], config["num_key_value_heads"]) == (80, 8)


@pytest.mark.parametrize(
    ("written", "near"), [("llama-3-70", "llama-3-70b"), ("Llama_3_8B", "llama-3-8b")]
)
def test_unknown_models_are_offered_the_nearest(written, near):
    with pytest.raises(UnknownNameError, match="no model is named") as error:
        load_model_card(written)
    assert error.value.near[0] == near


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b'{"model_type": ', "config field file = 'line 1': not JSON: Expecting value"),
        (b'{\n "a": 1,\n}', "config field file = 'line [23]': not JSON"),
        (b"[1, 2]", "config field file = 'list': must hold one JSON object"),
        (b"null", "must hold one JSON object"),
        (b"", "not JSON"),
        (b'{"a": "\xff\xfe"}', "config field file"),
    ],
    ids=["cut off", "comma", "list", "null", "empty", "not UTF-8"],
)
def test_a_broken_file_is_refused(tmp_path, text, message):
    path = tmp_path / "config.json"
    path.write_bytes(text)
    with pytest.raises(ConfigError, match=message):
        load_model_card(str(path))


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(ConfigError, match=r"nowhere/config\.json.*there is no such file"):
        load_model_card("nowhere/config.json")
