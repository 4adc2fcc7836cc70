"""`ironlaw thermal` and `ironlaw.thermal`: the dossier's numbers at the command line, in °C; JSON in SI units."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

import ironlaw
from ironlaw.base.errors import DomainError, FactError
from ironlaw.faces.cli import app
from ironlaw.registry.facts import data_folder

TWO_WATTS = ("--chip", "ar-glasses", "--power", "2", "--ambient", "25", "--limit", "43")


def run(*arguments):
    return CliRunner().invoke(app, ["thermal", *arguments])


def answer(*arguments):
    return json.loads(run(*arguments, "--json").output)


def test_two_watts_on_the_glasses():
    told = answer(*TWO_WATTS)
    assert told["sustained_power_W"] == pytest.approx(1.5, rel=1e-12)
    assert told["sustained_load_W"] + told["sustained_leakage_W"] == pytest.approx(1.5, rel=1e-12)
    assert told["time_to_limit_s"] == pytest.approx(472.08, abs=0.01)
    assert told["steady"]["junction_K"] - 273.15 == pytest.approx(75.19, abs=0.006)
    assert told["steady"]["skin_K"] - 273.15 == pytest.approx(50.09, abs=0.006)
    assert 0.0 < told["error_bound_K"] < 1e-9
    assert (told["governor"], told["held"], told["sustained_rate_per_s"]) == (False, False, None)
    series = told["series"]
    assert len(series["time_s"]) == len(series["skin_K"]) == len(series["junction_K"]) <= 300
    assert series["time_s"][0] == 0.0
    assert series["time_s"][-1] == 600.0
    assert series["skin_K"][0] == pytest.approx(298.15)


@pytest.mark.parametrize(("ambient", "power"), [("25", 1.50), ("30", 1.08), ("35", 0.67)])
def test_the_sustained_power_of_the_dossier(ambient, power):
    told = answer("--chip", "ar-glasses", "--power", "1", "--ambient", ambient, "--limit", "43")
    assert told["sustained_power_W"] == pytest.approx(power, abs=0.005)


def test_power_that_is_borne_has_no_time_to_the_limit():
    assert answer("--chip", "ar-glasses", "--power", "1.4")["time_to_limit_s"] is None


def test_the_governor_slows_and_says_what_is_left():
    told = answer(*TWO_WATTS, "--governor", "--minutes", "30")
    assert told["held"]
    assert told["sustained_rate_per_s"] == pytest.approx(41.43, abs=0.01)
    assert [level["rate_per_s"] for level in told["levels"][:3]] == [60.0, 30.0, 45.0]
    assert told["span_s"] == 1800.0
    assert max(told["series"]["skin_K"]) <= 316.15 + 1.0


def test_points_of_ones_own():
    told = answer(*TWO_WATTS, "--points", "30:2,10:0.5", "--hysteresis", "0.5")
    assert told["governor"]
    assert [level["load_W"] for level in told["levels"][:2]] == [2.0, 0.5]
    assert told["hysteresis_K"] == 0.5


def test_a_duty_is_less_power():
    half = answer(*TWO_WATTS, "--duty", "0.5")
    whole = answer("--chip", "ar-glasses", "--power", "1")
    assert half["steady"] == whole["steady"]
    assert half["power_W"] == 2.0


def test_assumptions_are_said():
    told = answer(*TWO_WATTS)
    kinds = {one["name"]: one["kind"] for one in told["assumptions"]}
    assert kinds["thermal.junction_to_skin"] == kinds["thermal.leakage_growth"] == "assumption"
    assert "thermal.skin_limit" not in kinds  # ECMA-287 publishes it
    assert "assumed, not measured: junction_to_skin 12 K/W" in run(*TWO_WATTS).output


def test_the_text_has_the_verdict_and_a_picture():
    shown = run(*TWO_WATTS, "--governor").output
    assert "carries 1.5 W away: 1.42 W for work beside 77 mW of leakage" in shown
    assert "472 s to 589 s: 30 FPS at 1 W" in shown
    rows = [line for line in shown.splitlines() if "│" in line]
    assert len(rows) == 12
    assert rows[-1].startswith("     25 °C │●")
    limit = next(row for row in rows if row.startswith("     43 °C"))
    assert "─" in limit
    assert "●" in limit
    assert all(len(line) < 140 for line in shown.splitlines() if "│" in line)


def test_the_picture_is_written(tmp_path):
    path = tmp_path / "heat.svg"
    shown = run(*TWO_WATTS, "--governor", "--plot", str(path)).output
    assert f"picture written to {path}" in shown
    drawn = path.read_text(encoding="utf-8")
    assert ">skin limit 43 °C, reached after 472 s<" in drawn
    assert ">60 FPS<" in drawn
    assert drawn.count("<polyline") == 4  # two lines, and each in the legend
    assert "assumed, not measured" in drawn


def test_a_chip_of_ones_own(tmp_path):
    """Better cooling in a user's file: more is sustained, and it is no longer assumed."""
    text = data_folder().joinpath("chips", "ar-glasses.toml").read_text(encoding="utf-8")
    better = text.replace(
        "skin_to_ambient = { value = 12", "skin_to_ambient = { value = 9"
    ).replace('where = "§5, R_sa"', 'kind = "measured", where = "own thermocouple"')
    path = tmp_path / "own.toml"
    path.write_text(better, encoding="utf-8")
    told = answer("--chip", str(path), "--power", "2")
    assert told["sustained_power_W"] == pytest.approx(18.0 / 9.0, rel=1e-9)
    assert "thermal.skin_to_ambient" not in {one["name"] for one in told["assumptions"]}


@pytest.mark.parametrize("line", ["leakage_growth", "skin_capacity", "hysteresis"])
def test_a_chip_without_a_fact_is_refused_by_its_name(tmp_path, line):
    text = data_folder().joinpath("chips", "ar-glasses.toml").read_text(encoding="utf-8")
    kept = [row for row in text.splitlines() if not row.startswith(f"{line} ")]
    path = tmp_path / "own.toml"
    path.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(FactError, match=rf"own\.thermal\.{line}: the fact is missing"):
        ironlaw.thermal(str(path), power=1.0)


def test_without_operating_points_only_the_governor_is_refused(tmp_path):
    text = data_folder().joinpath("chips", "ar-glasses.toml").read_text(encoding="utf-8")
    path = tmp_path / "own.toml"
    path.write_text(text.split("[operating_point]", maxsplit=1)[0], encoding="utf-8")
    report = ironlaw.thermal(str(path), power=2.0)
    assert report.time_to_limit == pytest.approx(472.08, abs=0.01)
    with pytest.raises(FactError, match=r"own\.operating_point\.NAME\.rate"):
        ironlaw.thermal(str(path), power=2.0, governor=True)
    own = ironlaw.thermal(str(path), power=2.0, governor=True, points=[(30.0, 2.0), (15.0, 1.0)])
    assert own.sustained_rate < 30.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--chip", "esp32", "--power", "1"), r"esp32.thermal.junction_to_skin: the fact is missing"),
        (("--chip", "ar-glasses", "--power", "0"), r"power = 0.0 is outside"),
        (("--chip", "ar-glasses", "--power", "1", "--duty", "1.5"), r"duty = 1.5 is outside (0, 1]"),
        (("--chip", "ar-glasses", "--power", "1", "--minutes", "0"), "span = 0.0"),
        (("--chip", "ar-glasses", "--power", "1", "--ambient", "-300"), "ambient = -26"),
        (("--chip", "ar-glasses", "--power", "1", "--points", "60"), "points = '60' is outside pairs"),
        (("--chip", "ar-glasses", "--power", "1", "--points", "60:2"), "begin at the power of the work"),
        (("--chip", "ar-glasses", "--power", "1", "--hysteresis", "0", "--governor"), "hysteresis = 0.0"),
        (("--chip", "ar-glass", "--power", "1"), "did you mean 'ar-glasses'"),
    ],
)  # fmt: skip
def test_bad_input_is_refused(arguments, message):
    found = run(*arguments)
    assert found.exit_code != 0
    assert message in str(found.exception)


def test_celsius_in_the_python_api_is_refused():
    with pytest.raises(DomainError, match=r"ambient = 25\.0 .* 25 °C is 298\.15 K"):
        ironlaw.thermal("ar-glasses", power=2.0, ambient=25.0)


def test_a_runaway_is_an_answer(tmp_path):
    text = data_folder().joinpath("chips", "ar-glasses.toml").read_text(encoding="utf-8")
    path = tmp_path / "leaky.toml"
    path.write_text(
        text.replace("leakage = { value = 0.05", "leakage = { value = 1.5"), encoding="utf-8"
    )
    told = answer("--chip", str(path), "--power", "2")
    assert told["steady"] is None
    assert told["runs_away"]
    assert told["span_s"] < 600.0
    assert told["error_bound_K"] is None
    assert "runs away after" in " ".join(told["notes"])
    assert "there is no steady state" in run("--chip", str(path), "--power", "2").output


def test_the_report_says_itself_in_words():
    report = ironlaw.thermal("ar-glasses", power=2.0)
    assert "after 472 s" in repr(report)
    assert report.sustained_power == pytest.approx(1.5)
    assert report.sustained_load < report.sustained_power
    assert report.sustained_rate is None
