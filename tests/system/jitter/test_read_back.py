"""The written trace, read by the reader of real ones."""

from __future__ import annotations

from collections import Counter

import pytest

from ironlaw.system.jitter.causes import Cause
from ironlaw.system.jitter.kineto import write_trace
from ironlaw.system.trace.categories import Category, Phase
from ironlaw.system.trace.read import read
from jitter_cases import run, seeds

CATEGORIES = {
    "kernel": Category.KERNEL,
    "gpu_memcpy": Category.COPY,
    "gpu_memset": Category.SET,
    "cuda_runtime": Category.RUNTIME,
    "cuda_driver": Category.DRIVER,
    "cpu_op": Category.OPERATOR,
    "user_annotation": Category.ANNOTATION,
    "sched": Category.SCHEDULER,
    "cpu_instant_event": Category.MEMORY,
}


@pytest.mark.parametrize("cause", Cause)
def test_nothing_is_lost(cause, tmp_path):
    trace, path = run(seeds(cause)[0]), tmp_path / "trace.json.gz"
    write_trace(trace, path, flows=cause is Cause.NMS)
    found = read(path)
    assert found.lost == ()
    written = Counter(CATEGORIES[e.category] for e in trace.events if e.category in CATEGORIES)
    held = Counter(found.category)
    assert {kind: held[kind] for kind in written} == dict(written)
    kernels = sorted((e.start, e.duration, e.name) for e in trace.events if e.category == "kernel")
    rows = [row for row, kind in enumerate(found.category) if kind == Category.KERNEL]
    assert sorted((found.start[r], found.duration[r], found.text(r)) for r in rows) == kernels


def test_time_off_the_core_stands_on_the_host_thread(tmp_path):
    seed = next(
        s
        for s in range(60)
        if (t := run(s).case).cause is Cause.HOST_STALL
        and t.capture.sched
        and t.injection.kind == "preemption"
    )
    write_trace(run(seed), tmp_path / "t.json")
    found = read(tmp_path / "t.json")
    host = found.track[next(r for r, kind in enumerate(found.category) if kind == Category.RUNTIME)]
    away = [
        found.duration[row]
        for row, kind in enumerate(found.category)
        if kind == Category.SCHEDULER
        and found.phase[row] == Phase.SPAN
        and found.track[row] == host
    ]
    assert max(away) > 30_000_000
