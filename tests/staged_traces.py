"""Traces with a known culprit: a seeded queueing simulation of a host, two streams and what goes wrong between them."""

from __future__ import annotations

import json
import random
from array import array
from dataclasses import dataclass, field

from ironlaw.system.trace.categories import Category, Phase, category_of
from ironlaw.system.trace.columns import Trace, Track

HOST, LOADER = ("500", "500"), ("500", "501")
COMPUTE, COPIES, ASIDE = ("0", "7"), ("0", "13"), ("0", "20")
MEMORY_BOUND = ("bn", "relu", "scatter")


@dataclass
class Recorder:
    """Events as a recorder writes them, times in nanoseconds."""

    events: list[dict[str, object]] = field(default_factory=list)

    def add(self, category, name, at, start, time, **arguments):
        phase = "X" if category != "scheduler" else "b"
        self.events.append(
            {
                "ph": phase,
                "cat": category,
                "name": name,
                "at": at,
                "ts": start,
                "dur": time,
                "args": arguments,
            }
        )

    def trace(self, **metadata) -> Trace:
        strings: dict[str, int] = {}
        tracks: dict[tuple[str, str], int] = {}
        ordered = sorted(self.events, key=lambda e: (e["ts"], -e["dur"]))
        number = lambda table, key: table.setdefault(key, len(table))  # noqa: E731
        column = lambda kind, values: array(kind, list(values))  # noqa: E731
        spoken = {"scheduler": Category.SCHEDULER}
        args = [e["args"] for e in ordered]
        n = len(ordered)
        return Trace(
            path="staged",
            format="kineto",
            start=column("q", (e["ts"] for e in ordered)),
            duration=column("q", (e["dur"] for e in ordered)),
            phase=column("b", (Phase.SPAN if e["ph"] == "b" else Phase.SLICE for e in ordered)),
            category=column("b", (spoken.get(e["cat"], category_of(e["cat"])) for e in ordered)),
            track=column("i", (number(tracks, e["at"]) for e in ordered)),
            name=column("i", (number(strings, e["name"]) for e in ordered)),
            correlation=column("q", (a.get("correlation", -1) for a in args)),
            external=column("q", [-1] * n),
            device=column("i", [-1] * n),
            stream=column("i", (a.get("stream", -1) for a in args)),
            size=column("q", (a.get("bytes", 0) for a in args)),
            shapes=column(
                "i", (number(strings, json.dumps(a["dims"])) if "dims" in a else -1 for a in args)
            ),
            types=column("i", [-1] * n),
            concrete=column("i", [-1] * n),
            strings=tuple(strings),
            tracks=tuple(
                Track(process=p, thread=t, name="loader" if t == "501" else "") for p, t in tracks
            ),
            metadata=metadata,
        )

    def kineto(self) -> str:
        """The same as the JSON that PyTorch writes; spans of the scheduler are left out."""
        written = []
        for e in self.events:
            if e["ph"] != "X":
                continue
            args = {("Input Dims" if k == "dims" else k): v for k, v in e["args"].items()}
            process, thread = e["at"]
            ids = {"pid": int(process), "tid": int(thread)}
            times = {"ts": e["ts"] / 1e3, "dur": e["dur"] / 1e3}
            written.append(
                {"ph": "X", "cat": e["cat"], "name": e["name"], **ids, **times, "args": args}
            )
        return json.dumps({"schemaVersion": 1, "deviceProperties": [], "traceEvents": written})


@dataclass
class Pipeline:
    """A network on a device, frame by frame; `fault` is what goes wrong in the present one."""

    seed: int
    noise: float = 0.03
    recorder: Recorder = field(default_factory=Recorder)

    def __post_init__(self):
        self.random = random.Random(self.seed)  # noqa: S311 - seeded, for tests
        self.now = 5_000_000_000
        self.free = {COMPUTE: 0, COPIES: 0, ASIDE: 0}
        self.correlation = 100
        names = ["conv", "gemm", "bn", "relu", "scatter"]
        count = self.random.randint(8, 20)
        self.layers = [
            (f"{names[i % 5]}_{i}", int(self.random.uniform(40_000, 250_000))) for i in range(count)
        ]
        self.fault, self.place, self.size, self.factor = "", 0, 0, 1.0

    def jittered(self, time):
        return max(int(time * (1 + abs(self.random.gauss(0, self.noise)))), 1)

    def host(self, name, time, category="cpu_op", **arguments):
        self.recorder.add(category, name, HOST, self.now, time, **arguments)
        self.now += time

    def launch(
        self, name, time, *, stream=COMPUTE, api="cudaLaunchKernel", kind="kernel", after=0, late=0
    ):
        self.correlation += 1
        begun = self.now
        self.now += int(3000 * self.random.uniform(0.7, 1.4))
        call = int(4000 * self.random.uniform(0.8, 1.3))
        if self.fault == "launch_call" and self.matches(name):
            call += self.size
        self.recorder.add("cuda_runtime", api, HOST, self.now, call, correlation=self.correlation)
        self.now += call
        start = max(self.free[stream], self.now + 2000, after) + late
        arguments = {
            "correlation": self.correlation,
            "stream": int(stream[1]),
            "bytes": 4096 * (kind == "gpu_memcpy"),
        }
        self.recorder.add(kind, name, stream, start, time, **arguments)
        self.free[stream] = start + time
        self.now += int(2000 * self.random.uniform(0.7, 1.4))
        operator = "aten::" + name.split("_")[0].replace("Memcpy HtoD", "copy_").replace(
            "Memcpy DtoH", "copy_"
        )
        self.recorder.add("cpu_op", operator, HOST, begun, self.now - begun)
        return start + time

    def matches(self, name):
        return name == self.layers[self.place % len(self.layers)][0]

    def wait(self, call="cudaStreamSynchronize", streams=(COMPUTE,), more=0):
        end = max([self.now, *(self.free[s] for s in streams)]) + 3000 + more
        self.recorder.add("cuda_runtime", call, HOST, self.now, end - self.now)
        self.now = end

    def stage(self, name, start):
        self.recorder.add("user_annotation", name, HOST, start, self.now - start)

    def frame(self):
        start = self.now
        self.before_layers()
        copied = self.launch(
            "Memcpy HtoD",
            self.jittered(60_000) + self.size * (self.fault == "copy"),
            stream=COPIES,
            api="cudaMemcpyAsync",
            kind="gpu_memcpy",
        )
        net = self.now
        for place, (name, time) in enumerate(self.layers):
            self.layer(name, time, copied if place == 0 else 0)
        self.stage("net", net)
        post = self.now
        boxes = 8 if self.fault != "more_kernels" else 8 + self.size // 45_000
        for _ in range(boxes):
            self.launch("nms_iou_kernel", int(self.jittered(45_000) * self.factor))
        if self.random.random() < 0.2:  # a decoy: off the critical path
            self.launch(
                "Memcpy DtoD", 900_000, stream=ASIDE, api="cudaMemcpyAsync", kind="gpu_memcpy"
            )
        self.wait()
        self.host("postprocess", self.jittered(90_000))
        self.stage("post", post)
        self.recorder.add("user_annotation", "frame", HOST, start, self.now - start)
        self.now += 200_000

    def before_layers(self):
        if self.fault == "gap_start":
            self.now += self.size
        if self.fault == "loader":
            end = self.now + self.size
            self.recorder.add(
                "user_annotation", "decode", LOADER, self.now - 400_000, end - self.now + 395_000
            )
            self.now = end
        self.host("preprocess", self.jittered(120_000))

    def layer(self, name, time, after):
        long = int(self.jittered(time) * self.factor)
        if self.fault == "memory" and name.split("_")[0] in MEMORY_BOUND:
            long = int(long * 2.5)
        if self.fault == "kernel" and self.matches(name):
            long += self.size
        if self.matches(name):
            self.before_layer()
        late = self.size if self.fault == "late_start" and self.matches(name) else 0
        spoken = "autotune_trial_77" if self.fault == "new_kernel" and self.matches(name) else name
        if spoken != name:
            long = self.size
        self.launch(spoken, long, after=after, late=late)

    def before_layer(self):
        fault, size = self.fault, self.size
        if fault == "gap":
            self.now += size
        elif fault == "off_core":
            self.recorder.add("scheduler", "off core", HOST, self.now, size)
            self.now += size
        elif fault == "collect":
            self.host("<built-in function collect>", size, "python_function")
        elif fault == "sleep":
            self.host("<built-in function sleep>", size, "python_function")
        elif fault == "load":
            self.host("cuModuleLoadDataEx", size, "cuda_driver")
        elif fault in {"cudaMalloc", "cudaFree"}:
            self.wait(fault, (COMPUTE, COPIES), more=size)
        elif fault == "extra":
            self.host("aten::index_put_", size)


def staged(seed, fault, *, frames=120, spikes=4, size=None, factor=1.0):
    """A trace whose spikes all have one fault, and the frames and layer it is in."""
    pipeline = Pipeline(seed)
    ordinary = sum(time for _, time in pipeline.layers)
    size = int(ordinary * pipeline.random.uniform(3, 12)) if size is None else size
    at = sorted(pipeline.random.sample(range(10, frames), spikes))
    place = pipeline.random.randrange(1, len(pipeline.layers))
    for index in range(frames):
        late = index in at
        pipeline.fault, pipeline.size = (fault, size) if late else ("", 0)
        pipeline.place, pipeline.factor = place, factor if late else 1.0
        pipeline.frame()
    return pipeline, at, pipeline.layers[place][0]


@dataclass
class HostNetwork:
    """A small network on the host alone: operators with shapes, in two stages."""

    seed: int
    recorder: Recorder = field(default_factory=Recorder)

    def __post_init__(self):
        self.random = random.Random(self.seed)  # noqa: S311 - seeded, for tests
        self.now = 5_000_000_000
        self.layers = [
            (
                "aten::conv2d"
                if i % 2 == 0
                else "aten::batch_norm"
                if i % 4 == 1
                else "aten::relu",
                i,
            )
            for i in range(12)
        ]

    def operator(self, name, time, dims):
        begun = self.now
        self.now += int(4000 * self.random.uniform(0.7, 1.4))
        inner = name.replace("aten::conv2d", "aten::mkldnn_convolution")
        if inner != name:
            self.recorder.add("cpu_op", inner, HOST, self.now, time, dims=dims)
        self.now += time
        self.recorder.add("cpu_op", name, HOST, begun, self.now - begun, dims=dims)
        self.now += int(5000 * self.random.uniform(0.7, 1.4))

    def frame(self, *, fault="", size=0, shape=96):
        start, drawn = self.now, self.random
        place = -1
        usually = {"aten::conv2d": 400_000, "aten::batch_norm": 60_000, "aten::relu": 25_000}
        if fault == "stall":  # what interrupts does not choose: long operators are hit more often
            weights = [usually[name] for name, _ in self.layers]
            place = drawn.choices(range(len(self.layers)), weights)[0]
        factor = 2.2 if fault == "stretch" else 1.0
        for name, i in self.layers:
            time = int(usually[name] * factor * (1 + abs(drawn.gauss(0, 0.08))))
            if fault == "shape":
                time = int(time * size)
            if fault == "op" and name == "aten::batch_norm":
                time *= size
            if (fault == "stall" and i == place) or (fault == "relu" and i == 3):
                time += size
            self.operator(name, time, [[1, 3 + i, shape, shape]])
        self.recorder.add("user_annotation", "net", HOST, start, self.now - start)
        nms = self.now
        if fault == "gap":
            self.now += size
        if fault == "fill":
            self.operator("aten::fill_", size, [[25165824], []])
        for _ in range(6 if fault != "more" else size):
            for name in ("aten::select", "aten::le", "aten::mul"):
                self.operator(name, int(6_000 * factor * (1 + abs(drawn.gauss(0, 0.1)))), [[64, 4]])
        self.recorder.add("user_annotation", "nms", HOST, nms, self.now - nms)
        self.recorder.add("user_annotation", "frame", HOST, start, self.now - start)
        self.now += 50_000
