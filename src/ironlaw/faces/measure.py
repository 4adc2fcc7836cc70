"""The machine at hand, measured: `ironlaw measure` without its table."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast, get_args

from ironlaw.base.errors import DomainError, MissingPackageError
from ironlaw.registry.chips import read_chip
from ironlaw.system.probe.compare import Compared, compared, median_error
from ironlaw.system.probe.conditions import conditions, memory_size
from ironlaw.system.probe.crew import ProcessCrew, usable_cores
from ironlaw.system.probe.machine_file import machine_file
from ironlaw.system.probe.ops import Backend
from ironlaw.system.probe.plan import plan_of
from ironlaw.system.probe.session import measure as take

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.registry.chips import Chip
    from ironlaw.system.probe.conditions import Conditions
    from ironlaw.system.probe.crew import Crew
    from ironlaw.system.probe.plan import Plan
    from ironlaw.system.probe.readings import Reading
    from ironlaw.system.probe.session import Measured, Rate

_TOO_FAR = 0.1  # share of the time that others may have the core before it is said


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureReport:
    """What was measured, under which conditions, and the machine file that it makes.

    Attributes:
        found: What was measured.
        under: The conditions.
        text: The machine file, TOML.
        chip: The machine, read back from that file.
        kernels: The operators, predicted beside measured; empty where none was asked for.
    """

    found: Measured
    under: Conditions
    text: str
    chip: Chip
    kernels: tuple[Compared, ...]

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader should know before trusting the figures."""
        said: list[str] = []
        disturbed = [f"{name} ({spread:.0%})" for name, spread in self.found.disturbed()]
        if disturbed:
            said.append(
                f"measure again in a quiet moment: the best rounds spread by more than a tenth: {', '.join(disturbed)}"
            )
        if self.found.waited > _TOO_FAR:
            said.append(
                f"other processes had the core for {self.found.waited:.0%} of the time; no figure of one worker "
                "counts it, but caches and memory were shared with them"
            )
        if self.found.workers > 1 and self.under.is_busy:
            said.append(
                f"the load was {self.under.load:.2f} before: workers may have waited for a core"
            )
        return tuple(said)

    def to_dict(self) -> dict[str, object]:
        """All of it in SI units."""
        found = self.found
        errors = {"median_error": median_error(self.kernels)} if self.kernels else {}
        return {
            "conditions": _conditions(self.under),
            "backend": found.backend,
            "workers": found.workers,
            "waited": found.waited,
            "facts": [fact.to_dict() for fact in self.chip.sheet.facts.values()],
            "peaks": {name: _rate(rate) for name, rate in found.peaks.items()},
            "rates": {name: _rate(rate) for name, rate in found.rates.items()},
            "dispatch": {
                "toolkit": _reading(found.toolkit_call),
                "python": _reading(found.python_call),
            },
            "sweep": [
                {
                    "size": one.size,
                    "workers": one.workers,
                    "bandwidth": one.bandwidth,
                    **one.fetched,
                    "spread": one.spread,
                }
                for one in found.sweep
            ],
            "kernels": [_kernel(row) for row in self.kernels],
            **errors,
            "warnings": list(self.warnings),
            "machine_file": self.text,
        }


def measure(
    backend: str = "auto",
    *,
    threads: int = 1,
    kernels: bool = False,
    quick: bool = False,
    title: str | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> MeasureReport:
    """Measure this machine.

    Args:
        backend: numpy, torch, cuda, or auto: cuda where PyTorch sees a GPU, else numpy.
        threads: Cores that the figures are for.
        kernels: Whether the lab's operators are timed too, and predicted from what was measured.
        quick: Whether fewer sizes and rounds do.
        title: Name of the machine; the processor's if None.
        progress: Called before each round with the rounds that are done and the time since the start [s].

    Raises:
        DomainError: for an unknown backend or more threads than cores.
        MissingPackageError: if the toolkit is not installed.
        ProbeError: if a worker cannot run.
    """
    chosen, cores = chosen_backend(backend), usable_cores()
    if not 1 <= threads <= cores:
        raise DomainError(
            "threads", threads, f"the whole numbers from 1 to {cores}, the cores to use"
        )
    share, most = (threads, cores) if chosen == "numpy" else (1, 1)
    plan = plan_of(
        chosen,
        share,
        most,
        memory=None if chosen == "cuda" else memory_size(),
        quick=quick,
        kernels=kernels,
    )
    with ProcessCrew(chosen, threads, plan.rooms()) as crew:
        return session(crew, plan, threads=threads, title=title, progress=progress)


def session(
    crew: Crew,
    plan: Plan,
    *,
    threads: int,
    title: str | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> MeasureReport:
    """Take a plan's measurements with a crew, and write and read back the machine file.

    Args:
        crew: Who measures.
        plan: What is measured.
        threads: Cores that its figures are for.
        title: Name of the machine; the processor's if None.
        progress: Called before each round.
    """
    cores = usable_cores()
    under = conditions(cores, crew.describe())
    found = take(crew, plan, progress)
    share = "" if plan.backend == "cuda" else f", {threads} of {cores} cores"
    name = f"{under.processor}{share}" if title is None else title
    command = f"ironlaw measure --backend {plan.backend} --threads {threads}"
    text = machine_file(found, under, title=name, command=command)
    chip = read_chip("this machine", text)
    return MeasureReport(
        found=found, under=under, text=text, chip=chip, kernels=compared(found, chip)
    )


def chosen_backend(asked: str) -> Backend:
    """The backend of a name.

    Args:
        asked: numpy, torch, cuda or auto.

    Raises:
        DomainError: for another name.
        MissingPackageError: if its toolkit is not installed.
    """
    known = get_args(Backend)
    if asked == "auto":
        return "cuda" if sees_gpu() else chosen_backend("numpy")
    if asked not in known:
        raise DomainError("backend", asked, f"auto, {', '.join(known)}")
    package = "numpy" if asked == "numpy" else "torch"
    if find_spec(package) is None:
        raise MissingPackageError("ironlaw measure", package, _EXTRAS[package])
    return cast("Backend", asked)


_EXTRAS = {"numpy": "measure", "torch": "torch"}


def sees_gpu() -> bool:
    """Whether PyTorch is installed and sees a CUDA device."""
    if find_spec("torch") is None:
        return False
    from importlib import import_module

    return bool(import_module("torch").cuda.is_available())


def _conditions(under: Conditions) -> dict[str, object]:
    return {
        "date": under.date,
        "processor": under.processor,
        "cores": under.cores,
        "system": under.system,
        "python": under.python,
        "governor": under.governor,
        "load": under.load,
        "toolkit": dict(under.toolkit),
    }


def _rate(rate: Rate) -> dict[str, object]:
    return {"value": rate.value, "spread": rate.spread}


def _reading(reading: Reading) -> dict[str, object]:
    return {"time_s": reading.time, "spread": reading.spread}


def _kernel(row: Compared) -> dict[str, object]:
    return {
        "name": row.operator.name,
        "shape": row.operator.shape,
        "ran": row.operator.ran,
        "passes": row.prediction.passes,
        "fetched": list(row.prediction.fetched),
        "predicted_s": row.prediction.time,
        "measured_s": row.reading.time,
        "error": row.error,
        "spread": row.reading.spread,
    }
