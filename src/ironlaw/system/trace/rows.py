"""The growing columns of a trace that is being read."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import repeat
from operator import attrgetter, is_
from typing import TYPE_CHECKING, Any

from ironlaw.system.trace.categories import Category, Phase
from ironlaw.system.trace.columns import ABSENT, Counter
from ironlaw.system.trace.decimals import many_nanoseconds
from ironlaw.system.trace.tables import Categories, RawTexts, Texts, Tracks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

CODES = {
    "phase": "b",
    "category": "b",
    "start": "q",
    "duration": "q",
    "track": "i",
    "name": "i",
    "correlation": "q",
    "external": "q",
    "device": "i",
    "stream": "i",
    "size": "q",
    "shapes": "i",
    "types": "i",
    "concrete": "i",
}
"""The columns of `Trace` and the type of each."""

DEFAULTS = {"phase": int(Phase.SLICE), "category": int(Category.OTHER), "size": 0, "duration": 0}
"""What a column holds where an event has no number of its own; `ABSENT` in the others."""

MOST_COUNTERS = 2000
"""Series of samples that are kept."""

_EVENT = tuple(map(attrgetter, ("name", "ts", "dur", "pid", "tid", "cat", "args")))
_ARGS = tuple(
    map(
        attrgetter,
        (
            *("correlation", "external", "legacy", "stream", "device", "bytes", "Bytes"),
            *("where", "dims", "types", "concrete"),
        ),
    )
)


@dataclass(slots=True)
class Arguments:
    """What is read of an event's `args`; a typed decoder brings an equal one of its own."""

    correlation: Any = ABSENT
    external: Any = ABSENT
    legacy: Any = ABSENT
    stream: Any = ABSENT
    device: Any = ABSENT
    bytes: Any = 0
    Bytes: Any = 0
    where: Any = ABSENT
    dims: Any = b""
    types: Any = b""
    concrete: Any = b""


NO_ARGUMENTS = Arguments()


@dataclass(slots=True)
class Event:
    """What is read of an event; numbers of time as they are written."""

    name: str = ""
    ts: bytes = b"null"
    dur: bytes = b"0"
    pid: object = 0
    tid: object = 0
    cat: str = ""
    args: Any = None
    id: object = ""


class Rows:
    """Columns that grow, in the order of the file, with the tables of their texts."""

    def __init__(self) -> None:
        self.columns: dict[str, array[int]] = {name: array(code) for name, code in CODES.items()}
        self.texts = Texts()
        self.raw_texts = RawTexts(self.texts)
        self.tracks = Tracks()
        self.categories = Categories()
        self.edges: tuple[array[int], array[int], array[int]] = (array("i"), array("q"), array("i"))
        """Track, time and row (`ABSENT` for an end) of the events that are written as two."""
        self.open_spans: dict[tuple[object, ...], list[int]] = {}
        self.last_edge: dict[int, int] = {}
        self.n_unopened = 0
        self.floor = 0
        """Events shorter than this were dropped [ns]."""
        self.spares_annotations = True
        self.n_thinned = 0
        self.thinned_time = 0.0
        self.counters: dict[tuple[int, str], Counter] = {}
        self.n_bad = 0
        self.lost: list[str] = []
        self.notes: list[str] = []

    def __len__(self) -> int:
        return len(self.columns["start"])

    def add(self, events: Sequence[Any], phase: Phase) -> int:
        """Append events that have a time; what has none is counted as bad.

        Args:
            events: `Event`, or what a typed decoder made in its likeness.
            phase: How they stand in time.

        Returns:
            How many were appended.
        """
        name, ts, dur, pid, tid, cat, args = (list(map(field, events)) for field in _EVENT)
        start, duration = many_nanoseconds(ts), many_nanoseconds(dur)
        if start is None or duration is None:
            timed = [one for one in events if many_nanoseconds([one.ts, one.dur]) is not None]
            self.n_bad += len(events) - len(timed)
            return self.add(timed, phase) if timed else 0
        columns = self.columns
        columns["phase"].extend(bytes([phase]) * len(start))
        columns["start"].extend(start)
        columns["duration"].extend(duration)
        columns["track"].extend(map(self.tracks.__getitem__, zip(pid, tid, strict=True)))
        columns["name"].extend(map(self.texts.__getitem__, name))
        kinds = array("b", map(self.categories.__getitem__, cat))
        columns["category"].extend(self._marks(kinds, name) if phase is Phase.INSTANT else kinds)
        self._add_arguments([one or NO_ARGUMENTS for one in args])
        return len(start)

    def _marks(self, kinds: array[int], names: Sequence[str]) -> array[int]:
        """Instants of memory are told by their name: older recorders gave them no category."""
        return array(
            "b",
            [
                Category.MEMORY if name == "[memory]" else kind
                for kind, name in zip(kinds, names, strict=True)
            ],
        )

    def _add_arguments(self, args: Sequence[Any]) -> None:
        found = [list(map(field, args)) for field in _ARGS]
        correlation, external, legacy, stream, device, size, change, where, *pieces = found
        columns = self.columns
        columns["correlation"].extend(_whole("q", correlation, ABSENT))
        columns["external"].extend(_whole("q", _either(external, legacy, ABSENT), ABSENT))
        columns["stream"].extend(_whole("i", stream, ABSENT))
        columns["device"].extend(_whole("i", _either(device, where, ABSENT), ABSENT))
        columns["size"].extend(_whole("q", _either(size, change, 0), 0))
        number = self.raw_texts.__getitem__
        for name, raw in zip(("shapes", "types", "concrete"), pieces, strict=True):
            if all(map(is_, raw, repeat(raw[0]))):  # mostly: not recorded at all
                columns[name].extend(repeat(number(bytes(raw[0])), len(raw)))
            else:
                columns[name].extend(map(number, map(bytes, raw)))

    def add_columns(self, start: Sequence[int], **values: Sequence[int] | int) -> None:
        """Append events by their columns; those that are left out are absent.

        Args:
            start: When each begins [ns].
            values: Under the names of the other columns a number for each, or one for all.

        Raises:
            TypeError: if a number is none; nothing is appended then.
            OverflowError: if a number does not fit its column; nothing is appended then.
        """
        made: dict[str, array[int]] = {"start": array("q", start)}
        for name, code in CODES.items():
            given = values.get(name, DEFAULTS.get(name, ABSENT))
            if name != "start":
                each = repeat(given, len(start)) if isinstance(given, int) else given
                made[name] = array(code, each)
        for name, column in made.items():
            self.columns[name].extend(column)

    def add_sample(self, track: int, name: str, time: int, value: float) -> None:
        """Append a sample of a counter.

        Args:
            track: Number of its track.
            name: What was sampled.
            time: When [ns].
            value: What was read, in the recorder's own unit.
        """
        key = (track, name)
        series = self.counters.get(key)
        if series is None:
            if len(self.counters) >= MOST_COUNTERS:
                return
            series = Counter(name=name, track=track, time=array("q"), value=array("d"))
            self.counters[key] = series
        series.time.append(time)
        series.value.append(value)


def _either(first: list[Any], second: list[Any], missing: int) -> list[Any]:
    """The first spelling of a number, or the second where the first is missing."""
    if second.count(missing) == len(second):
        return first
    return [b if a == missing else a for a, b in zip(first, second, strict=True)]


def _whole(code: str, values: Iterable[Any], missing: int) -> array[int]:
    """Whole numbers as a column; what is none, or does not fit, is missing."""
    listed = list(values)
    try:
        return array(code, listed)
    except (TypeError, OverflowError):
        fits: Callable[[int], bool] = _FITS[code]
        numbers = (_number(one) for one in listed)
        return array(code, [n if n is not None and fits(n) else missing for n in numbers])


_FITS: dict[str, Callable[[int], bool]] = {
    "q": lambda n: -(2**63) <= n < 2**63,
    "i": lambda n: -(2**31) <= n < 2**31,
}


def _number(value: object) -> int | None:
    """A whole number, however it was written; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        return int(value)
    except (ValueError, OverflowError):
        return None
