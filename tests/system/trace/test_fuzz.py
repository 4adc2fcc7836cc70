"""Whatever the bytes are, a file is read or refused: no other error, and what was read fits together."""

from __future__ import annotations

import gzip
import json
import sqlite3

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ironlaw.registry.chips import load_chip
from ironlaw.system.trace.columns import Trace, TraceError
from ironlaw.system.trace.read import read
from ironlaw.system.trace.roofline import trace_roofline
from ironlaw.system.trace.rows import CODES
from trace_files import GOOD, put, whole

EDGES = [
    *[{"ph": ph, "name": "f", "pid": 1, "tid": 1, "ts": n} for n, ph in enumerate("BBEEbeCMn")],
    {"ph": "C", "name": "c", "pid": 1, "tid": 1, "ts": 3, "args": {"x": 1.5}},
]
TEXTS = [
    whole([*GOOD, *EDGES], with_stack=1).encode(),
    ("[" + json.dumps(GOOD)[1:-1]).encode(),
    b'[{"startComputeMs": 1.5, "endComputeMs": 2, "latencyMs": 0.5}, {"latencyMs": 3}]',
]
PIECES = [
    *(b'"', b"\\", b"{", b"}", b"[", b"]", b",", b"},{", b"NaN", b"null", b"1e999", b"-", b"\x00"),
    *(
        b"\xff",
        b'"ph"',
        b'"X"',
        b"0.",
        b'"ts":',
        b'{"ph":"X"',
        b"]}",
        b'"traceEvents":[',
        b"9" * 40,
    ),
]
PIECE = st.sampled_from(PIECES) | st.binary(max_size=4)
CHANGES = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 12), PIECE), min_size=1, max_size=6
)
CHIP = load_chip("v100-sxm2")
fuzz = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def changed(data: bytes, changes) -> bytes:
    """Bytes taken out and others put in, at some places."""
    for place, length, piece in changes:
        at = place % (len(data) + 1)
        data = data[:at] + piece + data[at + length :]
    return data


def survives(path) -> None:
    try:
        trace = read(path)
    except TraceError as problem:
        assert str(problem).startswith(str(path))  # noqa: PT017 - refusing and reading are both right
    else:
        holds(trace)


def holds(trace: Trace) -> None:
    """Columns of one length, in order, that point at what is there."""
    assert {len(getattr(trace, name)) for name in CODES} == {len(trace)}
    keys = [(start, -long) for start, long in zip(trace.start, trace.duration, strict=True)]
    assert keys == sorted(keys)
    assert all(duration >= 0 for duration in trace.duration)
    assert all(0 <= number < len(trace.tracks) for number in trace.track)
    for name in ("name", "shapes", "types", "concrete"):
        assert all(-1 <= number < len(trace.strings) for number in getattr(trace, name))
    assert all(number >= 0 for number in trace.name)
    "\n".join([*trace.strings, *trace.lost, *map(repr, trace.tracks)]).encode()
    trace_roofline(trace, CHIP)


@fuzz
@given(which=st.sampled_from(TEXTS), changes=CHANGES)
def test_damaged_text(which, changes, tmp_path):
    survives(put(tmp_path / "trace.json", changed(which, changes)))


@fuzz
@given(which=st.sampled_from(TEXTS), changes=CHANGES)
def test_damaged_gzip(which, changes, tmp_path):
    survives(put(tmp_path / "trace.json.gz", changed(gzip.compress(which), changes)))


@fuzz
@given(data=st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
def test_any_bytes(data, tmp_path):
    survives(put(tmp_path / "any", data))


@fuzz
@given(
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5), st.lists
    )
)
def test_any_value_in_every_field(value, tmp_path):
    fields = ("ph", "name", "cat", "pid", "tid", "ts", "dur", "args", "id")
    events = [{**one, field: value} for one in (*GOOD, *EDGES) for field in fields]
    keys = (
        "correlation",
        "External id",
        "stream",
        "device",
        "bytes",
        "Bytes",
        "Input Dims",
        "name",
    )
    events += [{**GOOD[2], "ts": n, "args": {key: value}} for n, key in enumerate(keys)]
    survives(put(tmp_path / "odd.json", json.dumps(events)))


@fuzz
@given(changes=CHANGES)
def test_damaged_databases(changes, tmp_path):
    path = tmp_path / "export.sqlite"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE StringIds (id INTEGER PRIMARY KEY, value TEXT)")
    connection.execute("INSERT INTO StringIds VALUES (1, 'gemm')")
    connection.execute(
        "CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start, end, deviceId, streamId, shortName)"
    )
    rows = [(10 * n, 10 * n + 5, 0, 7, 1) for n in range(300)]
    connection.executemany("INSERT INTO CUPTI_ACTIVITY_KIND_KERNEL VALUES (?, ?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    survives(put(path, changed(path.read_bytes(), changes)))
