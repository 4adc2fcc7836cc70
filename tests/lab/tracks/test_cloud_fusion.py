"""Cloud Titan, Part 2: the lock holds, the reveal is computed, and the score says what the optimum does differently."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ironlaw.lab.fusion_knobs import PREFIX
from ironlaw.lab.fusion_pair import MISCONCEPTIONS
from ironlaw.lab.runs import Run
from ironlaw.lab.score import reached
from ironlaw.lab.tracks.cloud_fusion import (
    asked,
    board_at,
    knobs_of_bench,
    optimum,
    outcome_at,
    start,
    turn,
)
from ironlaw.lab.tracks.cloud_fusion_reveal import differences, gone, linear_relu
from ironlaw.lab.tracks.cloud_fusion_texts import PREDICTION
from ironlaw.lab.view import view
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import LaunchMode, diagnose

SENTENCE = "While the host was late the tiles did nothing; only the launches could take time off."


def shown(state):
    return json.loads(json.dumps(view(state), allow_nan=False))


def keys(node):
    if isinstance(node, dict):
        for name, value in node.items():
            yield name
            yield from keys(value)
    elif isinstance(node, list):
        for value in node:
            yield from keys(value)


@pytest.mark.parametrize("beat", ["story", "lock"])
def test_nothing_of_the_bench_is_shown_before_the_lock(fusion_at, beat):
    early = shown(fusion_at(beat))
    later = set(keys(shown(fusion_at("ran"))["content"])) | {"score", "threshold", "bench"}
    common = {*("kind", "label", "value", "unit", "id", "text", "number", "min", "max", "detail")}
    common |= {"from", "options", "figures"}
    assert not (later - common) & set(keys(early["content"]))
    words = json.dumps(early, ensure_ascii=False)
    assert f"{gone():.0f} %" not in words
    for name in board_at("decode", 16.0).names:
        assert name not in words
    assert not any(text in words for text in MISCONCEPTIONS.values() if text)


def test_the_story_is_computed(fusion_at):
    first, second = shown(fusion_at("story"))["content"]["figures"]
    crisis = diagnose(replace(asked("decode"), level=FusionLevel.PARTIAL, launch=LaunchMode.STREAM))
    fused = diagnose(asked("decode"))
    assert first["value"] == f"{float(crisis.tokens_per_second):.0f}"
    more = float(fused.tokens_per_second) / float(crisis.tokens_per_second)
    assert float(second["value"]) == pytest.approx(more, rel=0.05)


def test_linear_and_relu_are_the_same_work_and_fewer_bytes():
    pair = linear_relu()
    assert pair.flops_apart == pair.flops_together > 0.0
    tokens, hidden = 24.0, 2048.0  # what lies between: one fp16 matrix, written and read
    assert pair.traffic_apart - pair.traffic_together == 2 * 2 * tokens * hidden
    assert (pair.kernels_apart, pair.kernels_together) == (2, 1)


def test_every_wrong_option_is_a_misconception_with_feedback_of_its_own(fusion_at, say):
    found = {}
    for option in PREDICTION[0].options:
        answers = {"reduces": option.id, "gone": 30.0}
        state = say(fusion_at("lock"), "commit", answers=answers)
        revealed = shown(say(say(state, "run"), "ready"))["content"]["choice"]
        assert revealed["right"] == (option.id == "traffic")
        assert (revealed["misconception"] is None) == revealed["right"]
        found[option.id] = revealed
    assert len(found) == 4
    assert len({entry["feedback"] for entry in found.values()}) == 4
    assert len({entry["misconception"] for entry in found.values()}) == 4
    kept = f"{linear_relu().flops_apart / 1e6:.1f} MFLOP"
    assert all(entry["feedback"].count(kept) == 2 for entry in found.values())


def test_the_number_is_what_two_diagnoses_say(fusion_at):
    none, full = (diagnose(asked("decode", ask={"fusion": level})) for level in ("none", "full"))
    actual = 100.0 * (1.0 - float(full.traffic) / float(none.traffic))
    revealed = shown(fusion_at("reveal"))["content"]
    assert revealed["number"]["actual"] == pytest.approx(actual, rel=1e-12)
    bars = [bar["value"] for bar in revealed["experiment"]["bars"]]
    assert (bars[0], bars[2]) == (float(none.traffic), float(full.traffic))
    assert "Too low" in revealed["number"]["feedback"]


def test_the_levels_come_near_the_mission():
    # mission.md: about 124/110/23 GB and 4,005/1,205/645 kernels
    for level, gigabytes, kernels in (
        ("none", 124, 4005),
        ("partial", 110, 1205),
        ("full", 23, 645),
    ):
        at = diagnose(asked("decode", ask={"fusion": level}))
        assert float(at.traffic) / 1e9 == pytest.approx(gigabytes, rel=0.03)
        assert at.n_kernels == pytest.approx(kernels, rel=0.01)


def run_of(knobs, number=1):
    return Run(number=number, knobs=knobs, outcome=outcome_at(knobs))


def optimum_knobs(phase):
    best = optimum(phase)
    wanted = frozenset(best.fusions)
    fuses = {t.id: t.id.removeprefix(PREFIX) in wanted for t in knobs_of_bench().fusions}
    batch = float(best.diagnosis.scenario.request.batch)
    return turn(start(), {"phase": phase, "batch": batch, "level": "own", **fuses})


def test_who_runs_the_optimum_is_told_that_nothing_differs(fusion_at, say):
    state = say(fusion_at("workbench"), "turn", knobs=optimum_knobs("decode"), settled=True)
    score = shown(say(say(state, "run"), "ready"))["content"]["score"]
    assert score["ratio"] == 1.0
    assert score["yours"] == score["optimum"] == optimum("decode").value
    assert score["differences"] == ["Nothing: the set, the batch and the launch are the same."]
    assert "is the optimum" in score["claim"]
    assert score["cuts"] == optimum("decode").cuts > 1_000_000
    assert score["others"] == []


def test_what_the_optimum_does_differently_is_named():
    knobs = optimum_knobs("decode")
    goal = optimum("decode")
    changed = turn(knobs, {PREFIX + "attention": False, "batch": 16.0})
    assert differences(run_of(changed), goal) == (
        "batch 128 instead of 16",
        "fuses: expand k, v in one launch",
        "fuses: attention in one kernel",
        "fuses: softmax as one kernel",
        "fuses: values PV + transpose",
    )
    even = run_of(turn(knobs, {"batch": 16.0}))
    as_good = replace(even, outcome=replace(even.outcome, value=goal.value))
    assert differences(as_good, goal) == ("Nothing that moves the MFU: batch 128 instead of 16.",)
    forced = turn(knobs, {"tile": "128x256", "split_k": "2", "launch": "eager"})
    told = differences(run_of(forced), goal)
    assert [text.split()[0] for text in told] == ["leaves", "leaves", "replays"]
    apart = turn(knobs, {PREFIX + "v_proj+cache_v": False})
    more = turn(apart, {PREFIX + "cache_k+cache_v": True})
    assert "leaves apart: append k, v in one launch" in differences(run_of(more), goal)


def test_the_score_is_the_best_run_of_decode_and_prefill_stands_beside(fusion_at, say):
    state = fusion_at("ran")
    for knobs in ({"level": "full"}, {"phase": "prefill", "batch": 1.0}):
        state = say(say(state, "turn", knobs=knobs, settled=True), "run")
    score = shown(say(state, "ready"))["content"]["score"]
    runs = score["runs"]["rows"]
    assert score["yours"] == runs[1]["value"]
    assert score["runs"]["best"] == 2
    assert score["ratio"] == runs[1]["value"] / optimum("decode").value
    (prefill,) = score["others"]
    assert prefill == {
        "label": "prefill",
        "yours": runs[2]["value"],
        "optimum": optimum("prefill").value,
        "ratio": runs[2]["value"] / optimum("prefill").value,
        "ran": True,
    }


def test_less_than_all_is_never_shown_as_all():
    assert [reached(x) for x in (0.99999999, 1.0, 0.0)] == ["99.99 %", "100 %", "0.00 %"]


def test_the_ledger_sums_the_part_up(fusion_at):
    (section,) = shown(fusion_at("ledger"))["content"]["sections"]
    told = {entry["label"]: entry["value"] for entry in section["summary"]}
    assert told["Bytes that fusing in full takes away, predicted"] == "30 %"
    assert told["Bytes that fusing in full takes away, computed"] == f"{gone():.1f} %"
    assert told["In your words"].startswith("While the host was late")
    best = section["runs"]["rows"][section["runs"]["best"] - 1]
    assert told["Best run"] == f"run {best['number']}: {best['label']}"
    assert told["Score: best run / optimum"] == reached(best["value"] / optimum("decode").value)
    assert told["The proposal"].startswith("tile any, split-K any, launch graph")
    assert len(section["runs"]["rows"]) == 3
