"""How fast a trace is read, and in how much memory, beside HolisticTraceAnalysis where that is installed.

    python benchmarks/trace.py TRACE [--size 1e9] [--runs 3] [--hta PYTHON]

TRACE is a real trace; it is repeated, each copy later in time, to SIZE bytes. Every run is a process of its own. The
median of the runs is printed and written to `benchmarks/trace.json`. PYTHON is an interpreter in whose environment
HolisticTraceAnalysis is installed: it needs other versions of packages than this project, so it has its own.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NUMBERS = re.compile(rb'("ts":\s*)(\d+)')

PEAK = """
import sys, time
def peak():  # of this program alone: ru_maxrss counts the process that it was forked from, too
    with open("/proc/self/status") as file:
        return 1024 * next(int(line.split()[1]) for line in file if line.startswith("VmHWM"))
"""

OURS = """
from ironlaw.system.trace.read import read
start, work = time.perf_counter(), time.process_time()
rows = len(read(sys.argv[1]))
print(rows, time.perf_counter() - start, time.process_time() - work, peak())
"""

HTA = """
import logging
logging.disable(logging.WARNING)
from hta.common.trace_parser import parse_trace_dataframe
from hta.configs.parser_config import ParserConfig
start, work = time.perf_counter(), time.process_time()
_, frame, _ = parse_trace_dataframe(sys.argv[1], ParserConfig.get_default_cfg())
print(len(frame), time.perf_counter() - start, time.process_time() - work, peak())
"""


def repeated(source: Path, target: Path, size: float) -> int:
    """Write a trace again and again, each copy later in time, and say how large it became [B]."""
    data = source.read_bytes()
    data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
    begin = data.index(b"[", data.index(b'"traceEvents"')) + 1
    end = data.rindex(b"]")
    parts = NUMBERS.split(data[begin:end])
    starts = [int(number) for number in parts[2::3]]
    step = max(starts) - min(starts) + 1_000_000  # [µs]
    with target.open("wb") as file:
        file.write(data[:begin])
        copies = max(1, round(size / (end - begin)))
        for copy in range(copies):
            parts[2::3] = [str(number + copy * step).encode() for number in starts]
            file.write(b"," * (copy > 0) + b"".join(parts))
        file.write(data[end:])
    return target.stat().st_size


def median_run(python: str, code: str, path: Path, runs: int) -> dict[str, float]:
    """Rows, seconds, seconds of work and peak bytes of a reader, medians of processes of their own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    found: list[list[float]] = []
    for _ in range(runs):
        done = subprocess.run(
            [python, "-c", PEAK + code, str(path)],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        )
        found.append([float(number) for number in done.stdout.split()])
    names = ("rows", "wall_s", "work_s", "peak_bytes")
    return {
        name: statistics.median(run[place] for run in found) for place, name in enumerate(names)
    }


def shown(name: str, figures: dict[str, float], size: int) -> str:
    """One line: speed by the wall clock and by the processor's, and memory against the file."""
    wall, work = size / 1e6 / figures["wall_s"], size / 1e6 / figures["work_s"]
    peak = figures["peak_bytes"]
    return (
        f"{name:24} {size / 1e6:7.0f} MB  {figures['rows']:9.0f} rows  {wall:6.1f} MB/s"
        f"  ({work:.1f} by the processor's clock)  peak {peak / 1e6:.0f} MB, {peak / size:.2f} of the file\n"
    )


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("trace", type=Path)
    parser.add_argument("--size", type=float, default=1e9)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--hta", help="an interpreter that has HolisticTraceAnalysis")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "repeated.json"
        size = repeated(asked.trace, path, asked.size)
        readers = {"ironlaw": (sys.executable, OURS)}
        if asked.hta:
            readers["HolisticTraceAnalysis"] = (asked.hta, HTA)
        figures: dict[str, dict[str, float]] = {}
        for name, (python, code) in readers.items():
            figures[name] = median_run(python, code, path, asked.runs)
            sys.stdout.write(shown(name, figures[name], size))
    kept = {
        "date": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}",
        "trace": asked.trace.name,
        "bytes": size,
        "runs": asked.runs,
        "readers": figures,
    }
    target = Path(__file__).with_name("trace.json")
    target.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
