"""What the page shows of a state. Nothing of the workbench is in a view before the prediction is locked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ironlaw.base.plain import plain_fields
from ironlaw.lab.event_words import in_words
from ironlaw.lab.ledger import is_intact
from ironlaw.lab.progress import BEATS, State, may_visit, track_of
from ironlaw.lab.tracks.catalogue import tracks

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.lab.ledger import Event
    from ironlaw.lab.part import Content, Part
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
    progress = state.progress
    track = track_of(progress)
    part = None if track is None else track.part
    return {
        "beat": state.beat,
        "at": progress.at,
        "ledger": {
            "id": state.ledger.id,
            "events": len(state.ledger.events),
            "head": state.ledger.head[:_SEAL_DIGITS],
        },
        "notice": state.notice,
        "track": None if track is None else {"id": track.id, "name": track.name},
        "part": None if part is None else _part(part, progress),
        "steps": [] if part is None else [_step(name, progress, part) for name in _STEPS],
        "stakeholder": None if part is None else {"who": part.stakeholder, "says": part.says()},
        "next": _next(state),
        "content": _content(state, part),
    }


def _part(part: Part, progress: Progress) -> Content:
    return {
        "number": part.number,
        "title": part.title,
        "budget_s": part.budget,
        "started_at": progress.started,
    }


def _step(beat: str, progress: Progress, part: Part) -> Content:
    title, note = _STEPS[beat]
    here, there = BEATS.index(progress.at), BEATS.index(beat)
    if beat == "lock" and progress.answers is not None:
        note = part.said(progress.answers)
    state = "now" if here == there else "done" if there < here else "todo"
    return {
        "beat": beat, "title": title, "state": state, "note": note,
        "open": may_visit(progress, beat),
    }  # fmt: skip


_ACTIONS: dict[str, tuple[str, str, str]] = {
    "story": ("Say what you expect before you look.", "To the lock", "begin"),
    "workbench": ("When you know which constraint binds, prove it.", "I can name it", "ready"),
    "reveal": ("The engine has spoken. Now make the claim your own.", "Defend it", "proceed"),
}


def _next(state: State) -> Content | None:
    """The one call to action; a form's own button where there is a form."""
    if state.looking is not None:
        return None
    if state.progress.at == "reflect" and state.progress.passed:
        lead, label, kind = "Every claim holds. Close the part.", "To the ledger", "finish"
    elif state.progress.at in _ACTIONS:
        lead, label, kind = _ACTIONS[state.progress.at]
    else:
        return None
    return {"lead": lead, "label": label, "message": {"type": kind}}


def _content(state: State, part: Part | None) -> Content:
    progress = state.progress
    if part is None:
        return {
            "lead": (
                "Three parts of a quarter of an hour: diagnose, fuse, change the algorithm. You predict before you "
                "see, and defend the result in a ledger."
            ),
            "tracks": [track.to_card() for track in tracks()],
        }
    contents: dict[str, Callable[[], Content]] = {
        "story": part.story,
        "lock": lambda: _lock(part, progress),
        "workbench": lambda: part.bench(state.knobs),
        "reveal": lambda: part.reveal(progress.answers or {}),
        "reflect": lambda: _reflect(state, part),
        "ledger": lambda: _ledger(state, part),
    }
    return contents[state.beat]()


def _lock(part: Part, progress: Progress) -> Content:
    return {
        "heading": "Before you look, commit",
        "questions": [question.to_dict() for question in part.prediction],
        "warning": "A commitment cannot be changed, and a reload does not undo it.",
        "submit": "Lock my prediction",
        "committed": None if progress.answers is None else dict(progress.answers),
    }


def _reflect(state: State, part: Part) -> Content:
    progress = state.progress
    verdicts = progress.verdicts
    return {
        "who": part.prompt[0],
        "disclaimer": "written for this lab, not a quotation",
        "prompt": part.prompt[1],
        "questions": [question.to_dict() for question in part.reflection(state.knobs)],
        "submit": "Defend it",
        "attempts": progress.attempts,
        "passed": progress.passed,
        "verdicts": None
        if verdicts is None
        else {name: plain_fields(verdict) for name, verdict in verdicts.items()},
        "bench": part.bench(state.knobs),
    }


def _ledger(state: State, part: Part) -> Content:
    progress = state.progress
    ledger = state.ledger
    pairs = [
        ("Attempts at the defence", f"{progress.attempts}"),
        *part.summary(progress.answers or {}, progress.verdicts or {}),
    ]
    return {
        "heading": "Your ledger",
        "verified": is_intact(ledger),
        "summary": [{"label": label, "value": value} for label, value in pairs],
        "events": [_event(event, part) for event in ledger.events],
        "export": {"id": ledger.id, "events": [event.to_dict() for event in ledger.events]},
    }


def _event(event: Event, part: Part) -> Content:
    when = datetime.fromtimestamp(event.time, tz=UTC).isoformat(timespec="seconds")
    return {
        "seq": event.seq,
        "time": when,
        "kind": event.kind,
        "summary": in_words(event, part),
        "hash": event.seal[:_SEAL_DIGITS],
    }
