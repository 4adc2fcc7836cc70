"""Nsight Systems' SQLite export (`nsys export --type sqlite`) to columns."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING, cast

from ironlaw.system.trace.categories import Category, Phase
from ironlaw.system.trace.columns import ABSENT, TraceError
from ironlaw.system.trace.finish import finished
from ironlaw.system.trace.nsight_file import NsightFile, Row
from ironlaw.system.trace.rows import Rows
from ironlaw.system.trace.thin import most_rows, thin

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ironlaw.system.trace.columns import Trace

PROCESS_STRIDE = 2**40
"""Correlations are unique in a process only: each process's are moved up by a multiple of this."""

_DEVICE_TABLES = {
    "CUPTI_ACTIVITY_KIND_KERNEL": Category.KERNEL,
    "CUPTI_ACTIVITY_KIND_MEMCPY": Category.COPY,
    "CUPTI_ACTIVITY_KIND_MEMSET": Category.SET,
    "CUPTI_ACTIVITY_KIND_SYNCHRONIZATION": Category.SYNC,
}
_CALL_TABLES = {"CUPTI_ACTIVITY_KIND_RUNTIME": Category.RUNTIME, "OSRT_API": Category.SYSTEM}
_RANGES = "NVTX_EVENTS"
_SCHEDULER = "SCHED_EVENTS"
TABLES = (*_CALL_TABLES, *_DEVICE_TABLES, _RANGES, _SCHEDULER)
"""The tables that hold events."""

_PLACES = "- HtoD DtoH HtoA AtoH AtoA AtoD DtoA DtoD HtoH PtoP"
_COPIES = dict(enumerate(_PLACES.split()))
_SYNCS = {1: "Event Sync", 2: "Stream Wait Event", 3: "Stream Sync", 4: "Context Sync"}
_MARK, _PUSH_POP, _START_END = 34, 59, 60  # eventType of NVTX_EVENTS
_THREAD_BITS = 24
_THREAD = (1 << _THREAD_BITS) - 1
_LIMIT = 2**62  # [ns]: sums of a start and a duration stay inside 64 bits
_SMALL = 2**31
_VERSION = re.compile(r"_v\d+(?:_ptsz|_ptds)?$")
_WARNING = 2  # severity of DIAGNOSTIC_EVENT
_MOST_WARNINGS = 5


def read_nsight(path: Path, progress: Callable[[int, int], None] | None = None) -> Trace:
    """An export of Nsight Systems as columns.

    Args:
        path: The database; it is opened read-only and nothing is written beside it.
        progress: Called with the rows that are read, and all of them.

    Raises:
        TraceError: if it is not Nsight's, or is damaged from the start.
    """
    try:
        file = NsightFile(path, progress)
        try:
            return _Export(str(path), file).trace()
        finally:
            file.close()
    except sqlite3.Error as problem:
        raise TraceError(str(path), f"is a damaged SQLite file: {problem}") from problem


class _Export:
    """One open export, and the rows that are read from it."""

    def __init__(self, path: str, file: NsightFile) -> None:
        self.path = path
        self.file = file
        self.rows = Rows()
        self.names: dict[object, int] = {}
        self.processes: dict[object, int] = {}
        self.n_unended = 0
        self.most = most_rows()

    def trace(self) -> Trace:
        """All tables that are there.

        Raises:
            TraceError: if none of Nsight's is.
        """
        if not any(map(self.file.columns, (*TABLES, "META_DATA_EXPORT"))):
            problem = "is SQLite but no export of Nsight Systems (nsys export --type sqlite)"
            raise TraceError(self.path, problem)
        self.file.announce(TABLES)
        for number, text in self.file.rows("StringIds", ("id", "value")):
            self.names[number] = self.rows.texts[_VERSION.sub("", str(text))]
        metadata = self._metadata()
        for table in filter(self.file.columns, TABLES):
            try:
                self._read(table)
            except sqlite3.Error as problem:
                self.rows.lost.append(f"table {table} is damaged and read in part: {problem}")
        if self.n_unended:
            self.rows.lost.append(f"ranges of NVTX that do not end: {self.n_unended}, left out")
        return finished(self.rows, self.path, "nsight", metadata)

    def _read(self, table: str) -> None:
        if table in _DEVICE_TABLES:
            self._read_device(table)
        elif table in _CALL_TABLES:
            self._read_calls(table)
        elif table == _RANGES:
            self._read_ranges()
        else:
            self._read_scheduler()

    def _add(self, made: Sequence[Row], category: Category, phase: Phase = Phase.SLICE) -> None:
        """Append events: start, end, track, name, correlation, device, stream, size of each."""
        if not made:
            return
        start, end, track, name, correlation, device, stream, size = zip(*made, strict=True)
        self.rows.add_columns(
            start,
            phase=phase,
            category=category,
            duration=[b - a for a, b in zip(start, end, strict=True)],
            track=track,
            name=name,
            correlation=correlation,
            device=device,
            stream=stream,
            size=size,
        )
        if len(self.rows) > self.most:
            thin(self.rows)

    def _timed(self, batch: Sequence[Row]) -> list[Row]:
        """The rows that begin and end; the others are counted as bad."""
        whole = [row for row in batch if _is_time(row[0]) and _is_time(row[1])]
        self.rows.n_bad += len(batch) - len(whole)
        return whole

    def _read_device(self, table: str) -> None:
        """Kernels, copies, sets and synchronisations, each on the track of its stream."""
        columns = ("start", "end", "deviceId", "streamId", "correlationId", "globalPid")
        said = ("bytes", "demangledName", "shortName", "copyKind", "syncType")
        kind = _DEVICE_TABLES[table]
        tracks = self.rows.tracks
        for batch in self.file.batches(table, (*columns, *said)):
            made = [
                (
                    *(start, end, tracks[f"GPU {device}", f"stream {stream}"]),
                    self._device_name(kind, names),
                    self._correlation(correlation, process),
                    *(_small(device), _small(stream), size if _is_time(size) else 0),
                )
                for start, end, device, stream, correlation, process, size, *names in self._timed(
                    batch
                )
            ]
            self._add(made, kind)

    def _device_name(self, kind: Category, names: Sequence[object]) -> int:
        """The name of device work: a kernel's own, or what is copied where."""
        long, short, copy, sync = names
        if kind is Category.KERNEL:
            return self._name(long if long in self.names else short)
        if kind is Category.COPY:
            return self.rows.texts[f"Memcpy {_COPIES.get(cast('int', copy), '')}".rstrip()]
        if kind is Category.SET:
            return self.rows.texts["Memset"]
        return self.rows.texts[_SYNCS.get(cast("int", sync), "Synchronization")]

    def _read_calls(self, table: str) -> None:
        """Calls of the runtime, of the driver, and into the operating system."""
        columns = ("start", "end", "globalTid", "nameId", "correlationId")
        kind = _CALL_TABLES[table]
        for batch in self.file.batches(table, columns):
            made: dict[Category, list[Row]] = {kind: [], Category.DRIVER: []}
            for start, end, thread, name, correlation in self._timed(batch):
                number = self._name(name)
                of_driver = kind is Category.RUNTIME and self._is_driver(number)
                joined = ABSENT
                if kind is Category.RUNTIME:
                    joined = self._correlation(correlation, _process_of(thread))
                row = (start, end, self._thread(thread), number, joined, ABSENT, ABSENT, 0)
                made[Category.DRIVER if of_driver else kind].append(row)
            for its, found in made.items():
                self._add(found, its)

    def _is_driver(self, name: int) -> bool:
        text = self.rows.texts.texts[name]
        return text.startswith("cu") and text[2:3].isupper()

    def _read_ranges(self) -> None:
        """Annotations of NVTX: pushed and popped, started and ended, and marks."""
        columns = ("start", "end", "eventType", "text", "textId", "globalTid")
        for batch in self.file.batches(_RANGES, columns):
            made: dict[Phase, list[Row]] = {phase: [] for phase in Phase}
            for start, end, kind, text, number, thread in batch:
                phase = _RANGE_PHASES.get(kind)
                if phase is None:
                    continue
                last = start if phase is Phase.INSTANT else end
                if not (_is_time(start) and _is_time(last)):
                    self.n_unended += 1
                    continue
                name = self._name(number) if text is None else self.rows.texts[str(text)]
                track = self._thread(thread)
                made[phase].append((start, last, track, name, ABSENT, ABSENT, ABSENT, 0))
            for phase, found in made.items():
                self._add(found, Category.ANNOTATION, phase)

    def _read_scheduler(self) -> None:
        """When each thread was off its core: from where it is scheduled out to where it is in again."""
        out: dict[object, int] = {}
        name = self.rows.texts["off its core"]
        columns = ("start", "isSchedIn", "globalTid")
        for batch in self.file.batches(_SCHEDULER, columns, order="start"):
            made: list[Row] = []
            for time, is_in, thread in batch:
                if not _is_time(time):
                    self.rows.n_bad += 1
                elif not is_in:
                    out[thread] = time
                elif thread in out:
                    begin, track = out.pop(thread), self._thread(thread)
                    made.append((begin, time, track, name, ABSENT, ABSENT, ABSENT, 0))
            self._add(made, Category.SCHEDULER, Phase.SPAN)

    def _name(self, number: object) -> int:
        """The name behind an id; an id without one says so."""
        known = self.names.get(number)
        return self.rows.texts[f"(name {number} is missing)"] if known is None else known

    def _thread(self, thread: object) -> int:
        if not isinstance(thread, int):
            return self.rows.tracks["", str(thread)]
        return self.rows.tracks[_process_text(thread), str(thread & _THREAD)]

    def _correlation(self, correlation: object, process: object) -> int:
        """A correlation that is unique in the trace; without a process it is held to be the first one's."""
        if not (isinstance(correlation, int) and 0 < correlation < PROCESS_STRIDE):
            return ABSENT
        if process is None:
            return correlation
        number = self.processes.setdefault(process, len(self.processes))
        return correlation + number * PROCESS_STRIDE

    def _metadata(self) -> dict[str, object]:
        """What the export says of itself and of the device; threads and processes take their names."""
        rows = self.file.rows
        found: dict[str, object] = {
            str(name): value for name, value in rows("META_DATA_EXPORT", ("name", "value"))
        }
        fields = ("id", "name", "clockRate", "memoryBandwidth", "smCount", "totalMemory")
        devices = [dict(zip(fields, row, strict=True)) for row in rows("TARGET_INFO_GPU", fields)]
        found["deviceProperties"] = devices
        tracks, texts = self.rows.tracks, self.rows.texts.texts
        for device in devices:
            tracks.process_names[f"GPU {device['id']}"] = str(device["name"])
        for thread, name in rows("ThreadNames", ("globalTid", "nameId")):
            if isinstance(thread, int) and name in self.names:
                tracks.names[_process_text(thread), str(thread & _THREAD)] = texts[self.names[name]]
        for process, name in rows("PROCESSES", ("globalPid", "name")):
            if isinstance(process, int):
                tracks.process_names[_process_text(process)] = str(name)
        self.rows.notes += self._warnings()
        return found

    def _warnings(self) -> list[str]:
        found = self.file.rows("DIAGNOSTIC_EVENT", ("text", "severity"))
        said = [text for text, level in found if isinstance(level, int) and level >= _WARNING]
        return [f"the recorder warned: {text}" for text in said[:_MOST_WARNINGS]]


_RANGE_PHASES: dict[object, Phase] = {
    _MARK: Phase.INSTANT,
    _PUSH_POP: Phase.SLICE,
    _START_END: Phase.SPAN,
}


def _is_time(value: object) -> bool:
    return isinstance(value, int) and abs(value) < _LIMIT


def _small(value: object) -> int:
    """A number of a device or stream; absent where it is none."""
    return value if isinstance(value, int) and 0 <= value < _SMALL else ABSENT


def _process_of(thread: object) -> object:
    """The globalPid of a globalTid."""
    return thread & ~_THREAD if isinstance(thread, int) else None


def _process_text(identity: int) -> str:
    """The process as the operating system numbers it."""
    return str((identity >> _THREAD_BITS) & _THREAD)
