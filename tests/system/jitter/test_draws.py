"""Random numbers with defined digits."""

from __future__ import annotations

from statistics import fmean, median, stdev

from ironlaw.system.jitter.draws import Draws


def test_the_digits_are_these():
    draws = Draws(7, "scene")
    seen = [draws.share(), draws.between(1.0, 2.0), draws.count(0, 9)]
    assert seen == [0.47753209866621893, 1.4179626145751576, 6]


def test_purposes_do_not_disturb_each_other():
    first = Draws(7, "a")
    first.share()
    assert Draws(7, "b").share() == Draws(7, "b").share() != Draws(7, "a").share()


def test_the_bell_is_centred_and_of_unit_width():
    draws = Draws("bell")
    seen = [draws.bell() for _ in range(20_000)]
    assert abs(fmean(seen)) < 0.03
    assert abs(median(seen)) < 0.03
    assert abs(stdev(seen) - 1.0) < 0.02
    assert max(map(abs, seen)) < 3.47


def test_counts_reach_both_ends():
    draws = Draws("counts")
    assert {draws.count(2, 4) for _ in range(100)} == {2, 3, 4}
    assert {draws.one_of("ab") for _ in range(50)} == {"a", "b"}
