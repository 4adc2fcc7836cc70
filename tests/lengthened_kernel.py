"""One kernel of a real trace made longer, and all that waits for it moved: stream order, launches, waiting calls."""

from __future__ import annotations

import bisect
import gzip
import json
import random
from pathlib import Path

WORK = {"kernel", "memcpy", "memset", "gpu_memcpy", "gpu_memset"}
CALLS = {"runtime", "cuda_runtime"}
USUAL_COPY = 200  # [µs] a copying call longer than this waited
RETURN = 5  # [µs] from the end of the work to the return of the call that waits for it
PAUSE = 2  # [µs] between two pieces of work of one stream


def kind(event) -> str:
    return str(event.get("cat", "")).lower()


class Replay:
    """The queue of a device, run again with one kernel longer."""

    def __init__(self, events, culprit, longer):
        self.culprit, self.longer = culprit, longer
        self.calls = {
            e["args"]["correlation"]: e
            for e in events
            if kind(e) in CALLS and "correlation" in e.get("args", {})
        }
        self.when, self.shift = [float("-inf")], [0.0]  # from when on the host is how much later
        self.last = {}  # stream: end before, end now
        self.ends, self.now_ends = [], []  # of all work so far, by its end before

    def host_shift(self, time):
        return self.shift[bisect.bisect_right(self.when, time) - 1]

    def run_work(self, event):
        stream = (event["pid"], event["tid"])
        call = self.calls.get(event["args"].get("correlation"))
        begun = event["ts"] + self.host_shift(call["ts"] if call else event["ts"])
        before, now = self.last.get(stream, (float("-inf"), float("-inf")))
        start = max(begun, now + min(max(event["ts"] - before, 0), PAUSE))
        took = event["dur"] + (self.longer if event is self.culprit else 0)
        end = event["ts"] + event["dur"]
        self.last[stream] = (end, start + took)
        place = bisect.bisect_right(self.ends, end)
        self.ends.insert(place, end)
        self.now_ends.insert(place, start + took)
        return start, took

    def run_wait(self, event):
        """A waiting call returns no earlier than the work that was done when it returned."""
        end = event["ts"] + event["dur"]
        done = bisect.bisect_right(self.ends, end)
        free = max(self.now_ends[max(done - 200, 0) : done], default=float("-inf")) + RETURN
        if free - end > self.host_shift(end):
            self.when.append(end - 1e-3)
            self.shift.append(free - end)


def lengthened(source: Path, target: Path, *, longer: float, seed: int) -> str:
    """Write a trace with one kernel longer; its name.

    Args:
        source: A Kineto trace, packed.
        target: Where the new one goes.
        longer: By how much [µs].
        seed: Draws the kernel, from the middle steps.
    """
    data = json.loads(gzip.decompress(source.read_bytes()))
    slices = [e for e in data["traceEvents"] if e.get("ph") == "X"]
    steps = sorted(
        (e for e in slices if e["name"].startswith("ProfilerStep")), key=lambda e: e["ts"]
    )
    first, last = steps[1]["ts"], steps[-2]["ts"]
    drawn = random.Random(seed)  # noqa: S311 - seeded, for tests
    culprit = drawn.choice([e for e in slices if kind(e) == "kernel" and first < e["ts"] < last])
    replay = Replay(slices, culprit, longer)
    waits = [
        e
        for e in slices
        if kind(e) in CALLS
        and (
            "Synchronize" in e["name"] or ("cudaMemcpyAsync" in e["name"] and e["dur"] > USUAL_COPY)
        )
    ]
    items = [(e["ts"], 0, i, e) for i, e in enumerate(slices) if kind(e) in WORK]
    items += [(e["ts"] + e["dur"], 1, i, e) for i, e in enumerate(waits)]
    moved = {}
    for _, waiting, _, event in sorted(items, key=lambda item: item[:3]):
        if waiting:
            replay.run_wait(event)
        else:
            moved[id(event)] = replay.run_work(event)
    for event in slices:
        if id(event) in moved:
            event["ts"], event["dur"] = moved[id(event)]
        elif kind(event) not in WORK:
            start, end = event["ts"], event["ts"] + event["dur"]
            event["ts"] = start + replay.host_shift(start)
            event["dur"] = end + replay.host_shift(end) - event["ts"]
    data["traceEvents"] = [e for e in data["traceEvents"] if e.get("ph") in {"X", "M"}]
    target.write_bytes(gzip.compress(json.dumps(data).encode(), 1))
    return culprit["name"]
