"""Edge Guardian, Part 1: a case drawn by a seed, decoys cleared by a number, the culprit named, nothing told early."""

from __future__ import annotations

import json

import pytest

from edge_learner import (
    FRAMES,
    PREDICTION,
    SEEDS,
    at_verdict,
    at_work,
    events_of,
    locked,
    right,
    say,
)
from ironlaw.base.errors import DomainError
from ironlaw.lab.case_recording import case_recording, case_run
from ironlaw.lab.ledger import Ledger
from ironlaw.lab.progress import opened
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.seed import SEEDS as ALL_SEEDS
from ironlaw.lab.view import view
from ironlaw.system.audit.distribution import distribution
from ironlaw.system.jitter.causes import CARDS, Cause
from ironlaw.system.jitter.possible import possibilities
from ironlaw.system.jitter.simulate import simulate
from ironlaw.system.jitter.truth import case
from ledgers import replayed

CASES = list(SEEDS.items())
TWO = [5, 7]


def bench_of(state):
    return view(state)["content"]


@pytest.mark.parametrize(("cause", "seed"), CASES)
def test_the_seeds_of_these_tests_draw_all_six_causes(cause, seed):
    assert case(seed, FRAMES).cause.value == cause


def test_the_seed_is_fixed_in_the_ledger_when_the_part_starts():
    state = say(opened(Ledger("attempt")), "choose", track="edge-guardian")
    seed = state.ledger.events[0].payload["seed"]
    again = say(opened(Ledger("attempt")), "choose", track="edge-guardian")
    other = say(opened(Ledger("another")), "choose", track="edge-guardian")
    assert 0 <= seed < ALL_SEEDS
    assert again.ledger.events[0].payload["seed"] == seed
    assert other.ledger.events[0].payload["seed"] != seed


@pytest.mark.parametrize("seed", [-1, ALL_SEEDS])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(DomainError, match="seed"):
        say(opened(Ledger("attempt")), "choose", track="edge-guardian", seed=seed)


def test_no_seed_is_taken_where_nothing_is_drawn():
    with pytest.raises(RefusedError, match="nothing is drawn"):
        say(opened(Ledger("attempt")), "choose", track="cloud-titan", seed=3)


@pytest.mark.parametrize("seed", TWO)
def test_replaying_the_ledger_gives_the_same_digits(seed):
    state = at_verdict(seed)
    state = say(state, "reflect", answers={**right(seed, state), "event": "all kernels"})
    state = say(say(state, "reflect", answers=right(seed, state)), "finish")
    again = replayed(state)
    assert view(again) == view(state)
    assert say(again, "visit", beat="workbench").progress == state.progress


def leaks(shown, seed):
    """Words of the case that a view holds."""
    truth, text = case(seed, FRAMES), json.dumps(shown)
    words = {*truth.events, *truth.decoys, "culprit", "auditor", "accused", truth.fix}
    return sorted(word for word in words if word in text)


@pytest.mark.parametrize(("cause", "seed"), CASES)
def test_nothing_of_the_case_is_told_before_the_lock(cause, seed):
    for shown in (view(say(locked(seed), "visit", beat="story")), view(locked(seed))):
        content = shown["content"]
        assert leaks(content, seed) == []
        run = case_run(seed)
        slow = max(frame.latency for frame in run.frames)
        assert f"{slow * 1e3:.1f} ms" not in json.dumps(content)
        assert "frames" not in content
    with pytest.raises(RefusedError, match="opens when the prediction is locked"):
        say(locked(seed), "turn", knobs={"frame": "3"}, settled=True)
    assert cause in json.dumps(view(locked(seed))["content"])  # as one of six options


@pytest.mark.parametrize(("cause", "seed"), CASES)
def test_the_workbench_tells_no_truth(cause, seed):
    work = at_work(seed)
    for state in (work, say(work, "ready")):
        text = json.dumps(view(state)["content"])
        for word in (CARDS[Cause(cause)].fix, "culprit", "decoy", "auditor", "excused"):
            assert word not in text
    assert cause not in json.dumps(bench_of(work))
    reflection = view(at_verdict(seed))["content"]
    assert reflection["bench"]["closing"] is None
    assert reflection["verdicts"] is None


@pytest.mark.parametrize(("cause", "seed"), CASES)
def test_frames_are_those_of_the_case(cause, seed):
    frames = bench_of(at_work(seed))["frames"]
    run = simulate(seed, FRAMES)
    told = distribution([frame.end - frame.start for frame in run.frames], 0.01)
    assert (frames["median"], frames["max"], frames["misses"]) == (
        told.median,
        told.maximum,
        told.misses,
    )
    assert (frames["miss_low"], frames["miss_high"]) == told.miss_bounds
    assert sum(one["count"] for one in frames["bins"]) == FRAMES
    covered = [f for span in frames["series"] for f in range(span["first"], span["last"] + 1)]
    assert covered == list(range(FRAMES))
    assert case(seed, FRAMES).frame in [spike["frame"] for spike in frames["spikes"]]
    assert cause


@pytest.mark.parametrize("seed", TWO)
def test_slices_lie_in_the_frame_and_excess_is_longer_and_later(seed):
    bench = bench_of(at_work(seed))
    lanes = bench["lanes"]
    for row in lanes["rows"]:
        for one in (*row["frame"], *row["median"]):
            assert one["start"] >= 0.0
            assert one["start"] + one["duration"] <= lanes["span"] + 1e-12
        assert all(one["excess"] == 0.0 for one in row["median"])
    excesses = [row["excess"] for row in bench["events"]["rows"]]
    assert excesses == sorted(excesses, reverse=True)


def test_memory_bound_kernels_stretch_alone_under_contention_and_all_do_under_throttling():
    def ratios(seed):
        dots = bench_of(at_work(seed))["roofline"]["dots"]
        found = {"memory": [], "compute": []}
        for dot in dots:
            if dot["flops"] > 0.0:
                found[dot["bound"]].append(dot["ghost_rate"] / dot["flop_rate"])
        return {bound: sorted(values)[len(values) // 2] for bound, values in found.items()}

    contention, throttle = ratios(SEEDS["dram_contention"]), ratios(SEEDS["emc_or_dvfs_throttle"])
    assert contention["memory"] > 2.0
    assert contention["compute"] == pytest.approx(1.0, abs=0.05)
    assert throttle["compute"] > 1.3


@pytest.mark.parametrize("seed", TWO)
def test_any_frame_and_any_of_its_events_can_be_looked_at(seed):
    state = at_work(seed)
    turned = say(state, "turn", knobs={"frame": "17"}, settled=True)
    bench = bench_of(turned)
    assert bench["frames"]["selected"] == 17
    event = bench["lanes"]["rows"][0]["frame"][0]["id"]
    chosen = bench_of(say(turned, "turn", knobs={"event": event}, settled=True))
    assert chosen["lanes"]["selected"] == event
    assert any(event.split("/")[1] in peek["title"] for peek in chosen["peeks"])
    back = say(say(turned, "turn", knobs={"event": event}), "turn", knobs={"frame": "18"})
    assert bench_of(back)["lanes"]["selected"] is None


@pytest.mark.parametrize(
    ("knobs", "field"),
    [
        ({"frame": "300"}, "knobs.frame"),
        ({"frame": -1.0}, "knobs.frame"),
        ({"frame": "x"}, "knobs.frame"),
        ({"event": "3/none/0"}, "knobs.event"),
        ({"batch": 1.0}, "knobs"),
    ],
)
def test_what_is_not_there_cannot_be_looked_at(knobs, field):
    with pytest.raises(DomainError) as refused:
        say(at_work(5), "turn", knobs=knobs, settled=True)
    assert refused.value.field == field


def test_the_reveal_judges_each_cause_by_the_bound_of_the_engine():
    shown = view(say(at_work(5), "ready"))["content"]
    bounds = {bound.cause.value: bound for bound in possibilities()}
    several = shown["several"]
    assert not several["right"]
    for row in several["rows"]:
        assert row["correct"] == bounds[row["id"]].possible
        assert row["reach"] == bounds[row["id"]].reach
        assert row["yours"] == (row["id"] in PREDICTION["causes"])
    assert shown["number"]["actual"] == pytest.approx(3e6 / 100 / 3600, rel=0.01)  # rule of three
    bars = [bar["value"] for bar in shown["experiment"]["bars"]]
    assert bars[1] < bars[2] < bars[0]


def test_the_right_prediction_is_called_right():
    possible = [bound.cause.value for bound in possibilities() if bound.possible]
    answers = {"slope": "no", "causes": possible, "hours": 8.3}
    shown = view(say(say(locked(5), "commit", answers=answers), "ready"))["content"]
    assert shown["several"]["right"]
    assert shown["choice"]["right"]
    assert shown["number"]["feedback"].startswith("Close")


@pytest.mark.parametrize(
    "causes", [[], "alloc_flush", ["alloc_flush", "alloc_flush"], ["rain"], None, [3]]
)
def test_several_options_are_checked(causes):
    with pytest.raises(DomainError, match="lists of at least one of"):
        say(locked(5), "commit", answers={**PREDICTION, "causes": causes})


@pytest.mark.parametrize(("cause", "seed"), CASES)
def test_decoys_are_on_offer_refused_with_a_number_and_the_culprit_is_accepted(cause, seed):
    truth, state = case(seed, FRAMES), at_verdict(seed)
    offered = events_of(state)
    here = [name for name in truth.decoys if name in offered]
    assert here
    assert set(offered) & set(truth.events)
    answers = right(seed, state)
    told = []
    for decoy in here:
        state = say(state, "reflect", answers={**answers, "event": decoy})
        verdict = view(state)["content"]["verdicts"]["event"]
        assert not verdict["right"]
        assert any(letter.isdigit() for letter in verdict["feedback"])
        told.append(verdict["feedback"])
        assert view(state)["content"]["bench"]["closing"]["auditor"] is None
    assert len(set(told)) == len(told)
    state = say(state, "reflect", answers=answers)
    shown = view(state)["content"]
    assert shown["passed"]
    closing = shown["bench"]["closing"]
    assert closing["score"]["total"] == pytest.approx(max(1.0 - 0.1 * len(here), 0.0))
    assert closing["auditor"]["agrees"]
    late, cured, _ = (bar["value"] for bar in closing["rerun"]["bars"])
    assert cured < 0.01 < late
    (section,) = view(say(state, "finish"))["content"]["sections"]
    labels = {pair["label"]: pair["value"] for pair in section["summary"]}
    assert labels["False accusations"] == f"{len(here)}"
    assert labels["The cause"] == CARDS[Cause(cause)].title


@pytest.mark.parametrize(("cause", "seed"), CASES)
def test_every_wrong_answer_gets_feedback_of_its_own(cause, seed):
    state = at_verdict(seed)
    answers, truth = right(seed, state), case(seed, FRAMES)
    wrong = {
        "cause": [other.value for other in Cause if other.value != cause],
        "event": [name for name in events_of(state) if name not in truth.events],
    }
    for question, options in wrong.items():
        for option in options:
            tried = say(state, "reflect", answers={**answers, question: option})
            verdict = view(tried)["content"]["verdicts"][question]
            assert not verdict["right"]
            assert verdict["feedback"]
            assert not tried.standing.passed


@pytest.mark.parametrize("seed", TWO)
def test_a_fix_for_another_cause_changes_nothing(seed):
    state = at_verdict(seed)
    answers = right(seed, state)
    other = next(cause.value for cause in Cause if cause.value != answers["fix"])
    state = say(state, "reflect", answers={**answers, "fix": other})
    shown = view(state)["content"]
    assert not shown["verdicts"]["fix"]["right"]
    bars = [bar["value"] for bar in shown["bench"]["closing"]["rerun"]["bars"]]
    assert bars[0] == bars[1]


@pytest.mark.parametrize("seed", TWO)
def test_evidence_that_is_not_there_or_missing_does_not_pass(seed):
    state = at_verdict(seed)
    answers = right(seed, state)
    for evidence in (["clock_drops"], answers["evidence"][:1]):
        tried = say(state, "reflect", answers={**answers, "evidence": evidence})
        assert not view(tried)["content"]["verdicts"]["evidence"]["right"]


@pytest.mark.parametrize("seed", range(20, 32))
def test_the_culprit_is_on_offer_whatever_is_drawn(seed):
    truth = case(seed, FRAMES)
    assert case_recording(seed).first_look == truth.frame
    assert set(events_of(at_verdict(seed))) & set(truth.events)
