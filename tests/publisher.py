"""A decoder as its publisher would configure it: the importer the other way round, for tests."""

from __future__ import annotations

from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.spec import DecoderSpec, Quantised

GELU = {"gemma", "gemma2", "gemma3_text", "starcoder2", "gpt_bigcode"}
QWEN = {"qwen2", "qwen2_moe", "qwen3", "qwen3_moe"}
LATENT = {"deepseek_v2", "deepseek_v3", "kimi_k2"}
DECODERS = (
    "deepseek-v3", "gemma-3-27b", "gpt-oss-120b", "llama-2-70b", "llama-2-7b", "llama-3-405b", "llama-3-70b",
    "llama-3-8b", "llama-3.1-70b", "llama-3.1-8b", "llama-4-scout", "mistral-7b", "mixtral-8x22b", "mixtral-8x7b",
    "phi-4", "qwen3-235b-a22b", "qwen3-30b-a3b", "qwen3-32b", "qwen3-8b",
)  # fmt: skip
"""The decoders that the registry has to hold."""

NAMES = {
    "num_hidden_layers": "n_layer",
    "hidden_size": "n_embd",
    "intermediate_size": "n_inner",
    "num_attention_heads": "n_head",
    "max_position_embeddings": "n_positions",
    "hidden_act": "activation_function",
}


def published_config(spec: DecoderSpec, family: str) -> dict[str, object]:
    """The fields of a `config.json` of a family.

    Windows come first among the layers, and dense layers before those with experts: a configuration has an order that
    the decoder does not keep.
    """
    config: dict[str, object] = {
        "model_type": family,
        "num_hidden_layers": spec.n_layers,
        "hidden_size": spec.d_model,
        "intermediate_size": spec.d_ff,
        "num_attention_heads": spec.n_heads,
        "num_key_value_heads": spec.n_kv_heads,
        "head_dim": spec.d_head,
        "vocab_size": spec.vocab_size,
        "max_position_embeddings": spec.max_context_len,
        "tie_word_embeddings": spec.tied_embeddings,
        "hidden_act": "gelu_pytorch_tanh" if family in GELU else "silu",
        "attention_bias": spec.output_bias,
        "torch_dtype": {Dtype.BF16: "bfloat16", Dtype.FP32: "float32"}[spec.dtype],
    }
    config |= _windows(spec, family) | _experts(spec, family) | _latent(spec, family)
    if spec.mtp_layers:
        config["num_nextn_predict_layers"] = spec.mtp_layers
    if family == "llama":
        config["mlp_bias"] = spec.mlp_bias
    if family == "starcoder2":
        config["use_bias"] = spec.qkv_bias
    if spec.quantised is not None:
        config["quantization_config"] = _quantised(spec.quantised)
    if family == "gpt_bigcode":
        config["multi_query"] = spec.n_kv_heads == 1
        del config["num_key_value_heads"], config["head_dim"], config["attention_bias"]
        return {NAMES.get(name, name): value for name, value in config.items()}
    return config


def _windows(spec: DecoderSpec, family: str) -> dict[str, object]:
    if family == "llama4_text":
        chunked = spec.windowed_layers
        pattern = [1] * chunked + [0] * (spec.n_layers - chunked)
        return {"attention_chunk_size": spec.window or None, "no_rope_layers": pattern}
    if not spec.windowed_layers:
        types = ["full_attention"] * spec.n_layers
        return {"layer_types": types, "sliding_window": None} if "gemma" in family else {}
    kinds = ["sliding_attention"] * spec.windowed_layers
    kinds += ["full_attention"] * (spec.n_layers - spec.windowed_layers)
    config: dict[str, object] = {"sliding_window": spec.window, "layer_types": kinds}
    return config | ({"use_sliding_window": True} if family in QWEN else {})


def _experts(spec: DecoderSpec, family: str) -> dict[str, object]:
    experts = spec.experts
    if experts is None:
        return {}
    config: dict[str, object] = {"num_experts_per_tok": experts.top_k}
    first = spec.n_layers - experts.n_layers
    if family in QWEN:
        config |= {"num_experts": experts.n_experts, "moe_intermediate_size": experts.d_expert}
        config |= {"mlp_only_layers": list(range(first)), "decoder_sparse_step": 1}
        if family == "qwen2_moe":
            config["shared_expert_intermediate_size"] = experts.d_shared
    elif family in LATENT:
        config |= {"n_routed_experts": experts.n_experts, "first_k_dense_replace": first}
        config |= {"moe_intermediate_size": experts.d_expert, "moe_layer_freq": 1}
        config["n_shared_experts"] = experts.d_shared // experts.d_expert
    else:
        config["num_local_experts"] = experts.n_experts
    if family == "llama4_text":
        config |= {"intermediate_size": experts.d_expert, "intermediate_size_mlp": spec.d_ff}
        config |= {"moe_layers": list(range(first, spec.n_layers)), "use_qk_norm": spec.qk_norm}
    return config


def _latent(spec: DecoderSpec, family: str) -> dict[str, object]:
    latent = spec.latent
    if latent is None:
        return {}
    return {
        "q_lora_rank": latent.query_rank or None,
        "kv_lora_rank": latent.cache_rank,
        "qk_rope_head_dim": latent.d_rope,
        "qk_nope_head_dim": latent.d_nope,
        "v_head_dim": latent.d_value,
        "head_dim": None,
    }


def _quantised(quantised: Quantised) -> dict[str, object]:
    method: dict[Dtype, dict[str, object]] = {
        Dtype.FP8: {"quant_method": "modelopt", "quant_algo": "FP8"},
        Dtype.FP8_BLOCK: {"quant_method": "fp8", "weight_block_size": [128, 128]},
        Dtype.NVFP4: {"quant_method": "modelopt", "quant_algo": "NVFP4"},
        Dtype.INT4: {"quant_method": "awq", "bits": 4},
        Dtype.MXFP4: {"quant_method": "mxfp4"},
    }
    config = dict(method[quantised.weights])
    if quantised.cache is Dtype.FP8:
        config["kv_cache_scheme"] = {"num_bits": 8, "type": "float"}
    return config


OWN_MODEL = """
title = "My model"
[config]
model_type = "mixtral"
hidden_size = 1024
intermediate_size = 2048
num_hidden_layers = 4
num_attention_heads = 8
num_local_experts = 4
num_experts_per_tok = 2
vocab_size = 1000
max_position_embeddings = 4096
"""
