"""The energy of a step: the dossier's networks on the glasses, conservation, and what is not known."""

from __future__ import annotations

import json

import pytest

from ironlaw.registry.chips import chip_names, load_chip
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.energy import step_energy, step_energy_or_reason
from ironlaw.system.question import scenario

NETWORKS = ("depthwise-filter-720p", "ocr-stack", "segmenter-512", "translator-60m")


def step(network, chip="ar-glasses", **ask):
    return step_energy(diagnose(scenario(network, chip, **ask)))


def dynamic(network, fusion, dtype):
    """Joules of a sample, what idles aside."""
    terms = step(network, fusion=fusion, dtype=dtype).terms
    return terms.total - terms.static


@pytest.mark.parametrize(
    ("fusion", "dtype", "watts"),
    [
        ("none", "fp16", "4.4"),
        ("full", "fp16", "1.40"),
        ("none", "int8", "2.1"),
        ("full", "int8", "0.62"),
    ],
)
def test_the_filter_at_60_frames_a_second(fusion, dtype, watts):
    decimals = len(watts.partition(".")[2])
    drawn = 60.0 * dynamic("depthwise-filter-720p", fusion, dtype)
    assert f"{drawn:.{decimals}f}" == watts


@pytest.mark.parametrize(
    ("network", "row"),
    [("depthwise-filter-720p", "mobile_hd_filter"), ("ocr-stack", "mobile_ocr_dense")],
)
def test_networks_of_the_dossier(network, row, shared):
    path = shared / "facts" / "mobile_tiny_fleet.json"
    if not path.is_file():
        pytest.skip(f"no {path}: the dossier is not here")
    facts = json.loads(path.read_text(encoding="utf-8"))[row]
    for name, fusion in (("none", "none"), ("fused", "full")):
        for dtype in ("fp16", "int8"):
            expected = facts[f"{dtype}_{name}"] * 1e-6
            # the pointwise operators and their additions are not counted there
            assert dynamic(network, fusion, dtype) == pytest.approx(expected, rel=0.006)
        moved = float(diagnose(scenario(network, "ar-glasses", fusion=fusion)).traffic)
        assert moved == pytest.approx(facts[f"dram_MB_fp16_{name}"] * 1e6, rel=1e-3)


def test_the_translator_reads_the_weights_of_its_memory_once():
    # the dossier's decoder reads the matrices of the cross attention's keys and values at each of 24 tokens
    again = 23 * 6 * 2 * 512 * 512 * 2.0
    moved = float(diagnose(scenario("translator-60m", "ar-glasses", fusion="none")).traffic)
    assert moved + again == pytest.approx(2045.1e6, rel=0.01)
    found = dynamic("translator-60m", "none", "fp16") + again * 40e-12
    assert found == pytest.approx(85996.6e-6, rel=0.01)


@pytest.mark.parametrize(("dtype", "total"), [("fp16", 6135.9e-6), ("int8", 2616.0e-6)])
def test_the_segmenter_unfused(dtype, total):
    assert dynamic("segmenter-512", "none", dtype) == pytest.approx(total, rel=1e-3)


@pytest.mark.parametrize(
    ("network", "fusion_wins"),
    [("depthwise-filter-720p", True), ("ocr-stack", False), ("translator-60m", False)],
)
def test_fusion_or_precision(network, fusion_wins):
    fused, narrow = dynamic(network, "full", "fp16"), dynamic(network, "none", "int8")
    assert (fused < narrow) is fusion_wins


@pytest.mark.parametrize("network", NETWORKS)
def test_a_step_is_its_kernels_and_what_idles(network):
    answer = diagnose(scenario(network, "ar-glasses"))
    found = step_energy(answer)
    assert found.total - found.terms.static == pytest.approx(sum(k.total for k in found.kernels))
    assert found.terms.static == pytest.approx(0.15 * float(answer.step))
    assert found.power == pytest.approx(found.total / float(answer.step))
    moved = float(answer.traffic) * 40e-12
    assert found.terms.levels[found.levels.index("memory")] == pytest.approx(moved)


def test_chips_of_a_node_add_up():
    one = step("llama-3-70b", "h100-sxm", tp=8, batch=16)
    answer = diagnose(scenario("llama-3-70b", "h100-sxm", tp=8, batch=16))
    assert one.chips == 8
    assert one.total == pytest.approx(
        8 * (sum(k.total for k in one.kernels) + 70.0 * float(answer.step))
    )
    assert one.per_output == pytest.approx(one.total / 16)
    staged = step("llama-3-70b", "h100-sxm", tp=4, pp=2, batch=16)
    assert staged.chips == 8
    assert staged.terms.compute == pytest.approx(one.terms.compute, rel=0.01)


@pytest.mark.parametrize("name", chip_names())
def test_mean_power_stays_below_the_printed_one(name):
    chip = load_chip(name)
    found = step_energy_or_reason(diagnose(scenario("mobilenet-v2", name, batch=16)))
    if isinstance(found, str):
        assert f"the file of {name} names no" in found
        return
    if name != "ar-glasses":  # whose printed power is that of the wearer's skin
        assert float(found.power) <= chip.tdp
    assert float(found.power) > chip.idle_power


def test_a_microcontroller_that_waits_for_its_memory_draws_its_active_power():
    answer = diagnose(scenario("tinylstm", "esp32"))
    found = step_energy(answer)
    assert float(found.power) == pytest.approx(0.16)
    assert found.terms.static > 0.5 * found.total  # the memory binds, and the core burns meanwhile
