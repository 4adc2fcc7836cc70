"""A simulated trace as the profiler of PyTorch writes one: Chrome's JSON with Kineto's names."""

from __future__ import annotations

import gzip
import io
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from ironlaw.base.errors import DomainError
from ironlaw.registry.chips import load_chip
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.system.jitter.events import HOST
from ironlaw.system.jitter.pipeline import PIPELINE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ironlaw.system.jitter.events import Event
    from ironlaw.system.jitter.simulate import Run

_PROCESS = 4211
_ENGINES = "SoC engines"
_CPUS = "CPUs"
_LAUNCHED = ("kernel", "gpu_memcpy", "gpu_memset")
_MICROSECOND = 1000
_WARP = 32


def trace_lines(run: Run, *, flows: bool = False) -> Iterator[str]:
    """The text of a trace, piece by piece; the same for the same run.

    Args:
        run: What was simulated.
        flows: Whether arrows from calls to what they launched are written (`ac2g`): a third of all events.
    """
    yield _head()
    yield ",\n".join(_metadata(run))
    for event in run.events:
        yield ",\n" + (_span(event) if _overlaps(event) else _line(event))
        if flows and event.category in _LAUNCHED:
            yield ",\n" + _flow(event, "f")
        elif flows and event.category == "cuda_runtime":
            yield ",\n" + _flow(event, "s")
    yield '\n], "traceName": "pointpillars.pt.trace.json"}\n'


def write_trace(run: Run, path: str | Path, *, flows: bool = False) -> int:
    """Write a trace as Kineto does; a path that ends in .gz is compressed.

    Args:
        run: What was simulated.
        path: Where to.
        flows: Whether arrows from calls to what they launched are written.

    Returns:
        Bytes of the text before compression [B].

    Raises:
        DomainError: if the file cannot be written, naming it.
    """
    target = Path(path)
    try:
        with target.open("wb") as raw:
            return _written(run, raw, packed=target.suffix == ".gz", flows=flows)
    except OSError as error:
        domain = f"the files that can be written: {error.strerror}"
        raise DomainError("out", str(path), domain) from error


def _written(run: Run, raw: BinaryIO, *, packed: bool, flows: bool) -> int:
    written = 0
    if not packed:
        for piece in trace_lines(run, flows=flows):
            written += raw.write(piece.encode())
        return written
    with (
        gzip.GzipFile("", "wb", 6, raw, mtime=0) as archive,
        io.BufferedWriter(archive, 1 << 20) as buffer,
    ):
        for piece in trace_lines(run, flows=flows):
            written += buffer.write(piece.encode())
    return written


def _head() -> str:
    chip = load_chip(pipeline_sheet(PIPELINE).texts["chip"])
    capability = chip.compute_capability or 0
    device = {
        "id": 0,
        "name": "Orin",
        "totalGlobalMem": int(chip.capacity),
        "computeMajor": capability // 10,
        "computeMinor": capability % 10,
        "warpSize": _WARP,
        "numSms": chip.n_sm,
    }
    fields = {
        "schemaVersion": 1,
        "deviceProperties": [device],
        "record_shapes": 1,
        "profile_memory": 1,
        "displayTimeUnit": "ms",
        "baseTimeNanoseconds": 0,
    }
    return json.dumps(fields)[:-1] + ', "traceEvents": [\n'


def _metadata(run: Run) -> Iterator[str]:
    names = (
        (_PROCESS, 0, "process_name", "python"),
        (_PROCESS, 0, "process_labels", "CPU"),
        (_PROCESS, _PROCESS, "thread_name", f"thread {_PROCESS} (python)"),
        (0, 0, "process_name", "python"),
        (0, 0, "process_labels", "GPU 0"),
        (0, 7, "thread_name", "stream 7"),
        (0, 13, "thread_name", "stream 13"),
    )
    for process, thread, name, value in names:
        key = "labels" if name == "process_labels" else "name"
        entry = {"name": name, "ph": "M", "ts": 0, "pid": process, "tid": thread}
        yield json.dumps({**entry, "args": {key: value}})
    first, last = run.frames[0].start, run.frames[-1].end
    profiler: dict[str, object] = {
        "ph": "X",
        "cat": "Trace",
        "name": "PyTorch Profiler (0)",
        "pid": "Spans",
    }
    profiler |= {"tid": "PyTorch Profiler", "ts": first // _MICROSECOND}
    yield json.dumps({**profiler, "dur": (last - first) // _MICROSECOND, "args": {"Op count": 0}})


def _place(category: str, track: str) -> tuple[int | str, int | str]:
    """Process and thread of an event's row."""
    if track == HOST:
        return _PROCESS, _PROCESS
    if track.startswith("stream "):
        return 0, int(track.removeprefix("stream "))
    if track.startswith("cpu "):
        return _CPUS, int(track.removeprefix("cpu "))
    return (_ENGINES, track) if category == "engine" else (track, track)


def _line(event: Event) -> str:
    head, slices = _heads(event.category, event.name, event.track)
    args = event.args
    if event.category == "kernel":
        args = {"queued": 0, **args, **_occupancy(event)}
    elif event.category in _LAUNCHED:
        moved = float(cast("int", args["bytes"]))
        args = {**args, "memory bandwidth (GB/s)": moved / max(event.duration, 1)}
    times = f'"ts": {_microseconds(event.start)}'
    if slices:
        times += f', "dur": {_microseconds(event.duration)}'
    return f'{head}, {times}, "args": {json.dumps(args)}}}'


def _occupancy(event: Event) -> dict[str, float]:
    """Blocks and warps for each multiprocessor, as Kineto derives them from grid and block."""
    grid, block = (cast("list[int]", event.args[name]) for name in ("grid", "block"))
    blocks = grid[0] * grid[1] * grid[2] / _multiprocessors()
    warps = (block[0] * block[1] * block[2] + _WARP - 1) // _WARP
    return {"blocks per SM": blocks, "warps per SM": blocks * warps}


@lru_cache(maxsize=1)
def _multiprocessors() -> int:
    return load_chip(pipeline_sheet(PIPELINE).texts["chip"]).n_sm or 1


@lru_cache(maxsize=1024)
def _heads(category: str, name: str, track: str) -> tuple[str, bool]:
    """What events of one name share, and whether they have a duration."""
    process, thread = _place(category, track)
    entry: dict[str, object] = {"ph": "X"}
    if category == "clock":
        entry["ph"] = "C"
    elif category == "cpu_instant_event":
        entry |= {"ph": "i", "s": "t"}
    slices = entry["ph"] == "X"
    entry |= {"cat": category, "name": name, "pid": process, "tid": thread}
    return json.dumps(entry)[:-1], slices


def _overlaps(event: Event) -> bool:
    """Whether an event need not nest in its row: states of a thread, frames of an engine that works in a pipeline."""
    return event.category == "engine" or (event.category == "sched" and event.track == HOST)


def _span(event: Event) -> str:
    """An asynchronous slice: its begin and its end."""
    process, thread = _place(event.category, event.track)
    entry: dict[str, object] = {"cat": event.category, "name": event.name}
    entry |= {"id": event.key, "pid": process, "tid": thread}
    shown = json.dumps(entry)[1:-1]
    begin = f'{{"ph": "b", {shown}, "ts": {_microseconds(event.start)}'
    end = f'{{"ph": "e", {shown}, "ts": {_microseconds(event.end)}'
    return f'{begin}, "args": {json.dumps(event.args)}}},\n{end}}}'


def _flow(event: Event, phase: str) -> str:
    process, thread = _place(event.category, event.track)
    entry: dict[str, object] = {"ph": phase, "id": event.correlation, "pid": process, "tid": thread}
    entry |= {"cat": "ac2g", "name": "ac2g"}
    if phase == "f":
        entry["bp"] = "e"
    return f'{json.dumps(entry)[:-1]}, "ts": {_microseconds(event.start)}}}'


def _microseconds(time: int) -> str:
    return f"{time // _MICROSECOND}.{time % _MICROSECOND:03d}"
