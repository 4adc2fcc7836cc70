"""Thirty kinds of bad trace: each is read as far as it can be, or refused by a sentence that says what to do."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import subprocess
import sys
import zipfile

import pytest

from ironlaw.system.trace.columns import TraceError
from ironlaw.system.trace.read import read
from trace_files import CALL, GOOD, KERNEL, OP, ops, put, text_of, whole


def zipped(text: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("trace.json", text)
    return buffer.getvalue()


REFUSED = {
    "empty": (b"", "is empty"),
    "not_json": (b"hello, this is a log\n", r"begins with neither \{ nor \["),
    "html": (b"<!doctype html><html>", r"begins with neither \{ nor \["),
    "zip": (zipped(whole(GOOD)), "zip archive: unpack it"),
    "utf16": (whole(GOOD).encode("utf-16"), "is UTF-16: write it as UTF-8"),
    "utf16_without_mark": (whole(GOOD).encode("utf-16-le"), "is UTF-16: write it as UTF-8"),
    "no_events": (b'{"schemaVersion": 1, "displayTimeUnit": "ms"}', "holds no traceEvents"),
    "packed_twice": (gzip.compress(gzip.compress(whole(GOOD).encode())), "packed twice"),
    "zip_in_gzip": (gzip.compress(zipped(whole(GOOD))), "zip archive: unpack it"),
    "empty_gzip": (gzip.compress(b""), "holds no traceEvents"),
    "protobuf": (b"\x0a\x1c\x08\x00\x12\x00\x00", "traceconv json"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_holds_no_trace_is_refused(kind, tmp_path):
    data, problem = REFUSED[kind]
    with pytest.raises(TraceError, match=problem):
        read(put(tmp_path / kind, data))


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(TraceError, match="cannot be opened: No such file"):
        read(tmp_path / "none.json")
    with pytest.raises(TraceError, match="cannot be opened: Is a directory"):
        read(tmp_path)


def test_another_programs_database_is_refused(tmp_path):
    path = tmp_path / "other.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE notes (text)")
    connection.commit()
    connection.close()
    with pytest.raises(TraceError, match="no export of Nsight Systems"):
        read(path)
    damaged = put(tmp_path / "damaged.sqlite", b"SQLite format 3\x00" + b"\x07" * 5000)
    with pytest.raises(TraceError, match=r"damaged SQLite file|no export"):
        read(damaged)


def between(damaged: str) -> str:
    """A damaged event between two good ones."""
    return f'{{"traceEvents": [{text_of([OP])}, {damaged}, {text_of([KERNEL])}], "traceName": "t"}}'


def event(**changes: str) -> str:
    """An event whose values are written as given."""
    fields = {"ph": '"X"', "cat": '"cpu_op"', "name": '"odd"', "pid": "1", "tid": "1"}
    fields |= {"ts": "5.125", "dur": "1.5"} | changes
    return "{" + ", ".join(f'"{key}": {value}' for key, value in fields.items()) + "}"


MENDED = {
    "unescaped_quote": (event(name='"say "hello" there"'), 'say "hello" there'),
    "unescaped_backslash": (event(name=r'"C:\Users\me"'), r"C:\Users\me"),
    "control_character": (event(name='"a\x01b"'), "a\x01b"),
    "line_break": (event(name='"a\nb"'), "a\nb"),
    "half_a_surrogate": (event(name=r'"a\ud800b"'), "a?b"),
    "bare_nan": (event(args='{"est": NaN, "External id": 5}'), "odd"),
    "small_nan": (event(args='{"est": nan, "External id": 5}'), "odd"),
    "infinity": (event(args='{"est": -Infinity}'), "odd"),
    "too_large_a_float": (event(args='{"est": 1e400}'), "odd"),
    "broken_number": (event(args='{"est": 0.-05}'), "odd"),
    "list_for_args": (event(args="[1, 2]"), "odd"),
    "text_for_args": (event(args='"none"'), "odd"),
    "flag_for_thread": (event(tid="true"), "odd"),
    "text_for_time": (event(ts='"5.125"', dur='"1.5"'), "odd"),
    "duplicate_keys": (event()[:-1] + ', "name": "odd"}', "odd"),
    "huge_ids": (event(args='{"External id": 99999999999999999999, "stream": 4294967296}'), "odd"),
}


@pytest.mark.parametrize("kind", MENDED)
@pytest.mark.parametrize("form", ["object", "packed"])
def test_an_odd_event_is_read(kind, form, tmp_path):
    text, name = MENDED[kind]
    trace = read(put(tmp_path / kind, between(text), packed=form == "packed"))
    assert [trace.text(row) for row in range(len(trace))] == [name, "aten::mm", "sgemm"]
    assert (trace.start[0], trace.duration[0]) == (5125, 1500)
    assert trace.n_bad == 0
    assert trace.metadata == {"traceName": "t"}


@pytest.mark.parametrize("kind", ["unescaped_quote", "unescaped_backslash"])
@pytest.mark.parametrize("count", [1, 300])
def test_damage_everywhere_hides_neither_events_nor_the_end(kind, count, tmp_path):
    text, name = MENDED[kind]
    events = ", ".join(text.replace("5.125", str(n)) for n in range(count))
    trace = read(put(tmp_path / kind, f'{{"a": 1, "traceEvents": [{events}], "traceName": "t"}}'))
    assert [trace.text(row) for row in range(len(trace))] == [name] * count
    assert trace.metadata == {"a": 1, "traceName": "t"}
    assert not any("breaks off" in said for said in trace.lost)


LEFT_OUT = {
    "no_phase": '{"name": "x", "ts": 1}',
    "number": "17",
    "text": '"event"',
    "list": "[1]",
    "null": "null",
    "time_is_null": event(ts="null"),
    "time_is_a_word": event(ts='"soon"'),
    "time_is_nan": event(ts="NaN"),
    "time_is_infinite": event(ts="1e400"),
    "time_beyond_64_bits": event(ts="9" * 30),
    "time_is_broken": event(ts="0.-05"),
    "duration_is_null": event(dur="null"),
    "deep": event(args='{"a": ' + "[" * 200_000 + "]" * 200_000 + "}"),
    "deep_and_open": event(args='{"a": ' + "[" * 200_000 + "}"),
    "garbage": '{"ph": "X", "name": ]]}',
}


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_an_event_that_cannot_be_read_is_left_out_and_said(kind, tmp_path):
    trace = read(put(tmp_path / kind, between(LEFT_OUT[kind])))
    assert [trace.text(row) for row in range(len(trace))] == ["aten::mm", "sgemm"]
    assert trace.n_bad == 1
    assert any("1 event cannot be read" in said for said in trace.lost)


def test_bad_utf8_in_a_name_is_read(tmp_path):
    text = between(event(name='"caf#"')).encode().replace(b"#", b"\xe9")
    trace = read(put(tmp_path / "latin.json", text))
    assert trace.text(0) == "caf\ufffd"
    assert len(trace) == 3


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_a_byte_order_mark_loses_nothing(count, tmp_path):
    text = whole(ops(count), with_stack=1)
    trace = read(put(tmp_path / "bom.json", b"\xef\xbb\xbf" + text.encode()))
    assert len(trace) == count
    assert trace.metadata == {"schemaVersion": 1, "with_stack": 1, "traceName": "t"}
    assert trace.lost == ()


@pytest.mark.parametrize("end", ["", ",", ",\n", "\n", "]"])
def test_an_array_needs_no_end(end, tmp_path):
    trace = read(put(tmp_path / "array.json", "[" + text_of(GOOD) + end))
    assert len(trace) == 4
    assert trace.lost == ()


@pytest.mark.parametrize("packed", [False, True])
def test_a_truncated_file_is_read_up_to_there(packed, tmp_path):
    data = whole(ops(5000), with_stack=1).encode()
    data = gzip.compress(data) if packed else data
    trace = read(put(tmp_path / "cut.json", data[: len(data) // 2]))
    assert 1500 < len(trace) < 3500
    assert list(trace.start) == [1_000_000 * n for n in range(len(trace))]
    assert trace.metadata["with_stack"] == 1
    assert any("breaks off" in said for said in trace.lost)


def test_damaged_gzip_is_read_up_to_there(tmp_path):
    data = bytearray(gzip.compress(whole(ops(20000)).encode()))
    data[len(data) // 2] ^= 0xFF
    trace = read(put(tmp_path / "flipped.json.gz", bytes(data)))
    assert len(trace) > 1000
    assert any("gzip" in said for said in trace.lost)


def test_no_events_at_all(tmp_path):
    trace = read(put(tmp_path / "none.json", whole([])))
    assert (len(trace), trace.begin, trace.end, trace.lost) == (0, 0, 0, ())
    assert trace.metadata["traceName"] == "t"


def test_negative_durations_are_left_out_and_said(tmp_path):
    trace = read(put(tmp_path / "negative.json", whole([OP, {**KERNEL, "dur": -3}])))
    assert [trace.text(row) for row in range(len(trace))] == ["aten::mm"]
    assert trace.lost == ("1 event would last less than nothing: left out",)


def test_events_that_stand_there_twice_are_kept_once(tmp_path):
    other = {**OP, "name": "aten::addmm"}
    trace = read(put(tmp_path / "twice.json", whole([OP, KERNEL, other, OP, KERNEL, OP])))
    assert sorted(trace.text(row) for row in range(len(trace))) == [
        "aten::addmm",
        "aten::mm",
        "sgemm",
    ]
    assert trace.lost == ("3 events stand there twice: each is kept once",)


def test_a_correlation_that_is_used_twice_is_doubted(tmp_path):
    again = {**CALL, "ts": 300}
    trace = read(put(tmp_path / "shared.json", whole([CALL, KERNEL, again])))
    assert any("share their correlation" in doubt for doubt in trace.doubts)
    assert read(put(tmp_path / "own.json", whole([CALL, KERNEL]))).doubts == ()


def test_a_kernel_before_its_launch_is_doubted(tmp_path):
    trace = read(put(tmp_path / "early.json", whole([CALL, {**KERNEL, "ts": 1}])))
    assert any("clocks disagree" in doubt for doubt in trace.doubts)


def edge(ph: str, ts: float, name: str = "f") -> dict[str, object]:
    return {"ph": ph, "ts": ts, "name": name, "pid": 1, "tid": 1}


def test_begins_and_ends_without_their_other_half(tmp_path):
    events = [edge("E", 1), edge("B", 2, "open"), edge("B", 3, "whole"), edge("E", 5), edge("n", 9)]
    trace = read(put(tmp_path / "edges.json", json.dumps(events)))
    rows = {trace.text(row): (trace.start[row], trace.duration[row]) for row in range(len(trace))}
    assert rows == {"open": (2000, 3000), "whole": (3000, 2000), "f": (9000, 0)}
    assert len(trace.lost) == 2


def test_begins_and_ends_that_cross_are_nested_by_time(tmp_path):
    events = [edge("B", 1, "a"), edge("E", 8, "a"), edge("B", 2, "b"), edge("E", 4, "b")]
    trace = read(put(tmp_path / "late.json", json.dumps(events)))
    rows = {trace.text(row): (trace.start[row], trace.duration[row]) for row in range(len(trace))}
    assert rows == {"a": (1000, 7000), "b": (2000, 2000)}


PROBE = """
import sys, time
from ironlaw.system.trace.columns import TraceError
from ironlaw.system.trace.read import read
start = time.process_time()
try:
    trace = read(sys.argv[1])
    said = f"{len(trace)} rows of {len(trace.tracks)} tracks, {trace.lost}"
except TraceError as problem:
    said = str(problem)
with open("/proc/self/status") as file:  # ru_maxrss counts the process that this one was forked from, too
    peak = 1024 * next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
print(time.process_time() - start, peak, said)
"""


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peaks are read from /proc")


def measured(path) -> tuple[float, float, str]:
    """Seconds of work, peak bytes and what was said, of a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(path)], capture_output=True, text=True, check=True
    )
    seconds, peak, said = done.stdout.split(" ", 2)
    return float(seconds), float(peak), said


BOMBS = {
    "spaces": ("[", " "),
    "nothing": ("[", "{},"),
    "no_events": ("[", '{"ph": 1},'),
    "events": ("[", '{"ph": "X", "name": "a", "ts": 1, "dur": 1},'),
    "name": ('{"traceEvents": [{"ph": "X", "name": "', "a"),
    "head": ("{", " "),
    "after_a_trace": (whole(ops(20_000))[:-2] + ",", '{"ph": 1},'),
}


@linux
@pytest.mark.parametrize("kind", BOMBS)
def test_a_decompression_bomb_is_refused_at_once(kind, tmp_path):
    begin, again = BOMBS[kind]
    path = tmp_path / "bomb.json.gz"
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.write(begin.encode())
        for _ in range(40):
            file.write(again.encode() * (2**20 // len(again)))
    seconds, peak, said = measured(path)
    assert "decompression bomb" in said
    assert "gunzip" in said
    assert seconds < 2
    assert peak < 200e6


@linux
def test_a_name_of_a_hundred_megabytes_is_left_out(tmp_path):
    path = tmp_path / "long.json"
    with path.open("w") as file:
        file.write(
            '{"traceEvents": [' + text_of([OP]) + ', {"ph": "X", "ts": 1, "dur": 1, "name": "'
        )
        for _ in range(100):
            file.write("n" * 1_000_000)
        file.write('"}, ' + text_of([KERNEL]) + "]}")
    _, peak, said = measured(path)
    assert said.startswith("2 rows of 2 tracks")
    assert "larger than 64 MiB" in said
    assert peak < 400e6


@linux
def test_a_hundred_thousand_streams(tmp_path):
    many = [{**KERNEL, "tid": n, "args": {"stream": n}} for n in range(100_000)]
    _, peak, said = measured(put(tmp_path / "streams.json", whole(many)))
    assert said.startswith("100000 rows of 100000 tracks, ()")
    assert peak < 250e6


def test_a_long_name_is_cut_and_said(tmp_path):
    trace = read(put(tmp_path / "name.json", whole([{**OP, "name": "n" * 100_000}])))
    assert len(trace.text(0)) < 20_000
    assert any("longer than" in said for said in trace.lost)
