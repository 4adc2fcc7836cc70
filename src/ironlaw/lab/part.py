"""What a part of a mission consists of; each track fills it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ironlaw.lab.knobs import Control
from ironlaw.lab.messages import Knob
from ironlaw.lab.questions import Question, Verdict

Answers = Mapping[str, str | float]
Knobs = Mapping[str, Knob]
Content = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a mission.

    Attributes:
        number: 1, 2 or 3.
        title: Its name.
        budget: How long it should take [s].
        stakeholder: Who asks.
        says: What they say, computed.
        prompt: What the reflection asks: who asks, and for what.
        story: The story, computed.
        prediction: Questions of the lock.
        controls: Knobs of the workbench.
        bench: The workbench at some knobs.
        reveal: Prediction against reality.
        reflection: Questions of the reflection, at some knobs.
        judge: Verdicts on its answers, at some knobs.
        reset: The knobs at which the reflection begins, from where they stand.
        said: The locked prediction in a few words, for the rail.
        summary: What the ledger shows of it, from the locked answers and the last verdicts.
    """

    number: int
    title: str
    budget: float
    stakeholder: str
    says: Callable[[], str]
    prompt: tuple[str, str]
    story: Callable[[], Content]
    prediction: tuple[Question, ...]
    controls: tuple[Control, ...]
    bench: Callable[[Knobs], Content]
    reveal: Callable[[Answers], Content]
    reflection: Callable[[Knobs], tuple[Question, ...]]
    judge: Callable[[Answers, Knobs], dict[str, Verdict]]
    reset: Callable[[Knobs], dict[str, Knob]]
    said: Callable[[Answers], str]
    summary: Callable[[Answers, Mapping[str, Verdict]], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One of the four tracks; `part` is None while its first part is not built."""

    id: str
    name: str
    persona: str
    stakeholder: str
    north_star: str
    machine: str
    crisis: str
    part: Part | None

    def to_card(self) -> Content:
        """The track as the page's card."""
        return {
            "id": self.id,
            "name": self.name,
            "persona": self.persona,
            "stakeholder": self.stakeholder,
            "north_star": self.north_star,
            "machine": self.machine,
            "crisis": self.crisis,
            "open": self.part is not None,
            "minutes": 45,
        }
