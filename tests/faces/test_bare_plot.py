"""A `--plot` that names no file draws one that is named after the command."""

from __future__ import annotations

import subprocess
import sys

import pytest

CACHE = ("cache", "--chip", "esp32", "--hidden", "64")


def command(folder, *arguments):
    whole = [sys.executable, "-m", "ironlaw", *arguments]
    return subprocess.run(whole, capture_output=True, text=True, check=False, cwd=folder)


@pytest.mark.parametrize("arguments", [(*CACHE, "--plot"), ("cache", "--plot", *CACHE[1:])])
def test_a_bare_plot_is_named_after_the_command(tmp_path, arguments):
    done = command(tmp_path, *arguments)
    assert done.returncode == 0, done.stderr
    assert "written to cache.svg" in done.stdout
    assert (tmp_path / "cache.svg").read_text().endswith("</svg>")


def test_a_named_file_is_kept(tmp_path):
    done = command(tmp_path, *CACHE, "--plot", "mine.svg", "--json")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.svg"]


def test_no_plot_draws_nothing(tmp_path):
    assert command(tmp_path, *CACHE).returncode == 0
    assert not list(tmp_path.iterdir())
