"""OptimizationWaterfall: what precision, fusion and algorithm each did, in the order taken and in none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.instruments.comparison import change_words
from ironlaw.instruments.scale import significant

if TYPE_CHECKING:
    from ironlaw.explore.attribution import Attribution, Share


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class OptimizationWaterfall:
    """A quantity from before to after, change by change.

    Attributes:
        found: The changes, what each is owed.
        quantity: What falls, in words: "time of a token".
        unit: Its SI unit.
        ends: It before and after, in words.
        note: What else is to be known.
    """

    found: Attribution
    quantity: str
    unit: str
    ends: tuple[str, str]
    note: str = ""

    @property
    def sides(self) -> dict[str, float]:
        """The factors that the machine and the algorithm are owed; they multiply to the whole."""
        return {side: self.found.side(side) for side in ("machine", "algorithm")}

    @property
    def title(self) -> str:
        """It in a sentence."""
        change = change_words(self.found.before, self.found.after)
        whole = f"{self.quantity[0].upper()}{self.quantity[1:]} {change or 'as it was'}"
        parts = sorted(self.sides.items(), key=lambda side: -side[1])
        return f"{whole}: {', '.join(f'{significant(x)}× by the {side}' for side, x in parts)}"

    def to_dict(self) -> dict[str, object]:
        """The waterfall as plain data, its equation with it."""
        found = self.found
        return {
            "title": self.title,
            "quantity": self.quantity,
            "unit": self.unit,
            "before": {"label": self.ends[0], "value": found.before},
            "bars": [_bar(share) for share in found.shares],
            "after": {"label": self.ends[1], "value": found.after},
            "speedup": found.speedup,
            "sides": self.sides,
            "note": self.note,
            "peek": shares_equation(found).to_dict(),
        }


def _bar(share: Share) -> dict[str, object]:
    change = share.optimization
    return {
        "id": change.id,
        "label": change.label,
        "means": change.means.value,
        "side": change.means.side,
        "before": share.before,
        "after": share.after,
        "factor": share.in_order,
        "fair": share.fair,
        "doublings": share.doublings,
    }


def shares_equation(found: Attribution) -> Equation:
    """The speed-up as the product of the factors that no order can change.

    Args:
        found: The changes, what each is owed.
    """
    factors = tuple(
        Symbol("f", share.optimization.label, share.fair, "", f"{number}")
        for number, share in enumerate(found.shares, start=1)
    )
    return Equation(
        title="Speed-up, shared out",
        left=Symbol("s", "before over after", None, ""),
        right=Term("product", factors),
        source="Shapley 1953: each factor is 2 to the mean, over all orders, of the doublings that the change adds",
    )
