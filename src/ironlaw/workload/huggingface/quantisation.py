"""The format of the weights, from a `quantization_config`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.errors import ConfigError
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.spec import Quantised

if TYPE_CHECKING:
    from ironlaw.workload.huggingface.fields import Fields

_MODELOPT = {
    "FP8": Dtype.FP8,
    "FP8_PB_WO": Dtype.FP8_BLOCK,
    "FP8_PB_REAL": Dtype.FP8_BLOCK,
    "NVFP4": Dtype.NVFP4,
    "W4A16_AWQ": Dtype.INT4,
}
_FP4_GROUPS = {16: Dtype.NVFP4, 32: Dtype.MXFP4}
_NIBBLE, _BYTE = 4, 8  # bits
_UNTOUCHED = ("lm_head", "embed", "gate", "router", "norm", "vision", "visual", "projector")
_NO_MODULES: list[object] = []


def quantisation(fields: Fields) -> tuple[Quantised | None, tuple[str, ...]]:
    """Translate the `quantization_config` of a configuration.

    Args:
        fields: The configuration.

    Returns:
        The format, None where the weights are not quantised or in a format that is not modelled; and what has to be
        said about it.

    Raises:
        ConfigError: naming a field that has no meaning.
    """
    config = fields.sub("quantization_config")
    if config is None:
        return None, ()
    method = config.value("quant_method") or "an unnamed method"
    if not isinstance(method, str):
        raise ConfigError(config.path("quant_method"), method, "must be the name of a method")
    weights = _weights(method, config)
    if weights is None:
        note = f"quantization_config of {method} is not modelled: the weights are taken in bf16"
        return None, (note,)
    found = Quantised(weights=weights, experts_only=method == "mxfp4", cache=_cache(config))
    return found, () if found.experts_only else _kept(config, weights)


def _weights(method: str, config: Fields) -> Dtype | None:
    """The format of a method; None where it is not modelled."""
    if method == "fp8":
        return Dtype.FP8_BLOCK if config.has("weight_block_size") else Dtype.FP8
    if method == "fbgemm_fp8":
        return Dtype.FP8
    if method == "mxfp4":
        return Dtype.MXFP4
    if method in {"awq", "gptq"}:
        bits = config.count("w_bit" if config.has("w_bit") else "bits")
        return Dtype.INT4 if bits == _NIBBLE else None
    if method == "modelopt":
        algorithm = config.value("quant_algo")
        return _MODELOPT.get(algorithm) if isinstance(algorithm, str) else None
    return _compressed(config) if method == "compressed-tensors" else None


def _compressed(config: Fields) -> Dtype | None:
    """The format of the first group of compressed-tensors."""
    groups = config.sub("config_groups")
    if groups is None:
        return None
    first = next((name for name, _ in groups.unread()), None)
    group = None if first is None else groups.sub(first)
    weights = None if group is None else group.sub("weights")
    if weights is None:
        return None
    bits, whole = (
        weights.count("num_bits"),
        weights.choice("type", ("float", "int"), "int") == "int",
    )
    if bits == _BYTE and not whole:
        return Dtype.FP8_BLOCK if weights.value("strategy") == "block" else Dtype.FP8
    if bits == _NIBBLE and not whole:
        return _FP4_GROUPS.get(weights.count("group_size", 0))
    return {_NIBBLE: Dtype.INT4, _BYTE: Dtype.INT8}.get(bits)


def _cache(config: Fields) -> Dtype | None:
    """The format that the KV cache is published with."""
    if config.value("kv_cache_quant_algo") == "FP8":
        return Dtype.FP8
    scheme = config.sub("kv_cache_scheme")
    if scheme is not None and scheme.count("num_bits") == _BYTE:
        return Dtype.FP8 if scheme.choice("type", ("float", "int"), "float") == "float" else None
    return None


def _kept(config: Fields, weights: Dtype) -> tuple[str, ...]:
    """Matrices of the layers that the publisher left as they were."""
    left: list[object] = []
    for field in ("ignore", "modules_to_not_convert", "exclude_modules"):
        left += config.sequence(field) or _NO_MODULES
    names = [str(name) for name in left]
    kept = [name for name in names if not any(part in name for part in _UNTOUCHED)]
    if not kept:
        return ()
    more = "" if len(kept) == 1 else f" and {len(kept) - 1} more"
    return (
        f"quantization_config keeps {kept[0]}{more} as they were: "
        f"here all matrices of the layers are in {weights.value}",
    )
