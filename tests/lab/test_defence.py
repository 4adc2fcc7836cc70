"""The last defence: shares that no order changes, and verdicts on what was read off them."""

from __future__ import annotations

import math

import pytest

from ironlaw.explore.attribution import Means, Optimization, attribute
from ironlaw.instruments.optimizations import OptimizationWaterfall
from ironlaw.lab.defence import (
    ORDER,
    defence_questions,
    in_order,
    judge_defence,
    mission_view,
    order_control,
)
from ironlaw.lab.questions import checked

CHANGES = (
    Optimization(id="formats", label="fp8", means=Means.PRECISION),
    Optimization(id="fused", label="12 fusions", means=Means.FUSION),
    Optimization(id="draft", label="4 drafted", means=Means.ALGORITHM),
    Optimization(id="experts", label="16 experts", means=Means.ALGORITHM),
)
SAVES = {"formats": 1.5, "fused": 3.0, "draft": 1.6, "experts": 1.1}
SENTENCE = "We fused what stayed on the chip and drafted what the bus had time for."


def time(made):
    """Fusing and drafting save less together than each would alone."""
    saved = math.prod(SAVES[name] for name in sorted(made))  # in one order, to the last digit
    return 8.0 / (saved / 1.25 if {"fused", "draft"} <= made else saved)


@pytest.fixture
def found():
    return attribute(CHANGES, time)


def picture(found):
    return OptimizationWaterfall(
        found=found, quantity="time a token", unit="s", ends=("before", "after")
    )


@pytest.mark.parametrize("order", [name for name, _, _ in order_control().options])
def test_the_order_moves_the_bars_and_no_share(found, order):
    taken = in_order(found, {ORDER: order})
    now = picture(taken).to_dict()
    assert now["sides"] == pytest.approx(picture(found).sides)
    assert {b["id"]: b["doublings"] for b in now["bars"]} == pytest.approx(
        {share.optimization.id: share.doublings for share in found.shares}
    )
    means = [bar["means"] for bar in now["bars"]]
    assert means == sorted(means, key=order.split(">").index)
    for bar, following in zip(now["bars"], now["bars"][1:], strict=False):
        assert bar["after"] == following["before"]
    made = set()
    for bar in now["bars"]:
        assert bar["before"] == time(frozenset(made))
        made.add(bar["id"])
        assert bar["after"] == time(frozenset(made))


def test_the_bars_do_move(found):
    first = {b["id"]: b["factor"] for b in picture(found).to_dict()["bars"]}
    last = picture(in_order(found, {ORDER: "algorithm>fusion>precision"})).to_dict()["bars"]
    assert {b["id"]: b["factor"] for b in last}["draft"] > first["draft"]


def test_the_exhibit_is_what_the_wire_says(found):
    knobs = {ORDER: order_control().value}
    shown = mission_view(picture(found), knobs, "Llama-3-70B")
    assert set(shown) == {
        "kind", "claim", "configuration", "optimizations", "controls", "comparison", "peeks",
    }  # fmt: skip
    assert shown["kind"] == "mission"
    assert shown["peeks"][0]["value"] == pytest.approx(found.speedup)
    assert "machine" in shown["claim"]


def test_the_side_and_its_factor_are_judged_by_the_shares(found):
    machine, algorithm = found.side("machine"), found.side("algorithm")
    assert machine > algorithm
    answers = checked(
        defence_questions(), {"side": "machine", "factor": 1.03 * machine, "sentence": SENTENCE}
    )
    assert all(verdict.right for verdict in judge_defence(found, answers).values())
    wrong = judge_defence(found, {**answers, "side": "algorithm", "factor": algorithm})
    assert [wrong[name].right for name in ("side", "factor")] == [False, True]
    fused = next(s.in_order for s in found.shares if s.optimization.id == "fused")
    bar = judge_defence(found, {**answers, "factor": fused})
    assert not bar["factor"].right


def test_a_refused_factor_does_not_tell_the_right_one(found):
    verdict = judge_defence(found, {"side": "machine", "factor": 9.0, "sentence": SENTENCE})[
        "factor"
    ]
    assert not verdict.right
    assert f"{found.side('machine'):.2f}" not in verdict.feedback


def test_another_chip_is_the_machine_and_comes_last():
    changes = (Optimization(id="chip", label="another chip", means=Means.CHIP), *CHANGES)
    found = attribute(
        changes, lambda made: time(made - {"chip"}) / (2.0 if "chip" in made else 1.0)
    )
    taken = in_order(found, {ORDER: "algorithm>fusion>precision"})
    assert taken.shares[-1].optimization.id == "chip"
    assert found.side("machine") == pytest.approx(2.0 * attribute(CHANGES, time).side("machine"))
