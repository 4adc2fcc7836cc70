"""Cloud Titan, Part 2: a proposal of tile, split-K and launch mode is judged by experiment."""

from __future__ import annotations

import json

import pytest

from ironlaw.cost.tiling import SPLITS, TILES, tile_text
from ironlaw.lab.tracks import cloud_fusion_reflection as reflection
from ironlaw.lab.view import view

SENTENCE = "While the host was late the tiles did nothing; only the launches could take time off."


def shown(state):
    return json.loads(json.dumps(view(state), allow_nan=False))


GOOD = dict(reflection.FREELY)


def verdicts(say, state, **given):
    share = shown(state)["content"]["bench"]["overhead_share"]
    answers = {"overhead": 100.0 * share, "moved": "launch", "sentence": SENTENCE, **given}
    return say(state, "reflect", answers=answers)


def test_overhead_dominates_what_is_found():
    found = reflection.step_at(reflection.FOUND)
    assert float(found.overhead_share) > 0.5
    assert float(found.exposed_dispatch) > 0.0
    assert found.n_kernels > 4000


def test_a_proposal_is_live_and_costs_no_run(fusion_at, say):
    state = fusion_at("reflect")
    bench = shown(state)["content"]["bench"]
    assert bench["kind"] == "tiling"
    assert [control["id"] for control in bench["controls"]] == ["tile", "split_k", "launch"]
    assert bench["overhead_share"] == bench["start_overhead_share"] > bench["threshold"]
    turned = say(state, "turn", knobs=GOOD, settled=True)
    after = shown(turned)["content"]["bench"]
    assert bench["time"] == bench["start_time"] > bench["time_limit"]
    figures = {figure["label"]: (figure["before"], figure["now"]) for figure in after["figures"]}
    assert set(figures) == {"launches", "waiting for the host"}
    assert figures["launches"] == ("4,013", "4,013")
    assert figures["waiting for the host"][1] == "0 s"
    assert after["time"] == float(reflection.step_at(GOOD).step) < after["time_limit"]
    assert all(note[0].isupper() and note.endswith(".") for note in bench["notes"])
    assert after["overhead_share"] < after["threshold"]
    assert len(turned.standing.runs) == len(state.standing.runs)
    rows = after["gemms"]["rows"]
    assert {"Q projection", "q projection"} & {row["name"] for row in rows}
    assert all(0.0 < row["last_wave"] <= 1.0 for row in rows if row["waves"])


def test_a_good_proposal_read_well_passes(fusion_at, say):
    state = say(fusion_at("reflect"), "turn", knobs=GOOD, settled=True)
    assert verdicts(say, state).standing.passed
    share = 100.0 * shown(state)["content"]["bench"]["overhead_share"]
    assert verdicts(say, state, overhead=1.049 * share).standing.passed
    assert not verdicts(say, state, overhead=1.051 * share).standing.passed


def test_what_was_found_does_not_pass_however_well_it_is_read(fusion_at, say):
    told = verdicts(say, fusion_at("reflect")).standing
    assert not told.passed
    assert "does not hold yet" in told.verdicts["overhead"].feedback


def test_a_share_that_falls_because_the_kernels_are_slower_does_not_pass(fusion_at, say):
    slow = {"tile": "128x256", "split_k": "1", "launch": "graph"}
    state = say(fusion_at("reflect"), "turn", knobs=slow, settled=True)
    bench = shown(state)["content"]["bench"]
    assert bench["overhead_share"] < bench["threshold"]
    assert "because the kernels became slower" in bench["claim"]
    told = verdicts(say, state).standing
    assert not told.passed
    assert "also falls when the rest grows" in told.verdicts["overhead"].feedback


def test_neither_the_launch_mode_nor_the_tile_alone_is_enough():
    for alone in ({"launch": "graph"}, {"tile": "any"}, {"split_k": "any"}):
        assert not reflection.proposal({**reflection.FOUND, **alone}).holds
    assert reflection.proposal(GOOD).holds


def test_the_threshold_lies_between_what_is_found_and_the_fastest_of_all():
    made = reflection.proposal(GOOD)
    every = [
        reflection.step_at({"tile": tile, "split_k": str(split), "launch": "graph"})
        for tile in map(tile_text, TILES)
        for split in SPLITS
    ]
    fastest = min(float(step.step) for step in every)
    assert float(made.now.step) <= fastest
    assert float(made.now.step) < made.longest < float(made.start.step)
    now, start_share = float(made.now.overhead_share), float(made.start.overhead_share)
    assert made.threshold - now == pytest.approx(0.25 * (start_share - now))


@pytest.mark.parametrize("moved", ["tile", "split_k"])
def test_what_moved_it_is_judged_by_turning_it_alone(fusion_at, say, moved):
    state = say(fusion_at("reflect"), "turn", knobs=GOOD, settled=True)
    told = verdicts(say, state, moved=moved).standing.verdicts["moved"]
    assert not told.right
    found = float(reflection.step_at(reflection.FOUND).step)
    assert reflection.alone(moved, GOOD) == found
    assert reflection.alone("launch", GOOD) < found
    assert "no change" in told.feedback


def test_the_workbench_stays_as_it_was_left(fusion_at, say):
    before = fusion_at("reveal").knobs
    after = fusion_at("reflect").knobs
    assert {k: v for k, v in after.items() if k not in reflection.FOUND} == {
        k: v for k, v in before.items() if k not in reflection.FOUND
    }
