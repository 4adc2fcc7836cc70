"""A voice detector as the draft of an enhancer: it runs in every hop, and wakes the network where it hears speech."""

from __future__ import annotations

from dataclasses import dataclass

from ironlaw.base.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a detector hears, and how it errs.

    Attributes:
        speech: Share of the frames that hold speech, p, above 0.
        miss: Share of those that the detector sleeps through, m, below 1.
        false_alarm: Share of the others in which it wakes the enhancer, f.

    Raises:
        DomainError: naming the share.

    Example:
        >>> gate = Gate(speech=0.5, miss=0.1, false_alarm=0.2)
        >>> gate.accepted, round(gate.awake, 3)
        (0.45, 0.55)
    """

    speech: float
    miss: float = 0.0
    false_alarm: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no share, and a gate that never finds speech."""
        if not 0.0 < self.speech <= 1.0:
            raise DomainError("speech", self.speech, "(0, 1]")
        if not 0.0 <= self.miss < 1.0:
            raise DomainError("miss", self.miss, "[0, 1)")
        if not 0.0 <= self.false_alarm <= 1.0:
            raise DomainError("false_alarm", self.false_alarm, "[0, 1]")

    @property
    def accepted(self) -> float:
        """Share of the frames that hold speech and are enhanced, p · (1 - m)."""
        return self.speech * (1.0 - self.miss)

    @property
    def awake(self) -> float:
        """Share of the frames in which the enhancer runs, p' = p · (1 - m) + (1 - p) · f."""
        return self.accepted + (1.0 - self.speech) * self.false_alarm


def work_per_accepted(gate: Gate, detector: float, enhancer: float) -> float:
    r"""Work for each frame of speech that is enhanced.

    $$ O = (O_{det} + p' O_{enh}) / (p (1 - m)) $$

    Always more than the enhancer's own: as with drafted tokens, what is drafted in vain was work too.

    Args:
        gate: What the detector hears, and how it errs.
        detector: Work of the detector in a frame, O_det [FLOP].
        enhancer: Work of the enhancer in a frame, O_enh [FLOP].

    Returns:
        It [FLOP].

    Source:
        ironlaw-dossier, §7: work for an accepted token.
    """
    return (detector + gate.awake * enhancer) / gate.accepted
