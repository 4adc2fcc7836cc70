"""Joule waterfall: the energy of a frame before, what each change takes off, the energy after."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.base.plain import plain_fields

if TYPE_CHECKING:
    from ironlaw.instruments.waterfall import Fall


class Spent(NamedTuple):
    """What some work comes to: energy [J], work [FLOP] and launches."""

    energy: float
    flops: float
    kernels: int


def joule_waterfall(
    title: str,
    before: tuple[str, Spent],
    falls: tuple[Fall, ...],
    after: tuple[str, Spent],
    note: str,
) -> dict[str, object]:
    """Joules from before to after, as docs/protocol.md describes a waterfall.

    Args:
        title: What it shows.
        before: Label, and what it comes to at first.
        falls: What each change takes off, in order; all of them lead from before to after [J].
        after: Label, and what it comes to in the end.
        note: What became of the operations.
    """
    (first, start), (last, end) = before, after
    return {
        "title": title,
        "unit": "J",
        "before": {"label": first, "value": start.energy},
        "steps": [plain_fields(fall) for fall in falls],
        "after": {"label": last, "value": end.energy},
        "operations": {"unit": "FLOP", "before": start.flops, "after": end.flops, "note": note},
        "kernels": {"before": start.kernels, "after": end.kernels},
        "peek": _equation(first, start, falls).to_dict(),
    }


def _equation(label: str, before: Spent, falls: tuple[Fall, ...]) -> Equation:
    saved = tuple(
        Symbol("ΔE", fall.label, 0.0 - fall.change, "J", f"{number}")
        for number, fall in enumerate(falls, start=1)
    )
    start = Symbol("E", label, before.energy, "J", "0")
    return Equation(
        title="Energy after",
        left=Symbol("E", "energy that is left", None, "J"),
        right=Term("difference", (start, *saved)),
        source="operations and bytes at the energy of each",
    )
