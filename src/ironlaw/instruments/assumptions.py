"""Assumptions: what decides an answer and nobody has measured, each with its reason and the knob that changes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.plain import plain_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.registry.facts import Fact, FactSheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One of them.

    Attributes:
        id: Its name.
        label: It in words.
        value: As it stands now, in the unit.
        unit: SI unit, "" for a plain number.
        why: Why it is assumed, or what it rests on.
        source: Where it comes from.
        knob: The control that changes it; None where nothing does.
        changed: Whether it stands elsewhere than in the registry.
    """

    id: str
    label: str
    value: float
    unit: str
    why: str
    source: str
    knob: str | None = None
    changed: bool = False


def assumption_of(
    fact: Fact,
    sheet: FactSheet,
    label: str,
    *,
    knob: str | None = None,
    now: float | None = None,
) -> Assumption:
    """A fact of the registry as an assumption.

    Args:
        fact: The fact.
        sheet: The sheet that it stands in, for its source.
        label: It in words.
        knob: The control that changes it.
        now: Where it stands; None for as the registry has it.
    """
    value = fact.value if now is None else now
    return Assumption(
        id=fact.path.rpartition(".")[2],
        label=label,
        value=value,
        unit="" if fact.unit == "1" else fact.unit,
        why=f"{fact.kind}: {fact.where}",
        source=sheet.source(fact.source).title,
        knob=knob,
        changed=value != fact.value,
    )


def assumptions(
    rows: Iterable[Assumption], title: str = "What nobody has measured"
) -> dict[str, object]:
    """The list of them, as docs/protocol.md describes it.

    Args:
        rows: The assumptions, those that decide most first.
        title: Its heading.
    """
    return {"title": title, "rows": [plain_fields(row) for row in rows]}
