"""Whose constants a chip uses."""

from __future__ import annotations

import pytest

from ironlaw.registry.calibration import calibrated_chips, load_calibration
from ironlaw.registry.chips import load_chip
from ironlaw.registry.relatives import borrowed_calibration, calibration_of


@pytest.mark.parametrize("name", calibrated_chips())
def test_a_measured_chip_uses_its_own(name):
    assert calibration_of(load_chip(name)) is load_calibration(name)


@pytest.mark.parametrize(
    ("name", "lender"),
    [("h100-pcie", "h100-sxm"), ("a100-40gb-sxm", "a100-80gb-sxm"), ("l4", "l40s")],
)
def test_others_borrow_within_the_architecture_at_their_own_rates(name, lender):
    chip = load_chip(name)
    found = calibration_of(chip)
    assert (found.chip, found.lent_to) == (lender, name)
    assert found.reference.bandwidth == chip.bandwidth
    assert found.reference.n_sm == chip.n_sm


@pytest.mark.parametrize("name", ["v100-sxm2", "t4", "jetson-agx-orin", "jetson-agx-thor"])
def test_without_a_measured_relative_of_comparable_rates_there_are_none(name):
    assert calibration_of(load_chip(name)) is None


def test_a_chip_can_be_kept_from_lending():
    assert borrowed_calibration(load_chip("h100-sxm"), never="h100-sxm").chip == "h200-sxm"


def test_a_chip_of_a_file_borrows_from_the_one_that_it_is_made_of(tmp_path):
    from ironlaw.registry.facts import data_folder

    text = data_folder().joinpath("chips", "h100-sxm.toml").read_text(encoding="utf-8")
    path = tmp_path / "h100-sxm.toml"
    path.write_text(text.replace("value = 3.35,", "value = 3.0,"), encoding="utf-8")
    found = calibration_of(load_chip(str(path)))
    assert found.lent_to == "h100-sxm"
    assert found.reference.bandwidth == 3.0e12
