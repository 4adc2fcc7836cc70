"""The Iron Law bar: the terms of the step, adding up to the number beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.base.plain import plain_fields
from ironlaw.system.table import KernelRow, step_terms

if TYPE_CHECKING:
    from ironlaw.system.interval import Interval
    from ironlaw.system.table import StepTerms


@dataclass(frozen=True, slots=True)
class LawTerm:
    """A part of the step [s]."""

    id: str
    label: str
    time: float


@dataclass(frozen=True, slots=True)
class LawBar:
    """The step, the range in which it is expected, and its parts [s].

    Attributes:
        total: The step.
        low: The least of the range.
        high: The most.
        terms: The parts.
        rests_on: What the range is, before "between": a share of the steps, or what was assumed.
    """

    total: float
    low: float
    high: float
    terms: tuple[LawTerm, ...]
    rests_on: str = "80\u202f%"

    def to_dict(self) -> dict[str, object]:
        """The bar as plain data."""
        return plain_fields(self)


_LABELS = {
    "memory": "memory",
    "compute": "compute",
    "link": "all-reduce",
    "launch": "launch",
    "dispatch": "waiting for the host",
}


def law_bar(rows: tuple[KernelRow, ...], interval: Interval) -> LawBar:
    """The bar of a step, its largest part first; parts that are nothing are left out.

    Args:
        rows: The kernel table.
        interval: The range in which the step is expected.
    """
    split: StepTerms = step_terms(rows)
    parts = [(name, label, float(getattr(split, name))) for name, label in _LABELS.items()]
    terms = [LawTerm(name, label, time) for name, label, time in parts if time > 0.0]
    terms.sort(key=lambda term: -term.time)
    total = summed(term.time for term in terms)
    return LawBar(total, interval.low, interval.high, tuple(terms))
