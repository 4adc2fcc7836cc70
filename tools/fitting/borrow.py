"""How well a chip is described where it has no constants of its own: by a relative's, and by the datasheet."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from fitting.forms import FORMS
from fitting.solve import predicted
from fitting.tables import cells
from ironlaw.explore.measured.tables import read_table
from ironlaw.explore.measured.work import roofline, work_of
from ironlaw.registry.calibration import step_constants
from ironlaw.registry.chips import load_chip
from silicon_names import CHIPS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fitting.solve import Constants
    from fitting.tables import Key
    from ironlaw.explore.measured.columns import Family
    from ironlaw.registry.constants import ReferenceRates

FITTED: tuple[Family, ...] = (
    "gemm", "attention_prefill", "attention_decode", "moe", "allreduce",
)  # fmt: skip
Known = dict[tuple[str, "Key"], "Constants"]
"""Constants by family and cell."""


def borrowed(
    folder: Path, known: Known, rates_of: Callable[[Path, str], ReferenceRates]
) -> dict[str, list[float]]:
    """Measured over predicted time by family, each cell with the constants of its nearest relatives."""
    found: dict[str, list[float]] = defaultdict(list)
    for family in FORMS:
        for key, cell in cells(folder, family).items():
            lenders = [k for f, k in known if f == family and _lends(k, key)]
            if key[0] not in CHIPS or not lenders:
                continue
            problem = FORMS[family](cell, rates_of(folder, key[0]))
            nearest = min(lenders, key=lambda k: _distance(k[0], key[0]))
            constants = _completed(known[family, nearest], problem.starts[0])
            ratio = (cell.times / predicted(problem, constants))[~cell.left_out]
            found[family] += ratio.tolist()
    return found


def _lends(lender: Key, key: Key) -> bool:
    own, other = load_chip(CHIPS[key[0]]), load_chip(CHIPS[lender[0]])
    return lender[1:] == key[1:] and own is not other and own.architecture == other.architecture


def _distance(lender: str, chip: str) -> float:
    ratio = load_chip(CHIPS[lender]).bandwidth / load_chip(CHIPS[chip]).bandwidth
    return max(ratio, 1.0 / ratio)


def _completed(constants: Constants, start: Constants) -> Constants:
    """The lender's constants; of a head width that it never ran, those of its first one."""
    missing = {n: v for n, v in start.items() if n not in constants}
    for name, value in missing.items():
        plain = name.split("@")[0]
        missing[name] = next((v for n, v in constants.items() if n.split("@")[0] == plain), value)
    return constants | missing


def datasheet(folder: Path) -> dict[str, list[float]]:
    """Measured time over that of the datasheet roofline with a launch, by family."""
    launch = step_constants().small_launch
    found: dict[str, list[float]] = {}
    for family in FITTED:
        table = read_table(folder / f"{family}.csv", family)
        rows = [row for row in table.rows if row.chip in CHIPS]
        found[family] = [
            row.time / (roofline(work_of(family, row), load_chip(CHIPS[row.chip])) + launch)
            for row in rows
        ]
    return {family: list(np.array(values)) for family, values in found.items()}
