"""How warm a device gets as plain text, with a picture of letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.instruments.thermal_trace import ZERO_CELSIUS, celsius, duration

if TYPE_CHECKING:
    from ironlaw.faces.thermal import ThermalReport
    from ironlaw.instruments.thermal_trace import ThermalTrace

_COLUMNS, _ROWS = 72, 12
_MARKS = ("●", "·")  # of the skin and of what is inside it
_LIMIT = "─"
_MOST_LEVELS = 8  # that are told one by one


def report_text(report: ThermalReport) -> str:
    """The report: what was asked, what follows, the picture, and what it rests on.

    Args:
        report: A report.
    """
    lines = [question(report), *report.notes, *picture(report.trace), *_levels(report)]
    lines += [_settled(report), assumed(report)]
    return "\n".join(line for line in lines if line)


def question(report: ThermalReport) -> str:
    """What was asked, in a line.

    Args:
        report: A report.
    """
    asked = report.answer.question
    work = f"{with_prefix(report.power, 'W')} of work"
    if report.duty < 1.0:
        work += f" for {percent(report.duty)} of the time"
    keeper = f"governor with {significant(asked.hysteresis)} K of hysteresis"
    return (
        f"{report.chip.name} · {work} · air {celsius(asked.ambient)} · skin limit "
        f"{celsius(asked.limit)} · {keeper if asked.governor else 'no governor'}"
    )


def picture(trace: ThermalTrace) -> list[str]:
    """The lines of a trace over time, drawn in letters; the skin over what is inside it.

    Args:
        trace: The trace.
    """
    every = [value for line in trace.series for _, value in line.points]
    low, high = min(every) - ZERO_CELSIUS, max(*every, trace.limit) - ZERO_CELSIUS
    step = max(high - low, 1.0) / (_ROWS - 1)
    cells = [[" "] * _COLUMNS for _ in range(_ROWS)]

    def row(temperature: float) -> int:
        return _ROWS - 1 - min(max(round((temperature - ZERO_CELSIUS - low) / step), 0), _ROWS - 1)

    held = row(trace.limit)
    cells[held] = [_LIMIT] * _COLUMNS
    for line, mark in reversed(list(zip(trace.series, _MARKS, strict=False))):
        for time, value in line.points:
            cells[row(value)][min(int(time / trace.span * _COLUMNS), _COLUMNS - 1)] = mark
    shown = [celsius(high - step * place + ZERO_CELSIUS) for place in range(_ROWS)]
    shown[held] = celsius(trace.limit)
    lines = [
        f"{label:>10} │{''.join(row).rstrip()}" for label, row in zip(shown, cells, strict=True)
    ]
    foot = f"0{duration(trace.span):>{_COLUMNS - 1}}"
    marks = zip(trace.series, _MARKS, strict=False)
    legend = "  ".join(f"{mark} {line.label}" for line, mark in marks)
    return [*lines, f"{'':>10} └{'─' * _COLUMNS}", f"{'':>12}{foot}", f"{'':>12}{legend}  ─ limit"]


def _levels(report: ThermalReport) -> list[str]:
    """The operating points in time, where there is more than one."""
    levels = report.trace.levels
    if len(levels) == 1:
        return []
    shown = [
        f"{duration(level.start)} to {duration(level.end)}: {level.label} at {with_prefix(level.power, 'W')}"
        for level in levels[:_MOST_LEVELS]
    ]
    rest = len(levels) - len(shown)
    return [*shown, *([f"and {rest} more changes"] if rest else [])]


def _settled(report: ThermalReport) -> str:
    """Where it settles without a governor."""
    steady = report.steady
    if steady is None:
        return "without a governor there is no steady state: leakage grows faster than heat leaves"
    names = (node.name for node in report.answer.body.network.nodes)
    where = zip(names, steady.temperatures, strict=True)
    settled = ", ".join(f"{name} {celsius(temperature)}" for name, temperature in where)
    return (
        f"without a governor it settles at {settled}, leaking {with_prefix(steady.leakage, 'W')}; "
        f"runaway test k·P_leak·R_ja = {significant(steady.gain, 2)}, stable below 1"
    )


def assumed(report: ThermalReport) -> str:
    """What nobody has measured, in a line.

    Args:
        report: A report.
    """
    facts = [f"{fact.path.split('.', 1)[1]} {fact.written}" for fact in report.assumptions]
    return f"assumed, not measured: {', '.join(facts)}" if facts else ""
