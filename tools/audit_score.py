"""How often the auditor is right about the jitter generator's cases: `python tools/audit_score.py 200`.

Each seed draws a cause, a trace is written as Kineto writes it, and the audit reads it as it reads any other: it knows
the deadline and nothing else.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ironlaw.system.audit.verdict import audit_trace
from ironlaw.system.jitter.events import event_key
from ironlaw.system.jitter.kineto import write_trace
from ironlaw.system.jitter.simulate import simulate
from ironlaw.system.jitter.truth import ALL_KERNELS, case
from ironlaw.system.trace.read import read

if TYPE_CHECKING:
    from ironlaw.system.audit.verdict import Audit, Spike

DEADLINE = 0.010  # [s] of a frame of the pipeline


@dataclass(frozen=True)
class Outcome:
    """What the auditor said of one case, against the truth."""

    seed: int
    cause: str
    found: bool
    """Whether the slow frame is among the spikes."""
    event: bool
    """Whether the guilty event is named exactly."""
    kind: bool
    """Whether the class is one that fits."""
    level: bool
    """Whether the evidence is said to be what it is."""
    said: str


def key_of(audit: Audit, spike: Spike) -> str:
    """The event that a spike is blamed on, as the generator's truth names it.

    Args:
        audit: The audit.
        spike: One of its spikes.
    """
    row, trace = spike.verdict.row, audit.trace
    if row < 0:
        return ALL_KERNELS
    start, end = audit.frames.start[spike.frame], audit.frames.end[spike.frame]
    same = [
        other
        for other in range(len(trace))
        if trace.name[other] == trace.name[row]
        and start <= trace.start[other] + trace.duration[other]
        and trace.start[other] < end
    ]
    return event_key(spike.frame, trace.text(row), same.index(row))


def judge(seed: int, frames: int) -> Outcome:
    """Let the auditor judge one case.

    Args:
        seed: Of the case.
        frames: Length of its trace.
    """
    truth = case(seed, frames)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.json"
        write_trace(simulate(seed, frames), path)
        audit = audit_trace(read(path), DEADLINE)
    spike = next((one for one in audit.spikes if one.frame == truth.frame), None)
    if spike is None:
        return Outcome(seed, truth.cause.value, False, False, False, False, "no spike")  # noqa: FBT003
    key, verdict = key_of(audit, spike), spike.verdict
    return Outcome(
        seed=seed,
        cause=truth.cause.value,
        found=True,
        event=key in truth.events,
        kind=verdict.cause.value in truth.audit_classes,
        level=verdict.evidence.value == truth.level,
        said=f"{verdict.cause.value}: {verdict.culprit} [{key}]; truth {', '.join(truth.events[:4])}",
    )


def main(seeds: int = 200, frames: int = 300) -> None:
    """Print the score over the first seeds, and every case that was judged wrongly.

    Args:
        seeds: How many.
        frames: Length of each trace.
    """
    outcomes = [judge(seed, frames) for seed in range(seeds)]
    for one in outcomes:
        if not (one.event and one.kind and one.level):
            print(f"seed {one.seed}, {one.cause}: {one.said}")
    for cause in sorted({one.cause for one in outcomes}):
        print(f"{cause:32} {_score([one for one in outcomes if one.cause == cause])}")
    print(f"{'all':32} {_score(outcomes)}")


def _score(outcomes: list[Outcome]) -> str:
    n = len(outcomes)
    parts = {
        "frame": [one.found for one in outcomes],
        "event": [one.event for one in outcomes],
        "class": [one.kind for one in outcomes],
        "evidence": [one.level for one in outcomes],
    }
    shares = (f"{name} {100 * sum(right) / n:.1f} %" for name, right in parts.items())
    return f"{n:4} cases: {', '.join(shares)}"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
