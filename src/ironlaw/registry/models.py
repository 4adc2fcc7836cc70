"""Models: the configuration that each publisher released, and where."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import ConfigError, UnknownNameError
from ironlaw.registry.facts import FactSheet, data_folder, read_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, eq=False)
class ModelCard:
    """A model as its publisher configured it.

    Attributes:
        name: Kebab-case name, or the path of a user's file.
        title: Name in words.
        config: The publisher's `config.json`, foreign names untouched.
        sheet: Figures of the publisher with their sources; None for a user's file.
    """

    name: str
    title: str
    config: Mapping[str, object]
    sheet: FactSheet | None


@lru_cache(maxsize=1)
def model_names() -> tuple[str, ...]:
    """The models of the registry, by name."""
    entries = data_folder().joinpath("models").iterdir()
    return tuple(sorted(e.name.removesuffix(".toml") for e in entries if e.name.endswith(".toml")))


def load_model_card(name: str) -> ModelCard:
    """A model of the registry, or a Hugging Face `config.json` given by path.

    Args:
        name: Kebab-case name, a path that ends in ".json", or a folder that holds a `config.json`.

    Raises:
        UnknownNameError: offering the nearest names.
        ConfigError: if the file is missing or is not a JSON object.

    Example:
        >>> load_model_card("llama-3-8b").config["hidden_size"]
        4096
    """
    if name.endswith(".json") or (name not in model_names() and Path(name).is_dir()):
        path = Path(name)
        path = path / "config.json" if path.is_dir() else path
        if not path.is_file():
            raise ConfigError("file", name, "there is no such file")
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise ConfigError("file", name, f"not UTF-8: {error.reason}") from error
        return ModelCard(name, path.parent.name or path.stem, _read_config(text), None)
    if name not in model_names():
        raise UnknownNameError("model", name, model_names())
    folder = data_folder().joinpath("models")
    sheet = read_sheet(name, folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
    config = _read_config(folder.joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return ModelCard(name, sheet.texts["title"], config, sheet)


def _read_config(text: str) -> Mapping[str, object]:
    try:
        config = json.loads(text)
    except json.JSONDecodeError as error:
        raise ConfigError("file", f"line {error.lineno}", f"not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError("file", "too large a number or too deep a nest", str(error)) from error
    if not isinstance(config, dict):
        raise ConfigError("file", type(config).__name__, "must hold one JSON object")
    return cast("Mapping[str, object]", config)
