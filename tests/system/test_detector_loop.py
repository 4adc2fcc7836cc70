"""The car's loop under another algorithm, held to the measured pipeline where nothing is changed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.explore.detector_search import gain, reached
from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.system.detector import (
    Detector,
    compute_reach,
    detector_pass,
    detector_scenario,
    narrowed,
)
from ironlaw.system.detector_loop import MOST_FRAMES, Setting, assumed, loop_at
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.jitter.board import Deployment
from ironlaw.system.jitter.case import LEAST_FRAMES
from ironlaw.system.jitter.memory import held
from ironlaw.system.jitter.pipeline import kernel_plans
from ironlaw.system.jitter.simulate import simulate

GRAPH = Deployment(pool="static", graph_launch=True)


def at(**setting):
    return loop_at(Setting(**setting), assumed())


def number(path):
    return pipeline_sheet("pointpillars").number(path)


def test_unchanged_it_is_the_measured_loop():
    found = at()
    measured = [number(f"stage.{name}") for name in ("voxelization", "backbone", "postprocess")]
    assert found.usual.latency == pytest.approx(sum(measured), rel=1e-5)
    assert found.held.total == held(Deployment()).total
    assert found.flops == pytest.approx(69.0e9, rel=1e-3)
    assert found.holds


def test_the_worst_frame_bounds_those_of_a_drive_without_a_cause():
    run = simulate(3, LEAST_FRAMES, without=simulate(3, LEAST_FRAMES).case.cause)
    usual = [frame.latency for frame in run.frames if frame.number != run.case.frame]
    assert at().worst.latency > 0.99 * max(sorted(usual)[: len(usual) * 99 // 100])
    assert at().usual.latency < at().worst.latency < 1.1 * at().usual.latency


@pytest.mark.parametrize("frames", range(2, MOST_FRAMES + 1))
@pytest.mark.parametrize("dtype", ["fp16", "int8"])
def test_the_deadline_refuses_every_batch_at_the_sensors_rate(frames, dtype):
    found = at(frames=frames, drafted=True, dtype=dtype, build=GRAPH)
    assert found.usual.waiting == pytest.approx((frames - 1) / number("loop.rate"))
    assert found.late > found.usual.waiting - found.deadline
    assert not found.holds


def test_a_batch_hardly_pays_on_the_plateau():
    """Kernels bound by arithmetic take n times as long for n frames: a check is not free, as it is on the slope."""
    one, four = at(), at(frames=4, drafted=True)
    assert 3.9 < four.usual.network / one.usual.network < 4.0
    assert gain(four, one) < 1.0


@pytest.mark.parametrize("frames", [3, 8])
@pytest.mark.parametrize(
    ("dtype", "sparsity"), [("fp16", None), ("int8", "2:4"), ("fp16", "block:0.3@128x128")]
)
@pytest.mark.parametrize("fused", ["none", "full"])
def test_a_longer_batch_is_what_its_own_diagnosis_says(frames, dtype, sparsity, fused):
    """Sizes are straight lines over the batch: two batches give the others."""
    detector = Detector(0.5, frames, dtype, sparsity)
    found = detector_pass(detector, Deployment(fused=fused))
    answer = diagnose(detector_scenario(detector, fused))
    works = [plan.work for plan in kernel_plans(answer, compute_reach(detector))]
    bound = sum(max(one.compute, one.memory) for one in works)
    assert found.compute + found.memory == pytest.approx(bound, rel=1e-9)
    assert found.activations == pytest.approx(float(answer.footprint.activations))
    assert found.weights == pytest.approx(float(answer.footprint.weights))
    assert found.flops == pytest.approx(float(answer.model_flops) / frames)


def test_a_tracker_adds_to_the_work_of_a_frame():
    plain, drafted = at(), at(frames=4, drafted=True)
    assert drafted.flops - plain.flops == pytest.approx(number("tracker.work"))


def test_a_faster_sensor_could_feed_a_small_detector_in_batches_of_two():
    assert not at(frames=2, drafted=True).rates.exist
    small = Setting(frames=2, drafted=True, dtype="int8", experts=3)
    low, high = loop_at(small, assumed()._replace(gate_error=0.0)).rates
    assert number("loop.rate") < low < high
    assert not loop_at(small, assumed()).rates.exist


def test_experts_buy_the_mean_and_cost_the_worst_frame():
    one, two = at(build=GRAPH), at(build=GRAPH, experts=2)
    assert two.usual.latency < one.usual.latency
    assert two.worst.latency > one.worst.latency
    sure = loop_at(Setting(build=GRAPH, experts=2), assumed()._replace(gate_error=0.0))
    assert sure.worst.latency == pytest.approx(one.worst.latency + number("gate.time"), rel=1e-6)


def test_the_weights_of_all_experts_stay():
    two = at(experts=2)
    passes = [detector_pass(Detector(width), Deployment()).weights for width in (0.5, 1.0)]
    assert two.held.weights == pytest.approx(sum(passes))


def test_int8_reaches_what_is_assumed_of_it():
    whole = at(dtype="int8").usual.network
    less = loop_at(Setting(dtype="int8"), assumed()._replace(int8_reach=0.5)).usual.network
    assert whole < less < at().usual.network * 1.01


def test_two_of_four_go_with_int8_and_single_weights_save_bytes_only():
    """Tensor cores skip two of four at once, and nothing below about nine in ten of single weights."""
    dense = at().usual.network
    two_four, single = at(sparsity="2:4"), at(sparsity="unstructured:0.8")
    assert 1.3 < dense / two_four.usual.network < 1.8
    assert single.usual.network == pytest.approx(dense, rel=0.01)
    assert single.held.weights < two_four.held.weights < at().held.weights
    both = at(sparsity="2:4", dtype="int8").usual.network
    assert both < min(two_four.usual.network, at(dtype="int8").usual.network)


def test_a_set_of_fusions_is_timed_as_it_stands():
    level, nothing = at(build=Deployment(fused="none")), at(build=Deployment(fused=()))
    assert nothing.usual.latency == pytest.approx(level.usual.latency, rel=0.01)
    assert nothing.usual.latency > at().usual.latency


def test_the_search_agrees_with_every_setting_one_by_one():
    found = reached(GRAPH, assumed(), (None,), 2.0)
    loops = [
        at(build=GRAPH, dtype=dtype, experts=experts, frames=frames, drafted=drafted)
        for dtype in ("fp16", "int8")
        for experts in (1, 2, 3)
        for frames, drafted in [(1, False), *((n, True) for n in range(1, MOST_FRAMES + 1))]
    ]
    holding = [loop for loop in loops if loop.holds]
    assert found.settings == len(loops)
    assert found.holding == len(holding)
    assert found.reaching == len([one for one in holding if gain(one, found.reference) >= 2.0])
    assert found.factor == max(gain(one, found.reference) for one in holding)


def test_nothing_may_hold():
    slow = assumed()._replace(int8_reach=0.01)
    build = replace(GRAPH, fused="none")
    found = reached(build, slow, (None,), 100.0)
    assert found.reaching == 0


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"experts": 4}, "experts = 4"),
        ({"experts": 0}, "experts = 0"),
        ({"frames": 9, "drafted": True}, "frames = 9"),
        ({"frames": 2}, "frames = 2"),
    ],
)
def test_a_loop_that_is_not_there_is_refused(setting, message):
    with pytest.raises(DomainError, match=message):
        Setting(**setting)


def test_formats_and_targets_are_refused_by_name():
    with pytest.raises(DomainError, match="dtype"):
        at(dtype="int3")
    with pytest.raises(DomainError, match="target"):
        reached(GRAPH, assumed(), (None,), 0.0)
    with pytest.raises(DomainError, match="width"):
        narrowed(0.3)
