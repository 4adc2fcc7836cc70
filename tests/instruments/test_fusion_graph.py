"""The fusion graph: every operator has a place of its own, and what stays inside never leaves its kernel."""

from __future__ import annotations

import pytest

from ironlaw.instruments.fusion_graph import blocks_picture, cells, edges
from ironlaw.registry.models import model_names
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.fusion_board import board_of
from ironlaw.system.question import scenario
from ironlaw.workload.builder import Builder
from ironlaw.workload.graph import OpKind


def diamond():
    """One operator feeds two, of which one is longer; a last one reads both."""
    make = Builder()
    for name in "xabcde":
        make.tensor(name, 8.0)
    for name, reads in (("a", "x"), ("b", "a"), ("c", "b"), ("d", "a"), ("e", "cd")):
        make.operator(f"op.{name}", OpKind.POINTWISE, "l", dict.fromkeys(reads, 8.0), {name: 8.0})
    return make.graph(["e"])


def test_ranks_and_lanes_of_a_graph_drawn_by_hand():
    places = {cell.label: (cell.rank, cell.lane) for cell in cells(diamond())}
    assert places == {"a": (0, 0), "b": (1, 0), "c": (2, 0), "d": (1, 1), "e": (3, 0)}


def test_edges_join_who_makes_with_who_reads():
    found = {(edge["from"], edge["to"]) for edge in edges(diamond())}
    pairs = ("ab", "bc", "ad", "ce", "de")
    assert found == {(f"op.{first}", f"op.{second}") for first, second in pairs}
    assert not any(edge["inside"] for edge in edges(diamond()))


@pytest.mark.parametrize("phase", ["decode", "prefill"])
@pytest.mark.parametrize("model", model_names())
def test_no_two_operators_share_a_place_and_ranks_rise_along_edges(model, phase):
    board = board_of(scenario(model, "h100-sxm", phase=phase, context=2048))
    for block in board.eager:
        found = {cell.id: cell for cell in cells(block.graph)}
        assert list(found) == list(block.graph.operators)
        assert len({(cell.rank, cell.lane) for cell in found.values()}) == len(found)
        ranks = {cell.rank for cell in found.values()}
        assert ranks == set(range(len(ranks)))
        assert {cell.rank for cell in found.values() if cell.lane == 0} == ranks
        for edge in edges(block.graph):
            assert found[edge["from"]].rank < found[edge["to"]].rank


def layer(level):
    board = board_of(scenario("llama-3-70b", "h100-sxm", tp=8, batch=16, context=8192))
    blocks = board.cut(board.level(level))
    return next(block for block in blocks_picture(blocks) if block["id"] == "layer")


def test_nothing_is_inside_until_something_is_fused():
    assert not any(edge["inside"] for edge in layer(FusionLevel.NONE)["edges"])
    inside = {(e["from"], e["to"]) for e in layer(FusionLevel.FULL)["edges"] if e["inside"]}
    assert ("scores", "scores.scale") in inside
    assert ("silu", "multiply") in inside
    # the residual is read again by the next residual: it is still written
    assert ("attention_residual", "mlp_norm.to_fp32") not in inside
    # between two kernels everything goes through memory
    assert ("q_proj", "rope_q.negate") not in inside


def test_what_is_inside_runs_in_one_kernel():
    for level in FusionLevel:
        block = layer(level)
        home = {cell["id"]: cell["kernel"] for cell in block["operators"]}
        for edge in block["edges"]:
            assert not edge["inside"] or home[edge["from"]] == home[edge["to"]]


@pytest.mark.parametrize("level", FusionLevel)
def test_each_kernel_has_a_name_of_its_own(level):
    board = board_of(scenario("llama-3-70b", "h100-sxm", tp=8, batch=16, context=8192))
    for block in board.cut(board.level(level)):
        names = [group.name for group in block.graph.groups]
        assert len(names) == len(set(names))


def test_a_repeated_block_says_so():
    block = layer(FusionLevel.FULL)
    assert (block["label"], block["count"]) == ("each layer", 80)
