"""The waterfall adds up to the last byte, and its equation says the same."""

from __future__ import annotations

import pytest

from ironlaw.base.equation import evaluate
from ironlaw.base.number import summed
from ironlaw.instruments.waterfall import Fall, Waterfall, equation, falls_of
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.fusion_board import Moved, Taken, board_of
from ironlaw.system.question import scenario

BEFORE = Moved(1000.0, 50.0, 8)


def test_falls_are_the_differences_of_the_steps_in_words():
    taken = (
        Taken(("a",), Moved(700.0, 50.0, 6)),
        Taken(("b", "c"), Moved(650.0, 50.0, 4)),
        Taken(("d",), Moved(650.0, 50.0, 3)),
    )
    labels = {"a": "first", "b": "one", "c": "two", "d": "last"}
    assert falls_of(BEFORE, taken, labels) == (
        Fall(id="a", label="first", change=-300.0),
        Fall(id="b,c", label="one, two", change=-50.0),
        Fall(id="d", label="last", change=0.0),
    )


def test_the_equation_takes_each_fall_off_once():
    falls = (Fall(id="a", label="a", change=-300.0), Fall(id="b", label="b", change=-50.0))
    whole = equation(BEFORE, falls)
    assert evaluate(whole.right) == 650.0
    assert whole.to_dict()["value"] == 650.0
    assert evaluate(equation(BEFORE, ()).right) == 1000.0


@pytest.mark.parametrize("phase", ["decode", "prefill"])
@pytest.mark.parametrize("level", [FusionLevel.PARTIAL, FusionLevel.FULL])
def test_a_step_of_a_real_model_adds_up_exactly(phase, level):
    asked = {"phase": phase, "batch": 7, "context": 1000, "tp": 4}
    board = board_of(scenario("llama-3-70b", "h100-sxm", **asked))
    names = board.level(level)
    before, after = board.moved(frozenset()), board.moved(names)
    falls = falls_of(before, board.steps(names), {name: name for name in board.names})
    shown = Waterfall(
        title="t", before=("nothing", before), falls=falls, after=("all", after), note="n"
    ).to_dict()
    changes = [step["change"] for step in shown["steps"]]
    assert summed([shown["before"]["value"], *changes]) == shown["after"]["value"]
    assert shown["peek"]["value"] == shown["after"]["value"]
    assert all(change <= 0.0 for change in changes)
    assert shown["operations"]["before"] == before.flops
    assert shown["kernels"] == {"before": before.kernels, "after": after.kernels}
