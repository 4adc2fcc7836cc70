"""What would change the answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.explore.sensitivity import scaled_scenario, sensitivity
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario
from silicon_names import CALIBRATED

LAW = settings(deadline=None, derandomize=True, max_examples=40)
CRISIS = scenario("llama-3-70b", "h100-sxm", batch=16, context=8192, tp=8, fusion="partial")
NOW = diagnose(CRISIS).step


def step(**factors) -> float:
    return diagnose(scaled_scenario(CRISIS, **factors)).step


def test_more_arithmetic_does_nothing_for_the_crisis():
    assert step(peak=2.0) == pytest.approx(NOW, rel=1e-4)
    assert step(peak=2.0) <= NOW


def test_more_bandwidth_does_nearly_all():
    # memory holds more than nine tenths of the step: twice the bandwidth is at least 1.7 times as fast
    assert NOW / step(bandwidth=2.0) > 1.7
    assert NOW / step(bandwidth=2.0) < 2.0


def test_changes_are_ranked_and_named():
    changes = sensitivity(diagnose(CRISIS))
    assert changes[0].name == "BW_mem"
    assert {change.name for change in changes} == {"BW_mem", "R_peak", "no launch cost"}
    assert [c.step for c in changes] == sorted(c.step for c in changes)
    for change in changes:
        assert change.speedup == pytest.approx(NOW / change.step)


def test_what_launches_cost_by_hand():
    found = diagnose(CRISIS)
    changes = {change.name: change for change in sensitivity(found)}
    # at least 2 us a launch of the small kernels, at most 30 us for any
    saved = NOW - changes["no launch cost"].step
    assert 2e-6 * found.n_kernels < saved < 30e-6 * found.n_kernels


def test_a_launch_bound_step_wants_its_launches_back():
    lonely = diagnose(scenario("llama-3-8b", "h100-sxm", batch=1, context=128, fusion="none"))
    assert lonely.exposed_dispatch > 0.0
    assert sensitivity(lonely)[0].name == "no launch cost"


def test_a_prompt_wants_arithmetic():
    prompt = diagnose(scenario("llama-3-8b", "h100-sxm", batch=8, context=4096, phase="prefill"))
    assert sensitivity(prompt)[0].name == "R_peak"


def test_the_question_itself_is_untouched():
    scaled = scaled_scenario(CRISIS, peak=2.0, bandwidth=3.0)
    assert scaled.chip.bandwidth == 3.0 * 3.35e12
    assert scaled.chip.peak(scaled.weights) == 2.0 * 989.4e12
    assert scaled.calibration.reference.bandwidth == 3.0 * CRISIS.calibration.reference.bandwidth
    assert CRISIS.chip.bandwidth == 3.35e12


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf")])
@pytest.mark.parametrize("name", ["peak", "bandwidth"])
def test_factors_have_to_be_positive(name, factor):
    with pytest.raises(DomainError, match=rf"{name} = .* is outside \(0, ∞\)"):
        scaled_scenario(CRISIS, **{name: factor})


@given(
    st.sampled_from(CALIBRATED),
    st.sampled_from(["prefill", "decode"]),
    st.sampled_from(["none", "partial", "full"]),
    st.tuples(st.integers(1, 512), st.integers(1, 16_384)),
    st.tuples(st.floats(1.0, 8.0), st.floats(1.0, 8.0)),
)
@LAW
def test_more_of_anything_never_slows_a_step(chip, phase, fusion, sizes, factors):
    batch, context = sizes
    asked = scenario(
        "llama-3-70b", chip, phase=phase, batch=batch, context=context, tp=8, fusion=fusion
    )
    peak, bandwidth = factors
    better = diagnose(scaled_scenario(asked, peak=peak, bandwidth=bandwidth))
    assert better.step <= diagnose(asked).step * (1 + 1e-12)


@pytest.mark.parametrize(("chip", "peak"), [("h100-sxm", 0.25), ("b200-sxm", 0.05)])
def test_no_chip_does_more_than_its_peak_whatever_format_attention_runs_in(chip, peak):
    asked = {"phase": "prefill", "context": 2.0**20, "tp": 8, "kv_dtype": "fp8"}
    weak = scaled_scenario(scenario("llama-3-70b", chip, **asked), peak=peak)
    assert diagnose(weak).mfu <= 1.0


def test_level_2_stays_in_front_of_a_faster_memory():
    question = scenario("llama-3-8b", "h100-sxm")
    chip = scaled_scenario(question, bandwidth=4.0).chip
    assert chip.bandwidth < chip.l2_bandwidth
    assert chip.l2_bandwidth == 4.0 * question.chip.l2_bandwidth
