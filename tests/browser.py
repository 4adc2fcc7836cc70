"""Where the browser of the browser tests is; as a program, prints its path or exits 1."""

from __future__ import annotations

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)


def find_browser() -> str | None:
    """The path of Chromium or Chrome: the one named in IRONLAW_BROWSER, else the first on PATH."""
    named = os.environ.get("IRONLAW_BROWSER")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    """Print the path; 1 if there is none."""
    path = find_browser()
    if path is None:
        return 1
    print(path)  # noqa: T201 - the answer of this program
    return 0


if __name__ == "__main__":
    sys.exit(main())
