"""Chips: what vendors printed, files of one's own, and names that do not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ironlaw.base.errors import DomainError, FactError, UnknownNameError
from ironlaw.registry.chips import CHIP_KINDS, chip_names, load_chip, rate_evidence, scaled_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.facts import KINDS, data_folder, sources
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario
from silicon_names import CHIPS

ROOT = Path(__file__).resolve().parents[2]


def printed(chip: str) -> str:
    return data_folder().joinpath("chips", f"{chip}.toml").read_text(encoding="utf-8")


@pytest.fixture
def own_chip(tmp_path):
    """A function that writes a chip file of one's own, with some lines of the H100's changed."""

    def write(*changes: tuple[str, str], name: str = "my-chip") -> str:
        text = printed("h100-sxm")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.mark.parametrize(
    ("chip", "bf16", "bandwidth", "capacity", "l2", "n_sm"),
    [
        # the vendors' datasheets, dense rates
        ("a100-80gb-sxm", 312e12, 2.039e12, 80e9, 40e6, 108),
        ("h100-sxm", 989.4e12, 3.35e12, 80e9, 50e6, 132),
        ("h200-sxm", 989.4e12, 4.8e12, 141e9, 50e6, 132),
        ("b200-sxm", 2250e12, 8e12, 180e9, 126e6, 148),
        ("l40s", 362.05e12, 864e9, 48e9, 96e6, 142),
    ],
)
def test_datasheet_rows(chip, bf16, bandwidth, capacity, l2, n_sm):
    found = load_chip(chip)
    assert found.peak(Dtype.BF16) == bf16
    assert (found.bandwidth, found.capacity) == (bandwidth, capacity)
    assert (found.l2_capacity, found.n_sm) == (l2, n_sm)


@pytest.mark.parametrize("chip", chip_names())
def test_a_chip_is_described_in_order(chip):
    found = load_chip(chip)
    assert found.name == chip
    assert found.kind in CHIP_KINDS
    assert found.architecture
    assert found.levels[-1].name == found.memory
    assert found.levels[-1].capacity == found.capacity
    rates = [level.bandwidth for level in found.levels if level.bandwidth is not None]
    assert rates == sorted(rates, reverse=True)
    assert rates[-1] <= found.bandwidth <= rates[0]
    if found.node_size > 1:
        assert found.bandwidth > found.link_bandwidth > 0.0
    if found.eager_dispatch is not None:
        assert found.eager_dispatch > found.stream_dispatch > found.graph_dispatch > 0.0


@pytest.mark.parametrize("chip", chip_names())
def test_every_fact_has_a_unit_a_kind_a_date_and_a_source(chip):
    sheet = load_chip(chip).sheet
    facts = sheet.facts
    assert facts
    assert not sheet.own_sources  # the registry's stand in one file
    for fact in facts.values():
        assert fact.unit
        assert fact.kind in KINDS
        assert fact.source in sources()
        assert fact.where
        assert fact.date


def test_names_and_aliases_stand_for_one_chip():
    aliases = [alias for name in chip_names() for alias in load_chip(name).aliases]
    assert len(set(aliases)) == len(aliases)
    assert not set(aliases) & set(chip_names())
    assert load_chip("a100-sxm").name == "a100-80gb-sxm"
    measured = [load_chip(name).measured_name for name in chip_names()]
    known = [name for name in measured if name is not None]
    assert len(set(known)) == len(known)
    assert CHIPS.items() <= {load_chip(n).measured_name: n for n in chip_names()}.items()


def test_what_a_chip_computes_in():
    assert load_chip("v100-sxm2").runs(Dtype.BF16) is Dtype.FP16
    assert load_chip("h100-sxm").runs(Dtype.BF16) is Dtype.BF16
    assert load_chip("a100-80gb-sxm").runs(Dtype.FP8) is Dtype.BF16
    assert load_chip("a100-80gb-sxm").runs(Dtype.INT4) is Dtype.BF16  # of weights only
    assert load_chip("a100-80gb-sxm").peak(Dtype.INT4) == 1248e12  # though the sheet names a rate
    assert load_chip("h100-sxm").runs(Dtype.NVFP4) is Dtype.BF16


def test_a_bf16_model_runs_in_fp16_and_says_so():
    asked = scenario("llama-3-8b", "v100-sxm2", batch=1, context=1024)
    assert (asked.weights, asked.cache) == (Dtype.FP16, Dtype.FP16)
    assert "v100-sxm2 has no bf16 arithmetic: the weights are in fp16 instead" in asked.notes
    found = diagnose(asked)
    assert found.peak == load_chip("v100-sxm2").peak(Dtype.FP16)
    assert found.footprint.weights == pytest.approx(2.0 * 8.03e9, rel=0.001)


@pytest.mark.parametrize("chip", chip_names())
@pytest.mark.parametrize("fusion", ["none", "partial", "full"])
def test_every_chip_answers(chip, fusion):
    found = diagnose(scenario("llama-3-8b", chip, batch=1, context=1024, fusion=fusion))
    own = load_chip(chip)
    assert found.step >= found.traffic / own.bandwidth
    assert (found.spare < 0.0) == (found.footprint.total > own.capacity)
    assert found.footprint.weights == pytest.approx(16.06e9, rel=0.001)
    doubt = any("rates" in note and chip in note for note in found.scenario.notes)
    assert doubt == (rate_evidence(own, own.runs(Dtype.BF16)) in ("recalled", "assumption"))


@pytest.mark.parametrize(
    ("chip", "note"),
    [
        ("jetson-agx-orin", "has no bf16 arithmetic: the weights are in fp16 instead"),
        (
            "raspberry-pi-5",
            "has no bf16 arithmetic: the weights are in bf16, the arithmetic in fp32",
        ),
        ("ndp120", "has no bf16 arithmetic: the weights are in bf16, the arithmetic in int8"),
    ],
)
def test_what_a_chip_lacks_is_said_aloud(chip, note):
    assert f"{chip} {note}" in scenario("llama-3-8b", chip).notes


def test_a_chip_without_links_has_no_tensor_parallelism():
    asked = scenario("llama-3-8b", "jetson-agx-orin", tp=2)
    with pytest.raises(DomainError, match="tp = 2 is outside 1: jetson-agx-orin has no links"):
        diagnose(asked)


def test_a_launch_of_which_nothing_is_recorded_is_refused_and_never_taken():
    with pytest.raises(
        DomainError, match="launch = 'eager' is outside what is recorded of esp32: graph"
    ):
        diagnose(scenario("llama-3-8b", "esp32", launch="eager"))
    usual = scenario("llama-3-8b", "esp32", fusion="none")
    assert "no eager launch time is recorded of esp32: kernels are launched by graph" in usual.notes


def test_a_call_is_paid_once_a_step():
    phone = diagnose(scenario("llama-3-8b", "apple-a17-pro-ane"))
    assert phone.exposed_dispatch == pytest.approx(150e-6)
    assert diagnose(scenario("llama-3-8b", "h100-sxm")).exposed_dispatch == 0.0


def documented_chip() -> str:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    return next(block for block in blocks if "[peak]" in block)


def test_the_documented_chip_is_one_path_and_no_code(tmp_path):
    path = tmp_path / "vendor-chip.toml"
    path.write_text(documented_chip(), encoding="utf-8")
    chip = load_chip(str(path))
    assert (chip.name, chip.kind, chip.architecture) == ("vendor-chip", "cloud", "vendor-2")
    assert chip.peaks == {Dtype.FP32: 60e12, Dtype.BF16: 900e12}
    assert chip.sparse_peaks == {Dtype.BF16: 1800e12}
    assert (chip.n_sm, chip.link_bandwidth, chip.node_size) == (None, None, 1)
    assert [level.name for level in chip.levels] == ["L2", "HBM3"]
    assert chip.sheet.source("vendor-chip-sheet").publisher == "Vendor"
    found = diagnose(scenario("llama-3-8b", str(path), dtype="fp8"))
    assert (
        "vendor-chip has no fp8 arithmetic: the weights are in bf16 instead" in found.scenario.notes
    )
    assert found.spare > 0.0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[sources.vendor-chip-sheet]", "[sources.other]", "source 'vendor-chip-sheet' is not in"),
        ('publisher = "Vendor"', "", r"vendor-chip\.sources\.vendor-chip-sheet: lacks publisher"),
        ("[peak]", "[peaks]", r"vendor-chip\.peaks\.fp32: is not a fact of a chip; groups: peak"),
        ("value = 600,", 'value = "600",', r"vendor-chip\.power\.tdp: value '600' is not a number"),
        ("value = 600,", "value = nan,", r"vendor-chip\.power\.tdp: value nan is not a number"),
        ('unit = "W"', 'unit = "G"', r"vendor-chip\.power\.tdp: unit = 'G' is outside the units"),
        ('"assumption"', '"guess"', r"dispatch\.stream: kind 'guess' is not one of measured"),
        ('"2026-01"', '"January"', r"date 'January' is not YYYY-MM"),
    ],
)
def test_a_fault_in_the_documented_chip_is_named(tmp_path, old, new, message):
    path = tmp_path / "vendor-chip.toml"
    assert old in documented_chip()
    path.write_text(documented_chip().replace(old, new), encoding="utf-8")
    with pytest.raises(FactError, match=message):
        load_chip(str(path))


def test_a_format_that_a_chip_lacks_is_refused():
    with pytest.raises(DomainError, match="dtype = 'fp8' is outside the formats of a100-80gb-sxm"):
        load_chip("a100-80gb-sxm").peak(Dtype.FP8)


@pytest.mark.parametrize(("written", "near"), [("h100-smx", "h100-sxm"), ("b200_smx", "b200-sxm")])
def test_unknown_chips_are_offered_the_nearest(written, near):
    with pytest.raises(UnknownNameError, match=f"did you mean .*{near!r}") as error:
        load_chip(written)
    assert near in error.value.near


def test_scaling_leaves_the_rest():
    old = load_chip("h100-sxm")
    new = scaled_chip(old, peak=2.0, bandwidth=0.5)
    assert new.bandwidth == 3.35e12 / 2
    assert {dtype: rate / 2 for dtype, rate in new.peaks.items()} == old.peaks
    assert (new.capacity, new.n_sm, new.link_bandwidth) == (80e9, 132, 450e9)


def test_a_chip_of_ones_own_borrows_from_its_architecture_and_says_so(own_chip):
    asked = scenario("llama-3-8b", own_chip(("3.35,", "1.675,")), batch=1, context=1024)
    assert asked.chip.name == "my-chip"
    assert asked.chip.bandwidth == 1.675e12
    assert (asked.calibration.chip, asked.calibration.lent_to) == ("h100-sxm", "my-chip")
    assert asked.calibration.reference.bandwidth == 1.675e12
    assert asked.notes == ("nothing was measured on my-chip: it borrows the constants of H100 SXM",)
    found = diagnose(asked)
    assert found.step > found.traffic / 1.675e12


def test_a_file_named_like_a_chip_does_not_borrow_its_measurements(own_chip):
    half = own_chip(("3.35,", "1.675,"), name="h100-sxm")
    asked = scenario("llama-3-8b", half, batch=1, context=1024)
    assert asked.calibration.lent_to == "h100-sxm"
    assert asked.calibration.reference.bandwidth == 1.675e12
    assert asked.notes


def test_a_chip_of_an_unknown_architecture_falls_back_to_the_roofline_and_says_so(own_chip):
    alone = own_chip(('architecture = "hopper"', 'architecture = "abacus"'))
    asked = scenario("llama-3-8b", alone, batch=1, context=1024)
    assert asked.calibration is None
    assert asked.notes == ("nothing was measured on my-chip: times are the roofline's",)


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(FactError, match=r"nowhere/chip\.toml: there is no such file"):
        load_chip("nowhere/chip.toml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "NVIDIA H100 SXM5 80GB"', "", r"my-chip\.title: the text is missing"),
        ("bandwidth = { value = 3.35", "width = { value = 3.35", r"memory\.width: .*memory knows"),
        (
            'bandwidth = { value = 3.35, unit = "TB/s" }',
            "",
            r"memory\.bandwidth: .*missing: .* B/s",
        ),
        ('class = "cloud"', "", r"my-chip\.class: .*missing: one of cloud, edge, mobile, tiny"),
        ('class = "cloud"', 'class = "moon"', r"my-chip\.class: 'moon' is not one of cloud"),
        ("[power]", "[powr]", r"powr\.tdp: is not a fact of a chip; groups: .*power"),
        (
            'link_name = "NVLink 4"',
            'linkname = "NVLink 4"',
            r"my-chip\.linkname: .*known: .*link_name",
        ),
        (
            "[link]\nbandwidth",
            "[detail]\nbandwidth",
            r"my-chip\.link\.bandwidth: the fact is missing",
        ),
        ("bf16 =", "bf17 =", r"my-chip\.peak\.bf17: is not a known number format"),
        ('value = 3.35, unit = "TB/s"', "value = 3.35", r"memory\.bandwidth: lacks unit"),
        ("value = 3.35,", "value = -3.35,", r"memory\.bandwidth"),
        ("value = 3.35,", "value = 0,", r"memory\.bandwidth"),
        ('3.35, unit = "TB/s"', '3.35, unit = "TB"', r"memory\.bandwidth"),
        ("value = 132,", "value = 132.5,", r"sm\.count"),
    ],
    ids=[
        "no title",
        "an unknown fact",
        "no bandwidth",
        "no class",
        "an unknown class",
        "an unknown group",
        "an unknown text",
        "a node without links",
        "unknown format",
        "no unit",
        "negative",
        "zero",
        "a unit of something else",
        "half a multiprocessor",
    ],
)
def test_a_malformed_chip_is_refused(own_chip, old, new, message):
    with pytest.raises(FactError, match=message):
        load_chip(own_chip((old, new)))


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("H100_SXM", "h100-sxm"),
        ("h100", "h100-sxm"),
        ("b200", "b200-sxm"),
        ("a100_80", "a100-80gb-sxm"),
    ],
)
def test_a_chip_is_found_by_the_names_that_people_use(asked, name):
    assert load_chip(asked).name == name


def test_every_device_of_the_dossier_is_found_by_its_name_there(shared):
    import json

    devices = json.loads((shared / "facts/hardware.json").read_text(encoding="utf-8"))
    assert len(devices) == 32
    assert len({load_chip(device["id"]).name for device in devices}) == 32
