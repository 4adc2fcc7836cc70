"""Served models by name."""

from __future__ import annotations

import math

import pytest

from ironlaw.base.errors import DomainError, UnknownNameError
from ironlaw.system.served import serve
from ironlaw.system.served_question import served_tpot, serving


def test_defaults():
    asked = serving("llama-3-8b", "h100-sxm")
    assert (asked.backend.name, asked.concurrency) == ("vllm", 1)
    assert (asked.prompt_len, asked.output_len) == (1024, 1024)
    assert asked.notes == ()


@pytest.mark.parametrize("name", ["concurrency", "isl", "osl", "tp", "ep", "pp"])
@pytest.mark.parametrize("value", [0, -3, 1.5, math.nan, math.inf])
def test_counts_are_whole_and_positive(name, value):
    with pytest.raises(DomainError, match=f"^{name} = "):
        serving("llama-3-8b", "h100-sxm", **{name: value})


def test_wrong_names_are_refused_by_name():
    with pytest.raises(UnknownNameError, match="no backend is named 'tensorrt'"):
        serving("llama-3-8b", "h100-sxm", backend="tensorrt")
    with pytest.raises(UnknownNameError, match="no chip is named"):
        serving("llama-3-8b", "h1000")
    with pytest.raises(UnknownNameError, match="no parameter is named 'batch'"):
        serving("llama-3-8b", "h100-sxm", batch=4)
    with pytest.raises(DomainError, match=r"^model = 'resnet-50' .* makes no tokens"):
        serving("resnet-50", "h100-sxm")
    with pytest.raises(DomainError, match=r"^kv_dtype = 'int4'"):
        serving("llama-3-8b", "h100-sxm", kv_dtype="int4")
    with pytest.raises(DomainError, match=r"^ep = 2 .*no experts"):
        serving("llama-3-8b", "h100-sxm", ep=2)
    with pytest.raises(DomainError, match=r"^tp = 16"):
        serve(serving("llama-3-70b", "h100-sxm", tp=16))


def test_the_framework_chooses_the_cache_and_it_is_said():
    chosen = serving("llama-3-70b", "h100-sxm", dtype="fp8", tp=8, backend="trtllm")
    assert chosen.cache.value == "fp8"
    assert chosen.notes == ("TensorRT-LLM keeps the KV cache in fp8 unless it is told otherwise",)
    told = serving("llama-3-70b", "h100-sxm", dtype="fp8", tp=8, backend="trtllm", kv_dtype="bf16")
    assert (told.cache.value, told.notes) == ("bf16", ())


def test_a_chip_without_fp8_runs_bf16_and_says_so():
    asked = serving("llama-3-8b", "a100-80gb-sxm", dtype="fp8", backend="trtllm")
    assert (asked.weights.value, asked.cache.value) == ("bf16", "bf16")
    assert any("no fp8 arithmetic" in note for note in asked.notes)


def test_a_row_is_answered_with_its_interval_and_the_roofline():
    found = served_tpot("llama-3-8b", "h100-sxm", concurrency=8, backend="sglang")
    assert found.naive < found.low < found.tpot < found.high
    assert found.basis == "h100-sxm"
    assert served_tpot("llama-3-8b", "h100-sxm", concurrency=8).tpot > found.tpot
