"""Models: the configuration that each publisher released, and where."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import ConfigError, UnknownNameError
from ironlaw.registry.facts import FactSheet, data_folder, read_sheet
from ironlaw.registry.networks import network_names

if TYPE_CHECKING:
    from collections.abc import Mapping


_QUANTISED: Mapping[str, Mapping[str, object]] = {
    "fp8": {"quant_method": "fp8"},
    "fp8-block": {"quant_method": "fp8", "weight_block_size": [128, 128]},
    "nvfp4": {"quant_method": "modelopt", "quant_algo": "NVFP4"},
}
"""What the config of an alias adds to that of its entry, by the format of its weights."""


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


@lru_cache(maxsize=1)
def model_aliases() -> Mapping[str, tuple[str, str]]:
    """Other names of the registry's models: the entry and the weights' format of each ("" as published)."""
    start = "aliases."
    found: dict[str, tuple[str, str]] = {}
    for name in model_names():
        for path, format_name in _sheet(name).texts.items():
            if path.startswith(start):
                found[path[len(start) :].lower()] = (name, format_name)
    return found


def load_model_card(name: str) -> ModelCard:
    """A model of the registry, or one described in a file.

    Args:
        name: Kebab-case name; an alias such as "Qwen/Qwen3-32B"; a path that ends in ".json" (a `config.json`) or in
            ".toml" (the same fields in a table `config`); or a folder that holds a `config.json`.

    Raises:
        UnknownNameError: offering the nearest names.
        ConfigError: if the file is missing or does not hold a configuration.

    Example:
        >>> load_model_card("llama-3-8b").config["hidden_size"]
        4096
        >>> load_model_card("Qwen/Qwen3-32B").name
        'qwen3-32b'
    """
    if name.endswith((".json", ".toml")) or (name not in model_names() and Path(name).is_dir()):
        return _card_of_file(name)
    if name in model_names():
        return _card_of_entry(name, "")
    if name.lower() not in model_aliases():
        raise UnknownNameError("model", name, (*model_names(), *network_names()))
    return _card_of_entry(*model_aliases()[name.lower()])


def _sheet(name: str) -> FactSheet:
    text = data_folder().joinpath("models", f"{name}.toml").read_text(encoding="utf-8")
    return read_sheet(name, text)


def _card_of_entry(name: str, format_name: str) -> ModelCard:
    """An entry of the registry, its weights in a format of an alias where that has one."""
    sheet = _sheet(name)
    text = data_folder().joinpath("models", f"{name}.json").read_text(encoding="utf-8")
    config = _read_config(text)
    if format_name:
        config = {**config, "quantization_config": _QUANTISED[format_name]}
    return ModelCard(name, sheet.texts["title"], config, sheet)


def _card_of_file(name: str) -> ModelCard:
    path = Path(name)
    path = path / "config.json" if path.is_dir() else path
    if not path.is_file():
        raise ConfigError("file", name, "there is no such file")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError("file", name, f"not UTF-8: {error.reason}") from error
    if path.suffix != ".toml":
        return ModelCard(name, path.parent.name or path.stem, _read_config(text), None)
    title, config = _read_toml(text)
    return ModelCard(name, path.stem if title is None else title, config, None)


def _read_toml(text: str) -> tuple[str | None, Mapping[str, object]]:
    """The title and the configuration of a user's file."""
    try:
        table = cast("Mapping[str, object]", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError("file", "TOML", f"not TOML: {error}") from error
    config, title = table.get("config"), table.get("title")
    if not isinstance(config, dict):
        raise ConfigError("config", config, "must be a table with the fields of a config.json")
    if title is not None and not isinstance(title, str):
        raise ConfigError("title", title, "must be a text")
    return title, cast("Mapping[str, object]", config)


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
