"""The score of counted runs: the best of them against the exact optimum."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

from ironlaw.base.plain import plain_fields

if TYPE_CHECKING:
    from ironlaw.lab.part import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What was reached of an optimum; 0 where nothing ran.

    Attributes:
        label: Of what.
        yours: What the best run reached; it may be 0.
        optimum: What could be.
        ran: Whether a run reached anything at all.
    """

    label: str
    yours: float
    optimum: float
    ran: bool = True

    @property
    def ratio(self) -> float:
        """Best run / optimum."""
        return self.yours / self.optimum


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The score of a part.

    Attributes:
        claim: It in a sentence.
        value: What was to be best, in words.
        main: What counts.
        yours_label: The best run in words.
        optimum_label: The optimum in words.
        cuts: Different cuts of the graph that were compared.
        differences: What the optimum does differently, in words.
        others: What was reached elsewhere.
        runs: The table of the runs.
    """

    claim: str
    value: str
    main: Share
    yours_label: str
    optimum_label: str
    cuts: int
    differences: tuple[str, ...]
    others: tuple[Share, ...]
    runs: Content

    def to_dict(self) -> Content:
        """The score as plain data."""
        return {
            "claim": self.claim,
            "value": self.value,
            "ratio": self.main.ratio,
            "yours": self.main.yours,
            "optimum": self.main.optimum,
            "cuts": self.cuts,
            "runs": self.runs,
            "yours_label": self.yours_label,
            "optimum_label": self.optimum_label,
            "differences": list(self.differences),
            "others": [{**plain_fields(share), "ratio": share.ratio} for share in self.others],
        }


def reached(ratio: float) -> str:
    """A share of the optimum: what is below it is never shown as all of it.

    Example:
        >>> reached(0.99993), reached(1.0), reached(0.5)
        ('99.99 %', '100 %', '50.00 %')
    """
    if ratio >= 1.0:
        return "100 %"
    return f"{floor(ratio * 1e4) / 1e2:.2f} %"
