"""Tiny Pioneer, Part 3: gate, experts, zeros; claims of a milliwatt refused with their number, proved, decided."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from edge_learner import say
from ironlaw.base.errors import DomainError
from ironlaw.lab.ledger import Ledger, is_intact
from ironlaw.lab.progress import opened
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.tracks import tiny_algorithm as track
from ironlaw.lab.tracks import tiny_algorithm_mission as mission
from ironlaw.lab.tracks import tiny_fusion
from ironlaw.lab.view import view

PREDICTION = {"draft": "less", "lines": 50.0}
SENTENCE = "No work at all still draws what the chip draws asleep, so the chip had to go."
GATED = {"gate": True, "size": 0.95}
APOLLO = {"chip": "apollo4-plus", "gate": True}
BENCH = (
    "roofline",
    "law",
    "curve",
    "meter",
    "optimizations",
    "challenge",
    "controls",
    "assumptions",
)


def at_lock():
    state = say(opened(Ledger("tiny")), "choose", track="tiny-pioneer", part=3)
    return say(state, "begin")


def at_work(**knobs):
    state = say(at_lock(), "commit", answers=PREDICTION)
    return turned(state, **knobs) if knobs else state


def turned(state, **knobs):
    return say(state, "turn", knobs=knobs, settled=True)


def shown(state):
    return json.loads(json.dumps(view(state)["content"], allow_nan=False))


def read(state):
    """Power and floor as the meter shows them [mW]."""
    meter = shown(state)["meter"]
    return {"power": 1e3 * meter["value"], "floor": 1e3 * meter["floor"]["value"]}


def proved(state, propose, **answers):
    return say(state, "prove", answers={"propose": propose, **read(state), **answers})


def last(state):
    return state.standing.tries[-1]


def at_defence():
    state = proved(at_work(**APOLLO), "chip")
    return say(say(state, "ready"), "proceed")


def test_nothing_of_the_workbench_is_told_before_the_lock():
    state = at_lock()
    assert not set(BENCH) & set(shown(state))
    for kind, fields in (("prove", {"answers": {}}), ("ready", {}), ("turn", {"knobs": GATED})):
        with pytest.raises(RefusedError):
            say(state, kind, **fields)


def test_it_begins_as_the_optimum_of_part_2_left_it():
    bench = shown(at_work())
    goal = tiny_fusion.optimum().frame
    assert f"H = {goal.enhancer.hidden}" in bench["configuration"]
    assert "optimum of Part 2" in bench["configuration"]
    assert all(bench[name] for name in BENCH)
    assert bench["comparison"] is None  # nothing to compare yet
    half = next(gauge for gauge in bench["gauges"] if gauge["id"] == "half")
    assert half["value"] == pytest.approx(2.0)


def test_it_begins_as_the_best_run_of_part_2_left_it():
    state = say(opened(Ledger("tiny")), "choose", track="tiny-pioneer", part=2)
    state = say(say(state, "begin"), "commit", answers={"reduces": "both", "times": 1.0})
    holds = {"hidden": 96.0, "gate_pad": "32", "sram:lstm1.input": True}
    state = say(say(state, "turn", knobs=holds, settled=True), "run")
    state = say(say(state, "ready"), "proceed")
    proposal = {"gate_pad": "32", "fused": True, "load_width": "4"}
    state = say(state, "turn", knobs=proposal, settled=True)
    time = 1e3 * shown(state)["bench"]["time"]
    answers = {"time": time, "moved": "gate_pad", "milliwatt": "chip", "sentence": SENTENCE}
    state = say(say(state, "reflect", answers=answers), "finish")
    state = say(say(state, "advance"), "begin")
    state = say(state, "commit", answers=PREDICTION)
    bench = shown(state)
    assert "H = 96" in bench["configuration"]
    assert "run 1 of Part 2" in bench["configuration"]
    draws = state.standing.earlier[2].runs[0].outcome.figures[1].value
    assert bench["meter"]["value"] == pytest.approx(draws)


def test_a_gate_makes_the_optimum_late_and_each_enhanced_frame_dearer():
    before, after = shown(at_work()), shown(at_work(gate=True))
    assert after["meter"]["value"] < before["meter"]["value"] / 2.0
    assert "too late" in after["claim"]
    frame = next(gauge for gauge in after["gauges"] if gauge["id"] == "frame")
    assert frame["value"] > 1.0
    (work,) = [p for p in after["peeks"] if p["title"] == "Work for an enhanced frame of speech"]
    assert work["value"] > track.before(track.optimum_left()).frame.flops
    assert {part["id"] for part in after["meter"]["parts"]} == {"detector", "busy", "floor"}
    assert after["law"]["total"] == pytest.approx(frame["value"] * 10e-3)
    assert sum(term["time"] for term in after["law"]["terms"]) == pytest.approx(
        after["law"]["total"]
    )


def test_zeros_save_nothing_until_they_fill_a_line():
    plain = shown(at_work())
    single = shown(at_work(zeros=0.5))
    lines = shown(at_work(zeros=0.5, block="32"))
    assert single["meter"]["value"] == pytest.approx(plain["meter"]["value"], rel=0.01)
    assert lines["meter"]["value"] < 0.62 * plain["meter"]["value"]
    across = shown(at_work(zeros=0.5, block="32", cut="row"))
    assert lines["meter"]["value"] < across["meter"]["value"] < plain["meter"]["value"]
    assert single["curve"]["marks"][0]["y"] == pytest.approx(1.0, abs=1e-8)
    assert lines["cache"]["misses"] < 0.62 * plain["cache"]["misses"]
    assert single["cache"]["misses"] == plain["cache"]["misses"]
    heights = {s["id"]: dict(map(tuple, s["points"]))[0.5] for s in lines["curve"]["series"]}
    assert heights["block32"] < heights["block16"] < heights["block8"] < heights["block1"]


def test_another_format_is_precision_and_the_machine_s():
    wide = at_work(dtype="int16", size=0.75, kept="all")
    narrow = at_work(dtype="int8", size=0.75, kept="all")
    assert shown(wide)["meter"]["value"] < shown(narrow)["meter"]["value"] / 4.0  # vector kernels
    bars = {bar["id"]: bar for bar in shown(wide)["optimizations"]["bars"]}
    assert (bars["dtype"]["means"], bars["dtype"]["side"]) == ("precision", "machine")
    assert "int16" in shown(wide)["configuration"]
    moved = shown(turned(wide, chip="apollo4-plus"))
    assert "int8" in moved["configuration"]
    assert "dtype" not in {bar["id"] for bar in moved["optimizations"]["bars"]}


def test_experts_take_flash_and_a_switch():
    bench = shown(at_work(experts=4.0, size=0.5, kept="all"))
    rows = {row["id"]: row for row in bench["comparison"]["rows"]}
    assert rows["total"]["change"].startswith("×") or rows["total"]["change"].startswith("÷")
    assert rows["active"]["change"].startswith("÷")
    assert rows["outside"]["cells"][1] == "0 B"
    assert rows["switch"]["cells"][0] == "nothing"
    assert "copies" in {part["id"] for part in bench["meter"]["parts"]}
    assert "nothing here hears" in bench["comparison"]["note"]


def test_what_does_not_fit_is_said():
    assert "over the SRAM" in shown(at_work(chip="nrf52840", kept="all"))["infeasible"]
    assert "memory that keeps them" in shown(at_work(chip="nrf52840", experts=16.0))["infeasible"]
    assert shown(at_work())["infeasible"] is None


@pytest.mark.parametrize("propose", ["gate", "smaller", "sparser", "chip"])
def test_on_an_esp32_a_milliwatt_is_refused_with_the_floor(propose):
    state = proved(at_work(**GATED, kept="all"), propose)
    assert not last(state).proved
    assert "2.64 mW" in last(state).judgement.text
    assert "1.64 mW more than 1 mW" in last(state).judgement.text
    verdicts = last(state).judgement.verdicts
    assert verdicts["power"].right
    assert verdicts["floor"].right
    assert shown(state)["challenge"]["left"] == 5


def test_less_work_is_no_answer_on_a_chip_that_holds_anyway():
    state = proved(at_work(**APOLLO), "gate")
    assert not last(state).proved
    assert "ESP32" in last(state).judgement.text


def test_a_specification_needs_half_the_power():
    state = proved(at_work(kept="all"), "specification")
    assert not last(state).proved
    assert "2× is demanded" in last(state).judgement.text
    state = proved(turned(state, **GATED), "specification")
    assert last(state).proved
    assert decisions(state) == [last_decision(state)]
    assert "specification" in last_decision(state)
    assert state.standing.at == "workbench"


def test_a_late_frame_is_refused_with_its_number():
    state = proved(at_work(gate=True), "specification")
    assert not last(state).proved
    assert "10.1 ms" in last(state).judgement.text


@pytest.mark.parametrize(
    ("chip", "number"),
    [("esp32-s3", "800 µW"), ("stm32h743", "may take"), ("nrf52840", "may take")],
)
def test_a_chip_that_draws_too_much_is_refused_with_its_number(chip, number):
    state = proved(at_work(chip=chip, gate=True), "chip")
    assert not last(state).proved
    assert number in last(state).judgement.text


def test_a_chip_without_room_is_refused_with_its_number():
    state = proved(at_work(chip="nrf52840", gate=True, kept="all"), "chip")
    assert "over the SRAM" in last(state).judgement.text


def test_turned_assumptions_prove_nothing():
    state = proved(at_work(**GATED, speech=0.1), "specification")
    assert not last(state).proved
    assert "assumptions" in last(state).judgement.text


def test_another_chip_is_proved_and_logged_as_a_decision():
    state = proved(at_work(**APOLLO), "chip")
    assert last(state).proved
    assert "Apollo4 Plus" in last_decision(state)
    assert view(state)["next"]["message"]["type"] == "ready"
    assert shown(state)["challenge"]["proved"]
    with pytest.raises(RefusedError, match="proved"):
        proved(state, "chip")


def test_a_wrong_number_is_no_evidence():
    state = proved(at_work(**APOLLO), "chip", floor=2.64)
    assert not last(state).proved
    assert "evidence does not" in last(state).judgement.text
    assert not last(state).judgement.verdicts["floor"].right
    assert decisions(state) == []


def test_the_attempts_run_out_and_the_way_goes_on():
    state = at_work(**GATED)
    with pytest.raises(RefusedError, match="prove it first"):
        say(state, "ready")
    for number in range(6):
        state = proved(state, "gate")
        assert shown(state)["challenge"]["left"] == 5 - number
    with pytest.raises(RefusedError, match="no attempt is left"):
        proved(state, "chip")
    state = say(say(state, "ready"), "proceed")
    assert "no proof held" in shown(state)["bench"]["configuration"]


def decisions(state):
    return [event.payload["decision"] for event in state.ledger.events if event.kind == "decide"]


def last_decision(state):
    return decisions(state)[-1]


def test_the_reveal_says_more_work_for_each_frame():
    state = say(proved(at_work(**APOLLO), "chip"), "ready")
    content = shown(state)
    assert not content["choice"]["right"]
    assert content["number"]["actual"] == pytest.approx(100.0 * (1.0 - 0.5**32))
    bars = [bar["value"] for bar in content["experiment"]["bars"]]
    assert bars[1] > bars[0]
    assert "more work" in content["experiment"]["claim"]


@pytest.mark.parametrize("option", ["less", "same", "more", "depends"])
@pytest.mark.parametrize("guess", [5.0, 50.0, 98.0])
def test_every_prediction_has_its_own_feedback(option, guess):
    state = say(at_lock(), "commit", answers={"draft": option, "lines": guess})
    state = say(proved(turned(state, **APOLLO), "chip"), "ready")
    content = shown(state)
    assert content["choice"]["right"] is (option == "more")
    assert (
        content["number"]["feedback"].split()[0] == {5.0: "Too", 50.0: "As", 98.0: "Close."}[guess]
    )


def test_the_shares_multiply_to_the_whole_and_no_order_moves_them():
    state = at_defence()
    first = shown(state)["bench"]
    orders = [option["id"] for option in first["controls"][0]["options"]]
    state = turned(state, order=orders[-1])
    other = shown(state)["bench"]
    whole = 1.0
    for bar in first["optimizations"]["bars"]:
        whole *= bar["fair"]
    assert whole == pytest.approx(first["optimizations"]["speedup"])
    fair = [
        {bar["id"]: bar["fair"] for bar in one["optimizations"]["bars"]} for one in (first, other)
    ]
    assert fair[0] == pytest.approx(fair[1])
    assert first["optimizations"]["bars"][-1]["means"] == "chip"
    assert first["optimizations"]["bars"][-1]["side"] == "machine"
    assert {row["id"]: row["cells"][1:] for row in first["comparison"]["rows"]}["esp32"] == [
        "none",
        "none",
    ]


def test_the_waterfall_ends_at_what_the_meter_shows():
    state = at_work(**APOLLO)
    bench = shown(state)
    hop = 16e-3
    assert bench["optimizations"]["after"]["value"] == pytest.approx(hop * bench["meter"]["value"])
    bars = bench["optimizations"]["bars"]
    assert bars[0]["before"] == bench["optimizations"]["before"]["value"]
    for one, following in pairwise(bars):
        assert one["after"] == following["before"]


def defended(state, side, factor=None):
    sides = shown(state)["bench"]["optimizations"]["sides"]
    answers = {
        "side": side,
        "factor": sides[side] if factor is None else factor,
        "sentence": SENTENCE,
    }
    return say(state, "reflect", answers=answers)


def test_the_defence_is_judged_by_the_shares():
    state = defended(at_defence(), "algorithm")
    assert not state.standing.passed
    state = defended(state, "machine", factor=2.0)
    assert not state.standing.passed
    state = defended(state, "machine")
    assert state.standing.passed
    state = say(state, "finish")
    content = shown(state)
    (section,) = [one for one in content["sections"] if one["title"].startswith("Part 3")]
    assert section["optimizations"]["speedup"] > 100.0
    assert [one["proved"] for one in section["tries"]] == [True]
    kept = {pair["label"]: pair["value"] for pair in section["summary"]}
    assert kept["The proposal"] == "Another chip"
    assert kept["In your words"] == SENTENCE


def test_a_ledger_brings_the_same_back():
    state = defended(at_defence(), "machine")
    again = opened(state.ledger)
    assert is_intact(state.ledger)
    assert view(again) == view(state)
    assert again.standing.tries == state.standing.tries


def test_the_chips_that_hold_a_milliwatt_are_searched():
    rows = {row.id: row for row in mission.chips_table().rows}
    assert rows["esp32"].cells[1:] == rows["esp32-s3"].cells[1:] == ("none", "none")
    for chip in ("nrf52840", "apollo4-plus", "gap9"):
        for run in mission.reached(chip)[1:]:
            assert run.power.total <= 1e-3
            assert run.worst <= 10e-3
    plain, gated = mission.reached("nrf52840")[1:]
    assert gated.frame.enhancer.hidden > plain.frame.enhancer.hidden


def test_a_knob_that_is_not_there_is_refused():
    for knobs in ({"chip": "h100-sxm"}, {"zeros": 0.33}, {"block": "3"}, {"detector": True}):
        with pytest.raises(DomainError):
            turned(at_work(), **knobs)


def test_where_the_knobs_stand_in_words():
    knobs = track.turn(track.start(), {**GATED, "zeros": 0.5, "speech": 0.1, "experts": 4.0})
    said = track.in_words(knobs)
    for word in ("4 experts", "95 % of H", "50 % zeros", "gated", "assuming share of speech 10 %"):
        assert word in said
