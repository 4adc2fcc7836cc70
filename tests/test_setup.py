"""make and tools/setup.sh: what they say, what they refuse, and that a second run does nothing."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TARGETS = ("help", "lab", "test", "check", "bench", "web", "clean")
TOOLS = [
    "basename",
    "cat",
    "chmod",
    "cksum",
    "dirname",
    "head",
    "mkdir",
    "mktemp",
    "rm",
    "sh",
    "tail",
]

# A python that is new enough and whose venv holds a python that writes down what it is asked to do.
WORKING = """#!/bin/sh
case "$*" in
  *version_info\\ \\<*) exit 0 ;;
  *version_info*) echo 3.13.1 ;;
  "-m venv"*)
    mkdir -p .venv/bin
    printf '#!/bin/sh\\necho "$@" >> pip.log\\n' > .venv/bin/python
    printf '#!/bin/sh\\ntest ! -f libatomic-missing\\n' > .venv/bin/playwright
    chmod +x .venv/bin/python .venv/bin/playwright ;;
esac
"""
WITHOUT_VENV = """#!/bin/sh
case "$*" in
  *version_info\\ \\<*) exit 0 ;;
  *version_info*) echo 3.11.2 ;;
  "-m venv"*) mkdir -p .venv; echo "ensurepip is not available"; exit 1 ;;
esac
"""
OLD = """#!/bin/sh
case "$*" in
  *version_info\\ \\<*) exit 1 ;;
  *) echo 3.9.2 ;;
esac
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A checkout of the files that setting up reads, with a PATH of its own in `bin`."""
    for name in ("pyproject.toml", "constraints.txt", "tools/setup.sh", "tests/browser.py"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, target)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool))
    fake(tmp_path, "id", "#!/bin/sh\necho 1000\n")
    return tmp_path


def fake(house: Path, name: str, script: str) -> None:
    path = house / "bin" / name
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)


def run_setup(house: Path, what: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "tools/setup.sh", what],
        cwd=house,
        env={"PATH": str(house / "bin"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def pip_calls(house: Path) -> list[str]:
    lines = (house / "pip.log").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("-m pip")]


def test_help_lists_every_target_and_is_the_default():
    make = shutil.which("make")
    if make is None:
        pytest.skip("no make")
    shown = subprocess.run([make], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^  (\w+)\t\S", shown, flags=re.MULTILINE) == list(TARGETS)


def test_the_first_run_installs_and_the_second_does_nothing(house):
    fake(house, "python3", WORKING)
    first = run_setup(house, "dev")
    assert first.returncode == 0, first.stderr
    assert "making .venv with python3 3.13.1" in first.stderr
    calls = pip_calls(house)
    assert len(calls) == 2
    assert calls[-1].endswith("--constraint constraints.txt --no-build-isolation --editable .[dev]")

    second = run_setup(house, "dev")
    assert (second.returncode, second.stderr) == (0, "")
    assert pip_calls(house) == calls


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_requirement_is_installed_into_the_same_environment(house, name):
    fake(house, "python3", WORKING)
    run_setup(house, "lab")
    with (house / name).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    again = run_setup(house, "lab")
    assert "making .venv" not in again.stderr
    assert len(pip_calls(house)) == 4


def test_lab_and_dev_are_stamped_apart(house):
    fake(house, "python3", WORKING)
    run_setup(house, "lab")
    run_setup(house, "dev")
    extras = [call.rpartition(" ")[2] for call in pip_calls(house)]
    assert extras == ["setuptools", ".[server]", "setuptools", ".[dev]"]


def test_an_interrupted_environment_is_made_again(house):
    fake(house, "python3", WORKING)
    run_setup(house, "lab")
    (house / ".venv" / "lab.stamp").unlink()
    assert "making .venv" in run_setup(house, "lab").stderr


def test_an_old_python_is_refused(house):
    fake(house, "python3", OLD)
    done = run_setup(house, "lab")
    assert done.returncode == 1
    assert "ironlaw needs Python 3.11 or newer; python3 is 3.9.2" in done.stderr
    assert "make PYTHON=/path/to/python" in done.stderr
    assert not (house / ".venv").exists()


def test_a_newer_python_beside_an_old_one_is_taken(house):
    fake(house, "python3", OLD)
    fake(house, "python3.12", WORKING)
    assert "making .venv with python3.12" in run_setup(house, "lab").stderr


def test_no_python_is_said(house):
    done = run_setup(house, "lab")
    assert done.returncode == 1
    assert "no python3 was found" in done.stderr


def test_a_named_python_is_the_only_one_tried(house):
    fake(house, "python3", WORKING)
    fake(house, "old", OLD)
    done = run_setup(house, "lab", PYTHON="old")
    assert done.returncode == 1
    assert "old is 3.9.2" in done.stderr


def test_a_missing_venv_module_is_named_to_who_is_not_root(house):
    fake(house, "python3", WITHOUT_VENV)
    done = run_setup(house, "lab")
    assert done.returncode == 1
    assert "sudo apt-get install python3-venv" in done.stderr
    assert not (house / ".venv").exists()


def test_root_installs_a_missing_venv_module(house):
    fake(house, "python3", WITHOUT_VENV)
    fake(house, "id", "#!/bin/sh\necho 0\n")
    fake(house, "apt-get", '#!/bin/sh\necho "$@" >> apt.log\ncat working > bin/python3\n')
    (house / "working").write_text(WORKING, encoding="utf-8")
    done = run_setup(house, "lab")
    assert done.returncode == 0, done.stderr
    assert "install -y --no-install-recommends python3-venv" in (house / "apt.log").read_text()


def test_a_node_that_does_not_run_is_said_to_who_is_not_root(house):
    fake(house, "python3", WORKING)
    (house / "libatomic-missing").touch()
    done = run_setup(house, "dev")
    assert done.returncode == 1
    assert "sudo apt-get install libatomic1" in done.stderr
    assert not (house / ".venv" / "dev.stamp").exists()


def test_root_installs_what_node_misses(house):
    fake(house, "python3", WORKING)
    fake(house, "id", "#!/bin/sh\necho 0\n")
    fake(house, "apt-get", '#!/bin/sh\necho "$@" >> apt.log\nrm -f libatomic-missing\n')
    (house / "libatomic-missing").touch()
    assert run_setup(house, "dev").returncode == 0
    assert "install -y --no-install-recommends libatomic1" in (house / "apt.log").read_text()


def test_a_missing_browser_is_said_to_who_is_not_root(house):
    (house / ".venv" / "bin").mkdir(parents=True)
    (house / ".venv" / "bin" / "python").symlink_to(sys.executable)
    done = run_setup(house, "browser")
    assert done.returncode == 1
    assert "need Chromium or Chrome, and none is on PATH" in done.stderr


def test_a_named_browser_is_found(house):
    (house / ".venv" / "bin").mkdir(parents=True)
    (house / ".venv" / "bin" / "python").symlink_to(sys.executable)
    fake(house, "my-browser", "#!/bin/sh\n")
    done = run_setup(house, "browser", IRONLAW_BROWSER=str(house / "bin" / "my-browser"))
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_part_is_refused(house):
    done = run_setup(house, "everything")
    assert done.returncode == 1
    assert "usage" in done.stderr


NPM = '#!/bin/sh\necho "$@" >> ../../npm.log\ntest ! -f ../../offline\n'


@pytest.fixture
def pyodide_house(house):
    """The same with an environment, and an npm that works unless there is a file `offline`."""
    (house / "tests/lab/pyodide").mkdir(parents=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "tests/lab/pyodide" / name, house / "tests/lab/pyodide" / name)
    (house / ".venv" / "bin").mkdir(parents=True)
    (house / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (house / "bin" / "cp").symlink_to(shutil.which("cp"))
    fake(house, "npm", NPM)
    return house


def test_pyodide_is_installed_once_from_its_lock_file(pyodide_house):
    first = run_setup(pyodide_house, "pyodide")
    assert (first.returncode, "installing Pyodide" in first.stderr) == (0, True)
    second = run_setup(pyodide_house, "pyodide")
    assert (second.returncode, second.stderr) == (0, "")
    assert (pyodide_house / "npm.log").read_text() == "ci --ignore-scripts --no-audit --no-fund\n"
    assert (pyodide_house / ".venv/pyodide/package-lock.json").is_file()


def test_without_a_registry_pyodide_is_left_to_its_test(pyodide_house):
    (pyodide_house / "offline").touch()
    done = run_setup(pyodide_house, "pyodide")
    assert done.returncode == 0
    assert "is the npm registry reachable?" in done.stderr
    assert not (pyodide_house / ".venv/pyodide/stamp").exists()
