"""A network of other widths: the same layers, each with a share of its channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping

_WIDTHS = ("channels", "features")


def narrowed_table(table: Mapping[str, object], width: float) -> dict[str, object]:
    """The `[graph]` table of a network whose layers all have a share of their channels; what it puts out stays.

    Args:
        table: The table, of a network of one stage.
        width: Share of the channels of each layer but the last, from 0 (not included) to 1.

    Returns:
        A table of the same layers under the same names.

    Raises:
        DomainError: for a width outside its range, one that makes half channels, or a table of several stages.

    Example:
        >>> layers = [{"op": "conv", "channels": 64}, {"op": "conv", "channels": 72}]
        >>> narrowed_table({"layers": layers}, 0.5)["layers"]
        [{'op': 'conv', 'channels': 32}, {'op': 'conv', 'channels': 72}]
    """
    if isinstance(width, bool) or not 0.0 < width <= 1.0:
        raise DomainError("width", width, "shares above 0, up to 1")
    entries = table.get("layers")
    if not isinstance(entries, list) or not entries:
        raise DomainError("graph", sorted(table), "tables of one stage, with its layers")
    layers = cast("list[dict[str, object]]", entries)
    kept = [_narrowed(layer, width) for layer in layers[:-1]]
    templates = cast("Mapping[str, list[dict[str, object]]]", table.get("templates", {}))
    inside = {name: [_narrowed(one, width) for one in body] for name, body in templates.items()}
    found: dict[str, object] = {**table, "layers": [*kept, layers[-1]]}
    return {**found, "templates": inside} if inside else found


def _narrowed(layer: Mapping[str, object], width: float) -> dict[str, object]:
    """A layer with its share of the channels, and a canvas that holds them."""
    changed: dict[str, object] = {}
    for name in _WIDTHS:
        if isinstance(layer.get(name), int):
            changed[name] = _share(cast("int", layer[name]), width)
    sizes = layer.get("to")
    if layer.get("op") == "scatter" and isinstance(sizes, list):
        dims = cast("list[int]", sizes)
        changed["to"] = [_share(dims[0], width), *dims[1:]]
    return {**layer, **changed}


def _share(channels: int, width: float) -> int:
    found = channels * width
    if found != int(found):
        raise DomainError("width", width, f"shares of {channels} channels that are whole numbers")
    return int(found)
