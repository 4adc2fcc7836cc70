"""Edge Guardian, Part 2: runs over the learner's own case; time, misses and memory; the optimum is the best."""

from __future__ import annotations

import pytest

from edge_learner import FRAMES, SEEDS, START, say
from ironlaw.lab.fusion_bench import graph
from ironlaw.lab.ledger import Ledger
from ironlaw.lab.progress import opened
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.score import reached
from ironlaw.lab.tracks import edge_fusion as track
from ironlaw.lab.view import view
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.jitter.board import Deployment
from ironlaw.system.jitter.case import drawn_case
from ironlaw.system.jitter.exposure import alone
from ironlaw.system.jitter.simulate import latencies, simulate
from ironlaw.system.question import scenario
from ledgers import replayed

PREDICTION = {"reduces": "both", "gone": 30.0}
SENTENCE = "Fewer launches are fewer moments at which the host can be taken off its core."
FLUSH, MODULE, NMS = (
    SEEDS[name] for name in ("alloc_flush", "new_shape_autotune_or_lazy_load", "nms_box_explosion")
)


def at_lock(seed):
    state = say(opened(Ledger("gain")), "choose", track="edge-guardian", part=2, seed=seed)
    return say(state, "begin")


def at_work(seed):
    return say(at_lock(seed), "commit", answers=PREDICTION)


def ran(state, **knobs):
    turned = say(state, "turn", knobs=knobs, settled=True) if knobs else state
    return say(turned, "run")


def shown(state):
    return view(state)["content"]


def test_nothing_is_told_before_the_lock():
    state = at_lock(FLUSH)
    assert not {"graph", "runs", "controls", "result"} & set(shown(state))
    for kind in ("run", "ready"):
        with pytest.raises(RefusedError):
            say(state, kind)


def test_the_case_of_part_1_goes_on_in_part_2():
    state = say(opened(Ledger("attempt")), "choose", track="edge-guardian", part=2)
    other = say(opened(Ledger("attempt")), "choose", track="edge-guardian", part=1)
    assert state.standing.seed == other.standing.seed


@pytest.mark.parametrize("level", FusionLevel)
def test_levels_are_those_of_the_network(level):
    board = track.board()
    blocks = board.cut(board.level(level))
    kernels = sum(block.count * len(block.graph.groups) for block in blocks)
    assert (
        kernels
        == diagnose(scenario("pointpillars", "jetson-agx-orin", fusion=level.value)).n_kernels
    )


@pytest.mark.parametrize("level", FusionLevel)
def test_the_graph_stands_in_stages_and_no_fusion_is_in_two(level):
    board = track.board()
    stands = board.level(level)
    whole, staged = graph(board, stands), graph(board, stands, track.stage_of)
    names = [block["id"] for block in staged["blocks"]]
    assert len(names) == len(set(names)) == 5
    (network,) = whole["blocks"]
    found = [cell for block in staged["blocks"] for cell in block["operators"]]
    assert sorted(found, key=lambda one: one["id"]) == sorted(
        network["operators"], key=lambda one: one["id"]
    )
    known = {cell["id"] for cell in found}
    for block in staged["blocks"]:
        inside = {cell["id"] for cell in block["operators"]}
        assert all({edge["from"], edge["to"]} <= inside for edge in block["edges"])
        mine = [fusion for fusion in staged["fusions"] if fusion["block"] == block["id"]]
        assert mine
        for fusion in mine:  # what is written in place is no operator any more
            assert known.intersection(fusion["members"]) <= inside
    assert {fusion["block"] for fusion in staged["fusions"]} == set(names)


@pytest.mark.parametrize(
    ("seed", "knobs", "build"),
    [
        (FLUSH, {"level": "full"}, {}),
        (FLUSH, {"level": "full", "pool": "static"}, {"pool": "static"}),
        (MODULE, {"level": "full", "launch": "graph"}, {"graph_launch": True}),
    ],
)
def test_a_run_is_the_simulation_of_its_build(seed, knobs, build):
    state = ran(at_work(seed), **knobs)
    out = state.standing.runs[-1].outcome
    told = latencies(simulate(seed, FRAMES, **build))
    assert out.over == told.misses
    assert out.failure == ("deadline" if told.misses else None)
    assert out.time == pytest.approx(told.median, rel=1e-3)
    result = shown(state)["result"]
    assert result["frames"]["misses"] == told.misses
    assert result["frames"]["n"] == FRAMES


def test_a_static_pool_takes_the_flush_away_and_fusion_does_not():
    state = ran(at_work(FLUSH), level="full")
    assert shown(state)["failure"]["kind"] == "deadline"
    assert shown(state)["failure"]["unit"] == "frames"
    state = ran(state, pool="static")
    assert shown(state)["failure"] is None
    assert state.standing.runs[-1].outcome.value > 0.2


def test_a_captured_graph_has_its_modules_loaded():
    state = ran(at_work(MODULE), level="full", pool="static")
    assert shown(state)["failure"]["kind"] == "deadline"
    assert shown(ran(state, launch="graph"))["failure"] is None


def test_a_build_over_its_memory_does_not_start_and_the_way_back_is_offered():
    state = ran(ran(at_work(NMS)), level="none")
    bench = shown(state)
    failure = bench["failure"]
    assert failure["kind"] == "memory"
    rows = bench["runs"]["rows"]
    assert failure["over"] == rows[-1]["over"] > 0.0
    assert rows[-1]["memory"] - rows[-1]["over"] == pytest.approx(128 * 1024 * 1024)
    assert rows[-1]["time"] is None
    back = say(
        state, kind="turn", **{k: v for k, v in failure["undo"]["message"].items() if k != "type"}
    )
    assert back.standing.knobs == state.standing.runs[0].knobs


@pytest.mark.parametrize("seed", [FLUSH, NMS])
def test_no_build_beats_the_optimum(seed):
    goal = track.optimum(seed)
    assert goal.value == track.drive(seed, goal.build).headroom
    assert track.drive(seed, goal.build).misses == 0
    drawn = drawn_case(seed, FRAMES)
    best, _ = alone(drawn, cured=True, deployment=goal.build)
    board = track.board()
    sets = [board.level(level) for level in FusionLevel]
    full = frozenset(goal.build.fused)
    sets += [full - {name} for name in sorted(full)[::7]]
    for names in sets:
        if board.refusal(names) is not None:
            continue
        build = Deployment(
            pool="static", graph_launch=True, fused=tuple(sorted(board.closed(names)))
        )
        other, _ = alone(drawn, cured=True, deployment=build)
        assert other >= best


def test_the_score_is_the_best_run_over_the_optimum():
    state = ran(ran(at_work(FLUSH), level="partial", pool="static"), level="full")
    score = shown(say(state, "ready"))["score"]
    best = max(run.outcome.value for run in state.standing.runs)
    assert score["yours"] == best
    assert score["optimum"] == track.optimum(FLUSH).value
    assert score["ratio"] < 1.0
    assert any("graph" in text for text in score["differences"])
    optimum = say(ran(state, launch="graph"), "ready")
    assert shown(optimum)["score"]["ratio"] == 1.0


def test_the_reveal_waits_for_a_run_that_worked():
    state = ran(at_work(FLUSH))
    assert view(state)["next"] is None
    with pytest.raises(RefusedError, match="no frame is late"):
        say(state, "ready")
    assert view(ran(state, pool="static"))["next"]["message"] == {"type": "ready"}


def test_ten_runs_and_no_more():
    state = at_work(FLUSH)
    for _ in range(track.RUNS):
        state = say(state, "run")
    with pytest.raises(RefusedError, match="no further one"):
        say(state, "run")
    assert view(say(state, "ready"))["beat"] == "reveal"


def finished(seed):
    state = say(ran(at_work(seed), level="full", launch="graph"), "ready")
    state = say(state, "proceed")
    answers = {"overhead": 50.0, "moved": "pool", "sentence": SENTENCE}
    state = say(state, "reflect", answers=answers)
    return say(state, "turn", knobs={"level": "full", "launch": "graph"}, settled=True)


@pytest.mark.parametrize("seed", [FLUSH, NMS])
def test_the_proposal_is_judged_by_experiment_and_replay_gives_the_same_digits(seed):
    state = finished(seed)
    assert not state.standing.passed
    bench = shown(state)["bench"]
    assert bench["overhead_share"] < bench["threshold"] < bench["start_overhead_share"]
    right = {"overhead": 100.0 * bench["overhead_share"], "moved": "launch", "sentence": SENTENCE}
    state = say(say(state, "reflect", answers=right), "finish")
    (section,) = shown(state)["sections"]
    told = {pair["label"]: pair["value"] for pair in section["summary"]}
    assert told["Score: best run / optimum"] == reached(1.0)
    again = replayed(state)
    assert view(again) == view(state)
    assert state.ledger.events[0].time >= START


def test_a_share_that_is_read_and_too_large_does_not_pass():
    state = say(finished(FLUSH), "turn", knobs={"launch": "stream"}, settled=True)
    share = 100.0 * shown(state)["bench"]["overhead_share"]
    answers = {"overhead": share, "moved": "launch", "sentence": SENTENCE}
    verdict = shown(say(state, "reflect", answers=answers))["verdicts"]["overhead"]
    assert not verdict["right"]
    assert "still too much" in verdict["feedback"]


def test_few_launches_of_a_frame_that_is_late_do_not_pass():
    state = say(finished(FLUSH), "turn", knobs={"level": "none"}, settled=True)
    bench = shown(state)["bench"]
    assert bench["overhead_share"] < bench["threshold"]
    assert bench["time"] > bench["time_limit"]
    share = 100.0 * bench["overhead_share"]
    answers = {"overhead": share, "moved": "launch", "sentence": SENTENCE}
    verdict = shown(say(state, "reflect", answers=answers))["verdicts"]["overhead"]
    assert not verdict["right"]
    assert "still late" in verdict["feedback"]
