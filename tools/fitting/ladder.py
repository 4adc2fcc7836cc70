"""What each term of a form buys: errors on left-out shapes as the constants are freed one group after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fitting.forms import FORMS
from fitting.solve import Problem, fit, predicted
from fitting.tables import cells

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ironlaw.registry.constants import ReferenceRates

Step = tuple[str, tuple[str, ...]]

NEUTRAL = {
    "ef": 1.0, "eb": 1.0, "t0": 1e-9, "cq": 1e-9, "l2x": 1.0, "tk": 1e-15, "ts": 1e-9, "cw": 1.0, "a0": 1e-6,
    "th": 1e-9, "f0": 1e12, "tw": 1e-12, "tg": 1e3, "bg": 1.0, "tc": 1e-12, "ex": 1e-6, "lp": 1e-6,
    "slack": 128.0, "bs": 1e3, "tr": 1e-12, "tp": 1e-12, "cg": 1e-9, "ca": 1e-9, "te": 1e-13, "e": 1.0, "a": 1e-9,
    "an": 1e-12, "el": 1.0, "as_": 1e-9, "en": 1.0, "eln": 1.0, "em": 1e-4, "am": 1e-3, "asn": 1e-12,
    "fr": 1e-6, "cf": 1e-6, "kp": 1e-9, "wf": 1.0, "wl": 1.0, "cr": 1e-9, "tick": 0.0,
}  # fmt: skip
"""Where a constant stands while its term is not in the form yet."""

STEPS: dict[str, tuple[Step, ...]] = {
    "gemm": (
        ("datasheet", ()),
        ("+ efficiencies ef, eb", ("ef", "eb")),
        ("+ fixed time t0", ("t0",)),
        ("+ quantising pass cq", ("cq",)),
        ("+ level 2 l2x", ("l2x",)),
        ("+ latency along K and split tk, ts", ("tk", "ts")),
        ("+ written bytes cw", ("cw",)),
        ("+ tile intensity a0", ("a0",)),
        ("+ single row tg, bg", ("tg", "bg")),
        ("+ power th, f0", ("th", "f0")),
        ("+ launch of many tiles tw", ("tw",)),
        ("+ pipeline of a tile kp", ("kp",)),
        ("+ written bytes in level 2 wl", ("wl",)),
        ("+ adding up a split cr", ("cr",)),
        ("+ shared last wave wf", ("wf",)),
        ("+ the benchmark's clock tick, phase", ("tick",)),
    ),
    "attention_prefill": (
        ("datasheet", ()),
        ("+ efficiency ef", ("ef",)),
        ("+ fixed time t0", ("t0",)),
        ("+ rotary embedding and append cq", ("cq",)),
        ("+ block cost tc", ("tc",)),
        ("+ exponentials ex", ("ex",)),
        ("+ longest block lp", ("lp",)),
        ("+ level 2 l2x", ("l2x",)),
        ("+ slack of a window", ("slack",)),
    ),
    "attention_decode": (
        ("datasheet", ()),
        ("+ efficiency eb", ("eb",)),
        ("+ fixed time t0", ("t0",)),
        ("+ unit cost tc", ("tc",)),
        ("+ level 2 l2x", ("l2x",)),
        ("+ split tr, tp", ("tr", "tp")),
        ("+ bandwidth of the SMs bs", ("bs",)),
        ("+ wide groups cg", ("cg",)),
    ),
    "moe": (
        ("datasheet", ()),
        ("+ efficiencies ef, eb", ("ef", "eb")),
        ("+ fixed time t0", ("t0",)),
        ("+ activations ca", ("ca",)),
        ("+ tile cost ts", ("ts",)),
        ("+ level 2 l2x", ("l2x",)),
        ("+ expert cost te", ("te",)),
        ("+ latency along K tk", ("tk",)),
        ("+ tile height a0", ("a0",)),
        ("+ rows of other chips fr, cf", ("fr", "cf")),
    ),
    "allreduce": (
        ("datasheet", ()),
        ("+ efficiency e", ("e",)),
        ("+ fixed time a", ("a",)),
        ("+ time a rank an", ("an",)),
        ("+ small messages el, as", ("el", "as_")),
        ("+ ranks en, eln, asn", ("en", "eln", "asn")),
        ("+ messages between em, am", ("em", "am")),
    ),
}


def text(
    folder: Path,
    families: list[str],
    rates_of: Callable[[Path, str], ReferenceRates],
    chips: list[str],
) -> str:
    """The ladder of each family, medians over its cells."""
    lines: list[str] = []
    for family in families:
        errors: dict[str, list[tuple[float, float]]] = {}
        for key, cell in cells(folder, family).items():
            if not cell.left_out.any() or key[0] not in chips:
                continue
            problem = FORMS[family](cell, rates_of(folder, key[0]))
            for label, error in _climb(problem, STEPS[family]):
                errors.setdefault(label, []).append(error)
        lines += ["", f"{family} ({len(next(iter(errors.values()), []))} cells)"]
        for label, found in errors.items():
            median, high = np.median(np.array(found), axis=0)
            lines.append(f"  {label:38s} median {median:7.1%}   p90 {high:7.1%}")
    return "\n".join(lines)


def _climb(problem: Problem, steps: tuple[Step, ...]) -> list[tuple[str, tuple[float, float]]]:
    found: list[tuple[str, tuple[float, float]]] = []
    freed: set[str] = set()
    cell = problem.cell
    for label, names in steps:
        freed |= set(names)
        free = tuple(name for name in problem.free if name.split("@")[0] in freed)
        fixed = {n: NEUTRAL[n.split("@")[0]] for n in problem.free if n not in free}
        if problem.read and problem.read not in freed:
            fixed[problem.read] = NEUTRAL[problem.read]
        starts = tuple(
            start | fixed for start in problem.starts[:: max(len(problem.starts) // 3, 1)]
        )
        now = Problem(
            cell=cell,
            terms=problem.terms,
            free=free,
            starts=starts,
            bounds=problem.bounds,
            read=problem.read,
        )
        constants = fit(now, ~cell.left_out)
        error = np.abs(predicted(now, constants) / cell.times - 1.0)[cell.left_out]
        found.append((label, (float(np.median(error)), float(np.quantile(error, 0.9)))))
    return found
