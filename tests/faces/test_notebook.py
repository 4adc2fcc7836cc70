"""The widget of a notebook: the page's own module, and a click that selects a layer."""

from __future__ import annotations

import pytest

import ironlaw


@pytest.fixture(scope="module")
def report() -> ironlaw.Report:
    return ironlaw.diagnose("llama-3-8b", on="h100-sxm", batch=8, fusion="partial")


def test_the_widget_runs_the_module_of_the_page(report):
    widget = report.widget()
    assert "export" in str(widget._esm)
    assert widget.picture == report.roofline().to_dict()


def test_a_click_selects_another_layer(report):
    widget = report.widget("attention")
    assert widget.picture["selected"]["id"] == "attention"
    widget.select = "lm head"
    assert widget.picture["selected"]["id"] == "lm head"
    members = {dot["id"] for dot in widget.picture["dots"] if dot["member"]}
    assert members == {"lm_head"}


def test_the_waterfall_has_a_widget_too():
    report = ironlaw.diagnose("llama-3-8b", on="h100-sxm", waterfall=True)
    widget = report.waterfall_widget()
    assert "export" in str(widget._esm)
    assert widget.picture == report.waterfall_picture.to_dict()
