import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.network_experts import NetworkExperts, with_experts
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.energy import step_energy
from ironlaw.system.network_loop import draft_loop, load_loop, resident
from ironlaw.system.network_speculation import speculate_loop, spent
from ironlaw.system.question import scenario

NAME = "translator-60m"
LOOP, DRAFT = load_loop(NAME), draft_loop(NAME, 1, 8000)
CHIP = load_chip("ar-glasses")


def ask(acceptance=(), draft=DRAFT, dtype=Dtype.INT8, target=LOOP):
    return speculate_loop(target, draft, tuple(acceptance), CHIP, dtype)


@pytest.mark.parametrize("dtype", [Dtype.FP16, Dtype.INT8])
def test_without_a_draft_a_sample_is_the_network_s_own_pass(dtype):
    whole = diagnose(scenario(NAME, CHIP.name, fusion="none", dtype=dtype.value))
    plain = ask(dtype=dtype)
    assert plain.per_sample.traffic == pytest.approx(float(whole.traffic))
    assert plain.per_sample.flops == pytest.approx(float(whole.model_flops))
    kernels = step_energy(whole).terms
    # every step is a call of its own, and waits for it
    waiting = plain.per_sample.time - float(whole.step)
    assert waiting == pytest.approx(LOOP.rounds * CHIP.call_dispatch)
    static = waiting * CHIP.idle_power
    assert plain.per_sample.joules - static == pytest.approx(float(kernels.total))
    assert plain.verify is plain.plain
    assert plain.draft is plain.draft_once is None


@given(st.integers(1, 12))
@settings(deadline=None)
def test_where_every_token_is_right_a_round_makes_them_all(length):
    found = ask((1.0,) * length)
    drafted, check = spent(found.draft).joules, spent(found.verify).joules
    token = (check + length * drafted) / (length + 1)
    assert found.per_token.joules == pytest.approx(token)
    assert found.per_token.joules < spent(found.plain).joules


@given(st.integers(1, 12))
@settings(deadline=None)
def test_where_none_is_right_all_of_it_is_lost(length):
    found = ask((0.0,) * length)
    assert found.tokens_per_round == 1.0
    assert found.per_token.joules > spent(found.plain).joules
    assert found.per_token.time > spent(found.plain).time


@given(st.floats(0.0, 0.99), st.floats(0.0, 0.01), st.integers(1, 8))
@settings(deadline=None)
def test_a_better_draft_costs_no_more(alpha, more, length):
    worse, better = ask((alpha,) * length), ask((alpha + more,) * length)
    assert better.per_token.joules <= worse.per_token.joules
    assert better.per_sample.flops >= ask().per_sample.flops  # work goes up whatever the draft


def test_the_check_costs_bytes_of_one_token_and_work_of_all():
    found = ask((0.75,) * 4)
    assert 1.0 < float(found.verify.traffic) / float(found.plain.traffic) < 1.05
    assert float(found.verify.model_flops) / float(found.plain.model_flops) == pytest.approx(
        5, rel=0.01
    )


def test_proposals_that_cost_nothing():
    free = ask((0.2,), draft=None)
    assert free.draft is None
    assert free.drafted.joules == 0.0
    assert free.footprint == ask().footprint


def test_experts_of_each_token_make_the_check_dearer():
    def ratio(experts):
        target = LOOP.rewritten(lambda network: with_experts(network, experts))
        found = ask((0.75,) * 4, target=target)
        return spent(found.verify).joules / spent(found.plain).joules

    by_token, by_sample = (ratio(NetworkExperts(32, 1, 1.0, by_sample=by)) for by in (False, True))
    assert by_sample < 1.2
    assert by_token > 2.0


def test_the_footprint_counts_what_is_shared_once():
    both, target = (resident(loops, Dtype.FP16) for loops in ((LOOP, DRAFT), (LOOP,)))
    whole = diagnose(scenario(NAME, CHIP.name, fusion="none"))
    assert target >= float(whole.footprint.weights)
    layer = 8 * 512 * 512 + 2 * 512 * 2048 + 3 * 2 * 512  # one decoder layer, its norms
    caches = both - target - 2.0 * layer
    assert 0.0 < caches < 0.01 * target
