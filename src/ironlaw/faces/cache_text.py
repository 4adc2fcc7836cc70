"""The cache lines of a cell as plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.faces.cache_lines import what
from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.system.cache.timing import fetch_time, fill_rates

if TYPE_CHECKING:
    from ironlaw.faces.cache_lines import CacheReport
    from ironlaw.system.cache.timing import FillRate

_BAR = 32  # characters of the longest bar


def report_text(report: CacheReport) -> str:
    """The report: what was read, how many lines came, in which time, by gate and by set.

    Args:
        report: A report.
    """
    lines = [what(report), question(report), *_fit(report), headline(report), *times(report)]
    lines += [*_gates(report), *_sets(report)]
    lines.append(f"note: {report.map.note}")
    lines += [f"what would change it: {line}" for line in _otherwise(report)]
    return "\n".join(lines)


def question(report: CacheReport) -> str:
    """What was asked, in a line."""
    walk, cache = report.walk, report.cache
    rows = "packed rows" if walk.row_multiple == 1 else f"rows padded to {walk.row_multiple} B"
    return (
        f"{report.chip.name} · {walk.order.value} · {walk.dtype.value} · {rows} · "
        f"pad {walk.gate_pad} B · loads of {walk.load_width} B · "
        f"{cache.sets} sets of {cache.ways} × {cache.line} B, {cache.policy.label}"
    )


def _fit(report: CacheReport) -> list[str]:
    """A line where the matrices do not fit their memory."""
    over = report.stored - report.capacity
    if report.fits:
        return []
    return [
        f"does not fit: {with_prefix(float(report.stored), 'B')} in "
        f"{with_prefix(report.capacity, 'B')}, {with_prefix(over, 'B')} too many"
    ]


def headline(report: CacheReport) -> str:
    """What came of it, in a line."""
    count = report.count
    return (
        f"{grouped(float(count.misses))} lines fetched, {grouped(float(count.distinct))} distinct: "
        f"{significant(count.traffic_ratio)} × · hits {percent(count.hits / count.accesses)} of "
        f"{grouped(float(count.accesses))} · {with_prefix(float(count.traffic), 'B')} for "
        f"{with_prefix(float(count.weights), 'B')} of weights"
    )


def times(report: CacheReport) -> list[str]:
    """The time at the rate that is used, and at the others, each with what it rests on."""
    others = [one for one in fill_rates(report.chip) if one.id != report.rate.id]
    return [f"time {_at(report, report.rate)}", *(f"  or {_at(report, one)}" for one in others)]


def _at(report: CacheReport, rate: FillRate) -> str:
    time = with_prefix(fetch_time(float(report.count.traffic), rate.rate), "s")
    why = "" if rate.why == rate.label else f": {rate.why}"
    return f"{time} at {with_prefix(rate.rate, 'B/s')}, {rate.label} ({rate.kind}{why})"


def _otherwise(report: CacheReport) -> list[str]:
    rate = report.rate.rate
    return [
        f"{label}: {significant(count.traffic_ratio)} ×, "
        f"{with_prefix(fetch_time(float(count.traffic), rate), 's')}"
        for label, count in report.otherwise()
    ]


def _gates(report: CacheReport) -> list[str]:
    rows = [("matrix", "distinct", "fetched")]
    rows += [
        (row.label, grouped(float(row.distinct)), grouped(float(row.fetched)))
        for row in report.map.rows
    ]
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    return [
        f"{name:<{wide[0]}}  {once:>{wide[1]}}  {fetched:>{wide[2]}}"
        for name, once, fetched in rows
    ]


def _sets(report: CacheReport) -> list[str]:
    """Lines fetched into the sets, in runs of equal bars."""
    bins = report.map.bins
    most = max(one.fetched for one in bins)
    if most == 0:
        return []
    runs: list[tuple[int, int, str]] = []
    for one in bins:
        bar = "█" * max(round(_BAR * one.fetched / most), 1 if one.fetched else 0)
        said = f"{bar} {grouped(float(one.fetched))}, {one.streams} at once"
        if runs and runs[-1][2] == said and runs[-1][1] + 1 == one.first:
            runs[-1] = (runs[-1][0], one.last, said)
        else:
            runs.append((one.first, one.last, said))
    size = bins[0].last - bins[0].first + 1
    wide = len(str(bins[-1].last))
    heading = "set by set" if size == 1 else f"{size} sets a row, equal rows together"
    return [
        f"lines fetched, {heading}:",
        *(f"  {first:>{wide}}–{last:<{wide}} {said}" for first, last, said in runs),
    ]
