"""Detectors for scenes: a gate looks at the scan and picks one of several networks, each narrower than one for all.

The mean frame is what the scenes of a drive cost. The worst one is what a deadline counts: the gate was wrong, that
expert's pass is thrown away, and the right one runs after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed

_WHOLE = 1e-9  # by how much shares may miss 1


class Expert(NamedTuple):
    """A detector for a scene.

    Attributes:
        scene: The scene that it was trained for.
        share: Share of the frames that are of this scene.
        time: A pass of it [s].
        general: Whether it knows every scene, so that to be sent here by mistake costs no second pass.
    """

    scene: str
    share: float
    time: float
    general: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """Experts behind a gate.

    Attributes:
        experts: One for each scene; one that is general and alone needs no gate.
        gate: Time of the gate on every frame [s].
        error: Probability that it picks a wrong expert; each wrong one is as likely as another.
    """

    experts: tuple[Expert, ...]
    gate: float
    error: float

    def __post_init__(self) -> None:
        """Refuse what is no set of experts.

        Raises:
            DomainError: for shares that do not add up to 1, a negative time, or an error outside [0, 1].
        """
        shares = [expert.share for expert in self.experts]
        if abs(summed(shares) - 1.0) > _WHOLE or min(shares, default=0.0) < 0.0:
            raise DomainError("share", shares, "the shares of all scenes, which add up to 1")
        for expert in self.experts:
            if not 0.0 <= expert.time < float("inf"):
                raise DomainError("time", expert.time, "[0, ∞)")
        if isinstance(self.error, bool) or not 0.0 <= self.error <= 1.0:
            raise DomainError("error", self.error, "the probabilities from 0 to 1")
        if not 0.0 <= self.gate < float("inf"):
            raise DomainError("gate", self.gate, "[0, ∞)")

    @property
    def gated(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.experts) > 1

    def right(self, expert: Expert) -> float:
        """Time where the gate picks the expert of the scene [s].

        Args:
            expert: Of the scene.
        """
        return (self.gate if self.gated else 0.0) + expert.time

    def wrong(self, expert: Expert, picked: Expert) -> float:
        """Time where it picks another one, whose boxes are no use: the right one runs after it [s].

        Args:
            expert: Of the scene.
            picked: The wrong one.
        """
        return self.gate + picked.time + (0.0 if picked.general else expert.time)

    @property
    def mean(self) -> float:
        """Over the scenes of the drive and the gate's mistakes [s]."""
        parts: list[float] = []
        for expert in self.experts:
            others = [other for other in self.experts if other is not expert]
            mistaken = [self.wrong(expert, other) / len(others) for other in others]
            error = self.error if others else 0.0
            time = (1.0 - error) * self.right(expert) + error * summed(mistaken)
            parts.append(expert.share * time)
        return summed(parts)

    @property
    def largest(self) -> float:
        """The slowest scene with a gate that is right [s]."""
        return max(self.right(expert) for expert in self.experts)

    @property
    def worst(self) -> float:
        """The slowest frame that can come: the gate is wrong where that costs most, unless it never is [s]."""
        if not self.gated or self.error == 0.0:
            return self.largest
        mistaken = [
            self.wrong(expert, other)
            for expert in self.experts
            for other in self.experts
            if other is not expert
        ]
        return max(self.largest, *mistaken)
