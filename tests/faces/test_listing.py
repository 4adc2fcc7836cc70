"""What the registry holds, as rows and facts."""

from __future__ import annotations

import pytest

from ironlaw.faces.listing import model_facts, model_overview, model_rows
from ironlaw.registry.facts import sources
from publisher import DECODERS, OWN_MODEL

ROWS = {row["name"]: row for rows in model_overview().values() for row in rows}


def test_every_decoder_has_a_row():
    assert set(DECODERS) <= set(ROWS)


@pytest.mark.parametrize(
    ("model", "cells"),
    [
        ("llama-2-7b", {"attention, window": "MHA 32/32", "experts": "–", "context": "4,096"}),
        ("qwen3-30b-a3b", {"total": "30.53 B", "active": "3.35 B", "experts": "8 of 128"}),
        ("deepseek-v3", {"attention, window": "MLA 128/128", "KV/token": "70.3 kB", "layers": 61}),
        ("gemma-3-27b", {"attention, window": "GQA 32/16, 1,024 in 52"}),
        ("gpt-oss-120b", {"attention, window": "GQA 64/8, 128 in 18", "total": "116.83 B"}),
    ],
)
def test_a_row_says_what_kind_of_model_it_is(model, cells):
    assert {name: ROWS[model][name] for name in cells} == cells


def test_the_rows_of_the_json_are_numbers_in_si_units():
    rows = {row["name"]: row for row in model_rows()}
    assert set(rows) == set(ROWS)
    scout = rows["llama-4-scout"]
    assert (scout["experts"], scout["experts_per_token"], scout["windowed_layers"]) == (16, 1, 36)
    assert rows["llama-3-70b"]["cache_B_per_token"] == 2 * 80 * 8 * 128 * 2  # K and V in 2 B
    assert rows["llama-3-70b"]["window"] is None
    assert rows["resnet-50"]["FLOP_per_sample"] == pytest.approx(8.18e9, rel=0.01)


def test_every_fact_of_a_decoder_has_a_source_that_exists():
    for model in DECODERS:
        for fact in model_facts(model)[1]:
            assert fact.source in sources()
            assert fact.date
            assert fact.where


def test_facts_of_experts_and_latents_are_shown():
    facts = {fact.path: fact.value for fact in model_facts("deepseek-v3")[1]}
    assert facts["config.experts.n_experts"] == 256
    assert facts["config.latent.cache_rank"] == 512
    assert facts["parameters.published_active"] == 36.7e9


def test_a_model_of_ones_own_is_shown_as_such(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(OWN_MODEL, encoding="utf-8")
    title, facts = model_facts(str(path))
    shown = {fact.path: fact for fact in facts}
    assert title == "My model"
    assert shown["parameters.exact"].value == 119_514_112
    assert shown["config.experts.top_k"].value == 2
    assert {fact.source for fact in facts} == {"the file"}
