"""A spike beside the median frame, and the flame of the blame, as SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from xml.etree.ElementTree import SubElement

from ironlaw.faces.audit_pictures import canvas, ticks, words
from ironlaw.faces.svg_parts import shape
from ironlaw.instruments.scale import with_prefix
from ironlaw.system.audit.distribution import NANOSECOND
from ironlaw.system.audit.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree.ElementTree import Element

    from ironlaw.system.audit.compare import Seen
    from ironlaw.system.audit.verdict import Audit, Spike

GROUPS = {
    "work": "host work",
    "call": "runtime call",
    "gap": "host shows nothing",
    "kernel": "kernel",
    "copy": "copy",
    "wait": "queue, launch, return",
}
"""What the colours mean."""

_GROUP = {
    Kind.OPERATOR: "work",
    Kind.PYTHON: "work",
    Kind.COLLECTION: "work",
    Kind.SYSTEM: "work",
    Kind.RECORDER: "work",
    Kind.CALL: "call",
    Kind.ALLOCATION: "call",
    Kind.LOADING: "call",
    Kind.GAP: "gap",
    Kind.OFF_CORE: "gap",
    Kind.LOCK: "gap",
    Kind.KERNEL: "kernel",
    Kind.COPY: "copy",
}
_LEFT, _RIGHT = 4.0, 4.0
_BAND, _HEAD, _GAP = 30.0, 20.0, 16.0
_LETTER = 6.4  # px of a letter, roughly
_LEAST_LABEL = 26.0
_LEAST_WIDTH = 0.6  # px below which neighbours of one colour are drawn as one
_ROW = 26.0


class Part(NamedTuple):
    """A stretch of a ribbon."""

    start: int
    end: int
    group: str
    name: str


def group_of(kind: Kind) -> str:
    """The colour of a kind of segment.

    Args:
        kind: The kind.
    """
    return _GROUP.get(kind, "wait")


def beside(audit: Audit, spike: Spike, width: float) -> Element:
    """The critical path of a spike over that of the median frame, on one scale.

    Args:
        audit: The audit.
        spike: The spike.
        width: [px]
    """
    height = 2.0 * (_HEAD + _BAND) + _GAP + 24.0
    said = f"Critical path of frame {spike.frame} beside that of frame {audit.typical.place}, which is typical"
    root = canvas(width, height, said)
    scale = (width - _LEFT - _RIGHT) / max(spike.latency, audit.typical.latency, 1)
    for tick in ticks(spike.latency * NANOSECOND):
        x = _LEFT + tick / NANOSECOND * scale
        shape(root, "line", x1=x, x2=x, y1=_HEAD, y2=height - 22.0, **{"class": "grid"})
        side = "start" if x < _LEAST_LABEL else "end" if x > width - _LEAST_LABEL else "middle"
        words(root, x, height - 6.0, with_prefix(tick, "s", 2), anchor=side)
    _ribbon(root, spike.seen, _HEAD, scale, f"frame {spike.frame}")
    below = 2.0 * _HEAD + _BAND + _GAP
    _ribbon(root, audit.typical, below, scale, f"frame {audit.typical.place}, typical")
    deadline = audit.distribution.deadline
    if deadline is not None and deadline / NANOSECOND <= spike.latency:
        x = _LEFT + deadline / NANOSECOND * scale
        shape(root, "line", x1=x, x2=x, y1=_HEAD - 4.0, y2=height - 20.0, **{"class": "deadline"})
        said = f"deadline {with_prefix(deadline, 's')}"
        words(root, width - _RIGHT, _HEAD - 6.0, said, anchor="end", kind="alarm")
    return root


def _ribbon(root: Element, seen: Seen, top: float, scale: float, title: str) -> None:
    label = f"{title}: {with_prefix(seen.latency * NANOSECOND, 's')}"
    words(root, _LEFT, top - 6.0, label, kind="ink")
    for part in _parts(seen, scale):
        x = _LEFT + (part.start - seen.view.start) * scale
        across = max((part.end - part.start) * scale, 0.4)
        box = shape(root, "rect", x=x, y=top, width=across, height=_BAND, **{"class": part.group})
        time = with_prefix((part.end - part.start) * NANOSECOND, "s")
        SubElement(box, "title").text = f"{part.name or GROUPS[part.group]}: {time}"
        _label(root, part.name or GROUPS[part.group], part.group, (x, across), top + 19.0)


def _parts(seen: Seen, scale: float) -> list[Part]:
    """Segments, with those too small to see merged into their neighbours of one colour."""
    found: list[Part] = []
    for segment in seen.segments:
        part = Part(segment.start, segment.end, group_of(segment.kind), segment.name)
        last = found[-1] if found else None
        small = (part.end - part.start) * scale < _LEAST_WIDTH
        if last is not None and last.group == part.group and (small or last.name == part.name):
            name = last.name if last.end - last.start >= part.end - part.start else part.name
            found[-1] = Part(last.start, part.end, last.group, name)
        else:
            found.append(part)
    return found


def _label(root: Element, name: str, group: str, across: tuple[float, float], y: float) -> None:
    x, width = across
    letters = int((width - 8.0) / _LETTER)
    if width >= _LEAST_LABEL and letters > 1:
        shown = name if len(name) <= letters else f"{name[: letters - 1]}…"
        words(root, x + 5.0, y, shown, kind="onwait" if group in ("wait", "total") else "on")


def flame(spike: Spike, width: float) -> Element:
    """What the excess is made of: by stage, then by name; as wide as it is long.

    Args:
        spike: The spike.
        width: [px]
    """
    over = [one for one in spike.excesses if one.total > 0.0]
    total = max(sum(one.total for one in over), 1.0)
    scale = (width - _LEFT - _RIGHT) / total
    root = canvas(width, 3.0 * _ROW + 4.0, f"What the excess of frame {spike.frame} is made of")
    stages: dict[str, list[tuple[float, str, str]]] = {}
    for one in over:
        entry = (one.total, group_of(one.kind), one.name or GROUPS[group_of(one.kind)])
        stages.setdefault(one.stage or "outside any stage", []).append(entry)
    _row(
        root, 0, [(total, "total", f"above normal: {with_prefix(total * NANOSECOND, 's')}")], scale
    )
    ordered = sorted(stages.items(), key=lambda stage: -sum(part[0] for part in stage[1]))
    _row(root, 1, [(sum(p[0] for p in parts), "total", name) for name, parts in ordered], scale)
    leaves = [part for _, parts in ordered for part in sorted(parts, key=lambda part: -part[0])]
    _row(root, 2, leaves, scale)
    return root


def _row(root: Element, place: int, parts: Iterable[tuple[float, str, str]], scale: float) -> None:
    x, y = _LEFT, place * _ROW
    for time, group, name in parts:
        across = time * scale
        if across >= _LEAST_WIDTH:
            wide = max(across - 1.0, 0.4)
            box = shape(root, "rect", x=x, y=y, width=wide, height=_ROW - 2.0, **{"class": group})
            SubElement(box, "title").text = f"{name}: {with_prefix(time * NANOSECOND, 's')}"
            _label(root, name, group, (x, across), y + 16.0)
        x += across
