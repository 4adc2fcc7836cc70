"""Edge Guardian, Part 3: drafts are refused by the deadline, a proof needs its numbers, the mission is shared out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from edge_learner import say
from ironlaw.base.errors import DomainError
from ironlaw.explore.detector_search import gain
from ironlaw.instruments.scale import with_prefix
from ironlaw.lab.ledger import Ledger
from ironlaw.lab.part import Standing
from ironlaw.lab.progress import opened
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.runs import Run
from ironlaw.lab.tracks import edge_algorithm as track
from ironlaw.lab.tracks import edge_algorithm_bench as instruments
from ironlaw.lab.tracks import edge_algorithm_defence as defence
from ironlaw.lab.tracks import edge_algorithm_proof as proof
from ironlaw.lab.tracks import edge_fusion
from ironlaw.lab.view import view
from ironlaw.system.detector_loop import Setting, assumed, loop_at
from ironlaw.system.jitter.board import Deployment
from ledgers import replayed

PREDICTION = {"draft": "less", "verified": 20.0}
SENTENCE = "Eight bits and a detector a scene made it; no draft could, because it waits."
WAYS = {"dtype": "int8", "experts": "3"}
BUILD = track.left_by_part_2(Standing(at="workbench", started=0.0)).build


def at_lock():
    state = say(opened(Ledger("algorithm")), "choose", track="edge-guardian", part=3)
    return say(state, "begin")


def at_work(**knobs):
    state = say(at_lock(), "commit", answers=PREDICTION)
    return say(state, "turn", knobs=knobs, settled=True) if knobs else state


def shown(state):
    return view(state)["content"]


def readings(state):
    """What a learner reads off the gauges."""
    found = track.loop(state.standing.knobs, BUILD)
    return {
        "factor": track.factor(state.standing.knobs, BUILD),
        "latency": 1e3 * found.worst.latency,
        "footprint": 1e-6 * found.held.total,
    }


def tried(state, means, **changed):
    return say(state, "prove", answers={"means": means, **readings(state), **changed})


def last(state):
    return state.standing.tries[-1]


def at_defence():
    state = tried(at_work(**WAYS), "both")
    return say(say(state, "ready"), "proceed")


def test_nothing_is_told_before_the_lock():
    state = at_lock()
    told = str(view(state))
    for word in ("controls", "roofline", "challenge", "optimizations", "assumptions"):
        assert f"'{word}'" not in told
    for kind in ("prove", "turn", "ready"):
        with pytest.raises(RefusedError):
            say(state, kind)


def test_the_instruments_show_the_loop_at_the_knobs():
    state = at_work(**WAYS)
    bench, found = shown(state), track.loop(state.standing.knobs, BUILD)
    law = bench["law"]
    assert law["total"] == found.usual.latency
    assert sum(term["time"] for term in law["terms"]) == pytest.approx(law["total"], rel=1e-9)
    assert law["high"] == found.worst.latency
    gauges = {gauge["id"]: gauge["value"] for gauge in bench["gauges"]}
    before = loop_at(Setting(build=BUILD), assumed())
    assert gauges["throughput"] == pytest.approx(gain(found, before) / 2.0)
    assert gauges["worst"] == found.worst.latency / found.deadline
    equations = {peek["title"]: peek for peek in bench["peeks"]}
    assert equations["Frames a second"]["value"] == pytest.approx(found.usual.throughput)


@pytest.mark.parametrize("frames", [1.0, 2.0, 5.0, 8.0])
def test_the_parts_of_a_batch_are_its_latency(frames):
    state = at_work(draft=True, frames=frames)
    bench, found = shown(state), track.loop(state.standing.knobs, BUILD)
    times = [part["time"] for part in bench["round"]["parts"]]
    assert sum(times) == pytest.approx(found.usual.latency)
    assert bench["round"]["expected"] == pytest.approx(found.kept)
    equation = next(p for p in bench["peeks"] if p["title"].startswith("From the scan"))
    assert equation["value"] == pytest.approx(found.usual.latency)


def test_the_curve_passes_where_the_knobs_stand():
    state = at_work(draft=True, frames=3.0)
    curve = shown(state)["curve"]
    found = track.loop(state.standing.knobs, BUILD)
    usual = dict(next(one for one in curve["series"] if one["id"] == "usual")["points"])
    assert usual[3.0] == curve["marks"][0]["y"] == found.usual.latency
    assert curve["limits"][0]["y"] == found.deadline
    assert curve["y"]["scale"] == "log"


def test_the_measured_view_adds_up_to_what_the_pipeline_takes():
    found = loop_at(Setting(), assumed())
    view_of = instruments.view_of_detector(found)
    measured = sum(row.time for row in view_of.rows)
    assert measured == pytest.approx(found.usual.network, rel=0.01)
    assert all(row.ideal <= row.time for row in view_of.rows)


@pytest.mark.parametrize("frames", [2.0, 4.0, 8.0])
def test_drafts_are_refused_by_the_deadline_with_its_number(frames):
    state = tried(at_work(draft=True, frames=frames), "draft")
    found = track.loop(state.standing.knobs, BUILD)
    assert not last(state).proved
    assert f"{1e3 * found.usual.waiting:.1f} ms for the others" in last(state).judgement.text
    assert f"{with_prefix(found.late, 's')} past 10.0 ms" in last(state).judgement.text
    assert view(state)["next"] is None


@pytest.mark.parametrize(
    ("knobs", "means"), [({"experts": "2"}, "experts"), ({"dtype": "int8"}, "bits"), ({}, "bits")]
)
def test_a_setting_that_falls_short_is_refused_with_its_factor(knobs, means):
    state = tried(at_work(**knobs), means)
    gained = track.factor(state.standing.knobs, BUILD)
    assert gained < 2.0
    assert not last(state).proved
    assert f"{gained:.3g}× of 2×" in last(state).judgement.text


def test_a_mistake_of_the_gate_can_be_what_the_deadline_counts():
    """In the build that Part 1 found, the wrong expert and the right one after it are too long."""
    knobs = track.turn(track.start(), {"experts": "2"})
    found = track.loop(knobs, Deployment())
    refused = proof.refutation(knobs, found, 3.0)
    assert refused is not None
    assert "right detector runs after the wrong one" in refused


def test_a_right_proof_is_accepted_and_decides():
    state = tried(at_work(**WAYS), "both")
    assert last(state).proved
    found = track.loop(state.standing.knobs, BUILD)
    assert f"{1e3 * found.worst.latency:.2f} ms of 10.0 ms" in last(state).judgement.text
    assert state.ledger.events[-1].kind == "decide"
    assert "int8 · 3 detectors" in state.ledger.events[-1].payload["decision"]
    assert view(state)["next"]["message"] == {"type": "ready"}


def test_the_right_setting_by_other_means_is_no_proof():
    for means in ("experts", "bits", "draft"):
        state = tried(at_work(**WAYS), means)
        assert not last(state).proved
        assert "by other means" in last(state).judgement.text


@pytest.mark.parametrize("name", ["factor", "latency", "footprint"])
def test_a_number_that_was_not_read_off_is_refused(name):
    state = at_work(**WAYS)
    state = tried(state, "both", **{name: 1.2 * readings(state)[name]})
    assert not last(state).proved
    wrong = [key for key, one in last(state).judgement.verdicts.items() if not one.right]
    assert wrong == [name]
    assert name in last(state).judgement.text


def test_the_usual_frame_is_told_from_the_worst():
    state = at_work(**WAYS)
    usual = 1e3 * track.loop(state.standing.knobs, BUILD).usual.latency
    state = tried(state, "both", latency=usual)
    assert "usual frame" in last(state).judgement.verdicts["latency"].feedback


def test_what_is_possible_is_not_impossible_and_which_is_not_said():
    state = tried(at_work(), "impossible", factor=1.9)
    told = last(state).judgement.text
    search = track.searched(BUILD)
    assert not last(state).proved
    assert told.startswith("There is one")
    assert f"{search.reaching} of those reach 2×" in told
    for word in ("int8", "2:4", "detectors", f"{search.factor:.2f}"):
        assert word not in str(last(state).judgement.to_dict())


def test_impossible_is_the_right_proof_where_the_search_agrees(monkeypatch):
    none = track.searched(BUILD)._replace(reaching=0)
    monkeypatch.setattr(proof, "searched", lambda _: none)
    state = tried(at_work(), "impossible", factor=0.9 * none.factor)
    assert not last(state).proved
    state = tried(state, "impossible", factor=1.02 * none.factor)
    assert last(state).proved
    assert "No setting reaches it" in last(state).judgement.text
    assert "no setting reaches 2×" in state.ledger.events[-1].payload["decision"]


def test_a_proof_stands_at_the_assumptions_of_the_registry():
    state = tried(at_work(**WAYS, gate_error=0.0), "both")
    assert not last(state).proved
    assert "assumptions of the registry" in last(state).judgement.text


def test_beyond_what_boxes_bear_a_pattern_is_no_means():
    state = at_work(**WAYS, pattern="unstructured", share=0.95)
    assert "boxes are lost" in shown(state)["infeasible"]
    assert "boxes are lost" in last(tried(state, "both")).judgement.text


def test_when_no_attempt_is_left_the_reveal_opens():
    state = at_work(draft=True)
    for _ in range(6):
        with pytest.raises(RefusedError, match="attempts left"):
            say(state, "ready")
        state = tried(state, "draft")
    with pytest.raises(RefusedError, match="no attempt is left"):
        tried(state, "draft")
    assert say(state, "ready").progress.at == "reveal"


def test_replaying_the_ledger_gives_the_same_view():
    state = tried(at_work(draft=True), "draft")
    state = tried(say(state, "turn", knobs={**WAYS, "draft": False}, settled=True), "both")
    assert view(replayed(state)) == view(state)
    state = say(say(state, "ready"), "proceed")
    assert view(replayed(state)) == view(state)


def test_the_reveal_compares_what_was_said_with_what_is_computed():
    state = say(tried(at_work(**WAYS), "both"), "ready")
    content = shown(state)
    assert content["choice"]["right"] is False
    batch = loop_at(Setting(frames=4, drafted=True), assumed())
    assert content["number"]["actual"] == pytest.approx(1e3 * batch.usual.latency)
    first, second = (bar["value"] for bar in content["experiment"]["bars"])
    assert first < second


def test_every_answer_of_the_lock_gets_its_own_words():
    told = set()
    for option in ("less", "same", "more", "depends"):
        for verified in (10.0, 40.0, 56.0, 500.0):
            state = say(at_lock(), "commit", answers={"draft": option, "verified": verified})
            state = say(state, "turn", knobs=WAYS, settled=True)
            content = shown(say(tried(state, "both"), "ready"))
            told.add((content["choice"]["feedback"], content["number"]["feedback"]))
    assert len(told) == 16


def test_the_mission_is_shared_out_and_no_order_moves_the_shares():
    state = at_defence()
    first = shown(state)["bench"]["optimizations"]
    state = say(state, "turn", knobs={"order": "algorithm>fusion>precision"}, settled=True)
    second = shown(state)["bench"]["optimizations"]
    assert first["before"]["value"] == loop_at(Setting(), assumed()).usual.latency
    assert (
        first["after"]["value"] == track.loop(defence.settled(state.standing), BUILD).usual.latency
    )
    assert first["sides"] == second["sides"]
    assert [bar["id"] for bar in first["bars"]] == ["dtype", "build", "experts"]
    assert [bar["id"] for bar in second["bars"]] == ["experts", "build", "dtype"]
    product = 1.0
    for bar in first["bars"]:
        product *= bar["fair"]
    assert product == pytest.approx(first["speedup"])


def test_the_waterfall_keeps_to_the_proof_whatever_is_turned_later():
    state = at_defence()
    before = shown(state)["bench"]["optimizations"]
    turned = say(state, "turn", knobs={"experts": "1", "dtype": "fp16"}, settled=True)
    assert shown(turned)["bench"]["optimizations"] == before


def test_the_defence_is_judged_by_the_shares_and_closes_the_mission():
    state = at_defence()
    sides = shown(state)["bench"]["optimizations"]["sides"]
    more, less = sorted(sides, key=lambda side: -sides[side])
    wrong = say(
        state, "reflect", answers={"side": less, "factor": sides[less], "sentence": SENTENCE}
    )
    assert not wrong.standing.passed
    right = {"side": more, "factor": sides[more], "sentence": SENTENCE}
    state = say(say(wrong, "reflect", answers=right), "finish")
    (section,) = shown(state)["sections"]
    assert section["optimizations"]["sides"] == sides
    assert [row["proved"] for row in section["tries"]] == [True]
    pairs = {entry["label"]: entry["value"] for entry in section["summary"]}
    assert pairs["2× the frames"].startswith("attempt 1")
    assert pairs["In your words"] == SENTENCE


def test_what_part_2_left_is_what_the_learner_ran():
    seed = 7
    knobs = edge_fusion.turn(
        edge_fusion.start(), {"level": "full", "pool": "static", "launch": "graph"}
    )
    run = Run(number=3, knobs=knobs, outcome=edge_fusion.counted(seed).run(knobs))
    assert run.outcome.value is not None
    before = Standing(at="ledger", started=0.0, seed=seed, runs=(run,))
    standing = Standing(at="workbench", started=0.0, earlier={2: before}, knobs=track.start())
    left = track.left_by_part_2(standing)
    assert left.yours
    assert left.build == Deployment(pool="static", graph_launch=True, fused="full")
    assert left.words.startswith("your run 3 of Part 2")
    failed = replace(run, outcome=replace(run.outcome, value=None))
    without = replace(standing, earlier={2: replace(before, runs=(failed,))})
    assert not track.left_by_part_2(without).yours
    told = defence.bench(standing)["optimizations"]
    assert [bar["label"] for bar in told["bars"]] == ["build of Part 2"]
    assert "your run 3" in told["note"]


def test_what_is_assumed_stands_at_a_stop_of_its_knob():
    for control in track.controls():
        assert control.checked(control.value) == control.value
    assert track.assumed_at(track.start()) == assumed()
    rows = shown(at_work(acceptance=0.5))["assumptions"]["rows"]
    assert len({row["id"] for row in rows}) == len(rows)
    changed = [row["id"] for row in rows if row["changed"]]
    assert changed == ["acceptance"]


def test_every_knob_can_be_turned_to_every_stop():
    state = at_work()
    for control in track.controls():
        told = control.to_dict(control.value)
        values = [one["id"] for one in told.get("options", ())] or told.get("stops")
        for value in values or (True, False):
            turned = say(state, "turn", knobs={control.id: value}, settled=True)
            assert shown(turned)["kind"] == "roofline"


def test_a_knob_that_is_not_there_is_refused():
    with pytest.raises(DomainError, match="knobs"):
        say(at_work(), "turn", knobs={"lidars": 2.0}, settled=True)
    with pytest.raises(DomainError, match=r"knobs\.frames"):
        say(at_work(), "turn", knobs={"frames": 9.0}, settled=True)
