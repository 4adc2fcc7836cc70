"""The workbench repeats one diagnosis in several pictures, and follows the knobs."""

from __future__ import annotations

import json

import pytest

from ironlaw.instruments.scale import percent
from ironlaw.instruments.step_roofline import layers_of, view_of
from ironlaw.lab.bench import claim, peeks
from ironlaw.lab.knobs import start_values
from ironlaw.lab.tracks.cloud_titan import (
    BATCHES,
    CONTEXTS,
    SCALES,
    bench,
    controls,
    view_at,
)
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario

START = start_values(controls())


def scenario_at(knobs):
    return view_at(knobs).diagnosis.scenario


def turned(**knobs):
    return {**START, **knobs}


def gauges(content):
    return {gauge["id"]: gauge["value"] for gauge in content["gauges"]}


def test_the_start_is_the_crisis(crisis):
    content = bench(START)
    assert content["law"]["total"] == pytest.approx(float(crisis.step), rel=1e-12)
    assert gauges(content)["mbu_raw"] == crisis.mbu_raw
    assert START["layer"] == "attention"
    assert "8×NVIDIA H100" in content["configuration"] or "8×H100" in content["configuration"]
    assert "batch 16, context 8,192" in content["configuration"]


@pytest.mark.parametrize(
    "knobs",
    [
        {},
        {"batch": 1.0, "context": 256.0},
        {"batch": 256.0},
        {"peak_scale": 0.25, "bandwidth_scale": 4.0},
        {"profiler": True, "layer": "feed-forward up"},
    ],
    ids=str,
)
def test_all_pictures_show_the_same_step(knobs):
    content = bench(turned(**knobs))
    rows = content["kernels"]["rows"]
    total = content["law"]["total"]
    assert sum(row["time"] for row in rows) == pytest.approx(total, rel=1e-12)
    assert sum(term["time"] for term in content["law"]["terms"]) == pytest.approx(total, rel=1e-12)
    expected = diagnose(scenario_at(turned(**knobs)))
    assert total == pytest.approx(float(expected.step), rel=1e-12)
    values = {peek["title"]: peek["value"] for peek in content["peeks"]}
    assert values["MBU, raw"] == pytest.approx(gauges(content)["mbu_raw"], rel=1e-12)
    assert values["MBU, useful"] == pytest.approx(gauges(content)["mbu_useful"], rel=1e-12)
    assert values["MFU"] == pytest.approx(gauges(content)["mfu"], rel=1e-12)
    assert values["Iron Law of the step"] == pytest.approx(total, rel=1e-12)
    assert json.dumps(content, allow_nan=False)


def test_knobs_are_the_question():
    asked = scenario_at(turned(batch=64.0, context=1024.0, peak_scale=2.0, bandwidth_scale=0.5))
    assert (asked.request.batch, asked.request.context_len) == (64.0, 1024.0)
    assert asked.chip.peak(asked.weights) == 2 * 989.4e12
    assert asked.chip.bandwidth == 3.35e12 / 2
    assert asked.request.tensor_parallel == 8


def test_the_selected_layer_is_the_red_dot_and_the_members():
    for layer in layers_of(view_of(scenario_at(START))):
        picture = bench(turned(layer=layer))["roofline"]
        assert picture["selected"]["id"] == layer
        members = [dot for dot in picture["dots"] if dot["member"]]
        assert members
        assert {dot["layer"] for dot in members} == {layer}


def test_the_red_dot_moves_with_the_knobs_and_leaves_its_shadow():
    before = bench(START)["roofline"]["selected"]
    after = bench(turned(bandwidth_scale=2.0))["roofline"]["selected"]
    assert after["flop_rate"] == pytest.approx(2 * before["flop_rate"])
    assert after["before"]["flop_rate"] == before["flop_rate"]
    assert after["before"]["intensity"] == before["intensity"]
    idle = bench(turned(peak_scale=4.0))["roofline"]["selected"]
    assert idle["flop_rate"] == pytest.approx(before["flop_rate"], rel=1e-9)


def test_profiler_mode_drops_the_dot_and_says_why():
    off, on = (bench(turned(profiler=p))["roofline"]["selected"] for p in (False, True))
    assert off["gap"] == []
    assert off["ghost_rate"] is None
    assert on["ghost_rate"] == off["flop_rate"] > on["flop_rate"]
    assert sum(part["time"] for part in on["gap"]) > 0.0


@pytest.mark.parametrize("knobs", [{}, {"bandwidth_scale": 2.0}, {"peak_scale": 0.5}])
def test_roofs_of_the_picture(knobs):
    roofs = {roof["role"]: roof for roof in bench(turned(**knobs))["roofline"]["roofs"]}
    assert roofs["main"]["bandwidth"] == 3.35e12 * knobs.get("bandwidth_scale", 1.0)
    assert roofs["main"]["peak"] == 989.4e12 * knobs.get("peak_scale", 1.0)
    assert ("unscaled" in roofs) == bool(knobs)
    assert roofs["other"]["bandwidth"] == 2.039e12


@pytest.mark.parametrize("profiler", [False, True])
@pytest.mark.parametrize("scales", [(1.0, 1.0), (0.25, 0.25), (4.0, 4.0), (0.25, 4.0), (4.0, 0.25)])
def test_every_dot_is_inside_the_axes(profiler, scales):
    for batch in (BATCHES[0], BATCHES[-1]):
        for layer in ("attention", "norm", "sampling"):
            knobs = turned(
                profiler=profiler,
                layer=layer,
                batch=batch,
                peak_scale=scales[0],
                bandwidth_scale=scales[1],
            )
            picture = bench(knobs)["roofline"]
            x, y = picture["x"], picture["y"]
            for dot in [*picture["dots"], picture["selected"]]:
                assert dot["intensity"] == 0.0 or x["min"] <= dot["intensity"] <= x["max"], dot[
                    "id"
                ]
                assert dot["flop_rate"] == 0.0 or y["min"] <= dot["flop_rate"] <= y["max"], dot[
                    "id"
                ]
            for roof in picture["roofs"]:
                assert y["min"] < roof["peak"] <= y["max"]


def test_axes_stay_put_while_knobs_turn():
    axes = [
        (content["roofline"]["x"], content["roofline"]["y"])
        for content in (bench(turned(peak_scale=s, batch=b)) for s in SCALES for b in (1.0, 256.0))
    ]
    assert all(axis == axes[0] for axis in axes)


def test_what_does_not_fit_is_said():
    assert bench(START)["infeasible"] is None
    content = bench(turned(batch=256.0, context=CONTEXTS[-1]))
    over = -float(diagnose(scenario_at(turned(batch=256.0, context=CONTEXTS[-1]))).spare)
    assert over > 0.0
    assert f"each chip is {over / 1e9:.3g} GB over its memory" in content["infeasible"]
    assert gauges(content)["memory"] > 1.0


def test_the_claim_follows_layer_and_knobs():
    claims = {
        layer: bench(turned(layer=layer))["claim"]
        for layer in layers_of(view_of(scenario_at(START)))
    }
    assert "bandwidth binds" in claims["attention"]
    assert "are copies" in claims["attention"]
    assert "links" in claims["all-reduce"] or "launch" in claims["all-reduce"]
    assert claims["attention"] != claims["qkv"]
    starved = bench(
        turned(layer="feed-forward up", peak_scale=0.25, bandwidth_scale=4.0, batch=256.0)
    )
    assert "arithmetic binds" in starved["claim"]


def test_the_share_of_copies_in_the_claim_is_computed():
    view = view_of(scenario_at(START))
    # r = 17.125: all but one of 17.125 bytes
    assert f"{percent(1 - 1 / 17.125)} of its bytes are copies" in claim(view, "attention")


def test_peeks_are_checked_against_their_own_expressions():
    view = view_of(scenario_at(START))
    for peek in peeks(view, "attention"):
        assert peek["value"] == pytest.approx(recomputed(peek["expression"]["args"][1]), rel=1e-12)


def recomputed(node):
    """The value of a Math Peek expression, by what the page is sent alone."""
    if "number" in node:
        return node["number"]
    if "symbol" in node:
        return node["value"]
    values = [recomputed(arg) for arg in node["args"]]
    match node["op"]:
        case "sum":
            return sum(values)
        case "product":
            return values[0] * values[1]
        case "fraction":
            return values[0] / values[1]
    raise AssertionError(node["op"])


def test_controls_stand_where_the_knobs_are():
    knobs = turned(batch=64.0, profiler=True)
    values = {control["id"]: control["value"] for control in bench(knobs)["controls"]}
    assert values == knobs


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("context", [stop for stop in CONTEXTS if stop in (256.0, 8192.0)])
def test_every_stop_gives_a_bench(batch, context):
    content = bench(turned(batch=batch, context=context))
    expected = diagnose(
        scenario("llama-3-70b", "h100-sxm", batch=batch, context=context, tp=8, fusion="partial")
    )
    assert gauges(content)["mfu"] == pytest.approx(float(expected.mfu), rel=1e-12)
