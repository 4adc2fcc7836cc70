"""Events of a JSON trace to rows, each kind its own way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

from ironlaw.system.trace.categories import Phase
from ironlaw.system.trace.columns import ABSENT
from ironlaw.system.trace.decimals import many_nanoseconds, nanoseconds
from ironlaw.system.trace.rows import Arguments, Event, Rows

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW_EACH = {"X": Phase.SLICE, "i": Phase.INSTANT, "I": Phase.INSTANT, "n": Phase.INSTANT}
"""Events that are a row each."""

EDGES = "BE"
SPAN_OPENS = "bS"
SPAN_CLOSES = "eF"

SKIPPED = "stfNODPVvpRc(),T"
"""Flow, object, sample and mark events, which no column holds: the correlation says what a flow says."""

_WITH_ARGUMENTS = {*ROW_EACH, *EDGES, *SPAN_OPENS, *SPAN_CLOSES}
_SCALARS = (int, float, str)


class Sink:
    """Where events go: into rows, names of tracks, samples."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def take_quick(self, events: Sequence[Any]) -> None:
        """Add what a typed decoder made.

        Args:
            events: Its structs, whose type is their phase.
        """
        kinds: set[Any] = set(map(type, events))
        tags: dict[type, str] = {kind: kind.__struct_config__.tag for kind in kinds}
        if set(tags.values()) == {"X"}:
            self.rows.add(events, Phase.SLICE)
            return
        for kind, tag in tags.items():
            if tag in ROW_EACH:
                self.rows.add([one for one in events if type(one) is kind], ROW_EACH[tag])
        others = {kind for kind, tag in tags.items() if tag not in ROW_EACH and tag not in SKIPPED}
        if others:
            self._take_others([(tags[type(e)], e) for e in events if type(e) in others])

    def take_loose(self, events: Sequence[object]) -> None:
        """Add what a general decoder made.

        Args:
            events: Dictionaries, with fractions as texts; all else is counted as bad.
        """
        made = [loose_event(one) for one in events]
        found = [one for one in made if one is not None]
        self.rows.n_bad += len(made) - len(found)
        for tag, phase in ROW_EACH.items():
            alike = [event for its, event in found if its == tag]
            if alike:
                self.rows.add(alike, phase)
        self._take_others([one for one in found if one[0] not in ROW_EACH])

    def _take_others(self, events: Sequence[tuple[str, Any]]) -> None:
        self._take_edges([one for one in events if one[0] in EDGES])
        for tag, event in events:
            if tag == "M":
                self._take_name(event)
            elif tag == "C":
                self._take_sample(event)
            elif tag in SPAN_OPENS or tag in SPAN_CLOSES:
                self._take_span(tag, event)

    def _take_edges(self, events: Sequence[tuple[str, Any]]) -> None:
        """Begins become rows without an end yet; both are noted in the order of the file."""
        times = many_nanoseconds([event.ts for _, event in events])
        if times is None:
            timed = [one for one in events if many_nanoseconds([one[1].ts]) is not None]
            self.rows.n_bad += len(events) - len(timed)
            self._take_edges(timed)
            return
        row = len(self.rows)
        begins = [event for tag, event in events if tag == "B"]
        for event in begins:
            event.dur = b"0"
        if begins:
            self.rows.add(begins, Phase.SLICE)
        tracks, moments, opened = self.rows.edges
        moments.extend(times)
        number = self.rows.tracks.__getitem__
        for tag, event in events:
            tracks.append(number((event.pid, event.tid)))
            opened.append(row if tag == "B" else ABSENT)
            row += tag == "B"

    def _take_name(self, event: Any) -> None:  # noqa: ANN401 - a struct of a type made while running
        if event.name not in {"process_name", "thread_name"}:
            return
        name = fields_of(event.args).get("name")
        if not isinstance(name, _SCALARS):
            return
        tracks = self.rows.tracks
        whole = event.name == "process_name"
        tracks.name_one((event.pid, event.tid), clean(str(name)), whole_process=whole)

    def _take_sample(self, event: Any) -> None:  # noqa: ANN401 - a struct of a type made while running
        time = many_nanoseconds([event.ts])
        if time is None:
            self.rows.n_bad += 1
            return
        track = self.rows.tracks[event.pid, event.tid]
        for key, value in fields_of(event.args).items():
            try:
                number = float(cast("str", value))
            except (TypeError, ValueError):
                continue
            self.rows.add_sample(track, f"{event.name} {key}".strip(), time[0], number)

    def _take_span(self, tag: str, event: Any) -> None:  # noqa: ANN401 - a struct of a type made while running
        time = many_nanoseconds([event.ts])
        if time is None:
            self.rows.n_bad += 1
            return
        rows = self.rows
        key = (str(event.pid), event.cat, json.dumps(event.id, sort_keys=True))
        waiting = rows.open_spans.setdefault(key, [])
        if tag in SPAN_OPENS:
            waiting.append(len(rows))
            event.dur = b"-1"
            rows.add([event], Phase.SPAN)
        elif waiting:
            row = waiting.pop()
            rows.columns["duration"][row] = time[0] - rows.columns["start"][row]
        else:
            rows.n_unopened += 1


def fields_of(args: object) -> dict[str, object]:
    """The fields of an event's arguments, of a dictionary or of JSON text.

    Args:
        args: Either, or anything else, which has none.
    """
    if isinstance(args, dict):
        return cast("dict[str, object]", args)
    if args is None:
        return {}
    try:
        found: object = json.loads(
            str(memoryview(cast("bytes", args)).tobytes(), "utf-8", "replace")
        )
    except (ValueError, TypeError, RecursionError):
        return {}
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def clean(text: str) -> str:
    """A text that can be written out: half a surrogate pair cannot.

    Args:
        text: Any text.
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def loose_event(value: object) -> tuple[str, Event] | None:
    """An event of a general decoder with its phase; None where it is none.

    Args:
        value: What stood in the array of events.
    """
    if not isinstance(value, dict):
        return None
    found = cast("dict[str, object]", value)
    tag = found.get("ph")
    if not isinstance(tag, str) or len(tag) != 1:
        return None
    args: object = found.get("args")
    if tag in _WITH_ARGUMENTS:
        args = _arguments(cast("dict[str, object]", args)) if isinstance(args, dict) else None
    return tag, Event(
        name=_text(found.get("name")),
        ts=_time(found.get("ts")),
        dur=_time(found.get("dur", 0)),
        pid=_identity(found.get("pid", 0)),
        tid=_identity(found.get("tid", 0)),
        cat=_text(found.get("cat")),
        args=args,
        id=found.get("id", ""),
    )


def _text(value: object) -> str:
    return clean(str(value)) if isinstance(value, _SCALARS) else ""


def _identity(value: object) -> object:
    return (
        clean(value) if isinstance(value, str) else value if isinstance(value, int) else str(value)
    )


def _time(value: object) -> bytes:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return b"null"
    text = str(value).strip()
    return text.encode() if nanoseconds(text) is not None else b"null"


def _arguments(args: dict[str, object]) -> Arguments:
    return Arguments(
        correlation=args.get("correlation", ABSENT),
        external=args.get("External id", ABSENT),
        legacy=args.get("external id", ABSENT),
        stream=args.get("stream", ABSENT),
        device=args.get("device", ABSENT),
        bytes=args.get("bytes", 0),
        Bytes=args.get("Bytes", 0),
        where=args.get("Device Id", ABSENT),
        dims=_piece(args, "Input Dims"),
        types=_piece(args, "Input type"),
        concrete=_piece(args, "Concrete Inputs"),
    )


def _piece(args: dict[str, object], name: str) -> bytes:
    return (
        json.dumps(args[name], ensure_ascii=False).encode("utf-8", "replace")
        if name in args
        else b""
    )
