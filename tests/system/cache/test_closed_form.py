"""Closed forms of lines fetched: the dossier's table, and every one against the simulation."""

from __future__ import annotations

import json
from math import gcd

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.system.cache.closed_form import (
    inflation_isolated,
    inflation_padded,
    lines_aligned,
    lines_isolated,
    lines_packed,
)
from ironlaw.system.cache.geometry import CacheGeometry
from ironlaw.system.cache.layout import GateOrder, Matrices, Walk
from ironlaw.system.cache.simulate import simulate

CACHE = CacheGeometry(line=32, sets=512, ways=2)

# row bytes: lines aligned, lines isolated (3 digits), padded, isolated: rows of facts/edge_mobile_tiny.json, tiny_lines
TABLE = {
    32: (1, 1.0, 1.0, 1.0),
    33: (2, 2.0, 1.9394, 1.9394),
    35: (2, 2.062, 1.8286, 1.8857),
    48: (2, 2.0, 1.3333, 1.3333),
    63: (2, 2.938, 1.0159, 1.4921),
    64: (2, 2.0, 1.0, 1.0),
    65: (3, 3.0, 1.4769, 1.4769),
    66: (3, 3.0, 1.4545, 1.4545),
    96: (3, 3.0, 1.0, 1.0),
    98: (4, 4.0, 1.3061, 1.3061),
    100: (4, 4.0, 1.28, 1.28),
    130: (5, 5.0, 1.2308, 1.2308),
    142: (5, 5.375, 1.1268, 1.2113),
    250: (8, 8.75, 1.024, 1.12),
    257: (9, 9.0, 1.1206, 1.1206),
    510: (16, 16.875, 1.0039, 1.0588),
    576: (18, 18.0, 1.0, 1.0),
}


@pytest.mark.parametrize("row", TABLE)
def test_the_rows_of_the_dossier(row):
    aligned, isolated, padded, apart = TABLE[row]
    assert lines_aligned(row) == aligned
    assert round(lines_isolated(row), 3) == isolated
    assert round(inflation_padded(row), 4) == padded
    assert round(inflation_isolated(row), 4) == apart


def test_the_whole_table_of_the_dossier(shared):
    table = json.loads((shared / "facts/edge_mobile_tiny.json").read_text(encoding="utf-8"))
    rows = table["tiny_lines"]
    assert len(rows) > 250
    for one in rows:
        row = one["row_bytes"]
        found = (lines_aligned(row), inflation_padded(row), inflation_isolated(row))
        wanted = (one["lines_aligned"], one["infl_padded"], one["infl_packed_random"])
        assert found == pytest.approx(wanted, abs=5.1e-5), one
        assert lines_isolated(row) == pytest.approx(one["lines_packed_mean"], abs=5.1e-4), one


# physics.md §6: the saw-tooth of rows padded to the line, and of rows read without their neighbours
SAW_TOOTH = {64: 1.0, 65: 1.48, 95: 1.01, 96: 1.0, 100: 1.28, 129: 1.24, 257: 1.12}


def test_the_saw_tooth():
    assert {row: round(inflation_padded(row), 2) for row in SAW_TOOTH} == SAW_TOOTH
    isolated = {row: round(inflation_isolated(row), 2) for row in SAW_TOOTH}
    assert isolated == {**SAW_TOOTH, 95: 1.33}
    assert inflation_padded(65) == 1.476923076923077
    assert inflation_isolated(100) == 1.28


def test_int16_repeats_every_sixteen_elements():
    teeth = [hidden for hidden in range(1, 200) if inflation_padded(2 * hidden) == 1.0]
    assert teeth == list(range(16, 200, 16))


@settings(max_examples=60, deadline=None)
@given(row=st.integers(1, 600), line=st.sampled_from([16, 32, 64]))
def test_a_row_alone_fetches_its_lines_wherever_it_begins(row, line):
    cache = CacheGeometry(line=line, sets=64, ways=2)

    def misses(start):
        alone = Matrices(name="row", rows=1, columns=row, gates=1, walk=Walk(), start=start)
        return simulate((alone,), cache).misses

    assert misses(0) == lines_aligned(row, line)
    starts = range(0, line, gcd(row, line))  # where the rows of a packed matrix begin within a line
    assert sum(map(misses, starts)) / len(starts) == lines_isolated(row, line)


@settings(max_examples=60, deadline=None)
@given(rows=st.integers(1, 40), columns=st.integers(1, 200), order=st.sampled_from(GateOrder))
def test_padded_and_packed_matrices_fetch_what_the_forms_say(rows, columns, order):
    padded = Matrices(
        name="W", rows=rows, columns=columns, walk=Walk(order=order, row_multiple=32), gates=1
    )
    assert simulate((padded,), CACHE).misses == rows * lines_aligned(columns)
    assert simulate((padded,), CACHE).inflation == pytest.approx(
        inflation_padded(columns), rel=1e-12
    )
    packed = Matrices(name="W", rows=rows, columns=columns, walk=Walk(), gates=4)
    assert simulate((packed,), CACHE).misses == lines_packed(4 * rows * columns)


@pytest.mark.parametrize("form", [lines_aligned, lines_isolated, lines_packed])
@pytest.mark.parametrize("wrong", [0, -1, 2.5, True])
def test_rows_and_lines_are_whole_numbers(form, wrong):
    with pytest.raises(DomainError, match=r"is outside the whole numbers from 1"):
        form(wrong)
    with pytest.raises(DomainError, match=r"line = "):
        form(10, wrong)
