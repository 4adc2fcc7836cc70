"""The same events in every spelling are the same columns, and real traces lose nothing."""

from __future__ import annotations

import gzip
import json
from collections import Counter as Tally
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.system.trace import chunks, kineto
from ironlaw.system.trace.categories import Category, Phase
from ironlaw.system.trace.columns import TraceError
from ironlaw.system.trace.read import read, read_many
from trace_files import CALL, GOOD, KERNEL, NAMES, OP, SHARED, ops, put, text_of, whole

REAL = [
    SHARED / "cases" / "c02_gc_stack.pt.trace.json.gz",
    SHARED / "cases" / "gpusim.json.gz",
    *sorted((SHARED / "gpu").glob("*.json.gz")),
]
real = pytest.mark.skipif(not SHARED.exists(), reason="the traces of ../shared are not here")


@real
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name[:24])
def test_real_traces_lose_nothing(path):
    trace = read(path)
    raw = json.loads(gzip.decompress(path.read_bytes()), parse_float=Decimal)
    kept = [one for one in raw["traceEvents"] if one["ph"] in {"X", "i"}]
    first = min(Decimal(one["ts"]) for one in kept)
    doubles = [said for said in trace.lost if "twice" in said]
    assert trace.lost == tuple(doubles)
    assert doubles or len(trace) == len(kept)
    assert trace.begin == first * 1000
    assert Tally(map(trace.text, range(len(trace)))) <= Tally(one["name"] for one in kept)
    order = [(trace.start[row], -trace.duration[row]) for row in range(len(trace))]
    assert order == sorted(order)
    assert trace.format == "kineto"


@real
def test_kernels_of_a_real_trace_find_their_launch_and_operator():
    trace = read(next(path for path in REAL if "workers_0" in path.name))
    launched = {
        trace.correlation[row]
        for row in range(len(trace))
        if trace.category[row] == Category.RUNTIME and trace.correlation[row] >= 0
    }
    operators = {
        trace.external[row] for row in range(len(trace)) if trace.category[row] == Category.OPERATOR
    }
    kernels = [row for row in range(len(trace)) if trace.category[row] == Category.KERNEL]
    assert len(kernels) == 8772
    assert sum(trace.correlation[row] in launched for row in kernels) == len(kernels)
    assert sum(trace.external[row] in operators for row in kernels) > 0.9 * len(kernels)
    assert {trace.stream[row] for row in kernels} == {7}


CHARACTERS = st.characters(exclude_characters="@", codec="utf-8")  # @ marks the decimals below
NAMES_OF_EVENTS = st.text(CHARACTERS, max_size=8) | st.sampled_from(
    ["aten::mm", "},{", '"ph"', "[memory]", "\\"]
)
TIMES = st.integers(0, 10**13)  # [ns] of a microsecond and three decimals
DURATIONS = st.integers(0, 10**9)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["op", "call", "kernel", "mark"]),
        NAMES_OF_EVENTS,
        TIMES,
        DURATIONS,
        st.integers(0, 2**40),
    ),
    max_size=12,
)
NEW = {"op": "cpu_op", "call": "cuda_runtime", "kernel": "kernel"}
OLD = {"op": "Operator", "call": "Runtime", "kernel": "Kernel"}
KINDS = {"op": Category.OPERATOR, "call": Category.RUNTIME, "kernel": Category.KERNEL}
TRACKS = {"op": (7, 8), "mark": (7, 8), "call": (7, 9), "kernel": (0, "stream 3")}


def microseconds(count: int) -> Decimal:
    return Decimal(count) / 1000


def written(event, *, old: bool = False) -> list[dict[str, object]]:
    """An event as a recorder writes it."""
    kind, name, start, duration, number = event
    pid, tid = TRACKS[kind]
    fields: dict[str, object] = {"name": name, "pid": pid, "tid": str(tid) if old else tid}
    fields["ts"] = microseconds(start)
    if kind == "mark":
        return [{"ph": "i", "s": "t", **fields, "args": {"Bytes": number}}]
    args: dict[str, object] = {"External id": number} if kind == "op" else {"correlation": number}
    if kind == "op":
        args["Input Dims"] = [[number, 2]]
    else:
        args["external id" if old else "External id"] = number
    if kind == "kernel":
        args |= {"stream": 3, "device": 0}
    fields["cat"] = (OLD if old else NEW)[kind]
    return [{"ph": "X", **fields, "dur": microseconds(duration), "args": args}]


def dumped(events: list[dict[str, object]], **options: object) -> str:
    """JSON with the decimals as they are."""
    plain = json.dumps(events, default=lambda number: f"@{number}@", **options)
    return plain.replace('"@', "").replace('@"', "")


def rows(trace) -> Tally[tuple[object, ...]]:
    """What every event came out as, without the numbers that interning gives."""
    return Tally(
        (
            *(trace.text(row), trace.start[row], trace.duration[row], trace.phase[row]),
            *(trace.category[row], trace.correlation[row], trace.external[row]),
            *(trace.stream[row], trace.device[row], trace.size[row], trace.shapes_text(row)),
            (trace.tracks[trace.track[row]].process, trace.tracks[trace.track[row]].thread),
        )
        for row in range(len(trace))
    )


def expected(event) -> tuple[object, ...]:
    kind, name, start, duration, number = event
    pid, tid = TRACKS[kind]
    track = (str(pid), str(tid))
    if kind == "mark":
        memory = Category.MEMORY if name == "[memory]" else Category.OTHER
        return (name, start, 0, Phase.INSTANT, memory, -1, -1, -1, -1, number, "", track)
    joined = -1 if kind == "op" else number
    place = (3, 0) if kind == "kernel" else (-1, -1)
    shapes = f"[[{number}, 2]]" if kind == "op" else ""
    ids = (KINDS[kind], joined, number)
    return (name, start, duration, Phase.SLICE, *ids, *place, 0, shapes, track)


SPELLINGS = {
    "array": lambda events: dumped([one for event in events for one in written(event)]),
    "object": lambda events: spelled(events, "object"),
    "old": lambda events: spelled(events, "old"),
    "indented": lambda events: spelled(events, "indented"),
    "compact": lambda events: spelled(events, "compact"),
    "ascii": lambda events: spelled(events, "ascii"),
}


def spelled(events, how: str) -> str:
    made = [one for event in events for one in written(event, old=how == "old")]
    options: dict[str, object] = {"ensure_ascii": how == "ascii"}
    if how == "indented":
        options["indent"] = 2
    if how == "compact":
        options["separators"] = (",", ":")
    text = dumped(made, **options)
    return f'{{"schemaVersion": 1, "traceEvents": {text}, "blocks": [{{"id": 1}}, {{"id": 2}}]}}'


def spaced(text: str) -> str:
    return text.replace(", ", ",").replace(",", ", ").replace("\n", "").replace("  ", "")


@pytest.mark.parametrize("careful", [False, True], ids=["typed", "standard library"])
@pytest.mark.parametrize("how", SPELLINGS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=EVENTS)
def test_events_come_back_as_they_were_written(how, careful, events, tmp_path, monkeypatch):
    if careful:
        monkeypatch.setattr(kineto, "typed_decoder", lambda: None)
    path = put(tmp_path / "trace.json", SPELLINGS[how](events), packed=how == "compact")
    trace = read(path)
    found = Tally({(*key[:10], spaced(str(key[10])), key[11]): n for key, n in rows(trace).items()})
    twice = sum(int(said.split()[0]) for said in trace.lost if "twice" in said)
    assert set(found) == set(map(expected, events))
    assert found.total() + twice == len(events)
    assert trace.n_bad == 0
    if how != "array":
        assert trace.metadata["blocks"] == [{"id": 1}, {"id": 2}]


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    depth=st.lists(st.integers(1, 5), min_size=1, max_size=6),
    start=TIMES,
    gap=st.integers(1, 3000),
)
def test_begins_and_ends_are_slices(depth, start, gap, tmp_path):
    edges: list[dict[str, object]] = []
    slices: list[tuple[str, int, int]] = []
    time = start
    for nest in depth:
        begun = []
        for level in range(nest):
            begun.append((f"f{level}", time))
            edges.append({"ph": "B", "name": f"f{level}", "ts": microseconds(time)})
            time += gap
        while begun:
            name, began = begun.pop()
            edges.append({"ph": "E", "ts": microseconds(time)})
            slices.append((name, began, time - began))
            time += gap
    trace = read(put(tmp_path / "edges.json", dumped([{"pid": 1, "tid": 1, **e} for e in edges])))
    found = sorted((trace.text(r), trace.start[r], trace.duration[r]) for r in range(len(trace)))
    assert found == sorted(slices)
    assert trace.lost == ()


def test_nanoseconds_survive_absolute_times(tmp_path):
    event = {**OP, "ts": Decimal("1712195495519689.047"), "dur": Decimal("0.001")}
    trace = read(put(tmp_path / "absolute.json", dumped([event])))
    assert (trace.start[0], trace.duration[0]) == (1712195495519689047, 1)


def test_where_a_chunk_is_cut_changes_nothing(tmp_path, monkeypatch):
    odd = {
        **OP,
        "name": 'a "}, {"ph": "X"',
        "args": {"list": [{"id": 1}, {"id": 2}, {"name": "x"}]},
    }
    events = [{**odd, "ts": 50 * n} for n in range(200)]
    for size in (64, 300, 4096):
        monkeypatch.setattr("ironlaw.system.trace.blocks.BLOCK", size)
        trace = read(put(tmp_path / "odd.json", whole(events, with_stack=1)))
        assert list(trace.start) == [50_000 * n for n in range(200)]
        assert set(map(trace.text, range(200))) == {odd["name"]}
        assert (trace.n_bad, trace.lost) == (0, ())
        assert trace.metadata["with_stack"] == 1


def test_one_damaged_event_among_many_costs_only_itself(tmp_path):
    events = [json.dumps(one) for one in ops(20_000)]
    events[9_000] = '{"ph": "X", "name": "a "b" c", "ts": 1, "dur": 1}'
    events[15_000] = '{"ph": "X", "name": ]]}'
    text = '{"traceEvents": [' + ",\n".join(events) + '], "distributedInfo": {"rank": 3}}'
    trace = read(put(tmp_path / "many.json", text))
    assert (len(trace), trace.n_bad) == (19_999, 1)
    assert trace.metadata == {"distributedInfo": {"rank": 3}}
    assert any("mended" in said for said in trace.lost)


def test_asynchronous_work_stands_aside(tmp_path):
    same = {"cat": "io", "pid": 1, "tid": 1}
    events = [
        {"ph": "b", "id": 1, "name": "read", "ts": 1, **same},
        {"ph": "b", "id": "0x2", "name": "write", "ts": 2, **same},
        {"ph": "e", "id": 1, "name": "read", "ts": 5, **same},
        {"ph": "e", "id": "0x2", "name": "write", "ts": 9, **same},
    ]
    trace = read(put(tmp_path / "async.json", json.dumps(events)))
    found = [(trace.text(r), trace.start[r], trace.duration[r], trace.phase[r]) for r in range(2)]
    assert found == [("read", 1000, 4000, Phase.SPAN), ("write", 2000, 7000, Phase.SPAN)]


def test_samples_become_counters(tmp_path):
    sample = {"ph": "C", "name": "GPU 0", "pid": 1, "tid": 0}
    events = [
        {**sample, "ts": 5, "args": {"clock": 1.5}},
        {**sample, "ts": 2, "args": {"clock": 2}},
    ]
    (counter,) = read(put(tmp_path / "samples.json", json.dumps(events))).counters
    assert (counter.name, list(counter.time), list(counter.value)) == (
        "GPU 0 clock",
        [2000, 5000],
        [2.0, 1.5],
    )


def test_names_of_tracks_and_numbers_as_texts(tmp_path):
    other = {**OP, "pid": "7", "tid": "8", "ts": 900}
    trace = read(put(tmp_path / "names.json", whole([*NAMES, OP, other])))
    (track,) = [trace.tracks[n] for n in set(trace.track)]
    assert (track.process, track.thread) == ("7", "8")
    assert (track.process_name, track.name) == ("python", "main")


def test_flow_events_are_not_rows(tmp_path):
    flow = {"ph": "s", "id": 1, "pid": 7, "tid": 8, "ts": 1, "cat": "ac2g", "name": "ac2g"}
    trace = read(put(tmp_path / "flow.json", whole([flow, CALL, {**flow, "ph": "f"}, KERNEL])))
    assert [trace.text(row) for row in range(len(trace))] == ["cudaLaunchKernel", "sgemm"]


def test_a_gzip_file_of_several_members(tmp_path):
    text = whole(ops(3000)).encode()
    cut = len(text) // 3
    data = gzip.compress(text[:cut]) + gzip.compress(text[cut:]) + b"\x00" * 512
    trace = read(put(tmp_path / "members.json", data))
    assert (len(trace), trace.lost) == (3000, ())


def test_progress_reaches_the_end(tmp_path):
    path = put(tmp_path / "long.json", whole(ops(20_000)))
    seen: list[tuple[int, int]] = []
    read(path, lambda done, total: seen.append((done, total)))
    size = path.stat().st_size
    assert len(seen) > 5
    assert seen[-1] == (size, size)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_without_the_extra_a_note_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(kineto, "typed_decoder", lambda: None)
    trace = read(put(tmp_path / "slow.json", whole(GOOD)))
    assert any("ironlaw[trace]" in note for note in trace.notes)


def test_many_files_are_read_each_by_a_process(tmp_path):
    paths = [put(tmp_path / f"{n}.json", "[" + text_of(ops(n + 1)) + "]") for n in range(3)]
    bad = put(tmp_path / "bad.json", "nothing")
    seen: list[tuple[int, int]] = []
    found = read_many([*paths, bad], processes=2, progress=lambda *at: seen.append(at))
    assert [len(one) for one in found[:3]] == [1, 2, 3]
    assert isinstance(found[3], TraceError)
    assert str(found[3]).startswith(str(bad))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert [str(a) for a in read_many([bad])] == [str(found[3])]
    with pytest.raises(DomainError, match="processes = 0"):
        read_many(paths, processes=0)


def test_the_largest_event_can_be_smaller(tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "LARGEST_EVENT", 400_000)
    events = [OP, {**OP, "name": "n" * 1_000_000}, {**KERNEL}]
    trace = read(put(tmp_path / "large.json", whole(events)))
    assert [trace.text(row) for row in range(len(trace))] == ["aten::mm", "sgemm"]
    assert trace.n_bad == 1
