"""The fusion workbench shows structure at once, and of what follows only what a run has answered."""

from __future__ import annotations

import json

import pytest

from ironlaw.base.number import summed
from ironlaw.lab.fusion_bench import out_of_memory
from ironlaw.lab.fusion_knobs import PREFIX
from ironlaw.lab.tracks.cloud_fusion import asked, view_at
from ironlaw.lab.view import view
from ironlaw.system.diagnosis import diagnose

KEYS = {"kind", "claim", "configuration", "controls", "graph", "runs", "stale", "result", "failure"}


def content(state):
    return json.loads(json.dumps(view(state)["content"], allow_nan=False))


def run_at(say, state, **knobs):
    return content(say(say(state, "turn", knobs=knobs, settled=True), "run"))


def test_the_bench_has_what_the_page_expects(fusion_at):
    shown = content(fusion_at("ran"))
    assert set(shown) == KEYS
    assert [control["id"] for control in shown["controls"]] == [
        *("phase", "batch", "level", "tile", "split_k", "launch")
    ]
    assert set(shown["result"]) == {
        *("waterfall", "roofline", "law", "gauges", "peeks", "kernels", "looks")
    }
    assert set(shown["runs"]) == {"limit", "left", "closed", "value", "best", "rows"}


def test_the_graph_is_structure_and_nothing_else(fusion_at):
    graph = content(fusion_at("workbench"))["graph"]
    assert set(graph) == {"blocks", "fusions", "operators", "kernels"}
    for block in graph["blocks"]:
        assert set(block) == {"id", "label", "count", "operators", "edges"}
        for operator in block["operators"]:
            assert set(operator) == {"id", "label", "part", "kind", "lane", "rank", "kernel"}
    for fusion in graph["fusions"]:
        keys = {"id", "knob", "label", "kind", "block", "members", "on", "free", "why"}
        assert set(fusion) == keys
        assert fusion["free"] == (fusion["why"] is None)
    assert graph["operators"] == diagnose(asked("decode", ask={"fusion": "none"})).n_kernels
    assert graph["kernels"] == diagnose(asked("decode", ask={"fusion": "partial"})).n_kernels


def test_free_is_what_can_be_turned_and_why_is_what_a_turn_says(fusion_at, say):
    from ironlaw.lab.refusal import RefusedError

    for level in ("none", "partial", "full"):
        state = say(fusion_at("workbench"), "turn", knobs={"level": level}, settled=True)
        kernels = content(state)["graph"]["kernels"]
        for fusion in content(state)["graph"]["fusions"]:
            knobs = {fusion["knob"]: not fusion["on"]}
            if fusion["free"]:
                turned = content(say(state, "turn", knobs=knobs))["graph"]
                gone = turned["kernels"] - kernels
                if fusion["id"] not in ("static_cache", "skip_masked"):
                    assert (gone > 0) == fusion["on"]
                    assert gone != 0
            else:
                with pytest.raises(RefusedError) as error:
                    say(state, "turn", knobs=knobs)
                assert fusion["why"] in str(error.value)


@pytest.mark.parametrize(
    "knobs",
    [
        {"level": "none"},
        {"level": "full"},
        {"level": "full", "phase": "prefill", "batch": 4.0},
        {"level": "full", "batch": 128.0, "tile": "16x64", "split_k": "2", "launch": "eager"},
        {PREFIX + "attention": True, PREFIX + "silu+multiply": False},
    ],
    ids=str,
)
def test_all_instruments_show_one_diagnosis(fusion_at, say, knobs):
    state = say(fusion_at("workbench"), "turn", knobs=knobs, settled=True)
    shown = content(say(state, "run"))
    expected = view_at(state.knobs).diagnosis
    row, result = shown["runs"]["rows"][-1], shown["result"]
    waterfall = result["waterfall"]
    assert row["traffic"] == waterfall["after"]["value"] == float(expected.traffic)
    assert row["flops"] == waterfall["operations"]["after"] == float(expected.flops)
    assert row["kernels"] == waterfall["kernels"]["after"] == expected.n_kernels
    assert row["kernels"] == shown["graph"]["kernels"]
    assert row["time"] == pytest.approx(result["law"]["total"], rel=1e-12)
    gauges = {gauge["id"]: gauge["value"] for gauge in result["gauges"]}
    assert row["value"] == gauges["mfu"] == float(expected.mfu)
    changes = [step["change"] for step in waterfall["steps"]]
    assert summed([waterfall["before"]["value"], *changes]) == waterfall["after"]["value"]


def test_toggles_move_the_bytes_and_never_the_operations_of_decode(fusion_at, say):
    none = run_at(say, fusion_at("workbench"), level="none")
    work = none["result"]["waterfall"]["operations"]
    for name in ("attention", "mlp_norm", "q_proj+k_proj+v_proj", "static_cache"):
        state = say(fusion_at("workbench"), "turn", knobs={"level": "none"}, settled=True)
        shown = run_at(say, state, **{PREFIX + name: True})["result"]["waterfall"]
        assert shown["after"]["value"] < none["result"]["waterfall"]["after"]["value"]
        assert shown["operations"]["after"] == shown["operations"]["before"] == work["before"]
        assert "stay the same" in shown["operations"]["note"]


def test_what_skips_work_in_prefill_says_that_it_is_no_fusion(fusion_at, say):
    shown = run_at(say, fusion_at("workbench"), phase="prefill", level="full", batch=1.0)
    operations = shown["result"]["waterfall"]["operations"]
    assert operations["after"] < operations["before"]
    assert "not a fusion: skip what the mask hides" in operations["note"]
    state = say(fusion_at("workbench"), "turn", knobs={"phase": "prefill"}, settled=True)
    partial = run_at(say, state, batch=1.0)["result"]["waterfall"]["operations"]
    assert partial["after"] == partial["before"]


def test_out_of_memory_names_what_fills_it():
    text = out_of_memory(diagnose(asked("decode", 256.0)))
    for part in ("weights", "KV cache", "activations", "80 GB", "the run counts"):
        assert part in text


def test_the_waterfall_says_what_the_bytes_were(fusion_at, say):
    start = fusion_at("workbench")
    decode = run_at(say, start, level="full")["result"]["waterfall"]["title"]
    prefill = run_at(say, start, level="full", phase="prefill")["result"]["waterfall"]["title"]
    nothing = run_at(say, start, level="none")["result"]["waterfall"]["title"]
    assert "of them copies of the KV cache" in decode
    assert "of them attention scores" in prefill
    assert "no byte is gone" in nothing


def test_a_step_that_fits_only_when_fused_says_so(fusion_at, say):
    start = fusion_at("workbench")
    big = run_at(say, start, level="full", phase="prefill", batch=32.0)
    assert big["failure"] is None
    assert big["result"]["waterfall"]["before"]["label"] == "nothing fused, which would not fit"
    state = say(start, "turn", knobs={"level": "none", "phase": "prefill"}, settled=True)
    assert run_at(say, state, batch=32.0)["failure"]["kind"] == "memory"
    small = run_at(say, start, level="full")["result"]["waterfall"]["before"]["label"]
    assert small == "nothing fused"
