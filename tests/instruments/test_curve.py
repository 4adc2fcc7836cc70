"""Curves, and the saw-tooth over the hidden size."""

from __future__ import annotations

from dataclasses import replace

from ironlaw.instruments.curve import (
    Curve,
    CurveAxis,
    CurveLimit,
    CurveMark,
    CurveSeries,
    axis_over,
)
from ironlaw.instruments.saw_tooth import saw_tooth
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.cache.geometry import CacheGeometry
from ironlaw.system.cache.layout import GateOrder, Walk

ESP32 = CacheGeometry(line=32, sets=512, ways=2)
SIZES = tuple(range(32, 289))


def lines(curve):
    return {one.id: dict(one.points) for one in curve.series}


def test_a_curve_is_the_data_of_the_protocol():
    curve = Curve(
        title="frame time",
        x=CurveAxis(label="hidden size H", unit="", min=32.0, max=256.0),
        y=axis_over("frame time", "s", [0.002, 0.05], least=0.0),
        series=(CurveSeries(id="a", label="a", points=((32.0, 0.002), (256.0, 0.05))),),
        limits=(CurveLimit(label="10 ms", y=0.01),),
        marks=(CurveMark(label="here", x=128.0, y=0.0134),),
    )
    assert curve.to_dict() == {
        "title": "frame time",
        "x": {"label": "hidden size H", "unit": "", "min": 32.0, "max": 256.0, "scale": "linear"},
        "y": {"label": "frame time", "unit": "s", "min": 0.0, "max": 0.05, "scale": "linear"},
        "series": [
            {"id": "a", "label": "a", "points": [[32.0, 0.002], [256.0, 0.05]], "sparse": False}
        ],
        "limits": [{"label": "10 ms", "y": 0.01}],
        "marks": [{"label": "here", "x": 128.0, "y": 0.0134}],
        "note": "",
    }


def test_the_saw_tooth_has_the_dossiers_teeth():
    drawn = lines(saw_tooth(Walk(row_multiple=32), ESP32, 100, SIZES))
    wanted = {64: 1.0, 65: 1.48, 95: 1.01, 96: 1.0, 100: 1.28, 129: 1.24, 257: 1.12}
    assert {size: round(drawn["padded"][size], 2) for size in wanted} == wanted
    assert round(drawn["isolated"][95], 2) == 1.33
    assert set(drawn["packed"].values()) == {1.0}
    halved = lines(saw_tooth(Walk(dtype=Dtype.INT16), ESP32, 100, SIZES))["padded"]
    assert [size for size in SIZES if halved[size] == 1.0] == list(range(32, 289, 16))


def test_the_layout_at_hand_is_simulated_and_shows_the_trap():
    walk = Walk(order=GateOrder.INTERLEAVED)
    curve = saw_tooth(walk, ESP32, 128, SIZES, (120, 128, 136))
    assert lines(curve)["layout"] == {120.0: 1.0, 128.0: 8.0, 136.0: 1.0}
    assert curve.marks == (CurveMark(label="here: 8", x=128.0, y=8.0),)
    assert curve.y.max == 8.0
    assert "At H = 128 a row of 128 B is 4 whole lines" in curve.note
    assert "drive each other out" in curve.note
    cured = saw_tooth(replace(walk, gate_pad=32), ESP32, 128, SIZES)
    assert cured.marks[0].y == 1.0
    assert "drive each other out" not in cured.note
    assert (
        "drive each other out"
        not in saw_tooth(replace(walk, row_multiple=32), ESP32, 100, SIZES).note
    )


def test_one_may_stand_outside_of_what_is_shown():
    curve = saw_tooth(Walk(), ESP32, 10, SIZES)
    assert curve.x.min == 10.0
    assert "ends 10 B into its last line" in curve.note


def test_what_is_known_at_a_few_sizes_is_no_line():
    walk = Walk(order=GateOrder.INTERLEAVED)
    curve = saw_tooth(walk, ESP32, 128, SIZES, simulated=(96, 128, 160))
    assert [one.id for one in curve.series if one.sparse] == ["layout"]
    assert [y > 7.9 for _, y in curve.series[-1].points] == [False, True, False]
