"""A mission is a fold over the events of its ledger: resume, replay and view are the same fold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias, cast

from ironlaw.base.errors import DomainError, ModelError
from ironlaw.lab.knobs import start_values, turned
from ironlaw.lab.ledger import Event, EventKind, Ledger, appended
from ironlaw.lab.questions import Verdict, checked
from ironlaw.lab.tracks.catalogue import track_named

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob, Message, MessageType
    from ironlaw.lab.part import Part, Track

Answering: TypeAlias = "Callable[[State, Message, float], State]"

BEATS = ("tracks", "story", "lock", "workbench", "reveal", "reflect", "ledger")


class RefusedError(ModelError, ValueError):
    """Something that the mission does not allow at this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a learner stands, folded from the ledger.

    Attributes:
        track: The track that was taken.
        at: The beat.
        started: When the part began [s since 1970].
        answers: The locked prediction.
        knobs: Where the knobs stand.
        attempts: How often the reflection was tried.
        verdicts: On the last attempt.
        passed: Whether all of it was right.
    """

    track: str | None = None
    at: str = "tracks"
    started: float | None = None
    answers: Mapping[str, str | float] | None = None
    knobs: Mapping[str, Knob] = field(default_factory=dict[str, "Knob"])
    attempts: int = 0
    verdicts: Mapping[str, Verdict] | None = None
    passed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A ledger, what follows from it, and what need not be remembered.

    Attributes:
        ledger: The events.
        progress: Their fold.
        looking: A beat that the learner is looking at, where it is not the one they stand at.
        dragging: Knobs that are being turned and have not settled.
        notice: Something to say aloud.
    """

    ledger: Ledger
    progress: Progress
    looking: str | None = None
    dragging: Mapping[str, Knob] | None = None
    notice: str | None = None

    @property
    def knobs(self) -> Mapping[str, Knob]:
        """The knobs as they stand at this moment."""
        return self.progress.knobs if self.dragging is None else self.dragging

    @property
    def beat(self) -> str:
        """The beat that is shown."""
        return self.progress.at if self.looking is None else self.looking


def opened(ledger: Ledger, notice: str | None = None) -> State:
    """The state that follows from a ledger.

    Args:
        ledger: Events of a mission, or none.
        notice: Something to say aloud.
    """
    return State(ledger=ledger, progress=fold(ledger.events), notice=notice)


def fold(events: tuple[Event, ...]) -> Progress:
    """Where the learner stands after some events.

    Args:
        events: In order.
    """
    progress = Progress()
    for event in events:
        progress = step(progress, event)
    return progress


def step(progress: Progress, event: Event) -> Progress:
    """Where the learner stands after one more event."""
    return _STEPS[event.kind](progress, event)


def _started(_: Progress, event: Event) -> Progress:
    track = str(event.payload["track"])
    knobs = start_values(part_of(track).controls)
    return Progress(track=track, at="story", started=event.time, knobs=knobs)


def _read(progress: Progress, event: Event) -> Progress:
    following = str(event.payload["next"])
    if following not in BEATS:
        raise RefusedError("next", f"there is no beat {following}")
    if following != "reflect":
        return replace(progress, at=following)
    reset = part_of(progress.track or "").reset(progress.knobs)
    return replace(progress, at=following, knobs=reset)


def _predicted(progress: Progress, event: Event) -> Progress:
    return replace(progress, answers=cast("Mapping[str, str | float]", event.payload["answers"]))


def _acted(progress: Progress, event: Event) -> Progress:
    return replace(progress, knobs=cast("Mapping[str, Knob]", event.payload["knobs"]))


def _defended(progress: Progress, event: Event) -> Progress:
    given = cast("Mapping[str, Mapping[str, object]]", event.payload["verdicts"])
    verdicts = {name: _verdict(entry) for name, entry in given.items()}
    return replace(
        progress,
        attempts=progress.attempts + 1,
        knobs=cast("Mapping[str, Knob]", event.payload["knobs"]),
        verdicts=verdicts,
        passed=all(verdict.right for verdict in verdicts.values()),
    )


_STEPS: Mapping[EventKind, Callable[[Progress, Event], Progress]] = MappingProxyType(
    {
        "start": _started,
        "read": _read,
        "predict": _predicted,
        "lock": lambda progress, _: replace(progress, at="workbench"),
        "act": _acted,
        "reveal": lambda progress, _: replace(progress, at="reveal"),
        "reflect": _defended,
        "decide": lambda progress, _: replace(progress, at="ledger"),
    }
)


def _verdict(entry: Mapping[str, object]) -> Verdict:
    return Verdict(
        right=bool(entry["right"]),
        feedback=str(entry["feedback"]),
        answer=cast("str | float", entry["answer"]),
    )


def part_of(track: str) -> Part:
    """The part that a track begins with.

    Raises:
        RefusedError: if the track is not open yet.
    """
    part = track_named(track).part
    if part is None:
        raise RefusedError("track", f"the track {track} is not open yet")
    return part


def after(state: State, message: Message, time: float) -> State:
    """The state after a message.

    Args:
        state: Where the learner stands.
        message: What the page says.
        time: When [s since 1970].

    Returns:
        A state whose ledger holds the events that the message caused.

    Raises:
        RefusedError: if the message is not possible now; the state is unchanged.
        DomainError: if an answer or knob is outside what is allowed, naming it.
    """
    quiet = state if message.type == "hello" else replace(state, notice=None)
    return _ANSWERS[message.type](quiet, message, time)


def _with(state: State, kind: EventKind, payload: Mapping[str, object], time: float) -> State:
    ledger = appended(state.ledger, kind, payload, time)
    progress = step(state.progress, ledger.events[-1])
    return State(ledger=ledger, progress=progress)


def _require(state: State, at: str) -> None:
    if state.progress.at != at:
        raise RefusedError(
            "type", f"this is possible at {at}, and the mission is at {state.progress.at}"
        )


def _moved(at: str, kind: EventKind, payload: Mapping[str, object]) -> Answering:
    """A message that only moves on from one beat."""

    def answering(state: State, _: Message, time: float) -> State:
        _require(state, at)
        return _with(state, kind, payload, time)

    return answering


def _chosen(state: State, message: Message, time: float) -> State:
    _require(state, "tracks")
    part = part_of(message.track or "")
    return _with(state, "start", {"track": message.track, "part": part.number}, time)


def _committed(state: State, message: Message, time: float) -> State:
    if state.progress.answers is not None:
        raise RefusedError("answers", "the prediction is locked; a commitment cannot be changed")
    _require(state, "lock")
    part = part_of(state.progress.track or "")
    answers = checked(part.prediction, message.answers)
    predicted = _with(state, "predict", {"answers": answers}, time)
    seal = predicted.ledger.head
    return _with(predicted, "lock", {"prediction": seal}, time)


def _turned(state: State, message: Message, time: float) -> State:
    if state.progress.answers is None:
        raise RefusedError("knobs", "the workbench opens when the prediction is locked")
    part = part_of(state.progress.track or "")
    knobs = turned(part.controls, state.knobs, message.knobs)
    if not message.settled:
        return replace(state, dragging=knobs)
    if knobs == state.progress.knobs:
        return replace(state, dragging=None)
    settled = _with(state, "act", {"knobs": knobs}, time)
    return replace(settled, looking=state.looking)


def _reflected(state: State, message: Message, time: float) -> State:
    _require(state, "reflect")
    part = part_of(state.progress.track or "")
    knobs = state.knobs
    if part.reset(knobs) != dict(knobs):
        problem = "the claim is about the crisis: turn machine and load back to where they began"
        raise RefusedError("knobs", problem)
    answers = checked(part.reflection(knobs), message.answers)
    verdicts = part.judge(answers, knobs)
    payload: dict[str, object] = {
        "answers": answers,
        "knobs": dict(knobs),
        "verdicts": {
            name: {"right": verdict.right, "feedback": verdict.feedback, "answer": verdict.answer}
            for name, verdict in verdicts.items()
        },
    }
    return _with(state, "reflect", payload, time)


def _finished(state: State, _: Message, time: float) -> State:
    _require(state, "reflect")
    if not state.progress.passed:
        raise RefusedError("finish", "the reflection is not right yet")
    part = part_of(state.progress.track or "")
    return _with(state, "decide", {"decision": f"finished part {part.number}"}, time)


def _visited(state: State, message: Message, _: float) -> State:
    beat = message.beat or ""
    if beat not in BEATS:
        raise DomainError("beat", beat, f"the beats {', '.join(BEATS)}")
    if not may_visit(state.progress, beat):
        raise RefusedError("beat", f"{beat} is not open yet")
    return replace(state, looking=None if beat == state.progress.at else beat, dragging=None)


def may_visit(progress: Progress, beat: str) -> bool:
    """Whether a beat was reached already; the tracks are left for good once one is taken."""
    if beat == "tracks":
        return progress.track is None
    return BEATS.index(beat) <= BEATS.index(progress.at)


def track_of(progress: Progress) -> Track | None:
    """The track that was taken."""
    return None if progress.track is None else track_named(progress.track)


_ANSWERS: Mapping[MessageType, Answering] = MappingProxyType(
    {
        "hello": lambda state, _, __: state,
        "restart": lambda state, _, __: state,
        "choose": _chosen,
        "begin": _moved("story", "read", {"next": "lock"}),
        "commit": _committed,
        "turn": _turned,
        "ready": _moved("workbench", "reveal", {}),
        "proceed": _moved("reveal", "read", {"next": "reflect"}),
        "reflect": _reflected,
        "finish": _finished,
        "visit": _visited,
    }
)
