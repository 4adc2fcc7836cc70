"""Residuals as spans: the range of measured over predicted time that holds four fifths of unseen shapes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from fitting.write import FAMILIES, path_of
from silicon_names import CHIPS

if TYPE_CHECKING:
    from fitting.tables import Key

Ratios: TypeAlias = list[tuple[str, float]]
"""Regime of each row, and measured over predicted time."""

_TAIL = 0.1  # share of the rows beyond each end of a range
_ENOUGH = 30  # rows from which a regime has a span of its own
_HEADER = """# Measured over predicted time of shapes that the constants have not seen: the range that holds 80 % of the
# rows of each family, chip, cell and regime. Written by tools/fit.py from a cross-validation.
kind = "derived"
source = "aiconfigurator"
date = "{date}"
"""


def cell_path(family: str, key: Key) -> str:
    """Where the residuals of a cell stand in the file of its chip: family.cell."""
    path = path_of(family, key)
    return f"collective.{path}" if family == "allreduce" else path


def files(
    entries: list[tuple[str, Key, Ratios]], others: dict[str, dict[str, list[float]]], date: str
) -> dict[str, str]:
    """The residual files by chip, and "general" for what stands in where a cell is missing, by family."""
    found: dict[str, list[str]] = defaultdict(lambda: [_HEADER.format(date=date)])
    for family, key, ratios in entries:
        found[CHIPS[key[0]]] += spans(family, key, ratios)
    for what, families in others.items():
        lines = found["general"]
        for family, values in families.items():
            lines.append(span(f"{what}.{FAMILIES[family]}", values))
        every = [ratio for values in families.values() for ratio in values]
        lines.append(span(f"{what}.every", every))
    return {name: "".join(lines) for name, lines in found.items()}


def spans(family: str, key: Key, ratios: Ratios) -> list[str]:
    """The ranges of a cell, over all rows and by regime."""
    path = cell_path(family, key)
    lines = [span(f"{path}.all", [ratio for _, ratio in ratios])]
    regimes: dict[str, list[float]] = defaultdict(list)
    for regime, ratio in ratios:
        regimes[regime].append(ratio)
    for regime, values in sorted(regimes.items()):
        if len(values) >= _ENOUGH:
            lines.append(span(f"{path}.{regime}", values))
    return lines


def span(path: str, values: list[float]) -> str:
    """The tenth and the ninetieth percentile as a TOML table, so far out as a next value asks for.

    The k-th smallest of n values is passed by the next one with chance k/(n + 1): k is ⌊(n + 1)/10⌋ at both ends.
    """
    ordered = sorted(values)
    rank = max(int(_TAIL * (len(ordered) + 1)), 1)
    low, high = ordered[rank - 1], ordered[-rank]
    return (
        f'\n[{path}]\nwhere = "{len(values):,} rows"\n'
        f'low = {{ value = {low:.4g}, unit = "1" }}\nhigh = {{ value = {high:.4g}, unit = "1" }}\n'
    )
