"""Many traces at a time: by a process each, or by the workers of a Dask cluster."""

from __future__ import annotations

import os
from concurrent.futures import CancelledError, as_completed
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ironlaw.base.errors import DomainError, MissingPackageError, ModelError
from ironlaw.faces.audit import audit

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from concurrent.futures import Executor, Future

    Progress = Callable[[str, int, int], None]

HERE = "local"
"""The cluster that is started on this machine, and ends with the command."""

ENDINGS = (".json", ".gz", ".sqlite")
"""What the name of a trace in a directory ends in."""

_CONNECTING = "5s"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked of each trace.

    Attributes:
        deadline: What a frame may take [s].
        on: The chip whose roof its operators are placed under.
        data: Whether the answer is wanted as plain data.
        detail: Whether with all that the contract does not hold.
        page: Whether the answer is wanted as a page.
        top: Print only so many spikes.
        paper: Columns to print for, and whether on a terminal; not printed if None.
    """

    deadline: float | None = None
    on: str | None = None
    data: bool = False
    detail: bool = False
    page: bool = False
    top: int | None = None
    paper: tuple[int, bool] | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What one trace says; small, however large the trace is.

    Attributes:
        path: The trace, as it was asked for.
        error: Why it cannot be audited; None where it was.
        data: The audit as plain data, where that is wanted.
        page: The report, where that is wanted.
        printed: The report as the terminal shows it, where that is wanted.
    """

    path: str
    error: str | None = None
    data: dict[str, object] | None = None
    page: str | None = None
    printed: str | None = None


def traces_in(paths: Sequence[Path]) -> list[Path]:
    """The traces that are meant: files as they are, of a directory all those in it and below, by name.

    Args:
        paths: Files and directories.

    Raises:
        DomainError: if a directory holds none.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = [
            Path(folder) / name
            for folder, _, names in os.walk(path)
            for name in names
            if name.lower().endswith(ENDINGS) and not name.startswith(".")
        ]
        if not inside:
            ends = ", ".join(ENDINGS)
            raise DomainError("trace", str(path), f"the directories with files that end in {ends}")
        found += sorted(inside)
    return found


def answered(path: Path, wanted: Wanted, progress: Progress | None = None) -> Answer:
    """One trace, audited here.

    Args:
        path: The trace.
        wanted: What is asked of it.
        progress: Told what is done of how much.
    """
    try:
        report = audit(path, deadline=wanted.deadline, on=wanted.on, progress=progress)
    except ModelError as error:
        return Answer(path=str(path), error=str(error))
    printed = None
    if wanted.paper is not None:
        from ironlaw.faces.audit_terminal import printed_audit

        printed = printed_audit(report, wanted.top, wanted.paper)
    return Answer(
        path=str(path),
        data=report.to_dict(detail=wanted.detail) if wanted.data else None,
        page=report.html if wanted.page else None,
        printed=printed,
    )


def answers(
    paths: Sequence[Path], wanted: Wanted, cluster: str | None, progress: Progress
) -> list[Answer]:
    """Every trace, in the order of the paths; one that fails takes no other with it.

    Args:
        paths: The traces.
        wanted: What is asked of each.
        cluster: Address of a Dask scheduler whose workers see the same files, or `HERE`; processes of this
            machine if None.
        progress: Told how many are done.

    Raises:
        MissingPackageError: if Dask is asked for and not installed.
        DomainError: if no scheduler answers at the address.
    """
    if cluster is None and len(paths) == 1:
        return [answered(paths[0], wanted, progress)]
    workers = min(os.cpu_count() or 1, len(paths))
    sent = list(paths)
    if cluster not in (None, HERE):  # its workers may have started in another directory
        sent = [path.absolute() for path in paths]
        chip = Path(wanted.on or "")
        wanted = replace(wanted, on=str(chip.absolute()) if chip.is_file() else wanted.on)
    found: list[Answer | None] = [None] * len(paths)
    with _processes(workers) if cluster is None else _dask(cluster, workers) as pool:
        places = {pool.submit(answered, path, wanted): i for i, path in enumerate(sent)}
        for done, future in enumerate(as_completed(places), 1):
            place = places.pop(future)
            found[place] = _outcome(str(paths[place]), future)
            progress("traces", done, len(paths))
    return [answer for answer in found if answer is not None]


def _outcome(path: str, future: Future[Answer]) -> Answer:
    """The answer, or what became of who worked on it: out of memory, killed, without ironlaw."""
    failure = CancelledError("the cluster is gone") if future.cancelled() else future.exception()
    if failure is None:
        return replace(future.result(), path=path)
    said = " ".join(str(failure).split())
    return Answer(path=path, error=f"{path}: its worker failed: {type(failure).__name__}: {said}")


def _processes(workers: int) -> Executor:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


@contextmanager
def _dask(address: str, workers: int) -> Generator[Executor]:
    """Workers of a running cluster, or of one on this machine that no other machine can reach."""
    try:
        dask: Any = import_module("distributed")
    except ModuleNotFoundError as error:
        raise MissingPackageError("--cluster", "Dask", "cluster") from error
    with ExitStack() as stack:
        if address == HERE:
            import logging

            local = dask.LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
                silence_logs=logging.CRITICAL,
            )
            client = stack.enter_context(dask.Client(stack.enter_context(local)))
        else:
            try:
                client = stack.enter_context(dask.Client(address, timeout=_CONNECTING))
            except (OSError, ValueError) as error:
                allowed = "the addresses at which a Dask scheduler answers, such as tcp://host:8786"
                raise DomainError("cluster", address, allowed) from error
        yield stack.enter_context(client.get_executor())
