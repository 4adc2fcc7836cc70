"""Networks: published counts, fusion, formats, and what a question about one may hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ironlaw
from ironlaw.base.errors import DomainError, UnknownNameError
from ironlaw.base.number import summed
from ironlaw.explore.sensitivity import scaled_scenario
from ironlaw.registry.chips import chip_names
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.networks import load_network_card, network_names
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.forward import forward_blocks
from ironlaw.system.network_question import load_network
from ironlaw.system.question import scenario
from ironlaw.workload.kernels import kernels
from ironlaw.workload.network import network_flops

CHIP = "h100-sxm"


@pytest.mark.parametrize("name", network_names())
def test_parameters_are_the_authors(name):
    sheet = load_network_card(name).sheet
    assert load_network(name).total_params == sheet.number("parameters.exact")


@pytest.mark.parametrize("name", [n for n in network_names() if n != "voice-detector"])
def test_multiply_adds_are_the_published(name):  # of the detecting branch alone none are
    sheet = load_network_card(name).sheet
    macs = network_flops(load_network(name), 1.0) / 2.0
    assert macs == pytest.approx(sheet.number("macs.published"), rel=0.01)


@pytest.mark.parametrize("name", network_names())
def test_fusion_keeps_flops_and_lowers_traffic(name):
    network = load_network(name)
    totals = []
    for level in FusionLevel:
        blocks = forward_blocks(network, 2.0, Dtype.BF16, level)
        cuts = [(block, kernel) for block in blocks for kernel in kernels(block.graph)]
        totals.append(
            (
                sum(block.count * kernel.flops for block, kernel in cuts),
                sum(block.count * kernel.traffic for block, kernel in cuts),
                sum(block.count for block, _ in cuts),
            )
        )
    none, partial, full = totals
    assert none[0] == pytest.approx(partial[0]) == pytest.approx(full[0])
    assert full[1] <= partial[1] <= none[1]
    assert full[2] <= partial[2] <= none[2]


def test_bottleneck_is_three_kernels_with_the_addition_in_the_last():
    report = ironlaw.diagnose("resnet-50", on=CHIP, batch=8)
    inside = [row.name for row in report.kernels if row.name.startswith("stage1.0")]
    assert [name.rpartition(".")[2] for name in inside] == [
        "conv+norm+relu",
        "conv+norm+relu",
        "conv+norm+add+relu",
    ]
    assert {row.evidence.value for row in report.kernels if row.family == "convolution"} == {
        "borrowed"
    }


@pytest.mark.parametrize("name", network_names())
def test_a_sweep_equals_its_scalars(name):
    batches = np.array([1.0, 8.0, 64.0])
    swept = diagnose(scenario(name, CHIP, batch=batches))
    for index, batch in enumerate(batches):
        one = diagnose(scenario(name, CHIP, batch=float(batch)))
        assert swept.step[index] == one.step
        assert swept.mfu[index] == one.mfu
        assert float(np.broadcast_to(swept.footprint.total, (3,))[index]) == one.footprint.total


@given(st.integers(1, 512), st.sampled_from(["resnet-50", "mobilenet-v2"]))
def test_work_grows_with_the_batch_and_weights_do_not(batch, name):
    one, many = (diagnose(scenario(name, CHIP, batch=b)) for b in (1, batch))
    assert many.model_flops == pytest.approx(batch * one.model_flops)
    assert many.footprint.weights == one.footprint.weights
    assert many.step >= one.step
    assert many.step <= batch * one.step * (1.0 + 1e-9)
    assert 0.0 < many.mfu <= 1.0
    assert 0.0 < many.mbu_useful <= many.mbu_raw <= 1.0


def test_int8_moves_half_the_bytes_of_bf16():
    wide = ironlaw.diagnose("resnet-50", on=CHIP, batch=8)
    narrow = ironlaw.diagnose("resnet-50", on=CHIP, batch=8, dtype="int8")
    assert narrow.diagnosis.traffic == pytest.approx(wide.diagnosis.traffic / 2.0)
    assert narrow.diagnosis.flops == wide.diagnosis.flops
    assert narrow.diagnosis.peak == pytest.approx(2.0 * wide.diagnosis.peak, rel=1e-3)


def test_a_format_that_the_chip_lacks_is_answered_with_the_one_that_runs():
    report = ironlaw.diagnose("mobilenet-v2", on="a100-80gb-sxm", dtype="fp8")
    assert report.diagnosis.scenario.weights is Dtype.BF16
    assert any("has no fp8 arithmetic" in note and "bf16" in note for note in report.notes)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        ({"tp": 8}, "tp = 8 is outside what resnet-50 has: it is one pass over a batch"),
        ({"phase": "decode"}, "phase = 'decode' is outside what resnet-50 has"),
        ({"context": 4096}, "context = 4096 is outside"),
        ({"kv_dtype": "fp8"}, "kv_dtype = 'fp8' is outside"),
        ({"batch": 0}, "batch = 0 is outside the whole numbers from 1"),
        ({"dtype": "int3"}, "dtype = 'int3' is outside the formats fp32, tf32"),
        ({"fusion": "most"}, "fusion = 'most' is outside"),
    ],
)
def test_what_a_network_does_not_have_is_refused(ask, message):
    with pytest.raises(DomainError, match=message.replace("(", r"\(")):
        scenario("resnet-50", CHIP, **ask)


def test_a_network_s_name_is_offered():
    with pytest.raises(UnknownNameError) as error:
        ironlaw.diagnose("resnet50", on=CHIP)
    assert error.value.near[0] == "resnet-50"


def test_a_network_is_no_decoder():
    with pytest.raises(DomainError, match="model = 'resnet-50' is outside the decoders"):
        _ = scenario("resnet-50", CHIP).decoder


def test_the_report_speaks_of_samples():
    report = ironlaw.diagnose("resnet-50", on=CHIP, batch=8)
    data = report.to_dict()
    assert data["samples_per_s"] == pytest.approx(8.0 / data["step_s"])
    assert data["phase"] == "forward"
    assert {"context", "tp", "kv_dtype", "kv_share", "tokens_per_s"}.isdisjoint(data)
    assert "samples/s" in report.table()
    assert "KV share" not in report.table()
    assert sum(row.time for row in report.kernels) == pytest.approx(report.step)


def test_a_network_of_ones_own_is_one_file(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "Mine"\n[graph]\ninputs = { x = [3, 8, 8] }\n'
        'layers = [{ op = "conv", channels = 4, kernel = 3, bias = true }, { op = "global_pool" }]\n'
    )
    report = ironlaw.diagnose(str(path), on=CHIP)
    assert report.diagnosis.scenario.spec.total_params == 4 * 3 * 9 + 4
    assert report.diagnosis.model_flops == 2.0 * 8 * 8 * 4 * 27 + 8 * 8 * 4


@pytest.mark.parametrize("chip", chip_names())
def test_every_network_runs_on_every_chip(chip):
    for name in network_names():
        report = ironlaw.diagnose(name, on=chip)
        assert 0.0 < report.mfu <= 1.0
        assert 0.0 < report.mbu_useful <= report.mbu_raw <= 1.0
        assert report.interval.low <= report.step <= report.interval.high
        assert summed(row.time for row in report.kernels) == pytest.approx(report.step)


@pytest.mark.parametrize("name", network_names())
def test_a_faster_chip_takes_no_longer(name):
    now = diagnose(scenario(name, "jetson-agx-orin"))
    for factors in ({"peak": 2.0}, {"bandwidth": 2.0}):
        assert diagnose(scaled_scenario(now.scenario, **factors)).step <= now.step
    both = diagnose(scaled_scenario(now.scenario, peak=2.0, bandwidth=2.0))
    busy, faster = (
        summed(x.cost.terms.overlapped * x.launches for x in d.launches) for d in (now, both)
    )
    assert faster == pytest.approx(busy / 2.0)


def test_int8_is_answered_end_to_end_on_the_jetson():
    half, quarter = (
        ironlaw.diagnose("resnet-50", on="jetson-agx-orin", batch=8, dtype=d)
        for d in ("fp16", "int8")
    )
    assert quarter.diagnosis.traffic == pytest.approx(half.diagnosis.traffic / 2.0)
    assert 0.5 * half.step <= quarter.step < half.step
    assert quarter.to_dict()["dtype"] == "int8"
