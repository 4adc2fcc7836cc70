"""The fields of a configuration, each read with its type and remembered as read."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LARGEST = 10**9  # no size of a model is beyond this


class Fields:
    """Typed access to a configuration, or to a section of it.

    A field that is absent and one that is null are the same. What was never read can be listed afterwards, so that
    nothing that matters is passed over in silence.
    """

    __slots__ = ("_names", "_read", "_section", "_values")

    def __init__(
        self,
        values: Mapping[str, object],
        section: str = "",
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._values = values
        self._section = section
        self._names: Mapping[str, str] = {} if names is None else names
        self._read: set[str] = set()

    def path(self, field: str) -> str:
        """The field with its section, as its user would look it up."""
        return f"{self._section}{self._names.get(field, field)}"

    def value(self, field: str) -> object:
        """A field of any type; None where it is absent."""
        name = self._names.get(field, field)
        self._read.add(name)
        return self._values.get(name)

    def has(self, field: str) -> bool:
        """Whether a field is there and not null."""
        return self.value(field) is not None

    def unread(self) -> Iterator[tuple[str, object]]:
        """The fields that nobody asked for, with their values."""
        for field, value in self._values.items():
            if field not in self._read:
                yield field, value

    def count(self, field: str, default: int | None = None, *, least: int = 1) -> int:
        """A whole number.

        Raises:
            ConfigError: if it is absent and there is no default, or is no such number.
        """
        value = self.value(field)
        if value is None:
            if default is not None:
                return default
            allowed = f"is missing; a whole number from {least} is needed"
            raise ConfigError(self.path(field), None, allowed)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _LARGEST:
            allowed = f"must be a whole number from {least} to {_LARGEST}"
            raise ConfigError(self.path(field), value, allowed)
        return value

    def flag(self, field: str, *, default: bool = False) -> bool:
        """True or false.

        Raises:
            ConfigError: if it is neither.
        """
        value = self.value(field)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise ConfigError(self.path(field), value, "must be true or false")
        return value

    def choice(self, field: str, allowed: tuple[str, ...], default: str) -> str:
        """One of some texts.

        Raises:
            ConfigError: if it is none of them.
        """
        value = self.value(field)
        if value is None:
            return default
        if not isinstance(value, str) or value not in allowed:
            raise ConfigError(self.path(field), value, f"must be one of {', '.join(allowed)}")
        return value

    def sequence(self, field: str) -> list[object] | None:
        """A list; None where there is none.

        Raises:
            ConfigError: if it is something else.
        """
        value = self.value(field)
        if value is None:
            return None
        if not isinstance(value, list):
            raise ConfigError(self.path(field), value, "must be a list")
        return cast("list[object]", value)

    def sub(self, field: str) -> Fields | None:
        """A section; None where there is none.

        Raises:
            ConfigError: if it is something else.
        """
        value = self.value(field)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise ConfigError(self.path(field), value, "must be an object with fields")
        return Fields(cast("Mapping[str, object]", value), f"{self.path(field)}.")

    def renamed(self, names: Mapping[str, str]) -> Fields:
        """The fields under their usual names; errors still name the foreign ones.

        Args:
            names: The foreign name of each usual one.
        """
        return self if not names else Fields(self._values, self._section, names)

    def with_defaults(self, defaults: Mapping[str, object]) -> Fields:
        """The same with values for fields that are absent."""
        return Fields({**self._values, **defaults}, self._section, self._names)
