"""A session of measurements: rounds that go through all tasks, and the rates that they come to."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from ironlaw.system.probe.ops import Timing
from ironlaw.system.probe.plateaus import Plateau, SweepPoint, plateaus
from ironlaw.system.probe.readings import STEADY, Reading, median, reading_of
from ironlaw.system.probe.tasks import STREAMS, Task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ironlaw.system.probe.crew import Crew
    from ironlaw.system.probe.ops import Backend
    from ironlaw.system.probe.plan import Plan

_FEWEST = 4  # rounds, whatever the time
_AGREED = 0.05  # spread from which on no further round is taken
_LEAST_TRAFFIC = 0.5  # of a call's time; what is dispatch more than that says nothing of bandwidth


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A rate of the machine.

    Attributes:
        name: What it is, "fp32" or "read".
        value: Of all workers together [B/s or FLOP/s].
        spread: That of its reading.
        task: What was timed.
    """

    name: str
    value: float
    spread: float
    task: Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """One working set of the sweep.

    Attributes:
        size: Working set of all workers [B].
        workers: Workers that fetched from it.
        fetched: Rates by stream [B/s].
        spread: The largest of theirs.
    """

    size: int
    workers: int
    fetched: dict[str, float]
    spread: float

    @property
    def bandwidth(self) -> float:
        """The middle one of the streams [B/s]."""
        return median(list(self.fetched.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What a session found.

    Attributes:
        backend: Who ran the passes.
        workers: Workers that the figures are for.
        sweep: Every working set at every number of workers.
        levels: Plateaus of that many workers together, the memory last.
        peaks: Best matrix rates by number format [FLOP/s].
        slow: Rates of products that no BLAS runs [FLOP/s].
        scaling: Rate of an fp32 product by number of workers [FLOP/s].
        rates: Rates of passes in a cache [1/s].
        spread: What an element more takes in a pass with a factor for each row, in a cache and in the memory; empty
            where it is nothing [s].
        toolkit_call: Time of the smallest call of the toolkit [s].
        python_call: Time of a call in Python [s].
        waited: Share of the time in which other processes had the core of the one worker; no time counts it.
        operators: Readings of the lab's operators, by name.
    """

    backend: Backend
    workers: int
    sweep: tuple[Swept, ...]
    levels: tuple[Plateau, ...]
    peaks: dict[str, Rate]
    slow: dict[str, Rate]
    scaling: dict[int, float]
    rates: dict[str, Rate]
    spread: dict[str, float]
    toolkit_call: Reading
    python_call: Reading
    waited: float
    operators: dict[str, Reading]

    def memory(self, workers: int) -> list[Swept]:
        """The working sets in the main memory, at a number of workers."""
        first = self.levels[-1].first
        return [one for one in self.sweep if one.workers == workers and one.size >= first]

    def disturbed(self) -> list[tuple[str, float]]:
        """The figures whose best quarter of rounds spreads by more than a tenth, each with its spread."""
        spreads = {name: rate.spread for name, rate in {**self.peaks, **self.rates}.items()}
        memory = [one.spread for one in self.memory(self.workers)]
        spreads["memory bandwidth"] = median(memory)
        spreads["dispatch"] = self.toolkit_call.spread
        spreads |= {name: reading.spread for name, reading in self.operators.items()}
        return [(name, spread) for name, spread in spreads.items() if spread > STEADY]


def measure(
    crew: Crew,
    plan: Plan,
    progress: Callable[[int, float], None] | None = None,
    clock: Callable[[], float] = perf_counter,
) -> Measured:
    """Prepare every task, then go through all of them again and again until they agree or time is up.

    Rounds are interleaved, so that a disturbance of a second hits one round of many tasks and not all rounds of one.

    Args:
        crew: Who measures.
        plan: What is measured.
        progress: Called before each round with the rounds that are done and the time since the start [s].
        clock: The host's clock [s].

    Raises:
        ProbeError: if a worker cannot run a task.
    """
    began = clock()
    tasks = plan.all_tasks()
    most: dict[Task, int] = {}
    for task, active in tasks:
        most[task] = max(active, most.get(task, 0))
    calls = {task: crew.prepare(task, plan.window, active) for task, active in most.items()}
    rounds: dict[tuple[Task, int], list[float]] = {key: [] for key in tasks}
    done, alone = 0, Timing(0.0, 0.0)
    while _goes_on(plan, done, clock() - began, rounds):
        if progress is not None:
            progress(done, clock() - began)
        for (task, active), found in rounds.items():
            took = crew.time(task, calls[task], active)
            found.append(took.busy / calls[task])
            if active == 1:
                alone = Timing(alone.busy + took.busy, alone.passed + took.passed)
        done += 1
    readings = {key: reading_of(found) for key, found in rounds.items()}
    return _summary(plan, readings, 1.0 - alone.busy / alone.passed)


def _goes_on(
    plan: Plan, done: int, spent: float, rounds: Mapping[tuple[Task, int], Sequence[float]]
) -> bool:
    """Whether another round begins: until what the figures rest on was seen often at its best, or time is up."""
    if done < _FEWEST:
        return True
    if spent >= plan.budget:
        return False
    main = [found for (_, active), found in rounds.items() if active == plan.workers]
    return done < plan.rounds or any(reading_of(found).spread > _AGREED for found in main)


def _summary(plan: Plan, readings: dict[tuple[Task, int], Reading], waited: float) -> Measured:
    workers = plan.workers
    calls = {task.name: readings[task, 1] for task in plan.calls}
    sweep = _sweep(plan, readings, calls["toolkit"].time)
    all_of_them = [one for one in sweep if one.workers == workers]
    points = [SweepPoint(float(one.size), one.bandwidth) for one in all_of_them]

    def rate(name: str, task: Task) -> Rate:
        reading = readings[task, workers]
        value = workers * task.units / reading.time
        return Rate(name=name, value=value, spread=reading.spread, task=task)

    scaling = {
        count: count * task.units / readings[task, count].time for task, count in plan.scaling()
    }
    products = {name: [rate(name, task) for task in tasks] for name, tasks in plan.formats.items()}
    return Measured(
        backend=plan.backend,
        workers=workers,
        sweep=sweep,
        levels=plateaus(points),
        peaks={name: max(found, key=lambda one: one.value) for name, found in products.items()},
        slow={name: rate(name, task) for name, task in plan.slow.items()},
        scaling=scaling,
        rates={task.name: rate(task.name, task) for task in plan.rates},
        spread=_spread(plan, readings),
        toolkit_call=calls["toolkit"],
        python_call=calls["python"],
        waited=waited,
        operators={task.name: readings[task, workers] for task in plan.operators},
    )


def _spread(plan: Plan, readings: dict[tuple[Task, int], Reading]) -> dict[str, float]:
    """Time of a pass with a factor for each row, less that of one with a single factor, by element."""
    found = {
        where: (readings[rows, plan.workers].time - readings[flat, plan.workers].time) / rows.units
        for where, (rows, flat) in plan.spread.items()
    }
    return {where: time for where, time in found.items() if time > 0.0}


def _sweep(plan: Plan, readings: dict[tuple[Task, int], Reading], call: float) -> tuple[Swept, ...]:
    """Rates without what the call itself takes; a set whose calls are mostly dispatch is left out."""
    found: dict[tuple[int, int], dict[str, tuple[float, float]]] = {}
    for task, size, count in plan.sweep():
        reading = readings[task, count]
        moving = reading.time - call
        if moving >= _LEAST_TRAFFIC * reading.time:
            here = found.setdefault((size, count), {})
            here[task.name] = (count * task.units / moving, reading.spread)
    return tuple(
        Swept(
            size=size,
            workers=count,
            fetched={name: value for name, (value, _) in here.items()},
            spread=max(spread for _, spread in here.values()),
        )
        for (size, count), here in found.items()
        if len(here) == len(STREAMS)
    )
