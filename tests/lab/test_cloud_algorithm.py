"""Cloud Titan, Part 3: twice the tokens proved or refused, and the defence of the whole mission."""

from __future__ import annotations

import json

import pytest

from ironlaw.lab.ledger import Ledger, is_intact
from ironlaw.lab.progress import opened
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.tracks.cloud_algorithm_mission import found_at
from ironlaw.lab.tracks.cloud_fusion import optimum
from ironlaw.lab.view import view
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario
from ledgers import replayed

JOURNEY = (
    *("story", "lock", "workbench", "refused", "proved", "reveal"),
    *("reflect", "passed", "ledger"),
)
WORKBENCH = ("roofline", "comparison", "curve", "round", "optimizations", "challenge", "controls")
NODE = ("llama-3-70b", "h100-sxm")


def rate(model, **ask):
    return float(diagnose(scenario(model, "h100-sxm", tp=8, **ask)).tokens_per_second)


@pytest.mark.parametrize("beat", JOURNEY)
def test_replaying_the_ledger_gives_the_state(algorithm_at, beat):
    state = algorithm_at(beat)
    again = replayed(state)
    assert again.progress == state.progress
    assert view(again) == view(state)
    assert is_intact(state.ledger)


@pytest.mark.parametrize("beat", ["story", "lock"])
def test_nothing_of_the_workbench_is_shown_before_the_lock(algorithm_at, beat):
    text = json.dumps(view(algorithm_at(beat)))
    for key in WORKBENCH:
        assert f'"{key}":' not in text
    assert "Scout" not in text


def test_the_crisis_is_what_part_two_left(algorithm_at):
    figures = view(algorithm_at("story"))["content"]["figures"]
    now = rate("llama-3-70b", batch=16, context=8192)
    assert [figure["value"] for figure in figures] == [f"{now:,.0f}", f"{2 * now:,.0f}"]


def test_a_wrong_operating_point_is_refused_with_the_number_against_it(algorithm_at, scout_at):
    state = algorithm_at("refused")
    (tried,) = state.standing.tries
    batch = scout_at["refused"]["batch"]
    load = {"batch": batch, "context": 256}
    against = rate("llama-4-scout", **load) / rate("llama-3-70b", **load)
    assert not tried.proved
    assert tried.judgement.text.startswith(
        f"{against:.3f}× at decode, batch {batch:g}, context 256"
    )
    assert "of the 16 experts" in tried.judgement.text
    right = {name: one.right for name, one in tried.judgement.verdicts.items()}
    numbers = dict.fromkeys(("total", "active", "footprint", "worst"), True)
    assert right == {"claim": False, **numbers}


def test_a_right_one_is_accepted_with_what_it_does_not_say(algorithm_at, say):
    state = algorithm_at("proved")
    tried = state.standing.tries[-1]
    assert tried.proved
    assert "not matched in quality" in tried.judgement.text
    assert "1.53×" in tried.judgement.text
    assert view(state)["next"]["message"] == {"type": "ready"}
    decided = [event for event in state.ledger.events if event.kind == "decide"]
    assert decided[0].payload["decision"].startswith("serves Llama-4-Scout")
    with pytest.raises(RefusedError, match="it is proved"):
        say(state, "prove", answers=dict(tried.answers))


@pytest.fixture
def prove(algorithm_at, say, read_off):
    """A function that proves at some knobs, with the numbers read there."""

    def attempt(claim, **knobs):
        state = say(algorithm_at("workbench"), "turn", knobs=knobs, settled=True)
        return say(state, "prove", answers={"claim": claim, **read_off(state)})

    return attempt


@pytest.mark.parametrize("batch", [1.0, 16.0, 256.0, 1024.0])
@pytest.mark.parametrize("phase", ["decode", "prefill"])
def test_mixtral_is_refused_at_any_load_with_its_limit(say, read_off, algorithm_at, phase, batch):
    knobs = {"model": "mixtral-8x22b", "batch": batch, "context": 256.0}
    state = say(algorithm_at("workbench"), "turn", knobs=knobs, settled=True)
    answers = {"claim": "nowhere", **read_off(state)}
    state = say(state, "turn", knobs={"phase": phase}, settled=True)
    tried = say(state, "prove", answers=answers).standing.tries[-1]
    assert not tried.proved
    assert "1.78×" in tried.judgement.text
    assert "1.78×" in tried.judgement.verdicts["claim"].feedback


def test_a_smaller_model_is_another_product(prove):
    tried = prove("reads", model="mixtral-8x7b", batch=1.0).standing.tries[-1]
    assert not tried.proved
    assert "46.7 billion parameters of 70.6 billion" in tried.judgement.text


def test_the_experts_are_judged_without_the_draft(prove):
    # the draft brings tokens sooner, but the claim is about the experts
    tried = prove("reads", model="llama-4-scout", batch=16.0, draft=True).standing.tries[-1]
    assert not tried.proved
    load = {"batch": 16, "context": 8192}
    alone = rate("llama-4-scout", **load) / rate("llama-3-70b", **load)
    assert tried.judgement.text.startswith(f"{alone:.2f}×")
    assert "draft and sparsity were left out" in tried.judgement.text


def test_where_the_dense_model_does_not_fit_there_is_nothing_to_be_twice_of(prove):
    knobs = {"model": "llama-4-scout", "batch": 2048.0, "context": 1024.0}
    tried = prove("computes", **knobs).standing.tries[-1]
    assert not tried.proved
    assert "nothing to be twice of" in tried.judgement.text


def test_a_full_memory_is_an_operating_point(prove):
    state = prove("computes", model="llama-4-scout", context=1024.0, fill=True)
    assert state.standing.tries[-1].proved
    assert "against batch 1,476" in state.standing.tries[-1].judgement.text


@pytest.mark.parametrize(
    ("question", "answer", "hint"),
    [
        ("claim", "reads", "Not mainly"),
        ("claim", "anywhere", "Not at any load"),
        ("total", 17.2, "a token uses"),
        ("active", 107.8, "all that the model holds"),
        ("footprint", 1.62, None),
        ("worst", 1.68, None),
    ],
)
def test_a_wrong_number_is_told_from_a_wrong_place(
    algorithm_at, scout_at, say, question, answer, hint
):
    proved = algorithm_at("proved").standing.tries[-1]
    state = algorithm_at("refused")
    state = say(state, "turn", knobs=scout_at["proved"], settled=True)
    state = say(state, "prove", answers={**proved.answers, question: answer})
    tried = state.standing.tries[-1]
    assert not tried.proved
    assert tried.judgement.text.startswith("The operating point holds")
    wrong = [name for name, one in tried.judgement.verdicts.items() if not one.right]
    assert wrong == [question]
    assert hint is None or hint in tried.judgement.verdicts[question].feedback


def test_when_no_attempt_is_left_the_reveal_opens(algorithm_at, say, read_off):
    state = algorithm_at("refused")
    with pytest.raises(RefusedError, match="prove it first"):
        say(state, "ready")
    answers = {"claim": "reads", **read_off(state)}
    for _ in range(5):
        state = say(state, "prove", answers=answers)
    assert view(state)["content"]["challenge"]["left"] == 0
    with pytest.raises(RefusedError, match="no attempt is left"):
        say(state, "prove", answers=answers)
    state = say(say(state, "ready"), "proceed")
    assert view(state)["content"]["bench"]["kind"] == "mission"


def test_the_reveal_shows_work_rise_at_any_batch(algorithm_at):
    content = view(algorithm_at("reveal"))["content"]
    assert (content["choice"]["right"], content["choice"]["correct"]["id"]) == (False, "more")
    assert content["number"]["actual"] == pytest.approx(111.77, abs=0.005)
    bars = [bar["value"] for bar in content["experiment"]["bars"]]
    assert bars[1] / bars[0] == pytest.approx(1.618, abs=0.001)
    assert bars[3] / bars[2] == pytest.approx(1.618, abs=0.001)


def test_the_exhibit_takes_what_part_two_left(fusion_at, algorithm_at, say, read_off, scout_at):
    joined = view(algorithm_at("reflect"))["content"]["bench"]["optimizations"]
    assert "Part 2 was not played" in joined["note"]
    state = say(fusion_at("ledger"), "advance")
    state = say(say(state, "begin"), "commit", answers={"draft": "more", "experts": 100.0})
    state = say(state, "turn", knobs=scout_at["proved"], settled=True)
    state = say(state, "prove", answers={"claim": "computes", **read_off(state)})
    state = say(say(state, "ready"), "proceed")
    shown = view(state)["content"]["bench"]["optimizations"]
    assert "your run" in shown["note"]
    assert [bar["id"] for bar in shown["bars"]] == ["fusion", "experts"]
    load = {"batch": 16, "context": 8192, "tp": 8}
    before = diagnose(scenario(*NODE, fusion="partial", **load))
    after = diagnose(scenario("llama-4-scout", "h100-sxm", **load))
    assert shown["before"]["value"] == pytest.approx(float(before.step), rel=1e-12)
    assert shown["after"]["value"] == pytest.approx(float(after.step), rel=1e-12)


def test_who_joins_in_the_middle_defends_the_optimum_of_part_two(algorithm_at):
    found = found_at(algorithm_at("reflect").standing)
    fusion = found.shares[0]
    load = {"batch": 16, "context": 8192, "tp": 8, "launch": "graph"}
    fused = diagnose(scenario(*NODE, fusions=optimum("decode").fusions, **load))
    assert fusion.after == pytest.approx(float(fused.step), rel=1e-12)


def test_the_order_moves_the_bars_and_no_share(algorithm_at, say):
    state = algorithm_at("reflect")
    first = view(state)["content"]["bench"]["optimizations"]
    order = "algorithm>fusion>precision"
    state = say(state, "turn", knobs={"order": order}, settled=True)
    then = view(state)["content"]["bench"]["optimizations"]
    assert [bar["id"] for bar in then["bars"]] == [bar["id"] for bar in first["bars"]][::-1]
    assert then["sides"] == pytest.approx(first["sides"])
    assert then["bars"][0]["after"] != first["bars"][0]["after"]


def test_the_ledger_keeps_the_mission(algorithm_at):
    content = view(algorithm_at("ledger"))["content"]
    (section,) = content["sections"]
    assert [one["proved"] for one in section["tries"]] == [False, True]
    assert section["optimizations"]["speedup"] > 1.0
    pairs = {one["label"]: one["value"] for one in section["summary"]}
    assert pairs["Twice the tokens"].startswith("attempt 2")
    told = [event["summary"] for event in content["events"]]
    assert any(line.startswith("serves Llama-4-Scout") for line in told)


def test_a_track_is_opened_at_part_three_by_who_has_no_ledger(say):
    state = say(opened(Ledger("x")), "choose", track="cloud-titan", part=3)
    assert view(state)["part"]["title"] == "Algorithmic Innovation"
