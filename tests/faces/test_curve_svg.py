"""Curves as SVG."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from ironlaw.faces.curve_svg import Box, draw_curve
from ironlaw.instruments.curve import Curve, CurveAxis, CurveSeries


def test_a_sparse_series_is_drawn_as_points():
    series = CurveSeries(id="a", label="a", points=((0.0, 0.0), (1.0, 1.0)), sparse=True)
    axis = CurveAxis(label="x", unit="", min=0.0, max=1.0)
    root = Element("svg")
    draw_curve(
        root,
        Curve(title="t", x=axis, y=axis, series=(series,)),
        Box(left=0.0, top=50.0, width=100.0, height=100.0),
    )
    drawn = [one.tag for one in root.iter()]
    assert drawn.count("circle") == 2 + 1  # two points, and the one of the legend
    assert "polyline" not in drawn
