"""Mobile Nomad, Part 3: drafts, experts and pruning of the translator; the proof, its refusals, the mission."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.explore.attribution import Means
from ironlaw.lab.ledger import Ledger
from ironlaw.lab.progress import opened
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.tracks import mobile_algorithm as track
from ironlaw.lab.tracks import mobile_algorithm_mission as mission
from ironlaw.lab.tracks import mobile_algorithm_proof as proof
from ironlaw.lab.tracks import mobile_algorithm_reveal as told
from ironlaw.lab.tracks.mobile_fusion import best_in
from ironlaw.lab.tracks.mobile_glasses import JOBS, MILD, cadence, printed
from ironlaw.lab.tracks.mobile_optimum import optimum
from ironlaw.lab.tracks.mobile_wear import NOTHING, pass_of
from ironlaw.lab.tracks.mobile_words import (
    OFF,
    Point,
    chip_of,
    drafts,
    left_by,
    point_of,
    published,
    said,
    words_at,
)
from ironlaw.lab.view import view
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.network_loop import resident
from mobile_learner import (
    PROOF,
    SENTENCE,
    at_lock,
    at_work,
    proved,
    ran,
    read_off,
    say,
    shown,
    turn,
)

WARM_UP = 10


def gain(point, chip=None):
    known = chip or chip_of(track.start())
    return said(point.plain, known).per_sample.joules / said(point, known).per_sample.joules


def text(state):
    return state.standing.tries[-1].judgement.text


def verdicts(state):
    return {name: one.right for name, one in state.standing.tries[-1].judgement.verdicts.items()}


def test_nothing_of_the_bench_is_told_before_the_lock():
    state = at_lock(3)
    assert set(shown(state)) == {"heading", "questions", "warning", "submit", "committed"}
    for kind in ("ready", "proceed"):
        with pytest.raises(RefusedError):
            say(state, kind)
    with pytest.raises(RefusedError):
        say(state, "prove", answers=PROOF)


def test_the_translator_as_it_was_is_the_pass_of_the_parts_before():
    chip = chip_of(track.start())
    for dtype, plan in ((Dtype.FP16, NOTHING),):
        whole = pass_of(JOBS[-1], chip, plan)
        word = said(Point(dtype=dtype.value), chip)
        assert word.per_sample.joules == pytest.approx(whole.total)
        assert word.per_sample.joules == pytest.approx(mission.phrase(Point(), plan, chip))


def test_one_layer_of_six_that_reads_every_word_saves_nothing():
    assert told.share() > 100.0
    found = told.question()
    assert found.work > 1.5
    assert float(found.now.draft.traffic) > 0.5 * float(found.now.plain.traffic)


def test_joules_rise_with_what_is_asked_of_the_draft_and_fall_with_what_is_right():
    for name in drafts():
        rising = [gain(Point(draft=name, length=4, alpha=alpha)) for alpha in track.alphas()]
        assert rising == sorted(rising)
        assert rising[0] < 1.0


def test_no_single_change_reaches_twice_the_words_but_heavy_pruning_with_a_draft_and_all_three_do():
    best, _ = proof.most_by_draft("int8")
    assert best < 2.0
    experts = Point(experts=8, active=1, width=0.25)
    assert gain(experts) < 2.0
    assert all(gain(Point(sparsity=name)) < 2.0 for name in track.SPARSITIES)
    draft = Point(draft="frequent", length=2, alpha=published("frequent"))
    assert gain(draft._replace(experts=8, width=0.25)) < 2.0
    assert gain(draft._replace(sparsity="2:4")) < 2.0
    assert gain(draft._replace(experts=8, width=0.25, sparsity="2:4")) > 2.0
    assert gain(draft._replace(sparsity="unstructured:0.8")) > 2.0


def test_experts_by_word_eat_what_the_draft_spares():
    draft = Point(draft="frequent", length=3, alpha=published("frequent"), experts=32)
    assert gain(draft._replace(routing="word")) < gain(draft)
    alone = Point(experts=32)
    assert gain(draft._replace(routing="word")) / gain(alone._replace(routing="word")) < gain(
        draft
    ) / gain(alone)


def test_the_memory_caps_the_experts():
    state = at_work(3)
    for dtype in ("fp16", "int8"):
        found = words_at(turn(state, experts=8.0, dtype=dtype).standing)
        most = track.most_experts(found)
        point, chip = found.point, found.chip
        fits, over = (
            found.others + said(point._replace(experts=n), chip).footprint for n in (most, most + 1)
        )
        assert fits <= printed().capacity < over
        assert found.others + track.footprint_of(point, most) == pytest.approx(fits)
    state = turn(state, experts=96.0, dtype="fp16")
    assert "This does not fit" in shown(state)["infeasible"]


def test_a_draft_brings_its_published_acceptance_and_knobs_that_exclude_each_other_say_so():
    state = turn(at_work(3), draft="bigram")
    assert state.standing.knobs["alpha"] == published("bigram")
    state = turn(state, draft="frequent", alpha=0.9)
    assert state.standing.knobs["alpha"] == 0.9
    state = turn(state, top_k=4.0)
    assert state.standing.knobs["experts"] == 4.0
    state = turn(state, experts=2.0)
    assert state.standing.knobs["top_k"] == 2.0
    state = turn(state, sparsity="contextual:0.9")
    assert point_of(state.standing.knobs).experts == 1
    state = turn(state, experts=4.0)
    assert state.standing.knobs["sparsity"] == "none"
    with pytest.raises(DomainError):
        turn(state, draft="oracle")


def test_the_instruments_follow_the_knobs():
    state = at_work(3)
    bench = shown(state)
    assert bench["round"] is None
    assert bench["joules"]["steps"] == []
    state = turn(state, draft="frequent", draft_len=3.0)
    bench, found = shown(state), words_at(state.standing)
    picture = bench["round"]
    assert picture["unit"] == "J"
    assert picture["expected"] == pytest.approx(found.now.tokens_per_round)
    assert picture["peek"]["title"] == "Joules saved by the draft"
    made = picture["expected"] / picture["even"]
    assert picture["peek"]["value"] == pytest.approx(made)
    spent = sum(part["time"] for part in picture["parts"])
    assert spent == pytest.approx(found.now.round.joules)
    joules = bench["joules"]
    moved = sum(step["change"] for step in joules["steps"])
    assert joules["before"]["value"] + moved == pytest.approx(joules["after"]["value"])
    shares = bench["optimizations"]
    assert shares["after"]["value"] == pytest.approx(found.joules)
    assert shares["speedup"] == pytest.approx(
        shares["sides"]["machine"] * shares["sides"]["algorithm"]
    )
    mark = bench["curve"]["marks"][0]
    assert (mark["x"], mark["y"]) == (3.0, pytest.approx(found.joules))
    stands = next(one for one in bench["curve"]["series"] if one["id"] == "alpha-0.71")
    assert (3.0, found.joules) in [(x, pytest.approx(y)) for x, y in stands["points"]]
    rows = {row["id"]: row for row in bench["comparison"]["rows"]}
    assert rows["flops"]["change"].startswith("×")
    assert rows["traffic"]["change"].startswith("÷")
    alphas = [row for row in bench["assumptions"]["rows"] if row["id"].startswith("alpha.")]
    assert [row["changed"] for row in alphas] == [False] * len(drafts())


def test_a_turn_is_answered_at_once():
    state = at_work(3)
    for knobs in ({"draft": "frequent"}, {"experts": 8.0}, {"sparsity": "2:4"}):
        state = turn(state, **knobs)
        view(state)
    started = time.perf_counter()
    for length in (1.0, 2.0, 3.0):
        state = turn(state, draft_len=length, width=0.5)
        view(state)
    assert (
        time.perf_counter() - started < 3 * 0.1 * WARM_UP
    )  # a tenth of a second each, on a busy machine


def test_wrong_proofs_are_refused_with_the_number():
    state = turn(at_work(3), draft="frequent", draft_len=3.0)
    state = say(state, "prove", answers=read_off(shown(state)))
    found = words_at(state.standing)
    assert f"{found.gain:.3g} words for the joules of one, not 2" in text(state)
    assert verdicts(state) == {"factor": False, "work": True, "footprint": True, "paid": True}

    state = turn(state, draft="off", experts=96.0, dtype="fp16")
    state = say(state, "prove", answers=read_off(shown(state)))
    assert text(state).startswith("96 experts need 4.9")
    assert "of 2 GB" in text(state)

    state = turn(state, experts=1.0, draft="frequent", alpha=0.95, draft_len=5.0)
    found = words_at(state.standing)
    assert found.gain > 2.0
    state = say(state, "prove", answers=read_off(shown(state)))
    honest = gain(found.point._replace(alpha=published("frequent")))
    assert f"At 71 % these knobs make {honest:.3g} words" in text(state)

    state = turn(state, draft="frequent", e_mem=80e-12)
    state = say(state, "prove", answers=read_off(shown(state)))
    assert "turn a byte of the memory back" in text(state)
    assert not any(one.proved for one in state.standing.tries)
    with pytest.raises(RefusedError, match="prove it first"):
        say(state, "ready")


def test_fewer_operations_is_false_and_says_by_how_much():
    state = turn(at_work(3), draft="frequent", draft_len=2.0, sparsity="unstructured:0.8")
    right = read_off(shown(state))
    state = say(state, "prove", answers={**right, "work": 0.5, "paid": "operations"})
    assert verdicts(state) == {"factor": True, "work": False, "footprint": True, "paid": False}
    assert "Fewer operations is false: they rose 1.35 times" in text(state)
    state = say(state, "prove", answers=right)
    assert state.standing.tries[-1].proved
    assert "nobody has matched the quality" in text(state)
    with pytest.raises(RefusedError, match="it is proved"):
        say(state, "prove", answers=right)


def test_a_right_proof_is_accepted_decided_and_kept_by_the_ledger():
    state = proved(at_work(3))
    assert state.standing.tries[-1].proved
    decided = [e for e in state.ledger.events if e.kind == "decide"]
    assert "goes out with" in decided[-1].payload["decision"]
    again = opened(Ledger(state.ledger.id, state.ledger.events))
    assert view(again)["content"] == shown(state)
    assert shown(state)["challenge"]["proved"]


def test_attempts_run_out_and_the_mission_goes_on():
    state = turn(at_work(3), draft="whole")
    for left in range(5, -1, -1):
        state = say(state, "prove", answers=PROOF)
        assert shown(state)["challenge"]["left"] == left
    with pytest.raises(RefusedError, match="no attempt is left"):
        say(state, "prove", answers=PROOF)
    state = say(state, "ready")
    assert "You proved" not in shown(state)["experiment"]["claim"]
    state = say(state, "proceed")
    assert ("Twice the words for the same joules", "not proved in 6 attempts") in told.summary(
        state.standing
    )


@pytest.mark.parametrize("option", ["less", "same", "more", "depends"])
def test_the_reveal_answers_each_option_with_computed_numbers(option):
    state = proved(at_work(3, draft=option))
    reveal = shown(say(state, "ready"))
    assert reveal["choice"]["right"] == (option == "more")
    assert reveal["number"]["actual"] == pytest.approx(told.share())
    found = told.question()
    assert f"{found.work:.3g} times as many" in reveal["choice"]["feedback"]
    bars = [bar["value"] for bar in reveal["experiment"]["bars"]]
    assert bars[1] / bars[0] == pytest.approx(found.work)


def test_the_mission_is_shared_out_whatever_the_order_and_sums_to_the_whole():
    state = say(say(proved(at_work(3)), "ready"), "proceed")
    bench = shown(state)["bench"]
    shares = bench["optimizations"]
    product = 1.0
    for bar in shares["bars"]:
        product *= bar["fair"]
    assert product == pytest.approx(shares["speedup"])
    goal = optimum(MILD).found
    assert "engine's optimum" in shares["note"]
    found = mission.mission(state.standing)
    assert found.times[frozenset({"precision", "fusion"})] == pytest.approx(
        sum(cadence(job) * one.total for job, one in zip(JOBS, goal.passes, strict=True))
    )
    other = bench["controls"][0]["options"][-1]["id"]
    turned = shown(turn(state, order=other))["bench"]["optimizations"]
    assert [bar["id"] for bar in turned["bars"]] != [bar["id"] for bar in shares["bars"]]
    fair = {bar["id"]: bar["fair"] for bar in turned["bars"]}
    assert fair == {bar["id"]: pytest.approx(bar["fair"]) for bar in shares["bars"]}
    assert found.side("machine") > found.side("algorithm") > 1.0


def test_the_defence_wants_the_side_and_its_factor():
    state = say(say(proved(at_work(3)), "ready"), "proceed")
    sides = shown(state)["bench"]["optimizations"]["sides"]
    wrong = say(
        state, "reflect", answers={"side": "algorithm", "factor": 2.0, "sentence": SENTENCE}
    )
    assert not wrong.standing.passed
    right = {"side": "machine", "factor": sides["machine"], "sentence": SENTENCE}
    state = say(wrong, "reflect", answers=right)
    assert state.standing.passed
    ledger = shown(say(state, "finish"))
    section = ledger["sections"][-1]
    assert section["optimizations"]["sides"] == pytest.approx(sides)
    labels = [row["label"] for row in section["summary"]]
    assert "What stands" in labels
    assert len(section["tries"]) == 1


def test_the_best_run_of_part_two_is_what_the_mission_stands_on():
    state = ran(at_work(2), level="both")
    best = best_in(state.standing.runs, MILD)
    assert best is not None
    state = say(state, "ready")
    standing = replace_earlier(state)
    left = left_by(standing)
    assert left.own
    found = mission.mission(standing)
    both = sum(
        cadence(job) * pass_of(job, chip_of(track.start()), plan).total
        for job, plan in zip(JOBS, left.plans, strict=True)
    )
    assert found.times[frozenset({"precision", "fusion"})] == pytest.approx(both)
    assert "your best run of Part 2" in mission.configuration(left, mission.chosen(standing))
    assert (
        "Precision and fusion are those of your best run"
        in mission.picture(standing, standing.knobs).note
    )
    assert found.fair(Means.ALGORITHM) == 1.0  # nothing is changed in Part 3, and no bar says so
    assert {share.optimization.id for share in found.shares} == {"precision", "fusion"}


def replace_earlier(state):
    """A learner who begins Part 3 after this Part 2."""
    return replace(at_work(3).standing, earlier={2: state.standing})


def test_what_is_resident_counts_the_draft():
    state = turn(at_work(3), draft="frequent")
    found = words_at(state.standing)
    without = words_at(turn(state, draft=OFF).standing)
    assert found.footprint > without.footprint
    assert resident((), Dtype.INT8) == 0.0
