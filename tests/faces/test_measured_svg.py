"""Pictures of measured tables as SVG: every panel, dots in their place, small however many rows there are."""

from __future__ import annotations

import re
from xml.etree.ElementTree import tostring

import pytest

import ironlaw
from ironlaw.base.errors import DomainError
from ironlaw.explore.measured.judge import Point
from ironlaw.explore.measured.score import scored
from ironlaw.faces.measured_svg import measured_svg
from ironlaw.instruments.measured_picture import prediction_picture

HEADER = "gpu,dtype,m,n,k,t_s"


def point(measured, ratio):
    predicted = measured * ratio
    return Point("x|y", (), measured, predicted, 1e-6, 0.8 * predicted, 1.25 * predicted)


def test_a_panel_for_each_family_with_its_scores():
    points = [point(1e-5, 1.0), point(1e-3, 1.1), point(1e-2, 2.0)]
    picture = prediction_picture([scored("gemm", points), scored("moe", points)])
    written = tostring(measured_svg(picture, "a folder"), encoding="unicode")
    assert written.count("<polygon") == 2
    for text in ("GEMM", "MoE layer", "a folder", "3 rows", "10 µs", "median error 10.0 %"):
        assert f">{text}" in written


def test_dots_stand_where_their_times_are():
    picture = prediction_picture([scored("gemm", [point(1e-5, 1.0), point(1e-3, 1.0)])])
    root = measured_svg(picture)
    white = next(node for node in root.iter("rect") if node.get("fill") == "#ffffff")
    left, top, side = (float(white.get(name)) for name in ("x", "y", "width"))
    places = [
        tuple(float(part) for part in match)
        for path in root.iter("path")
        for match in re.findall(r"M([\d.]+) ([\d.]+)h0", path.get("d"))
    ]
    corners = [(left, top + side), (left + side, top)]  # both axes run from 10 µs to 1 ms
    for place, corner in zip(sorted(places), corners, strict=True):
        assert place == pytest.approx(corner, abs=2.0)


def test_a_hundred_thousand_rows_stay_below_two_megabytes():
    spread = [(0.618034 * i % 1.0, 0.754878 * i % 1.0) for i in range(17_000)]
    points = [point(10.0 ** (5.0 * one - 6.0), 10.0 ** (other - 0.5)) for one, other in spread]
    families = [
        scored(name, points)
        for name in ("gemm", "attention_prefill", "attention_decode", "moe", "allreduce", "e2e")
    ]
    assert len(tostring(measured_svg(prediction_picture(families)))) < 2e6


def test_one_time_alone_still_has_axes():
    root = measured_svg(prediction_picture([scored("e2e", [point(1e-3, 1.0)])]))
    assert [node.text for node in root.iter("text") if node.text in ("1 ms", "10 ms")]


def test_plots_are_written_and_refused_with_a_reason(tmp_path):
    (tmp_path / "gemm.csv").write_text(f"{HEADER}\nh100_sxm,bfloat16,8192,8192,8192,1e-4\n")
    report, check = ironlaw.validate(tmp_path), ironlaw.check_data(tmp_path / "gemm.csv")
    for plot in (report.plot, check.plot):
        target = tmp_path / "plot.svg"
        plot(target)
        assert target.read_text(encoding="utf-8").startswith("<?xml")
        target.unlink()
        with pytest.raises(DomainError, match=r"end in \.svg"):
            plot(tmp_path / "plot.png")
        with pytest.raises(DomainError, match="can be written: No such file"):
            plot(tmp_path / "nowhere" / "plot.svg")


def test_a_table_without_rooflines_cannot_be_drawn(tmp_path):
    path = tmp_path / "gemm.csv"
    path.write_text(f"{HEADER}\nh100_sxm,bfloat16,0,8192,8192,1e-4\n")
    with pytest.raises(DomainError, match="the tables with rows that have a roofline"):
        ironlaw.check_data(path).plot(tmp_path / "plot.svg")
