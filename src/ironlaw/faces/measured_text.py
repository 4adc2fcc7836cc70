"""Measured tables in words: scores as rows of text, and what could not be judged in a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ironlaw.explore.measured.check import Checked, Finding
    from ironlaw.explore.measured.score import Score, Scored, Validation
    from ironlaw.explore.measured.tables import Problem

HEADINGS = ("chip", "formats", "rows", "median", "p90", "geomean", "inside 80 %", "naive median")
N_WORDS = 2  # columns at the left that hold words
TITLES = {
    "gemm": "GEMM",
    "attention_prefill": "Prefill attention",
    "attention_decode": "Decode attention",
    "moe": "MoE layer",
    "allreduce": "Collectives",
    "e2e": "Served time per output token",
}
_SHOWN_VALUES = 3  # values of a group of problems that are quoted


def score_cells(score: Score) -> tuple[str, ...]:
    """A score as texts, in the order of the headings without chip and formats."""
    return (
        f"{score.n:,}",
        percent(score.median_ape),
        percent(score.p90_ape),
        f"{score.geomean:.3f}",
        percent(score.coverage80),
        percent(score.naive_median_ape),
    )


def percent(part: float) -> str:
    """A part of one as a percentage; large ones without a decimal."""
    return f"{100.0 * part:.1f} %" if part < 1.0 else f"{100.0 * part:,.0f} %"


def family_rows(scored: Scored) -> list[tuple[str, ...]]:
    """The rows of a family's table: a line for each chip and format, and one over all."""
    rows: list[tuple[str, ...]] = []
    for cell, score in scored.cells.items():
        chip, _, formats = cell.partition("|")
        rows.append((chip, formats, *score_cells(score)))
    rows.append(("all", "", *score_cells(scored.overall)))
    return rows


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of texts as lines of columns: words to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if i < N_WORDS else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def validation_text(validation: Validation) -> str:
    """The whole table as plain text, a block for each family."""
    blocks: list[str] = []
    for scored in validation.families:
        lines = aligned([HEADINGS, *family_rows(scored)])
        blocks.append("\n".join([TITLES[scored.family], *lines]))
    return "\n\n".join(blocks)


def problem_lines(problems: Iterable[Problem]) -> list[str]:
    """Rows that were left out, grouped by file and column, with the first lines where each value stands."""
    groups: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.file, problem.column, problem.allowed), []).append(problem)
    return [_group_line(members) for members in groups.values()]


def _group_line(members: list[Problem]) -> str:
    first = members[0]
    if len(members) == 1:
        return f"{first.text}; the row is left out"
    values: dict[str, list[int]] = {}
    for member in members:
        values.setdefault(member.value, []).append(member.line)
    quoted = [
        f"{value!r} (line {lines[0]}" + (f" and {len(lines) - 1:,} more)" if lines[1:] else ")")
        for value, lines in list(values.items())[:_SHOWN_VALUES]
    ]
    rest = len(values) - _SHOWN_VALUES
    more = f", and {rest:,} other values" if rest > 0 else ""
    listed = ", ".join(quoted) + more
    return (
        f"{first.file}: {len(members):,} rows left out, {first.column} = {listed}: "
        f"outside {first.allowed}"
    )


def findings_text(checked: Checked, most: int | None = None) -> str:
    """What was found in a table, by reason, the most frequent first.

    Args:
        checked: The table, checked.
        most: Findings shown of each reason; all if None.
    """
    lines = [check_headline(checked)]
    for reason, count in checked.groups.items():
        found = [finding for finding in checked.flagged if finding.reason == reason]
        lines += ["", f"{reason}: {count:,}", *(finding_line(one) for one in found[:most])]
        if most is not None and count > most:
            lines.append(f"  and {count - most:,} more")
    return "\n".join(lines)


def check_headline(checked: Checked) -> str:
    """The outcome in a line."""
    rows = f"{checked.file}: {checked.rows:,} rows of {TITLES[checked.family]}"
    if not checked.flagged:
        return f"{rows}, nothing that could not be true"
    lines = {finding.line for finding in checked.flagged}
    return f"{rows}, {len(lines):,} not to be believed"


def finding_line(finding: Finding) -> str:
    """A finding with its line, its value and the limit that it breaks."""
    value = finding.value
    shown = f"{value:.6g} s" if isinstance(value, float) else value or "nothing"
    if finding.ratio is not None and finding.ratio != 1.0:
        fast = " too fast" if finding.reason.startswith("faster") else ""
        shown = f"{shown}, {finding.ratio:.2f} times{fast}"
    return f"  line {finding.line}: {shown}; {finding.limit}"
