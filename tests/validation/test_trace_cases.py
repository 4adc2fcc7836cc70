"""The audit on real traces with known spikes, and on real ones whose kernel was made longer here."""

from __future__ import annotations

import json

import pytest

import ironlaw
from lengthened_kernel import lengthened

CLASSES = {
    "c01_new_shape": ({"op_slow_new_shape"}, "convolution", "named"),
    "c02_gc_stack": ({"gc"}, "collect", "named"),
    "c04_page_fault": ({"op_extra"}, "aten::fill_", "named"),
    "c07_more_work": ({"more_ops"}, "aten::", "named"),
    "c10_loader_late": ({"wait_other_thread"}, "before net", "located"),
}
SIMULATED = {
    "kernel_slow": ("kernel_slow", "conv_fprop_6"),
    "host_gap_mid": ("host_gap", "after aten::conv"),
    "malloc": ("alloc_sync", "cudaMalloc"),
    "copy_stream": ("copy_wait", "Memcpy HtoD"),
    "more_kernels": ("more_ops", "nms_iou_kernel"),
    "slow_dispatch": ("op_extra", "aten::to"),
    "host_stall_start": ("host_gap", "at the start of the frame"),
}


@pytest.fixture(scope="module")
def traces(shared):
    folder = shared / "traces"
    if not folder.is_dir():
        pytest.skip(f"no {folder}: the recorded traces are not here")
    return folder


def test_the_control_has_no_spike(traces):
    report = ironlaw.audit(traces / "cases/c00_control.pt.trace.json.gz")
    assert report.audit.distribution.n_frames == 300
    assert report.spikes == ()


@pytest.mark.parametrize("case", CLASSES)
def test_injected_spikes_are_found_classed_and_named(traces, case):
    classes, culprit, evidence = CLASSES[case]
    truth = json.loads((traces / f"cases/{case}.truth.json").read_text())
    report = ironlaw.audit(traces / f"cases/{case}.pt.trace.json.gz")
    latencies = report.audit.frames.latencies
    visible = [
        frame
        for frame in truth["injected_frames"]
        if latencies[frame] > report.audit.outliers.threshold
    ]
    assert len(visible) >= len(truth["injected_frames"]) - 1
    found = {spike.frame: spike for spike in report.spikes}
    for frame in visible:
        spike = found[frame]
        assert spike.verdict.cause.value in classes
        assert culprit in spike.verdict.culprit
        assert spike.verdict.evidence.value == evidence
        assert sum(segment.time for segment in spike.seen.segments) == latencies[frame]
    for frame in set(found) - set(visible):  # the machine's own noise
        assert found[frame].verdict.evidence.value == "located"


def test_what_stays_below_the_threshold_is_found_by_a_deadline(traces):
    path = traces / "cases/c07_more_work.pt.trace.json.gz"
    assert 282 not in {spike.frame for spike in ironlaw.audit(path).spikes}
    judged = {spike.frame: spike.verdict for spike in ironlaw.audit(path, deadline="9.2ms").spikes}
    assert judged[282].cause.value == "more_ops"


def test_every_cause_of_the_queueing_simulation_is_found(traces):
    truth = json.loads((traces / "cases/gpusim.truth.json").read_text())
    report = ironlaw.audit(traces / "cases/gpusim.json.gz")
    said = {spike.frame: spike.verdict for spike in report.spikes}
    assert set(said) == set(map(int, truth))
    for frame, fault in truth.items():
        cause, culprit = SIMULATED[fault]
        assert said[int(frame)].cause.value == cause
        assert culprit in said[int(frame)].culprit


@pytest.mark.parametrize("workers", [0, 4])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_lengthened_kernel_is_among_the_first_two(traces, tmp_path, workers, seed):
    source = next((traces / "gpu").glob(f"*num_workers_{workers}_*"))
    name = lengthened(source, tmp_path / "t.json.gz", longer=150_000, seed=seed)
    report = ironlaw.audit(tmp_path / "t.json.gz")
    assert report.spikes
    assert name in [suspect.culprit for suspect in report.spikes[0].suspects[:2]]
    assert any("too few" in remark for remark in report.remarks)
