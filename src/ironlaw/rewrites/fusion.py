"""Fusion: operators of a graph are cut into fewer kernels.

Law of every function here: the operators, their FLOPs and their tensors stay as they are; only the cut changes. What
was written by one kernel for the next stays on the chip, so traffic never rises. A tensor that another kernel still
reads is still written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.workload.graph import GemmShape, Graph, GraphError, Group, regrouped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.base.number import Number
    from ironlaw.workload.graph import Operator


def fuse(graph: Graph, name: str, members: Iterable[str]) -> Graph:
    """Run some operators, and all that already runs with them, as one kernel.

    Args:
        graph: The graph.
        name: Name of the new kernel.
        members: Operators to run together. If none of them exists here, the graph is returned unchanged.

    Returns:
        The graph under the new cut.

    Raises:
        GraphError: if another kernel would have to run in between.
    """
    wanted = {member for member in members if member in graph.operators}
    joined = [group for group in graph.groups if not wanted.isdisjoint(group.members)]
    if not joined:
        return graph
    inside = {member for group in joined for member in group.members}
    merged = Group(name, tuple(member for member in graph.operators if member in inside))
    before, after = _around(graph, joined)
    return regrouped(graph, (*before, merged, *after))


def _around(graph: Graph, joined: list[Group]) -> tuple[list[Group], list[Group]]:
    """The other kernels, those that need what the joined ones make after them and all others before.

    Raises:
        GraphError: if a joined kernel needs one that itself needs another joined one.
    """
    before: list[Group] = []
    after: list[Group] = []
    made: set[str] = set()
    made_after: set[str] = set()
    for group in graph.groups:
        reads, writes = _reads(graph, group), _writes(graph, group)
        if group in joined:
            between = reads & made_after
            if between:
                problem = (
                    f"{group.name} needs {', '.join(sorted(between))}, which is made in between"
                )
                raise GraphError(group.name, problem)
            made |= writes
        elif reads & (made | made_after):
            after.append(group)
            made_after |= writes
        else:
            before.append(group)
    return before, after


def _reads(graph: Graph, group: Group) -> set[str]:
    return {name for member in group.members for name in graph.operators[member].reads}


def _writes(graph: Graph, group: Group) -> set[str]:
    return {name for member in group.members for name in graph.operators[member].writes}


def merge_gemms(graph: Graph, name: str, members: tuple[str, ...]) -> Graph:
    """Run GEMMs that read the same activations as one wider GEMM.

    Law: they share A, m and k, so that A enters once and n adds up.

    Raises:
        GraphError: if they do not read the same matrix, or are not GEMMs.
    """
    found = [graph.operators[member] for member in members if member in graph.operators]
    sources = {_activation(operator) for operator in found}
    if len(sources) > 1:
        raise GraphError(name, f"{', '.join(members)} do not read the same activations")
    return fuse(graph, name, members)


def _activation(operator: Operator) -> tuple[str, Number]:
    """The matrix that a GEMM reads beside its weights, and its width."""
    if not isinstance(operator.shape, GemmShape):
        raise GraphError(operator.name, f"{operator.name} is not a GEMM")
    return next(iter(operator.reads)), operator.shape.k


def fuse_norms(graph: Graph) -> Graph:
    """Run the eight steps of each RMSNorm as one kernel: 4 instead of 36 bytes an element."""
    norms = dict.fromkeys(
        name.partition(".")[0] for name in graph.operators if name.partition(".")[0] in _NORMS
    )
    for norm in norms:
        graph = fuse(graph, norm, _steps(graph, norm))
    return graph


_NORMS = frozenset(
    (
        *("input_norm", "mlp_norm", "next_norm", "attention_out_norm", "mlp_out_norm"),
        *("q_norm", "k_norm", "query_norm", "latent_norm", "hidden_norm"),
    )
)


def _steps(graph: Graph, *parts: str) -> list[str]:
    """The operators that are steps of some part, such as a norm."""
    starts = tuple(f"{part}." for part in parts)
    return [name for name in graph.operators if name.startswith(starts)]


def fuse_residual_norms(graph: Graph) -> Graph:
    """Run each residual addition with the norm that follows it."""
    for residual, norm in (
        ("embedding_residual", "input_norm"),
        ("attention_residual", "mlp_norm"),
        ("mlp_residual", "next_norm"),
    ):
        if residual in graph.operators:
            steps = _steps(graph, norm)
            graph = fuse(graph, f"residual_{norm}", [residual, *steps])
    return graph


def fuse_all_reduce_norms(graph: Graph) -> Graph:
    """Run each all-reduce with the residual addition and the norm that follow it, and the norm in between if any."""
    for part, norm in (
        ("embedding", "input_norm"),
        ("attention", "mlp_norm"),
        ("mlp", "next_norm"),
    ):
        reduction = f"{part}_all_reduce"
        if reduction in graph.operators:
            steps = _steps(graph, f"{part}_out_norm", norm)
            graph = fuse(graph, f"all_reduce_{norm}", [reduction, f"{part}_residual", *steps])
    return graph


def fuse_rope(graph: Graph) -> Graph:
    """Run the rotary embedding of Q and K and the append to the cache as one kernel."""
    return fuse(graph, "rope_append", _rope_steps(graph))


def fuse_head_norms(graph: Graph) -> Graph:
    """Run the norms of the heads of Q and K with their rotary embedding and the append to the cache."""
    return fuse(graph, "rope_append", [*_steps(graph, "q_norm", "k_norm"), *_rope_steps(graph)])


def _rope_steps(graph: Graph) -> list[str]:
    return [
        *_steps(graph, "rope_q", "rope_k"),
        *("cache_k", "cache_v", "cache_latent", "join_q", "join_k"),
    ]


def fuse_routing(graph: Graph) -> Graph:
    """Run the router's softmax and its choice of experts as one kernel, and the shared expert's gate and sum."""
    fused = fuse(graph, "route", _steps(graph, "route"))
    return fuse(fused, "add_shared", ("shared_scale", "add_shared"))


def fuse_swiglu(graph: Graph) -> Graph:
    """Run the gate's activation and the product as one kernel: 3 instead of 5 trips."""
    return fuse(graph, "swiglu", ("silu", "multiply"))


def fuse_swiglu_epilogue(graph: Graph) -> Graph:
    """Run gate, up and the gated product as one GEMM with an epilogue: one write instead of two and five trips."""
    fused = fuse(graph, "gate_up_swiglu", ("gate_proj", "up_proj", "silu", "multiply"))
    return fuse(fused, "up_activation", ("up_proj", "activation")) if _is_plain(graph) else fused


def _is_plain(graph: Graph) -> bool:
    """Whether the feed-forward network has no gate."""
    return "activation" in graph.operators


def merge_projections(graph: Graph) -> Graph:
    """Run Q, K and V as one GEMM, gate and up as another, and the two that compress for latent attention as a third."""
    merged = merge_gemms(graph, "qkv_proj", ("q_proj", "k_proj", "v_proj"))
    if "kv_down_proj" in graph.operators:
        first = "q_down_proj" if "q_down_proj" in graph.operators else "q_proj"
        merged = merge_gemms(merged, "qkv_down_proj", (first, "kv_down_proj"))
    return merge_gemms(merged, "gate_up_proj", ("gate_proj", "up_proj"))
