"""Shares of a speed-up: the axioms of Shapley, and bars that are the direct evaluation in their order."""

from __future__ import annotations

import math
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.explore.attribution import Means, Optimization, attribute

MEANS = tuple(Means)


def changes(n):
    return [Optimization(id=f"c{i}", label=f"change {i}", means=MEANS[i % 3]) for i in range(n)]


@st.composite
def games(draw, most=5):
    """Some changes and a time for each set of them."""
    n = draw(st.integers(1, most))
    times = draw(st.lists(st.floats(1e-6, 1e3), min_size=2**n, max_size=2**n))
    return changes(n), lambda made: times[sum(2 ** int(name[1:]) for name in made)]


@given(games())
def test_shares_sum_to_the_whole_gain(game):
    asked, time = game
    found = attribute(asked, time)
    assert math.fsum(s.doublings for s in found.shares) == pytest.approx(
        math.log2(found.before / found.after), abs=1e-9
    )
    assert math.prod(s.fair for s in found.shares) == pytest.approx(found.speedup, rel=1e-9)


@given(games())
def test_bars_are_the_direct_evaluation_in_their_order(game):
    asked, time = game
    found = attribute(asked, time)
    made: set[str] = set()
    for share in found.shares:
        assert share.before == time(frozenset(made))
        made.add(share.optimization.id)
        assert share.after == time(frozenset(made))
    assert math.prod(s.in_order for s in found.shares) == pytest.approx(found.speedup, rel=1e-9)


@given(games(most=4))
def test_a_share_is_the_mean_over_all_orders(game):
    asked, time = game
    found = {s.optimization.id: s.doublings for s in attribute(asked, time).shares}
    added = {change.id: [] for change in asked}
    for order in permutations(asked):
        made: frozenset[str] = frozenset()
        for change in order:
            after = made | {change.id}
            added[change.id].append(math.log2(time(made) / time(after)))
            made = after
    for name, gains in added.items():
        assert found[name] == pytest.approx(math.fsum(gains) / len(gains), abs=1e-9)


@given(games(most=4), st.data())
def test_no_order_changes_a_share(game, data):
    asked, time = game
    shuffled = data.draw(st.permutations(asked))
    first = {s.optimization.id: s.doublings for s in attribute(asked, time).shares}
    second = {s.optimization.id: s.doublings for s in attribute(shuffled, time).shares}
    for name, share in first.items():
        assert second[name] == pytest.approx(share, abs=1e-9)


@given(st.lists(st.floats(1e-3, 1e3), min_size=5, max_size=5))
def test_equals_are_owed_the_same(times):
    """The time depends on how many of three changes are made, and not on which, so that they are alike."""
    found = attribute(changes(3), lambda made: times[len(made)])
    first, *others = (s.doublings for s in found.shares)
    assert others == [pytest.approx(first, abs=1e-9)] * 2


@given(games(most=4))
def test_what_does_nothing_is_owed_nothing(game):
    asked, time = game
    idle = Optimization(id="idle", label="nothing", means=Means.FUSION)
    found = attribute([*asked, idle], lambda made: time(made - {"idle"}))
    assert found.shares[-1].doublings == pytest.approx(0.0, abs=1e-9)
    assert found.shares[-1].in_order == 1.0


def test_order_moves_bars_and_not_shares():
    """Fusion takes the bytes away that a narrow format would have halved."""
    seconds = {"": 10.0, "f": 2.0, "p": 6.0, "fp": 1.5}
    a, b = changes(2)
    times = {frozenset(): 10.0, frozenset({a.id}): 2.0, frozenset({b.id}): 6.0}
    times[frozenset({a.id, b.id})] = seconds["fp"]
    first, second = attribute([a, b], times.__getitem__), attribute([b, a], times.__getitem__)
    assert [s.in_order for s in first.shares] == [5.0, pytest.approx(2.0 / 1.5)]
    assert [s.in_order for s in second.shares] == [pytest.approx(10.0 / 6.0), 4.0]
    assert first.shares[0].fair == pytest.approx(second.shares[1].fair)
    assert first.shares[0].fair == pytest.approx(math.sqrt(5.0 * 4.0))


def test_machine_and_algorithm_make_the_whole():
    found = attribute(changes(3), lambda made: 8.0 / (1 + len(made)))
    assert found.side("machine") * found.side("algorithm") == pytest.approx(4.0)
    product = math.prod(found.fair(means) for means in Means)
    assert product == pytest.approx(found.speedup)
    assert found.fair(Means.PRECISION) * found.fair(Means.FUSION) == pytest.approx(
        found.side("machine")
    )


def test_a_loss_is_a_share_too():
    found = attribute(changes(2), lambda made: 1.0 + ("c1" in made))
    assert found.shares[0].doublings == 0.0
    assert found.shares[1].doublings == -1.0
    assert found.speedup == 0.5


def test_each_set_is_timed_once():
    asked = []
    attribute(changes(4), lambda made: asked.append(made) or 1.0)
    assert len(asked) == len(set(asked)) == 16


@pytest.mark.parametrize("n", [0, 13])
def test_the_number_of_changes_is_bounded(n):
    with pytest.raises(DomainError, match="optimizations"):
        attribute(changes(n), lambda _: 1.0)


def test_a_change_is_named_once():
    with pytest.raises(DomainError, match="twice"):
        attribute([*changes(1), *changes(1)], lambda _: 1.0)


@pytest.mark.parametrize("bad", [0.0, -1.0, math.inf, math.nan])
def test_times_are_positive(bad):
    with pytest.raises(DomainError, match="time of"):
        attribute(changes(1), lambda made: bad if made else 1.0)
