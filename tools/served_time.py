"""How far served time per output token is from measured runs: fits its one constant, writes the ladder of its terms.

    python tools/served_time.py ../shared/silicon          # prints
    python tools/served_time.py ../shared/silicon --write  # and puts constant, residuals and tables where they belong

Reads e2e.csv and keeps no row of it. The constant is fitted on the shapes that are not left out; every figure is about
those that are.
"""

from __future__ import annotations

import csv
import re
import statistics
import sys
from dataclasses import replace
from math import log, log2
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.registry.serving import backend_names, load_backend
from ironlaw.system.diagnosis import LaunchMode, diagnose
from ironlaw.system.served import ServedTime, serve
from ironlaw.system.served_question import serving
from silicon_names import CHIPS, DTYPES
from silicon_split import held_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.system.served import Serving

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/served.md"
DATA = ROOT / "src/ironlaw/registry/data"
MARKS = ("<!-- measured -->", "<!-- /measured -->")


class Run(NamedTuple):
    """A measured run beside the answers to it.

    Attributes:
        label: Chip, model, framework and format.
        backend: The framework.
        measured: Time per output token [s].
        left_out: Whether its shape is left out of the fit.
        answer: The engine's answer.
        rungs: The time with the terms of the ladder up to each rung, without the framework's [s].
        shape: What the framework's constant is multiplied by.
    """

    label: str
    backend: str
    measured: float
    left_out: bool
    answer: ServedTime
    rungs: tuple[float, ...]
    shape: float

    def time(self, constant: float) -> float:
        """Time per output token with a framework's constant [s]."""
        return self.rungs[-1] + constant * self.shape

    def error(self, predicted: float) -> float:
        """Absolute error as a part of the measured time."""
        return abs(predicted / self.measured - 1.0)


RUNGS = (
    "datasheet roofline of the decode step",
    "the kernels' measured forms, one by one",
    "in a captured graph",
    "prompts of the others, each waited for",
    "the framework's order of prompts and decode",
    "the KV cache in the format that the framework takes",
    "the framework's time, one constant",
)


def question(row: dict[str, str], cache: str) -> Serving:
    """The question of a row."""
    return serving(
        row["model"],
        CHIPS[row["gpu"]],
        backend=row["backend"],
        concurrency=float(row["concurrency"]),
        isl=float(row["isl"]),
        osl=float(row["osl"]),
        tp=int(row["tp"]),
        dtype=DTYPES[row["gemm_dtype"]].value,
        kv_dtype=cache,
    )


def run(row: dict[str, str]) -> Run:
    """A row, answered with and without each term."""
    assumed = serve(question(row, DTYPES[row["kv_dtype_assumed"]].value))
    answer = serve(question(row, "auto"))
    loose = diagnose(replace(assumed.serving.decode, launch=LaunchMode.STREAM))
    asked = assumed.serving
    prompts = (asked.concurrency - 1.0) / asked.output_len * assumed.prefill.step
    rungs = (
        assumed.naive,
        loose.kernel_time,
        assumed.decode.step,
        assumed.decode.step + prompts,
        assumed.tpot - assumed.terms.framework,
        answer.tpot - answer.terms.framework,
    )
    model = answer.serving.spec.name
    return Run(
        label=f"{CHIPS[row['gpu']]} | {model} | {load_backend(row['backend']).title} | {row['gemm_dtype']}",
        backend=row["backend"],
        measured=float(row["tpot_s"]),
        left_out=held_out("e2e", row),
        answer=answer,
        rungs=tuple(float(rung) for rung in rungs),
        shape=1.0 + log2(int(row["tp"])),
    )


def fitted(runs: Sequence[Run]) -> float:
    """The constant with the least mean deviation of the logarithm, to the hundredth of a millisecond [s]."""

    def deviation(constant: float) -> float:
        ratios = [r.time(constant) / r.measured for r in runs]
        return statistics.fmean(abs(log(ratio)) for ratio in ratios)

    return min((step * 1e-5 for step in range(201)), key=deviation)


def quantile(values: Sequence[float], share: float) -> float:
    """A quantile of a sample, between its neighbours in proportion."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def figures(errors: Sequence[float]) -> str:
    """Rows, median and p90 as cells of a table."""
    return f"{len(errors)} | {quantile(errors, 0.5):.1%} | {quantile(errors, 0.9):.1%}"


def ladder(runs: Sequence[Run], constant: float) -> list[str]:
    """What each term buys, as Markdown."""
    times = [(*r.rungs, r.time(constant)) for r in runs]
    lines = ["| with each term | rows left out | median | p90 |", "|---|---|---|---|"]
    for rung, name in enumerate(RUNGS):
        errors = [r.error(row[rung]) for r, row in zip(runs, times, strict=True)]
        lines.append(f"| {name} | {figures(errors)} |")
    return lines


def report(runs: Sequence[Run], constant: float) -> list[str]:
    """The ladder and the table by chip, model and framework, as Markdown."""
    out = [r for r in runs if r.left_out]
    lines = ladder(out, constant)
    lines += ["", "| chip | model | framework | format | rows left out | median | p90 |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for label in sorted({r.label for r in out}):
        errors = [r.error(r.time(constant)) for r in out if r.label == label]
        lines.append(f"| {label} | {figures(errors)} |")
    lines += [
        "",
        f"The framework's constant is {constant * 1e3:.2f} ms. {coverage(runs, constant)}",
    ]
    return lines


def spans(runs: Sequence[Run], constant: float) -> dict[str, tuple[float, float, int]]:
    """By framework, the range of measured over predicted that holds 80 % of the runs, and their number."""
    found: dict[str, tuple[float, float, int]] = {}
    for backend in backend_names():
        ratios = [r.measured / r.time(constant) for r in runs if r.backend == backend]
        found[backend] = quantile(ratios, 0.1), quantile(ratios, 0.9), len(ratios)
    return found


def coverage(runs: Sequence[Run], constant: float) -> str:
    """The share of the runs left out that the interval holds, in words."""
    known = spans([r for r in runs if not r.left_out], constant)
    out = [r for r in runs if r.left_out]
    held = 0
    for r in out:
        low, high, _ = known[r.backend]
        held += low <= r.measured / r.time(constant) <= high
    return (
        "The 80 % interval is the range of the runs of each framework; taken from the shapes that are not left out "
        f"alone, it holds {held / len(out):.0%} of those that are."
    )


def write(runs: Sequence[Run], constant: float, lines: Sequence[str]) -> None:
    """Put the constant, the residuals and the tables where they belong."""
    target = DATA / "serving.toml"
    text = target.read_text(encoding="utf-8")
    pattern = r"(?<=\[framework\]\nvalue = )[0-9.]+"
    target.write_text(re.sub(pattern, f"{constant * 1e3:.2f}", text), encoding="utf-8")
    entries = [RESIDUALS]
    for backend, (low, high, count) in spans(runs, constant).items():
        entries.append(
            f'\n[e2e.{backend}]\nwhere = "tools/served_time.py, {count} runs"\n'
            f'low = {{ value = {low:.4g}, unit = "1" }}\nhigh = {{ value = {high:.4g}, unit = "1" }}\n'
        )
    (DATA / "residuals_served.toml").write_text("".join(entries), encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    start, end = (page.index(mark) for mark in MARKS)
    PAGE.write_text(
        page[: start + len(MARKS[0])] + "\n" + "\n".join(lines) + "\n" + page[end:], "utf-8"
    )


RESIDUALS = """# Measured over predicted time per output token: the range that holds 80 % of the runs of each framework.
# Written by tools/served_time.py.
kind = "derived"
source = "aiconfigurator"
date = "2026-11"
"""


def measured_runs(path: Path) -> list[Run]:
    """The runs of a table that are in steady state and fit into memory, each answered."""
    with path.open(encoding="utf-8", newline="") as file:
        return [run(row) for row in csv.DictReader(file) if row["usable"] == "1"]


def main(folder: Path, *, keep: bool) -> None:
    """Print the figures, and write them where they belong if asked to."""
    runs = measured_runs(folder / "e2e.csv")
    constant = fitted([r for r in runs if not r.left_out])
    lines = report(runs, constant)
    sys.stdout.write("\n".join(lines) + "\n")
    if keep:
        write(runs, constant, lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]), keep="--write" in sys.argv[2:])
