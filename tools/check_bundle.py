"""Checks that the committed page belongs to its sources in web/.

The bundle in src/ironlaw/faces/static/ is committed, so that nobody needs Node to use the lab. Its lock file holds the
SHA-256 of every source and every built file. Hashes are always compared; where Node is new enough, the bundle is also
built again in a temporary copy and compared byte by byte.

Exit code 0: it belongs; 1: it does not.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import cast

ROOT = Path(__file__).resolve().parent.parent
WEB = Path("web")
STATIC = Path("src/ironlaw/faces/static")
LOCK = STATIC / "bundle.lock.json"
SKIPPED = frozenset({"node_modules", "__pycache__", LOCK.name})
REMEDY = "run `make web` (Node 20.19 or newer) and commit what it changes"


class BundleError(Exception):
    """The bundle cannot be read or built."""


def file_hashes(root: Path, folder: Path) -> dict[str, str]:
    """The SHA-256 of each file below a folder, by its path in the repository."""
    paths = (path for path in (root / folder).rglob("*") if path.is_file())
    hashes = {}
    for path in paths:
        name = path.relative_to(root)
        if SKIPPED.isdisjoint(name.parts):
            hashes[name.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return hashes


def read_lock(root: Path) -> dict[str, dict[str, str]]:
    """The two tables of the lock file, `inputs` and `outputs`.

    Raises:
        BundleError: if it is missing or has another form.
    """
    path = root / LOCK
    if not path.is_file():
        raise BundleError(f"{LOCK} is missing")
    try:
        data: object = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise BundleError(f"{LOCK} is not JSON: {error}") from error
    if not isinstance(data, dict):
        raise BundleError(f"{LOCK} is not a table")
    tables = cast("dict[str, object]", data)
    for name in ("inputs", "outputs"):
        if not isinstance(tables.get(name), dict):
            raise BundleError(f"{LOCK} has no table {name!r}")
    return cast("dict[str, dict[str, str]]", tables)


def differences(recorded: dict[str, str], found: dict[str, str]) -> list[str]:
    """One line for each file that was added, removed or changed since the lock was written."""
    lines = []
    for name in sorted(recorded.keys() | found.keys()):
        if name not in found:
            lines.append(f"{name}: in the lock, but not there")
        elif name not in recorded:
            lines.append(f"{name}: there, but not in the lock")
        elif recorded[name] != found[name]:
            lines.append(f"{name}: changed since the bundle was built")
    return lines


def compare_hashes(root: Path) -> list[str]:
    """What differs between the lock and the files of the repository.

    Raises:
        BundleError: if the lock cannot be read.
    """
    lock = read_lock(root)
    return differences(lock["inputs"], file_hashes(root, WEB)) + differences(
        lock["outputs"], file_hashes(root, STATIC)
    )


def why_no_rebuild(root: Path) -> str | None:
    """Why the bundle cannot be built again here; None if it can."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return "Node is not installed"
    package = json.loads((root / WEB / "package.json").read_text(encoding="utf-8"))
    engines = package["engines"]["node"]
    found = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if version(found) < version(engines):
        return f"Node is {found.strip()} and the build needs {engines}"
    return None


def version(text: str) -> tuple[int, ...]:
    """The first version number in a text.

    Example:
        >>> version(">=20.19")
        (20, 19)
    """
    return tuple(int(part) for part in re.findall(r"\d+", text))


def npm(scratch: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run npm in the copy of web/."""
    return subprocess.run(
        ["npm", *arguments],
        cwd=scratch / WEB,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def rebuild(root: Path, scratch: Path) -> list[str]:
    """Build the bundle from a copy of web/ and compare it, lock included, with the committed one.

    Raises:
        BundleError: if npm fails.
    """
    shutil.copytree(root / WEB, scratch / WEB, ignore=shutil.ignore_patterns("node_modules"))
    (scratch / STATIC).mkdir(parents=True)
    packages = npm(scratch, "ci", "--no-audit", "--no-fund")
    if packages.returncode:
        last = packages.stdout.strip().splitlines()[-1:]
        print(
            f"bundle: hashes match; NOT built again: npm ci could not install the packages: {last}"
        )
        return []
    done = npm(scratch, "run", "build")
    if done.returncode:
        raise BundleError(f"npm run build failed:\n{done.stdout[-4000:]}")
    built, committed = (
        {path.relative_to(base).as_posix(): path.read_bytes() for path in files_in(base)}
        for base in (scratch / STATIC, root / STATIC)
    )
    problems = [
        f"{STATIC / name}: the build gives other bytes"
        for name in sorted(built.keys() | committed.keys())
        if built.get(name) != committed.get(name)
    ]
    if not problems:
        print("bundle: hashes match, and a fresh build gives the same bytes")
    return problems


def files_in(folder: Path) -> list[Path]:
    """All files of a built folder, compiled Python aside."""
    return [
        path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]


def check(root: Path, *, build: bool) -> list[str]:
    """Everything wrong with the bundle, one line each.

    Raises:
        BundleError: if it cannot be read or built.
    """
    problems = compare_hashes(root)
    if problems:
        return problems
    reason = why_no_rebuild(root) if build else "asked not to"
    if reason is not None:
        print(f"bundle: hashes match; NOT built again: {reason}")
        return []
    with tempfile.TemporaryDirectory() as scratch:
        return rebuild(root, Path(scratch))


def main() -> int:
    """Check the bundle of this repository."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--hashes-only", action="store_true", help="do not build")
    try:
        problems = check(ROOT, build=not parser.parse_args().hashes_only)
    except BundleError as error:
        problems = [str(error)]
    for problem in problems:
        print(f"bundle: {problem}", file=sys.stderr)
    if problems:
        print(f"bundle: {REMEDY}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
