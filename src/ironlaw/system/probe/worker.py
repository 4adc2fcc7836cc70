"""One process of the crew: it makes the arrays of a task, waits for the common start, and says what a call took.

    python -m ironlaw.system.probe.worker numpy 1 1048576

A process and not a thread, because short calls of several threads wait for one another's interpreter lock.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import ModelError
from ironlaw.system.probe.ops import Timing, runner
from ironlaw.system.probe.readings import calls_for
from ironlaw.system.probe.tasks import Task, program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ironlaw.system.probe.operators import Program
    from ironlaw.system.probe.ops import Array, Backend, Runner
    from ironlaw.system.probe.tasks import Kind


@dataclass(slots=True)
class Bench:
    """Tasks that are ready to run.

    Attributes:
        ops: Who runs them.
        room: Largest working set of a stream [B].
    """

    ops: Runner
    room: int
    _buffer: Array | None = None
    _ready: dict[Task, Program] = field(default_factory=dict["Task", "Program"])

    def prepare(self, task: Task, window: float) -> int:
        """Make the arrays of a task, warm it up and find how many calls fill a round.

        Args:
            task: The task.
            window: Time of one round [s].
        """
        if task.kind == "stream" and self._buffer is None:
            self._buffer = self.ops.full(1.0, self.room // 4)
        ready = program(task, self.ops, self._buffer)
        ready()
        self._ready[task] = ready
        return calls_for(lambda calls: self.ops.timed(ready, calls).passed, window)

    def time(self, task: Task, calls: int, start: float) -> Timing:
        """Time of so many calls, and the time that passed from the common start to their end [s].

        Args:
            task: A task that is prepared.
            calls: Calls of the round, the same on every worker.
            start: When to begin, by the host's clock [s].
        """
        ready = self._ready[task]
        while (late := perf_counter() - start) < 0.0:
            pass
        took = self.ops.timed(ready, calls)
        return Timing(took.busy, late + took.passed)


def serve(lines: Iterable[str], say: Callable[[object], None], bench: Bench) -> None:
    """Answer requests, one JSON object a line, until there are no more.

    Args:
        lines: The requests.
        say: Takes each answer.
        bench: Who runs the tasks.
    """
    for line in lines:
        asked = cast("dict[str, object]", json.loads(line))
        say(_answer(bench, asked))


def _answer(bench: Bench, asked: dict[str, object]) -> object:
    if asked["do"] == "describe":
        return bench.ops.describe()
    kind, name, size = cast("tuple[Kind, str, int]", asked["task"])
    task = Task(kind, name, size)
    if asked["do"] == "prepare":
        return bench.prepare(task, cast("float", asked["window"]))
    return bench.time(task, cast("int", asked["calls"]), cast("float", asked["start"]))


def main() -> None:
    """Serve standard input; an error of the engine is one line of JSON."""
    backend, threads, room = cast("Backend", sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    answers = sys.stdout
    sys.stdout = sys.stderr  # whatever a toolkit prints is no answer

    def say(answer: object) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    try:
        serve(sys.stdin, say, Bench(runner(backend, threads), room))
    except ModelError as error:
        say({"error": str(error)})


if __name__ == "__main__":
    main()
