"""A mission is a fold over the events of its ledger: resume, replay and view are the same fold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import DomainError
from ironlaw.lab.challenge import tried_from
from ironlaw.lab.ledger import Event, EventKind, Ledger
from ironlaw.lab.part import Standing
from ironlaw.lab.questions import verdict_from
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.runs import Run, outcome_from
from ironlaw.lab.tracks.catalogue import track_named

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Answers, Knobs, Part, Track
    from ironlaw.lab.recording import Recording

BEATS = ("tracks", "story", "lock", "workbench", "reveal", "reflect", "ledger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a learner stands, folded from the ledger.

    Attributes:
        track: The track that was taken.
        number: The part at hand.
        parts: Where they stand in each part that was begun, by number.
    """

    track: str | None = None
    number: int = 0
    parts: Mapping[int, Standing] = field(default_factory=dict[int, Standing])

    @property
    def standing(self) -> Standing | None:
        """Where they stand in the part at hand."""
        return self.parts.get(self.number)

    @property
    def at(self) -> str:
        """The beat."""
        return "tracks" if self.standing is None else self.standing.at


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Loaded:
    """A trace of the learner's own that is looked at: its id, what it holds, and where the knobs over it stand."""

    id: str
    recording: Recording
    knobs: Mapping[str, Knob]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A ledger, what follows from it, and what need not be remembered.

    Attributes:
        ledger: The events.
        progress: Their fold.
        looking: A beat that the learner is looking at, where it is not the one they stand at.
        dragging: Knobs that are being turned and have not settled.
        notice: Something to say aloud.
        shelf: Traces of the learner's own that can be looked at, by id.
        loaded: The one that is looked at.
    """

    ledger: Ledger
    progress: Progress
    looking: str | None = None
    dragging: Mapping[str, Knob] | None = None
    notice: str | None = None
    shelf: Mapping[str, Recording] = field(default_factory=dict[str, "Recording"])
    loaded: Loaded | None = None

    @property
    def standing(self) -> Standing | None:
        """Where the learner stands in the part at hand, with the knobs as they stand at this moment."""
        standing = self.progress.standing
        if standing is None or self.dragging is None:
            return standing
        return replace(standing, knobs=self.dragging)

    @property
    def knobs(self) -> Knobs:
        """The knobs as they stand at this moment."""
        return {} if self.standing is None else self.standing.knobs

    @property
    def beat(self) -> str:
        """The beat that is shown."""
        return self.progress.at if self.looking is None else self.looking


def opened(
    ledger: Ledger,
    notice: str | None = None,
    shelf: Mapping[str, Recording] = MappingProxyType({}),
) -> State:
    """The state that follows from a ledger.

    Args:
        ledger: Events of a mission, or none.
        notice: Something to say aloud.
        shelf: Traces of the learner's own that can be looked at, by id.
    """
    return State(ledger=ledger, progress=fold(ledger.events), notice=notice, shelf=shelf)


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
    """Where the learner stands after one more event.

    Raises:
        RefusedError: for an event that belongs to no part.
    """
    if event.kind == "start":
        return _started(progress, event)
    standing = progress.standing
    if standing is None or progress.track is None:
        raise RefusedError("events", f"the event {event.kind} stands before the start of a part")
    part = part_of(progress.track, progress.number, standing.seed)
    new = _STEPS[event.kind](standing, event, part)
    return replace(progress, parts={**progress.parts, progress.number: new})


def _started(progress: Progress, event: Event) -> Progress:
    track = str(event.payload["track"])
    seed = cast("int | None", event.payload.get("seed"))
    part = part_of(track, int(cast("int", event.payload["part"])), seed)
    begun = Standing(
        at="story",
        started=event.time,
        seed=seed,
        knobs=part.start(),
        earlier={n: one for n, one in progress.parts.items() if n < part.number},
    )
    return Progress(track=track, number=part.number, parts={**progress.parts, part.number: begun})


def _read(standing: Standing, event: Event, part: Part) -> Standing:
    following = str(event.payload["next"])
    if following not in BEATS:
        raise RefusedError("next", f"there is no beat {following}")
    if following != "reflect":
        return replace(standing, at=following)
    return replace(standing, at=following, knobs=part.reset(standing.knobs))


def _predicted(standing: Standing, event: Event, _: Part) -> Standing:
    return replace(standing, answers=cast("Answers", event.payload["answers"]))


def _acted(standing: Standing, event: Event, _: Part) -> Standing:
    return replace(standing, knobs=cast("Knobs", event.payload["knobs"]))


def _ran(standing: Standing, event: Event, _: Part) -> Standing:
    run = Run(
        number=len(standing.runs) + 1,
        knobs=cast("Knobs", event.payload["knobs"]),
        outcome=outcome_from(cast("Mapping[str, object]", event.payload["outcome"])),
    )
    return replace(standing, runs=(*standing.runs, run), knobs=run.knobs)


def _tried(standing: Standing, event: Event, _: Part) -> Standing:
    one = tried_from(len(standing.tries) + 1, event.payload)
    return replace(standing, tries=(*standing.tries, one), knobs=one.knobs)


def _defended(standing: Standing, event: Event, _: Part) -> Standing:
    given = cast("Mapping[str, Mapping[str, object]]", event.payload["verdicts"])
    verdicts = {name: verdict_from(entry) for name, entry in given.items()}
    knobs = cast("Knobs", event.payload["knobs"])
    return replace(
        standing,
        claims=(*standing.claims, cast("Answers", event.payload["answers"])),
        knobs=knobs,
        defended=knobs,
        verdicts=verdicts,
        passed=all(verdict.right for verdict in verdicts.values()),
    )


def _decided(standing: Standing, event: Event, _: Part) -> Standing:
    """A decision closes the part; one that stands in the workbench is only written down."""
    following = str(event.payload.get("at", "ledger"))
    return standing if following == standing.at else replace(standing, at=following)


_STEPS: Mapping[EventKind, Callable[[Standing, Event, Part], Standing]] = MappingProxyType(
    {
        "read": _read,
        "predict": _predicted,
        "lock": lambda standing, _, __: replace(standing, at="workbench"),
        "act": _acted,
        "run": _ran,
        "prove": _tried,
        "reveal": lambda standing, _, __: replace(standing, at="reveal"),
        "reflect": _defended,
        "decide": _decided,
    }
)


def part_of(track: str, number: int | None = None, seed: int | None = None) -> Part:
    """A part of a track.

    Args:
        track: Id of the track.
        number: Number of the part; None for the first.
        seed: What its case is drawn by, where one is.

    Raises:
        RefusedError: if the track is not open yet.
        DomainError: if it has no such part.
    """
    parts = {part.number: part for part in track_named(track).parts}
    if not parts:
        raise RefusedError("track", f"the track {track} is not open yet")
    wanted = min(parts) if number is None else number
    if wanted not in parts:
        raise DomainError("part", wanted, f"the parts {', '.join(map(str, parts))} of {track}")
    part = parts[wanted]
    return part if seed is None or part.drawn is None else part.drawn(seed)


def may_visit(progress: Progress, beat: str) -> bool:
    """Whether a beat of the part at hand was reached already; the tracks are left for good once one is taken."""
    if beat == "tracks":
        return progress.track is None
    return BEATS.index(beat) <= BEATS.index(progress.at)


def track_of(progress: Progress) -> Track | None:
    """The track that was taken."""
    return None if progress.track is None else track_named(progress.track)
