"""Laws of a step: more work never takes less, but where attention is split otherwise; rates, limits, intervals.

Traffic, FLOPs and memory never fall with batch or context, and no kernel but decode attention ever gets faster. That
one does where it is split fewer ways: its reduction falls away at once, and the last wave may be fuller than before.
With one sequence more a step can so be shorter, by up to 15 % where it was seen. Within a split it never is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ironlaw.cost.attention import falls_back
from ironlaw.cost.family import Family, attention_shape_of
from ironlaw.explore.sensitivity import scaled_scenario
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.interval import step_interval
from ironlaw.system.question import scenario
from ironlaw.system.table import kernel_rows, step_terms

LAW = settings(deadline=None, derandomize=True, max_examples=30)
MODELS = st.sampled_from(
    ["llama-3-8b", "llama-3-70b", "mixtral-8x7b", "qwen3-30b-a3b", "gemma-3-27b", "deepseek-v3"]
)
CHIPS = st.sampled_from(["h100-sxm", "h200-sxm", "b200-sxm", "a100-80gb-sxm", "l40s", "v100-sxm2"])
MEASURED = st.sampled_from(["h100-sxm", "h200-sxm", "b200-sxm", "a100-80gb-sxm", "l40s"])
DTYPES = st.sampled_from(["bf16", "fp8", "nvfp4"])
DEEPEST_FALL = 0.2
ROUNDING = 1e-12


def in_turn(asked):
    """The question with every kernel after the other: what hides in a latency shrinks as a chip gets quicker."""
    return replace(asked, shared_beside=False)


def growing(name, fixed, other):
    """Batches or contexts in rising order, the other one fixed."""
    most = {"batch": 4096, "context": 131_072}[name]
    steps = np.unique(np.round(np.geomspace(1, most, 400)))
    return {name: np.union1d(steps, np.arange(1.0, 300.0)), other: fixed}


GROWTHS = st.one_of(
    st.integers(1, 32_768).map(lambda context: growing("batch", context, "context")),
    st.integers(1, 1024).map(lambda batch: growing("context", batch, "batch")),
)


def along(value, asked):
    """A quantity as an array over the points that were asked."""
    return np.broadcast_to(value, np.broadcast_shapes(*(np.shape(v) for v in asked.values())))


def deepest_fall(values):
    """How far a sequence falls below what it reached before, as a fraction."""
    return float((1.0 - values / np.maximum.accumulate(values)).max())


@given(MODELS, CHIPS, st.sampled_from([1, 2, 8]), DTYPES, GROWTHS)
@LAW
def test_more_work_never_moves_computes_or_keeps_less(model, chip, tp, dtype, asked):
    answer = diagnose(scenario(model, chip, tp=tp, dtype=dtype, **asked))
    kept = answer.footprint
    for value in (answer.traffic, answer.flops, answer.model_flops, kept.cache, kept.total):
        rising = along(value, asked)
        assert np.all(np.diff(rising) >= -ROUNDING * rising[1:])


def split_of(kernel, calibration, asked):
    """Ways that a decode attention is split, and its units of work, along the growing axis."""
    shape = attention_shape_of(kernel)
    rates, constants = calibration.reference, calibration.decode[shape.cache_dtype]
    slow = falls_back(shape, rates.compute_capability)
    units = shape.batch * (shape.n_heads if slow else shape.n_kv_heads)
    most = np.maximum(np.ceil(shape.context_len / constants.ch), 1.0)
    return along(np.clip(np.ceil(constants.cs * rates.n_sm / units), 1.0, most), asked)


@given(MODELS, MEASURED, st.sampled_from([1, 2, 8]), DTYPES, GROWTHS)
@LAW
def test_more_work_never_takes_less_but_where_attention_is_split_otherwise(
    model, chip, tp, dtype, asked
):
    assume(chip != "l40s" or tp < 8)
    whole = scenario(model, chip, tp=tp, dtype=dtype, **asked)
    question = in_turn(whole)
    answer = diagnose(question)
    for launches in answer.launches:
        time = along(launches.time, asked)
        same = np.ones(time.size - 1, dtype=bool)
        if launches.cost.family is Family.ATTENTION:
            split = split_of(launches.cost.kernel, question.calibration, asked)
            same = np.diff(split) == 0.0
        falls = np.diff(time) < -ROUNDING * time[1:]
        assert not np.any(falls & same), launches.cost.kernel.name
    for found in (answer, diagnose(whole)):
        assert deepest_fall(along(found.step, asked)) <= DEEPEST_FALL


def test_the_fall_is_there():
    # 131 sequences on the 132 SMs of an H100 are split in two, 132 are not: no reduction, and full waves
    asked = {"tp": 8, "context": 2048}
    before, after = (
        diagnose(scenario("llama-3-70b", "h100-sxm", batch=batch, **asked)).step
        for batch in (131, 132)
    )
    assert 0.0 < 1.0 - after / before < DEEPEST_FALL


@given(
    MODELS,
    CHIPS,
    DTYPES,
    st.integers(1, 2048),
    st.integers(1, 65_536),
    st.sampled_from([0.25, 0.5, 2.0, 3.0, 16.0]),
)
@LAW
def test_times_scale_with_rates_and_launches_do_not(model, chip, dtype, batch, context, factor):
    asked = in_turn(scenario(model, chip, dtype=dtype, batch=batch, context=context))
    slow, quick = sorted((asked, scaled_scenario(asked, peak=factor, bandwidth=factor)), key=rate)
    k = max(factor, 1.0 / factor)
    before, after = diagnose(slow), diagnose(quick)
    launching = sum(float(x.cost.terms.latency) * x.launches for x in before.launches)
    launching += float(before.exposed_dispatch)
    working = float(before.step) - launching
    # the same tiles would take exactly this; a quicker chip may choose better ones, and no choice scales better than k
    assert float(after.step) <= (working / k + launching) * (1.0 + ROUNDING)
    assert float(after.step) >= float(before.step) / k * (1.0 - ROUNDING)


def rate(asked):
    return asked.chip.bandwidth


@given(MODELS, MEASURED, st.integers(1, 64))
@LAW
def test_a_batch_without_end_is_bound_by_arithmetic(model, chip, context):
    steps = [
        diagnose(scenario(model, chip, batch=batch, context=context))
        for batch in (1 << 22, 1 << 23)
    ]
    first, second = (float(answer.step) for answer in steps)
    assert second / first == pytest.approx(2.0, rel=5e-3)
    assert 0.0 < float(steps[0].mfu) <= 1.0
    assert float(steps[1].mfu) == pytest.approx(float(steps[0].mfu), rel=5e-3)


@given(MODELS, MEASURED)
@LAW
def test_one_short_sequence_waits_for_weights_and_launches(model, chip):
    terms = step_terms(kernel_rows(diagnose(scenario(model, chip))))
    assert terms.memory + terms.launch > 0.9 * (terms.memory + terms.launch + terms.compute)


@pytest.mark.parametrize("dtype", ["bf16", "fp8"])
def test_a_large_batch_of_a_small_model_does_not_beat_its_chip(dtype):
    batches = np.arange(1.0, 4097.0)
    answer = diagnose(scenario("llama-3-8b", "h100-sxm", dtype=dtype, batch=batches, context=128))
    assert float(np.max(answer.mfu)) <= 1.0
    assert float(answer.mfu[-1]) > 0.2
    # the compute term: sixteen times the batch takes several times as long
    assert float(answer.step[-1] / answer.step[255]) > 4.0


@given(MODELS, CHIPS, DTYPES, st.integers(1, 4096), st.integers(1, 131_072))
@LAW
def test_an_interval_holds_the_prediction(model, chip, dtype, batch, context):
    answer = diagnose(scenario(model, chip, dtype=dtype, batch=batch, context=context))
    low, high = step_interval(answer)
    assert 0.0 < low <= float(answer.step) <= high < np.inf
