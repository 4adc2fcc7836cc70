"""Mobile Nomad, Part 2: the proposal that leaves the NPU next to nothing to wait for, judged by the engine."""

from __future__ import annotations

import pytest

from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.tracks.mobile_fusion_reflection import threshold, warm_rate
from ironlaw.lab.tracks.mobile_glasses import WARM
from ironlaw.lab.tracks.mobile_wear import worn_at
from ironlaw.lab.view import view
from ledgers import replayed
from mobile_learner import at_work, ran, say, shown, turn

SENTENCE = "Layers that only pass pixels on want fusion, layers that compute or carry weights want precision."


def at_proposal():
    return say(say(ran(at_work(2), level="both"), "ready"), "proceed")


def answers_at(state, **changes):
    share = 100.0 * shown(state)["bench"]["overhead_share"]
    warm = warm_rate(state.standing.knobs)
    right = {"overhead": share, "moved": "launch", "warm": warm, "sentence": SENTENCE}
    return {**right, **changes}


def verdict(state, question, **changes):
    answered = say(state, "reflect", answers=answers_at(state, **changes))
    return shown(answered)["verdicts"][question]


def test_the_proposal_begins_with_every_kernel_handed_over_alone():
    bench = shown(at_proposal())["bench"]
    assert bench["overhead_share"] == bench["start_overhead_share"] > bench["threshold"]
    assert {control["id"] for control in bench["controls"]} == {"level", "launch", "fps"}


def test_a_share_that_is_too_large_does_not_pass():
    found = verdict(at_proposal(), "overhead")
    assert not found["right"]
    assert "still too much" in found["feedback"]


def test_little_dispatch_of_a_frame_that_is_late_does_not_pass():
    state = turn(at_proposal(), launch="network")
    assert shown(state)["bench"]["overhead_share"] < shown(state)["bench"]["threshold"]
    found = verdict(state, "overhead")
    assert not found["right"]
    assert "still late" in found["feedback"]


def test_the_warm_day_is_read_off_the_panel_and_told_from_the_room():
    state = turn(at_proposal(), launch="network", level="both")
    assert verdict(state, "warm")["right"]
    mild = worn_at(state.standing.knobs).bearable
    assert "25 °C" in verdict(state, "warm", warm=mild)["feedback"]
    assert "something else" in verdict(state, "warm", warm=1.0)["feedback"]


@pytest.mark.parametrize(("wrong", "said"), [("fusion", "Another change"), ("int8", "as often")])
def test_each_wrong_change_is_told_apart(wrong, said):
    state = turn(at_proposal(), launch="network", level="both")
    found = verdict(state, "moved", moved=wrong)
    assert not found["right"]
    assert said in found["feedback"]


def test_a_proposal_is_judged_in_the_air_of_the_part():
    state = turn(at_proposal(), ambient=WARM)
    with pytest.raises(RefusedError, match="turn ambient back"):
        say(state, "reflect", answers=answers_at(state))


def test_the_right_proposal_passes_and_replay_gives_the_same_digits():
    state = turn(at_proposal(), launch="network", level="both")
    assert worn_at(state.standing.knobs).dispatch_share < threshold(state.standing.knobs)
    state = say(state, "reflect", answers=answers_at(state))
    assert state.standing.passed, shown(state)["verdicts"]
    state = say(state, "finish")
    (section,) = shown(state)["sections"]
    summary = {pair["label"]: pair["value"] for pair in section["summary"]}
    assert summary["Score: best run / optimum"] == "100 %"
    assert summary["In your words"] == SENTENCE
    again = replayed(state)
    assert view(again) == view(state)
