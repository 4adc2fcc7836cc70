"""What each family of decoders adds to the fields that all of them have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.base.errors import ConfigError
from ironlaw.workload.huggingface.windows import chunks, late_windows, periodic_windows, windows
from ironlaw.workload.spec import Experts, LatentAttention

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.workload.huggingface.fields import Fields
    from ironlaw.workload.spec import DecoderSpec

    Translator = Callable[[DecoderSpec, Fields], DecoderSpec]


def llama(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """Biases where the configuration says so."""
    bias = fields.flag("attention_bias")
    return replace(spec, qkv_bias=bias, output_bias=bias, mlp_bias=fields.flag("mlp_bias"))


def mistral(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """A window in every layer, where there is one."""
    window, layers = windows(fields, spec.n_layers)
    return replace(spec, window=window, windowed_layers=layers)


def mixtral(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """Experts in every layer."""
    experts = Experts(
        n_experts=fields.count("num_local_experts"),
        top_k=fields.count("num_experts_per_tok"),
        d_expert=spec.d_ff,
        n_layers=spec.n_layers,
    )
    return replace(mistral(spec, fields), experts=experts)


def qwen2(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """Biases on Q, K and V; windows from some layer on."""
    window, layers = late_windows(fields, spec.n_layers)
    return replace(spec, qkv_bias=True, window=window, windowed_layers=layers)


def qwen2_moe(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """Experts, and a shared expert behind a gate."""
    shared = fields.count("shared_expert_intermediate_size")
    return _qwen_experts(qwen2(spec, fields), fields, shared)


def qwen3(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """Norms on the heads of Q and K."""
    bias = fields.flag("attention_bias")
    return replace(qwen2(spec, fields), qk_norm=True, qkv_bias=bias, output_bias=bias)


def qwen3_moe(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """Experts without a shared one."""
    return _qwen_experts(qwen3(spec, fields), fields, 0)


def _qwen_experts(spec: DecoderSpec, fields: Fields, d_shared: int) -> DecoderSpec:
    step = fields.count("decoder_sparse_step", 1)
    dense = fields.sequence("mlp_only_layers") or ()
    layers = len([i for i in range(spec.n_layers) if (i + 1) % step == 0 and i not in dense])
    experts = Experts(
        n_experts=fields.count("num_experts"),
        top_k=fields.count("num_experts_per_tok"),
        d_expert=fields.count("moe_intermediate_size"),
        n_layers=layers,
        d_shared=d_shared,
        shared_gate=d_shared > 0,
    )
    return replace(spec, experts=experts)


def deepseek_v2(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """Latent attention; experts after the first layers, some of them shared."""
    if fields.flag("attention_bias"):
        allowed = "must be false: latent attention with biases is not modelled"
        raise ConfigError(fields.path("attention_bias"), "true", allowed)
    latent = LatentAttention(
        query_rank=fields.count("q_lora_rank", 0),
        cache_rank=fields.count("kv_lora_rank"),
        d_rope=fields.count("qk_rope_head_dim"),
        d_nope=fields.count("qk_nope_head_dim"),
        d_value=fields.count("v_head_dim"),
    )
    width = latent.d_rope + latent.d_nope
    spec = replace(spec, latent=latent, d_head=width, n_kv_heads=spec.n_heads)
    if not fields.has("n_routed_experts"):
        return spec
    first = fields.count("first_k_dense_replace", 0, least=0)
    every = fields.count("moe_layer_freq", 1)
    d_expert = fields.count("moe_intermediate_size")
    experts = Experts(
        n_experts=fields.count("n_routed_experts"),
        top_k=fields.count("num_experts_per_tok"),
        d_expert=d_expert,
        n_layers=len([layer for layer in range(first, spec.n_layers) if layer % every == 0]),
        d_shared=fields.count("n_shared_experts", 0, least=0) * d_expert,
    )
    return replace(spec, experts=experts)


def deepseek_v3(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """As before, with a learned correction of each expert's score."""
    spec = deepseek_v2(spec, fields)
    if spec.experts is None:
        return spec
    return replace(spec, experts=replace(spec.experts, router_bias=True))


def llama4(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """Experts in every so many layers, each beside a shared one; norms on heads have no weights."""
    step = fields.count("interleave_moe_layer_step", 1)
    named = fields.sequence("moe_layers")
    if named is None:
        named = list(range(step - 1, spec.n_layers, step))
    experts = Experts(
        n_experts=fields.count("num_local_experts"),
        top_k=fields.count("num_experts_per_tok"),
        d_expert=spec.d_ff,
        n_layers=len([layer for layer in range(spec.n_layers) if layer in named]),
        d_shared=spec.d_ff,
    )
    bias = fields.flag("attention_bias")
    return replace(
        _chunked(spec, fields),
        experts=experts,
        d_ff=fields.count("intermediate_size_mlp"),
        qkv_bias=bias,
        output_bias=bias,
        qk_norm=fields.flag("use_qk_norm", default=True),
        qk_norm_weights=False,
    )


def _chunked(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """Layers that attend within chunks, as windows: the most that a token of a chunk attends over."""
    chunk, layers = chunks(fields, spec.n_layers)
    if not layers:
        return spec
    note = (
        f"attention_chunk_size {chunk}: {layers} of {spec.n_layers} layers attend within chunks, "
        "here over a window of that length, the most that a token of a chunk sees"
    )
    return replace(spec, window=chunk, windowed_layers=layers, notes=(*spec.notes, note))


def gpt_oss(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """Experts with biases in every layer, windows in every second one, attention sinks."""
    bias = fields.flag("attention_bias", default=True)
    named = fields.count("experts_per_token", 0) or None
    experts = Experts(
        n_experts=fields.count("num_local_experts"),
        top_k=fields.count("num_experts_per_tok", named),
        d_expert=spec.d_ff,
        n_layers=spec.n_layers,
        router_bias=True,
    )
    window, layers = periodic_windows(fields, spec.n_layers, 2)
    return replace(
        spec,
        experts=experts,
        qkv_bias=bias,
        output_bias=bias,
        mlp_bias=True,
        sinks=True,
        window=window,
        windowed_layers=layers,
    )


def gemma(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """As Llama, with another activation and one table for embedding and LM head."""
    bias = fields.flag("attention_bias")
    return replace(spec, qkv_bias=bias, output_bias=bias)


def gemma2(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """Four norms a layer; windows in every second layer."""
    window, layers = periodic_windows(fields, spec.n_layers, 2)
    return replace(gemma(spec, fields), norms=4, window=window, windowed_layers=layers)


def gemma3(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """Norms on heads; windows in five of six layers."""
    window, layers = periodic_windows(fields, spec.n_layers, 6)
    spec = replace(gemma(spec, fields), norms=4, qk_norm=True)
    return replace(spec, window=window, windowed_layers=layers)


def phi3(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """As Mistral; Q, K and V, and gate and up, are stored as one matrix each."""
    bias = fields.flag("attention_bias")
    return replace(mistral(spec, fields), qkv_bias=bias, output_bias=bias)


def starcoder2(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """Biases everywhere, no gate, a window in every layer."""
    bias = fields.flag("use_bias", default=True)
    spec = replace(mistral(spec, fields), qkv_bias=bias, output_bias=bias, mlp_bias=bias)
    return replace(spec, norm_bias=True, gated=False)


def gpt_bigcode(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """One key-value head for all queries, learned positions, biases everywhere, no gate."""
    kv_heads = 1 if fields.flag("multi_query", default=True) else spec.n_heads
    return replace(
        spec,
        n_kv_heads=kv_heads,
        qkv_bias=True,
        output_bias=True,
        mlp_bias=True,
        norm_bias=True,
        gated=False,
        learned_positions=True,
    )
