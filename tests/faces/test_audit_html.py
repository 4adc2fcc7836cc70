"""The report of an audit as a page that stands alone."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

import ironlaw
from ironlaw.base.errors import DomainError
from ironlaw.faces import audit_text as text
from ironlaw.faces.audit_blame import beside, flame
from ironlaw.faces.audit_pictures import histogram, ticks, timeline
from staged_traces import Pipeline, staged


class Words(HTMLParser):
    """The texts of a page, and whether its tags are balanced."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag, _attrs):
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("traces")
    (folder / "free.json").write_text(staged(3, "cudaFree", frames=60)[0].recorder.kineto())
    return folder


@pytest.fixture(scope="module")
def report(folder):
    return ironlaw.audit(folder / "free.json", deadline="5ms")


def test_it_says_what_the_terminal_says(report):
    parser = Words()
    parser.feed(report.html)
    assert parser.open == []
    said = "".join(parser.said)
    assert text.verdict(report) in said
    for name, value in text.figures(report):
        assert name in said
        assert value in said
    for spike in report.spikes:
        assert all(cell in said for cell in text.cells(spike))
    assert all(remark[1:] in said for remark in report.remarks)
    assert text.tail(report) in said
    assert "Nothing was lost in reading" in said
    assert "no bound on what can happen" in said


def test_it_needs_nothing_from_elsewhere_and_knows_the_dark(report):
    html = report.html.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"<script|<link|src=|href=|url\(|@import|https?:", html)
    assert html.count("prefers-color-scheme: dark") == 2


def test_every_colour_is_of_the_theme(report):
    drawn = re.findall(r"<svg.*?</svg>", report.html, flags=re.DOTALL)
    assert len(drawn) >= 8
    assert not any(re.search(r"#[0-9a-f]{6}", one) for one in drawn)


def numbers(element, name, tag="rect"):
    return [float(one.get(name)) for one in element.iter(tag) if one.get(name) is not None]


def test_pictures_stay_inside_their_frame(report):
    audit, spike = report.audit, report.spikes[0]
    for width in (1080.0, 360.0):
        for drawn in (
            timeline(audit, width, 260.0),
            histogram(audit, width, 220.0),
            beside(audit, spike, width),
            flame(spike, width),
        ):
            for box in drawn.iter("rect"):
                assert -0.1 <= float(box.get("x")) <= width
                assert float(box.get("x")) + float(box.get("width")) <= width + 0.5
                assert float(box.get("height")) >= 0.0


def test_the_ribbon_is_as_long_as_the_frame(report):
    audit, spike = report.audit, report.spikes[0]
    ribbon = [box for box in beside(audit, spike, 1080.0).iter("rect") if box.get("y") == "20.0"]
    ends = [float(box.get("x")) + float(box.get("width")) for box in ribbon]
    assert max(ends) == pytest.approx(1076.0, abs=1.0)
    assert sum(float(box.get("width")) for box in ribbon) == pytest.approx(1072.0, abs=3.0)


def test_the_histogram_holds_every_frame(report):
    drawn = histogram(report.audit, 1080.0, 220.0)
    red = [box for box in drawn.iter("rect") if box.get("class") == "spike"]
    assert red
    assert len(list(timeline(report.audit, 1080.0, 260.0).iter("circle"))) == len(report.spikes)


def test_a_calm_trace_has_a_page_too(folder):
    pipeline = Pipeline(5)
    for _ in range(30):
        pipeline.frame()
    (folder / "calm.json").write_text(pipeline.recorder.kineto())
    html = ironlaw.audit(folder / "calm.json").html
    assert "No spike in 30 frames" in html
    assert "What made them late" not in html


def test_it_is_written_where_it_is_asked_for(report, tmp_path):
    assert report.save(tmp_path / "a.html").read_text(encoding="utf-8") == report.html
    assert "<article" in report._repr_html_()
    with pytest.raises(DomainError, match=r"end in \.html"):
        report.save(tmp_path / "a.pdf")
    with pytest.raises(DomainError, match="can be written"):
        report.save(tmp_path / "none" / "a.html")


@pytest.mark.parametrize("high", [0.0021, 0.05, 0.37, 1.0, 7.3, 99.0])
def test_ticks_are_few_and_round(high):
    found = ticks(high)
    assert 3 <= len(found) <= 6
    assert found[0] == 0.0
    assert found[-1] <= high * 1.0001
