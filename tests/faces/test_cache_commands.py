"""`ironlaw cache` and `ironlaw.cache_lines`: lines, time, what it rests on, pictures and refusals."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

import ironlaw
from ironlaw.base.errors import ModelError
from ironlaw.faces.cli import app
from ironlaw.faces.curve_svg import ticks

SVG = "{http://www.w3.org/2000/svg}"


def run(*arguments):
    return CliRunner().invoke(app, ["cache", "--chip", "esp32", *arguments])


def answer(*arguments):
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.mark.parametrize(
    ("arguments", "ratio"),
    [
        (("--gate-order", "interleaved"), 8.0),
        (("--gate-order", "interleaved", "--pad", "32"), 1.0),
        (("--gate-order", "blocked"), 1.0),
        (("--gate-order", "interleaved", "--load-width", "1"), 32.0),
        (("--gate-order", "interleaved", "--dtype", "int16"), 8.0),
        (("--gate-order", "interleaved", "--dtype", "int16", "--load-width", "2"), 16.0),
    ],
)
def test_the_aliasing_trap(arguments, ratio):
    told = answer("--hidden", "128", *arguments)
    assert told["traffic_ratio"] == ratio
    assert told["hits"] + told["misses"] == told["accesses"]
    assert told["traffic_ratio"] == told["misses"] / told["distinct_lines"]


def test_the_time_by_hand_and_what_it_rests_on():
    told = answer("--hidden", "128", "--gate-order", "interleaved")
    assert told["misses"] == 8 * 4 * 128 * 128 // 32
    assert told["time_s"] == told["misses"] * 32 / 22e6
    assert told["rate"]["kind"] == "assumption"
    assert "15 to 22 MB/s" in told["rate"]["why"]
    assert told["cache"]["policy_kind"] == "assumption"
    assert {one["id"]: round(one["B_per_s"] / 1e6, 1) for one in told["rates"]} == {
        "planned": 22.0, "fetch": 31.2, "flash": 30.0,
    }  # fmt: skip


def test_another_rate():
    assert answer("--hidden", "64", "--rate", "flash")["time_s"] == 16384 / 30e6
    own = answer("--hidden", "64", "--rate", "15 MB/s")
    assert own["time_s"] == 16384 / 15e6
    assert own["rate"]["kind"] == "assumption"


def test_a_whole_step_of_tinylstms():
    told = answer("--hidden", "256", "--inputs", "128", "--layers", "2")
    assert told["weights_B"] == 917504
    assert told["of"].startswith("a step of 2 LSTM layers of H = 256 with 128 inputs")
    assert [one["name"] for one in told["gates"]][::4] == [
        "W1 input gate", "U1 input gate", "W2 input gate", "U2 input gate",
    ]  # fmt: skip
    assert answer("--hidden", "256", "--inputs", "128")["weights_B"] == 4 * 256 * (128 + 256)


def test_what_would_change_it_is_said_only_where_something_would():
    trapped = answer("--hidden", "128", "--gate-order", "interleaved")["otherwise"]
    assert [(one["change"], one["traffic_ratio"]) for one in trapped] == [
        ("a pad of 32 B between the gates", 1.0), ("blocked gate order", 1.0),
    ]  # fmt: skip
    assert answer("--hidden", "128")["otherwise"] == []


def test_the_text_has_the_numbers_and_says_what_is_assumed():
    said = run("--hidden", "128", "--gate-order", "interleaved").output
    for part in (
        "16,384 lines fetched, 2,048 distinct: 8 ×",
        "time 23.8 ms at 22 MB/s, QSPI PSRAM, to plan with (assumption",
        "or 16.8 ms at 31.2 MB/s",
        "forget gate",
        "0–511",
        "LRU is assumed",
        "what would change it: a pad of 32 B between the gates: 1 ×, 2.98 ms",
    ):
        assert part in said
    own = run("--hidden", "64", "--rate", "15 MB/s", "--warm").output
    assert "0 lines fetched" in own
    assert "time 0 s at 15 MB/s, given (assumption)" in own


def test_the_picture(tmp_path):
    path = tmp_path / "cache.svg"
    result = run("--hidden", "128", "--gate-order", "interleaved", "--plot", str(path))
    assert f"picture written to {path}" in result.output
    page = ElementTree.parse(path).getroot()  # noqa: S314 - our own
    words = [text.text for text in page.iter(f"{SVG}text")]
    assert "here: 8" in words
    assert "output gate" in words
    assert any("assumption" in word for word in words)
    bars = [shape for shape in page.iter(f"{SVG}rect") if shape.get("fill") == "#d7263d"]
    assert len(bars) == 4 + 64  # what is fetched again, of every gate and every bin of sets
    assert all(float(bar.get("height")) >= 0.0 <= float(bar.get("width")) for bar in bars)


def test_what_does_not_fit_its_memory_is_an_answer_that_says_by_how_much():
    told = answer("--hidden", "1024", "--pad", "32")
    assert (told["fits"], told["stored_B"], told["capacity_B"]) == (False, 4 * 1024**2 + 96, 4e6)
    assert "does not fit: 4.19 MB in 4 MB, 194 kB too many" in run("--hidden", "1024").output
    assert answer("--hidden", "128")["fits"]
    assert "fit" not in run("--hidden", "128").output


def test_the_python_api_is_the_same():
    report = ironlaw.cache_lines("esp32", 128, gate_order="interleaved")
    told = json.loads(json.dumps(report.to_dict()))
    assert told == answer("--hidden", "128", "--gate-order", "interleaved")
    assert repr(report) == report.text()
    assert "8 ×" in report.text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--hidden", "0"), r"hidden = 0 is outside the whole numbers from 1"),
        (("--hidden", "-3"), r"hidden = -3 is outside"),
        (("--hidden", "64", "--pad", "-1"), r"pad = -1 is outside the whole numbers from 0"),
        (("--hidden", "64", "--dtype", "int7"), r"dtype = 'int7' is outside the formats int8, int16"),
        (("--hidden", "64", "--dtype", "int4"), r"dtype = 'int4' is outside the formats int8"),
        (("--hidden", "64", "--gate-order", "rows"), r"gate_order = 'rows' .* blocked, interleaved"),
        (("--hidden", "64", "--load-width", "3"), r"load_width = 3 is outside the powers of two"),
        (("--hidden", "64", "--load-width", "64"), r"load_width = 64 .* the line of 32 B"),
        (("--hidden", "64", "--dtype", "int16", "--load-width", "1"), r"load_width = 1 .* 2 B"),
        (("--hidden", "64", "--row-multiple", "0"), r"row_multiple = 0 is outside"),
        (("--hidden", "64", "--policy", "mru"), r"policy = 'mru' .* lru, fifo, plru, random"),
        (("--hidden", "64", "--rate", "octal"), r"rate = 'octal' .* esp32: planned, fetch, flash"),
        (("--hidden", "64", "--rate", "15 MB"), r"rate = '15 MB' .* such as 15 MB/s"),
        (("--hidden", "64", "--layers", "2"), r"layers = 2 .* give inputs too"),
        (("--hidden", "64", "--inputs", "0"), r"inputs = 0 is outside"),
        (("--hidden", "64", "--chip", "h100-sxm"), r"h100-sxm.detail.cache_ways: .* as esp32 has"),
        (("--hidden", "64", "--chip", "esp33"), r"no chip is named 'esp33'; did you mean 'esp32'"),
        (("--hidden", "64", "--plot", "cache.png"), r"plot = 'cache.png' .* end in .svg"),
        (("--hidden", "200000"), r"hidden|stored"),
    ],
)  # fmt: skip
def test_refusals_name_field_value_and_what_is_allowed(arguments, message):
    error = run(*arguments).exception
    assert isinstance(error, ModelError), error
    with pytest.raises(type(error), match=message):
        raise error


def test_ticks_are_round_and_inside():
    assert ticks(0.0, 0.05) == [0.0, 0.01, 0.02, 0.03, 0.04, 0.05]
    assert ticks(32.0, 288.0) == [50.0, 100.0, 150.0, 200.0, 250.0]
