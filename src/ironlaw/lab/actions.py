"""What a message does: the events that it causes, or why it is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from ironlaw.base.errors import DomainError
from ironlaw.base.plain import plain_fields
from ironlaw.lab.ledger import EventKind, appended
from ironlaw.lab.progress import BEATS, Loaded, State, may_visit, part_of, step, track_of
from ironlaw.lab.questions import checked
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.seed import checked_seed, seed_of

if TYPE_CHECKING:
    from ironlaw.lab.messages import Message, MessageType
    from ironlaw.lab.part import Part, Standing

Answering: TypeAlias = "Callable[[State, Message, float], State]"


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
    return State(ledger=ledger, progress=progress, shelf=state.shelf)


def _require(state: State, at: str) -> None:
    if state.progress.at != at:
        raise RefusedError(
            "type", f"this is possible at {at}, and the mission is at {state.progress.at}"
        )


def _at(state: State, at: str) -> tuple[Part, Standing]:
    """The part at hand and where the learner stands in it, with the knobs of this moment.

    Raises:
        RefusedError: if the mission is at another beat.
    """
    _require(state, at)
    return _part(state), _standing(state)


def _part(state: State) -> Part:
    seed = None if state.progress.standing is None else state.progress.standing.seed
    return part_of(state.progress.track or "", state.progress.number, seed)


def _standing(state: State) -> Standing:
    """Where the learner stands in the part at hand.

    Raises:
        RefusedError: if no part was begun.
    """
    if state.standing is None:
        raise RefusedError("type", "no part was begun")
    return state.standing


def _moved(at: str, kind: EventKind, payload: Mapping[str, object]) -> Answering:
    """A message that only moves on from one beat."""

    def answering(state: State, _: Message, time: float) -> State:
        _require(state, at)
        return _with(state, kind, payload, time)

    return answering


def _chosen(state: State, message: Message, time: float) -> State:
    _require(state, "tracks")
    part = part_of(message.track or "", message.part)
    return _begun(state, message.track or "", part, message.seed, time)


def _begun(state: State, track: str, part: Part, asked: int | None, time: float) -> State:
    """The start of a part; a case is drawn by the seed asked for, else that of an earlier part, else the ledger's.

    Raises:
        RefusedError: for a seed where nothing is drawn.
        DomainError: for one that is none.
    """
    payload: dict[str, object] = {"track": track, "part": part.number}
    if part.drawn is not None:
        earlier = [s.seed for s in state.progress.parts.values() if s.seed is not None]
        known = earlier[0] if earlier else seed_of(state.ledger.id)
        payload["seed"] = known if asked is None else checked_seed(asked)
    elif asked is not None:
        raise RefusedError("seed", f"nothing is drawn in part {part.number} of {track}")
    return _with(state, "start", payload, time)


def _advanced(state: State, _: Message, time: float) -> State:
    _require(state, "ledger")
    part = _part(state)
    track = track_of(state.progress)
    following = None if track is None else track.after(part)
    if track is None or following is None:
        raise RefusedError("type", f"part {part.number} is the last one that is built")
    return _begun(state, track.id, following, None, time)


def _committed(state: State, message: Message, time: float) -> State:
    standing = state.progress.standing
    if standing is not None and standing.answers is not None:
        raise RefusedError("answers", "the prediction is locked; a commitment cannot be changed")
    part, _ = _at(state, "lock")
    answers = checked(part.prediction, message.answers)
    predicted = _with(state, "predict", {"answers": answers}, time)
    seal = predicted.ledger.head
    return _with(predicted, "lock", {"prediction": seal}, time)


def _turned(state: State, message: Message, time: float) -> State:
    _require_lock(state, "knobs")
    if state.loaded is not None and state.beat == "workbench":
        return _looked(state, state.loaded, message)
    settled = state.progress.standing
    knobs = _part(state).turn(state.knobs, message.knobs)
    if not message.settled:
        return replace(state, dragging=knobs)
    if settled is not None and knobs == settled.knobs:
        return replace(state, dragging=None)
    acted = _with(state, "act", {"knobs": knobs}, time)
    return replace(acted, looking=state.looking)


def _looked(state: State, loaded: Loaded, message: Message) -> State:
    """The same trace of one's own at other knobs; nothing of it is written down."""
    own = _part(state).own
    if own is None:
        return replace(state, loaded=None)
    knobs = own.turn(loaded.recording, loaded.knobs, message.knobs)
    return replace(state, loaded=replace(loaded, knobs=knobs))


def _loaded(state: State, message: Message, _: float) -> State:
    """A trace of one's own taken up, or the case again."""
    _require_lock(state, "trace")
    own = _part(state).own
    if own is None:
        raise RefusedError("trace", "this part looks at no trace of one's own")
    if state.beat != "workbench":
        raise RefusedError("trace", f"a trace is looked at in the workbench, not in {state.beat}")
    if message.trace is None:
        return replace(state, loaded=None)
    recording = state.shelf.get(message.trace)
    if recording is None:
        raise DomainError("trace", message.trace, "the traces that were sent to this server")
    loaded = Loaded(id=message.trace, recording=recording, knobs=own.start(recording))
    return replace(state, loaded=loaded, dragging=None)


def _require_lock(state: State, field: str) -> None:
    if state.progress.standing is None or state.progress.standing.answers is None:
        raise RefusedError(field, "the workbench opens when the prediction is locked")


def _ran(state: State, _: Message, time: float) -> State:
    _require_lock(state, "run")
    part, standing = _at(state, "workbench")
    counted = part.counted
    if counted is None:
        raise RefusedError("run", f"part {part.number} counts no runs: its instruments are live")
    if counted.left(standing.runs) <= 0:
        raise RefusedError("run", f"all {counted.limit} runs are made; there is no further one")
    knobs = dict(standing.knobs)
    outcome = counted.run(knobs)
    return _with(state, "run", {"knobs": knobs, "outcome": outcome.to_dict()}, time)


def _proved(state: State, message: Message, time: float) -> State:
    _require_lock(state, "prove")
    part, standing = _at(state, "workbench")
    challenge = part.challenge
    if challenge is None:
        raise RefusedError("prove", f"part {part.number} has nothing to prove")
    if challenge.left(standing.tries) <= 0:
        why = "it is proved" if standing.tries[-1].proved else "no attempt is left"
        raise RefusedError("prove", f"{why}: there is no further one")
    knobs = dict(standing.knobs)
    answers = checked(challenge.questions(knobs), message.answers)
    found = challenge.judge(answers, standing)
    payload = {"label": challenge.label(knobs), "knobs": knobs, "answers": answers}
    tried = _with(state, "prove", {**payload, **found.to_dict()}, time)
    decision = challenge.decision(answers, knobs) if found.proved else None
    if decision is None:
        return tried
    return _with(tried, "decide", {"decision": decision, "at": "workbench"}, time)


def _revealed(state: State, _: Message, time: float) -> State:
    part, standing = _at(state, "workbench")
    objection = part.still_to_do(standing)
    if objection is not None:
        raise RefusedError("ready", objection)
    return _with(state, "reveal", {}, time)


def _reflected(state: State, message: Message, time: float) -> State:
    part, standing = _at(state, "reflect")
    knobs = standing.knobs
    objection = part.objection(knobs)
    if objection is not None:
        raise RefusedError("knobs", objection)
    answers = checked(part.reflection(knobs), message.answers)
    verdicts = part.judge(answers, standing)
    payload: dict[str, object] = {
        "answers": answers,
        "knobs": dict(knobs),
        "verdicts": {name: plain_fields(verdict) for name, verdict in verdicts.items()},
    }
    return _with(state, "reflect", payload, time)


def _finished(state: State, _: Message, time: float) -> State:
    part, standing = _at(state, "reflect")
    if not standing.passed:
        raise RefusedError("finish", "the reflection is not right yet")
    return _with(state, "decide", {"decision": f"finished part {part.number}"}, time)


def _visited(state: State, message: Message, _: float) -> State:
    beat = message.beat or ""
    if beat not in BEATS:
        raise DomainError("beat", beat, f"the beats {', '.join(BEATS)}")
    if not may_visit(state.progress, beat):
        raise RefusedError("beat", f"{beat} is not open yet")
    return replace(state, looking=None if beat == state.progress.at else beat, dragging=None)


_ANSWERS: Mapping[MessageType, Answering] = MappingProxyType(
    {
        "hello": lambda state, _, __: state,
        "restart": lambda state, _, __: state,
        "choose": _chosen,
        "begin": _moved("story", "read", {"next": "lock"}),
        "commit": _committed,
        "turn": _turned,
        "run": _ran,
        "prove": _proved,
        "ready": _revealed,
        "proceed": _moved("reveal", "read", {"next": "reflect"}),
        "reflect": _reflected,
        "finish": _finished,
        "advance": _advanced,
        "visit": _visited,
        "load": _loaded,
    }
)
