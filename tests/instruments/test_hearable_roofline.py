"""The roofline of a frame: dots under their roofs, the red dot over the ridge once enough weights are in SRAM."""

from __future__ import annotations

import pytest

from ironlaw.instruments.hearable_roofline import hearable_roofline
from ironlaw.system.cache.layout import GateOrder, Walk
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import PACKED, Layout, frame
from ironlaw.system.hearable.machine import changed, machine

ESP32 = machine("esp32")


def at(hidden=128, sram=(), machine=ESP32, **walk):
    return frame(enhancer(hidden), Layout(walk=Walk(**walk), sram=frozenset(sram)), machine)


def shown(now, *, layer="frame", profiler=True):
    start = frame(enhancer(128), PACKED, ESP32)
    return hearable_roofline(now, start, layer=layer, profiler=profiler)


def ridge(picture):
    return picture.ridges[0].x


@pytest.mark.parametrize("profiler", [True, False])
def test_int8_weights_from_psram_sit_on_its_slope(profiler):
    picture = shown(at(), profiler=profiler)
    main = picture.roofs[0]
    assert main.role == "main"
    assert picture.selected.intensity == 2.0 < ridge(picture)
    for dot in picture.dots:
        assert dot.flop_rate == pytest.approx(min(main.peak, main.bandwidth * dot.intensity))
        assert dot.bound == "memory"


def test_profiler_mode_is_the_measured_roof_with_the_printed_one_behind():
    seen, printed = shown(at()), shown(at(), profiler=False)
    assert ridge(seen) == pytest.approx(75.36 / 22)
    assert ridge(printed) == pytest.approx(960 / 31)
    assert seen.roofs[1].role == "unscaled"
    assert seen.roofs[1].peak == printed.roofs[0].peak
    assert seen.selected.ghost_rate == pytest.approx(printed.selected.flop_rate)
    assert sum(part.time for part in seen.selected.gap) == pytest.approx(
        294912 / 22e6 - 294912 / 31e6
    )
    assert printed.selected.gap == ()
    assert "assumption" in seen.source


def test_the_red_dot_crosses_the_ridge_with_the_weights_that_move():
    cell = shown(at(sram=["lstm1.input", "lstm1.state"]))
    assert cell.selected.intensity > ridge(cell)
    assert at(sram=["lstm1.input", "lstm1.state"]).bound == "compute"
    one = shown(at(sram=["lstm1.input"]))
    assert 2.0 < one.selected.intensity < ridge(one)
    assert one.selected.before.intensity == 2.0


def test_a_layer_all_in_sram_is_under_the_slope_of_the_sram():
    picture = shown(at(sram=["lstm1.input", "lstm1.state"]), layer="lstm1")
    assert picture.selected.intensity == 2.0
    assert picture.selected.flop_rate == pytest.approx(ESP32.flop_rate)


def test_aliasing_is_a_part_of_the_gap():
    picture = shown(at(order=GateOrder.INTERLEAVED), layer="lstm1")
    again = {part.label: part.time for part in picture.selected.gap}["lines fetched again"]
    assert again == pytest.approx(7 * 131072 / 22e6)
    assert picture.selected.intensity == 0.25


def test_the_levels_are_flash_and_sram():
    labels = [roof.label for roof in shown(at()).roofs if roof.role == "level"]
    assert labels == ["flash 30 MB/s", "SRAM 400 MB/s"]


def test_scaled_rates_move_the_roof():
    picture = shown(at(machine=changed(ESP32, peak=2.0, bandwidth=4.0)))
    assert picture.roofs[0].peak == pytest.approx(2.0 * ESP32.flop_rate)
    assert picture.roofs[0].bandwidth == 88e6
