"""How well `ironlaw measure` repeats, and how well the engine predicts the lab's operators from its file.

    python benchmarks/probe.py --runs 3          # best in a quiet moment
    python benchmarks/probe.py --runs 3 --keep   # and puts the table into docs/measure.md

Each run is a command in a process of its own, as a user gives it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

STEADY = 0.1  # how far apart runs may be
ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs/measure.md"
PLACE = re.compile(r"<!-- measured -->\n.*?<!-- /measured -->", re.DOTALL)


def one_run(extra: list[str]) -> dict[str, Any]:
    """What a run says, with the time that it took [s]."""
    command = [sys.executable, "-m", "ironlaw", "measure", "--kernels", "--json", *extra]
    began = perf_counter()
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ
    )
    return {**json.loads(done.stdout), "took_s": perf_counter() - began}


def figures(run: dict[str, Any]) -> dict[str, float]:
    """The facts of a run that have to repeat, and the times of its operators."""
    main = ("peak.", "level.", "memory.bandwidth", "dispatch.")
    found = {
        fact["name"]: float(fact["value"])
        for fact in run["facts"]
        if fact["name"].startswith(main) or fact["name"].endswith("_rate")
    }
    return found | {kernel["name"]: float(kernel["measured_s"]) for kernel in run["kernels"]}


def apart(values: list[float]) -> float:
    """Largest over smallest, less one."""
    return max(values) / min(values) - 1.0


def repeatability(runs: list[dict[str, Any]]) -> dict[str, float]:
    """How far apart the runs are in each figure that all of them have."""
    each = [figures(run) for run in runs]
    names = [name for name in each[0] if all(name in one for one in each)]
    return {name: apart([one[name] for one in each]) for name in names}


def verdict(name: str, spread: float) -> str:
    """What is said of a figure that does not repeat; a capacity is known to one step of the sweep only."""
    if name.endswith("capacity"):
        return "   (steps of a factor of two)"
    return "   more than 10 %" if spread > STEADY else ""


def table(runs: list[dict[str, Any]]) -> str:
    """The operators of all runs: medians, and how far apart the runs are."""
    last = runs[-1]["conditions"]
    tools = ", ".join(f"{name} {version}" for name, version in last["toolkit"].items())
    errors = [float(run["median_error"]) for run in runs]
    lines = [
        f"{last['date']}, {last['processor']}, one core, {tools}, {len(runs)} runs: the median error of a run is "
        f"{100 * min(errors):.0f} to {100 * max(errors):.0f} %.",
        "",
        "| operator | what ran | predicted | measured | error | runs apart |",
        "|---|---|---|---|---|---|",
    ]
    for index, kernel in enumerate(runs[0]["kernels"]):
        here = [run["kernels"][index] for run in runs]
        predicted, measured = (
            statistics.median(one[key] for one in here) for key in ("predicted_s", "measured_s")
        )
        spread = apart([one["measured_s"] for one in here])
        lines.append(
            f"| {kernel['name']}, {kernel['shape']} | {kernel['ran']} | {predicted * 1e3:.1f} ms "
            f"| {measured * 1e3:.1f} ms | {100 * (predicted / measured - 1):+.0f} % | {100 * spread:.1f} % |"
        )
    return "\n".join(lines)


def main() -> None:
    """Run, print, and keep the table if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", action="store_true", help="put the table into docs/measure.md")
    asked, extra = parser.parse_known_args()
    print(f"load before: {os.getloadavg()}")
    runs = [one_run(extra) for _ in range(max(asked.runs, 2))]
    for name, spread in repeatability(runs).items():
        print(f"{name:28} runs apart {100 * spread:6.1f} %{verdict(name, spread)}")
    print(table(runs))
    print("took [s]:", [round(run["took_s"], 1) for run in runs])
    print("others had the core:", [f"{run['waited']:.0%}" for run in runs])
    if asked.keep:
        text = PAGE.read_text(encoding="utf-8")
        block = f"<!-- measured -->\n{table(runs)}\n<!-- /measured -->"
        PAGE.write_text(PLACE.sub(lambda _: block, text), encoding="utf-8")


if __name__ == "__main__":
    main()
