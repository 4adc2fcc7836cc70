"""Reads the fields of a user's table: what is missing, wrong or unknown is named with its value and what is allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_LARGEST = 10**9  # no size of a model is beyond this


class Fields:
    """The fields of one table, each read at most once; `finish` refuses those that nobody asked for."""

    __slots__ = ("_asked", "_path", "_table")

    def __init__(self, table: object, path: str) -> None:
        if not isinstance(table, dict):
            raise ConfigError(path, table, "must be a table")
        self._table = cast("Mapping[str, object]", table)
        self._path = path
        self._asked: set[str] = set()

    @property
    def path(self) -> str:
        """Where the table stands in its file."""
        return self._path

    def has(self, field: str) -> bool:
        """Whether the table has a field."""
        return field in self._table

    def raw(self, field: str) -> object:
        """The value of a field as it stands; None where it is missing."""
        self._asked.add(field)
        return self._table.get(field)

    def refuse(self, field: str, allowed: str) -> ConfigError:
        """The error for a field's value."""
        return ConfigError(f"{self._path}.{field}", self._table.get(field), allowed)

    def count(self, field: str, default: int | None = None, *, least: int = 1) -> int:
        """A whole number.

        Raises:
            ConfigError: if it is missing without a default, or is not a whole number from `least`.
        """
        value = self.raw(field)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _LARGEST:
            raise self.refuse(field, f"must be a whole number from {least} to {_LARGEST}")
        return value

    def flag(self, field: str) -> bool:
        """True or false; false where it is missing.

        Raises:
            ConfigError: if it is neither.
        """
        value = self.raw(field)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self.refuse(field, "must be true or false")
        return value

    def text(self, field: str, default: str | None = None) -> str:
        """A text.

        Raises:
            ConfigError: if it is missing without a default, or is not a text.
        """
        value = self.raw(field)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or not value:
            raise self.refuse(field, "must be a text")
        return value

    def choice(self, field: str, allowed: Collection[str], default: str | None = None) -> str:
        """One of a few texts.

        Raises:
            ConfigError: if it is none of them.
        """
        value = self.text(field, default)
        if value not in allowed:
            raise self.refuse(field, f"must be one of {', '.join(sorted(allowed))}")
        return value

    def texts(self, field: str, count: int | None = None) -> tuple[str, ...]:
        """A list of texts.

        Raises:
            ConfigError: if it is not one, or has another length than asked.
        """
        value = self.raw(field)
        many = "a list of names" if count is None else f"a list of {count} names"
        if not isinstance(value, list):
            raise self.refuse(field, f"must be {many}")
        names = cast("list[object]", value)
        found = tuple(name for name in names if isinstance(name, str))
        if len(found) != len(names) or (count is not None and len(found) != count) or not found:
            raise self.refuse(field, f"must be {many}")
        return found

    def counts(
        self, field: str, length: int | None, default: int | None = None, *, least: int = 1
    ) -> tuple[int, ...]:
        """A list of whole numbers; one number stands for the same in every place.

        Args:
            field: The field.
            length: How many are needed; None for any.
            default: The number in every place where the field is missing.
            least: The least of each.

        Raises:
            ConfigError: if one of them is not a whole number from `least`, or the length is another.
        """
        value = self.raw(field)
        if value is None and default is not None:
            value = default
        if isinstance(value, int) and length is not None:
            value = [value] * length
        places = "" if length is None else f"{length} "
        allowed = f"must be a list of {places}whole numbers from {least} to {_LARGEST}"
        if not isinstance(value, list):
            raise self.refuse(field, allowed)
        given = cast("list[object]", value)
        found = tuple(x for x in given if isinstance(x, int) and not isinstance(x, bool))
        right = all(least <= x <= _LARGEST for x in found) and len(found) == len(given)
        if not right or not found or (length is not None and len(found) != length):
            raise self.refuse(field, allowed)
        return found

    def finish(self) -> None:
        """Refuse what nobody asked for.

        Raises:
            ConfigError: naming the field and those that exist here.
        """
        for field, value in self._table.items():
            if field not in self._asked:
                allowed = f"is not a field here; there are {', '.join(sorted(self._asked))}"
                raise ConfigError(f"{self._path}.{field}", value, allowed)
