"""Pipelines: a network with what runs before and after it, as timed on one chip."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.errors import UnknownNameError
from ironlaw.registry.facts import data_folder, read_sheet

if TYPE_CHECKING:
    from ironlaw.registry.facts import FactSheet


@lru_cache(maxsize=1)
def pipeline_names() -> tuple[str, ...]:
    """The pipelines of the registry, by name."""
    entries = data_folder().joinpath("pipelines").iterdir()
    return tuple(sorted(e.name.removesuffix(".toml") for e in entries if e.name.endswith(".toml")))


@lru_cache(maxsize=8)
def pipeline_sheet(name: str) -> FactSheet:
    """Every fact about a pipeline with its source.

    Args:
        name: Kebab-case name.

    Raises:
        UnknownNameError: offering the nearest names.

    Example:
        >>> pipeline_sheet("pointpillars").number("stage.backbone")
        0.00609
    """
    if name not in pipeline_names():
        raise UnknownNameError("pipeline", name, pipeline_names())
    text = data_folder().joinpath("pipelines", f"{name}.toml").read_text(encoding="utf-8")
    return read_sheet(name, text)
