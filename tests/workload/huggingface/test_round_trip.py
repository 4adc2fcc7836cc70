"""A decoder, written as its publisher would write it and read again, is the same decoder."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.models import load_model_card
from ironlaw.system.question import load_decoder
from ironlaw.workload.huggingface import FAMILIES, decoder_from_config
from ironlaw.workload.spec import DecoderSpec, Experts, LatentAttention, Quantised
from publisher import DECODERS, LATENT, QWEN, published_config

NESTED = {"llama4", "gemma3"}
DIRECT = [family for family in FAMILIES if family not in NESTED]
MIXTURES = {"mixtral", "qwen2_moe", "qwen3_moe", "llama4_text", "gpt_oss", *LATENT}
EVERY_LAYER = {"mixtral", "gpt_oss"}  # families that have experts in all layers or in none
BIAS = {
    "llama",
    "qwen3",
    "qwen3_moe",
    "llama4_text",
    "gpt_oss",
    "gemma",
    "gemma2",
    "gemma3_text",
    "phi3",
}
WINDOWS = QWEN | {
    "mistral",
    "mixtral",
    "gpt_oss",
    "gemma2",
    "gemma3_text",
    "phi3",
    "starcoder2",
    "llama4_text",
}
FORMATS = (Dtype.FP8, Dtype.FP8_BLOCK, Dtype.NVFP4, Dtype.INT4, Dtype.MXFP4)


@st.composite
def decoders(draw, family: str) -> DecoderSpec:
    """A decoder that the family can have."""
    some = st.integers(1, 4096)
    heads = draw(st.sampled_from([1, 4, 12, 40]))
    groups = draw(st.sampled_from([n for n in (1, 2, 4, 20) if heads % n == 0]))
    layers = draw(st.integers(1, 12))
    spec = DecoderSpec(
        name="x", title="x", n_layers=layers, d_model=draw(some), d_ff=draw(some), n_heads=heads,
        n_kv_heads=heads // groups, d_head=draw(some), vocab_size=draw(some), max_context_len=draw(some),
        tied_embeddings=draw(st.booleans()), dtype=draw(st.sampled_from([Dtype.BF16, Dtype.FP32])),
        quantised=draw(st.none() | st.sampled_from(FORMATS).map(quantised)),
    )  # fmt: skip
    bias = family in BIAS and draw(st.booleans())
    spec = replace(spec, qkv_bias=bias, output_bias=bias)
    if family in WINDOWS and draw(st.booleans()):
        spec = replace(spec, window=draw(some), windowed_layers=draw(st.integers(1, layers)))
    if family in MIXTURES:
        spec = replace(spec, experts=draw(experts_of(family, layers)))
    return of_family(spec, family, draw)


def quantised(dtype: Dtype) -> Quantised:
    cache = Dtype.FP8 if dtype is Dtype.NVFP4 else None
    return Quantised(weights=dtype, experts_only=dtype is Dtype.MXFP4, cache=cache)


@st.composite
def experts_of(draw, family: str, layers: int) -> Experts:
    width, count = draw(st.integers(1, 999)), draw(st.integers(1, 64))
    shared = {"qwen2_moe": width + 1, "llama4_text": width}.get(family, 0)
    if family in LATENT:
        shared = width * draw(st.integers(0, 3))
    return Experts(
        n_experts=count,
        top_k=draw(st.integers(1, count)),
        d_expert=width,
        n_layers=layers if family in EVERY_LAYER else draw(st.integers(1, layers)),
        d_shared=shared,
        router_bias=family in {"deepseek_v3", "kimi_k2", "gpt_oss"},
        shared_gate=family == "qwen2_moe",
    )


ALWAYS = {
    "qwen2": {"qkv_bias": True},
    "qwen2_moe": {"qkv_bias": True},
    "qwen3": {"qk_norm": True},
    "qwen3_moe": {"qk_norm": True},
    "gemma2": {"norms": 4},
    "gemma3_text": {"norms": 4, "qk_norm": True},
    "gpt_oss": {"mlp_bias": True, "sinks": True},
    "llama4_text": {"qk_norm_weights": False},
}


def of_family(spec: DecoderSpec, family: str, draw) -> DecoderSpec:
    """The decoder with what every member of the family has."""
    if spec.experts is not None and not spec.dense_layers:
        spec = replace(spec, d_ff=spec.experts.d_expert)
    spec = replace(spec, **ALWAYS.get(family, {}))
    if family == "llama":
        return replace(spec, mlp_bias=draw(st.booleans()))
    if family == "llama4_text":
        return replace(spec, qk_norm=draw(st.booleans()))
    if family in LATENT:
        sizes = [draw(st.integers(1, 256)) for _ in range(4)]
        latent = LatentAttention(
            query_rank=draw(st.integers(0, 99)), cache_rank=sizes[0], d_rope=sizes[1], d_nope=sizes[2],
            d_value=sizes[3],
        )  # fmt: skip
        width = latent.d_rope + latent.d_nope
        return replace(spec, latent=latent, n_kv_heads=spec.n_heads, d_head=width)
    return plain(spec, family, draw)


def plain(spec: DecoderSpec, family: str, draw) -> DecoderSpec:
    """The decoder of a family without a gate, or as it is."""
    if family not in {"starcoder2", "gpt_bigcode"}:
        return spec
    bias = family == "gpt_bigcode" or draw(st.booleans())
    spec = replace(
        spec, gated=False, norm_bias=True, qkv_bias=bias, output_bias=bias, mlp_bias=bias
    )
    if family == "starcoder2":
        return spec
    kv_heads = draw(st.sampled_from([1, spec.n_heads]))
    model = spec.n_heads * spec.d_head
    return replace(spec, n_kv_heads=kv_heads, d_model=model, learned_positions=True)


@pytest.mark.parametrize("family", DIRECT)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_decoder_comes_back_as_it_was(family, data):
    spec = data.draw(decoders(family))
    again = decoder_from_config("x", published_config(spec, family))
    assert replace(again, notes=()) == spec
    assert again.total_params == spec.total_params


def test_every_family_is_drawn_with_what_it_alone_has():
    """A strategy that forgot a trait would let its translation rot."""
    assert find(decoders("qwen2"), lambda spec: spec.windowed_layers > 1).window > 0
    assert find(decoders("deepseek_v2"), lambda spec: spec.dense_layers > 0).experts is not None
    assert find(decoders("gpt_bigcode"), lambda spec: spec.n_kv_heads < spec.n_heads).n_heads > 1
    assert find(decoders("llama"), lambda spec: spec.quantised is not None).quantised


@pytest.mark.parametrize("model", DECODERS)
def test_the_registry_s_decoders_come_back_as_they_were(model):
    spec, family = load_decoder(model), str(load_model_card(model).config["model_type"])
    text = {"llama4": "llama4_text", "gemma3": "gemma3_text"}.get(family, family)
    again = decoder_from_config(spec.name, published_config(spec, text), spec.title)
    assert replace(again, notes=()) == replace(spec, notes=())


@pytest.mark.parametrize("outer", sorted(NESTED))
def test_a_text_part_is_read_where_it_is_kept(outer):
    model = {"llama4": "llama-4-scout", "gemma3": "gemma-3-27b"}[outer]
    spec = load_decoder(model)
    config = {"model_type": outer, "text_config": published_config(spec, f"{outer}_text")}
    assert replace(decoder_from_config("x", config), notes=()) == replace(
        spec, name="x", title="x", notes=()
    )
