"""The Iron Law bar adds up to the step."""

from __future__ import annotations

import pytest

from ironlaw.instruments.law import law_bar
from ironlaw.system.interval import step_interval
from ironlaw.system.table import kernel_rows


def test_the_bar_adds_up(step):
    bar = law_bar(kernel_rows(step), step_interval(step))
    assert bar.total == pytest.approx(float(step.step), rel=1e-12)
    assert sum(term.time for term in bar.terms) == pytest.approx(bar.total, rel=1e-12)
    assert bar.low < bar.total < bar.high


def test_the_largest_part_is_first_and_nothing_is_left_out(step):
    bar = law_bar(kernel_rows(step), step_interval(step))
    times = [term.time for term in bar.terms]
    assert times == sorted(times, reverse=True)
    assert min(times) > 0.0
    assert len({term.id for term in bar.terms}) == len(bar.terms)


def test_the_crisis_is_memory(crisis):
    bar = law_bar(kernel_rows(crisis), step_interval(crisis))
    assert bar.terms[0].id == "memory"
    assert "dispatch" not in {term.id for term in bar.terms}


def test_a_host_that_is_waited_for_is_shown():
    from ironlaw.system.diagnosis import diagnose
    from ironlaw.system.question import scenario

    lonely = diagnose(scenario("llama-3-8b", "h100-sxm", batch=1, context=128, fusion="none"))
    terms = {
        term.id: term.time for term in law_bar(kernel_rows(lonely), step_interval(lonely)).terms
    }
    assert terms["dispatch"] == pytest.approx(float(lonely.exposed_dispatch))
    assert next(iter(terms)) in ("dispatch", "memory", "launch")


def test_the_bar_as_plain_data(crisis):
    plain = law_bar(kernel_rows(crisis), step_interval(crisis)).to_dict()
    assert set(plain) == {"total", "low", "high", "terms", "rests_on"}
    assert plain["rests_on"] == "80\u202f%"
    assert set(plain["terms"][0]) == {"id", "label", "time"}
