"""Two frames side by side: what is longer, and what is later after the one before it."""

from __future__ import annotations

import pytest

from ironlaw.instruments.lanes import Item, aligned, by_excess, events_table, lanes_picture


def item(label, row, start, duration, **more):
    fields = {"id": f"{label}@{start}", "kind": "kernel", "stage": "", **more}
    return Item(label=label, row=row, start=start, duration=duration, **fields)


MEDIAN = (item("a", "gpu", 10, 20), item("b", "gpu", 35, 10), item("a", "gpu", 50, 20))
LATE = (item("a", "gpu", 10, 20), item("b", "gpu", 135, 10), item("a", "gpu", 150, 25))


def excesses(frame, median):
    return {late.item.id: late.excess for late in aligned(frame, median)}


def test_a_frame_beside_itself_has_no_excess():
    assert set(excesses(MEDIAN, MEDIAN).values()) == {0}


def test_what_is_late_pays_for_the_gap_before_it_and_what_is_long_for_its_length():
    # b begins 105 after a ends instead of 5; the second a is 5 longer and as late after b as ever
    assert excesses(LATE, MEDIAN) == {"a@10": 0, "b@135": 100, "a@150": 5}


def test_what_the_median_frame_has_not_pays_for_all_of_its_length():
    assert excesses((*MEDIAN, item("new", "gpu", 80, 7)), MEDIAN)["new@80"] == 7


def test_what_holds_others_is_not_late_for_them():
    outer = item("op", "host", 0, 200, holds=True)
    inner = item("call", "host", 150, 5)
    before = (item("op", "host", 0, 60, holds=True), item("call", "host", 10, 5))
    assert excesses((outer, inner), before) == {"op@0": 140, "call@150": 140}


def test_rows_do_not_delay_each_other():
    frame = (item("a", "gpu", 10, 20), item("c", "copy", 500, 10))
    median = (item("a", "gpu", 10, 20), item("c", "copy", 5, 10))
    assert excesses(frame, median) == {"a@10": 0, "c@500": 495}


def test_the_table_lists_the_latest_first():
    found = aligned(LATE, MEDIAN)
    assert [late.item.id for late in by_excess(found)] == ["b@135", "a@150", "a@10"]
    rows = events_table(found, {"gpu": "GPU"}, 2).to_dict()["rows"]
    assert [(row["id"], row["row"]) for row in rows] == [("b@135", "GPU"), ("a@150", "GPU")]
    assert rows[0]["excess"] == pytest.approx(100e-9)


def test_what_began_before_the_frame_is_drawn_from_its_start():
    early = (item("burst", "engine", -40, 100),)
    shown = lanes_picture("t", early, (), {"engine": "E", "gpu": "G"}, None, None).to_dict()
    (row,) = shown["rows"]
    assert (row["id"], row["median"]) == ("engine", [])
    (one,) = row["frame"]
    assert one["start"] == 0.0
    assert one["duration"] == shown["span"] == pytest.approx(60e-9)
