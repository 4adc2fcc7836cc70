"""Routers: the probability that a token asks for each expert, and what a batch then asks for."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.recording import Tape
from ironlaw.workload.router import EVEN, Law, Routing, distinct, inclusion

LAW = settings(deadline=None, derandomize=True, max_examples=60)


@st.composite
def laws(draw):
    n = draw(st.sampled_from([2, 3, 8, 16, 60, 128]))
    k = draw(st.integers(1, min(n, 8)))
    return Law(Routing(exponent=draw(st.floats(0.0, 10.0))), n, k)


@pytest.mark.parametrize(
    ("n", "k", "tokens", "expected"), [(8, 2, 8.0, 7.199), (128, 8, 32.0, 111.77)]
)
def test_even_routing_is_the_closed_form(n, k, tokens, expected):
    assert distinct(Law(EVEN, n, k), tokens) == pytest.approx(expected, rel=1e-4)
    assert distinct(Law(Routing(shares=(1.0 / n,) * n), n, k), tokens) == pytest.approx(
        n * (1 - (1 - k / n) ** tokens), rel=1e-12
    )


@pytest.mark.parametrize(
    ("n", "k", "exponent"), [(5, 2, 1.0), (6, 3, 0.7), (4, 1, 2.0), (7, 6, 3.0)]
)
def test_a_power_law_is_the_mean_over_every_set_of_experts(n, k, exponent):
    weights = [r**-exponent for r in range(1, n + 1)]
    sets = list(itertools.combinations(range(n), k))
    mass = [math.prod(weights[i] for i in one) for one in sets]
    total = sum(mass)
    found = inclusion(Law(Routing(exponent=exponent), n, k))
    for expert in range(n):
        likely = sum(m for one, m in zip(sets, mass, strict=True) if expert in one) / total
        assert found[expert] == pytest.approx(likely, rel=1e-12)
    mean = sum(
        p * q * len(set(a) | set(b))
        for a, p in zip(sets, mass, strict=True)
        for b, q in zip(sets, mass, strict=True)
    )
    two = distinct(Law(Routing(exponent=exponent), n, k), 2.0)
    assert two == pytest.approx(mean / total**2, rel=1e-12)


@given(laws())
@LAW
def test_probabilities_add_up_to_k_and_fall_with_rank(law):
    found = inclusion(law)
    assert sum(found) == pytest.approx(law.top_k, rel=1e-9)
    assert all(0.0 <= p <= 1.0 for p in found)
    assert all(a >= b * (1 - 1e-9) for a, b in itertools.pairwise(found))


@given(laws(), st.integers(1, 5000))
@LAW
def test_skew_never_asks_for_more_experts_than_even_routing(law, tokens):
    uneven, even = distinct(law, float(tokens)), distinct(law._replace(routing=EVEN), float(tokens))
    assert law.top_k * (1 - 1e-9) <= uneven <= even * (1 + 1e-9)


@given(st.floats(0.1, 4.0), st.integers(2, 2000))
@LAW
def test_more_skew_asks_for_fewer(exponent, tokens):
    one, two = (
        distinct(Law(Routing(exponent=s), 64, 4), float(tokens)) for s in (exponent, 1.5 * exponent)
    )
    assert two <= one * (1 + 1e-12)


def test_without_skew_a_power_law_is_even():
    law = Law(Routing(exponent=0.0), 16, 3)
    assert law.routing.is_even
    assert inclusion(law) == (3 / 16,) * 16


def test_every_expert_is_asked_for_where_k_is_all():
    law = Law(Routing(exponent=2.0), 8, 8)
    assert inclusion(law) == (1.0,) * 8
    assert distinct(law, 1.0) == 8.0


def test_counts_are_their_own_answer_at_their_own_tokens():
    counts = (6.0, 2.0, 0.0, 0.0)
    law = Law(Routing(shares=(0.75, 0.25, 0.0, 0.0), counts=counts), 4, 1)
    assert distinct(law, 8.0) == 2.0
    assert distinct(law, 2.0) == pytest.approx((1 - 0.25**2) + (1 - 0.75**2), rel=1e-12)
    assert list(distinct(law, np.array([2.0, 8.0]))) == [distinct(law, 2.0), 2.0]


def test_a_sweep_equals_its_scalars_and_the_tape():
    law = Law(Routing(exponent=1.2), 64, 6)
    tokens = np.array([1.0, 7.0, 300.0, 1e5])
    swept = distinct(law, tokens)
    assert list(swept) == [distinct(law, float(t)) for t in tokens]
    tape = Tape(1)
    written = distinct(law, tape.inputs[0])
    assert list(tape.play(tokens)[tape.place(written)]) == list(swept)


def test_names():
    named = [r.name for r in (EVEN, Routing(exponent=1.2), Routing(shares=(0.5, 0.5)))]
    assert named == ["uniform", "power-law:1.2", "shares"]
    assert Routing(shares=(0.5, 0.5), counts=(1.0, 1.0)).name == "counts"
