"""The processes that measure together, from a common start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from time import perf_counter
from typing import TYPE_CHECKING, Protocol, cast

from ironlaw.base.errors import ModelError
from ironlaw.system.probe.ops import Timing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from ironlaw.system.probe.ops import Backend
    from ironlaw.system.probe.tasks import Task

_LEAD = 0.5e-3  # between the word and the common start [s]
_BLAS = (
    "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS",
)  # fmt: skip


class ProbeError(ModelError, RuntimeError):
    """A measurement that could not be taken."""


class Crew(Protocol):
    """Whoever takes measurements; a test has one with a clock of its own."""

    @property
    def backend(self) -> Backend:
        """Who runs the passes."""
        ...

    @property
    def workers(self) -> int:
        """Processes, each with its own share."""
        ...

    def describe(self) -> dict[str, str]:
        """Versions and device."""
        ...

    def prepare(self, task: Task, window: float, active: int) -> int:
        """Have so many workers make the arrays of a task and warm it up; says how many calls fill a window."""
        ...

    def time(self, task: Task, calls: int, active: int) -> Timing:
        """One round of so many workers [s]."""
        ...


class ProcessCrew:
    """Worker processes that speak JSON over pipes; to be used in a `with` statement.

    Args:
        backend: numpy, torch or cuda.
        threads: Threads of each process; more than one serve PyTorch only.
        rooms: Largest working set of a stream on each worker: as many processes are started [B].
    """

    def __init__(self, backend: Backend, threads: int, rooms: Sequence[int]) -> None:
        self._backend: Backend = backend
        self._workers, inside = len(rooms), 1 if backend == "numpy" else threads
        command = [sys.executable, "-m", "ironlaw.system.probe.worker", backend, str(inside)]
        environment = {**os.environ, **dict.fromkeys(_BLAS, str(inside))}
        environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        self._processes = [
            subprocess.Popen(  # noqa: S603 - this interpreter with a module of its own
                [*command, str(room)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env=environment,
            )
            for room in rooms
        ]

    def __enter__(self) -> ProcessCrew:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):  # a request that a dead worker never read
                        pipe.close()

    @property
    def backend(self) -> Backend:
        """Who runs the passes."""
        return self._backend

    @property
    def workers(self) -> int:
        """Processes, each with its own share."""
        return self._workers

    def describe(self) -> dict[str, str]:
        """Versions and device.

        Raises:
            ProbeError: if a worker cannot run.
        """
        self._ask(self._processes[:1], {"do": "describe"})
        return cast("dict[str, str]", self._answer(self._processes[0]))

    def prepare(self, task: Task, window: float, active: int) -> int:
        """Have so many workers make the arrays of a task and warm it up; says how many calls fill a window.

        Args:
            task: The task.
            window: Time of one round [s].
            active: Workers that take part.

        Raises:
            ProbeError: if a worker cannot run it.
        """
        asked: dict[str, object] = {"do": "prepare", "task": _plain(task), "window": window}
        return max(cast("list[int]", self._all(self._processes[:active], asked)))

    def time(self, task: Task, calls: int, active: int) -> Timing:
        """One round of so many workers.

        Args:
            task: A task that is prepared.
            calls: Calls of each worker.
            active: Workers that take part.

        Returns:
            Of one worker its own time and the time that passed; of several, which share a memory and have to run at the
            same moment, the time from the common start to the last end as both [s].

        Raises:
            ProbeError: if a worker cannot run it.
        """
        asked: dict[str, object] = {"do": "time", "task": _plain(task), "calls": calls}
        start = {"start": perf_counter() + _LEAD}
        found = self._all(self._processes[:active], {**asked, **start})
        timings = [Timing(*cast("list[float]", timing)) for timing in found]
        passed = max(timing.passed for timing in timings)
        return Timing(timings[0].busy if active == 1 else passed, passed)

    def _all(
        self, workers: list[subprocess.Popen[str]], request: dict[str, object]
    ) -> list[object]:
        self._ask(workers, request)
        return [self._answer(worker) for worker in workers]

    def _ask(self, workers: list[subprocess.Popen[str]], request: dict[str, object]) -> None:
        line = json.dumps(request) + "\n"
        for worker in workers:
            if worker.stdin is None:
                raise ProbeError("measure", "a worker has no pipe")
            try:
                worker.stdin.write(line)
                worker.stdin.flush()
            except BrokenPipeError:
                continue  # why it ended is in its last answer

    def _answer(self, worker: subprocess.Popen[str]) -> object:
        line = "" if worker.stdout is None else worker.stdout.readline()
        if not line:
            code = worker.wait()
            raise ProbeError(
                "measure", f"a worker of the {self._backend} backend ended with {code}"
            )
        answer = cast("object", json.loads(line))
        if isinstance(answer, dict) and "error" in answer:
            raise ProbeError("measure", str(cast("dict[str, object]", answer)["error"]))
        return answer  # pyright: ignore[reportUnknownVariableType] - whatever the worker says


def _plain(task: Task) -> list[object]:
    return [task.kind, task.name, task.size]


def usable_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
