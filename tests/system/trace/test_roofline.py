"""A trace on a roof: times are conserved, kernels find their operators, what is not known is said."""

from __future__ import annotations

import math

import pytest

from ironlaw.registry.chips import load_chip
from ironlaw.system.trace.read import read
from ironlaw.system.trace.roofline import trace_roofline
from trace_files import CALL, KERNEL, OP, SHARED, put, whole

CHIP = load_chip("v100-sxm2")
LINEAR = {
    "ph": "X",
    "cat": "cpu_op",
    "name": "aten::linear",
    "pid": 7,
    "tid": 8,
    "ts": 90,
    "dur": 60,
    "args": {"Input Dims": [[64, 32], [16, 32]], "Input type": ["float", "float"]},
}
ADDMM = {
    **OP,
    "name": "aten::mm",
    "ts": 100,
    "dur": 20,
    "args": {
        "External id": 3,
        "Input Dims": [[64, 32], [32, 16]],
        "Input type": ["float", "float"],
    },
}
FLOPS, TRAFFIC = 2.0 * 64 * 32 * 16, 4.0 * (64 * 32 + 32 * 16 + 64 * 16)
COPY = {**KERNEL, "cat": "gpu_memcpy", "name": "Memcpy HtoD", "ts": 400, "dur": 25}


def roofline(tmp_path, *events):
    return trace_roofline(read(put(tmp_path / "trace.json", whole(list(events)))), CHIP)


def test_a_kernel_belongs_to_the_operator_that_does_the_work(tmp_path):
    found = roofline(tmp_path, LINEAR, ADDMM, CALL, KERNEL, COPY)
    (point,) = found.points
    assert (point.name, point.n_calls) == ("aten::mm", 1)
    assert (point.flops, point.traffic) == (FLOPS, TRAFFIC)
    assert point.time == pytest.approx(50e-6)
    assert point.share == pytest.approx(50 / 75)
    assert point.intensity == FLOPS / TRAFFIC
    assert point.flop_rate == pytest.approx(FLOPS / 50e-6)
    assert point.roof_time == pytest.approx(TRAFFIC / CHIP.bandwidth)
    assert not point.compute_bound
    assert found.on_device
    assert [(one.name, one.share) for one in found.underived] == [
        ("Memcpy HtoD", pytest.approx(1 / 3))
    ]


def test_a_kernel_without_a_call_is_joined_by_its_external_id(tmp_path):
    alone = {**KERNEL, "args": {"External id": 3, "stream": 13}}
    (point,) = roofline(tmp_path, ADDMM, alone).points
    assert (point.name, point.time) == ("aten::mm", pytest.approx(50e-6))


def test_a_kernel_of_nobody_is_said(tmp_path):
    lone = {**KERNEL, "args": {"stream": 13}}
    (underived,) = roofline(tmp_path, ADDMM, lone).underived
    assert underived.share == 1.0
    assert "no operator" in underived.reason


def test_all_kernels_of_a_call_are_one_call(tmp_path):
    second = {**KERNEL, "ts": 200, "name": "reduce"}
    (point,) = roofline(tmp_path, ADDMM, CALL, KERNEL, second).points
    assert (point.n_calls, point.flops) == (1, FLOPS)
    assert point.time == pytest.approx(100e-6)


def test_on_the_host_an_operator_has_its_own_time(tmp_path):
    found = roofline(tmp_path, LINEAR, ADDMM)
    (point,) = found.points
    assert point.time == pytest.approx(20e-6)
    (handed_on,) = found.underived
    assert handed_on.name == "aten::linear"
    assert handed_on.time == pytest.approx(40e-6)
    assert "hands its work" in handed_on.reason
    assert not found.on_device
    assert any("no device work" in note for note in found.notes)


def test_without_shapes_everything_is_said_to_be_unknown(tmp_path):
    bare = {key: value for key, value in ADDMM.items() if key != "args"}
    found = roofline(tmp_path, bare)
    assert found.points == ()
    assert "record_shapes" in found.underived[0].reason
    assert found.derived_share == 0.0


def test_no_operators_at_all(tmp_path):
    found = roofline(tmp_path)
    assert (found.time, found.points, found.underived) == (0.0, (), ())


def test_a_format_that_the_chip_does_not_have_has_no_roof(tmp_path):
    args = {"Input Dims": [[64, 32], [32, 16]], "Input type": ["double", "double"]}
    (point,) = roofline(tmp_path, {**ADDMM, "args": args}).points
    assert point.roof_time is None
    assert point.of_roof is None


@pytest.fixture(scope="module")
def real():
    if not SHARED.exists():
        pytest.skip("the traces of ../shared are not here")
    (path,) = (SHARED / "gpu").glob("*workers_0*.json.gz")
    return trace_roofline(read(path), CHIP)


def test_the_shares_of_a_real_trace_are_all_its_time(real):
    shares = [one.share for one in (*real.points, *real.underived)]
    assert math.fsum(shares) == pytest.approx(1.0)
    assert real.derived_share > 0.75
    assert real.on_device


def test_the_convolutions_of_a_real_trace_are_those_of_resnet_50(real):
    """Six steps of 32 images: 4.09 GMAC an image (he-2016), of which the last layer has 2 M."""
    forward = [point.flops for point in real.points if point.name == "aten::cudnn_convolution"]
    assert math.fsum(forward) / (6 * 32) == pytest.approx(2 * 4.087e9, rel=0.005)


def test_additions_of_a_real_trace_run_at_the_memorys_roof(real):
    large = [p for p in real.points if p.name == "aten::add_" and p.traffic / p.n_calls > 1e8]
    assert large
    assert all(0.8 < point.of_roof <= 1.0 for point in large)
