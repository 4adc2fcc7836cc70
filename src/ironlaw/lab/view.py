"""What the page shows of a state. Nothing of the workbench is in a view before the prediction is locked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from ironlaw.base.plain import plain_fields
from ironlaw.lab.event_words import in_words
from ironlaw.lab.ledger import is_intact
from ironlaw.lab.progress import BEATS, State, may_visit, part_of, track_of
from ironlaw.lab.tracks.catalogue import tracks

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.lab.ledger import Event, Ledger
    from ironlaw.lab.part import Content, Part, Standing, Track
    from ironlaw.lab.progress import Progress

_STEPS = {
    "story": ("Story", "1 min"),
    "lock": ("Lock", "2 min"),
    "workbench": ("Workbench", "7 min"),
    "reveal": ("Reveal", "2 min"),
    "reflect": ("Reflect", "3 min"),
    "ledger": ("Ledger", ""),
}
_SEAL_DIGITS = 8


def view(state: State) -> Content:
    """The view of a state, as docs/protocol.md describes it.

    Args:
        state: Where the learner stands.
    """
    progress, standing = state.progress, state.standing
    track = track_of(progress)
    frame: Content = {
        "beat": state.beat,
        "at": progress.at,
        "ledger": {
            "id": state.ledger.id,
            "events": len(state.ledger.events),
            "head": state.ledger.head[:_SEAL_DIGITS],
        },
        "notice": state.notice,
    }
    if track is None or standing is None:
        return {
            **frame,
            "track": None,
            "part": None,
            "steps": [],
            "stakeholder": None,
            "next": None,
            "content": _all_tracks(),
        }
    part = part_of(track.id, progress.number, standing.seed)
    return {
        **frame,
        "track": {"id": track.id, "name": track.name, "parts": _parts(track, progress)},
        "part": _part(part, standing),
        "steps": [_step(name, progress, part) for name in _STEPS],
        "stakeholder": {"who": part.stakeholder, "says": part.says()},
        "next": _next(state, track, part),
        "content": _content(state, part, standing),
    }


def _all_tracks() -> Content:
    return {
        "lead": (
            "Three parts of a quarter of an hour: diagnose, fuse, change the algorithm. You predict before you "
            "see, and defend the result in a ledger."
        ),
        "tracks": [track.to_card() for track in tracks()],
    }


def _parts(track: Track, progress: Progress) -> list[Content]:
    """The parts of the track: done, at hand, still to do, or skipped by who joined in the middle."""
    shown: list[Content] = []
    for part in track.parts:
        if part.number == progress.number:
            state = "now"
        elif part.number in progress.parts:
            state = "done"
        else:
            state = "skipped" if part.number < progress.number else "todo"
        shown.append({"number": part.number, "title": part.title, "state": state})
    return shown


def _part(part: Part, standing: Standing) -> Content:
    return {
        "number": part.number,
        "title": part.title,
        "budget_s": part.budget,
        "started_at": standing.started,
    }


def _step(beat: str, progress: Progress, part: Part) -> Content:
    title, note = _STEPS[beat]
    here, there = BEATS.index(progress.at), BEATS.index(beat)
    standing = progress.standing
    if beat == "lock" and standing is not None and standing.answers is not None:
        note = part.said(standing.answers)
    state = "now" if here == there else "done" if there < here else "todo"
    return {
        "beat": beat, "title": title, "state": state, "note": note,
        "open": may_visit(progress, beat),
    }  # fmt: skip


def _next(state: State, track: Track, part: Part) -> Content | None:
    """The one call to action; a form's own button where there is a form."""
    at, standing = state.progress.at, state.progress.standing
    if state.looking is not None or standing is None:
        return None
    match at:
        case "story":
            lead, label, kind = "Say what you expect before you look.", "To the lock", "begin"
        case "workbench" if part.still_to_do(standing) is None:
            lead, label = part.call
            if part.challenge is not None and standing.proved is None:
                lead = "No attempt is left. See what you predicted, and what the engine says."
            kind = "ready"
        case "reveal":
            lead = "The engine has spoken. Now make the claim your own."
            label, kind = "Defend it", "proceed"
        case "reflect" if standing.passed:
            lead, label, kind = "Every claim holds. Close the part.", "To the ledger", "finish"
        case "ledger":
            following = track.after(part)
            if following is None:
                return None
            lead, label = f"Next: {following.title}.", f"To part {following.number}"
            kind = "advance"
        case _:
            return None
    return {"lead": lead, "label": label, "message": {"type": kind}}


def _content(state: State, part: Part, standing: Standing) -> Content:
    contents: dict[str, Callable[[], Content]] = {
        "story": part.story,
        "lock": lambda: _lock(part, standing),
        "workbench": lambda: _workbench(state, part, standing),
        "reveal": lambda: part.reveal(standing),
        "reflect": lambda: _reflect(part, standing),
        "ledger": lambda: _ledger(state),
    }
    return contents[state.beat]()


def _workbench(state: State, part: Part, standing: Standing) -> Content:
    """The bench of the part; over a trace of the learner's own while one is looked at."""
    if state.loaded is None or part.own is None:
        return part.bench(standing)
    return part.own.bench(state.loaded.recording, state.loaded.knobs)


def _lock(part: Part, standing: Standing) -> Content:
    return {
        "heading": "Before you look, commit",
        "questions": [question.to_dict() for question in part.prediction],
        "warning": "A commitment cannot be changed, and a reload does not undo it.",
        "submit": "Lock my prediction",
        "committed": None if standing.answers is None else dict(standing.answers),
    }


def _reflect(part: Part, standing: Standing) -> Content:
    verdicts = standing.verdicts
    return {
        "who": part.prompt[0],
        "disclaimer": "written for this lab, not a quotation",
        "prompt": part.prompt[1],
        "questions": [question.to_dict() for question in part.reflection(standing.knobs)],
        "submit": "Defend it",
        "attempts": standing.attempts,
        "passed": standing.passed,
        "verdicts": None
        if verdicts is None
        else {name: plain_fields(verdict) for name, verdict in verdicts.items()},
        "bench": part.exhibit(standing),
    }


def _ledger(state: State) -> Content:
    ledger, progress = state.ledger, state.progress
    sections = [
        _section(part_of(progress.track or "", number, standing.seed), standing)
        for number, standing in sorted(progress.parts.items())
    ]
    return {
        "heading": "Your ledger",
        "verified": is_intact(ledger),
        "sections": sections,
        "events": _events(ledger),
        "export": {"id": ledger.id, "events": [event.to_dict() for event in ledger.events]},
    }


def _section(part: Part, standing: Standing) -> Content:
    """A part as the ledger sums it up."""
    pairs = [("Attempts at the defence", f"{standing.attempts}"), *part.summary(standing)]
    return {
        "title": f"Part {part.number} · {part.title}",
        "summary": [{"label": label, "value": value} for label, value in pairs],
        "runs": None if part.counted is None else part.counted.table(standing.runs),
        "tries": [one.to_dict() for one in standing.tries],
        "optimizations": None
        if part.waterfall is None or not standing.passed
        else part.waterfall(standing),
    }


def _events(ledger: Ledger) -> list[Content]:
    """The events in words, each as the part says it that it belongs to."""
    shown: list[Content] = []
    part: Part | None = None
    for event in ledger.events:
        if event.kind == "start":
            number = int(cast("int", event.payload["part"]))
            seed = cast("int | None", event.payload.get("seed"))
            part = part_of(str(event.payload["track"]), number, seed)
        if part is not None:
            shown.append(_event(event, part))
    return shown


def _event(event: Event, part: Part) -> Content:
    when = datetime.fromtimestamp(event.time, tz=UTC).isoformat(timespec="seconds")
    return {
        "seq": event.seq,
        "time": when,
        "kind": event.kind,
        "summary": in_words(event, part),
        "hash": event.seal[:_SEAL_DIGITS],
    }
