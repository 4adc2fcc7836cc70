"""Frozen data as plain data: dictionaries, lists, numbers and texts, as JSON has them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import cast


def plain(value: object) -> object:
    """A value without dataclasses and tuples.

    Unlike `dataclasses.asdict` it copies nothing that cannot change, which is most of what a picture holds.

    Args:
        value: A dataclass, tuple, list, dictionary, number, text or None, nested at will.

    Example:
        >>> plain(((1.0, "a"), None))
        [[1.0, 'a'], None]
    """
    if value is None or isinstance(value, (str, float, int)):
        return value
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in cast("dict[str, object]", value).items()}
    return plain_fields(value)


def plain_fields(value: object) -> dict[str, object]:
    """The fields of a dataclass as plain data.

    Args:
        value: A dataclass.

    Raises:
        TypeError: if it is none.
    """
    kind = type(value)
    if kind not in _NAMES:
        if not is_dataclass(kind):
            raise TypeError(f"{kind.__name__} is not plain data")
        _NAMES[kind] = tuple(field.name for field in fields(kind))
    return {name: plain(getattr(value, name)) for name in _NAMES[kind]}


_NAMES: dict[type[object], tuple[str, ...]] = {}
