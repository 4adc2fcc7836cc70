"""A frame against the dossier's table of all chips, and what padding, aliasing, fusing and SRAM do to it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.cache.layout import GateOrder, Walk
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import PACKED, Layout, frame
from ironlaw.system.hearable.machine import Place, changed, machine
from ironlaw.system.hearable.power import duty_power

HOP = 16e-3
NAMES = {
    "ESP32_psram80": "esp32",
    "ESP32_dsp16_sram": "esp32-sram",
    "ESP32S3_octal80": "esp32-s3",
    "nRF52840": "nrf52840",
    "STM32H7_480": "stm32h743",
    "Apollo4": "apollo4-plus",
    "GAP9": "gap9",
}
ALIASING = Walk(order=GateOrder.INTERLEAVED)
MATRICES = ("lstm1.input", "lstm1.state", "lstm2.input", "lstm2.state", "dense1", "dense2")


def at(hidden, layout=PACKED, name="esp32"):
    return frame(enhancer(hidden), layout, machine(name))


def layout(sram=(), *, fused=False, **walk):
    return Layout(walk=Walk(**walk), fused=fused, sram=frozenset(sram))


@pytest.fixture(scope="module")
def rows(shared):
    return json.loads((shared / "facts/mobile_tiny_fleet.json").read_text())["tiny_frame"]


def test_every_row_of_the_table_of_chips(rows):
    assert len(rows) > 50
    for row in rows:
        found = at(row["H"], name=NAMES[row["chip"]])
        power = duty_power(found.overlapped, HOP, found.active, found.machine.sleep)
        assert found.enhancer.weights / 1e3 == pytest.approx(row["weights_KB"], abs=0.06)
        assert found.memory * 1e3 == pytest.approx(row["t_mem_ms"], abs=0.006)
        assert found.compute * 1e3 == pytest.approx(row["t_mac_ms"], abs=0.011)
        assert found.overlapped * 1e3 == pytest.approx(row["t_ms"], abs=0.011)
        assert power.busy * 1e3 == pytest.approx(row["mW_at_16ms_hop"], rel=0.01)


def test_the_largest_multiple_of_a_line_under_10_ms():
    assert at(96).time < 10e-3 < at(112).time
    assert at(96).overlapped == pytest.approx(8.56e-3, abs=6e-6)
    assert at(96).bound == at(256).bound == "memory"


def test_some_of_the_weights_in_sram_make_it_compute_bound():
    moved = at(96, layout(["lstm1.input", "lstm1.state"]))
    assert moved.bound == "compute"
    assert moved.sram_used - moved.vectors < 188e3
    assert moved.outside == at(96).outside - 4 * 96 * (128 + 96)


@pytest.mark.parametrize("hidden", [128, 256])
@pytest.mark.parametrize(("width", "ratio"), [(4, 8.0), (1, 32.0)])
def test_aligned_powers_of_two_alias_and_one_pad_heals_them(hidden, width, ratio):
    walk = replace(ALIASING, load_width=width)
    found = at(hidden, Layout(walk=walk))
    gates = 4.0 * hidden * (128 + 3 * hidden)
    dense = found.enhancer.weights - gates
    assert found.outside == pytest.approx(ratio * gates + dense)
    assert found.again == pytest.approx((ratio - 1.0) * gates)
    healed = at(hidden, Layout(walk=replace(walk, gate_pad=32)))
    assert healed.again == 0.0
    assert healed.outside == found.enhancer.weights
    assert healed.wasted < 0.01
    assert found.wasted > 0.85


@pytest.mark.parametrize("hidden", [96, 160, 192])
def test_other_sizes_are_safe(hidden):
    assert at(hidden, Layout(walk=ALIASING)).outside == at(hidden).outside


def test_padded_rows_cost_traffic_that_packed_ones_do_not():
    packed, padded = at(100), at(100, layout(row_multiple=32))
    assert packed.again == padded.again == 0.0
    ratios = {
        one.matrix.columns: one.traffic / two.traffic
        for one, two in zip(padded.pieces, packed.pieces, strict=True)
    }
    assert ratios == {100: pytest.approx(1.28), 128: 1.0}


def test_fused_gates_spill_no_sums_and_call_once_a_layer():
    apart, fused = at(96, Layout(walk=ALIASING)), at(96, Layout(walk=ALIASING, fused=True))
    assert (fused.scratch, fused.calls) == (0.0, 4)
    assert apart.calls == 4 + 4 * 4
    assert apart.scratch == 4 * (4 * 96) * 4 * 2
    assert fused.time == pytest.approx(apart.time - apart.spilled - 16 * 0.3e-6)
    assert fused.vectors < apart.vectors
    assert fused.enhancer.flops == apart.enhancer.flops


def test_fused_gates_have_to_be_walked_together():
    with pytest.raises(DomainError, match="order = 'blocked'"):
        at(96, layout(fused=True))


def test_int16_takes_twice_the_bytes_and_less_arithmetic():
    narrow = at(96)
    wide = at(96, layout(dtype=Dtype.INT16), name="esp32-int16")
    assert wide.outside == 2.0 * narrow.outside
    assert wide.compute == pytest.approx(narrow.compute * 0.0785 / 0.571)


def test_what_does_not_fit_the_sram_says_by_how_much():
    whole = at(192, layout(MATRICES))
    assert whole.sram_over == pytest.approx(whole.enhancer.weights + whole.vectors - 520 * 1024)
    assert whole.sram_over > 0.0
    assert whole.outside == 0.0
    assert whole.active == 0.13
    assert at(192).active == 0.16
    assert at(192).sram_over < 0.0


def test_a_pad_takes_room_in_sram():
    one = frozenset(["lstm1.state"])
    bare, padded = (at(96, Layout(walk=Walk(gate_pad=pad), sram=one)) for pad in (0, 32))
    assert 0.0 < padded.sram_used - bare.sram_used <= 4 * 32


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from((64, 96, 127, 128, 160)),
    st.sets(st.sampled_from(MATRICES)),
    st.sampled_from(MATRICES),
    st.sampled_from(tuple(GateOrder)),
)
def test_moving_a_matrix_to_sram_never_costs_time(hidden, before, one, order):
    walk = Walk(order=order)
    first = at(hidden, Layout(walk=walk, sram=frozenset(before)))
    second = at(hidden, Layout(walk=walk, sram=frozenset(before | {one})))
    assert second.time <= first.time
    assert second.outside <= first.outside
    assert second.sram_used >= first.sram_used


@settings(deadline=None, max_examples=20)
@given(st.floats(0.25, 4.0), st.floats(0.25, 4.0))
def test_rates_scale_their_own_term(peak, bandwidth):
    base = at(128)
    found = frame(enhancer(128), PACKED, changed(machine("esp32"), peak=peak, bandwidth=bandwidth))
    assert found.compute == pytest.approx(base.compute / peak)
    assert found.memory == pytest.approx(base.memory / bandwidth)


def test_flash_is_another_place():
    found = frame(
        enhancer(96),
        Layout(walk=Walk(), flash=frozenset(MATRICES)),
        machine("esp32"),
    )
    assert found.memory == pytest.approx(found.enhancer.weights / 30e6)


def test_another_rate_of_psram_and_another_policy():
    quick = changed(machine("esp32"), psram=31e6)
    assert frame(enhancer(96), PACKED, quick).memory == pytest.approx(188416 / 31e6)
    with pytest.raises(DomainError, match="psram"):
        changed(machine("esp32"), psram=0.0)
    with pytest.raises(DomainError, match="bandwidth"):
        changed(machine("esp32"), bandwidth=-1.0)


def test_a_place_that_a_machine_does_not_have_is_refused():
    with pytest.raises(DomainError, match="place = 'psram'"):
        machine("gap9").rate(Place.PSRAM)
    with pytest.raises(DomainError, match="matrix = 'lstm9'"):
        at(96, layout(["lstm9"]))
