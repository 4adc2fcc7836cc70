"""A workbench over recorded frames: their distribution, one of them beside the median one, and what is late in it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.base.errors import DomainError
from ironlaw.instruments.frame_series import frames_picture
from ironlaw.instruments.gauges import Gauge
from ironlaw.instruments.lanes import NANOSECOND, aligned, by_excess, events_table, lanes_picture
from ironlaw.instruments.scale import grouped, percent, with_prefix
from ironlaw.lab.knobs import Choice

if TYPE_CHECKING:
    from ironlaw.base.equation import Node
    from ironlaw.instruments.lanes import Late
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Content, Knobs
    from ironlaw.lab.recording import Recording

FRAME, EVENT = "frame", "event"
NOTHING = "none"
_LISTED = 40
_CALM = 4  # frames to choose from beside those that stand out
_MOST_SPIKES = 40
_WORST = 5


def start(recording: Recording) -> dict[str, Knob]:
    """What is looked at before anything was chosen.

    Args:
        recording: The frames.
    """
    return {FRAME: f"{recording.first_look}", EVENT: NOTHING}


def turn(recording: Recording, knobs: Knobs, change: Knobs) -> dict[str, Knob]:
    """What is looked at after something was chosen: any frame, and any of its events.

    Args:
        recording: The frames.
        knobs: What is looked at.
        change: New values by knob.

    Raises:
        DomainError: for a knob, a frame or an event that is not there.
    """
    for name in change:
        if name not in (FRAME, EVENT):
            raise DomainError("knobs", name, f"the knobs {FRAME}, {EVENT}")
    frame = change.get(FRAME, knobs[FRAME])
    last = len(recording.latencies) - 1
    if not isinstance(frame, str) or not frame.isdecimal() or int(frame) > last:
        raise DomainError(f"knobs.{FRAME}", frame, f"the frames 0 to {last}")
    frame = f"{int(frame)}"
    known = {item.id for item in recording.items(int(frame))}
    event = change.get(EVENT, NOTHING if frame != knobs[FRAME] else knobs[EVENT])
    if event != NOTHING and event not in known:
        raise DomainError(f"knobs.{EVENT}", event, f"the events of frame {frame}, or {NOTHING}")
    return {**knobs, FRAME: frame, EVENT: event}


def in_words(knobs: Knobs) -> str:
    """What is looked at, in a line.

    Args:
        knobs: What is looked at.
    """
    event = "" if knobs[EVENT] == NOTHING else f", event {knobs[EVENT]}"
    return f"frame {knobs[FRAME]}{event}"


def controls(recording: Recording, knobs: Knobs) -> list[Content]:
    """The pickers: frames that stand out and some that do not, and the latest events of the frame.

    Args:
        recording: The frames.
        knobs: What is looked at.
    """
    frame = int(str(knobs[FRAME]))
    spikes = sorted(recording.spikes, key=lambda one: -recording.latencies[one])[:_MOST_SPIKES]
    frames = dict.fromkeys(
        (*sorted({*spikes, recording.first_look}), recording.median, *_calm(recording), frame)
    )
    latest = [late.item for late in late_events(recording, frame)[:_LISTED]]
    picked = [
        item for item in recording.items(frame) if item.id == knobs[EVENT] and item not in latest
    ]
    events = (
        (NOTHING, "none", None),
        *((item.id, item.label, item.row) for item in (*latest, *picked)),
    )
    return [
        Choice(
            id=FRAME, label="Frame", value=f"{recording.first_look}", group="look",
            options=tuple((f"{one}", _frame_words(recording, one), _group(recording, one)) for one in frames),
        ).to_dict(knobs[FRAME]),
        Choice(id=EVENT, label="Event", value=NOTHING, options=events, group="look").to_dict(knobs[EVENT]),
    ]  # fmt: skip


def _calm(recording: Recording) -> list[int]:
    """Frames that do not stand out, spread over the recording."""
    calm = [one for one in range(len(recording.latencies)) if one not in set(recording.spikes)]
    return [calm[len(calm) * place // _CALM] for place in range(_CALM)] if calm else []


def _frame_words(recording: Recording, frame: int) -> str:
    time = with_prefix(recording.seconds(frame), "s")
    name = ", the median frame" if frame == recording.median else ""
    return f"frame {grouped(frame)}: {time}{name}"


def _group(recording: Recording, frame: int) -> str:
    return "stand out" if frame in recording.spikes else "as usual"


@lru_cache(maxsize=8)
def _late(recording: Recording, frame: int) -> list[Late]:
    """The events of a frame by their excess."""
    return by_excess(aligned(recording.items(frame), recording.items(recording.median)))


def late_events(recording: Recording, frame: int) -> list[Late]:
    """The events of a frame beside those of the median frame, the latest first.

    Args:
        recording: The frames.
        frame: Which.
    """
    return _late(recording, frame)


def audit_view(recording: Recording, knobs: Knobs) -> Content:
    """The workbench at some knobs.

    Args:
        recording: The frames.
        knobs: What is looked at.
    """
    frame = int(str(knobs[FRAME]))
    event = None if knobs[EVENT] == NOTHING else str(knobs[EVENT])
    found = late_events(recording, frame)
    roofline = recording.roofline(frame, recording.median)
    return {
        "kind": "audit",
        "claim": _claim(recording, frame, found),
        "configuration": recording.title,
        "source": recording.source,
        "controls": controls(recording, knobs),
        "frames": frames_picture(
            _title(recording),
            [time * NANOSECOND for time in recording.latencies],
            recording.figures,
            recording.spikes,
            frame,
        ).to_dict(),
        "lanes": lanes_picture(
            f"Frame {grouped(frame)} beside the median frame {grouped(recording.median)}",
            recording.items(frame),
            recording.items(recording.median),
            recording.rows,
            event,
            recording.deadline,
        ).to_dict(),
        "roofline": None if roofline is None else roofline.to_dict(),
        "figures": [
            {"label": one.label, "frame": one.frame, "median": one.median}
            for one in recording.read_off(frame, recording.median)
        ],
        "gauges": [gauge.to_dict() for gauge in _gauges(recording, frame)],
        "peeks": [equation.to_dict() for equation in _peeks(recording, frame, event)],
        "events": events_table(found, recording.rows, _LISTED).to_dict(),
        "closing": _closing(recording, frame),
    }


def _closing(recording: Recording, frame: int) -> Content | None:
    """The auditor's reading of a frame, where it is asked."""
    told = None if recording.auditor is None else recording.auditor(frame)
    return None if told is None else {"rerun": None, "score": None, "auditor": told}


def _title(recording: Recording) -> str:
    """The distribution in a sentence."""
    figures = recording.figures
    usual, most = (with_prefix(value, "s") for value in (figures.median, figures.maximum))
    if figures.deadline is None or figures.miss_bounds is None:
        return f"{grouped(figures.n_frames)} frames: {usual} in the median, {most} at the most that was seen"
    low, high = map(percent, figures.miss_bounds)
    return (
        f"{grouped(figures.misses)} of {grouped(figures.n_frames)} frames are past "
        f"{with_prefix(figures.deadline, 's')}: between {low} and {high} of all, at 95 %"
    )


def _claim(recording: Recording, frame: int, found: list[Late]) -> str:
    """What the frame that is looked at shows, in a sentence: how late, and where that stands; not why."""
    over = recording.seconds(frame) - recording.figures.median
    took = f"Frame {grouped(frame)} took {with_prefix(recording.seconds(frame), 's')}"
    if frame == recording.median:
        return f"{took}: it stands for the usual frame."
    if frame not in recording.spikes:
        return f"{took}, as a frame usually does."
    late = len([one for one in found[:_LISTED] if one.excess * NANOSECOND > over / _WORST])
    return (
        f"{took}, {with_prefix(over, 's')} over the median; {grouped(late)} of its events are late or long by more "
        f"than {percent(1.0 / _WORST)} of that. Late is not guilty."
    )


def _gauges(recording: Recording, frame: int) -> tuple[Gauge, ...]:
    figures = recording.figures
    usual = Gauge(
        id="over_median",
        label="Latency over the median",
        value=recording.seconds(frame) / figures.median,
        note=f"of {with_prefix(figures.median, 's')}",
        tone="plain",
    )
    if figures.deadline is None:
        return (usual,)
    used = recording.seconds(frame) / figures.deadline
    return (
        usual,
        Gauge(
            id="deadline",
            label="Deadline used",
            value=used,
            note=f"of {with_prefix(figures.deadline, 's')}",
            tone="bad" if used > 1.0 else "plain",
        ),
        Gauge(
            id="misses",
            label="Frames past the deadline",
            value=figures.misses / figures.n_frames,
            note=f"{grouped(figures.misses)} of {grouped(figures.n_frames)}",
            tone="bad" if figures.misses else "plain",
        ),
    )


def _peeks(recording: Recording, frame: int, event: str | None) -> tuple[Equation, ...]:
    """The equations behind the instruments."""
    whole = Equation(
        title="Excess of the frame",
        left=Symbol("d", "excess of the frame", None, "s"),
        right=Term(
            "difference",
            (
                Symbol("T", "latency of the frame", recording.seconds(frame), "s"),
                Symbol("T", "median of all frames", recording.figures.median, "s", "med"),
            ),
        ),
        source="the recording",
    )
    found = next((one for one in late_events(recording, frame) if one.item.id == event), None)
    misses = _miss_equation(recording)
    return (whole, *((_event_equation(found),) if found else ()), *((misses,) if misses else ()))


def _event_equation(late: Late) -> Equation:
    def seconds(symbol: str, name: str, value: int, sub: str) -> Symbol:
        return Symbol(symbol, name, value * NANOSECOND, "s", sub)

    longer: Node = Term(
        "difference",
        (
            seconds("t", "its duration", late.item.duration, "dur"),
            seconds("t", "in the median frame", late.usual, "med"),
        ),
    )
    later: Node = Term(
        "difference",
        (
            seconds("g", "gap before it on its row", late.gap, "gap"),
            seconds("g", "in the median frame", late.usual_gap, "med"),
        ),
    )
    return Equation(
        title=f"Excess of {late.item.label}",
        left=Symbol("d", "longer, and later after the one before it", None, "s", "i"),
        right=Term("sum", (longer, later)),
        source="each event beside its like in the median frame",
    )


def _miss_equation(recording: Recording) -> Equation | None:
    figures = recording.figures
    if figures.deadline is None:
        return None
    return Equation(
        title="Share of frames past the deadline",
        left=Symbol("p", "misses", None, ""),
        right=Term(
            "fraction",
            (
                Symbol("k", "frames past the deadline", float(figures.misses), ""),
                Symbol("n", "frames", float(figures.n_frames), ""),
            ),
        ),
        source="counted; its interval is Clopper and Pearson's, 1934",
    )
