"""Gauges, the Iron Law bar, the table and the equations of a frame say the same numbers."""

from __future__ import annotations

import pytest

from ironlaw.instruments.hearable_panel import (
    bound_words,
    budget_mfu,
    frame_equations,
    frame_gauges,
    frame_law,
    frame_table,
    mbu,
    mfu,
)
from ironlaw.system.cache.layout import GateOrder, Walk
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import PACKED, Layout, frame
from ironlaw.system.hearable.machine import machine

DEADLINE = 10e-3
FUSED = Layout(
    walk=Walk(order=GateOrder.INTERLEAVED, gate_pad=32), fused=True, sram=frozenset(["lstm1.state"])
)
FRAMES = [
    frame(enhancer(hidden), layout, machine("esp32"))
    for hidden in (96, 128, 256)
    for layout in (PACKED, FUSED)
]


@pytest.mark.parametrize("found", FRAMES)
def test_the_bar_adds_up_and_its_range_holds_it(found):
    law = frame_law(found, 1.2 * found.time)
    assert sum(term.time for term in law.terms) == pytest.approx(law.total) == found.time
    assert law.low <= law.total <= law.high
    assert "planned" in law.rests_on  # an assumption's range is no share of measured steps


@pytest.mark.parametrize("found", FRAMES)
def test_the_equations_give_what_the_gauges_show(found):
    values = {e.to_dict()["title"]: e.to_dict()["value"] for e in frame_equations(found, DEADLINE)}
    shown = {gauge.id: gauge.value for gauge in frame_gauges(found, DEADLINE)}
    assert values["Time of the frame"] == pytest.approx(found.time)
    assert shown["frame"] == pytest.approx(found.time / DEADLINE)
    assert values["MBU, raw"] == pytest.approx(shown["mbu_raw"]) == mbu(found)
    assert values["MFU of the frame"] == pytest.approx(shown["mfu"]) == mfu(found)
    assert values["MFU of the budget"] == pytest.approx(budget_mfu(found, DEADLINE))
    assert shown["sram"] == pytest.approx(found.sram_used / (520 * 1024))


@pytest.mark.parametrize("found", FRAMES)
def test_the_table_holds_every_matrix(found):
    rows = frame_table(found).rows
    assert [row["traffic"] for row in rows] == [piece.traffic for piece in found.pieces]
    assert sum(row["flops"] for row in rows) == found.enhancer.flops
    assert {row["place"] for row in rows} <= {"SRAM", "PSRAM"}


def test_the_words_name_what_binds():
    assert "on the slope" in bound_words(FRAMES[0])
    whole = Layout(walk=Walk(), sram=frozenset(["lstm1.input", "lstm1.state", "lstm2.state"]))
    assert "Across the ridge" in bound_words(frame(enhancer(96), whole, machine("esp32")))
