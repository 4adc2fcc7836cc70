"""The cache map: what was counted, in the shape that the page reads, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ironlaw.base.equation import evaluate
from ironlaw.instruments.cache_map import cache_map
from ironlaw.system.cache.geometry import CacheGeometry, Policy
from ironlaw.system.cache.layout import GateOrder, Matrices, Walk, lstm_matrices, recurrent_matrices
from ironlaw.system.cache.simulate import simulate

ESP32 = CacheGeometry(line=32, sets=512, ways=2)
INTERLEAVED = Walk(order=GateOrder.INTERLEAVED)


def mapped(matrices, cache=ESP32, *, warm=False):
    count = simulate(matrices, cache, warm=warm)
    return cache_map(matrices, cache, count), count


def test_it_has_the_fields_of_the_protocol():
    picture, count = mapped(recurrent_matrices(128, INTERLEAVED))
    data = picture.to_dict()
    assert set(data) == {
        "title", "line", "sets", "ways", "policy", "accesses", "hits", "misses", "distinct",
        "traffic_ratio", "rows", "bins", "note", "peek",
    }  # fmt: skip
    assert data["rows"][0] == {"id": "U.0", "label": "input gate", "distinct": 512, "fetched": 4096}
    assert data["bins"][0] == {
        "first": 0, "last": 7, "distinct": 32, "fetched": 256, "streams": 4,
    }  # fmt: skip
    assert data["policy"] == "LRU"
    assert evaluate(picture.equation().right) == count.traffic_ratio == data["peek"]["value"] == 8.0


@pytest.mark.parametrize("sets", [1, 3, 64, 65, 500, 512])
def test_bins_hold_every_set_once_and_are_at_most_64(sets):
    picture, count = mapped(
        recurrent_matrices(40, Walk()), CacheGeometry(line=16, sets=sets, ways=2)
    )
    held = [number for one in picture.bins for number in range(one.first, one.last + 1)]
    assert held == list(range(sets))
    assert len(picture.bins) <= 64
    assert sum(one.fetched for one in picture.bins) == count.misses
    assert sum(one.distinct for one in picture.bins) == count.distinct


def test_the_note_says_which_walks_meet_and_where_they_come_from():
    said = mapped(recurrent_matrices(256, INTERLEAVED))[0].note
    assert "fetched 8 times: 4 walks share sets of 2 ways" in said
    assert "the gates of U lie 65,536 B apart, 4 × the 16,384 B of a way" in said
    assert "LRU is assumed" in said


def test_the_note_says_when_all_is_well_and_what_padding_costs():
    said = mapped(recurrent_matrices(100, replace(INTERLEAVED, row_multiple=32)))[0].note
    assert said.startswith(
        "Each line is fetched once. The lines hold 28 % more bytes than the weights: rows"
    )
    few = mapped(recurrent_matrices(129, INTERLEAVED))[0].note
    assert few.startswith("Each line is fetched once, 3 of them twice.")


def test_the_note_knows_what_a_step_before_leaves():
    kept = mapped(recurrent_matrices(64, Walk()), warm=True)[0].note
    assert kept.startswith("100 % of the lines are still there from the step before.")


def test_a_draw_takes_lines_of_walks_that_would_fit():
    drawn = CacheGeometry(line=32, sets=512, ways=4, policy=Policy.RANDOM)
    picture, count = mapped(recurrent_matrices(256, INTERLEAVED), drawn)
    assert max(one.streams for one in count.sets) == 4
    assert f"{count.traffic_ratio:.2f} times: it is gone before it is read again." in picture.note
    assert "Replacement by random draws is assumed" in picture.note


def test_rows_name_the_matrices_where_there_are_several():
    picture, _ = mapped(lstm_matrices(16, 8, 1, Walk()))
    assert [row.label for row in picture.rows][:5] == [
        "W1 input gate", "W1 forget gate", "W1 cell gate", "W1 output gate", "U1 input gate",
    ]  # fmt: skip
    dense = Matrices(name="dense", rows=4, columns=8, walk=Walk(), gates=1)
    assert [row.label for row in mapped((dense,))[0].rows] == ["dense"]
