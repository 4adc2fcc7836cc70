"""Assumptions carry their reason, their source and the knob that changes them."""

from __future__ import annotations

from ironlaw.instruments.assumptions import assumption_of, assumptions
from ironlaw.registry.chips import load_chip


def test_a_fact_becomes_an_assumption_with_its_reason():
    sheet = load_chip("esp32").sheet
    row = assumption_of(sheet.fact("detail.psram_sustained"), sheet, "rate of PSRAM", knob="psram")
    (shown,) = assumptions((row,))["rows"]
    assert shown["id"] == "psram_sustained"
    assert (shown["value"], shown["unit"], shown["knob"]) == (22e6, "B/s", "psram")
    assert shown["why"].startswith("assumption: ")
    assert "dossier" in shown["source"]
    assert shown["changed"] is False


def test_it_is_changed_where_it_stands_elsewhere():
    sheet = load_chip("esp32").sheet
    fact = sheet.fact("detail.cache_ways")
    row = assumption_of(fact, sheet, "ways", now=4.0)
    assert row.changed
    assert (row.value, row.unit, row.knob) == (4.0, "", None)
    assert not assumption_of(fact, sheet, "ways", now=fact.value).changed
