"""Data Traffic Waterfall: bytes before, what each fusion takes off, bytes after; the operations stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.base.plain import plain_fields

if TYPE_CHECKING:
    from ironlaw.system.fusion_board import Moved, Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """What a step takes off, a negative change [B, or J of a joule waterfall]."""

    id: str
    label: str
    change: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Waterfall:
    """Bytes of a step from nothing fused to a set.

    Attributes:
        title: What it shows.
        before: Label, and what the step comes to with nothing fused.
        falls: What each fusion takes off, in the order in which they are added.
        after: Label, and what the step comes to under the set.
        note: What became of the operations.
    """

    title: str
    before: tuple[str, Moved]
    falls: tuple[Fall, ...]
    after: tuple[str, Moved]
    note: str

    def to_dict(self) -> dict[str, object]:
        """The waterfall as plain data, its equation with it."""
        (first, start), (last, end) = self.before, self.after
        return {
            "title": self.title,
            "unit": "B",
            "before": {"label": first, "value": start.traffic},
            "steps": [plain_fields(fall) for fall in self.falls],
            "after": {"label": last, "value": end.traffic},
            "operations": {
                "unit": "FLOP",
                "before": start.flops,
                "after": end.flops,
                "note": self.note,
            },
            "kernels": {"before": start.kernels, "after": end.kernels},
            "peek": equation(start, self.falls).to_dict(),
        }


def falls_of(before: Moved, taken: tuple[Taken, ...], labels: dict[str, str]) -> tuple[Fall, ...]:
    """What each step of a set takes off the bytes.

    Args:
        before: The step with nothing fused.
        taken: Its fusions, one after the other.
        labels: Names of fusions in words.
    """
    falls: list[Fall] = []
    last = before.traffic
    for names, after in taken:
        label = ", ".join(labels[name] for name in names)
        falls.append(Fall(id=",".join(names), label=label, change=after.traffic - last))
        last = after.traffic
    return tuple(falls)


def equation(before: Moved, falls: tuple[Fall, ...]) -> Equation:
    """Bytes after as bytes before less what each fusion takes off.

    Args:
        before: The step with nothing fused.
        falls: What each fusion takes off.
    """
    saved = tuple(
        Symbol("ΔD", fall.label, 0.0 - fall.change, "B", f"{number}")
        for number, fall in enumerate(falls, start=1)
    )
    start = Symbol("D", "bytes with nothing fused", before.traffic, "B", "none")
    return Equation(
        title="Bytes after fusion",
        left=Symbol("D", "bytes moved", None, "B", "vol"),
        right=Term("difference", (start, *saved)),
        source="traffic across the borders of the kernels",
    )
