"""Counted runs: the instruments answer only when a run is made, and there are only so many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast

from ironlaw.base.plain import plain_fields
from ironlaw.lab.messages import Knob

Failure: TypeAlias = Literal["memory", "deadline", "throttle", "sram"]


@dataclass(frozen=True, slots=True)
class Figure:
    """What else came out of a run: a quantity in its SI unit."""

    label: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came out of a run.

    Attributes:
        label: The knobs in a few words.
        value: What the runs are to be best in; None where the run failed.
        time: Time of the step [s]; None where nothing ran.
        traffic: Bytes moved [B]; None where nothing ran.
        flops: Work [FLOP]; None where nothing ran.
        kernels: Launches.
        memory: Bytes that it needs on a chip [B].
        failure: How it failed, None if it ran.
        over: By how much, in the unit of the failure.
        figures: What else came out of it.
        unit: Unit of `over`; empty where the failure says it: memory and sram B, throttle W, deadline frames.
    """

    label: str
    value: float | None
    time: float | None
    traffic: float | None
    flops: float | None
    kernels: int
    memory: float
    failure: Failure | None = None
    over: float = 0.0
    figures: tuple[Figure, ...] = ()
    unit: str = ""

    def to_dict(self) -> dict[str, object]:
        """The outcome as plain data."""
        return plain_fields(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run: its number from 1, the knobs that it was made at, and what came out."""

    number: int
    knobs: Mapping[str, Knob]
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How runs are counted in a part.

    Attributes:
        limit: How many there are.
        value: What they are to be best in, in words.
        run: What comes out at some knobs.
        scored: Whether a run is one of those that the score is about.
        missing: What has to be run before the reveal, as long as no scored run has worked.
    """

    limit: int
    value: str
    run: Callable[[Mapping[str, Knob]], Outcome]
    scored: Callable[[Run], bool]
    missing: str

    def left(self, runs: tuple[Run, ...]) -> int:
        """Runs that are left."""
        return self.limit - len(runs)

    def best(self, runs: tuple[Run, ...]) -> Run | None:
        """The best of the runs that the score is about; None if none of them worked."""
        return best(tuple(run for run in runs if self.scored(run)))

    def objection(self, runs: tuple[Run, ...]) -> str | None:
        """What has to be run before the reveal; None if nothing, or if no run is left."""
        if self.left(runs) <= 0 or self.best(runs) is not None:
            return None
        return self.missing

    def table(self, runs: tuple[Run, ...], *, closed: bool = False) -> dict[str, object]:
        """The runs as the page's table.

        Args:
            runs: Those that were made.
            closed: Whether there will be no further one, because the optimum is known.
        """
        leader = self.best(runs)
        return {
            "limit": self.limit,
            "left": self.left(runs),
            "closed": closed,
            "value": self.value,
            "best": None if leader is None else leader.number,
            "rows": [
                {"number": run.number, "scored": self.scored(run), **run.outcome.to_dict()}
                for run in runs
            ],
        }


def outcome_from(payload: Mapping[str, object]) -> Outcome:
    """An outcome as the ledger keeps it.

    Args:
        payload: What `Outcome.to_dict` wrote.
    """
    failure = payload["failure"]
    return Outcome(
        label=str(payload["label"]),
        value=_number(payload["value"]),
        time=_number(payload["time"]),
        traffic=_number(payload["traffic"]),
        flops=_number(payload["flops"]),
        kernels=int(cast("int", payload["kernels"])),
        memory=float(cast("float", payload["memory"])),
        failure=None if failure is None else cast("Failure", failure),
        over=float(cast("float", payload["over"])),
        figures=_figures(payload.get("figures", ())),
        unit=str(payload.get("unit", "")),
    )


def _figures(entries: object) -> tuple[Figure, ...]:
    """The further figures of a run; ledgers from before there were any have none."""
    found = cast("Iterable[Mapping[str, object]]", entries)
    return tuple(
        Figure(str(one["label"]), float(cast("float", one["value"])), str(one["unit"]))
        for one in found
    )


def _number(value: object) -> float | None:
    return None if value is None else float(cast("float", value))


def best(runs: tuple[Run, ...]) -> Run | None:
    """The first run with the highest value; None if none ran."""
    ran = [run for run in runs if run.outcome.value is not None]
    return max(ran, key=lambda run: run.outcome.value or 0.0, default=None)


def last_that_ran(runs: tuple[Run, ...]) -> Run | None:
    """The last run that did not fail."""
    ran = [run for run in runs if run.outcome.failure is None]
    return ran[-1] if ran else None
