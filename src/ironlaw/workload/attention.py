"""Eager grouped-query attention: rotary embedding, cache, expansion of the key-value heads, scores, softmax, values.

This is what runs without a fused kernel. The cache is rewritten by a concatenation, its heads are copied once for each
query head of their group, and the scores make six trips to memory. Rewrites take these away one by one.

A windowed layer keeps the last tokens of its window. Its prefill attends over the prompt before that is cut to them,
and computes all scores before it masks those outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.number import clip, is_scalar, minimum
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import AttentionShape, GemmShape, OpKind, Role
from ironlaw.workload.parts import gemm, norm
from ironlaw.workload.spec import Phase

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.workload.builder import Builder
    from ironlaw.workload.spec import DecoderSpec, Request

_FP32 = Dtype.FP32.size
_BF16 = Dtype.BF16.size
_SOFTMAX_FLOPS = 5.0  # max, subtract, exponential, sum, divide


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class AttentionSizes:
    """The sizes of one layer's attention on one chip.

    Attributes:
        decode: Whether each sequence brings one token to its cache.
        batch: Sequences.
        query_len: Tokens that each brings.
        context_len: Tokens that each has, the new ones included.
        n_heads: Query heads.
        n_kv_heads: Key-value heads.
        d_head: Width of a head of Q and K.
        d_value: Width of a head of V and of the output.
        window: Tokens that a token attends over at most; 0 for all.
        sinks: Whether each head has a learned score beside those of the tokens.
    """

    decode: bool
    batch: Number
    query_len: Number
    context_len: Number
    n_heads: float
    n_kv_heads: float
    d_head: float
    d_value: float
    window: float = 0.0
    sinks: bool = False

    @property
    def kept(self) -> Number:
        """Tokens of a sequence that the cache keeps."""
        return minimum(self.window, self.context_len) if self.window else self.context_len

    @property
    def span(self) -> Number:
        """Tokens of a sequence that the scores are computed with, masked ones included."""
        if not self.decode or not self.window:
            return self.context_len
        return minimum(self.window + (self.query_len - 1.0), self.context_len)

    @property
    def cuts_prompt(self) -> bool:
        """Whether the scores need more of the keys than the cache keeps."""
        return self.window > 0.0 and not self.decode

    @property
    def query_elements(self) -> Number:
        """Elements of Q."""
        return self.batch * self.query_len * self.n_heads * self.d_head

    @property
    def key_elements(self) -> Number:
        """Elements of the new K, and of the new V."""
        return self.batch * self.query_len * self.n_kv_heads * self.d_head

    @property
    def output_elements(self) -> Number:
        """Elements of the output."""
        return self.batch * self.query_len * self.n_heads * self.d_value

    @property
    def cache_elements(self) -> Number:
        """Elements of the cached K, and of the cached V."""
        return self.batch * self.kept * self.n_kv_heads * self.d_head

    @property
    def span_elements(self) -> Number:
        """Elements of the K, and of the V, that the scores are computed with."""
        return self.batch * self.span * self.n_kv_heads * self.d_head

    @property
    def scores(self) -> Number:
        """Elements of the score matrix, the masked half included."""
        return self.batch * self.n_heads * self.query_len * self.span

    @property
    def group(self) -> float:
        """Query heads that share a key-value head, G."""
        return self.n_heads / self.n_kv_heads


def grouped_attention(make: Builder, spec: DecoderSpec, local: Request, window: float) -> float:
    """Write down a layer's attention from the tensor `x_normed` to the tensor `attended`.

    Args:
        make: The graph in the making.
        spec: The model.
        local: The request as this chip sees it.
        window: Tokens that a token attends over at most; 0 for all.

    Returns:
        Columns of `attended` on this chip.
    """
    parallel = local.tensor_parallel
    n_heads = spec.n_heads / parallel
    n_kv_heads = float(max(1, spec.n_kv_heads // parallel))
    for name, heads in (("q", n_heads), ("k", n_kv_heads), ("v", n_kv_heads)):
        shape = GemmShape(local.tokens, heads * spec.d_head, float(spec.d_model))
        gemm(make, f"{name}_proj", "qkv", ("x_normed", name), shape, bias=spec.qkv_bias)
    if spec.qk_norm:
        for name, heads in (("q", n_heads), ("k", n_kv_heads)):
            rows, route = local.tokens * heads, (name, f"{name}_unit")
            norm(make, f"{name}_norm", route, rows, spec.d_head, weight=spec.qk_norm_weights)
    sizes = AttentionSizes(
        decode=local.phase is Phase.DECODE,
        batch=local.batch,
        query_len=local.query_len,
        context_len=local.context_len,
        n_heads=n_heads,
        n_kv_heads=n_kv_heads,
        d_head=float(spec.d_head),
        d_value=float(spec.d_head),
        window=window,
        sinks=spec.sinks,
    )
    suffix = "_unit" if spec.qk_norm else ""
    if not spec.learned_positions:
        rotary(make, "q", f"q{suffix}", sizes.query_elements)
        rotary(make, "k", f"k{suffix}", sizes.key_elements)
        suffix = "_rotated"
    _attend(make, sizes, f"q{suffix}", f"k{suffix}")
    return n_heads * spec.d_head


def _attend(make: Builder, sizes: AttentionSizes, query: str, key: str) -> None:
    """From the queries and keys, which know their places, and the new values to the output."""
    for name, new in (("k", key), ("v", "v")):
        _append(make, name, new, sizes)
    keys = (key, "v") if sizes.cuts_prompt else ("k_cache", "v_cache")
    if sizes.group > 1.0:
        keys = (_expand(make, "k", keys[0], sizes), _expand(make, "v", keys[1], sizes))
    read = sizes.batch * sizes.span * sizes.n_heads * sizes.d_head * _BF16
    scores(make, {query: sizes.query_elements * _BF16, keys[0]: read}, sizes)
    softmax(make, sizes)
    values(make, {keys[1]: read}, sizes, "attended_heads")
    size = sizes.output_elements * _BF16
    make.unary("transpose", OpKind.COPY, "attention", "attended_heads", "attended", size)


def rotary(make: Builder, name: str, source: str, elements: Number) -> None:
    """Five kernels and 20 bytes an element: rotate half (negate, concatenate), two products, one sum.

    Args:
        make: The graph in the making.
        name: "q" or "k"; the result is `q_rotated` or `k_rotated`.
        source: What it reads.
        elements: Elements that are rotated.
    """
    size, point = elements * _BF16, OpKind.POINTWISE
    make.tensor(f"{name}_half", size / 2.0)
    halves = {source: size / 2.0}
    make.operator(
        f"rope_{name}.negate", point, "rope", halves, {f"{name}_half": size / 2.0}, elements / 2.0
    )
    make.tensor(f"{name}_swapped", size)
    reads = {source: size / 2.0, f"{name}_half": size / 2.0}
    make.operator(f"rope_{name}.swap", OpKind.COPY, "rope", reads, {f"{name}_swapped": size})
    make.unary(f"rope_{name}.cosine", point, "rope", source, f"{name}_cosine", size, elements)
    swapped = f"{name}_swapped"
    make.unary(f"rope_{name}.sine", point, "rope", swapped, f"{name}_sine", size, elements)
    make.tensor(f"{name}_rotated", size)
    reads = {f"{name}_cosine": size, f"{name}_sine": size}
    make.operator(f"rope_{name}.add", point, "rope", reads, {f"{name}_rotated": size}, elements)


def _append(make: Builder, name: str, new: str, sizes: AttentionSizes) -> None:
    """A new cache from the old one and the new rows; of a prompt longer than the window the last rows."""
    rows, whole = sizes.key_elements * _BF16, sizes.cache_elements * _BF16
    if sizes.cuts_prompt:
        rows = whole
    append(make, name, {new: rows}, whole)


def append(make: Builder, name: str, new: dict[str, Number], whole: Number) -> None:
    """A new cache from the old one and the new rows: the whole cache is read and written.

    Args:
        make: The graph in the making.
        name: Name of the cache.
        new: Bytes of the new rows, by tensor [B].
        whole: The new cache [B].
    """
    past = whole
    for size in new.values():
        past = past - size
    make.tensor(f"{name}_past", past, Role.KV_CACHE)
    make.tensor(f"{name}_cache", whole, Role.KV_CACHE)
    reads: dict[str, Number] = {f"{name}_past": past, **new}
    make.operator(f"cache_{name}", OpKind.COPY, "kv cache", reads, {f"{name}_cache": whole})


def _expand(make: Builder, name: str, source: str, sizes: AttentionSizes) -> str:
    """Copy each key-value head once for each query head of its group."""
    size, target = sizes.span_elements * _BF16, f"{name}_expanded"
    make.tensor(target, size * sizes.group, Role.KV_COPY)
    writes = {target: size * sizes.group}
    make.operator(f"expand_{name}", OpKind.COPY, "attention", {source: size}, writes)
    return target


def scores(make: Builder, reads: dict[str, Number], sizes: AttentionSizes) -> None:
    """Scores of each query with each key of its span.

    Args:
        make: The graph in the making.
        reads: Queries and keys [B].
        sizes: Sizes of the attention.
    """
    size = sizes.scores * _BF16
    make.tensor("scores", size, Role.SCORES)
    work = 2.0 * sizes.scores * sizes.d_head
    shape, writes = attention_shape(sizes), {"scores": size}
    make.operator("scores", OpKind.SCORES, "attention", reads, writes, work, shape)


def softmax(make: Builder, sizes: AttentionSizes) -> None:
    """Scale, mask, softmax in fp32 and cast back: four kernels, and one more that sets the sinks beside the scores.

    Args:
        make: The graph in the making.
        sizes: Sizes of the attention.
    """
    count, masked = sizes.scores, "scores_masked"
    steps = (
        ("scale", "scores", "scores_scaled", 1.0, (_BF16, _BF16)),
        ("mask", "scores_scaled", "scores_masked", 1.0, (_BF16, _BF16)),
    )
    _softmax_steps(make, steps, count)
    if sizes.sinks:
        count, masked = count + sizes.batch * sizes.n_heads * sizes.query_len, "scores_sunk"
        _sink(make, sizes, count)
    steps = (
        ("softmax", masked, "probabilities_fp32", _SOFTMAX_FLOPS, (_BF16, _FP32)),
        ("cast", "probabilities_fp32", "probabilities", 0.0, (_FP32, _BF16)),
    )
    _softmax_steps(make, steps, count)


_SOFTMAX_KINDS = {"softmax": OpKind.REDUCTION, "cast": OpKind.COPY}


def _softmax_steps(
    make: Builder,
    steps: tuple[tuple[str, str, str, float, tuple[float, float]], ...],
    elements: Number,
) -> None:
    sizes = {_BF16: elements * _BF16, _FP32: elements * _FP32}
    for step, source, target, work, (read, written) in steps:
        make.tensor(target, sizes[written], Role.SCORES, wide=written == _FP32)
        kind = _SOFTMAX_KINDS.get(step, OpKind.POINTWISE)
        reads, writes = {source: sizes[read]}, {target: sizes[written]}
        make.operator(f"scores.{step}", kind, "attention", reads, writes, elements * work)


def _sink(make: Builder, sizes: AttentionSizes, columns: Number) -> None:
    """One more column of scores, the learned one of each head."""
    make.tensor("scores.sink.weight", sizes.n_heads * _BF16, Role.WEIGHT)
    make.tensor("scores_sunk", columns * _BF16, Role.SCORES)
    reads = {
        "scores_masked": sizes.scores * _BF16,
        "scores.sink.weight": sizes.n_heads * _BF16,
    }
    writes = {"scores_sunk": columns * _BF16}
    make.operator("scores.sink", OpKind.COPY, "attention", reads, writes)


def values(make: Builder, reads: dict[str, Number], sizes: AttentionSizes, target: str) -> None:
    """Values of the span, weighted with the probabilities.

    Args:
        make: The graph in the making.
        reads: Values [B].
        sizes: Sizes of the attention.
        target: What it makes.
    """
    size = sizes.output_elements * _BF16
    make.tensor(target, size)
    work = 2.0 * sizes.scores * sizes.d_value
    shape, every = attention_shape(sizes), {"probabilities": sizes.scores * _BF16, **reads}
    make.operator("values", OpKind.VALUES, "attention", every, {target: size}, work, shape)


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
        window=sizes.window,
        d_value=sizes.d_value,
    )


def attended_pairs(query_len: Number, context_len: Number, window: Number) -> Number:
    r"""Pairs of a query and a token that it attends over, of one sequence and head.

    $$ \sum_{i=1}^{q} \min(w, S - q + i) $$

    Args:
        query_len: New tokens, q.
        context_len: Tokens with the new ones, S.
        window: w; 0 for all.

    Returns:
        A number of pairs.

    Example:
        >>> attended_pairs(4.0, 4.0, 0.0), attended_pairs(4.0, 4.0, 2.0), attended_pairs(1.0, 9.0, 2.0)
        (10.0, 7.0, 2.0)
    """
    before = context_len - query_len
    if is_scalar(window) and window == 0.0:
        return query_len * (before + (query_len + 1.0) / 2.0)
    growing = clip(window - before, 0.0, query_len)
    rest = (query_len - growing) * minimum(window, context_len)
    return growing * (before + (growing + 1.0) / 2.0) + rest
