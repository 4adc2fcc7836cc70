"""Experts behind a gate: the mean of a drive, and the worst frame that a deadline counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.system.scene_experts import Expert, Gated

SHARES = st.lists(st.floats(0.05, 1.0), min_size=2, max_size=5)


@st.composite
def gates(draw):
    raw = draw(SHARES)
    shares = [one / sum(raw) for one in raw]
    times = draw(st.lists(st.floats(1e-3, 0.1), min_size=len(raw), max_size=len(raw)))
    experts = tuple(
        Expert(f"{number}", share, time)
        for number, (share, time) in enumerate(zip(shares, times, strict=True))
    )
    return Gated(experts=experts, gate=draw(st.floats(0.0, 0.01)), error=draw(st.floats(0.0, 1.0)))


def test_by_hand():
    found = Gated(
        experts=(Expert("highway", 0.75, 2e-3), Expert("city", 0.25, 6e-3)), gate=1e-3, error=0.1
    )
    right = 0.75 * 3e-3 + 0.25 * 7e-3
    both = 1e-3 + 2e-3 + 6e-3
    assert found.mean == pytest.approx(0.9 * right + 0.1 * both)
    assert found.worst == pytest.approx(both)
    assert found.largest == pytest.approx(7e-3)


def test_a_mistake_that_lands_at_the_general_detector_costs_no_second_pass():
    own, general = Expert("highway", 0.5, 2e-3), Expert("every", 0.5, 6e-3, general=True)
    found = Gated(experts=(own, general), gate=1e-3, error=0.1)
    assert found.wrong(own, general) == pytest.approx(7e-3)
    assert found.wrong(general, own) == pytest.approx(9e-3)
    assert found.worst == pytest.approx(9e-3)


def test_one_detector_needs_no_gate():
    found = Gated(experts=(Expert("every", 1.0, 6e-3, general=True),), gate=1e-3, error=0.5)
    assert found.mean == found.worst == 6e-3


@given(gates())
def test_the_mean_is_at_most_the_worst(found):
    assert found.mean <= found.worst * (1.0 + 1e-12) or found.error == 0.0
    assert found.worst >= found.largest


@given(gates())
def test_a_gate_that_never_errs_has_the_largest_expert_as_its_worst(found):
    sure = Gated(experts=found.experts, gate=found.gate, error=0.0)
    assert sure.worst == sure.largest
    assert sure.mean <= sure.largest * (1.0 + 1e-12)


@given(gates(), st.floats(0.0, 1.0))
def test_a_worse_gate_is_never_faster(found, error):
    low, high = sorted((found.error, error))
    better, worse = (Gated(experts=found.experts, gate=found.gate, error=e) for e in (low, high))
    assert better.mean <= worse.mean * (1.0 + 1e-12)
    assert better.worst <= worse.worst


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"experts": (Expert("a", 0.5, 1.0), Expert("b", 0.6, 1.0))}, "share"),
        ({"experts": ()}, "share"),
        ({"experts": (Expert("a", 1.0, -1.0),)}, r"time = -1\.0"),
        ({"error": 1.5}, r"error = 1\.5"),
        ({"gate": -1.0}, r"gate = -1\.0"),
    ],
)
def test_what_is_no_gate_is_refused(change, message):
    fields = {"experts": (Expert("a", 1.0, 1.0),), "gate": 0.0, "error": 0.0}
    with pytest.raises(DomainError, match=message):
        Gated(**(fields | change))
