"""The passes that the lab's operators are made of, run by NumPy or PyTorch; the toolkit is imported only here."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from time import get_clock_info, perf_counter, thread_time
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias

from ironlaw.base.errors import DomainError, MissingPackageError

if TYPE_CHECKING:
    from collections.abc import Callable

_TICK = 1e-6  # a clock that is coarser tells short rounds apart no more [s]
_FINE = get_clock_info("thread_time").resolution <= _TICK

PassName: TypeAlias = Literal[
    "matmul", "add", "subtract", "multiply", "divide", "maximum", "sqrt", "exp", "copy",
    "row_max", "row_sum", "dot",
]  # fmt: skip
"""A pass over arrays: one call of the toolkit."""

Backend: TypeAlias = Literal["numpy", "torch", "cuda"]
"""Who runs the passes: NumPy, PyTorch on the CPU, or PyTorch on a CUDA device."""


class Timing(NamedTuple):
    """What some calls took.

    Attributes:
        busy: Time in which the one thread that runs them had a core, or a device its kernels; the same as
            `passed` where several threads share the work [s].
        passed: Time that passed [s].
    """

    busy: float
    passed: float


class Array(Protocol):
    """What the operators ask of an array: its shape, blocks along its first axis, and its transpose."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        ...

    @property
    def T(self) -> Array:  # noqa: N802 - the name that NumPy and PyTorch share
        """The transpose of a matrix, as a view."""
        ...

    def __getitem__(self, index: slice | int) -> Array:
        """Rows of it, as a view."""
        ...

    def reshape(self, *shape: int) -> Array:
        """The same data in another shape, as a view."""
        ...


class Ops(Protocol):
    """Whoever makes arrays and runs passes over them."""

    def random(self, *shape: int) -> Array:
        """An array of numbers in [0.5, 1.5)."""
        ...

    def full(self, value: float, *shape: int) -> Array:
        """An array of one number."""
        ...

    def run(self, name: PassName, *inputs: Array, out: Array) -> None:
        """Run one pass."""
        ...


class Runner(Ops, Protocol):
    """An `Ops` that really runs, and can be timed."""

    def cast(self, array: Array, dtype: str) -> Array:
        """The array in another format, by its name in the toolkit."""
        ...

    def timed(self, task: Callable[[], None], calls: int) -> Timing:
        """Time of so many calls [s]."""
        ...

    def describe(self) -> dict[str, str]:
        """Versions and device."""
        ...


class NumpyOps:
    """NumPy on one thread; each process of a crew has its own."""

    def __init__(self) -> None:
        numpy = _toolkit("numpy", "measure")
        self._numpy = numpy
        self._random: Any = numpy.random.default_rng(0)
        rows: dict[str, Any] = {"axis": 1, "keepdims": True}
        self._calls: dict[str, Any] = {
            name: getattr(numpy, name)
            for name in (
                "matmul", "add", "subtract", "multiply", "divide", "maximum", "sqrt", "exp", "dot"
            )
        }  # fmt: skip
        self._calls |= {
            "row_max": partial(numpy.max, **rows),
            "row_sum": partial(numpy.sum, **rows),
            "copy": self._copy,
        }

    def random(self, *shape: int) -> Array:
        """An array of numbers in [0.5, 1.5), fp32."""
        array: Any = self._random.random(shape, dtype="float32")
        array += 0.5
        made: Array = array
        return made

    def full(self, value: float, *shape: int) -> Array:
        """An array of one number, fp32."""
        made: Array = self._numpy.full(shape, value, dtype="float32")
        return made

    def run(self, name: PassName, *inputs: Array, out: Array) -> None:
        """Run one pass."""
        self._calls[name](*inputs, out=out)

    def _copy(self, source: Array, out: Array) -> None:
        self._numpy.copyto(out, source)

    def cast(self, array: Array, dtype: str) -> Array:
        """The array in another format."""
        found: Any = array
        made: Array = found.astype(dtype)
        return made

    def timed(self, task: Callable[[], None], calls: int) -> Timing:
        """Time of so many calls on one thread [s]."""
        return host_time(task, calls, alone=True)

    def describe(self) -> dict[str, str]:
        """The versions of NumPy and of its BLAS."""
        numpy = self._numpy
        blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
        return {
            "numpy": str(numpy.__version__),
            "blas": f"{blas.get('name', 'unknown')} {blas.get('version', '')}".strip(),
        }


class TorchOps:
    """PyTorch on the CPU with a number of threads, or on a CUDA device."""

    def __init__(self, device: str, threads: int) -> None:
        torch = _toolkit("torch", "torch")
        if device == "cuda" and not torch.cuda.is_available():
            raise DomainError("backend", "cuda", "the devices of this machine: PyTorch sees no GPU")
        torch.set_num_threads(threads)
        self._torch, self._device, self._threads = torch, device, threads
        self._calls: dict[str, Any] = {
            name: getattr(torch, name)
            for name in (
                "matmul", "add", "subtract", "multiply", "divide", "maximum", "sqrt", "exp", "dot"
            )
        }  # fmt: skip
        self._calls |= {
            "row_max": partial(torch.amax, dim=1, keepdim=True),
            "row_sum": partial(torch.sum, dim=1, keepdim=True),
            "copy": _copied,
        }

    def random(self, *shape: int) -> Array:
        """An array of numbers in [0.5, 1.5), fp32."""
        made: Array = self._torch.rand(*shape, device=self._device).add_(0.5)
        return made

    def full(self, value: float, *shape: int) -> Array:
        """An array of one number, fp32."""
        made: Array = self._torch.full(shape, value, device=self._device)
        return made

    def run(self, name: PassName, *inputs: Array, out: Array) -> None:
        """Run one pass."""
        self._calls[name](*inputs, out=out)

    def cast(self, array: Array, dtype: str) -> Array:
        """The array in another format."""
        found: Any = array
        made: Array = found.to(getattr(self._torch, dtype))
        return made

    def timed(self, task: Callable[[], None], calls: int) -> Timing:
        """Time of so many calls: the host's clock on the CPU, the device's own events on a GPU [s]."""
        if self._device == "cpu":
            return host_time(task, calls, alone=self._threads == 1)
        cuda = self._torch.cuda
        begin, end = cuda.Event(enable_timing=True), cuda.Event(enable_timing=True)
        begin.record()
        for _ in range(calls):
            task()
        end.record()
        end.synchronize()
        took = float(begin.elapsed_time(end)) * 1e-3
        return Timing(took, took)

    def describe(self) -> dict[str, str]:
        """The version of PyTorch and, of a GPU, its name, memory and CUDA."""
        torch = self._torch
        said = {"torch": str(torch.__version__)}
        if self._device == "cuda":
            found = torch.cuda.get_device_properties(0)
            said |= {
                "gpu": str(found.name),
                "gpu_memory": str(int(found.total_memory)),
                "cuda": str(torch.version.cuda),
            }
        return said


def _copied(source: Any, out: Any) -> None:  # noqa: ANN401 - tensors without types
    out.copy_(source)


def host_time(task: Callable[[], None], calls: int, *, alone: bool) -> Timing:
    """Time of so many calls by the clocks of the host.

    While another process has the core, a thread's own clock stands still: on a machine that others use too it says what
    the calls take by themselves.

    Args:
        task: What is called.
        calls: How often.
        alone: Whether this thread does all the work.
    """
    clock = thread_time if alone and _FINE else perf_counter
    begin, began = perf_counter(), clock()
    for _ in range(calls):
        task()
    busy = clock() - began
    return Timing(busy, max(perf_counter() - begin, busy))


def runner(backend: Backend, threads: int) -> Runner:
    """Who runs the passes of a backend.

    Args:
        backend: numpy, torch or cuda.
        threads: Threads that PyTorch may use; NumPy runs each process on one.

    Raises:
        MissingPackageError: if its toolkit is not installed.
        DomainError: if there is no GPU.
    """
    if backend == "numpy":
        return NumpyOps()
    return TorchOps("cuda" if backend == "cuda" else "cpu", threads)


def _toolkit(name: str, extra: str) -> Any:  # noqa: ANN401 - a module without types
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise MissingPackageError("ironlaw measure", name, extra) from error
