"""What a decoder-only transformer is, and what is asked of it in one step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_count
from ironlaw.registry.dtypes import Dtype

if TYPE_CHECKING:
    from ironlaw.base.number import Number


class Phase(Enum):
    """Reading the prompt, or making one token for each sequence."""

    PREFILL = "prefill"
    DECODE = "decode"


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentAttention:
    """Multi-head latent attention: one compressed vector a token is the whole cache.

    Attributes:
        query_rank: Width that queries are compressed to; 0 where they are not.
        cache_rank: Width of the cached latent.
        d_rope: Width of a head's rotary part; the cache holds one such part for all heads.
        d_nope: Width of a head's part without rotary embedding.
        d_value: Width of a value head.
    """

    query_rank: int
    cache_rank: int
    d_rope: int
    d_nope: int
    d_value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Experts:
    """The experts of the layers that have them; the other layers have a dense feed-forward network.

    Attributes:
        n_experts: Routed experts of a layer, N_e.
        top_k: Experts of a token, k.
        d_expert: Width of a routed expert.
        n_layers: Layers with experts.
        d_shared: Width of all shared experts together, which every token passes; 0 where there are none.
        router_bias: Whether the router has a bias for each expert.
        shared_gate: Whether a sigmoid gate scales the shared expert.
    """

    n_experts: int
    top_k: int
    d_expert: int
    n_layers: int
    d_shared: int = 0
    router_bias: bool = False
    shared_gate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DecoderSpec:
    """A decoder-only transformer: dense or with experts, grouped-query or latent attention, full or windowed.

    Attributes:
        name: Its kebab-case name.
        title: Its name in words.
        n_layers: L.
        d_model: d.
        d_ff: d_ff.
        n_heads: H.
        n_kv_heads: H_kv.
        d_head: d_h.
        vocab_size: V.
        max_context_len: Positions that it was trained for.
        tied_embeddings: Whether the LM head is the embedding.
        dtype: Format of the published weights.
        notes: What its configuration says and this description does not hold.
        latent: Latent attention, None for grouped queries.
        experts: Experts, None for a dense model.
        window: Tokens that a windowed layer attends over; 0 where every layer sees all.
        windowed_layers: Layers with that window.
        qkv_bias: Whether the projections to Q, K and V have biases.
        output_bias: Whether the projection of the attended heads has one.
        mlp_bias: Whether the feed-forward matrices have them.
        qk_norm: Whether each head of Q and K is normalised.
        norms: Norms of a layer: 2, or 4 where what a block adds is normalised too.
        gated: Whether the feed-forward network has three matrices (gate, up, down) or two.
        sinks: Whether each head has a learned attention sink.
    """

    name: str
    title: str
    n_layers: int
    d_model: int
    d_ff: int
    n_heads: int
    n_kv_heads: int
    d_head: int
    vocab_size: int
    max_context_len: int
    tied_embeddings: bool = False
    dtype: Dtype = Dtype.BF16
    notes: tuple[str, ...] = ()
    latent: LatentAttention | None = None
    experts: Experts | None = None
    window: int = 0
    windowed_layers: int = 0
    qkv_bias: bool = False
    output_bias: bool = False
    mlp_bias: bool = False
    qk_norm: bool = False
    norms: int = 2
    gated: bool = True
    sinks: bool = False

    @property
    def layer_matrix_params(self) -> int:
        """Parameters of a layer's GEMMs."""
        attention = self.d_model * self.d_head * (2 * self.n_heads + 2 * self.n_kv_heads)
        return attention + 3 * self.d_model * self.d_ff

    @property
    def embedding_params(self) -> int:
        """Parameters of the embedding table."""
        return self.vocab_size * self.d_model

    @property
    def total_params(self) -> int:
        """All parameters, N, exactly."""
        norms = (2 * self.n_layers + 1) * self.d_model
        tables = self.embedding_params * (1 if self.tied_embeddings else 2)
        return self.n_layers * self.layer_matrix_params + norms + tables

    def cache_per_token(self, dtype: Dtype) -> float:
        """KV cache of one token, all layers and heads [B]."""
        return 2.0 * self.n_layers * self.n_kv_heads * self.d_head * dtype.size


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Request:
    """What is asked of a decoder in one step.

    Attributes:
        phase: Prefill or decode.
        batch: Sequences, B.
        context_len: Prompt tokens (prefill), or cached tokens including the new one (decode), S.
        tensor_parallel: Chips that share each matrix of a layer, t.
        expert_parallel: Chips that each hold some of the experts, e; 1 where every chip holds a slice of each.
        pipeline_parallel: Stages that the layers are split into, each on chips of its own, p.
    """

    phase: Phase
    batch: Number
    context_len: Number
    tensor_parallel: int = 1
    expert_parallel: int = 1
    pipeline_parallel: int = 1

    @property
    def query_len(self) -> Number:
        """Tokens that each sequence brings."""
        return self.context_len if self.phase is Phase.PREFILL else 1.0

    @property
    def tokens(self) -> Number:
        """Tokens of the step, T."""
        return self.batch * self.query_len


def require_shardable(spec: DecoderSpec, tensor_parallel: int) -> None:
    """Refuse a tensor-parallel degree that does not divide the model.

    Raises:
        DomainError: naming the degree and what it has to divide.
    """
    require_count("tp", tensor_parallel)
    dense = spec.experts is None or spec.experts.n_layers < spec.n_layers
    for what, count in (("attention heads", spec.n_heads), ("d_ff", spec.d_ff if dense else 0)):
        if count % tensor_parallel:
            raise DomainError("tp", tensor_parallel, f"the divisors of the {count} {what}")
    if spec.latent is not None:
        return
    fewer, more = sorted((tensor_parallel, spec.n_kv_heads))
    if more % fewer:
        domain = f"the divisors and multiples of the {spec.n_kv_heads} key-value heads"
        raise DomainError("tp", tensor_parallel, domain)
