"""The recorded accuracy: recomputed on the shapes that no fit has seen, it is no worse, and the page says the same."""

from __future__ import annotations

import copy
import json

import pytest

import accuracy
from accuracy_page import page
from ironlaw.explore.measured.tables import Row, Table
from silicon_split import SHAPE_COLUMNS, held_out


@pytest.fixture(scope="module")
def families(shared):
    folder = shared / "silicon"
    if not folder.is_dir():
        pytest.skip(f"no {folder}: the measurements are not here")
    return accuracy.judged(folder)


@pytest.fixture(scope="module")
def record():
    return json.loads(accuracy.RECORD.read_text(encoding="utf-8"))


def test_no_family_got_worse_by_more_than_a_tenth(families, record):
    assert accuracy.worse(accuracy.recorded(families), record) == []


def test_the_page_and_the_record_are_what_is_computed(families):
    written = accuracy.PAGE.read_text(encoding="utf-8"), accuracy.RECORD.read_text(encoding="utf-8")
    computed = page(families), accuracy.record_text(accuracy.recorded(families))
    assert written == computed, "run `python tools/accuracy.py ../shared/silicon`"


def test_only_shapes_that_are_left_out_are_judged():
    rows = [
        Row(m + 2, "h100_sxm", "fp8", {"m": float(m), "n": 4096.0, "k": 536870912.0}, {}, 1e-5)
        for m in range(1, 200)
    ]
    kept = accuracy.left_out(Table("gemm", "gemm.csv", rows=rows)).rows
    expected = [m for m in range(1, 200) if held_out("gemm", shape(m))]
    assert [int(row.numbers["m"]) for row in kept] == expected
    assert expected


def shape(m):
    assert SHAPE_COLUMNS["gemm"] == ("m", "n", "k")
    return {"m": str(m), "n": "4096", "k": "536870912"}


@pytest.mark.parametrize(
    ("key", "factor", "is_worse"),
    [("median_ape", 1.09, False), ("median_ape", 1.2, True), ("p90_ape", 1.2, True), ("n", 0.5, False)],
)  # fmt: skip
def test_a_tenth_is_allowed_and_no_more(record, key, factor, is_worse):
    for family, cell in (("gemm", "h100_sxm|bfloat16"), ("overall", "gemm")):
        now = copy.deepcopy(record)
        now[family][cell][key] *= factor
        found = accuracy.worse(now, record)
        assert bool(found) is is_worse
        assert all(line.startswith(f"{family} {cell}: {key} ") for line in found)


def test_better_is_no_failure_and_a_lost_cell_is_one(record):
    now = copy.deepcopy(record)
    now["gemm"]["h100_sxm|bfloat16"]["median_ape"] *= 0.5
    assert accuracy.worse(now, record) == []
    del now["gemm"]["h100_sxm|bfloat16"]
    assert accuracy.worse(now, record) == [
        "gemm h100_sxm|bfloat16: recorded and not judged any more"
    ]


def test_a_small_error_may_grow_by_a_third_of_a_point_and_a_small_cell_as_it_likes(record):
    before = {"gemm": {"x|y": {**record["overall"]["gemm"], "median_ape": 0.005, "n": 30}}}
    assert (
        accuracy.worse({"gemm": {"x|y": {**before["gemm"]["x|y"], "median_ape": 0.0079}}}, before)
        == []
    )
    assert accuracy.worse(
        {"gemm": {"x|y": {**before["gemm"]["x|y"], "median_ape": 0.0081}}}, before
    )
    before["gemm"]["x|y"]["n"] = 29
    assert (
        accuracy.worse({"gemm": {"x|y": {**before["gemm"]["x|y"], "median_ape": 0.5}}}, before)
        == []
    )


def test_the_record_holds_no_row_of_the_measurements(record):
    keys = {"n", "median_ape", "p90_ape", "geomean", "coverage80", "naive_median_ape"}
    assert all(set(score) == keys for cells in record.values() for score in cells.values())
    assert sum(len(cells) for cells in record.values()) < 200
