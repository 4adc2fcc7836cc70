"""The score of a verdict about a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.system.jitter.causes import EVIDENCE

if TYPE_CHECKING:
    from ironlaw.system.jitter.causes import Cause, Stage
    from ironlaw.system.jitter.truth import Truth

EVENT, STAGE, CLASS, PROOF, RERUN = 0.40, 0.15, 0.15, 0.20, 0.10
"""Weights of the event, its stage, the class of cause, the evidence, and the re-run without the cause."""
FALSE_ACCUSATION = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What someone says about a case.

    Attributes:
        event: Key of the guilty event, or "all kernels".
        stage: Where it stands.
        cause: Class of the cause.
        evidence: What proves it, by the names of `EVIDENCE`.
        rerun: The cause that was taken away in a re-run, after which the frame was in time; None if there was none.
        accused: Keys of events that were accused on the way.
    """

    event: str
    stage: Stage
    cause: Cause
    evidence: tuple[str, ...] = ()
    rerun: Cause | None = None
    accused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The parts of a score.

    Attributes:
        event: 0.40 for the exact event.
        stage: 0.15 for its stage.
        cause: 0.15 for the class.
        evidence: 0.20 times the F1 of the evidence against what the trace holds.
        rerun: 0.10 if the re-run takes away the cause and with it the spike.
        accusations: Minus 0.10 for each event that was accused falsely.
    """

    event: float
    stage: float
    cause: float
    evidence: float
    rerun: float
    accusations: float

    @property
    def total(self) -> float:
        """From 0 to 1."""
        parts = self.event + self.stage + self.cause + self.evidence + self.rerun
        return max(parts + self.accusations, 0.0)


def score(verdict: Verdict, truth: Truth) -> Score:
    r"""Judge a verdict.

    $$ S = 0.40 e + 0.15 s + 0.15 c + 0.20 F_1 + 0.10 r - 0.10 n_{false}, S \ge 0 $$

    Args:
        verdict: What was said.
        truth: What is.

    Raises:
        DomainError: for evidence that has no such name.
    """
    unknown = [name for name in verdict.evidence if name not in EVIDENCE]
    if unknown:
        raise DomainError("evidence", unknown[0], ", ".join(EVIDENCE))
    said, held = set(verdict.evidence), set(truth.evidence)
    both = len(said & held)
    accused = {verdict.event, *verdict.accused} - set(truth.events)
    return Score(
        event=EVENT * (verdict.event in truth.events),
        stage=STAGE * (verdict.stage in truth.stages),
        cause=CLASS * (verdict.cause is truth.cause),
        evidence=PROOF * 2.0 * both / (len(said) + len(held)),
        rerun=RERUN * (verdict.rerun is truth.cause),
        accusations=-FALSE_ACCUSATION * len(accused),
    )
