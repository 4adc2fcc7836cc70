"""What made a frame late: every class of the contract on staged traces whose culprit is known."""

from __future__ import annotations

import random

import pytest

from ironlaw.system.audit.causes import Cause, Evidence
from ironlaw.system.audit.verdict import NoFramesError, audit_trace
from ironlaw.system.audit.witnesses import Shapes, elements
from staged_traces import HostNetwork, Recorder, staged

MS = 1_000_000
LAYER, OPERATOR = "layer", "operator"
DEVICE = {  # fault: class, what the culprit's name holds, evidence
    "kernel": (Cause.KERNEL_SLOW, LAYER, Evidence.NAMED),
    "new_kernel": (Cause.KERNEL_NEW, "autotune_trial", Evidence.NAMED),
    "load": (Cause.KERNEL_NEW, "cuModuleLoadDataEx", Evidence.NAMED),
    "more_kernels": (Cause.MORE_OPS, "nms_iou_kernel", Evidence.NAMED),
    "launch_call": (Cause.LAUNCH_GAP, "cudaLaunchKernel", Evidence.NAMED),
    "late_start": (Cause.LAUNCH_GAP, LAYER, Evidence.NAMED),
    "gap": (Cause.HOST_GAP, OPERATOR, Evidence.LOCATED),
    "gap_start": (Cause.HOST_GAP, "at the start of the frame", Evidence.LOCATED),
    "sleep": (Cause.HOST_GAP, "sleep", Evidence.NAMED),
    "collect": (Cause.GC, "collect", Evidence.NAMED),
    "loader": (Cause.WAIT_OTHER_THREAD, "decode on loader", Evidence.NAMED),
    "off_core": (Cause.PREEMPTION, "off its core in", Evidence.NAMED),
    "cudaMalloc": (Cause.ALLOC_SYNC, "cudaMalloc", Evidence.NAMED),
    "cudaFree": (Cause.ALLOC_SYNC, "cudaFree", Evidence.NAMED),
    "copy": (Cause.COPY_WAIT, "Memcpy HtoD", Evidence.NAMED),
    "extra": (Cause.OP_EXTRA, "aten::index_put_", Evidence.NAMED),
}
SEEDS = range(4)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fault", DEVICE)
def test_a_fault_beside_a_device_is_found_classed_and_named(fault, seed):
    cause, named, evidence = DEVICE[fault]
    pipeline, at, layer = staged(seed, fault)
    audit = audit_trace(pipeline.recorder.trace())
    assert [spike.frame for spike in audit.spikes] == at
    wanted = {LAYER: layer, OPERATOR: f"before aten::{layer.split('_')[0]}"}.get(named, named)
    for spike in audit.spikes:
        assert spike.verdict.cause is cause
        assert wanted in spike.verdict.culprit
        assert spike.verdict.evidence is evidence
        assert spike.explained > 0.8
        assert sum(segment.time for segment in spike.seen.segments) == spike.latency
    assert [finding.frames for finding in audit.findings] == [tuple(at)]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("fault", "factor"), [("stretch", 1.8), ("memory", 1.0)])
def test_a_slow_machine_is_told_from_a_slow_kernel(fault, factor, seed):
    pipeline, at, _ = staged(seed, fault, factor=factor)
    trace = pipeline.recorder.trace()
    usual = audit_trace(trace).distribution.median
    audit = audit_trace(trace, deadline=1.2 * usual)
    assert {spike.frame for spike in audit.spikes} == set(at)
    assert {spike.verdict.cause for spike in audit.spikes} == {Cause.MACHINE_STRETCH}
    said = audit.spikes[0].verdict.words
    assert ("what memory binds" in said) is (fault == "memory")


@pytest.mark.parametrize("seed", SEEDS)
def test_throttling_alone_makes_no_large_spike_and_the_audit_says_so(seed):
    pipeline, at, _ = staged(seed, "cudaFree", spikes=1)
    audit = audit_trace(pipeline.recorder.trace())
    assert any(f"throttling alone cannot make frame {at[0]}" in remark for remark in audit.remarks)
    assert audit.spikes[0].pace == pytest.approx(1.0, abs=0.1)


HOST = {
    "shape": (Cause.OP_SLOW_NEW_SHAPE, "convolution", 4),
    "op": (Cause.OP_SLOW_SAME_SHAPE, "aten::batch_norm", 40),
    "stall": (Cause.PREEMPTION, "aten::", 20 * MS),
    "gap": (Cause.HOST_GAP, "before aten::select", 15 * MS),
    "fill": (Cause.OP_EXTRA, "aten::fill_", 20 * MS),
    "more": (Cause.MORE_OPS, "aten::", 80),
    "stretch": (Cause.MACHINE_STRETCH, "the whole machine", 0),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fault", HOST)
def test_a_fault_on_the_host_alone_is_found_classed_and_named(fault, seed):
    cause, named, size = HOST[fault]
    network, drawn = HostNetwork(seed), random.Random(seed + 99)  # noqa: S311 - seeded, for tests
    at = sorted(drawn.sample(range(10, 120), 4))
    for index in range(120):
        late = index in at
        shape = 100 + index if late and fault == "shape" else 96
        network.frame(fault=fault if late else "", size=size, shape=shape)
    audit = audit_trace(network.recorder.trace())
    assert [spike.frame for spike in audit.spikes] == at
    assert {spike.verdict.cause for spike in audit.spikes} == {cause}
    assert all(named in spike.verdict.culprit for spike in audit.spikes)


def test_an_operator_that_stalls_again_and_again_is_not_interrupted():
    network = HostNetwork(1)
    for index in range(120):
        network.frame(fault="op" if index in {20, 50, 80, 90} else "", size=1)
    slow = HostNetwork(1)
    for index in range(120):
        slow.frame(fault="relu" if index in {20, 50, 80, 90} else "", size=9 * MS)
    assert audit_trace(network.recorder.trace()).spikes == ()
    audit = audit_trace(slow.recorder.trace())
    assert {spike.verdict.cause for spike in audit.spikes} == {Cause.OP_SLOW_SAME_SHAPE}
    assert audit.findings[0].evidence is Evidence.NAMED
    assert "more often than chance" in audit.findings[0].words


def test_what_would_have_decided_it_is_said():
    pipeline, _, _ = staged(0, "gap")
    verdict = audit_trace(pipeline.recorder.trace()).spikes[0].verdict
    for option in ("with_stack", "record_python_gc_info", "profile_all_threads", "nsys --cpuctxsw"):
        assert option in verdict.wanted


def test_a_calm_trace_has_no_spike():
    pipeline, _, _ = staged(5, "", spikes=0)
    audit = audit_trace(pipeline.recorder.trace())
    assert audit.spikes == ()
    assert audit.findings == ()
    assert audit.typical.latency > 0


def test_parts_of_the_excess_add_up():
    pipeline, _, _ = staged(2, "cudaFree")
    audit = audit_trace(pipeline.recorder.trace())
    usual = sum(normal.path for normal in audit.normal.values())
    for spike in audit.spikes:
        assert sum(one.total for one in spike.excesses) == pytest.approx(
            spike.latency - usual, rel=1e-9
        )


def test_a_trace_in_which_nothing_repeats_is_refused_with_advice():
    recorder = Recorder()
    recorder.add("cpu_op", "aten::add", ("1", "1"), 0, 10)
    with pytest.raises(NoFramesError, match="annotate each frame with record_function"):
        audit_trace(recorder.trace())


def test_a_shape_that_changes_from_call_to_call_is_no_news():
    shapes = Shapes(
        recorded=True, usual={"nms": frozenset({"[[8, 9]]"})}, largest={"nms": elements("[[8, 9]]")}
    )
    assert not shapes.is_new("nms", "[[7, 9]]")
    assert shapes.is_new("nms", "[[80, 9]]")
    assert shapes.is_new("conv", "[[1, 3, 8, 8]]")
    assert not shapes.is_new("conv", "")
    assert elements("[[2, 3, 4], [], [5]]") == 24
