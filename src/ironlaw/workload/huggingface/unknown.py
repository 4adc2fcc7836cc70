"""The refusal of an architecture that no family here translates: what it resembles, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, cast

from ironlaw.base.errors import ConfigError
from ironlaw.workload.huggingface.unread import relevant

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHARED = (
    "num_hidden_layers",
    "hidden_size",
    "intermediate_size",
    "num_attention_heads",
    "vocab_size",
    "max_position_embeddings",
)
_LATENT = ("kv_lora_rank", "qk_rope_head_dim", "qk_nope_head_dim", "v_head_dim")
_SIGNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    # the field that tells, the family that it tells, what that family needs beyond the shared fields
    ("kv_lora_rank", "deepseek_v3", (*_LATENT, "n_routed_experts", "moe_intermediate_size")),
    ("n_routed_experts", "deepseek_v3", (*_LATENT, "moe_intermediate_size")),
    (
        "interleave_moe_layer_step",
        "llama4_text",
        ("num_local_experts", "num_experts_per_tok", "intermediate_size_mlp"),
    ),
    ("swiglu_limit", "gpt_oss", ("num_local_experts", "num_experts_per_tok", "sliding_window")),
    (
        "shared_expert_intermediate_size",
        "qwen2_moe",
        ("num_experts", "num_experts_per_tok", "moe_intermediate_size"),
    ),
    ("num_local_experts", "mixtral", ("num_experts_per_tok",)),
    ("num_experts", "qwen3_moe", ("num_experts_per_tok", "moe_intermediate_size")),
    ("sliding_window_pattern", "gemma3_text", ("sliding_window",)),
    ("query_pre_attn_scalar", "gemma2", ("sliding_window",)),
    ("num_key_value_heads", "llama", ()),
)
_BIGCODE = ("n_layer", "n_embd", "n_inner", "n_head", "n_positions", "vocab_size")
_READ = frozenset({
    "attention_chunk_size", "decoder_sparse_step", "experts_per_token", "kv_lora_rank", "layer_types",
    "max_window_layers", "multi_query", "n_routed_experts", "n_shared_experts", "num_experts",
    "num_experts_per_tok", "num_local_experts", "num_nextn_predict_layers", "q_lora_rank",
    "shared_expert_intermediate_size", "sliding_window", "sliding_window_pattern", "use_sliding_window",
})  # fmt: skip
"""Fields that bear on time or memory and that some family reads."""

_SHOWN = 6  # fields named in one message


def refuse_family(config: Mapping[str, object], known: tuple[str, ...]) -> NoReturn:
    """Refuse a `model_type`.

    Args:
        config: The configuration.
        known: The families that can be translated.

    Raises:
        ConfigError: always.
    """
    nested = config.get("text_config")
    inner = cast("Mapping[str, object]", nested) if isinstance(nested, dict) else config
    message = f"must be one of {', '.join(known)}; {_resemblance(inner)}"
    others = [name for name, _ in relevant(inner) if name not in _READ]
    if others:
        message += f"; it also has {', '.join(others[:_SHOWN])}, which would need a translation"
    raise ConfigError("model_type", config.get("model_type"), message)


def _resemblance(config: Mapping[str, object]) -> str:
    """The nearest family by the fields, and what it would still need."""
    sign, family, needed = _nearest(config)
    if family is None:
        lacking = [name for name in _SHARED if config.get(name) is None]
        return f"it resembles none of them: {', '.join(lacking[:_SHOWN])} missing"
    missing = [name for name in needed if config.get(name) is None]
    lack = f"lacks {', '.join(missing[:_SHOWN])}" if missing else "has every field that it needs"
    return (
        f"by its {sign} it resembles {family} and {lack}; "
        f"if it is one, say so: set model_type to {family!r}"
    )


def _nearest(config: Mapping[str, object]) -> tuple[str, str | None, tuple[str, ...]]:
    for sign, family, needed in _SIGNS:
        if config.get(sign) is not None:
            return sign, family, (*_SHARED, *needed)
    if config.get("n_embd") is not None:
        return "n_embd", "gpt_bigcode", _BIGCODE
    if all(config.get(name) is not None for name in _SHARED[:4]):
        return "intermediate_size", "llama", _SHARED
    return "", None, ()
