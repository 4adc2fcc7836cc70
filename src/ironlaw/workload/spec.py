"""What a decoder-only transformer is, and what is asked of it in one step."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import minimum, require_count
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.router import EVEN, Law, Routing

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
        routing: Which of the routed experts are wanted.
    """

    n_experts: int
    top_k: int
    d_expert: int
    n_layers: int
    d_shared: int = 0
    router_bias: bool = False
    shared_gate: bool = False
    routing: Routing = EVEN

    def law(self, ranks: int = 1) -> Law:
        """The routing over these experts, dealt to chips.

        Args:
            ranks: Chips that each hold some of them, e.
        """
        return Law(self.routing, self.n_experts, self.top_k, ranks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantised:
    """The format that a publisher keeps the weights in.

    Attributes:
        weights: Format of the layers' matrices.
        experts_only: Whether only the routed experts are in it, and the other matrices in bf16.
        cache: Format that the publisher asks for the KV cache; None where it asks for none.
    """

    weights: Dtype
    experts_only: bool = False
    cache: Dtype | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecoderSpec:
    """A decoder-only transformer: dense or with experts, grouped-query or latent attention, full or windowed.

    Attributes:
        name: Its kebab-case name.
        title: Its name in words.
        n_layers: L.
        d_model: d.
        d_ff: d_ff of the dense layers; the width of an expert where every layer has experts.
        n_heads: H.
        n_kv_heads: H_kv; H under latent attention, which expands its cache for every head.
        d_head: d_h; under latent attention the width of a query head, both parts.
        vocab_size: V.
        max_context_len: Positions that it was trained for.
        tied_embeddings: Whether the LM head is the embedding.
        dtype: Format of the published weights, where they are not quantised.
        notes: What its configuration says and this description does not hold.
        latent: Latent attention, None for grouped queries.
        experts: Experts, None for a dense model.
        quantised: Format of the published weights, where they are quantised.
        window: Tokens that a windowed layer attends over; 0 where every layer sees all.
        windowed_layers: Layers with that window.
        qkv_bias: Whether the projections to Q, K and V have biases.
        output_bias: Whether the projection of the attended heads has one.
        mlp_bias: Whether the feed-forward matrices have them, those of experts too.
        qk_norm: Whether each head of Q and K is normalised.
        qk_norm_weights: Whether that norm has weights, one for each element of a head.
        norms: Norms of a layer: 2, or 4 where what a block adds is normalised too.
        norm_bias: Whether the norms have biases.
        gated: Whether the feed-forward network has three matrices (gate, up, down) or two.
        sinks: Whether each head has a learned attention sink.
        learned_positions: Whether each of the positions has a learned vector.
        mtp_layers: Layers beside these that the publisher trained to predict further tokens.
        reads_hidden: Whether it is such a layer by itself, which reads the embedding beside the hidden state of the
            model that it belongs to, and shares its tables.
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
    quantised: Quantised | None = None
    window: int = 0
    windowed_layers: int = 0
    qkv_bias: bool = False
    output_bias: bool = False
    mlp_bias: bool = False
    qk_norm: bool = False
    qk_norm_weights: bool = True
    norms: int = 2
    norm_bias: bool = False
    gated: bool = True
    sinks: bool = False
    learned_positions: bool = False
    mtp_layers: int = 0
    reads_hidden: bool = False

    @property
    def expert_layers(self) -> int:
        """Layers with experts."""
        return 0 if self.experts is None else self.experts.n_layers

    @property
    def dense_layers(self) -> int:
        """Layers with a dense feed-forward network."""
        return self.n_layers - self.expert_layers

    @property
    def full_layers(self) -> int:
        """Layers that attend over the whole context."""
        return self.n_layers - self.windowed_layers

    @property
    def attention_matrix_params(self) -> int:
        """Parameters of the projections of a layer's attention."""
        latent = self.latent
        if latent is None:
            return self.d_model * self.d_head * (2 * self.n_heads + 2 * self.n_kv_heads)
        width = self.n_heads * (latent.d_nope + latent.d_rope)
        queries = self.d_model * width
        if latent.query_rank:
            queries = (self.d_model + width) * latent.query_rank
        down = self.d_model * (latent.cache_rank + latent.d_rope)
        up = latent.cache_rank * self.n_heads * (latent.d_nope + latent.d_value)
        return queries + down + up + self.n_heads * latent.d_value * self.d_model

    @property
    def dense_matrix_params(self) -> int:
        """Parameters of the matrices of a dense layer's feed-forward network."""
        return self._mlp_matrices * self.d_model * self.d_ff

    @property
    def layer_matrix_params(self) -> int:
        """Parameters of a dense layer's GEMMs."""
        return self.attention_matrix_params + self.dense_matrix_params

    @property
    def expert_params(self) -> int:
        """Parameters of one routed expert."""
        return 0 if self.experts is None else self._mlp_params(self.experts.d_expert)

    @property
    def expert_layer_params(self) -> int:
        """Parameters of a layer's router, shared experts and routed experts."""
        experts = self.experts
        if experts is None:
            return 0
        router = experts.n_experts * (self.d_model + experts.router_bias)
        shared = self._mlp_params(experts.d_shared) if experts.d_shared else 0
        gate = self.d_model if experts.shared_gate else 0
        return router + shared + gate + experts.n_experts * self.expert_params

    @property
    def attention_params(self) -> int:
        """Parameters of a layer's attention: projections, their biases, norms inside it, sinks."""
        latent = self.latent
        if latent is not None:
            return self.attention_matrix_params + latent.query_rank + latent.cache_rank
        biases = self.qkv_bias * (self.n_heads + 2 * self.n_kv_heads) * self.d_head
        output = self.output_bias * self.d_model
        norms = 2 * self.d_head if self.qk_norm and self.qk_norm_weights else 0
        sinks = self.sinks * self.n_heads
        return self.attention_matrix_params + biases + output + norms + sinks

    @property
    def embedding_params(self) -> int:
        """Parameters of the embedding table."""
        return self.vocab_size * self.d_model

    @property
    def join_params(self) -> int:
        """Parameters of the matrix and the norms that join a hidden state to an embedding, where it reads one."""
        return self.reads_hidden * (2 * self.d_model + 2) * self.d_model

    @property
    def total_params(self) -> int:
        """All parameters, N, exactly; those of tables that it shares are not its own."""
        norms = (self.norms * self.n_layers + 1) * self.d_model * (1 + self.norm_bias)
        own_tables = 0 if self.reads_hidden else 1 if self.tied_embeddings else 2
        tables = self.embedding_params * own_tables
        positions = self.learned_positions * self.max_context_len * self.d_model
        layers = (
            self.n_layers * self.attention_params
            + self.dense_layers * self._mlp_params(self.d_ff)
            + self.expert_layers * self.expert_layer_params
        )
        return layers + norms + tables + positions + self.join_params

    @property
    def active_params(self) -> int:
        """Parameters that a token uses, N_act: all but the routed experts that it does not visit.

        The embedding table counts in full, as Meta, Mistral and Qwen count; DeepSeek and OpenAI leave it out, because a
        token reads one row of it: theirs is this less `embedding_params`.
        """
        experts = self.experts
        if experts is None:
            return self.total_params
        unused = experts.n_experts - experts.top_k
        return self.total_params - experts.n_layers * unused * self.expert_params

    def cache_per_token(self, dtype: Dtype) -> float:
        """KV cache that one token adds, all layers and heads, while no window is full [B]."""
        return self.n_layers * self._layer_cache(dtype)

    def cache_per_sequence(self, context_len: Number, dtype: Dtype) -> Number:
        """KV cache of one sequence, all layers and heads: a windowed layer keeps its window [B].

        Args:
            context_len: Cached tokens, S_ctx.
            dtype: Format of the cache.

        Returns:
            Bytes, in the shape of the context.
        """
        kept = self.full_layers * context_len
        if self.windowed_layers:
            kept = kept + self.windowed_layers * minimum(context_len, float(self.window))
        return kept * self._layer_cache(dtype)

    def _layer_cache(self, dtype: Dtype) -> float:
        """Cache of one token in one layer [B]."""
        if self.latent is not None:
            return (self.latent.cache_rank + self.latent.d_rope) * dtype.size
        return 2.0 * self.n_kv_heads * self.d_head * dtype.size

    @property
    def _mlp_matrices(self) -> int:
        return 3 if self.gated else 2

    def _mlp_params(self, width: int) -> int:
        """Parameters of a feed-forward network of some width, its biases included."""
        biases = (self._mlp_matrices - 1) * width + self.d_model
        return self._mlp_matrices * self.d_model * width + self.mlp_bias * biases


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
        drafted: Tokens of a sequence that a decode step checks beside the new one, gamma; the context holds them.
    """

    phase: Phase
    batch: Number
    context_len: Number
    tensor_parallel: int = 1
    expert_parallel: int = 1
    pipeline_parallel: int = 1
    drafted: int = 0

    @property
    def query_len(self) -> Number:
        """Tokens that each sequence brings."""
        return self.context_len if self.phase is Phase.PREFILL else 1.0 + self.drafted

    @property
    def judged_len(self) -> Number:
        """Tokens of each sequence that the LM head judges: of a prompt its last one."""
        return 1.0 if self.phase is Phase.PREFILL else self.query_len

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
