"""What a layout can hold: exactly, and never more on less."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from families import FAMILIES, FINE, LATENT, LLAMA, WINDOWED
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.capacity import kv_capacity, largest_batch, memory_of
from ironlaw.system.diagnosis import LaunchMode, Scenario
from ironlaw.workload.spec import Phase, Request

LAW = settings(deadline=None, derandomize=True, max_examples=15)


def asked(spec, chip="h100-sxm", context=4096.0, weights=Dtype.BF16, cache=Dtype.BF16, **layout):
    request = {"phase": Phase.DECODE, "batch": 1.0, "context_len": context} | layout
    return Scenario(
        spec=spec,
        chip=load_chip(chip),
        calibration=None,
        request=Request(**request),
        level=FusionLevel.FULL,
        launch=LaunchMode.GRAPH,
        weights=weights,
        cache=cache,
    )


def test_the_largest_batch_of_a_small_model_by_hand():
    # 80 GB − 16.06 GB of weights; 4096 · 131,072 B of cache a sequence, and a few hundred kB beside it
    cache = 4096 * 32 * 2 * 8 * 128 * 2
    spare = 80e9 - 2 * 8_030_261_248
    found = largest_batch(asked(LLAMA))
    assert found == int(spare / cache) == 119


def test_capacity_counts_the_tokens_that_the_batch_would_need():
    scenario = asked(LLAMA)
    assert kv_capacity(scenario) // 4096 == 119


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
@pytest.mark.parametrize("phase", list(Phase))
def test_the_largest_batch_fits_and_one_more_does_not(spec, phase):
    scenario = asked(spec, "b200-sxm", tensor_parallel=8 if spec is LATENT else 2, phase=phase)
    found = largest_batch(scenario)
    capacity = scenario.chip.capacity
    if found:
        assert memory_of(scenario, float(found)).total <= capacity
    assert memory_of(scenario, found + 1.0).total > capacity


@pytest.mark.parametrize("layout", [{}, {"pipeline_parallel": 2}])
def test_what_does_not_fit_holds_nothing(layout):
    scenario = asked(LATENT, **layout)
    assert largest_batch(scenario) == kv_capacity(scenario) == 0


@given(st.sampled_from([LLAMA, FINE, WINDOWED]), st.integers(1, 32_768), st.integers(1, 32_768))
@LAW
def test_longer_sequences_never_fit_in_larger_numbers(spec, first, second):
    short, long = sorted((float(first), float(second)))
    assert largest_batch(asked(spec, context=long)) <= largest_batch(asked(spec, context=short))


@pytest.mark.parametrize("spec", [LLAMA, FINE, WINDOWED], ids=lambda spec: spec.name)
def test_more_room_holds_more(spec):
    base = asked(spec)
    roomier = (
        asked(spec, "h200-sxm"),
        asked(spec, weights=Dtype.FP8),
        asked(spec, cache=Dtype.FP8),
        asked(spec, tensor_parallel=2),
        asked(spec, pipeline_parallel=2),
    )
    for other in roomier:
        assert largest_batch(other) > largest_batch(base)
        assert kv_capacity(other) > kv_capacity(base)


def test_chips_that_read_their_own_sequences_hold_several_times_as_many():
    scenario = asked(FINE, expert_parallel=8, batch=8.0)
    found = largest_batch(scenario)
    assert found % 8 == 0
    assert found > 8 * largest_batch(asked(FINE))  # and experts leave more room


def test_a_window_makes_room_for_more_sequences():
    full = replace(WINDOWED, windowed_layers=0)
    long = 65_536.0
    assert largest_batch(asked(WINDOWED, "h200-sxm", long)) > 3 * largest_batch(
        asked(full, "h200-sxm", long)
    )


def test_a_latent_is_on_every_chip():
    # 8 × 141 GB hold 671 GB in fp8; a token takes 61 · 576 · 2 B on each chip
    scenario = asked(LATENT, "h200-sxm", weights=Dtype.FP8, tensor_parallel=8)
    memory = memory_of(scenario, 1.0)
    spare = scenario.chip.capacity - memory.weights - memory.activations
    assert kv_capacity(scenario) == int(spare / (61 * 576 * 2))
