"""What a part of a mission consists of; each track fills it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ironlaw.lab.challenge import Challenge, Tried
from ironlaw.lab.messages import Knob
from ironlaw.lab.questions import Answer, Question, Verdict
from ironlaw.lab.recording import Recording
from ironlaw.lab.runs import Counted, Run

Answers = Mapping[str, Answer]
Knobs = Mapping[str, Knob]
Content = dict[str, object]


QUARTER_HOUR = 15.0 * 60.0
"""How long a part should take [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a learner stands in a part, folded from its events.

    Attributes:
        at: The beat.
        started: When the part began [s since 1970].
        seed: What the case of the part is drawn by; None where nothing is drawn.
        answers: The locked prediction.
        knobs: Where the knobs stand.
        runs: The runs that were made, in order.
        claims: The answers of each attempt at the reflection, in order.
        verdicts: On the last attempt.
        defended: The knobs at which it was made.
        passed: Whether all of it was right.
        tries: The attempts at the challenge, in order.
        earlier: Where they stand in the parts that were begun before this one, by number.
    """

    at: str
    started: float
    seed: int | None = None
    answers: Answers | None = None
    knobs: Knobs = field(default_factory=dict[str, "Knob"])
    runs: tuple[Run, ...] = ()
    claims: tuple[Answers, ...] = ()
    verdicts: Mapping[str, Verdict] | None = None
    defended: Knobs = field(default_factory=dict[str, "Knob"])
    passed: bool = False
    tries: tuple[Tried, ...] = ()
    earlier: Mapping[int, Standing] = field(default_factory=dict[int, "Standing"])

    @property
    def proved(self) -> Tried | None:
        """The attempt at the challenge that held; None if none did."""
        return next((one for one in self.tries if one.proved), None)

    @property
    def attempts(self) -> int:
        """How often the reflection was tried."""
        return len(self.claims)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTrace:
    """How a part looks at a trace of the learner's own.

    Attributes:
        start: Where the knobs stand at first.
        turn: The knobs after some of them were turned; refuses what cannot be.
        bench: The workbench over it.
    """

    start: Callable[[Recording], dict[str, Knob]]
    turn: Callable[[Recording, Knobs, Knobs], dict[str, Knob]]
    bench: Callable[[Recording, Knobs], Content]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a mission.

    Attributes:
        number: 1, 2 or 3.
        title: Its name.
        budget: How long it should take [s].
        stakeholder: Who asks.
        says: What they say, computed.
        story: The story, computed.
        prediction: Questions of the lock.
        start: Where the knobs stand at first.
        turn: The knobs after some of them were turned; refuses what cannot be.
        in_words: Where the knobs stand, in a line.
        bench: The workbench.
        counted: How its runs are counted; None where the instruments answer at once.
        call: The call to the reveal: a lead and the label of the button.
        reveal: Prediction against reality.
        prompt: What the reflection asks: who asks, and for what.
        exhibit: The bench of the reflection.
        reset: The knobs at which the reflection begins, from where they stand.
        reflection: Questions of the reflection, at some knobs.
        objection: Why no claim can be judged at some knobs; None if one can.
        judge: Verdicts on its answers, where a learner stands.
        said: The locked prediction in a few words, for the rail.
        summary: What the ledger shows of it: labels and values.
        own: How it looks at a trace of the learner's own; None where it does not.
        drawn: The same part over the case of a seed; None where nothing is drawn.
        challenge: What the stakeholder demands to be proved in the workbench; None where nothing is.
        waterfall: What precision, fusion and algorithm have each done in the whole mission, for the ledger; None where
            there is none, or none yet.
    """

    number: int
    title: str
    budget: float = QUARTER_HOUR
    stakeholder: str
    says: Callable[[], str]
    story: Callable[[], Content]
    prediction: tuple[Question, ...]
    start: Callable[[], dict[str, Knob]]
    turn: Callable[[Knobs, Knobs], dict[str, Knob]]
    in_words: Callable[[Knobs], str]
    bench: Callable[[Standing], Content]
    counted: Counted | None
    call: tuple[str, str]
    reveal: Callable[[Standing], Content]
    prompt: tuple[str, str]
    exhibit: Callable[[Standing], Content]
    reset: Callable[[Knobs], dict[str, Knob]]
    reflection: Callable[[Knobs], tuple[Question, ...]]
    objection: Callable[[Knobs], str | None]
    judge: Callable[[Answers, Standing], dict[str, Verdict]]
    said: Callable[[Answers], str]
    summary: Callable[[Standing], list[tuple[str, str]]]
    own: OwnTrace | None = None
    drawn: Callable[[int], Part] | None = None
    challenge: Challenge | None = None
    waterfall: Callable[[Standing], Content | None] | None = None

    def still_to_do(self, standing: Standing) -> str | None:
        """What has to be done in the workbench before the reveal; None if nothing.

        Args:
            standing: Where the learner stands.
        """
        if self.challenge is not None:
            return self.challenge.objection(standing.tries)
        return None if self.counted is None else self.counted.objection(standing.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One of the four tracks; it has no parts while its first is not built."""

    id: str
    name: str
    persona: str
    stakeholder: str
    north_star: str
    machine: str
    crisis: str
    parts: tuple[Part, ...] = ()

    def after(self, part: Part) -> Part | None:
        """The part that follows one; None if it is not built."""
        later = [other for other in self.parts if other.number > part.number]
        return later[0] if later else None

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
            "open": bool(self.parts),
            "minutes": 45,
            "parts": [
                {"number": part.number, "title": part.title, "minutes": round(part.budget / 60.0)}
                for part in self.parts
            ],
        }
