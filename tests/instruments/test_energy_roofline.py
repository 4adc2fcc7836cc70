"""The energy roofline: dots under the arch of their chip, shares of joules, and a chip without facts."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.instruments.energy_roofline import consumers_of, energy_roofline, energy_roofs
from ironlaw.instruments.step_roofline import layers_of, view_of
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.energy import step_energy
from ironlaw.system.question import scenario

NETWORKS = ("depthwise-filter-720p", "ocr-stack", "translator-60m")


@pytest.fixture(scope="module", params=NETWORKS)
def view(request):
    return view_of(scenario(request.param, "ar-glasses", fusion="none"))


def picture_of(view):
    return energy_roofline(view, view, layer=layers_of(view)[0])


def test_the_joules_of_the_dots_are_those_of_the_step(view):
    dots, step = picture_of(view).dots, step_energy(view.diagnosis)
    moved = float(step.total - step.terms.static)
    assert sum(dot.energy for dot in dots) == pytest.approx(moved)
    assert sum(dot.share for dot in dots) == pytest.approx(1.0)
    for dot in dots:
        assert dot.flop_rate * dot.energy == pytest.approx(dot.flops)


def test_no_dot_is_above_the_arch(view):
    picture = picture_of(view)
    roof = picture.roofs[0]
    for dot in picture.dots:
        if dot.intensity > 0.0:
            arch = 1.0 / (1.0 / roof.peak + 1.0 / (roof.bandwidth * dot.intensity))
            assert dot.flop_rate <= arch * (1.0 + 1e-12)


def test_the_red_dot_is_its_layer(view):
    picture = picture_of(view)
    members = [dot for dot in picture.dots if dot.member]
    red = picture.selected
    assert red.share == pytest.approx(sum(dot.share for dot in members))
    flops, energy = sum(dot.flops for dot in members), sum(dot.energy for dot in members)
    assert red.flop_rate == pytest.approx(flops / energy)
    assert (red.before.intensity, red.before.flop_rate) == (red.intensity, red.flop_rate)


def test_the_arch_is_that_of_the_facts():
    main, sram = energy_roofs(load_chip("ar-glasses"), Dtype.FP16)
    assert (main.form, main.role, sram.role) == ("sum", "main", "level")
    assert 1.0 / main.bandwidth == pytest.approx(40e-12)
    assert 1.0 / main.peak == pytest.approx(1e-12)
    assert sram.bandwidth > main.bandwidth


def test_the_balance_is_where_bytes_and_operations_cost_the_same():
    view = view_of(scenario("depthwise-filter-720p", "ar-glasses"))
    (balance,) = picture_of(view).ridges
    assert balance.x == pytest.approx(40.0)


def test_the_picture_is_plain_data(view):
    plain = picture_of(view).to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert {roof["form"] for roof in plain["roofs"]} == {"sum"}


def test_half_the_energy_of_a_byte_lifts_what_moves():
    asked = scenario("depthwise-filter-720p", "ar-glasses", fusion="none")
    chip = asked.chip
    levels = tuple(replace(level, energy=0.5 * level.energy) for level in chip.levels)
    before, after = view_of(asked), view_of(replace(asked, chip=replace(chip, levels=levels)))
    pairs = zip(consumers_of(before), consumers_of(after), strict=True)
    assert all(new.energy < old.energy for old, new in pairs)


def test_a_chip_without_energies_is_refused():
    view = view_of(scenario("resnet-50", "tpu-v6e"))
    with pytest.raises(DomainError, match="names no energy of a FLOP"):
        energy_roofline(view, view, layer=layers_of(view)[0])
