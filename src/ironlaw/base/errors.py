"""The errors of the engine: each names the parameter, its value and what is allowed."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class ModelError(Exception):
    """Base of every error that the engine raises on purpose.

    Attributes:
        field: The parameter or field at fault, as its user wrote it.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class DomainError(ModelError, ValueError):
    """A parameter lies outside the range for which the model is defined."""

    def __init__(self, name: str, value: object, domain: str) -> None:
        super().__init__(name, f"{name} = {value!r} is outside {domain}")


class UnknownNameError(ModelError, LookupError):
    """A name that is not in the registry; the nearest ones are offered."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        names = sorted(known)
        asked = name.lower().replace("_", "-")
        begun = sorted((n for n in names if asked and n.startswith(asked)), key=len)
        close = get_close_matches(asked, names, n=3, cutoff=0.4)
        near = list(dict.fromkeys([*begun, *close]))[:3]
        offer = f"did you mean {_either(near)}?" if near else f"known: {', '.join(names)}"
        super().__init__(what, f"no {what} is named {name!r}; {offer}")
        self.near = tuple(near)


class FactError(ModelError, ValueError):
    """A registry entry that lacks what every fact must carry, or that cannot be read."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, f"{path}: {problem}")


class ConfigError(ModelError, ValueError):
    """A model configuration that cannot be translated."""

    def __init__(self, field: str, value: object, allowed: str) -> None:
        super().__init__(field, f"config field {field} = {value!r}: {allowed}")


class MissingPackageError(ModelError, ImportError):
    """Something that was asked for needs a package that is not installed; the extra that brings it is named."""

    def __init__(self, what: str, package: str, extra: str) -> None:
        super().__init__(what, f"{what} needs {package}: pip install 'ironlaw[{extra}]'")


def _either(names: list[str]) -> str:
    return " or ".join(repr(name) for name in names)
