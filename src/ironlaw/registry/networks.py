"""Networks: models that are a list of layers, as data."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import ConfigError, UnknownNameError
from ironlaw.registry.facts import FactSheet, data_folder, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping


FOREIGN = (".onnx", ".pt2")
"""How files of other toolkits end."""


@dataclass(frozen=True, slots=True, eq=False)
class NetworkCard:
    """A network as its file describes it.

    Attributes:
        name: Kebab-case name, or the path of a user's file.
        title: Name in words.
        graph: The table of its layers, as it stands in the file.
        sheet: Figures of its authors with their sources.
    """

    name: str
    title: str
    graph: Mapping[str, object]
    sheet: FactSheet


@lru_cache(maxsize=1)
def network_names() -> tuple[str, ...]:
    """The networks of the registry, by name."""
    entries = data_folder().joinpath("networks").iterdir()
    return tuple(sorted(e.name.removesuffix(".toml") for e in entries if e.name.endswith(".toml")))


def is_network(name: str) -> bool:
    """Whether a name or path means a network: one of the registry, a TOML file with a `[graph]`, a foreign graph.

    Args:
        name: Kebab-case name, or a path.
    """
    if name in network_names() or name.endswith(FOREIGN):
        return True
    path = Path(name)
    return name.endswith(".toml") and path.is_file() and b"[graph" in path.read_bytes()


def load_network_card(name: str) -> NetworkCard:
    """A network of the registry, or a user's TOML file given by path.

    Args:
        name: Kebab-case name, or a path that ends in ".toml".

    Raises:
        UnknownNameError: offering the nearest names.
        ConfigError: if the file is missing, is no TOML or has no `[graph]`.
        FactError: if a figure in it lacks its source.

    Example:
        >>> load_network_card("resnet-50").title
        'ResNet-50'
    """
    if name.endswith(".toml"):
        path = Path(name)
        if not path.is_file():
            raise ConfigError("file", name, "there is no such file")
        return _read_card(name, path)
    if name not in network_names():
        raise UnknownNameError("model", name, network_names())
    return _read_card(name, data_folder().joinpath("networks", f"{name}.toml"))


def _read_card(name: str, path: Path) -> NetworkCard:
    try:
        table = cast("dict[str, object]", tomllib.loads(path.read_text(encoding="utf-8")))
    except UnicodeDecodeError as error:
        raise ConfigError("file", name, f"not UTF-8: {error.reason}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError("file", name, f"not TOML: {error}") from error
    graph = table.pop("graph", None)
    if not isinstance(graph, dict):
        raise ConfigError("graph", graph, "must be a table with the model's inputs and layers")
    sheet = read_table(path.stem, table)
    title = sheet.texts.get("title", path.stem)
    return NetworkCard(name, title, cast("Mapping[str, object]", graph), sheet)
