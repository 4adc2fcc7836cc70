"""The Python door to the audit of a trace: frames, spikes, what made each of them late."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.units import parse_quantity
from ironlaw.faces import audit_roofline
from ironlaw.faces.standalone import Page
from ironlaw.registry.chips import load_chip
from ironlaw.system.audit.distribution import NANOSECOND
from ironlaw.system.audit.verdict import audit_trace
from ironlaw.system.trace.read import read
from ironlaw.system.trace.roofline import trace_roofline

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.system.audit.tail import Tail
    from ironlaw.system.audit.verdict import Audit, Finding, Spike
    from ironlaw.system.trace.columns import Trace
    from ironlaw.system.trace.roofline import TraceRoofline


@dataclass(frozen=True, eq=False)
class AuditReport(Page):
    """The audit of one trace; a notebook shows it.

    Attributes:
        audit: What the trace says about its frames.
        roofline: Its operators under a chip's roof; None where no chip was named.
    """

    audit: Audit
    roofline: TraceRoofline | None = None

    @property
    def trace(self) -> Trace:
        """What was read."""
        return self.audit.trace

    @property
    def spikes(self) -> tuple[Spike, ...]:
        """The late frames, the latest first."""
        return tuple(sorted(self.audit.spikes, key=lambda one: (-one.excess, one.frame)))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What several spikes have in common, or one alone; the largest excess first."""
        return self.audit.findings

    @property
    def remarks(self) -> tuple[str, ...]:
        """What limits the answer: few frames, mixtures, what was lost in reading."""
        trace = self.trace
        bad = (f"{trace.n_bad:,} events could not be read",) if trace.n_bad else ()
        lost = tuple(f"lost in reading: {said}" for said in trace.lost)
        doubts = tuple(f"doubtful: {said}" for said in trace.doubts)
        return (*self.audit.remarks, *bad, *lost, *doubts)

    def to_dict(self, *, detail: bool = False) -> dict[str, object]:
        """The audit as plain data in SI units, the latest spike first.

        Args:
            detail: Whether to add what the contract does not hold: the tail, the suspects, the segments, the findings.
        """
        figures = self.audit.distribution
        known = figures.deadline is not None
        data: dict[str, object] = {
            "frames": figures.n_frames,
            "median_s": figures.median,
            "p99_s": figures.p99,
            "max_s": figures.maximum,
            "deadline_misses": figures.misses if known else None,
            "spikes": [_spike(one, detail=detail) for one in self.spikes],
        }
        if detail:
            data |= {
                "trace": self.trace.path,
                "format": self.trace.format,
                "events": len(self.trace),
                "frames_by": self.audit.frames.how,
                "p999_s": figures.p999,
                "deadline_s": figures.deadline,
                "miss_interval": figures.miss_bounds,
                "threshold_s": self.audit.outliers.threshold * NANOSECOND,
                "tail": _tail(figures.tail),
                "findings": [_finding(one) for one in self.findings],
                "remarks": list(self.remarks),
            }
        if self.roofline is not None:
            data["roofline"] = audit_roofline.to_dict(self.roofline)
        return data

    @property
    def html(self) -> str:
        """The report as one page that stands alone."""
        from ironlaw.faces.audit_html import page

        return page(self)

    def _repr_html_(self) -> str:
        """The report in a notebook."""
        from ironlaw.faces.audit_html import fragment

        return fragment(self)


def audit(
    path: str | Path,
    *,
    deadline: float | str | None = None,
    on: str | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> AuditReport:
    """Audit a recorded trace: its frames, which stand out, and what made each of them late.

    Args:
        path: A trace of PyTorch's profiler, Chrome or Perfetto JSON, Nsight Systems' SQLite export, trtexec's times.
        deadline: What a frame may take, in seconds or as text such as "10ms"; a robust threshold if None.
        on: The chip that it was recorded on, or path of its TOML file: the operators are placed under its roof.
        progress: Told what is done of how much: "read" in bytes, "audit" in spikes.

    Returns:
        The report: `.spikes`, `.findings`, `.to_dict()`, `.save("report.html")`; a notebook shows it.

    Raises:
        TraceError: if nothing in the file can be read.
        NoFramesError: if nothing in the trace repeats.
        DomainError: for a deadline that is no time above zero.
        UnknownNameError: for a chip that is not there, offering the nearest.
    """
    limit = deadline_of(deadline)
    chip = None if on is None else load_chip(on)
    reading = None if progress is None else _reporter(progress, "read")
    auditing = None if progress is None else _reporter(progress, "audit")
    trace = read(path, reading)
    roofline = None if chip is None else trace_roofline(trace, chip)
    return AuditReport(audit_trace(trace, limit, auditing), roofline)


def _reporter(progress: Callable[[str, int, int], None], what: str) -> Callable[[int, int], None]:
    def report(done: int, total: int) -> None:
        progress(what, done, total)

    return report


def deadline_of(given: float | str | None) -> float | None:
    """A deadline in seconds.

    Args:
        given: Seconds, or text with a unit.

    Raises:
        DomainError: if it is no time above zero.

    Example:
        >>> deadline_of("10ms"), deadline_of(0.01), deadline_of(None)
        (0.01, 0.01, None)
    """
    if given is None:
        return None
    if isinstance(given, str):
        try:
            value, unit = parse_quantity(given)
        except DomainError as error:
            raise DomainError("deadline", given, "the times above zero, such as 10ms") from error
        if unit != "s":
            raise DomainError("deadline", given, "the times above zero, such as 10ms")
    else:
        value = float(given)
    if not 0.0 < value < float("inf"):
        raise DomainError("deadline", given, "the times above zero, such as 10ms")
    return value


def _spike(spike: Spike, *, detail: bool) -> dict[str, object]:
    verdict = spike.verdict
    data: dict[str, object] = {
        "frame": spike.frame,
        "latency_s": spike.latency * NANOSECOND,
        "excess_s": spike.excess * NANOSECOND,
        "cause": verdict.cause.value,
        "culprit": verdict.culprit,
        "stage": verdict.stage,
        "evidence": verdict.evidence.value,
        "explained": spike.explained,
    }
    if detail:
        data |= {
            "words": verdict.words,
            "wanted": verdict.wanted,
            "suspects": [
                {
                    "cause": one.cause.value,
                    "culprit": one.culprit,
                    "stage": one.stage,
                    "time_s": one.time * NANOSECOND,
                    "evidence": one.evidence.value,
                }
                for one in spike.suspects
            ],
            "segments": [
                {
                    "kind": one.kind.value,
                    "stage": one.stage,
                    "name": one.name,
                    "start_s": (one.start - spike.seen.view.start) * NANOSECOND,
                    "time_s": one.time * NANOSECOND,
                }
                for one in spike.seen.segments
            ],
        }
    return data


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "cause": finding.cause.value,
        "culprit": finding.culprit,
        "stage": finding.stage,
        "evidence": finding.evidence.value,
        "frames": list(finding.frames),
        "excess_s": finding.excess * NANOSECOND,
        "words": finding.words,
        "wanted": finding.wanted,
    }


def _tail(tail: Tail) -> dict[str, object]:
    return {
        "fitted": tail.fitted,
        "words": tail.words,
        "threshold_s": tail.threshold,
        "exceedances": tail.exceedances,
        "shape": tail.shape,
        "shape_interval": tail.shape_bounds,
        "scale_s": tail.scale,
        "extremal_index": tail.extremal_index,
        "return_period_frames": tail.return_period,
        "return_level_s": tail.return_level,
        "return_level_interval_s": tail.return_bounds,
    }
