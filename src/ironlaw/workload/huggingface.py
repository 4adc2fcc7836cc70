"""Importer of Hugging Face `config.json`: foreign names are translated here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.errors import ConfigError
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.spec import DecoderSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

FAMILIES = ("llama",)
"""Values of `model_type` that can be translated."""

_LARGEST = 10**9  # no size of a model is beyond this
_DTYPES = {"bfloat16": Dtype.BF16, "float16": Dtype.BF16, "float32": Dtype.FP32}


def decoder_from_config(
    name: str, config: Mapping[str, object], title: str | None = None
) -> DecoderSpec:
    """Translate the `config.json` of a Llama-family model.

    Args:
        name: Name of the model in results.
        config: The object that the file holds.
        title: Name in words; the same if None.

    Returns:
        The decoder.

    Raises:
        ConfigError: naming the field, its value and what is allowed.

    Example:
        >>> from ironlaw.registry.models import load_model_card
        >>> card = load_model_card("llama-3-70b")
        >>> decoder_from_config(card.name, card.config).total_params
        70553706496
    """
    family = config.get("model_type")
    if family not in FAMILIES:
        raise ConfigError("model_type", family, f"must be one of {', '.join(FAMILIES)}")
    activation = config.get("hidden_act", "silu")
    if activation != "silu":
        raise ConfigError("hidden_act", activation, "must be 'silu', the Llama family's gate")
    for field in ("attention_bias", "mlp_bias"):
        if _flag(config, field):
            raise ConfigError(field, "true", "must be false: biases are not modelled")
    n_heads = _count(config, "num_attention_heads")
    d_model = _count(config, "hidden_size")
    if config.get("head_dim") is None and d_model % n_heads:
        raise ConfigError("hidden_size", d_model, f"must be a multiple of {n_heads} heads")
    n_kv_heads = _count(config, "num_key_value_heads", n_heads)
    if n_heads % n_kv_heads:
        allowed = f"must divide the {n_heads} attention heads"
        raise ConfigError("num_key_value_heads", n_kv_heads, allowed)
    return DecoderSpec(
        name=name,
        title=name if title is None else title,
        n_layers=_count(config, "num_hidden_layers"),
        d_model=d_model,
        d_ff=_count(config, "intermediate_size"),
        n_heads=n_heads,
        n_kv_heads=n_kv_heads,
        d_head=_count(config, "head_dim", d_model // n_heads),
        vocab_size=_count(config, "vocab_size"),
        max_context_len=_count(config, "max_position_embeddings"),
        tied_embeddings=_flag(config, "tie_word_embeddings"),
        dtype=_dtype(config),
        notes=_notes(config),
    )


def _count(config: Mapping[str, object], field: str, default: int | None = None) -> int:
    value = config.get(field, default)
    if value is None:
        value = default
    if value is None:
        raise ConfigError(field, None, "is missing; a whole number from 1 is needed")
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LARGEST:
        raise ConfigError(field, value, f"must be a whole number from 1 to {_LARGEST}")
    return value


def _notes(config: Mapping[str, object]) -> tuple[str, ...]:
    """What the configuration says and the workload does not hold."""
    notes: list[str] = []
    if config.get("quantization_config"):
        notes.append("quantization_config is not read: say the format of the weights with dtype")
    if config.get("sliding_window"):
        notes.append(f"sliding_window {config['sliding_window']} is not read: attention is full")
    return tuple(notes)


def _flag(config: Mapping[str, object], field: str) -> bool:
    value = config.get(field, False)
    if not isinstance(value, bool):
        raise ConfigError(field, value, "must be true or false")
    return value


def _dtype(config: Mapping[str, object]) -> Dtype:
    value = config.get("torch_dtype", config.get("dtype", "bfloat16"))
    if not isinstance(value, str) or value not in _DTYPES:
        raise ConfigError("torch_dtype", value, f"must be one of {', '.join(_DTYPES)}")
    return _DTYPES[value]
