"""Refit the constants of the calibrated forms to a directory of measured kernels.

    python tools/fit.py ../shared/silicon            # fit, and write the registry's calibration and residuals
    python tools/fit.py ../shared/silicon --family gemm --chip b200_sxm   # those cells; all others stay
    python tools/fit.py ../shared/silicon --ladder   # what each term buys, on shapes that were left out

A fifth of the shapes, the same on every chip, is left out of every fit (tools/silicon_split.py). Intervals come from a
cross-validation within the other four fifths, so neither constants nor intervals have seen the shapes that
docs/accuracy.md is about. No measured row is kept.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from fitting import borrow, ladder, residuals, tables, write
from fitting.forms import FORMS
from fitting.solve import fit, predicted, refit
from fitting.tables import CELLS, FOLDS, cells
from ironlaw.cost.iron_law import TimeTerms, regime_of
from ironlaw.registry.constants import ReferenceRates
from silicon_names import CHIPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fitting.solve import Constants
    from fitting.tables import Key

DATA = Path(__file__).parents[1] / "src/ironlaw/registry/data"
DATE = "2026-11-23"
WORKERS = 2
KEPT = Path(__file__).parents[1] / "build/fit"


class Fitted(NamedTuple):
    """A cell with its constants, and how far they are off on shapes that they have not seen."""

    family: str
    key: Key
    constants: Constants
    unseen: residuals.Ratios  # by cross-validation within the fitted shapes
    left_out: NDArray[np.float64]  # measured over predicted of the shapes left out of every fit
    rows: int


@lru_cache(maxsize=32)
def rates_of(folder: Path, chip: str) -> ReferenceRates:
    """The rates of a chip in the description of the tables."""
    data: dict[str, Any] = json.loads((folder / "constants.json").read_text(encoding="utf-8"))
    return tables.rates(data, chip)


def fitted(task: tuple[Path, str, Key]) -> Fitted:
    """Fit one cell and cross-validate it."""
    folder, family, key = task
    cell = _read(folder, family)[key]
    problem = FORMS[family](cell, rates_of(folder, key[0]))
    seen = ~cell.left_out
    constants = fit(problem, seen)
    ratio = np.ones(len(cell.rows))
    for fold in range(FOLDS):
        others = refit(problem, seen & (cell.fold != fold), constants)
        now = seen & (cell.fold == fold)
        ratio[now] = (cell.times / predicted(problem, others))[now]
    terms = problem.terms(constants)
    regimes = [_regime(terms, i) for i in range(len(cell.rows))]
    unseen = [(regimes[i], float(ratio[i])) for i in np.flatnonzero(seen)]
    left_out = (cell.times / predicted(problem, constants))[cell.left_out]
    return Fitted(family, key, constants, unseen, left_out, int(seen.sum()))


@lru_cache(maxsize=1)
def _read(folder: Path, family: str) -> dict[Key, Any]:
    return cells(folder, family)


def _regime(terms: TimeTerms, row: int) -> str:
    arrays = [np.asarray(term, dtype=float) for term in terms]
    one = [float(array[row] if array.ndim else array) for array in arrays]
    return regime_of(TimeTerms(*one)).value


def fit_family(folder: Path, family: str) -> list[Fitted]:
    """Fit every cell of a family, and keep the result beside the repository's other build outputs."""
    with ProcessPoolExecutor(WORKERS) as pool:
        found = list(pool.map(fitted, tasks(folder, [family])))
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{family}.pickle").write_bytes(pickle.dumps(found))
    return found


def kept(family: str) -> list[Fitted]:
    """The cells of a family as they were fitted last, so that one family can be refitted alone."""
    path = KEPT / f"{family}.pickle"
    if not path.is_file():
        sys.exit(f"fit.py: {family} was not fitted here yet; fit it too, or give --dry")
    found: list[Fitted] = pickle.loads(path.read_bytes())  # noqa: S301 - our own file
    return found


def tasks(folder: Path, families: list[str]) -> list[tuple[Path, str, Key]]:
    """Every cell of every table that is there."""
    found = [(folder, family, key) for family in families for key in cells(folder, family)]
    return [task for task in found if task[2][0] in CHIPS]


def report(found: list[Fitted]) -> str:
    """Error of each cell and family on the shapes left out of the fit."""
    lines: list[str] = []
    families: dict[str, list[NDArray[np.float64]]] = defaultdict(list)
    for one in found:
        if not len(one.left_out):
            continue
        families[one.family].append(one.left_out)
        lines.append(f"{one.family:18s} {'|'.join(one.key):48s} {_error(one.left_out)}")
    lines += [f"{family:67s} {_error(np.concatenate(parts))}" for family, parts in families.items()]
    return "\n".join(lines)


def _error(ratio: NDArray[np.float64]) -> str:
    error = np.abs(1.0 / ratio - 1.0)
    return (
        f"{len(error):6d} rows  median {np.median(error):6.1%}  p90 {np.quantile(error, 0.9):6.1%}"
    )


def write_calibration(folder: Path, found: list[Fitted]) -> None:
    """The calibration file of each chip."""
    chips: dict[str, list[Fitted]] = defaultdict(list)
    for one in found:
        chips[one.key[0]].append(one)
    for chip, parts in chips.items():
        lines = write.reference(chip, rates_of(folder, chip), DATE)
        for one in sorted(parts, key=lambda part: write.path_of(part.family, part.key)):
            lines += _tables(one)
        target = DATA / "calibration" / f"{CHIPS[chip]}.toml"
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _tables(one: Fitted) -> list[str]:
    where = f"tools/fit.py, {one.family} {'|'.join(one.key)}, {one.rows} rows"
    return write.table(write.path_of(one.family, one.key), where, one.constants)


def write_cells(found: list[Fitted]) -> None:
    """Cells into the files of their chips, which keep all others; spans of borrowed constants stay as they are."""
    for one in found:
        spans = residuals.spans(one.family, one.key, one.unseen)
        for folder, path, lines in (
            ("calibration", write.path_of(one.family, one.key), "\n".join(_tables(one))),
            ("residuals", residuals.cell_path(one.family, one.key), "".join(spans)),
        ):
            target = DATA / folder / f"{CHIPS[one.key[0]]}.toml"
            text = write.replaced(target.read_text(encoding="utf-8"), path, lines)
            target.write_text(text, encoding="utf-8")


def write_residuals(folder: Path, found: list[Fitted]) -> None:
    """The residual files of the registry, one for each chip."""
    entries = [(one.family, one.key, one.unseen) for one in found]
    known = {(one.family, one.key): one.constants for one in found}
    others = {
        "borrowed": borrow.borrowed(folder, known, rates_of),
        "roofline": borrow.datasheet(folder),
    }
    folder_of = DATA / "residuals"
    folder_of.mkdir(exist_ok=True)
    for name, text in residuals.files(entries, others, DATE).items():
        (folder_of / f"{name}.toml").write_text(text, encoding="utf-8")


def main() -> None:
    """Fit what is asked for and write it, or print the ladder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--family", choices=sorted(CELLS), action="append")
    parser.add_argument("--chip", choices=sorted(CHIPS), action="append", help="these chips only")
    parser.add_argument("--ladder", action="store_true", help="print what each term buys")
    parser.add_argument("--dry", action="store_true", help="print the errors and write nothing")
    given = parser.parse_args()
    families = given.family or list(CELLS)
    if given.ladder:
        sys.stdout.write(
            ladder.text(given.folder, families, rates_of, given.chip or list(CHIPS)) + "\n"
        )
        return
    if given.chip:
        cells_of = [task for task in tasks(given.folder, families) if task[2][0] in given.chip]
        found = [fitted(task) for task in cells_of]
    else:
        found = [one for family in families for one in fit_family(given.folder, family)]
    sys.stdout.write(report(found) + "\n")
    if given.chip and not given.dry:
        write_cells(found)
    elif not given.dry:
        found += [one for family in CELLS if family not in families for one in kept(family)]
        write_calibration(given.folder, found)
        write_residuals(given.folder, found)


if __name__ == "__main__":
    main()
