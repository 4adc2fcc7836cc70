"""An audit in words: what the terminal and the page say alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ironlaw.instruments.scale import grouped, percent, with_prefix
from ironlaw.system.audit.distribution import NANOSECOND

if TYPE_CHECKING:
    from ironlaw.faces.audit import AuditReport
    from ironlaw.system.audit.verdict import Finding, Spike

HEADINGS = ("frame", "latency", "excess", "cause", "culprit", "stage", "explains", "evidence")
FINDING_HEADINGS = ("cause", "culprit", "frames", "excess", "evidence", "what was seen")
CAUSES = {
    "op_slow_new_shape": "operator slow on a new shape",
    "op_slow_same_shape": "operator slow on its usual shape",
    "op_extra": "an operator that is not usual",
    "more_ops": "more work of the usual kind",
    "kernel_slow": "kernel slow",
    "kernel_new": "kernels that are not usual",
    "launch_gap": "device idle, launched late",
    "host_gap": "host shows nothing",
    "gc": "garbage collection",
    "wait_other_thread": "waiting for another thread",
    "preemption": "thread interrupted",
    "alloc_sync": "device memory allocated or freed",
    "copy_wait": "waiting for a copy",
    "machine_stretch": "the machine slower",
    "unexplained": "unexplained",
}
_LONG_CULPRIT = 64
_MOST_FRAMES = 8


def seconds(nanoseconds: float) -> str:
    """A time with its prefix.

    Args:
        nanoseconds: The time [ns].

    Example:
        >>> seconds(7_790_000)
        '7.79 ms'
    """
    return with_prefix(nanoseconds * NANOSECOND, "s")


def question(report: AuditReport) -> str:
    """What was audited.

    Args:
        report: The audit.
    """
    trace, frames = report.trace, report.audit.frames
    return f"{Path(trace.path).name} · {trace.format} · {grouped(float(len(trace)))} events · frames: {frames.how}"


def verdict(report: AuditReport) -> str:
    """The worst of it in a sentence.

    Args:
        report: The audit.
    """
    n = report.audit.distribution.n_frames
    if not report.spikes:
        return f"No spike in {grouped(float(n))} frames: none is {report.audit.outliers.rule}"
    worst = report.spikes[0]
    found = worst.verdict
    return (
        f"{_counted(len(report.spikes), 'spike')} in {grouped(float(n))} frames; the longest, frame {worst.frame}, "
        f"takes {seconds(worst.latency)}: {CAUSES[found.cause.value]}, {found.culprit}"
    )


def _counted(count: int, what: str) -> str:
    return f"{grouped(float(count))} {what}{'' if count == 1 else 's'}"


def figures(report: AuditReport) -> list[tuple[str, str]]:
    """The distribution in figures.

    Args:
        report: The audit.
    """
    known = report.audit.distribution
    found = [
        ("median", with_prefix(known.median, "s")),
        ("p99", with_prefix(known.p99, "s")),
        ("p99.9", with_prefix(known.p999, "s")),
        ("longest seen", with_prefix(known.maximum, "s")),
    ]
    if known.deadline is not None and known.miss_bounds is not None:
        low, high = known.miss_bounds
        share = percent(known.misses / known.n_frames)
        words = f"{grouped(float(known.misses))} ({share}; 95 %: {percent(low)} to {percent(high)})"
        found.append((f"misses of {with_prefix(known.deadline, 's')}", words))
    return found


def tail(report: AuditReport) -> str:
    """What the largest latencies say of larger ones.

    Args:
        report: The audit.
    """
    known = report.audit.distribution.tail
    if known.return_level is None or known.return_bounds is None or known.return_period is None:
        return f"Tail: {known.words}"
    low, high = known.return_bounds
    return (
        f"Tail: {known.words}. One frame in {grouped(known.return_period)} takes longer than "
        f"{with_prefix(known.return_level, 's')} (95 %: {with_prefix(low, 's')} to {with_prefix(high, 's')}), "
        "if the future is as the recording; it bounds no worst case"
    )


def cells(spike: Spike) -> tuple[str, ...]:
    """A spike as a row of the table.

    Args:
        spike: The spike.
    """
    found = spike.verdict
    return (
        str(spike.frame),
        seconds(spike.latency),
        seconds(spike.excess),
        found.cause.value,
        shortened(found.culprit),
        found.stage,
        percent(spike.explained) if spike.explained > 0.0 else "–",
        found.evidence.value,
    )


def finding_cells(finding: Finding) -> tuple[str, ...]:
    """A finding as a row of the table.

    Args:
        finding: The finding.
    """
    listed = ", ".join(map(str, finding.frames[:_MOST_FRAMES]))
    more = len(finding.frames) - _MOST_FRAMES
    return (
        finding.cause.value,
        shortened(finding.culprit),
        listed + (f" and {more} more" if more > 0 else ""),
        seconds(finding.excess),
        finding.evidence.value,
        finding.words,
    )


def shortened(text: str) -> str:
    """A name without the middle of its template arguments.

    Args:
        text: The name.

    Example:
        >>> len(shortened("x" * 200))
        64
    """
    half = _LONG_CULPRIT // 2
    return text if len(text) <= _LONG_CULPRIT else f"{text[: half - 1]}…{text[-half:]}"


def wanted(report: AuditReport) -> list[str]:
    """What to record the next time, for the findings whose cause the trace does not show.

    Args:
        report: The audit.
    """
    found: dict[str, list[str]] = {}
    for finding in report.findings:
        if finding.wanted and finding.evidence.value != "named":
            found.setdefault(finding.wanted, []).append(shortened(finding.culprit))
    return [f"{wanted} ({'; '.join(names[:3])})" for wanted, names in found.items()]
