"""Which layers attend over a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.workload.huggingface.fields import Fields

_WINDOWED, _CHUNKED, _FULL = "sliding_attention", "chunked_attention", "full_attention"
_NOPE_INTERVAL = 4  # Llama 4: every fourth layer has no rotary embedding and sees everything


def windows(
    fields: Fields, n_layers: int, usual: Callable[[int], bool] | None = None
) -> tuple[int, int]:
    """The window of the attention and the number of layers that have it.

    Args:
        fields: The configuration.
        n_layers: L.
        usual: Whether a layer is windowed where `layer_types` does not say it; every layer if None.

    Returns:
        Tokens of the window and windowed layers; zeros where every layer sees all.

    Raises:
        ConfigError: naming the field.
    """
    window = fields.count("sliding_window", 0)
    types = fields.sequence("layer_types")
    if types is not None:
        _require_kinds(fields, types, n_layers, _WINDOWED)
        layers = types.count(_WINDOWED)
        if layers and not window:
            allowed = f"is missing; {layers} layers have the type {_WINDOWED}"
            raise ConfigError(fields.path("sliding_window"), None, allowed)
    elif window:
        layers = len([i for i in range(n_layers) if usual is None or usual(i)])
    else:
        layers = 0
    return (window, layers) if layers else (0, 0)


def late_windows(fields: Fields, n_layers: int) -> tuple[int, int]:
    """The windows of the Qwen families: from a certain layer on, and only where they are switched on.

    Raises:
        ConfigError: naming the field.
    """
    first = fields.count("max_window_layers", n_layers, least=0)
    used = fields.flag("use_sliding_window")
    found = windows(fields, n_layers, lambda layer: layer >= first)
    return found if used else (0, 0)


def periodic_windows(fields: Fields, n_layers: int, period: int) -> tuple[int, int]:
    """Windows in all layers but the last one of every period.

    Raises:
        ConfigError: naming the field.
    """
    pattern = "_sliding_window_pattern" if fields.has("_sliding_window_pattern") else None
    every = fields.count(pattern or "sliding_window_pattern", period)
    return windows(fields, n_layers, lambda layer: (layer + 1) % every != 0)


def chunks(fields: Fields, n_layers: int) -> tuple[int, int]:
    """The length of the chunks that some layers attend within, and the number of these layers.

    Args:
        fields: The configuration.
        n_layers: L.

    Returns:
        Tokens of a chunk and layers with chunks; zeros where every layer sees all.

    Raises:
        ConfigError: naming the field.
    """
    chunk = fields.count("attention_chunk_size", 0)
    types, rotary = fields.sequence("layer_types"), fields.sequence("no_rope_layers")
    layers = n_layers - n_layers // _NOPE_INTERVAL
    if types is not None:
        _require_kinds(fields, types, n_layers, _CHUNKED)
        layers = types.count(_CHUNKED)
    elif rotary:
        _require_length(fields, "no_rope_layers", rotary, n_layers)
        layers = len([layer for layer in rotary if layer])
    return (chunk, layers) if chunk and layers else (0, 0)


def _require_kinds(fields: Fields, types: list[object], n_layers: int, windowed: str) -> None:
    for kind in types:
        if kind not in (windowed, _FULL):
            allowed = f"must be {windowed} or {_FULL}"
            raise ConfigError(fields.path("layer_types"), kind, allowed)
    _require_length(fields, "layer_types", types, n_layers)


def _require_length(fields: Fields, field: str, values: list[object], n_layers: int) -> None:
    if len(values) != n_layers:
        allowed = f"must have one for each of the {n_layers} layers"
        raise ConfigError(fields.path(field), f"{len(values)} entries", allowed)
