"""The chapter of the examples: built from anywhere, with no typed number, and from the registry as it is."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "examples/build_chapter.py"
_spec = importlib.util.spec_from_file_location("build_chapter", BUILD)
assert _spec is not None
assert _spec.loader is not None
chapter = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(chapter)
SOURCE = (ROOT / "examples/chapter.md").read_text(encoding="utf-8")


def built(folder: Path, package: Path = ROOT / "src") -> str:
    command = [sys.executable, str(BUILD), "page.html"]
    environment = {**os.environ, "PYTHONPATH": str(package)}
    subprocess.run(command, check=True, cwd=folder, env=environment, capture_output=True)
    return (folder / "page.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(tmp_path_factory) -> str:
    return built(tmp_path_factory.mktemp("elsewhere"))


def test_it_builds_from_another_folder(page):
    assert "<h1>Does fusing Linear and ReLU" in page
    assert "{python}" not in page
    assert 'class="il-dash"' in page


def test_it_says_what_the_engine_says(page):
    import ironlaw
    from ironlaw.book.formatting import grouped, with_prefix

    node = {"on": "h100-sxm", "tp": 8, "batch": 32, "context": 4096}
    for level in ("none", "partial", "full"):
        report = ironlaw.diagnose("llama-3-70b", fusion=level, **node)
        assert f"<td>{grouped(report.diagnosis.n_kernels)}</td>" in page
        assert f"<td>{with_prefix(float(report.diagnosis.traffic), 'B')}</td>" in page


def test_fusion_keeps_the_operations_and_moves_less():
    layer = str(ROOT / "examples/linear_relu.toml")
    import ironlaw

    apart, fused = (
        ironlaw.diagnose(layer, on="h100-sxm", batch=4096, fusion=level).diagnosis
        for level in ("none", "partial")
    )
    activations = 4096 * 8192 * 2
    assert fused.flops == apart.flops
    assert apart.traffic - fused.traffic == pytest.approx(2 * activations)
    assert (apart.n_kernels, fused.n_kernels) == (2, 1)


def test_no_number_is_typed_in_the_prose():
    assert chapter.typed_numbers(SOURCE) == []


@pytest.mark.parametrize(
    "typed", ["It takes 12 ms.", 'It takes `{python} "12 ms"`.', "`{python} full.step * 2`"]
)
def test_a_typed_number_is_refused(typed):
    with pytest.raises(ValueError, match="typed numbers"):
        chapter.build(f"{SOURCE}\n\n{typed}\n")


def test_another_number_in_the_registry_is_another_page(page, tmp_path):
    copied = tmp_path / "src/ironlaw"
    unread = shutil.ignore_patterns("__pycache__", "static")
    shutil.copytree(ROOT / "src/ironlaw", copied, ignore=unread)
    sheet = copied / "registry/data/chips/h100-sxm.toml"
    text = sheet.read_text(encoding="utf-8")
    changed = text.replace("bandwidth = { value = 3.35,", "bandwidth = { value = 3.45,")
    assert changed != text
    sheet.write_text(changed, encoding="utf-8")
    other = built(tmp_path, tmp_path / "src")
    assert "3.45 TB/s" in other
    assert "3.45 TB/s" not in page
    ridge, other_ridge = (
        "<p>In decode" + one.split("<p>In decode")[1][:300] for one in (page, other)
    )
    assert ridge != other_ridge
