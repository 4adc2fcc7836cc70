"""Hearables: what a frame of one may take, and which facts of a chip say how it runs."""

from __future__ import annotations

from functools import lru_cache

from ironlaw.base.errors import UnknownNameError
from ironlaw.registry.facts import FactSheet, data_folder, read_sheet


@lru_cache(maxsize=1)
def hearable_sheet() -> FactSheet:
    """Every fact about frames of a hearable with its source, and for each machine the paths of its chip's facts.

    Example:
        >>> hearable_sheet().number("frame.hop")
        0.016
    """
    text = data_folder().joinpath("hearables.toml").read_text(encoding="utf-8")
    return read_sheet("hearables", text)


@lru_cache(maxsize=1)
def hearable_names() -> tuple[str, ...]:
    """The machines on which a frame can run, by name, in the order of the file."""
    paths = (path.split(".") for path in hearable_sheet().texts)
    return tuple(dict.fromkeys(parts[1] for parts in paths if parts[0] == "machine"))


def hearable_texts(name: str) -> dict[str, str]:
    """What the file says of a machine: its chip, and the paths of the chip's facts.

    Args:
        name: Kebab-case name.

    Raises:
        UnknownNameError: offering the nearest names.

    Example:
        >>> hearable_texts("esp32")["home"]
        'psram'
    """
    if name not in hearable_names():
        raise UnknownNameError("hearable", name, hearable_names())
    start = f"machine.{name}."
    texts = hearable_sheet().texts
    return {path[len(start) :]: text for path, text in texts.items() if path.startswith(start)}
