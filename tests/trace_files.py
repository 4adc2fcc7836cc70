"""Traces as recorders write them, for tests: whole ones in every spelling, and damaged ones."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "traces"

OP = {
    "ph": "X",
    "cat": "cpu_op",
    "name": "aten::mm",
    "pid": 7,
    "tid": 8,
    "ts": 100.5,
    "dur": 20.25,
    "args": {"External id": 3, "Input Dims": [[4, 5], [5, 6]], "Input type": ["float", "float"]},
}
CALL = {
    "ph": "X",
    "cat": "cuda_runtime",
    "name": "cudaLaunchKernel",
    "pid": 7,
    "tid": 8,
    "ts": 102,
    "dur": 4,
    "args": {"correlation": 11, "External id": 3},
}
KERNEL = {
    "ph": "X",
    "cat": "kernel",
    "name": "sgemm",
    "pid": 0,
    "tid": 13,
    "ts": 110,
    "dur": 50,
    "args": {"correlation": 11, "External id": 3, "stream": 13, "device": 0},
}
FREE = {
    "ph": "i",
    "s": "t",
    "name": "[memory]",
    "pid": 7,
    "tid": 8,
    "ts": 121,
    "args": {"Bytes": -64, "Device Type": 0, "Device Id": -1},
}
NAMES = [
    {"ph": "M", "name": "process_name", "ts": 0, "pid": 7, "tid": 0, "args": {"name": "python"}},
    {"ph": "M", "name": "thread_name", "ts": 0, "pid": 7, "tid": 8, "args": {"name": "main"}},
]
GOOD = [*NAMES, OP, CALL, KERNEL, FREE]


def whole(events: list[object], **metadata: object) -> str:
    """A trace in the object form."""
    return json.dumps({"schemaVersion": 1, **metadata, "traceEvents": events, "traceName": "t"})


def ops(count: int) -> list[object]:
    """Operators one after the other."""
    return [{**OP, "ts": 1000 * n, "args": {"External id": n}} for n in range(count)]


def text_of(events: list[object]) -> str:
    """The events alone, between commas."""
    return json.dumps(events)[1:-1]


def put(path: Path, text: str | bytes, *, packed: bool = False) -> Path:
    """A file of a text."""
    data = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    return path
