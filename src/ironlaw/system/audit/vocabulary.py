"""What the names of calls say: which wait, which allocate, which collect garbage."""

from __future__ import annotations

import re
from enum import StrEnum

from ironlaw.system.trace.categories import Category


class Kind(StrEnum):
    """What a stretch of the critical path is."""

    OPERATOR = "operator"
    CALL = "call"
    """A call of the runtime or driver."""
    ALLOCATION = "allocation"
    """A call that gets or gives back memory of the device."""
    LOADING = "loading"
    """Code is loaded or compiled."""
    PYTHON = "python"
    COLLECTION = "collection"
    """Garbage collection."""
    LOCK = "lock"
    """A call that waits for another thread."""
    SYSTEM = "system"
    RECORDER = "recorder"
    """The profiler's own work."""
    GAP = "gap"
    """The host thread shows nothing."""
    OFF_CORE = "off core"
    """The scheduler took the thread off its core."""
    RETURN = "return"
    """A waiting call returns after the device is done."""
    KERNEL = "kernel"
    COPY = "copy"
    QUEUE = "queue"
    """From the end of one piece of device work to the next that stands behind it."""
    DEPENDENCY = "dependency"
    """From the end of device work on another stream to what waits for it."""
    BESIDE = "beside"
    """Another engine or processor worked; never on the path."""
    LAUNCH = "launch"
    """From the launching call to the start on a free device."""


DEVICE_KINDS = frozenset({Kind.KERNEL, Kind.COPY, Kind.QUEUE, Kind.DEPENDENCY})

_ALLOCATION = re.compile(
    r"^(cuda|hip|cu|musa|acl)(rt)?_?(Malloc|Free|HostAlloc|MallocHost|FreeHost|HostRegister|HostUnregister"
    r"|Mem(Alloc|Free|Create|Release|Map|Unmap|AddressReserve|AddressFree|HostAlloc|FreeHost)|MemPool)",
    re.IGNORECASE,
)
_LOADING = re.compile(
    r"ModuleLoad|LibraryLoad|ModuleGetFunction|LibraryGet|LinkCreate|LinkComplete|LinkAdd|Lazy Function Loading"
    r"|nvrtc|KernelSetAttribute|FuncLoad|Compile",
    re.IGNORECASE,
)
_WAITING = re.compile(r"Synchronize|StreamWait|EventQuery|Memcpy|Memset$", re.IGNORECASE)
_LAUNCHING = re.compile(r"Launch|Memcpy\w*Async|Memset\w*Async|EnqueueV", re.IGNORECASE)
_COLLECTING = re.compile(r"\bcollect\b|Python GC|\bgc\b|garbage", re.IGNORECASE)
_LOCKING = re.compile(
    r"\bacquire\b|\bwait\b|\bwait_for\b|\bjoin\b|pthread_(cond|mutex|rwlock|join|barrier)|sem_(timed)?wait|futex"
    r"|\bselect\b|\bpoll\b|\bepoll_wait\b|\bppoll\b|\brecv\b|queue\.py\(\d+\): get",
    re.IGNORECASE,
)
_ANNOTATING = re.compile(
    r"ProfilerStep|Optimizer\.|enumerate\(DataLoader"
)  # operators only in old traces
_SPECIAL: tuple[tuple[frozenset[Kind], re.Pattern[str], Kind], ...] = (
    (frozenset({Kind.CALL}), _ALLOCATION, Kind.ALLOCATION),
    (frozenset({Kind.CALL, Kind.RECORDER}), _LOADING, Kind.LOADING),
    (frozenset({Kind.PYTHON, Kind.RECORDER}), _COLLECTING, Kind.COLLECTION),
    (frozenset({Kind.GAP, Kind.OPERATOR}), re.compile(r"Python GC"), Kind.COLLECTION),
    (frozenset({Kind.PYTHON, Kind.SYSTEM}), _LOCKING, Kind.LOCK),
)
_KINDS = {
    Category.OPERATOR: Kind.OPERATOR,
    Category.OTHER: Kind.OPERATOR,
    Category.PYTHON: Kind.PYTHON,
    Category.RUNTIME: Kind.CALL,
    Category.DRIVER: Kind.CALL,
    Category.SYSTEM: Kind.SYSTEM,
    Category.OVERHEAD: Kind.RECORDER,
}


def kind_of_host(category: int, name: str) -> Kind:
    """What an event of a host thread is.

    Args:
        category: Its `Category`.
        name: Its name.

    Example:
        >>> kind_of_host(Category.RUNTIME, "cudaFree").value
        'allocation'
    """
    kind = _KINDS.get(Category(category), Kind.GAP)
    if kind is Kind.OPERATOR and _ANNOTATING.match(name):
        return Kind.GAP
    return next(
        (special for kinds, said, special in _SPECIAL if kind in kinds and said.search(name)), kind
    )


def waits_for_device(kind: Kind, name: str) -> bool:
    """Whether a call may return only after the device is done.

    Args:
        kind: What it is.
        name: Its name.

    Example:
        >>> waits_for_device(Kind.CALL, "cudaStreamSynchronize")
        True
    """
    return kind is Kind.ALLOCATION or (kind is Kind.CALL and bool(_WAITING.search(name)))


def launches_work(name: str) -> bool:
    """Whether a call hands work to the device.

    Args:
        name: Its name.

    Example:
        >>> launches_work("cudaLaunchKernel")
        True
    """
    return bool(_LAUNCHING.search(name))
