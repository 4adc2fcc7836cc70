"""Any trace file to columns, by what is in it and not by its name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ironlaw.base.number import require_count
from ironlaw.system.trace import trtexec
from ironlaw.system.trace.blocks import Blocks, Packing, packing_of
from ironlaw.system.trace.columns import Trace, TraceError
from ironlaw.system.trace.kineto import read_json
from ironlaw.system.trace.nsight import read_nsight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def read(path: str | Path, progress: Callable[[int, int], None] | None = None) -> Trace:
    """A trace as columns: Kineto, Chrome and Perfetto JSON, Nsight Systems' SQLite, trtexec's times.

    What is damaged is left out, and the trace's `lost` says what that is. The file is only read.

    Args:
        path: The file, plain or packed with gzip.
        progress: Called as the file is read, with the bytes that are done and all of them.

    Raises:
        TraceError: if nothing in it can be read, saying what it is and what to do.

    Example:
        >>> read("no-such-file.json")
        Traceback (most recent call last):
        ...
        ironlaw.system.trace.columns.TraceError: no-such-file.json: cannot be opened: No such file or directory
    """
    file = Path(path)
    if packing_of(file) is Packing.SQLITE:
        return read_nsight(file, progress)
    beginning = next(iter(Blocks(file)), b"")
    if trtexec.is_times(beginning):
        return trtexec.read_times(file)
    if trtexec.is_profile(beginning):
        trtexec.refuse_profile(str(file))
    return read_json(file, progress)


def read_many(
    paths: Sequence[str | Path],
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Trace | TraceError, ...]:
    """Several traces, for instance one of each rank, each read by a process of its own.

    Args:
        paths: The files.
        processes: How many work at a time; as many as there are cores unless given.
        progress: Called as files are done, with their number and that of all.

    Returns:
        For each path its trace, or why it cannot be read.

    Raises:
        DomainError: if the number of processes is not at least one.
    """
    if processes is not None:
        require_count("processes", processes)
    workers = min(processes or os.cpu_count() or 1, len(paths))
    found: list[Trace | TraceError] = []
    if workers <= 1:
        for path in paths:
            found.append(_read_one(path))
            if progress is not None:
                progress(len(found), len(paths))
        return tuple(found)
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - not in a browser

    with ProcessPoolExecutor(workers) as pool:
        for one in pool.map(_read_one, paths):
            found.append(one)
            if progress is not None:
                progress(len(found), len(paths))
    return tuple(found)


def _read_one(path: str | Path) -> Trace | TraceError:
    try:
        return read(path)
    except TraceError as problem:
        return problem
