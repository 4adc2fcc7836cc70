"""Fusion of any graph by what its operators do: epilogues, pointwise chains, separable convolutions, attention.

Law: as for every fusion, only the cut changes, and traffic never rises. Two kernels are joined only where the second is
the sole reader of what the first makes: then no other kernel can stand between them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.base.number import everywhere
from ironlaw.workload.graph import (
    AttentionShape,
    GraphError,
    Group,
    Operator,
    OpKind,
    Role,
    regrouped,
)
from ironlaw.workload.shapes import ConvolutionShape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from ironlaw.base.number import Number
    from ironlaw.workload.graph import Graph

    Joins: TypeAlias = Callable[[Graph, tuple[Operator, ...], Operator], bool]

_MATRICES = frozenset(
    {OpKind.GEMM, OpKind.BATCHED_GEMM, OpKind.CONVOLUTION, OpKind.VALUES, OpKind.SCORES}
)
_SMALL = frozenset({OpKind.POINTWISE, OpKind.COPY})
_REDUCES = 8.0  # elements that a true reduction reads for each that it writes


def fuse_epilogues(graph: Graph) -> Graph:
    """Run what follows a matrix element by element (bias, batch norm, activation) in the kernel of the matrix."""
    return _joined(graph, _is_epilogue)


def fuse_residual_epilogues(graph: Graph) -> Graph:
    """Like `fuse_epilogues`, and the addition of a residual, whose other tensor the kernel then reads."""
    return _joined(graph, _is_residual_epilogue)


def fuse_pointwise_chains(graph: Graph) -> Graph:
    """Run small operators that follow each other as one kernel, up to and with a norm or a softmax."""
    return _joined(graph, _is_chain)


def fuse_separable(graph: Graph) -> Graph:
    """Run a depthwise convolution with the 1 × 1 convolution that reads it: what lies between stays on the chip."""
    return _joined(graph, _is_separable)


def fuse_scores(graph: Graph) -> Graph:
    """Run attention as one kernel, softmax online: the scores never leave the chip."""
    return _joined(graph, _is_attention)


def fuse_row_reductions(graph: Graph) -> Graph:
    """Run a reduction over the rows of a matrix product, such as the maximum over the points of a pillar, with it."""
    return _joined(graph, _is_row_reduction)


def concatenate_in_place(graph: Graph) -> Graph:
    """Let the parts of a concatenation be written where they belong: it is no kernel any more.

    Law: FLOPs stay; the bytes of the copy go. Readers of the whole read its parts.
    """
    whole = {
        op.name: next(iter(op.writes))
        for op in graph.operators.values()
        if op.kind is OpKind.COPY and len(op.reads) > 1 and op.layer == "concat"
    }
    whole = {name: made for name, made in whole.items() if made not in graph.outputs}
    if not whole:
        return graph
    parts = {made: graph.operators[name].reads for name, made in whole.items()}
    operators = {
        name: operator._replace(reads=_in_parts(operator.reads, parts))
        for name, operator in graph.operators.items()
        if name not in whole
    }
    groups = tuple(group for group in graph.groups if group.members[0] not in whole)
    tensors = {name: tensor for name, tensor in graph.tensors.items() if name not in parts}
    changed = replace(graph, operators=operators, tensors=tensors, borders=None)
    return regrouped(changed, groups)


def _in_parts(reads: dict[str, Number], parts: dict[str, dict[str, Number]]) -> dict[str, Number]:
    found: dict[str, Number] = {}
    for name, size in reads.items():
        if name in parts:
            found.update(_in_parts(parts[name], parts))
        else:
            found[name] = size
    return found


def _joined(graph: Graph, joins: Joins) -> Graph:
    """Join each operator to the kernel whose only reader it is, where a rule says so."""
    kernel_of = {name: i for i, group in enumerate(graph.groups) for name in group.members}
    members = {i: list(group.members) for i, group in enumerate(graph.groups)}
    readers = _readers(graph)
    maker = {made: op.name for op in graph.operators.values() for made in op.writes}
    for operator in graph.operators.values():
        for tensor in operator.reads:
            before = kernel_of.get(maker.get(tensor, ""))
            now = kernel_of[operator.name]
            if before is None or before == now or tensor in graph.outputs:
                continue
            if not _closes(graph, members[before], tensor, readers, set(members[now])):
                continue
            if members[now][0] != operator.name:
                continue
            held = tuple(graph.operators[name] for name in members[before])
            if joins(graph, held, operator):
                members[before] += members.pop(now)
                kernel_of.update(dict.fromkeys(members[before], before))
    return regrouped(graph, in_order(graph, members.values()))


def _readers(graph: Graph) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for operator in graph.operators.values():
        for tensor in operator.reads:
            found.setdefault(tensor, set()).add(operator.name)
    return found


def _closes(
    graph: Graph,
    kernel: list[str],
    tensor: str,
    readers: dict[str, set[str]],
    reader: set[str],
) -> bool:
    """Whether a tensor is all that leaves a kernel, and a single other kernel reads it."""
    inside = set(kernel)
    for name in kernel:
        for made in graph.operators[name].writes:
            outside = readers.get(made, set()) - inside
            if made != tensor and (outside or made in graph.outputs):
                return False
            if graph.tensors[made].role.persists:
                return False
            if made == tensor and not outside <= reader:
                return False
    return True


def in_order(graph: Graph, kernels: Iterable[list[str]]) -> list[Group]:
    """Kernels in an order in which they can run, each under the name of what it is about.

    Args:
        graph: The graph.
        kernels: Its operators by kernel.

    Raises:
        GraphError: if two kernels need each other.
    """
    order = {name: i for i, name in enumerate(graph.operators)}
    cut = [sorted(members, key=lambda name: order[name]) for members in kernels]
    home = {name: i for i, members in enumerate(cut) for name in members}
    maker = {made: op.name for op in graph.operators.values() for made in op.writes}
    needs = [
        {
            home[maker[tensor]]
            for name in members
            for tensor in graph.operators[name].reads
            if tensor in maker
        }
        - {i}
        for i, members in enumerate(cut)
    ]
    done: set[int] = set()
    groups: list[Group] = []
    waiting = sorted(range(len(cut)), key=lambda i: order[cut[i][0]])
    while waiting:
        index = next((i for i in waiting if needs[i] <= done), None)
        if index is None:
            names = ", ".join(_name(graph, cut[i]) for i in waiting)
            raise GraphError("fusions", f"some of the kernels {names} need each other")
        waiting.remove(index)
        done.add(index)
        groups.append(Group(_name(graph, cut[index]), tuple(cut[index])))
    return groups


def _name(graph: Graph, members: list[str]) -> str:
    """The name of the matrices in a kernel, or that of its first operator, and how many follow."""
    kinds = [name for name in members if graph.operators[name].kind in _MATRICES]
    main = kinds or members[:1]
    if len(members) == 1:
        return members[0]
    rest = [name.rpartition(".")[2] for name in members if name not in main[:1]]
    return "+".join([main[0], *rest])


def _is_epilogue(graph: Graph, kernel: tuple[Operator, ...], operator: Operator) -> bool:
    made = {name for member in kernel for name in member.writes}
    others = [graph.tensors[name].role for name in operator.reads if name not in made]
    alone = all(role is Role.WEIGHT for role in others)
    return alone and _is_residual_epilogue(graph, kernel, operator)


def _is_residual_epilogue(_: Graph, kernel: tuple[Operator, ...], operator: Operator) -> bool:
    small = operator.kind is OpKind.POINTWISE
    return small and kernel[0].kind in _MATRICES and kernel[-1].kind is not OpKind.REDUCTION


def _is_chain(_: Graph, kernel: tuple[Operator, ...], operator: Operator) -> bool:
    if any(member.kind not in _SMALL for member in kernel):
        return False
    return operator.kind in _SMALL or operator.kind is OpKind.REDUCTION


def _is_separable(_: Graph, kernel: tuple[Operator, ...], operator: Operator) -> bool:
    matrices = [member for member in kernel if member.kind is OpKind.CONVOLUTION]
    if len(matrices) != 1 or operator.kind is not OpKind.CONVOLUTION:
        return False
    first, second = matrices[0].shape, operator.shape
    if not isinstance(first, ConvolutionShape) or not isinstance(second, ConvolutionShape):
        return False
    return first.depthwise and second.taps == 1 and second.groups == 1


def _is_attention(_: Graph, kernel: tuple[Operator, ...], operator: Operator) -> bool:
    first = kernel[0]
    if first.kind is not OpKind.SCORES or not isinstance(first.shape, AttentionShape):
        return False
    if any(member.kind is OpKind.VALUES for member in kernel):
        return False
    follows = (OpKind.POINTWISE, OpKind.COPY, OpKind.REDUCTION, OpKind.VALUES)
    return operator.kind in follows


def _is_row_reduction(_: Graph, kernel: tuple[Operator, ...], operator: Operator) -> bool:
    if operator.kind is not OpKind.REDUCTION or kernel[0].kind is not OpKind.GEMM:
        return False
    return reduces(operator)


def reduces(operator: Operator) -> bool:
    """Whether a reduction leaves far less than it reads, unlike a norm or a softmax."""
    read, made = next(iter(operator.reads.values())), next(iter(operator.writes.values()))
    return everywhere(read >= _REDUCES * made)
