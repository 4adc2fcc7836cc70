"""Measure the budgets that the README quotes: medians of several runs, on this machine, at this moment.

    make bench

Prints a table and writes `benchmarks/results.json`. Machines are shared and noisy: nothing here is a test.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "tests")]
os.environ.setdefault("OMP_NUM_THREADS", "1")  # one core, also where NumPy would take more

from cache import cache_figures  # noqa: E402 - their folder is on the path only now
from fusions import fusion_figures  # noqa: E402
from sweep import sweep_figures  # noqa: E402
from thermal import thermal_figures  # noqa: E402

from lab import lab_figures  # noqa: E402

COLD_RUNS = 15
EVALUATIONS = 400
SLIDER_MOVES = 200
EXPERTS = ("mixtral-8x7b", "deepseek-v3", "gpt-oss-120b")


def seconds(work: Callable[[], object]) -> float:
    """Time of one call [s]."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run_python(*arguments: str) -> None:
    """Run this environment's Python in a new process."""
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)


def import_time() -> float:
    """`import ironlaw` less the bare interpreter, both from cold processes, medians [s]."""
    bare = [seconds(lambda: run_python("-c", "pass")) for _ in range(COLD_RUNS)]
    full = [seconds(lambda: run_python("-c", "import ironlaw")) for _ in range(COLD_RUNS)]
    return statistics.median(full) - statistics.median(bare)


def engine_import_time() -> float:
    """The same with the whole engine behind `ironlaw.diagnose` [s]."""
    bare = [seconds(lambda: run_python("-c", "pass")) for _ in range(COLD_RUNS)]
    code = "import ironlaw; ironlaw.diagnose"
    full = [seconds(lambda: run_python("-c", code)) for _ in range(COLD_RUNS)]
    return statistics.median(full) - statistics.median(bare)


def cold_diagnose() -> float:
    """The command from a cold shell to the table, median [s]."""
    command = ["-m", "ironlaw", "diagnose", "llama-3-70b", "--on", "h100-sxm", "--tp", "8"]
    return statistics.median(seconds(lambda: run_python(*command)) for _ in range(COLD_RUNS))


def evaluation(fusion: str, model: str = "llama-3-70b") -> float:
    """One step on a TP8 node, all kernels, every time at another batch and context, median [s]."""
    from ironlaw.system.diagnosis import diagnose
    from ironlaw.system.question import scenario

    draw = random.Random(0)  # noqa: S311 - sizes of questions, no secret

    def ask() -> float:
        sizes = {
            "batch": float(draw.randint(1, 256)),
            "context": float(draw.randint(128, 16384)),
        }
        asked = scenario(model, "h100-sxm", tp=8, fusion=fusion, **sizes)
        return seconds(lambda: diagnose(asked))

    ask()  # the first question writes the model down
    return statistics.median(ask() for _ in range(EVALUATIONS))


def page_figures() -> dict[str, float]:
    """Slider to drawn picture and page to interactive, in headless Chromium over a real server [s]."""
    from playwright.sync_api import sync_playwright

    from browser import FLAGS, find_browser

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        command = [sys.executable, "-m", "ironlaw", "lab", "--port", "0", "--no-browser"]
        server = subprocess.Popen(
            [*command, "--data-dir", folder], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        url = (server.stdout or sys.stdin).readline().split()[2]
        chromium = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        try:
            page = chromium.new_page(viewport={"width": 1280, "height": 900})
            interactive = statistics.median(load_time(page, url) for _ in range(COLD_RUNS))
            drawn, frames = slider_times(page)
        finally:
            chromium.close()
            server.terminate()
            server.wait(10)
    return {
        "slider_to_picture_p50_s": statistics.median(drawn),
        "slider_to_picture_p95_s": drawn[int(0.95 * (len(drawn) - 1))],
        "slider_to_next_frame_p50_s": statistics.median(frames),
        "slider_to_next_frame_p95_s": frames[int(0.95 * (len(frames) - 1))],
        "slider_moves": float(len(drawn)),
        "page_to_interactive_s": interactive,
    }


def load_time(page: Page, url: str) -> float:
    """From navigation to the first painted view [s]."""
    page.goto(url)
    page.wait_for_selector("html[data-beat]")
    return float(page.evaluate(INTERACTIVE)) / 1e3


def slider_times(page: Page) -> tuple[list[float], list[float]]:
    """Walk to the workbench and move a slider: times to the drawn picture and to the next frame, sorted [s]."""
    page.get_by_role("button", name="Cloud Titan").click()
    page.click("html[data-beat=story] [data-action=next]")
    page.check("input[name=slope][value=no]")
    page.fill("input[name=share]", "50")
    page.click("form[data-form=lock] button[type=submit]")
    page.wait_for_selector("html[data-beat=workbench]")
    page.evaluate(PROBE)
    page.focus("[data-control=bandwidth_scale]")
    keys = ["ArrowLeft"] * 4 + ["ArrowRight"] * 8 + ["ArrowLeft"] * 4
    for key in islice(cycle(keys), SLIDER_MOVES):
        page.keyboard.press(key)
        page.wait_for_timeout(25)
    page.wait_for_timeout(200)
    drawn = sorted(value / 1e3 for value in page.evaluate("window.__drawn"))
    frames = sorted(value / 1e3 for value in page.evaluate("window.__frames"))
    return drawn, frames


INTERACTIVE = "performance.getEntriesByName('ironlaw:interactive')[0].startTime"

# From the input event's own time stamp to the new picture being in the document, and to the next frame after it.
PROBE = """
() => {
  window.__drawn = [];
  window.__frames = [];
  let begun = null;
  addEventListener("input", (event) => { begun = event.timeStamp; }, true);
  const dot = document.querySelector("circle.il-red");
  const drawn = () => {
    if (begun === null) return;
    const from = begun;
    begun = null;
    window.__drawn.push(performance.now() - from);
    requestAnimationFrame(() => window.__frames.push(performance.now() - from));
  };
  new MutationObserver(drawn).observe(dot.closest("svg") ?? document.body,
    { attributes: true, subtree: true, childList: true });
}
"""


def start_figures() -> dict[str, float]:
    """What it takes to begin [s]."""
    return {
        "import_ironlaw_s": import_time(),
        "import_engine_s": engine_import_time(),
        "diagnose_from_cold_s": cold_diagnose(),
    }


def evaluation_figures() -> dict[str, float]:
    """One step at each level of fusion, of a dense model and of some with experts [s]."""
    levels = ("none", "partial", "full")
    dense = {f"evaluation_{fusion}_s": evaluation(fusion) for fusion in levels}
    experts = {
        f"evaluation_{model}_{fusion}_s": evaluation(fusion, model)
        for model in EXPERTS
        for fusion in levels
    }
    return dense | experts


GROUPS: dict[str, Callable[[], dict[str, float]]] = {
    "start": start_figures,
    "evaluation": evaluation_figures,
    "sweep": sweep_figures,
    "cache": cache_figures,
    "thermal": thermal_figures,
    "fusions": fusion_figures,
    "lab": lab_figures,
    "page": page_figures,
}


BUDGETS = {
    "import_ironlaw_s": 0.1,
    "import_engine_s": 0.1,
    "diagnose_from_cold_s": 0.5,
    "sweep_million_points_s": 2.0,
    "cache_step_blocked_s": 50e-3,
    "cache_step_interleaved_s": 50e-3,
    "thermal_trace_s": 50e-3,
    "optimum_of_all_batches_decode_s": 1.0,
    "optimum_of_all_batches_prefill_s": 1.0,
    "lab_edge-guardian_2_run_s": 1.0,
    "slider_to_picture_p95_s": 20e-3,
    "page_to_interactive_s": 0.5,
}


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-browser", action="store_true", help="leave the page's figures out")
    parser.add_argument(
        "--only", choices=GROUPS, help="measure one group and keep the other figures as they are"
    )
    asked = parser.parse_args()
    chosen = [asked.only] if asked.only else [*GROUPS]
    if asked.no_browser:
        chosen = [group for group in chosen if group != "page"]
    figures = {name: value for group in chosen for name, value in GROUPS[group]().items()}
    for name, value in figures.items():
        sys.stdout.write(line(name, value) + "\n")
    target = Path(__file__).with_name("results.json")
    before = json.loads(target.read_text(encoding="utf-8"))["figures"] if asked.only else {}
    kept = {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "figures": before | figures,
    }
    target.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def line(name: str, value: float) -> str:
    """A figure beside its budget."""
    budget = 0.5e-3 if name.startswith("evaluation_") else BUDGETS.get(name)
    limit = "" if budget is None else f"   budget {budget * 1e3:8.2f} ms"
    shown = f"{value * 1e3:8.2f} ms" if name.endswith("_s") else f"{value:8.0f}   "
    return f"{name:36} {shown}{limit}"


if __name__ == "__main__":
    main()
