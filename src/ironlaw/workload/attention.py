"""Eager grouped-query attention: rotary embedding, cache, expansion of the key-value heads, scores, softmax, values.

This is what runs without a fused kernel. The cache is rewritten by a concatenation, its heads are copied once for each
query head of their group, and the scores make six trips to memory. Rewrites take these away one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import AttentionShape, OpKind, Role

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.workload.builder import Builder

_FP32 = Dtype.FP32.size
_BF16 = Dtype.BF16.size
_SOFTMAX_FLOPS = 5.0  # max, subtract, exponential, sum, divide


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AttentionSizes:
    """The sizes of one layer's attention on one chip."""

    decode: bool
    batch: Number
    query_len: Number
    context_len: Number
    n_heads: float
    n_kv_heads: float
    d_head: float

    @property
    def query_elements(self) -> Number:
        """Elements of Q, and of the output."""
        return self.batch * self.query_len * self.n_heads * self.d_head

    @property
    def key_elements(self) -> Number:
        """Elements of the new K, and of the new V."""
        return self.batch * self.query_len * self.n_kv_heads * self.d_head

    @property
    def cache_elements(self) -> Number:
        """Elements of the cached K, and of the cached V."""
        return self.batch * self.context_len * self.n_kv_heads * self.d_head

    @property
    def scores(self) -> Number:
        """Elements of the score matrix, the masked half included."""
        return self.batch * self.n_heads * self.query_len * self.context_len

    @property
    def group(self) -> float:
        """Query heads that share a key-value head, G."""
        return self.n_heads / self.n_kv_heads


def eager_attention(make: Builder, sizes: AttentionSizes) -> None:
    """Write down attention from the tensors `q`, `k`, `v` to the tensor `attended`."""
    _rotary(make, "q", sizes.query_elements)
    _rotary(make, "k", sizes.key_elements)
    for name, new in (("k", "k_rotated"), ("v", "v")):
        _concatenate(make, name, new, sizes)
    expanded = ("k_cache", "v_cache")
    if sizes.group > 1.0:
        expanded = (_expand(make, "k", sizes), _expand(make, "v", sizes))
    _scores(make, expanded[0], sizes)
    _softmax(make, sizes.scores)
    _values(make, expanded[1], sizes)


def _rotary(make: Builder, name: str, elements: Number) -> None:
    """Five kernels and 20 bytes an element: rotate half (negate, concatenate), two products, one sum."""
    size, point = elements * _BF16, OpKind.POINTWISE
    make.tensor(f"{name}_half", size / 2.0)
    halves = {name: size / 2.0}
    make.operator(
        f"rope_{name}.negate", point, "rope", halves, {f"{name}_half": size / 2.0}, elements / 2.0
    )
    make.tensor(f"{name}_swapped", size)
    reads = {name: size / 2.0, f"{name}_half": size / 2.0}
    make.operator(f"rope_{name}.swap", OpKind.COPY, "rope", reads, {f"{name}_swapped": size})
    make.unary(f"rope_{name}.cosine", point, "rope", name, f"{name}_cosine", size, elements)
    swapped = f"{name}_swapped"
    make.unary(f"rope_{name}.sine", point, "rope", swapped, f"{name}_sine", size, elements)
    make.tensor(f"{name}_rotated", size)
    reads = {f"{name}_cosine": size, f"{name}_sine": size}
    make.operator(f"rope_{name}.add", point, "rope", reads, {f"{name}_rotated": size}, elements)


def _concatenate(make: Builder, name: str, new: str, sizes: AttentionSizes) -> None:
    """A new cache from the old one and the new rows: the whole cache is read and written."""
    rows, whole = sizes.key_elements * _BF16, sizes.cache_elements * _BF16
    make.tensor(f"{name}_past", whole - rows, Role.KV_CACHE)
    make.tensor(f"{name}_cache", whole, Role.KV_CACHE)
    reads = {f"{name}_past": whole - rows, new: rows}
    writes = {f"{name}_cache": whole}
    make.operator(f"cache_{name}", OpKind.COPY, "kv cache", reads, writes)


def _expand(make: Builder, name: str, sizes: AttentionSizes) -> str:
    """Copy each key-value head once for each query head of its group."""
    size, target = sizes.cache_elements * _BF16, f"{name}_expanded"
    make.tensor(target, size * sizes.group, Role.KV_COPY)
    writes = {target: size * sizes.group}
    reads = {f"{name}_cache": size}
    make.operator(f"expand_{name}", OpKind.COPY, "attention", reads, writes)
    return target


def _scores(make: Builder, keys: str, sizes: AttentionSizes) -> None:
    size = sizes.scores * _BF16
    make.tensor("scores", size, Role.SCORES)
    width = sizes.n_heads * sizes.d_head
    reads = {
        "q_rotated": sizes.query_elements * _BF16,
        keys: sizes.batch * sizes.context_len * width * _BF16,
    }
    work = 2.0 * sizes.scores * sizes.d_head
    shape = attention_shape(sizes)
    make.operator("scores", OpKind.SCORES, "attention", reads, {"scores": size}, work, shape)


def _softmax(make: Builder, scores: Number) -> None:
    """Scale, mask, softmax in fp32 and cast back: four kernels."""
    half, full, point = scores * _BF16, scores * _FP32, OpKind.POINTWISE
    for step, source, target, sizes, work in (
        ("scale", "scores", "scores_scaled", (half, half), 1.0),
        ("mask", "scores_scaled", "scores_masked", (half, half), 1.0),
        ("softmax", "scores_masked", "probabilities_fp32", (half, full), _SOFTMAX_FLOPS),
        ("cast", "probabilities_fp32", "probabilities", (full, half), 0.0),
    ):
        make.tensor(target, sizes[1], Role.SCORES)
        kind = point if work else OpKind.COPY
        reads, writes = {source: sizes[0]}, {target: sizes[1]}
        make.operator(f"scores.{step}", kind, "attention", reads, writes, scores * work)


def _values(make: Builder, values: str, sizes: AttentionSizes) -> None:
    size = sizes.query_elements * _BF16
    width = sizes.n_heads * sizes.d_head
    make.tensor("attended_heads", size)
    reads = {
        "probabilities": sizes.scores * _BF16,
        values: sizes.batch * sizes.context_len * width * _BF16,
    }
    work = 2.0 * sizes.scores * sizes.d_head
    shape, writes = attention_shape(sizes), {"attended_heads": size}
    make.operator("values", OpKind.VALUES, "attention", reads, writes, work, shape)
    make.unary("transpose", OpKind.COPY, "attention", "attended_heads", "attended", size)


def attention_shape(sizes: AttentionSizes) -> AttentionShape:
    """The shape that a fused kernel of this attention has."""
    return AttentionShape(
        decode=sizes.decode,
        batch=sizes.batch,
        query_len=sizes.query_len,
        context_len=sizes.context_len,
        n_heads=sizes.n_heads,
        n_kv_heads=sizes.n_kv_heads,
        d_head=sizes.d_head,
        causal=True,
    )
