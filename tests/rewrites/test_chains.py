"""Fusion by what operators do: what joins, what does not, and that only the cut changes."""

from __future__ import annotations

import pytest

from ironlaw.rewrites.chains import (
    concatenate_in_place,
    fuse_epilogues,
    fuse_pointwise_chains,
    fuse_residual_epilogues,
    fuse_separable,
)
from ironlaw.workload.builder import Builder
from ironlaw.workload.graph import OpKind, Role
from ironlaw.workload.kernels import kernels
from ironlaw.workload.shapes import ConvolutionShape


def convolution(groups=1, taps=9):
    return ConvolutionShape(
        batch=1.0, in_channels=8, out_channels=8, groups=groups, taps=taps, in_positions=64, out_positions=64
    )  # fmt: skip


def chain(*, residual_read_twice=False):
    """x → conv → norm → add(x) → relu."""
    make = Builder()
    make.tensor("x", 8.0)
    make.tensor("conv.weight", 2.0, Role.WEIGHT)
    make.tensor("norm.weight", 1.0, Role.WEIGHT)
    for name in ("a", "b", "c", "d", "e"):
        make.tensor(name, 8.0)
    reads = {"x": 8.0, "conv.weight": 2.0}
    make.operator("conv", OpKind.CONVOLUTION, "l", reads, {"a": 8.0}, 10.0, convolution())
    make.operator("norm", OpKind.POINTWISE, "l", {"a": 8.0, "norm.weight": 1.0}, {"b": 8.0}, 1.0)
    make.operator("add", OpKind.POINTWISE, "l", {"b": 8.0, "x": 8.0}, {"c": 8.0}, 1.0)
    make.operator("relu", OpKind.POINTWISE, "l", {"c": 8.0}, {"d": 8.0}, 1.0)
    outputs = ["d"]
    if residual_read_twice:
        make.operator("again", OpKind.POINTWISE, "l", {"a": 8.0}, {"e": 8.0}, 1.0)
        outputs.append("e")
    return make.graph(outputs)


def cut(graph):
    return [group.members for group in graph.groups]


def test_an_epilogue_takes_the_norm_and_leaves_the_addition():
    assert cut(fuse_epilogues(chain())) == [("conv", "norm"), ("add",), ("relu",)]


def test_a_residual_epilogue_takes_them_all_and_reads_the_residual():
    fused = fuse_residual_epilogues(chain())
    assert cut(fused) == [("conv", "norm", "add", "relu")]
    (kernel,) = kernels(fused)
    assert kernel.reads == {"x": 8.0, "conv.weight": 2.0, "norm.weight": 1.0}
    assert kernel.writes == {"d": 8.0}
    assert kernel.flops == 13.0


def test_what_two_kernels_read_is_not_hidden_in_one():
    assert cut(fuse_residual_epilogues(chain(residual_read_twice=True)))[0] == ("conv",)


def test_small_operators_in_a_row_are_one_kernel():
    fused = fuse_pointwise_chains(fuse_epilogues(chain()))
    assert cut(fused) == [("conv", "norm"), ("add", "relu")]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [((8, 9), (1, 1), True), ((1, 9), (1, 1), False), ((8, 9), (1, 9), False), ((8, 9), (8, 1), False)],
)  # fmt: skip
def test_a_depthwise_convolution_joins_the_one_by_one_that_reads_it(first, second, joined):
    make = Builder()
    for name in ("x", "a", "b"):
        make.tensor(name, 8.0)
    make.operator("dw", OpKind.CONVOLUTION, "l", {"x": 8.0}, {"a": 8.0}, 1.0, convolution(*first))
    make.operator("pw", OpKind.CONVOLUTION, "l", {"a": 8.0}, {"b": 8.0}, 1.0, convolution(*second))
    expected = [("dw", "pw")] if joined else [("dw",), ("pw",)]
    assert cut(fuse_separable(make.graph(["b"]))) == expected


def test_a_concatenation_in_place_moves_nothing():
    make = Builder()
    for name, size in (("x", 8.0), ("a", 8.0), ("b", 4.0), ("ab", 12.0), ("y", 12.0)):
        make.tensor(name, size)
    make.operator("one", OpKind.POINTWISE, "l", {"x": 8.0}, {"a": 8.0}, 1.0)
    make.operator("two", OpKind.POINTWISE, "l", {"x": 8.0}, {"b": 4.0}, 1.0)
    make.operator("both", OpKind.COPY, "concat", {"a": 8.0, "b": 4.0}, {"ab": 12.0})
    make.operator("last", OpKind.POINTWISE, "l", {"ab": 12.0}, {"y": 12.0}, 1.0)
    graph = make.graph(["y"])
    placed = concatenate_in_place(graph)
    before, after = (sum(k.traffic for k in kernels(g)) for g in (graph, placed))
    assert before - after == 24.0
    assert placed.operators["last"].reads == {"a": 8.0, "b": 4.0}
    assert sum(k.flops for k in kernels(placed)) == sum(k.flops for k in kernels(graph))
