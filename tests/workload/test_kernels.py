"""What crosses the border of a kernel."""

from __future__ import annotations

from ironlaw.workload.graph import Group, Operator, OpKind, Role, Tensor, regrouped, separate
from ironlaw.workload.kernels import kernels, main_operator


def operator(name, reads, writes, kind=OpKind.POINTWISE, flops=0.0, layer="layer") -> Operator:
    return Operator(name, kind, layer, reads, writes, flops)


def fused(graph, *members):
    rest = [Group(name, (name,)) for name in graph.operators if name not in members]
    return regrouped(graph, [Group("fused", members), *rest])


def square_and_scale(outputs=("out",)):
    """in → square → mid → scale → out, and gain into scale."""
    return separate(
        [
            operator("square", {"in": 100.0}, {"mid": 100.0}, flops=50.0),
            operator("scale", {"mid": 100.0, "gain": 4.0}, {"out": 100.0}, flops=50.0),
        ],
        [Tensor("in", 100.0), Tensor("mid", 100.0), Tensor("gain", 4.0), Tensor("out", 100.0)],
        outputs,
    )


def test_apart_each_operator_pays_for_its_tensors():
    first, second = kernels(square_and_scale())
    assert (first.traffic, second.traffic) == (200.0, 204.0)
    assert (first.flops, second.flops) == (50.0, 50.0)


def test_together_what_is_between_them_stays_inside():
    (kernel,) = kernels(fused(square_and_scale(), "square", "scale"))
    assert kernel.reads == {"in": 100.0, "gain": 4.0}
    assert kernel.writes == {"out": 100.0}
    assert (kernel.traffic, kernel.flops) == (204.0, 100.0)


def test_an_output_is_written_even_if_it_is_between_them():
    (kernel,) = kernels(fused(square_and_scale(("mid", "out")), "square", "scale"))
    assert kernel.writes == {"mid": 100.0, "out": 100.0}


def test_a_tensor_with_a_second_reader_is_still_written():
    graph = separate(
        [
            operator("make", {"in": 10.0}, {"mid": 10.0}),
            operator("use", {"mid": 10.0}, {"out": 10.0}),
            operator("reuse", {"mid": 10.0}, {"other": 10.0}),
        ],
        [Tensor(name, 10.0) for name in ("in", "mid", "out", "other")],
        ["out", "other"],
    )
    first, second = kernels(fused(graph, "make", "use"))
    assert first.writes == {"mid": 10.0, "out": 10.0}
    assert second.reads == {"mid": 10.0}


def test_what_two_members_read_enters_once():
    graph = separate(
        [
            operator("left", {"in": 10.0}, {"a": 1.0}),
            operator("right", {"in": 30.0}, {"b": 1.0}),
        ],
        [Tensor("in", 30.0), Tensor("a", 1.0), Tensor("b", 1.0)],
        ["a", "b"],
    )
    (kernel,) = kernels(fused(graph, "left", "right"))
    assert kernel.reads == {"in": 30.0}


def test_of_an_appended_cache_only_the_past_enters():
    graph = separate(
        [
            operator("append", {"row": 10.0}, {"cache": 10.0}, OpKind.COPY),
            operator("scores", {"cache": 100.0}, {"out": 5.0}, OpKind.SCORES),
        ],
        [Tensor("row", 10.0), Tensor("cache", 100.0, Role.KV_CACHE), Tensor("out", 5.0)],
        ["out"],
    )
    (kernel,) = kernels(fused(graph, "append", "scores"))
    assert kernel.reads == {"row": 10.0, "cache": 90.0}
    assert kernel.writes == {"cache": 10.0, "out": 5.0}


def test_kernels_know_whether_they_touch_the_cache():
    graph = separate(
        [
            operator("expand", {"cache": 10.0}, {"copy": 80.0}),
            operator("read", {"copy": 80.0}, {"out": 1.0}),
            operator("other", {"out": 1.0}, {"end": 1.0}),
        ],
        [
            Tensor("cache", 10.0, Role.KV_CACHE),
            Tensor("copy", 80.0, Role.KV_COPY),
            Tensor("out", 1.0),
            Tensor("end", 1.0),
        ],
        ["end"],
    )
    assert [k.border.touches_cache for k in kernels(graph)] == [True, True, False]


def test_a_kernel_belongs_to_the_layer_of_its_weightiest_operator():
    members = (
        operator("gate", {}, {}, OpKind.GEMM, layer="feed-forward up"),
        operator("multiply", {}, {}, layer="activation"),
    )
    assert main_operator(members).layer == "feed-forward up"
    assert main_operator(members[1:]).layer == "activation"
