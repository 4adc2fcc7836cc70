"""Frames of a trace of the learner's own as the audit's workbench takes them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.instruments.lanes import NANOSECOND, Item, ItemKind
from ironlaw.instruments.scale import grouped, percent, with_prefix
from ironlaw.lab.file_roofline import file_rooflines
from ironlaw.lab.recording import Figure, Recording
from ironlaw.system.audit.verdict import audit_trace
from ironlaw.system.trace.categories import DEVICE_WORK, HOST, LAUNCHES, Category, Phase

if TYPE_CHECKING:
    from ironlaw.lab.part import Content
    from ironlaw.system.audit.verdict import Audit
    from ironlaw.system.trace.columns import Trace

MOST_ITEMS = 600
"""Events of a frame that are shown, the longest: a step of training may have a hundred thousand."""
_SHOWN = HOST | DEVICE_WORK | {Category.SCHEDULER, Category.SYNC}
_KINDS: dict[Category, ItemKind] = {
    Category.KERNEL: "kernel",
    Category.COPY: "copy",
    Category.SET: "copy",
    Category.RUNTIME: "call",
    Category.DRIVER: "call",
    Category.OPERATOR: "operator",
    Category.PYTHON: "operator",
    Category.ANNOTATION: "operator",
    Category.SYNC: "wait",
}


def file_recording(trace: Trace, name: str) -> Recording:
    """A trace as a recording, with the auditor's own reading of its spikes.

    Args:
        trace: What was read.
        name: Of the file, as the learner calls it.

    Raises:
        NoFramesError: if nothing in it repeats.
    """
    audit = audit_trace(trace)
    shown = _Shown(audit)
    latencies = tuple(audit.frames.latencies)
    spikes = audit.outliers.frames
    lost = [*trace.lost, *audit.remarks, *shown.left_out(spikes)]
    return Recording(
        source={"kind": "file", "name": name, "lost": lost},
        title=f"{name}: {grouped(len(latencies))} frames by {audit.frames.how}, spikes {audit.outliers.rule}",
        latencies=latencies,
        figures=audit.distribution,
        spikes=spikes,
        rule=audit.outliers.rule,
        first_look=max(spikes or range(len(latencies)), key=lambda one: latencies[one]),
        median=audit.typical.place,
        rows=shown.rows(),
        items=shown.items,
        roofline=file_rooflines(audit),
        read_off=shown.read_off,
        auditor=shown.auditor,
    )


class _Shown:
    """The events of a trace by frame."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._trace = audit.trace
        self._items: dict[int, tuple[Item, ...]] = {}

    def _all(self, frame: int) -> list[int]:
        """Rows that start in a frame and have a length, but for the frame itself."""
        trace, frames = self._trace, self._audit.frames
        whole = frames.start[frame], frames.latencies[frame]
        first = bisect_left(trace.start, frames.start[frame])
        last = bisect_left(trace.start, frames.end[frame], lo=first)
        return [
            row
            for row in range(first, last)
            if trace.duration[row] > 0
            and trace.phase[row] != Phase.INSTANT
            and Category(trace.category[row]) in _SHOWN
            and (trace.start[row], trace.duration[row]) != whole
        ]

    def items(self, frame: int) -> Sequence[Item]:
        """The longest events of a frame."""
        if frame not in self._items:
            rows = self._all(frame)
            longest = sorted(rows, key=lambda row: (-self._trace.duration[row], row))[:MOST_ITEMS]
            holds = self._holders(rows)
            start = self._audit.frames.start[frame]
            kept = sorted(longest)
            self._items[frame] = tuple(self._item(row, start, holds=row in holds) for row in kept)
        return self._items[frame]

    def _holders(self, rows: Sequence[int]) -> set[int]:
        """Rows inside which another one of the same track starts."""
        trace = self._trace
        last: dict[int, int] = {}
        found: set[int] = set()
        for row in rows:
            before = last.get(trace.track[row])
            if (
                before is not None
                and trace.start[before] + trace.duration[before] > trace.start[row]
            ):
                found.add(before)
            last[trace.track[row]] = row
        return found

    def _item(self, row: int, start: int, *, holds: bool) -> Item:
        trace = self._trace
        category, name = Category(trace.category[row]), trace.text(row)
        kind: ItemKind = _KINDS.get(category, "other")
        shapes = trace.shapes_text(row)
        return Item(
            id=f"e{row}",
            label=name,
            kind="wait" if category in LAUNCHES and "Synchronize" in name else kind,
            row=f"t{trace.track[row]}",
            stage="",
            start=trace.start[row] - start,
            duration=trace.duration[row],
            holds=holds,
            detail=f"inputs {shapes}" if shapes else "",
        )

    def rows(self) -> dict[str, str]:
        """The tracks in words: that of the frames first, then the others as the trace has them."""
        tracks = self._trace.tracks
        order = sorted(range(len(tracks)), key=lambda one: (one != self._audit.frames.track, one))
        return {
            f"t{one}": " ".join(
                part
                for part in (
                    tracks[one].process_name or tracks[one].process,
                    tracks[one].name or tracks[one].thread,
                )
                if part
            )
            for one in order
        }

    def left_out(self, spikes: Sequence[int]) -> list[str]:
        """What is not shown of the frames that stand out, in a sentence."""
        most = max((len(self._all(frame)) for frame in spikes), default=0)
        if most <= MOST_ITEMS:
            return []
        return [
            f"a frame has up to {grouped(most)} events: the {grouped(MOST_ITEMS)} longest are shown"
        ]

    def read_off(self, frame: int, median: int) -> Sequence[Figure]:
        """What was counted of two frames."""
        here, usual = self._counted(frame), self._counted(median)
        return tuple(Figure(label, here[label], usual[label]) for label in here)

    def _counted(self, frame: int) -> dict[str, str]:
        trace, rows = self._trace, self._all(frame)
        kinds = [Category(trace.category[row]) for row in rows]
        busy = summed(
            float(trace.duration[row])
            for row, kind in zip(rows, kinds, strict=True)
            if kind in DEVICE_WORK
        )
        time = self._audit.frames.latencies[frame] * NANOSECOND
        return {
            "latency": with_prefix(time, "s"),
            "events": grouped(len(rows)),
            "operators": grouped(kinds.count(Category.OPERATOR)),
            "calls of the runtime": grouped(len([kind for kind in kinds if kind in LAUNCHES])),
            "kernels": grouped(kinds.count(Category.KERNEL)),
            "work on the device": with_prefix(busy * NANOSECOND, "s"),
        }

    def auditor(self, frame: int) -> Content | None:
        """What the auditor says of a frame; None where it does not stand out."""
        spike = next((one for one in self._audit.spikes if one.frame == frame), None)
        if spike is None:
            return None
        verdict = spike.verdict
        explained = f"{percent(spike.explained)} of {with_prefix(spike.excess * NANOSECOND, 's')}"
        wanted = f" To decide it: {verdict.wanted}." if verdict.wanted else ""
        return {
            "claim": f"{verdict.culprit}, {explained}: {verdict.words}.{wanted}",
            "cause": verdict.cause.value,
            "culprit": verdict.culprit,
            "stage": verdict.stage,
            "evidence": verdict.evidence.value,
            "explained": spike.explained,
            "agrees": None,
        }
