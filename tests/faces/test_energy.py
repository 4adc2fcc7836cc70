"""Energy at the faces: JSON, the line of text, the arch as SVG, the dashboard, and where there is none."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from xml.etree.ElementTree import parse

import pytest
from typer.testing import CliRunner

import ironlaw
from ironlaw.base.errors import DomainError
from ironlaw.faces.cli import app
from ironlaw.faces.dashboard import dashboard

SVG = "{http://www.w3.org/2000/svg}"


def run(*arguments):
    return CliRunner().invoke(app, ["diagnose", *arguments])


@pytest.mark.parametrize(
    ("model", "chip", "item"),
    [("llama-3-8b", "h100-sxm", "token"), ("segmenter-512", "ar-glasses", "sample")],
)
def test_json_adds_up(model, chip, item):
    data = json.loads(run(model, "--on", chip, "--json").stdout)
    energy = data["energy"]
    parts = energy["compute_J"] + sum(energy["levels_J"].values()) + energy["static_J"]
    assert energy["total_J"] == pytest.approx(parts)
    assert energy["power_W"] * data["step_s"] == pytest.approx(parts)
    assert energy[f"per_{item}_J"] * data[f"{item}s_per_s"] == pytest.approx(energy["power_W"])
    kernels = sum(kernel["energy_J"] for kernel in data["kernels"])
    assert kernels == pytest.approx(energy["total_J"] - energy["static_J"])


def test_a_chip_without_facts_gives_the_reason():
    data = json.loads(run("resnet-50", "--on", "tpu-v6e", "--json").stdout)
    assert data["energy"] is None
    assert data["energy_missing"].startswith("the file of tpu-v6e names no energy of a FLOP")
    assert not any("energy_J" in kernel for kernel in data["kernels"])
    assert "energy" not in run("resnet-50", "--on", "tpu-v6e").stdout
    report = ironlaw.diagnose("resnet-50", on="tpu-v6e")
    assert report.energy is None
    assert "Energy:" not in dashboard(report).html
    with pytest.raises(DomainError, match="the file of tpu-v6e names no"):
        report.energy_roofline()


def test_the_line_of_text():
    shown = run("ocr-stack", "--on", "ar-glasses").stdout
    report = ironlaw.diagnose("ocr-stack", on="ar-glasses")
    line = next(line for line in shown.splitlines() if line.startswith("energy "))
    shares = [float(share) for share in re.findall(r"([\d.]+) %", line)]
    assert sum(shares) == pytest.approx(100.0, abs=2.0)
    assert f"{1e3 * report.energy.total:.1f} mJ a step" in line
    assert line in report.table()


def test_the_roofline_in_joules_is_an_arch(tmp_path):
    path = tmp_path / "energy.svg"
    shown = run("segmenter-512", "--on", "ar-glasses", "--plot", str(path), "--energy")
    assert f"roofline written to {path}" in shown.stdout
    drawn = parse(path).getroot()  # noqa: S314 - our own file
    arch = max(drawn.iter(f"{SVG}polyline"), key=lambda line: len(line.get("points")))
    points = [tuple(map(float, p.split(","))) for p in arch.get("points").split()]
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)]
    assert all(late >= early - 0.05 for early, late in pairwise(slopes))  # y runs down the page
    assert slopes[0] < -0.5
    assert slopes[-1] == pytest.approx(0.0, abs=0.02)
    texts = " ".join(element.text or "" for element in drawn.iter())
    assert "FLOP/J" in texts
    assert "40 pJ/B" in texts
    assert "of the energy" in texts


def test_joules_without_a_plot_are_refused():
    refused = run("ocr-stack", "--on", "ar-glasses", "--energy").exception
    assert isinstance(refused, DomainError)
    assert "--plot FILE.svg" in str(refused)


def test_no_kernel_is_above_the_arch():
    picture = ironlaw.diagnose("segmenter-512", on="ar-glasses", fusion="none").energy_roofline()
    roof = picture.roofs[0]
    for dot in picture.dots:
        arch = 1.0 / (1.0 / roof.peak + 1.0 / (roof.bandwidth * dot.intensity))
        # an addition costs less than a FLOP of the multiply-add that the plateau is drawn at
        assert dot.flop_rate <= arch * (1.0 + 1e-9) or dot.intensity < 0.2
    assert sum(dot.share for dot in picture.dots) == pytest.approx(1.0)
    largest = max(
        sum(dot.share for dot in picture.dots if dot.layer == layer)
        for layer in {dot.layer for dot in picture.dots}
    )
    assert picture.selected.share == pytest.approx(largest)


def test_the_dashboard_has_the_energy():
    report = ironlaw.diagnose("llama-3-8b", on="h100-sxm")
    html = dashboard(report).html
    assert "Energy: " in html
    assert "a FLOP 0.2832 pJ/FLOP (derived)" in html
    assert "Energy roofline of H100 SXM in bf16" in html
    shares = re.search(r"idle power, all the time.*?(\d+) %", html)
    assert float(shares[1]) == pytest.approx(
        100.0 * report.energy.terms.static / report.energy.total, abs=0.5
    )


def test_a_level_without_an_energy_is_null():
    data = json.loads(run("resnet-50", "--on", "raspberry-pi-5", "--json").stdout)
    assert data["energy"]["levels_J"]["l2"] is None
    assert data["energy"]["levels_J"]["memory"] > 0.0


def test_the_best_set_in_joules_says_them():
    shown = (
        CliRunner()
        .invoke(app, ["fusions", "ocr-stack", "--on", "ar-glasses", "--best", "energy"])
        .stdout
    )
    joules = ironlaw.diagnose("ocr-stack", on="ar-glasses").energy.total
    assert f"best set: {1e3 * joules:.1f} mJ and 39.0 ms a step" in shown
