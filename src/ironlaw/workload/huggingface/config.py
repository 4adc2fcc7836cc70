"""A `config.json` as a decoder: the fields that all families share, and then those of its own."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ironlaw.base.errors import ConfigError
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.huggingface import families
from ironlaw.workload.huggingface.fields import Fields
from ironlaw.workload.huggingface.quantisation import quantisation
from ironlaw.workload.huggingface.unknown import refuse_family
from ironlaw.workload.huggingface.unread import encoder_notes, mtp_notes, unread_notes
from ironlaw.workload.spec import DecoderSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.workload.huggingface.families import Translator

_DTYPES = {"bfloat16": Dtype.BF16, "float16": Dtype.BF16, "float32": Dtype.FP32}
_SILU = ("silu", "swish")
_GELU = ("gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast")


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How a family is translated.

    Attributes:
        translate: Adds what the family has beyond the shared fields.
        activations: The activations that it may have.
        tied: Whether embedding and LM head are one table where the configuration does not say.
        latent: Whether attention is latent, so that the width of a head has fields of its own.
        names: Its names for shared fields, where they differ.
        defaults: Fields that its publisher leaves out, as its library fills them in.
    """

    translate: Translator
    activations: tuple[str, ...] = _SILU
    tied: bool = False
    latent: bool = False
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    defaults: Mapping[str, int] = field(default_factory=dict[str, int])


_GEMMA3_DEFAULTS = {
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 256,
    "vocab_size": 262_208,
    "max_position_embeddings": 131_072,
    "sliding_window": 4096,
}
_BIGCODE_NAMES = {
    "num_hidden_layers": "n_layer",
    "hidden_size": "n_embd",
    "intermediate_size": "n_inner",
    "num_attention_heads": "n_head",
    "max_position_embeddings": "n_positions",
    "hidden_act": "activation_function",
}
_FAMILIES: Mapping[str, Family] = {
    "llama": Family(translate=families.llama),
    "mistral": Family(translate=families.mistral),
    "mixtral": Family(translate=families.mixtral),
    "qwen2": Family(translate=families.qwen2),
    "qwen2_moe": Family(translate=families.qwen2_moe),
    "qwen3": Family(translate=families.qwen3),
    "qwen3_moe": Family(translate=families.qwen3_moe),
    "deepseek_v2": Family(translate=families.deepseek_v2, latent=True),
    "deepseek_v3": Family(translate=families.deepseek_v3, latent=True),
    "kimi_k2": Family(translate=families.deepseek_v3, latent=True),
    "llama4_text": Family(translate=families.llama4),
    "gpt_oss": Family(translate=families.gpt_oss),
    "gemma": Family(translate=families.gemma, activations=_GELU, tied=True),
    "gemma2": Family(translate=families.gemma2, activations=_GELU, tied=True),
    "gemma3_text": Family(
        translate=families.gemma3, activations=_GELU, tied=True, defaults=_GEMMA3_DEFAULTS
    ),
    "phi3": Family(translate=families.phi3),
    "starcoder2": Family(translate=families.starcoder2, activations=_GELU, tied=True),
    "gpt_bigcode": Family(
        translate=families.gpt_bigcode, activations=_GELU, tied=True, names=_BIGCODE_NAMES
    ),
}
_OUTER = {"llama4": "llama4_text", "gemma3": "gemma3_text"}
"""Models of several modalities, and the family of their text part."""

FAMILIES = (*_FAMILIES, *_OUTER)
"""Values of `model_type` that can be translated."""


def decoder_from_config(
    name: str, config: Mapping[str, object], title: str | None = None
) -> DecoderSpec:
    """Translate a `config.json` to a decoder.

    Args:
        name: Name of the model in results.
        config: The object that the file holds.
        title: Name in words; the same if None.

    Returns:
        The decoder. Its notes say which fields were filled in or passed over.

    Raises:
        ConfigError: naming the field, its value and what is allowed; for an unknown architecture, which family it
            resembles and what is missing.

    Example:
        >>> from ironlaw.registry.models import load_model_card
        >>> card = load_model_card("llama-3-70b")
        >>> decoder_from_config(card.name, card.config).total_params
        70553706496
    """
    outer = Fields(config)
    named = outer.value("model_type")
    nested = str(named) in _OUTER
    inner = outer.sub("text_config") if nested else outer
    if inner is None:
        raise ConfigError("text_config", None, f"is missing; {named} keeps its decoder there")
    family = _FAMILIES.get(_OUTER.get(str(named), str(named)))
    if family is None:
        refuse_family(config, FAMILIES)
    fields, filled = _filled(inner, family)
    quantised, notes = quantisation(fields if fields.has("quantization_config") else outer)
    spec = replace(
        _shared(name, title, fields, family),
        dtype=_dtype(fields, outer),
        quantised=quantised,
    )
    spec = _checked(family.translate(spec, fields), fields)
    return replace(
        spec,
        notes=(
            *(*filled, *notes, *encoder_notes(outer), *spec.notes),
            *(*mtp_notes(spec.mtp_layers), *unread_notes(fields)),
        ),
    )


def _filled(fields: Fields, family: Family) -> tuple[Fields, tuple[str, ...]]:
    """The fields under their usual names, with the family's defaults, and what was filled in."""
    missing = {name: value for name, value in family.defaults.items() if not fields.has(name)}
    written = ", ".join(f"{name} {value}" for name, value in missing.items())
    notes = (f"taken from the family's library, not from the config: {written}",) if missing else ()
    return fields.renamed(family.names).with_defaults(missing), notes


def _shared(name: str, title: str | None, fields: Fields, family: Family) -> DecoderSpec:
    """What every family has."""
    usual = family.activations[0]
    fields.choice(
        "hidden_activation" if fields.has("hidden_activation") else "hidden_act",
        family.activations,
        usual,
    )
    n_heads, d_model = fields.count("num_attention_heads"), fields.count("hidden_size")
    whole = fields.has("head_dim") or family.latent or d_model % n_heads == 0
    if not whole:
        allowed = f"must be a multiple of {n_heads} heads"
        raise ConfigError(fields.path("hidden_size"), d_model, allowed)
    n_kv_heads = fields.count("num_key_value_heads", n_heads)
    if n_heads % n_kv_heads:
        allowed = f"must divide the {n_heads} attention heads"
        raise ConfigError(fields.path("num_key_value_heads"), n_kv_heads, allowed)
    return DecoderSpec(
        name=name,
        title=name if title is None else title,
        n_layers=fields.count("num_hidden_layers"),
        d_model=d_model,
        d_ff=fields.count("intermediate_size"),
        n_heads=n_heads,
        n_kv_heads=n_kv_heads,
        d_head=fields.count("head_dim", d_model // n_heads),
        vocab_size=fields.count("vocab_size"),
        max_context_len=fields.count("max_position_embeddings"),
        tied_embeddings=fields.flag("tie_word_embeddings", default=family.tied),
        mtp_layers=fields.count("num_nextn_predict_layers", 0, least=0),
    )


def _checked(spec: DecoderSpec, fields: Fields) -> DecoderSpec:
    """The decoder with the width of its widest kind of layer, its experts being possible."""
    experts = spec.experts
    if experts is None:
        return spec
    if experts.top_k > experts.n_experts:
        allowed = f"must not exceed the {experts.n_experts} experts"
        raise ConfigError(fields.path("num_experts_per_tok"), experts.top_k, allowed)
    if experts.n_layers == 0:
        return replace(spec, experts=None)
    return spec if spec.dense_layers else replace(spec, d_ff=experts.d_expert)


def _dtype(fields: Fields, outer: Fields) -> Dtype:
    for section in (fields, outer):
        for name in ("torch_dtype", "dtype"):
            if section.has(name):
                return _DTYPES[section.choice(name, tuple(_DTYPES), "bfloat16")]
    return Dtype.BF16
