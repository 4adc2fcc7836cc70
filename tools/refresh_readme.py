"""Put the real output of its commands, the last record of accuracy and the last benchmark into the README.

    python tools/refresh_readme.py

`tests/test_readme.py` fails where the README and the engine disagree.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
PAIR = re.compile(r"```(console|python)\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)
ACCURACY = re.compile(r"<!-- accuracy -->\n.*?<!-- /accuracy -->", re.DOTALL)
TARGET = re.compile(
    r"^\| (.+?) \| (.+?) \| [\d,]+ \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.*?) \|$", re.MULTILINE
)
BENCH = re.compile(r"<!-- bench -->\n.*?<!-- /bench -->", re.DOTALL)

FIGURES = (
    ("`import ironlaw`", "import_ironlaw_s", "100 ms"),
    ("`ironlaw diagnose` from a cold shell to the table", "diagnose_from_cold_s", "500 ms"),
    ("one step of Llama-3-70B on a TP8 node, all kernels: full", "evaluation_full_s", "0.5 ms"),
    ("… partial", "evaluation_partial_s", "0.5 ms"),
    ("… eager, 4,013 kernels", "evaluation_none_s", "0.5 ms"),
    (
        "a million decode steps of it: batch × context × TP × format, all kernels, one core",
        "sweep_million_points_s",
        "2,000 ms",
    ),
    ("… times as fast as the loop of single steps", "sweep_loop_ratio", ""),
    (
        "the best fusion set of it, exactly: every legal set, nine batches, decode",
        "optimum_of_all_batches_decode_s",
        "1,000 ms",
    ),
    ("… prefill", "optimum_of_all_batches_prefill_s", "1,000 ms"),
    ("an LSTM step of H = 256, every load through the cache", "cache_step_interleaved_s", "50 ms"),
    (
        "ten minutes of heat with leakage and governor, junction and skin",
        "thermal_trace_s",
        "50 ms",
    ),
    ("a counted run of the lab: a step of the node", "lab_cloud-titan_2_run_s", ""),
    ("… 300 frames of the car", "lab_edge-guardian_2_run_s", "1,000 ms"),
    ("a knob turned in the last part of Edge Guardian", "lab_edge-guardian_3_turn_s", "100 ms"),
    ("… of Mobile Nomad", "lab_mobile-nomad_3_turn_s", "100 ms"),
    ("slider to drawn picture over the WebSocket, p50", "slider_to_picture_p50_s", ""),
    ("… p95", "slider_to_picture_p95_s", "20 ms"),
    ("page to interactive", "page_to_interactive_s", "500 ms"),
)


def output_of(language: str, code: str) -> str:
    """What a block of the README prints."""
    if language == "python":
        command = [sys.executable, "-c", code]
    else:
        words = code.strip().removeprefix("$ ").split()
        command = [sys.executable, "-m", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()) + "\n"


def blocks(text: str) -> list[tuple[str, str, str]]:
    """Language, code and printed output of every example."""
    return [(match[1], match[2], match[3]) for match in PAIR.finditer(text)]


FAMILIES = {
    "gemm": "GEMM",
    "attention_prefill": "prefill attention",
    "attention_decode": "decode attention",
    "moe": "MoE layer",
    "allreduce": "collectives",
    "e2e": "served time per output token",
}


def accuracy_table() -> str:
    """The last record of accuracy, all chips together, and what of the targets is missed."""
    kept = json.loads((ROOT / "docs/accuracy.json").read_text(encoding="utf-8"))["overall"]
    lines = [
        "| shapes that no fit has seen | rows | median error | p90 | inside 80 % | datasheet roofline, median |",
        "|---|---|---|---|---|---|",
    ]
    for family, name in FAMILIES.items():
        score = kept[family]
        figures = ("median_ape", "p90_ape", "coverage80", "naive_median_ape")
        cells = " | ".join(f"{100.0 * score[key]:.1f} %" for key in figures)
        lines.append(f"| {name} | {score['n']:,} | {cells} |")
    return "\n".join([*lines, "", misses()])


def misses() -> str:
    """A sentence on the targets of docs/accuracy.md."""
    found = TARGET.findall((ROOT / "docs/accuracy.md").read_text(encoding="utf-8"))
    judged = [row for row in found if row[-1] in {"met", "**missed**"}]
    missed = [
        f"{kernels} on {chip} ({median}, p90 {p90}; at most {most} and {most90})"
        for kernels, chip, median, most, p90, most90, verdict in judged
        if verdict != "met"
    ]
    if not missed:
        return f"All {len(judged)} targets by chip are met."
    return f"Of {len(judged)} targets by chip {len(missed)} are missed: {'; '.join(missed)}."


def bench_table() -> str:
    """The last benchmark as a table."""
    kept = json.loads((ROOT / "benchmarks/results.json").read_text(encoding="utf-8"))
    figures = kept["figures"]
    rows = [
        f"| {what} | {shown(name, figures[name])} | {budget} |" for what, name, budget in FIGURES
    ]
    head = f"| {kept['date']}, Python {kept['python']}, {kept['machine']} | measured | budget |"
    return "\n".join([head, "|---|---|---|", *rows])


def shown(name: str, value: float) -> str:
    """A figure with its unit: times in ms, ratios as they are."""
    return f"{value * 1e3:.3g} ms" if name.endswith("_s") else f"{value:,.0f}×"


def main() -> None:
    """Rewrite the README."""
    text = README.read_text(encoding="utf-8")
    text = PAIR.sub(lambda m: f"```{m[1]}\n{m[2]}```\n\n```text\n{output_of(m[1], m[2])}```", text)
    text = ACCURACY.sub(f"<!-- accuracy -->\n{accuracy_table()}\n<!-- /accuracy -->", text)
    text = BENCH.sub(f"<!-- bench -->\n{bench_table()}\n<!-- /bench -->", text)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
