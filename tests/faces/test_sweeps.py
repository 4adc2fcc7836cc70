"""Sweeps in Python and on the command line."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import numpy as np
import pytest

import ironlaw
from ironlaw.faces.sweep_text import spread
from ironlaw.faces.sweeps import FIELDS
from ironlaw.registry.chips import load_chip

AXES = {"batch": (1, 8, 64, 512), "context": (1024, 8192), "tp": (2, 8), "dtype": ("bf16", "fp8")}
OPTIONS = ["--batch", "1,8,64,512", "--context", "1024,8192", "--tp", "2,8", "--dtype", "bf16,fp8"]


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "ironlaw", "sweep", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def report():
    return ironlaw.sweep("llama-3-70b", on=("h100-sxm", "a100-80gb-sxm"), **AXES)


@pytest.fixture(scope="module")
def printed():
    return run("llama-3-70b", "--on", "h100-sxm,a100-80gb-sxm", *OPTIONS)


def test_each_point_is_the_diagnosis(report):
    best = report.best
    asked = best.scenario
    alone = ironlaw.diagnose(
        asked.spec.name,
        on=asked.chip.name,
        batch=best.values["batch"],
        context=best.values["context"],
        tp=asked.request.tensor_parallel,
        dtype=asked.weights.value,
    )
    assert alone.tokens_per_s == best.values["tokens_per_second"]
    assert alone.mfu == best.values["mfu"]
    assert float(alone.diagnosis.footprint.total) == best.values["footprint"]


def test_the_cost_of_a_token_is_rent_over_rate(report):
    point = report.best
    request, chip = point.scenario.request, load_chip(point.scenario.chip.name)
    rent = chip.price * request.tensor_parallel
    expected = rent / point.values["tokens_per_second"]
    assert point.values["cost_per_token"] == pytest.approx(expected)


def test_columns_go_by_the_names_of_the_json(report):
    found = report.columns("step_s", "tokens_per_s")
    assert [*found] == ["step_s", "tokens_per_s"]
    assert np.allclose(found["step_s"] * found["tokens_per_s"], report.columns("batch")["batch"])
    assert [*report.columns()] == [*FIELDS]


def test_the_json_is_the_report(report):
    done = run("llama-3-70b", "--on", "h100-sxm,a100-80gb-sxm", *OPTIONS, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == json.loads(json.dumps(report.to_dict()))


def test_the_json_holds_the_best_of_each_chip_and_format(report):
    data = report.to_dict()
    groups = [(entry["chip"], entry["dtype"]) for entry in data["best"]]
    # fp8 on an A100 runs as bf16, and that is said
    assert groups == [("h100-sxm", "bf16"), ("h100-sxm", "fp8"), ("a100-80gb-sxm", "bf16")]
    assert any("no fp8 arithmetic" in note for note in data["notes"])
    assert data["n_points"] == 64
    assert 0 < data["n_feasible"] < 64
    rates = [point["tokens_per_s_per_chip"] for point in data["pareto"]["points"]]
    assert rates == sorted(rates)


def test_a_price_that_is_not_known_is_null():
    data = ironlaw.sweep("llama-3-8b", on="b200-sxm", batch=(1, 2)).to_dict()
    assert load_chip("b200-sxm").price is None
    assert [point["usd_per_token"] for point in data["pareto"]["points"]] == [None, None]


def test_where_nothing_fits_it_says_so():
    report = ironlaw.sweep("llama-3-70b", on="h100-sxm", batch=(1, 2))
    assert report.best is None
    data = report.to_dict()
    assert data["n_feasible"] == 0
    assert data["best"][0]["step_s"] is None
    assert data["pareto"]["points"] == []
    done = run("llama-3-70b", "--on", "h100-sxm", "--batch", "1,2")
    assert done.returncode == 0
    assert "no point fits" in done.stdout
    assert "Pareto" not in done.stdout


def test_the_table_shows_the_best_and_the_front(printed, report):
    assert (printed.returncode, printed.stderr) == (0, "")
    assert (
        "batch 1 to 512 · context 1,024 to 8,192 · tp 2, 8 · bf16, fp8: 64 points" in printed.stdout
    )
    assert "best tokens per second of the points that fit" in printed.stdout
    assert f"{report.best.values['tokens_per_second']:,.0f}" in printed.stdout
    assert f"{len(report.front)} points" in printed.stdout
    assert "note: a100-80gb-sxm has no fp8 arithmetic" in printed.stdout


def test_limits_hold(report):
    arguments = ["llama-3-70b", "--on", "h100-sxm,a100-80gb-sxm", *OPTIONS]
    done = run(*arguments, "--within", "step<=15ms", "--within", "context>=8192", "--json")
    points = json.loads(done.stdout)["pareto"]["points"]
    assert points
    assert all(point["step_s"] <= 0.015 and point["context"] == 8192 for point in points)
    assert "step at most 0.015" in run(*arguments, "--within", "step<=15ms").stdout


def test_the_csv_holds_every_point(tmp_path, report):
    target = tmp_path / "points.csv"
    done = run("llama-3-70b", "--on", "h100-sxm,a100-80gb-sxm", *OPTIONS, "--csv", str(target))
    assert f"64 points written to {target}" in done.stdout
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = report.columns()
    for name in FIELDS:
        assert [float(row[name]) for row in rows] == columns[name].tolist()
    fits = [row["feasible"] == "true" for row in rows]
    assert fits == (columns["spare_B"] >= 0).tolist()
    assert {row["bound"] for row in rows} <= {"memory", "compute", "link", "launch", "dispatch"}


def test_an_unknown_price_is_an_empty_cell(tmp_path):
    target = tmp_path / "points.csv"
    ironlaw.sweep("llama-3-8b", on="b200-sxm", batch=(1, 2)).to_csv(target)
    with target.open(encoding="utf-8", newline="") as file:
        assert [row["usd_per_token"] for row in csv.DictReader(file)] == ["", ""]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--batch", "9:1"], "batch = '9:1' is outside ranges that do not end before they begin"),
        (["--batch", "0"], "batch = 0.0 is outside the whole numbers from 1"),
        (["--context", "1k"], "context = '1k' is outside whole numbers and ranges"),
        (["--dtype", "bf17"], "bf17"),
        (["--tp", "3"], "tp = 3 is outside the divisors of"),
        (["--best", "speed"], "no column is named 'speed'"),
        (["--pareto", "step_s"], "pareto = 'step_s' is outside two columns"),
        (["--pareto", "step_s,speed"], "no column is named 'speed'"),
        (["--within", "speed<=3"], "no column is named 'speed'"),
        (["--within", "step"], "within = 'step' is outside comparisons"),
        (["--csv", "/nowhere/points.csv"], "csv = '/nowhere/points.csv' is outside the files"),
    ],
)
def test_bad_options_get_one_line(arguments, message):
    done = run("llama-3-8b", "--on", "h100-sxm", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("ironlaw: ")
    assert message in line


def test_an_unknown_chip_offers_the_nearest():
    done = run("llama-3-8b", "--on", "h100-sxm,h20-sxm")
    assert done.returncode == 2
    assert "no chip is named 'h20-sxm'; did you mean" in done.stderr


def test_several_models_have_a_column():
    done = run("llama-3-8b,qwen3-8b", "--on", "h100-sxm", "--batch", "1:4")
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[3:6]] == ["model", "llama-3-8b", "qwen3-8b"]
    assert lines[7].split()[0] == "model"  # in the front too, whichever of them is on it


def test_a_network_has_neither_context_nor_cache():
    done = run("resnet-50", "--on", "h100-sxm", "--batch", "1:4")
    assert "context" not in done.stdout.splitlines()[0]
    assert "KV" not in done.stdout


def test_a_report_shows_what_was_swept(report):
    assert repr(report).startswith("llama-3-70b · h100-sxm, a100-80gb-sxm · decode")


@pytest.mark.parametrize(
    ("most", "places"), [(1, [0]), (2, [0, 9]), (4, [0, 3, 6, 9]), (99, [*range(10)])]
)
def test_a_long_front_is_spread_evenly(most, places):
    assert list(spread(range(10), most)) == places
