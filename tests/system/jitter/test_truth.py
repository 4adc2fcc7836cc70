"""The truth about a case: within the range of its cause, provable from the trace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ironlaw.registry.pipelines import pipeline_sheet
from ironlaw.system.jitter.board import mask_size
from ironlaw.system.jitter.causes import CARDS, EVIDENCE, Cause
from ironlaw.system.jitter.simulate import deployed
from ironlaw.system.jitter.truth import ALL_KERNELS, case
from jitter_cases import FRAMES, ONE_OF_EACH, run, seeds


def by_name(trace, frame):
    """Total time of each name in a frame [ns]."""
    found: dict[str, int] = {}
    for event in trace.events:
        if event.frame == frame and event.category in ("kernel", "gpu_memcpy"):
            found[event.name] = found.get(event.name, 0) + event.duration
    return found


def growth(cause, seed):
    """How many times longer than without its cause each kernel of the slow frame takes."""
    frame = case(seed, FRAMES).frame
    slow, usual = by_name(run(seed), frame), by_name(run(seed, without=cause), frame)
    return {name: slow[name] / usual[name] for name in usual if name in slow}


def documented():
    """The range of each cause as docs/jitter.md prints it [s]."""
    page = (Path(__file__).parents[3] / "docs/jitter.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([\d.]+) to ([\d.]+) ms \|", page, flags=re.MULTILINE)
    return {Cause(name): (float(low) * 1e-3, float(high) * 1e-3) for name, low, high in rows}


def test_the_page_prints_the_ranges_that_are_drawn():
    found: dict[Cause, list[float]] = {cause: [] for cause in Cause}
    for seed in range(200):
        found[case(seed).cause].append(case(seed).excess)
    for cause, (low, high) in documented().items():
        assert low == pytest.approx(min(found[cause]), rel=0.06)
        assert high == pytest.approx(max(found[cause]), rel=0.06)
    assert set(documented()) == set(Cause)


def test_every_cause_is_drawn_within_its_range():
    sheet, seen = pipeline_sheet("pointpillars"), set()
    for seed in range(200):
        truth = case(seed)
        low, high = (
            sheet.number(f"magnitude.{truth.cause.value}.{end}") for end in ("low", "high")
        )
        assert low <= truth.excess <= high, (seed, truth.cause)
        assert truth.latency > 0.01
        seen.add(truth.cause)
    assert seen == set(Cause)


def test_spikes_of_fifty_milliseconds_are_those_that_can_be():
    for seed in range(60):
        truth = case(seed)
        able = {one.cause for one in truth.possible if one.possible}
        assert truth.cause in able
        if truth.latency > 0.035:
            assert Cause.THROTTLE not in able
            assert Cause.CONTENTION not in able


@pytest.mark.parametrize(("cause", "seed"), ONE_OF_EACH)
def test_keys_are_those_of_the_trace(cause, seed):
    truth = case(seed, FRAMES)
    keys = {event.key for event in run(seed).events} | {ALL_KERNELS}
    assert set(truth.events) <= keys
    assert set(truth.decoys) <= keys
    assert not set(truth.decoys) & set(truth.events) - {ALL_KERNELS}
    assert truth.cause is cause
    assert set(truth.evidence) <= set(EVIDENCE)
    assert truth.fix == CARDS[cause].fix


def test_cases_differ_by_seed_and_by_nothing_else():
    assert case(3) == case(3)
    assert len({(case(seed).cause, case(seed).frame) for seed in range(12)}) > 6


@pytest.mark.parametrize("seed", seeds(Cause.NMS))
def test_too_many_boxes_cost_their_square(seed):
    frame, trace = case(seed, FRAMES).frame, run(seed)
    many, usual = trace.frames[frame].boxes, run(seed, without=Cause.NMS).frames[frame].boxes
    grown = growth(Cause.NMS, seed)
    assert grown["nms_kernel"] == pytest.approx((many / usual) ** 2, rel=0.01)
    assert 1.0 < grown["postprocess_kernels"] < many / usual
    masks = [
        event.args["bytes"]
        for event in trace.events
        if event.frame == frame
        and event.name.startswith("Memcpy DtoH")
        and event.track == "stream 7"
    ]
    assert max(masks) == mask_size(many)
    assert grown["block2.1.conv.conv+norm+relu"] == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("seed", seeds(Cause.CONTENTION))
def test_contention_stretches_what_memory_binds(seed):
    grown = growth(Cause.CONTENTION, seed)
    assert 2.0 < grown["canvas"] < 3.4
    for plan in deployed().kernels:
        if plan.work.memory > plan.work.compute:
            assert grown[plan.name] > 2.0
        elif plan.work.memory < 0.25 * plan.work.compute:
            assert grown[plan.name] == pytest.approx(1.0, abs=1e-3)
    frame = case(seed, FRAMES).frame
    engines = {e.track for e in run(seed).events if e.frame == frame and e.category == "engine"}
    assert engines & {"NVENC", "DLA0", "VIC"}


@pytest.mark.parametrize("seed", seeds(Cause.THROTTLE))
def test_throttling_stretches_arithmetic_by_one_factor_and_lasts(seed):
    truth, clocks = case(seed, FRAMES), run(seed).case.injection.clocks
    grown = growth(Cause.THROTTLE, seed)
    for plan in deployed().kernels:
        if plan.work.memory < 0.25 * plan.work.compute:
            assert grown[plan.name] == pytest.approx(clocks.gpu, rel=0.02)
    assert grown["canvas"] == pytest.approx(clocks.memory, rel=0.02)
    assert truth.events == (ALL_KERNELS,)
    slow = [f for f in run(seed).frames if f.latency > 0.0095]
    assert len(slow) == truth.last - truth.frame + 1 >= FRAMES // 12


@pytest.mark.parametrize("seed", seeds(Cause.ALLOC_FLUSH))
def test_a_flush_is_a_chain_of_calls_and_no_kernel_is_longer(seed):
    truth, trace = case(seed, FRAMES), run(seed)
    calls = [e for e in trace.events if e.frame == truth.frame and e.category == "cuda_runtime"]
    names = [event.name for event in calls]
    first, last = names.index("cudaFree"), len(names) - names[::-1].index("cudaFree")
    assert names[first - 2 : first] == ["cudaMalloc", "cudaDeviceSynchronize"]
    assert names[last] == "cudaMalloc"
    assert set(names[first:last]) == {"cudaFree"}
    spent = sum(event.duration for event in calls[first:last])
    assert spent * 1e-9 > 0.9 * truth.excess
    assert max(growth(Cause.ALLOC_FLUSH, seed).values()) < 1.1
    other = [e for e in trace.events if e.name == "cudaFree" and e.frame != truth.frame]
    assert other == []


@pytest.mark.parametrize("seed", seeds(Cause.NEW_SHAPE))
def test_a_new_shape_loads_and_tries_once(seed):
    truth, trace = case(seed, FRAMES), run(seed)
    trials = {e.frame for e in trace.events if "_tactic" in e.name}
    loads = {e.frame for e in trace.events if e.name == "cuModuleLoadDataEx"}
    assert trials == loads == {truth.frame}
    again = trace.case.injection.again
    shapes = [
        event.args["Input Dims"][1]
        for event in trace.events
        if event.name == "trt::enqueueV3" and event.frame in (truth.frame, again)
    ]
    assert shapes[0] == shapes[1] != [1, 64, 496, 432]
    assert trace.frames[again].latency < 0.01


@pytest.mark.parametrize("seed", seeds(Cause.HOST_STALL, 6))
def test_a_stall_is_seen_where_it_was_captured(seed):
    truth, trace = case(seed, FRAMES), run(seed)
    capture, kind = trace.case.capture, truth.kind
    assert (truth.level == "named") == (capture.sched if kind == "preemption" else capture.gc)
    long = [e for e in trace.events if e.frame == truth.frame and e.duration > 0.03e9]
    seen = {e.category for e in long if not e.name.startswith("ProfilerStep")}
    assert ("sched" in seen) == (capture.sched)
    assert ("python_function" in seen) == (kind == "gc" and capture.gc)
    assert max(growth(Cause.HOST_STALL, seed).values()) < 1.1
