"""Precision: weights, activations, cache and what is summed up in fewer bytes, each by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import maximum
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import (
    AttentionShape,
    ExpertShape,
    GemmShape,
    Graph,
    Group,
    Operator,
    OpKind,
    Role,
    Tensor,
)
from ironlaw.workload.shapes import QUANTISED, QuantiseShape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.base.number import Number

KEPT_WIDE = ("lm_head", "embedding", "router", "shared_gate", "hidden_proj")
"""Matrices that stay in 16 bits, and dense."""

_SIXTEEN_BITS = (
    Dtype.BF16,
    Dtype.FP16,
)  # the graph's own format, and one that moves the same bytes


def quantise_weights(graph: Graph, dtype: Dtype, *, experts_only: bool = False) -> Graph:
    """Keep the matrices of the layers in another format; LM head, embedding, router, norms and biases stay in bf16.

    Activations stay in bf16 between the kernels: they are quantised where a GEMM reads them, which its cost contains
    until `quantise_activations` gives that work kernels of its own.

    Law: FLOPs stay; weight bytes scale with the bytes of an element. What is quantised already stays as it is.

    Args:
        graph: A graph.
        dtype: The format of the weights.
        experts_only: Whether the other matrices stay in bf16 too.
    """
    if dtype in _SIXTEEN_BITS:
        return graph
    factor = dtype.size / Dtype.BF16.size
    kinds = (ExpertShape,) if experts_only else (GemmShape, ExpertShape)
    chosen = {
        name: operator.shape
        for name, operator in graph.operators.items()
        if isinstance(operator.shape, kinds)
        and operator.shape.dtype is Dtype.BF16
        and name not in KEPT_WIDE
    }
    weights = {f"{name}.weight": factor for name in chosen}
    operators = dict(graph.operators)
    for name, shape in chosen.items():
        old = operators[name]
        reads = _scaled(old.reads, weights)
        new_shape = replace(shape, dtype=dtype)
        operators[name] = Operator(
            name, old.kind, old.layer, reads, old.writes, old.flops, new_shape
        )
    return replace(graph, operators=operators, tensors=_scaled_tensors(graph, weights))


def quantise_activations(graph: Graph) -> Graph:
    """Quantise what GEMMs with quantised weights read, in kernels of its own: each tensor once.

    One scale for a whole tensor needs its largest magnitude first: fp8 has a reduction and a pointwise kernel, formats
    with a scale for each row or group have one. Experts quantise inside their own call. Weights that are kept narrow
    and computed with in 16 bits (`widen_weights`, int4, mxfp4) need none.

    Law: FLOPs and bytes of the matrices stay, GEMMs read narrow activations. A second time changes nothing.

    Args:
        graph: A graph that is not fused yet.
    """
    readers = {name: op for name, op in graph.operators.items() if _reads_wide(op)}
    if not readers:
        return graph
    tensors, operators = dict(graph.tensors), {}
    groups: list[Group] = []
    made: set[str] = set()
    for name, old in graph.operators.items():
        if name in readers:
            source = next(iter(old.reads))
            if source not in made:
                made.add(source)
                for step in _quantise_steps(source, old):
                    operators[step.name] = step
                    groups.append(Group(step.name, (step.name,)))
                    tensors.update({t: Tensor(t, size) for t, size in step.writes.items()})
            operators[name] = _narrow_reader(old, source)
        else:
            operators[name] = old
        groups.append(Group(name, (name,)))
    return replace(graph, operators=operators, tensors=tensors, groups=tuple(groups), borders=None)


_WEIGHT_ONLY = (Dtype.INT4, Dtype.MXFP4)
_SCALE = Dtype.FP32.size  # the one scale of a tensor [B]


def _reads_wide(operator: Operator) -> bool:
    shape = operator.shape
    return (
        operator.kind is OpKind.GEMM
        and isinstance(shape, GemmShape)
        and shape.arithmetic not in (*_SIXTEEN_BITS, *_WEIGHT_ONLY)
        and not next(iter(operator.reads)).endswith(QUANTISED)
    )


def _quantise_steps(source: str, reader: Operator) -> tuple[Operator, ...]:
    """The kernels that quantise a tensor: of the five bytes of an element that fp8 moves, two find the scale."""
    shape = reader.shape
    assert isinstance(shape, GemmShape)  # noqa: S101 - `_reads_wide` chose it
    m, k, dtype = shape.m, shape.k, shape.dtype
    wide, narrow = {source: reader.reads[source]}, {f"{source}{QUANTISED}": m * k * dtype.size}
    name, layer = f"{source}.quantise", reader.layer
    if dtype is not Dtype.FP8:
        whole = QuantiseShape(m, k, dtype)
        return (Operator(name, OpKind.QUANTISE, layer, wide, narrow, m * k, whole),)
    scale: dict[str, Number] = {f"{source}.scale": _SCALE}
    first, second = QuantiseShape(m, k, dtype, 0.4, 0.5), QuantiseShape(m, k, dtype, 0.6, 0.5)
    return (
        Operator(f"{source}.amax", OpKind.QUANTISE, layer, wide, scale, m * k, first),
        Operator(name, OpKind.QUANTISE, layer, {**wide, **scale}, narrow, m * k, second),
    )


def _narrow_reader(old: Operator, source: str) -> Operator:
    """The GEMM with the narrow tensor in the place of the wide one."""
    shape = old.shape
    assert isinstance(shape, GemmShape)  # noqa: S101 - `_reads_wide` chose it
    size = shape.m * shape.k * shape.dtype.size
    rest = {name: read for name, read in old.reads.items() if name != source}
    return old._replace(reads={f"{source}{QUANTISED}": size, **rest})


def widen_weights(graph: Graph) -> Graph:
    """Compute in bf16 with narrow weights, widened on their way into the units; activations are not quantised.

    Law: FLOPs and bytes stay.

    Args:
        graph: A graph whose activations are not quantised.
    """
    operators = dict(graph.operators)
    for name, old in graph.operators.items():
        if _reads_wide(old) and isinstance(old.shape, GemmShape):
            operators[name] = old._replace(shape=replace(old.shape, widened=Dtype.BF16))
    return replace(graph, operators=operators)


def quantise_cache(graph: Graph, dtype: Dtype) -> Graph:
    """Keep the KV cache in another format. Copies of it, where a graph makes any, are in the format of the arithmetic.

    Law: FLOPs stay; bytes of the cache scale with the bytes of an element. A quantised cache stays as it is.

    Args:
        graph: A graph.
        dtype: The format of the cache.
    """
    if dtype in _SIXTEEN_BITS or _cache_is_quantised(graph):
        return graph
    factor = dtype.size / Dtype.BF16.size
    caches = {name: factor for name, t in graph.tensors.items() if t.role is Role.KV_CACHE}
    operators = dict(graph.operators)
    for name, old in graph.operators.items():
        shape = old.shape
        if isinstance(shape, AttentionShape):
            shape = replace(shape, cache_dtype=dtype)
        operators[name] = Operator(
            name,
            old.kind,
            old.layer,
            _scaled(old.reads, caches),
            _scaled(old.writes, caches),
            old.flops,
            shape,
        )
    return replace(graph, operators=operators, tensors=_scaled_tensors(graph, caches))


def _cache_is_quantised(graph: Graph) -> bool:
    shapes = [operator.shape for operator in graph.operators.values()]
    return any(
        isinstance(shape, AttentionShape) and shape.cache_dtype is not Dtype.BF16
        for shape in shapes
    )


def accumulate_in(graph: Graph, dtype: Dtype) -> Graph:
    """Keep what norms, softmaxes and routers sum up in another format where it lies in memory between kernels.

    In fp32, as every framework has it, a softmax writes four bytes a score and a cast reads them again, and a norm
    widens its rows first. In 16 bits those tensors are half as large, and the casts from and to them are gone.
    Matrices and fused kernels sum in registers: nothing of them lies in memory, so nothing of them changes. A tensor
    that comes from outside or is needed afterwards keeps its format.

    Law: FLOPs stay but for those of casts; traffic does not rise, whatever the cut. A second time changes nothing.

    Args:
        graph: A graph under any cut.
        dtype: fp32, or the 16 bits of the activations.

    Raises:
        DomainError: for a format that nothing is summed in.
    """
    if dtype is Dtype.FP32:
        return graph
    if dtype not in _SIXTEEN_BITS:
        raise DomainError("accumulate", dtype.value, "the formats fp32, bf16, fp16")
    narrowed = _summed_in(graph)
    if not narrowed:
        return graph
    casts, names = _casts(graph, narrowed)
    factors = dict.fromkeys(narrowed, dtype.size / Dtype.FP32.size)
    operators = {
        name: old._replace(
            reads=_renamed(_scaled(old.reads, factors), names),
            writes=_renamed(_scaled(old.writes, factors), names),
        )
        for name, old in graph.operators.items()
        if name not in casts
    }
    tensors = {
        name: tensor._replace(wide=False) if name in narrowed else tensor
        for name, tensor in _scaled_tensors(graph, factors).items()
        if name not in names
    }
    cut = [Group(g.name, tuple(m for m in g.members if m not in casts)) for g in graph.groups]
    groups = tuple(group for group in cut if group.members)
    return replace(graph, operators=operators, tensors=tensors, groups=groups, borders=None)


def _summed_in(graph: Graph) -> tuple[str, ...]:
    """The wide tensors that live between two operators of a graph and nowhere else."""
    made = {name for operator in graph.operators.values() for name in operator.writes}
    inner = made - graph.outputs
    return tuple(
        name
        for name, tensor in graph.tensors.items()
        if tensor.wide and not tensor.role.persists and name in inner
    )


def _casts(graph: Graph, narrowed: tuple[str, ...]) -> tuple[set[str], dict[str, str]]:
    """The casts that fall away when some tensors are narrow, and the names that stand for what they tell apart."""
    gone: set[str] = set()
    names: dict[str, str] = {}
    for operator in graph.operators.values():
        if not _is_cast(graph, operator):
            continue
        (source,), (target,) = operator.reads, operator.writes
        known = names.get(source, source)
        kept = target in graph.outputs or graph.tensors[target].role.persists
        if target in narrowed or (source in narrowed and known != source and not kept):
            names[target] = known
        elif source in narrowed and known == source:
            names[source] = target  # its maker writes what the cast would have made
        else:
            continue
        gone.add(operator.name)
    return gone, names


def _is_cast(graph: Graph, operator: Operator) -> bool:
    """Whether an operator is a copy of one tensor to another, of which one is wide."""
    if operator.kind is not OpKind.COPY or len(operator.reads) != 1 or len(operator.writes) != 1:
        return False
    (source,), (target,) = operator.reads, operator.writes
    return graph.tensors[source].wide is not graph.tensors[target].wide


def _renamed(sizes: Mapping[str, Number], names: Mapping[str, str]) -> dict[str, Number]:
    """Bytes by the new names of their tensors; of two that are now one the larger part."""
    found: dict[str, Number] = {}
    for name, size in sizes.items():
        new = names.get(name, name)
        found[new] = maximum(found[new], size) if new in found else size
    return found


def _scaled(sizes: Mapping[str, Number], factors: Mapping[str, float]) -> dict[str, Number]:
    return {name: size * factors.get(name, 1.0) for name, size in sizes.items()}


def _scaled_tensors(graph: Graph, factors: Mapping[str, float]) -> dict[str, Tensor]:
    tensors = dict(graph.tensors)
    for name, factor in factors.items():
        old = tensors[name]
        tensors[name] = old._replace(size=old.size * factor)
    return tensors
