"""OptimizationWaterfall, comparison and round: what they show adds up."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.explore.attribution import Means, Optimization, attribute, reordered
from ironlaw.instruments.comparison import Comparison, ComparisonRow
from ironlaw.instruments.curve import axis_over
from ironlaw.instruments.draft_round import chances, round_of
from ironlaw.instruments.optimizations import OptimizationWaterfall
from ironlaw.system.acceptance import tokens_per_round
from ironlaw.system.drafting import drafting, speculated

MEANS = (Means.PRECISION, Means.FUSION, Means.ALGORITHM)
TIMES = st.lists(st.floats(1e-4, 1e2), min_size=8, max_size=8)


def game(times):
    changes = [Optimization(id=means.value, label=means.value, means=means) for means in MEANS]
    places = {means.value: 2**place for place, means in enumerate(MEANS)}
    return attribute(changes, lambda made: times[sum(places[name] for name in made)])


@given(TIMES)
def test_the_picture_adds_up(times):
    shown = OptimizationWaterfall(
        found=game(times), quantity="time", unit="s", ends=("a", "b")
    ).to_dict()
    bars = shown["bars"]
    assert [bars[0]["before"], bars[-1]["after"]] == [
        shown["before"]["value"],
        shown["after"]["value"],
    ]
    assert math.prod(bar["factor"] for bar in bars) == pytest.approx(shown["speedup"], rel=1e-9)
    assert math.prod(bar["fair"] for bar in bars) == pytest.approx(shown["speedup"], rel=1e-9)
    assert math.prod(shown["sides"].values()) == pytest.approx(shown["speedup"], rel=1e-9)
    assert shown["peek"]["value"] == pytest.approx(shown["speedup"], rel=1e-9)


@given(TIMES)
def test_another_order_asks_nothing_and_changes_no_share(times):
    found = game(times)
    turned = reordered(found, ["algorithm", "precision", "fusion"])
    assert turned.times is found.times
    assert {s.optimization.id: s.doublings for s in turned.shares} == {
        s.optimization.id: s.doublings for s in found.shares
    }


@pytest.mark.parametrize("ids", [["fusion"], ["fusion", "fusion", "precision"], []])
def test_an_order_names_each_change_once(ids):
    with pytest.raises(DomainError, match="order"):
        reordered(game([1.0] * 8), ids)


def test_what_is_slower_is_said_to_be():
    slower = OptimizationWaterfall(
        found=game([1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0]),
        quantity="time",
        unit="s",
        ends=("a", "b"),
    )
    assert slower.sides == {"machine": 1.0, "algorithm": 0.5}
    assert slower.to_dict()["speedup"] == 0.5
    assert slower.title == "Time × 2: 1× by the machine, 0.5× by the algorithm"


def test_a_ragged_table_is_refused():
    row = ComparisonRow(id="active", label="active", cells=("1 B",))
    with pytest.raises(DomainError, match="row active"):
        Comparison(title="t", columns=(("a", "A"), ("b", "B")), rows=(row,))


def test_a_logarithmic_axis_has_no_zero():
    with pytest.raises(DomainError, match="batch"):
        axis_over("batch", "", [0.0, 4.0], scale="log")
    assert axis_over("batch", "", [1.0, 4.0], scale="log").scale == "log"


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8))
def test_the_chances_of_a_round_add_up_to_what_it_makes(acceptance):
    assert math.fsum(token.chance for token in chances(acceptance)) == pytest.approx(
        tokens_per_round(acceptance)
    )


@pytest.mark.parametrize(("batch", "pays"), [(1, "pays"), (256, "loses")])
def test_the_round_of_a_speculation_is_its_own(batch, pays):
    draft = drafting("llama-3-8b", 0.8, 4)
    found = speculated("llama-3-70b", "h100-sxm", draft, tp=8, batch=batch, context=1024)
    picture = round_of(found)
    assert picture.time == pytest.approx(float(found.round_time))
    assert picture.expected == pytest.approx(found.tokens_per_round)
    assert picture.even == pytest.approx(float(found.break_even))
    assert picture.to_dict()["peek"]["value"] == pytest.approx(float(found.speedup))
    assert pays in picture.title
