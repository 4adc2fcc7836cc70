"""Machines that exist in tests only: a crew that answers from known rates, by a clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import cycle

from ironlaw.system.probe.ops import Timing
from ironlaw.system.probe.tasks import Task

CACHE, MEMORY = 90e9, 30e9  # B/s of one worker
HELD = 8 * 2**20  # bytes that the cache of all workers holds
GEMM = {"float32": 100e9, "float64": 50e9, "float16": 0.6e9, "bfloat16": 200e9, "int8": 3.3e9}
RATES = {"exp": 2e9, "divide": 9e9, "row_max": 7e9, "row_sum": 5e9}
CALLS = {"toolkit": 0.5e-6, "python": 30e-9}
SPREAD = {512 * 2**10: 120e-12, 64 * 2**20: 190e-12}  # s of an element


@dataclass
class KnownCrew:
    """Answers from known rates; every so many rounds another process takes the core."""

    backend: str = "numpy"
    disturbances: tuple[float, ...] = (1.0,)
    stolen: float = 0.0
    operator_time: float = 0.02
    now: float = 0.0
    prepared: dict[Task, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._factor = cycle(self.disturbances)

    @property
    def workers(self) -> int:
        return 2

    def describe(self) -> dict[str, str]:
        return {"numpy": "2.0", "blas": 'a "quoted" library'}

    def prepare(self, task: Task, window: float, active: int) -> int:
        assert window > 0.0
        self.prepared[task] = active
        return 2

    def time(self, task: Task, calls: int, active: int) -> Timing:
        assert active <= self.prepared[task]
        took = calls * self.one(task, active) * next(self._factor)
        self.now += took
        return Timing(took, took / (1.0 - self.stolen))

    def one(self, task: Task, active: int) -> float:
        if task.kind == "stream":
            rate = CACHE if task.size * active <= HELD else MEMORY / active
            return CALLS["toolkit"] + task.units / rate
        if task.kind == "gemm":
            return task.units / GEMM[task.name]
        if task.kind == "rate":
            return task.units / RATES[task.name]
        if task.kind == "spread":
            flat = task.size / MEMORY
            return flat + (task.units * SPREAD[task.size] if task.name == "rows" else 0.0)
        return CALLS[task.name] if task.kind == "call" else self.operator_time
