"""The roofline picture: dots under their roofs, and a red dot that is the sum of its kernels."""

from __future__ import annotations

import json

import pytest

from ironlaw.instruments.roofline import (
    Place,
    chip_roofs,
    gap_parts,
    in_words,
    kernel_dots,
    red_dot,
    ridge,
    roof_rate,
)
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.table import kernel_rows

CHIP = load_chip("h100-sxm")


def layers(rows):
    return {row.layer for row in rows if row.traffic > 0.0}


def members(rows, layer):
    return tuple(row for row in rows if row.layer == layer)


@pytest.mark.parametrize("profiler", [False, True])
def test_dots_are_on_or_under_their_roof(step, profiler):
    rows = kernel_rows(step)
    peaks = {row.name: row.peak for row in rows}
    for dot in kernel_dots(rows, CHIP, layer=None, profiler=profiler):
        roof = min(dot.intensity * CHIP.bandwidth, peaks[dot.id])
        assert dot.flop_rate <= roof * (1 + 1e-12), dot.id
        if not profiler:
            assert dot.flop_rate == pytest.approx(roof, rel=1e-12), dot.id


def test_dots_say_what_the_table_says(step):
    rows = kernel_rows(step)
    dots = {dot.id: dot for dot in kernel_dots(rows, CHIP, layer="attention", profiler=True)}
    for row in rows:
        if row.layer == "dispatch":
            assert row.name not in dots
            continue
        dot = dots[row.name]
        assert dot.intensity * dot.traffic == pytest.approx(dot.flops)
        assert dot.flop_rate * dot.time == pytest.approx(dot.flops)
        assert (dot.count, dot.share) == (row.count, row.share)
        assert dot.member == (row.layer == "attention")


@pytest.mark.parametrize("profiler", [False, True])
def test_the_red_dot_is_the_sum_of_its_kernels(step, profiler):
    rows = kernel_rows(step)
    for layer in layers(rows):
        mine = members(rows, layer)
        dot = red_dot(layer, mine, CHIP, profiler=profiler, before=None)
        flops, traffic = sum(r.flops for r in mine), sum(r.traffic for r in mine)
        assert dot.intensity == pytest.approx(flops / traffic)
        assert dot.share == pytest.approx(sum(r.time for r in mine) / float(step.step))
        if profiler:
            assert dot.flop_rate == pytest.approx(flops / sum(r.time for r in mine))
            assert dot.ghost_rate >= dot.flop_rate
        else:
            assert (dot.ghost_rate, dot.gap) == (None, ())
            assert dot.flop_rate <= dot.intensity * CHIP.bandwidth * (1 + 1e-12)


def test_gap_parts_add_up(step):
    rows = kernel_rows(step)
    for layer in layers(rows):
        mine = members(rows, layer)
        parts = gap_parts(mine)
        assert all(part.time > 0.0 for part in parts)
        gap = sum(row.time - row.ideal for row in mine)
        assert sum(part.time for part in parts) == pytest.approx(gap, rel=1e-9), layer


def test_kernels_together_are_allowed_their_least_times():
    # the sum of max(O/R, D/BW) of each: a layer of a GEMM under its plateau and a copy on the slope
    class Row:
        def __init__(self, flops, traffic, peak):
            self.flops, self.traffic, self.peak = flops, traffic, peak

    gemm, copy = Row(2e15, 1e9, 1e15), Row(0.0, 3.35e12, 1e15)
    assert roof_rate((gemm, copy), CHIP) == pytest.approx(2e15 / 3.0)  # 2 s and 1 s
    assert roof_rate((), CHIP) == 0.0


def test_roofs_of_a_chip():
    main, level = chip_roofs(CHIP, Dtype.BF16)
    assert (main.role, main.bandwidth, main.peak) == ("main", 3.35e12, 989.4e12)
    assert (main.label, main.peak_label) == ("HBM3 3.35 TB/s", "989 TFLOP/s bf16")
    assert (level.role, level.bandwidth, level.peak) == ("level", 5.5e12, 989.4e12)
    (other,) = chip_roofs(load_chip("a100-80gb-sxm"), Dtype.BF16, "other")
    assert (other.id, other.role, other.peak) == ("a100-80gb-sxm", "other", 312e12)


def test_the_ridge_is_labelled():
    found = ridge(CHIP, Dtype.BF16)
    assert found.x == pytest.approx(295.34, rel=1e-4)
    assert (found.roof, found.label) == ("main", "ridge 295 FLOP/B")


def test_the_place_before_is_kept(crisis):
    rows = members(kernel_rows(crisis), "attention")
    before = Place(1.0, 2.0)
    assert red_dot("attention", rows, CHIP, profiler=True, before=before).before == before


def test_the_note_tells_the_two_views_apart(crisis):
    rows = members(kernel_rows(crisis), "attention")
    assert "on the roof" in red_dot("attention", rows, CHIP, profiler=False, before=None).note
    dot = red_dot("attention", rows, CHIP, profiler=True, before=None)
    assert f"{100 * dot.flop_rate / dot.ghost_rate:.0f} % of what the roof allows" in dot.note
    assert f"{100 * dot.share:.0f} % of the step" in dot.note


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("expand_k", "expand K heads"),
        ("mlp_norm.rsqrt", "mlp norm: rsqrt"),
        ("kv cache", "cache append"),
    ],
)
def test_names_in_words(name, words):
    assert in_words(name) == words


def test_dots_are_plain_numbers(step):
    dots = kernel_dots(kernel_rows(step), CHIP, layer=None, profiler=True)
    for dot in dots:
        assert json.dumps([dot.intensity, dot.flop_rate, dot.share], allow_nan=False)
