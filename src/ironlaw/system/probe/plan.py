"""What a session measures: its tasks, how long a round of each is, and how many rounds there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.system.probe.predict import RATES
from ironlaw.system.probe.suite import suite
from ironlaw.system.probe.tasks import STREAMS, Task

if TYPE_CHECKING:
    from ironlaw.system.probe.ops import Backend

_KIB, _MIB = 2**10, 2**20
_SMALLEST = 64 * _KIB  # working set of a worker; below it a call is dispatch more than traffic
_LARGEST = 512 * _MIB
_SHARE = 8.0  # of the memory, for the largest working set
_QUICK_LARGEST = 128 * _MIB
_GPU_SMALLEST, _GPU_LARGEST = (
    2 * _MIB,
    1024 * _MIB,
)  # a GPU moves a mebibyte in the time of a launch
_SIDES, _GPU_SIDES = (512, 1024), (4096, 8192)
# number format of a fact, and the toolkit's name; NumPy multiplies fp16 and whole numbers in loops of its own
_FORMATS: dict[Backend, dict[str, str]] = {
    "numpy": {"fp32": "float32", "fp64": "float64"},
    "torch": {"fp32": "float32", "fp64": "float64", "bf16": "bfloat16"},
    "cuda": {"fp32": "float32", "fp64": "float64", "fp16": "float16", "bf16": "bfloat16"},
}
_SPREAD = {"cached": 512 * _KIB, "memory": 64 * _MIB}  # working sets [B]
_SLOW = {"fp16": Task("gemm", "float16", 128), "int8": Task("gemm", "int8", 128)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The measurements of a session.

    Attributes:
        backend: Who runs the passes.
        workers: Workers that the figures of the machine are for.
        sizes: Working sets of the sweep, of all workers together [B].
        counts: Numbers of workers that the sweep and fp32 products are taken with.
        formats: Tasks of matrix products by number format; the best one counts.
        slow: Tasks of products that no BLAS runs, by number format.
        rates: Tasks of passes that arithmetic binds.
        spread: Tasks of a pass with a factor for each row and with one for all, in a cache and in the memory.
        calls: Tasks of dispatch.
        operators: Tasks of the lab's operators.
        rounds: Rounds of each task, at least while there is time.
        budget: Time after which no further round begins [s].
        window: Time of one round of a short task [s].
    """

    backend: Backend
    workers: int
    sizes: tuple[int, ...]
    counts: tuple[int, ...]
    formats: dict[str, tuple[Task, ...]]
    slow: dict[str, Task]
    rates: tuple[Task, ...]
    spread: dict[str, tuple[Task, Task]]
    calls: tuple[Task, ...]
    operators: tuple[Task, ...]
    rounds: int
    budget: float
    window: float

    def rooms(self) -> tuple[int, ...]:
        """The largest working set of each worker: what it takes memory for [B]."""
        shares = [(task.size, count) for task, _, count in self.sweep()]
        return tuple(
            max(size for size, count in shares if count > worker)
            for worker in range(self.counts[-1])
        )

    def sweep(self) -> tuple[tuple[Task, int, int], ...]:
        """Each stream task with its working set of all workers and the number of them that run it."""
        return tuple(
            (Task("stream", name, size // count), size, count)
            for count in self.counts
            for size in self.sizes
            if size // count >= _SMALLEST
            for name in STREAMS
        )

    def scaling(self) -> tuple[tuple[Task, int], ...]:
        """The fp32 product at each number of workers."""
        return tuple((self.formats["fp32"][-1], count) for count in self.counts)

    def all_tasks(self) -> tuple[tuple[Task, int], ...]:
        """Every task with the number of workers that run it, in the order of a round."""
        products = [task for tasks in self.formats.values() for task in tasks]
        spread = [task for both in self.spread.values() for task in both]
        others = (*products, *self.slow.values(), *self.rates, *spread, *self.operators)
        found = [(task, count) for task, _, count in self.sweep()]
        found += [(task, self.workers) for task in others]
        found += self.scaling()
        found += [(task, 1) for task in self.calls]
        return tuple(dict.fromkeys(found))


def plan_of(
    backend: Backend,
    workers: int,
    most: int,
    *,
    memory: float | None = None,
    quick: bool = False,
    kernels: bool = False,
) -> Plan:
    """What to measure.

    Args:
        backend: Who runs the passes.
        workers: Workers that the figures are for.
        most: Workers that there are; the sweep is taken with 1, 2, 4 and so on of them too.
        memory: Main memory, of which a sweep takes an eighth at most; not looked at if None [B].
        quick: Whether fewer sizes and rounds do.
        kernels: Whether the lab's operators are timed too.

    Raises:
        DomainError: if there are fewer workers than one, or than the figures are for.
    """
    if not 1 <= workers <= most:
        raise DomainError(
            "threads", workers, f"the whole numbers from 1 to {most}, the cores to use"
        )
    formats = _FORMATS[backend]
    sides = _GPU_SIDES if backend == "cuda" else _SIDES
    host = backend != "cuda"  # on a GPU a pass over a cached block is a launch and little more
    return Plan(
        backend=backend,
        workers=workers,
        sizes=_sizes(backend, workers, memory, quick=quick),
        counts=(workers,) if quick else _counts(workers, most),
        formats={
            name: tuple(Task("gemm", tool, side) for side in sides)
            for name, tool in formats.items()
        },
        slow=_SLOW if backend == "numpy" else {},
        rates=tuple(Task("rate", name) for name in RATES if host),
        spread={
            where: (Task("spread", "rows", size), Task("spread", "flat", size))
            for where, size in _SPREAD.items()
            if host
        },
        calls=(Task("call", "toolkit"), Task("call", "python")),
        operators=tuple(Task("operator", one.name, workers) for one in suite()) if kernels else (),
        rounds=5 if quick else 10,
        budget=12.0 if quick else 40.0,
        window=2e-3 if quick else 4e-3,
    )


def _sizes(backend: Backend, workers: int, memory: float | None, *, quick: bool) -> tuple[int, ...]:
    """Powers of two between the smallest and the largest working set of all workers together."""
    smallest, largest = _SMALLEST * workers, _QUICK_LARGEST if quick else _LARGEST
    if backend == "cuda":
        smallest, largest = _GPU_SMALLEST, _GPU_LARGEST
    if memory is not None:
        largest = max(min(largest, int(memory / _SHARE)), smallest)
    size = _KIB
    while size < smallest:
        size *= 2
    sizes: list[int] = []
    while size <= largest:
        sizes.append(size)
        size *= 2
    return tuple(sizes)


def _counts(workers: int, most: int) -> tuple[int, ...]:
    """1, 2, 4 and so on, all of them, and those that the figures are for."""
    counts = {workers, most}
    count = 1
    while count < most:
        counts.add(count)
        count *= 2
    return tuple(sorted(counts))
