"""Chips: what vendors printed, files of one's own, and names that do not exist."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError, FactError, UnknownNameError
from ironlaw.registry.chips import chip_names, load_chip, scaled_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.facts import data_folder
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario


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


def test_five_chips_are_described():
    assert set(chip_names()) == {"a100-80gb-sxm", "b200-sxm", "h100-sxm", "h200-sxm", "l40s"}


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
def test_rates_are_in_a_plausible_order(chip):
    found = load_chip(chip)
    assert found.name == chip
    assert found.peaks[Dtype.FP32] < found.peaks[Dtype.TF32] < found.peaks[Dtype.BF16]
    assert found.l2_bandwidth > found.bandwidth > found.link_bandwidth > 0.0
    assert found.l2_capacity < found.capacity
    assert found.eager_dispatch > found.stream_dispatch > found.graph_dispatch > 0.0
    assert found.node_size == 8


@pytest.mark.parametrize(("chip", "ridge"), [("a100-80gb-sxm", 153.0), ("h100-sxm", 295.3)])
def test_ridge_points_of_the_oracles(chip, ridge):
    found = load_chip(chip)
    assert found.peak(Dtype.BF16) / found.bandwidth == pytest.approx(ridge, rel=0.005)


def test_a_format_that_a_chip_lacks_is_refused():
    with pytest.raises(DomainError, match="dtype = 'fp8' is outside the formats of a100-80gb-sxm"):
        load_chip("a100-80gb-sxm").peak(Dtype.FP8)


@pytest.mark.parametrize(("written", "near"), [("h100", "h100-sxm"), ("b200_sxm", "b200-sxm")])
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


def test_a_chip_of_ones_own_falls_back_to_the_roofline_and_says_so(own_chip):
    asked = scenario("llama-3-8b", own_chip(("3.35,", "1.675,")), batch=1, context=1024)
    assert asked.chip.name == "my-chip"
    assert asked.chip.bandwidth == 1.675e12
    assert asked.calibration is None
    assert asked.notes == ("nothing was measured on my-chip: times are the roofline's",)
    found = diagnose(asked)
    assert found.step > found.traffic / 1.675e12


def test_a_file_named_like_a_chip_does_not_borrow_its_measurements(own_chip):
    half = own_chip(("3.35,", "1.675,"), name="h100-sxm")
    asked = scenario("llama-3-8b", half, batch=1, context=1024)
    assert asked.calibration is None
    assert asked.notes


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(FactError, match=r"nowhere/chip\.toml: there is no such file"):
        load_chip("nowhere/chip.toml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "NVIDIA H100 SXM5 80GB"', "", r"my-chip\.title: the text is missing"),
        ("bandwidth = { value = 3.35", "width = { value = 3.35", r"memory\.bandwidth: .*missing"),
        ("bf16 =", "bf17 =", r"my-chip\.peak\.bf17: is not a known number format"),
        ('value = 3.35, unit = "TB/s"', "value = 3.35", r"memory\.bandwidth: lacks unit"),
        ("value = 3.35,", "value = -3.35,", r"memory\.bandwidth"),
        ("value = 3.35,", "value = 0,", r"memory\.bandwidth"),
        ('3.35, unit = "TB/s"', '3.35, unit = "TB"', r"memory\.bandwidth"),
        ("value = 132,", "value = 132.5,", r"sm\.count"),
    ],
    ids=[
        "no title",
        "no bandwidth",
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
