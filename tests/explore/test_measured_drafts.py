"""What was measured of speculation, and what the formula misses of it."""

from __future__ import annotations

import pytest

from ironlaw.explore.measured_drafts import judged_rounds
from ironlaw.registry.facts import sources
from ironlaw.registry.speculation import measured_rounds, speculation_sheet


def test_every_figure_says_that_it_is_recalled():
    sheet = speculation_sheet()
    assert len(sheet.facts) > 40
    for fact in sheet.facts.values():
        assert fact.kind == "recalled"
        assert fact.source in sources()


def test_the_table_has_its_twelve_rows():
    rounds = measured_rounds()
    assert len({(one.task, one.draft, one.temperature) for one in rounds}) == len(rounds) == 12
    assert all(0.0 < one.acceptance < 1.0 < one.speedup for one in rounds)


@pytest.mark.parametrize(
    ("task", "drafts", "low", "high"),
    [
        ("English to German", {"small", "base"}, -0.14, 0.17),
        ("English to German", {"large"}, 0.37, 0.48),
        ("summaries of news", {"small", "base", "large"}, -0.24, -0.07),
    ],
)
def test_misses_are_the_dossiers(task, drafts, low, high):
    misses = [
        one.miss for one in judged_rounds() if one.round.task == task and one.round.draft in drafts
    ]
    assert low < min(misses) <= max(misses) < high
    assert len(misses) == 2 * len(drafts)
