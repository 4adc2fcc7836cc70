"""How wrong the engine is on shapes that no fit has seen: writes docs/accuracy.md and docs/accuracy.json.

    python tools/accuracy.py ../shared/silicon

Reads the measured tables and keeps no row of them. Judged are the shapes that `silicon_split` leaves out of every fit,
the same on every chip; the JSON holds the scores in the keys of `ironlaw validate --json`, and a test fails when one of
them gets worse by more than a tenth.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from accuracy_page import page
from ironlaw.explore.measured.judge import judge
from ironlaw.explore.measured.score import scored
from ironlaw.explore.measured.tables import read_folder
from silicon_split import held_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.explore.measured.score import Score, Scored
    from ironlaw.explore.measured.tables import Row, Table

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/accuracy.md"
RECORD = ROOT / "docs/accuracy.json"

WORSE = 1.10  # a recorded error may grow by a tenth
NOISE = 0.003  # and by so much at least [a part of the measured time]
FEW = 30  # cells with fewer rows are not held to their record

Scores = dict[str, dict[str, dict[str, float]]]


def left_out(table: Table) -> Table:
    """The rows of a table whose shapes no fit has seen."""
    rows = [row for row in table.rows if held_out(table.family, _texts(row))]
    return replace(table, rows=rows)


def _texts(row: Row) -> dict[str, str]:
    numbers = {name: str(int(value)) for name, value in row.numbers.items()}
    return {**numbers, **row.words}


def judged(folder: Path) -> list[Scored]:
    """Every family of a folder, scored on the shapes left out."""
    found: list[Scored] = []
    for table in read_folder(folder):
        points = judge(left_out(table)).points
        if points:
            found.append(scored(table.family, points))
    return found


def recorded(families: list[Scored]) -> Scores:
    """The scores as they are recorded, rounded to what can be compared."""
    scores: Scores = {
        family.family: {cell: _plain(score) for cell, score in family.cells.items()}
        for family in families
    }
    scores["overall"] = {family.family: _plain(family.overall) for family in families}
    return scores


def _plain(score: Score) -> dict[str, float]:
    return {name: round(value, 5) for name, value in score._asdict().items()}


def worse(now: Scores, before: Scores) -> list[str]:
    """Where the median or the ninetieth percentile grew by more than a tenth, in words.

    A cell that is recorded and is gone, or a whole family, is worse too.
    """
    found: list[str] = []
    for family, cells in before.items():
        for cell, old in cells.items():
            new = now.get(family, {}).get(cell)
            if new is None:
                found.append(f"{family} {cell}: recorded and not judged any more")
            elif old["n"] >= FEW:
                found += _grown(f"{family} {cell}", new, old)
    return found


def _grown(name: str, new: Mapping[str, float], old: Mapping[str, float]) -> list[str]:
    return [
        f"{name}: {key} {old[key]:.2%} -> {new[key]:.2%}"
        for key in ("median_ape", "p90_ape")
        if new[key] > max(WORSE * old[key], old[key] + NOISE)
    ]


def record_text(scores: Scores) -> str:
    """The record as it is written."""
    return json.dumps(scores, indent=1) + "\n"


def main(folder: Path) -> None:
    """Write the page and the record, and say what got worse."""
    families = judged(folder)
    scores = recorded(families)
    if RECORD.is_file():
        for line in worse(scores, json.loads(RECORD.read_text(encoding="utf-8"))):
            print(f"worse: {line}")
    PAGE.write_text(page(families), encoding="utf-8")
    RECORD.write_text(record_text(scores), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared/silicon")
