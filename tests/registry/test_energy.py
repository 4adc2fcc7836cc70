"""The energies of operations, and every chip against its own power: what the engine can ask of it, it can draw."""

from __future__ import annotations

import json
import re

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.cost.energy import lacking, peak_power
from ironlaw.registry.chips import chip_names, load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.energy import add_share, energy_sheet

PJ = 1e-12
SKIN = {
    "ar-glasses"
}  # its printed power is what the skin of the wearer sustains, not what the chip can draw
NO_POWER = {"tpu-v5e", "tpu-v5p", "tpu-v6e"}
NO_BYTES = {"apollo4-plus", "gap9", "ndp120", "nrf52840", "stm32h743"}


@pytest.fixture(scope="module")
def dossier(shared):
    path = shared / "facts" / "energy.json"
    if not path.is_file():
        pytest.skip(f"no {path}: the dossier is not here")
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("node", "table"),
    [("node_45", "ops_pJ_45nm_horowitz2014"), ("node_7", "ops_pJ_7nm_jouppi2021")],
)
def test_energies_of_operations_are_those_of_the_tables(node, table, dossier):
    for name, picojoules in dossier[table].items():
        found = re.fullmatch(r"(\w+)_(mul|add)", name)
        if found is None:
            continue
        kind = {"mul": "multiply", "add": "add"}[found[2]]
        fact = energy_sheet().number(f"{node}.{kind}.{found[1]}")
        assert fact == pytest.approx(picojoules * PJ, rel=1e-12), name


def test_a_multiply_add_is_a_multiply_and_an_add():
    sheet = energy_sheet()

    def number(path):
        return sheet.number(f"node_7.{path}")

    sums = {
        "int8": number("multiply.int8") + number("add.int32"),
        "bf16": number("multiply.bf16") + number("add.fp32"),
        "fp16": number("multiply.fp16") + number("add.fp32"),
        "fp16_narrow": number("multiply.fp16") + number("add.fp16"),
        "fp32": number("multiply.fp32") + number("add.fp32"),
    }
    assert set(sums) == set(sheet.children("multiply_add"))
    for name, joules in sums.items():
        assert sheet.number(f"multiply_add.{name}") == pytest.approx(joules, rel=1e-9), name


def test_an_addition_is_a_part_of_a_multiply_add():
    assert add_share(Dtype.FP16) == pytest.approx(2 * 0.16 / 0.5)
    assert add_share(Dtype.INT8) == pytest.approx(2 * 0.007 / 0.1)
    with pytest.raises(DomainError, match=r"mxfp4.*formats of the energies at 7 nm"):
        add_share(Dtype.MXFP4)


def derived(where: str, factor: float) -> float | None:
    """The energy of a FLOP that a derivation in words comes to; None for one of another form."""
    said = where.removeprefix("as fp16, whose mantissa it has: ")
    terms = re.match(r"table 2: \w+ multiply ([\d.]+) and (?:\w+ )?add ([\d.]+) pJ", said)
    if terms is None:
        return None
    sheet = energy_sheet()
    joules = float(terms[1]) + float(terms[2])
    if "for the instruction" in where:
        joules += sheet.number("datapath.half_fma") * sheet.number("multiply_add.fp16_narrow") / PJ
    if "of a tensor core" in where:
        joules *= sheet.number("datapath.tensor_core")
    step = sheet.number("step.logic")
    joules *= step if "step to the 5-nm class" in where else 1.0
    joules /= step if "step back to 12 nm" in where else 1.0
    return joules * factor / 2.0


def test_derived_energies_are_what_their_words_come_to():
    seen = 0
    for name in chip_names():
        chip = load_chip(name)
        for dtype, energy in chip.flop_energy.items():
            joules = derived(chip.sheet.fact(f"energy.{dtype.value}").where, PJ)
            if joules is not None:
                seen += 1
                assert energy == pytest.approx(joules, rel=2e-3), (name, dtype)
    assert seen > 50


def test_energies_of_the_glasses_are_those_of_an_array_at_7_nm():
    sheet, chip = energy_sheet(), load_chip("ar-glasses")
    around = sheet.number("datapath.npu") / 2.0
    assert chip.flop_energy[Dtype.FP16] == sheet.number("multiply_add.fp16_narrow") * around
    assert chip.flop_energy[Dtype.INT8] == pytest.approx(sheet.number("multiply_add.int8") * around)
    assert chip.levels[0].energy == sheet.number("node_7.sram_1m")
    assert chip.levels[-1].energy == sheet.number("memory.lpddr4x")


@pytest.mark.parametrize("name", [n for n in chip_names() if n not in NO_POWER | NO_BYTES | SKIN])
def test_modelled_power_stays_below_the_printed_one(name):
    chip = load_chip(name)
    assert set(chip.flop_energy) == set(chip.peaks)
    for dtype in chip.peaks:
        assert 0.0 < peak_power(chip, dtype) <= chip.tdp, dtype


@pytest.mark.parametrize("name", sorted(NO_BYTES))
def test_a_core_without_memory_energies_stays_below_its_power_in_arithmetic_alone(name):
    chip = load_chip(name)
    assert "no energy of a byte of the main memory" in lacking(chip)
    moved = chip.bandwidth * sum(level.energy or 0.0 for level in chip.levels)
    for dtype, rate in chip.peaks.items():
        assert rate * chip.flop_energy[dtype] + moved + chip.idle_power <= chip.tdp, dtype


def test_the_glasses_can_draw_more_than_their_wearer_s_skin_sustains():
    chip = load_chip("ar-glasses")
    drawn = {dtype: peak_power(chip, dtype) for dtype in chip.peaks}
    limit = chip.sheet.number("thermal.skin_limit") - 298.15
    sustained = limit / chip.sheet.number("thermal.skin_to_ambient")
    assert chip.tdp == pytest.approx(sustained)
    assert all(sustained < power < 2.0 * sustained for power in drawn.values())


@pytest.mark.parametrize("name", sorted(NO_POWER))
def test_chips_without_facts_say_what_is_missing(name):
    assert "idle power" in lacking(load_chip(name))
    with pytest.raises(DomainError, match=f"the file of {name} names no"):
        peak_power(load_chip(name), Dtype.BF16)
