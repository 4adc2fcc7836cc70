"""Facts: a value is not loaded unless it says its unit, kind, source, place and date."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

from ironlaw.base.errors import DomainError, FactError
from ironlaw.base.units import unit_factor

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Kind = Literal[
    "measured", "datasheet", "paper", "published", "fitted", "derived", "recalled", "assumption"
]
"""The evidence behind a number; `recalled` and `assumption` are shown as such."""

KINDS: tuple[str, ...] = get_args(Kind)
_PROVENANCE = ("kind", "source", "where", "date")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?")


@dataclass(frozen=True, slots=True)
class Source:
    """Where numbers come from."""

    key: str
    title: str
    publisher: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One number, in the units used inside, with its provenance and as it was written."""

    path: str
    value: float
    unit: str
    written: str
    kind: Kind
    source: str
    where: str
    date: str

    def to_dict(self) -> dict[str, object]:
        """The fact as plain data, its value in SI units."""
        return {
            "name": self.path,
            "value": self.value,
            "unit": self.unit,
            "written": self.written,
            "kind": self.kind,
            "source": self.source,
            "where": self.where,
            "date": self.date,
        }


@dataclass(frozen=True, slots=True)
class FactSheet:
    """The facts of one data file, by dotted path, and its plain texts."""

    name: str
    facts: Mapping[str, Fact]
    texts: Mapping[str, str]
    own_sources: Mapping[str, Source]

    def source(self, key: str) -> Source:
        """A source that a fact of the sheet names: of the file itself, or of the registry."""
        return self.own_sources[key] if key in self.own_sources else sources()[key]

    def number(self, path: str) -> float:
        """The value of a fact that has to be there.

        Raises:
            FactError: if the sheet lacks it.
        """
        return self.fact(path).value

    def fact(self, path: str) -> Fact:
        """A fact that has to be there, with its provenance.

        Raises:
            FactError: if the sheet lacks it.
        """
        if path not in self.facts:
            raise FactError(f"{self.name}.{path}", "the fact is missing")
        return self.facts[path]

    def optional(self, path: str) -> float | None:
        """The value of a fact, or None where the sheet has none."""
        fact = self.facts.get(path)
        return None if fact is None else fact.value

    def children(self, prefix: str) -> tuple[str, ...]:
        """The names one level under a prefix, in the order of the file."""
        start = f"{prefix}."
        names = (path[len(start) :].split(".")[0] for path in self.facts if path.startswith(start))
        return tuple(dict.fromkeys(names))


def data_folder() -> Path:
    """The folder of the registry's data files."""
    return Path(__file__).with_name("data")


@lru_cache(maxsize=1)
def sources() -> Mapping[str, Source]:
    """Every source that facts may name."""
    table = tomllib.loads(data_folder().joinpath("sources.toml").read_text(encoding="utf-8"))
    return {
        key: Source(key, entry["title"], entry["publisher"], entry.get("licence", ""))
        for key, entry in table.items()
    }


def read_sheet(name: str, text: str) -> FactSheet:
    """Read the facts of one TOML text.

    A table with a `value` is a fact. `kind`, `source`, `where` and `date` may stand once in an enclosing table and
    hold for all facts below it; `unit` stands with each value. A file of a user's own may describe its sources under
    `sources`, each with a title and a publisher.

    Args:
        name: Name of the sheet, for messages.
        text: TOML.

    Returns:
        The sheet.

    Raises:
        FactError: naming the path of the entry and what it lacks.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FactError(name, f"not TOML: {error}") from error
    return read_table(name, table)


def read_table(name: str, table: Mapping[str, object]) -> FactSheet:
    """Read the facts of a table, as `read_sheet` does those of a text.

    Args:
        name: Name of the sheet, for messages.
        table: What the file holds.

    Returns:
        The sheet.

    Raises:
        FactError: naming the path of the entry and what it lacks.
    """
    facts: dict[str, Fact] = {}
    texts: dict[str, str] = {}
    own = _own_sources(name, table.get("sources", {}))
    described = {key: entry for key, entry in table.items() if key != "sources"}
    for path, entry in _walk(described, name, "", {}):
        if isinstance(entry, str):
            texts[path] = entry
        else:
            facts[path] = _read_fact(f"{name}.{path}", path, entry, own)
    return FactSheet(name, facts, texts, own)


def _own_sources(name: str, table: object) -> dict[str, Source]:
    if not isinstance(table, dict):
        raise FactError(f"{name}.sources", f"{table!r} is not a table of sources")
    found: dict[str, Source] = {}
    for key, entry in cast("dict[str, object]", table).items():
        said = cast("dict[str, object]", entry) if isinstance(entry, dict) else {}
        missing = [field for field in ("title", "publisher") if not _is_text(said.get(field))]
        if missing:
            raise FactError(f"{name}.sources.{key}", f"lacks {', '.join(missing)}")
        found[key] = Source(
            key, str(said["title"]), str(said["publisher"]), str(said.get("licence", ""))
        )
    return found


def _walk(
    table: Mapping[str, object], sheet: str, prefix: str, inherited: Mapping[str, object]
) -> Iterator[tuple[str, str | Mapping[str, object]]]:
    """Every text and every fact below a table, each fact with its inherited provenance."""
    own = {key: table[key] for key in _PROVENANCE if isinstance(table.get(key), str)}
    provenance = {**inherited, **own}
    for key, entry in table.items():
        path = f"{prefix}{key}"
        if isinstance(entry, dict):
            child = cast("Mapping[str, object]", entry)
            if "value" in child:
                yield path, {**provenance, **child}
            else:
                yield from _walk(child, sheet, f"{path}.", provenance)
        elif key not in _PROVENANCE:
            if not isinstance(entry, str):
                raise FactError(f"{sheet}.{path}", f"{entry!r} has no unit, kind, source and date")
            yield path, entry


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.strip() != ""


def _read_fact(
    full_path: str, path: str, entry: Mapping[str, object], own: Mapping[str, Source]
) -> Fact:
    missing = [key for key in ("unit", *_PROVENANCE) if not _is_text(entry.get(key))]
    if missing:
        raise FactError(full_path, f"lacks {', '.join(missing)}")
    value = entry["value"]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise FactError(full_path, f"value {value!r} is not a number")
    unit, kind, source, date = (str(entry[key]) for key in ("unit", "kind", "source", "date"))
    if kind not in KINDS:
        raise FactError(full_path, f"kind {kind!r} is not one of {', '.join(KINDS)}")
    if source not in sources() and source not in own:
        problem = (
            f"source {source!r} is not in sources.toml, nor described under [sources] of the file"
        )
        raise FactError(full_path, problem)
    if not _DATE.fullmatch(date):
        raise FactError(full_path, f"date {date!r} is not YYYY-MM or YYYY-MM-DD")
    try:
        inside, factor = unit_factor(unit)
    except DomainError as error:
        raise FactError(full_path, str(error)) from error
    return Fact(
        path=path,
        value=_exact_product(float(value), factor),
        unit=inside,
        written=f"{value} {unit}" if unit != "1" else f"{value}",
        kind=cast("Kind", kind),
        source=source,
        where=str(entry["where"]),
        date=date,
    )


def _exact_product(value: float, factor: float) -> float:
    """The product of two numbers as written, rounded once: 6.5 us is the float nearest to 6.5e-6."""
    return float(Decimal(repr(value)) * Decimal(repr(factor)))
