"""Operators, fusions and refusals in words that fit where they stand."""

from __future__ import annotations

import pytest

from ironlaw.instruments.fusion_words import (
    fusion_words,
    kind_words,
    operator_words,
    part_words,
    refusal_words,
)
from ironlaw.system.fusion_board import Refusal, board_of
from ironlaw.system.question import scenario


@pytest.fixture(scope="module")
def boards():
    asked = {"tp": 8, "batch": 16, "context": 8192}
    phases = ("decode", "prefill")
    return [board_of(scenario("llama-3-70b", "h100-sxm", phase=p, **asked)) for p in phases]


def test_labels_of_the_lab_fit_their_cells(boards):
    for board in boards:
        for name in board.names:
            assert len(fusion_words(name)) <= 34, name
        for block in board.eager:
            for operator in block.graph.operators:
                assert len(operator_words(operator)) <= 20, operator
                assert len(part_words(operator) or "") <= 20, operator
                assert "_" not in operator_words(operator) + (part_words(operator) or "")


def test_no_two_fusions_go_by_one_label(boards):
    for board in boards:
        labels = [fusion_words(name) for name in board.names]
        assert len(labels) == len(set(labels))


def test_what_is_no_fusion_says_what_it_is(boards):
    kinds = {choice.name: kind_words(choice) for choice in boards[1].choices}
    assert kinds["skip_masked"] == "not a fusion: skips work above the diagonal"
    assert kinds["static_cache"].startswith("in place")
    assert kinds["attention"] == "attention with online softmax"


def test_refusals_are_short_and_name_no_operator_by_its_id(boards):
    for board in boards:
        for first in board.names:
            for second in board.names:
                refusal = board.refusal(frozenset((first, second)))
                if refusal is not None:
                    words = refusal_words(refusal)
                    assert len(words) <= 80, words
                    assert "_" not in words


def test_refusals_by_kind():
    told = [
        refusal_words(Refusal("needs", "skip_masked", "attention")),
        refusal_words(Refusal("absent", "skip_masked")),
        refusal_words(Refusal("order")),
        refusal_words(Refusal("kernel", "a", "b", "silu has to run in between")),
        refusal_words(Refusal("kernel", "a", "b", "rope_q.swap moves elements between tiles")),
    ]
    assert told == [
        "skip what the mask hides needs attention in one kernel",
        "this step has nothing to do for: skip what the mask hides",
        "kernels would need each other, and none could run first",
        "not one kernel: SiLU has to run in between",
        "not one kernel: rotary of q moves elements between tiles",
    ]
