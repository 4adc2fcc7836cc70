"""Speed-ups by a draft as the formula says them beside those that were measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.registry.speculation import measured_rounds
from ironlaw.system.acceptance import acceptances, formula_speedup, tokens_per_round

if TYPE_CHECKING:
    from ironlaw.registry.speculation import MeasuredRound


class Judged(NamedTuple):
    """A measured round beside its prediction.

    Attributes:
        round: What was measured.
        predicted: The speed-up by the formula.
    """

    round: MeasuredRound
    predicted: float

    @property
    def tokens(self) -> float:
        """Tokens of a round, E: the speed-up if drafting cost nothing."""
        return tokens_per_round(acceptances(self.round.acceptance, self.round.draft_len))

    @property
    def miss(self) -> float:
        """The prediction over what was measured, less 1."""
        return self.predicted / self.round.speedup - 1.0


def judged_rounds() -> tuple[Judged, ...]:
    """Every measured round with the speed-up of the formula, whose check costs as much as a step.

    Example:
        >>> round(judged_rounds()[0].predicted, 2)
        3.16
    """
    return tuple(
        Judged(
            one,
            formula_speedup(acceptances(one.acceptance, one.draft_len), draft_cost=one.draft_cost),
        )
        for one in measured_rounds()
    )
