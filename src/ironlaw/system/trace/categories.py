"""What kinds of events a trace holds, whatever its recorder called them."""

from __future__ import annotations

from enum import IntEnum


class Phase(IntEnum):
    """How an event stands in time."""

    SLICE = 0
    """Has a duration and nests on its track."""
    SPAN = 1
    """Has a duration and need not nest: asynchronous work, a thread off its core, a pipelined inference."""
    INSTANT = 2
    """Has no duration."""


class Category(IntEnum):
    """What an event is."""

    OTHER = 0
    OPERATOR = 1
    ANNOTATION = 2
    PYTHON = 3
    RUNTIME = 4
    DRIVER = 5
    OVERHEAD = 6
    SYSTEM = 7
    """A call into the operating system."""
    SCHEDULER = 8
    """A thread off its core."""
    KERNEL = 9
    COPY = 10
    SET = 11
    SYNC = 12
    """A device waits: a stream or event synchronisation, as the device's own record."""
    DEVICE_ANNOTATION = 13
    EVENT = 14
    MEMORY = 15
    """An allocation or a free; its size is negative where memory is given back."""
    PROFILER = 16
    """The recorder's own span, and its marks."""


HOST = frozenset(
    {
        *(Category.OTHER, Category.OPERATOR, Category.ANNOTATION, Category.PYTHON),
        *(Category.RUNTIME, Category.DRIVER, Category.OVERHEAD, Category.SYSTEM),
    }
)
"""Categories that run on a host thread."""

DEVICE_WORK = frozenset({Category.KERNEL, Category.COPY, Category.SET})
"""Categories that keep a stream of a device busy."""

DEVICE = DEVICE_WORK | {Category.SYNC, Category.DEVICE_ANNOTATION, Category.EVENT}
"""Categories that stand on a device's track."""

LAUNCHES = frozenset({Category.RUNTIME, Category.DRIVER})
"""Categories of calls that hand work to a device."""

_SPELLINGS: dict[str, Category] = {
    "cpu_op": Category.OPERATOR,
    "operator": Category.OPERATOR,
    "user_annotation": Category.ANNOTATION,
    "python_function": Category.PYTHON,
    "cuda_runtime": Category.RUNTIME,
    "runtime": Category.RUNTIME,
    "cuda_driver": Category.DRIVER,
    "driver": Category.DRIVER,
    "overhead": Category.OVERHEAD,
    "kernel": Category.KERNEL,
    "concurrent_kernel": Category.KERNEL,
    "gpu_memcpy": Category.COPY,
    "memcpy": Category.COPY,
    "gpu_memset": Category.SET,
    "memset": Category.SET,
    "cuda_sync": Category.SYNC,
    "gpu_user_annotation": Category.DEVICE_ANNOTATION,
    "cuda_event": Category.EVENT,
    "trace": Category.PROFILER,
    "sched": Category.SCHEDULER,
    "sched_switch": Category.SCHEDULER,
    "mtia_ccp_events": Category.KERNEL,
    "mtia_workloadd": Category.OTHER,
    "mtia_insight": Category.OTHER,
}

_ENDINGS: tuple[tuple[str, Category], ...] = (
    ("_runtime", Category.RUNTIME),
    ("_driver", Category.DRIVER),
    ("_kernel", Category.KERNEL),
    ("_memcpy", Category.COPY),
    ("_memset", Category.SET),
)


def category_of(spelling: str) -> Category:
    """The category behind a recorder's own word for it.

    Args:
        spelling: The `cat` of an event, of any version of any recorder.

    Example:
        >>> category_of("Operator") is category_of("cpu_op") is Category.OPERATOR
        True
    """
    lower = spelling.lower()
    known = _SPELLINGS.get(lower)
    if known is not None:
        return known
    return next((kind for ending, kind in _ENDINGS if lower.endswith(ending)), Category.OTHER)
