"""Cloud Titan, Part 3: what its workbench shows of drafts, experts and sparsity, and what does not go together."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.tracks.cloud_algorithm import BATCHES, start, turn
from ironlaw.lab.tracks.cloud_algorithm_bench import bench
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.drafting import drafting, speculated
from ironlaw.system.question import scenario

NODE = ("llama-3-70b", "h100-sxm")


def shown_at(**change):
    return bench(turn(start(), change))


def rate(model, **ask):
    return float(diagnose(scenario(model, "h100-sxm", tp=8, **ask)).tokens_per_second)


@pytest.mark.parametrize("batch", [1.0, 256.0])
def test_a_draft_is_shown_as_the_engine_has_it(batch):
    content = shown_at(draft=True, batch=batch, context=1024.0)
    load = {"batch": batch, "context": 1024.0, "tp": 8}
    found = speculated(*NODE, drafting("llama-3-8b", 0.8, 4), **load)
    (line,) = content["curve"]["series"]
    assert dict(line["points"])[batch] == pytest.approx(float(found.speedup), rel=1e-12)
    assert content["curve"]["marks"][0]["y"] == dict(line["points"])[batch]
    assert content["round"]["expected"] == pytest.approx(3.3616)
    assert (content["round"]["even"] < 3.36) == (batch == 1.0)
    selected = content["roofline"]["selected"]
    assert selected["intensity"] > 3.0 * selected["before"]["intensity"]  # five rows, not one


def test_an_acceptance_changes_what_stands_and_not_what_it_costs():
    sure, lost = (shown_at(draft=True, alpha=alpha) for alpha in (1.0, 0.0))
    assert sure["round"]["expected"] == 5.0
    assert lost["round"]["expected"] == 1.0
    assert sure["round"]["parts"] == lost["round"]["parts"]
    fast, slow = (dict(c["curve"]["series"][0]["points"])[16.0] for c in (sure, lost))
    assert fast / slow == pytest.approx(5.0)


def test_the_footprint_grows_while_the_traffic_of_one_token_falls():
    rows = {
        row["id"]: row for row in shown_at(model="llama-4-scout", batch=1.0)["comparison"]["rows"]
    }
    assert rows["total"]["change"] == "× 1.53"
    assert rows["active"]["change"] == "÷ 4.11"
    assert rows["node"]["change"] == "× 1.53"
    assert rows["read"]["change"].startswith("÷")
    assert rows["experts"]["cells"] == ["no experts", "1 of 16"]
    many = shown_at(model="llama-4-scout", batch=256.0, context=1024.0)["comparison"]["rows"]
    assert {row["id"]: row["change"] for row in many}["read"] == "× 1.54"


def test_the_curve_of_a_mixture_is_a_v_and_agrees_with_the_engine():
    content = shown_at(model="llama-4-scout", context=1024.0)
    points = dict(content["curve"]["series"][0]["points"])
    load = {"batch": 64, "context": 1024}
    now, dense = rate("llama-4-scout", **load), rate("llama-3-70b", **load)
    assert points[64.0] == pytest.approx(now / dense, rel=1e-12)
    assert min(points.values()) < 1.0 < min(points[1.0], points[1024.0])
    assert set(points) < set(BATCHES)  # the dense model does not fit at the largest


def test_what_is_turned_on_is_drawn_alone_and_together():
    content = shown_at(model="mixtral-8x22b", draft=True)
    assert [one["id"] for one in content["curve"]["series"]] == ["experts", "draft", "all"]
    bars = content["optimizations"]["bars"]
    assert [bar["id"] for bar in bars] == ["fusion", "experts", "draft"]
    sides = content["optimizations"]["sides"]
    whole = sides["machine"] * sides["algorithm"]
    assert content["optimizations"]["speedup"] == pytest.approx(whole)


def test_a_model_that_does_not_fit_says_by_how_much():
    content = shown_at(model="deepseek-v3")
    assert "GB over its memory" in content["infeasible"]
    assert "does not fit" in content["claim"]
    assert content["curve"] is None


def test_each_at_the_most_that_fits_compares_full_memories():
    content = shown_at(model="llama-4-scout", context=1024.0, fill=True)
    assert "beside Llama-3-70B at batch 1,476" in content["configuration"]
    assert "batch 2,070" in content["configuration"]
    assert content["curve"]["marks"] == []
    now = rate("llama-4-scout", batch=2070, context=1024)
    dense = rate("llama-3-70b", batch=1476, context=1024)
    assert content["claim"].startswith(f"{now / dense:.2f}×")


@pytest.mark.parametrize(
    ("stands", "change", "knob", "why"),
    [
        ({"draft": True}, {"phase": "prefill"}, "phase", "speculation is for decode"),
        ({"phase": "prefill"}, {"draft": True}, "draft", "speculation is for decode"),
        ({"draft": True}, {"fill": True}, "fill", "memory of its own"),
        ({"phase": "prefill"}, {"fill": True}, "fill", "a question of decode"),
        (
            {"model": "llama-4-scout"},
            {"sparsity": "contextual"},
            "sparsity",
            "for the dense model",
        ),
        (
            {"model": "twin", "n_experts": 4.0},
            {"top_k": 8.0},
            "top_k",
            "more experts than there are",
        ),
    ],
)
def test_what_does_not_go_together_is_refused_with_the_reason(stands, change, knob, why):
    with pytest.raises(RefusedError, match=why) as refused:
        turn(turn(start(), stands), change)
    assert refused.value.field == f"knobs.{knob}"


def test_a_value_that_no_knob_has_is_refused():
    with pytest.raises(DomainError, match=r"knobs\.alpha"):
        turn(start(), {"alpha": 1.5})


def test_a_twin_of_the_dense_model_is_the_engine_s_own():
    knobs = {"model": "twin", "n_experts": 16.0, "top_k": 2.0, "width": 0.125}
    content = shown_at(**knobs, batch=1.0, context=1024.0)
    twin = {"experts": 16, "top_k": 2, "d_expert": 3584}
    load = {"batch": 1, "context": 1024}
    now, dense = rate("llama-3-70b", **load, **twin), rate("llama-3-70b", **load)
    points = dict(content["curve"]["series"][0]["points"])
    assert points[1.0] == pytest.approx(now / dense, rel=1e-12)
    rows = {row["id"]: row["cells"] for row in content["comparison"]["rows"]}
    spec = scenario("llama-3-70b", "h100-sxm", tp=8, **twin).decoder
    assert rows["total"][1] == f"{spec.total_params / 1e9:.0f} billion"
    assert rows["active"][1] == f"{spec.active_params / 1e9:.1f} billion"


def test_skewed_routing_asks_for_fewer_experts_and_reads_less():
    at = {"model": "qwen3-235b-a22b", "batch": 32.0, "context": 1024.0}
    even = {row["id"]: row["cells"][1] for row in shown_at(**at)["comparison"]["rows"]}
    skew = shown_at(**at, routing="power-law:1.0")["comparison"]["rows"]
    skewed = {row["id"]: row["cells"][1] for row in skew}
    assert even["experts"] == "112 of 128"
    assert float(skewed["experts"].split()[0]) < 100.0
    assert float(skewed["read"].split()[0]) < float(even["read"].split()[0])
    assert skewed["node"] == even["node"]


@pytest.mark.parametrize(
    ("sparsity", "share", "named"),
    [
        ("2:4", 0.5, "2:4"),
        ("unstructured", 0.9, "unstructured:0.9"),
        ("contextual", 0.9, "contextual:0.9"),
    ],
)
def test_a_sparsity_is_shown_as_the_engine_has_it(sparsity, share, named):
    content = shown_at(sparsity=sparsity, share=share, batch=1.0, context=1024.0)
    load = {"batch": 1, "context": 1024}
    now, dense = rate("llama-3-70b", **load, sparsity=named), rate("llama-3-70b", **load)
    points = dict(content["curve"]["series"][0]["points"])
    assert points[1.0] == pytest.approx(now / dense, rel=1e-12)
    assert "costs in accuracy is not modelled" in content["comparison"]["note"]


def test_contextual_sparsity_is_gone_with_the_batch():
    content = shown_at(sparsity="contextual", share=0.9, context=1024.0)
    points = dict(content["curve"]["series"][0]["points"])
    assert points[1.0] > 1.5
    assert points[64.0] < 1.0  # together the tokens need every neuron


def test_only_knobs_that_do_something_are_shown():
    def names(**change):
        return {control["id"] for control in shown_at(**change)["controls"]}

    idle = {"n_experts", "top_k", "width", "routing", "share"}
    assert not names() & idle
    assert names(model="twin") >= idle - {"share"}
    assert names(model="llama-4-scout") & idle == {"routing"}
    assert names(sparsity="unstructured") & idle == {"share"}
    assert "order" not in names()
