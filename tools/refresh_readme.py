"""Put the real output of its commands, and the last benchmark, into the README.

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
    text = BENCH.sub(f"<!-- bench -->\n{bench_table()}\n<!-- /bench -->", text)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
