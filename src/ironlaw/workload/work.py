"""The work that a model asks for, whatever the implementation does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.workload.attention import attended_pairs
from ironlaw.workload.layout import layer_chips

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.workload.spec import DecoderSpec, Request


def model_flops(spec: DecoderSpec, request: Request) -> Number:
    r"""Work that the model asks of one chip of each stage in the step.

    $$ O = (2 N_{active} T + 2 V d B + \sum_{layer} 2 H (d_{qk} + d_v) \cdot pairs) / chips $$

    A token passes the matrices of every layer, of experts those that it chose. The LM head runs on the last token of
    each sequence, and on those that a draft proposed; attention counts the pairs that mask and window leave, with heads
    as wide as the model defines them.

    Args:
        spec: The model.
        request: Tokens T, sequences B, context S and the layout.

    Returns:
        FLOP of one chip, stages added up.

    Source:
        PaLM (Chowdhery 2022), appendix B, with the causal half.
    """
    new, context, batch = request.query_len, request.context_len, request.batch
    windowed = spec.windowed_layers if spec.window else 0
    pairs: Number = (spec.n_layers - windowed) * attended_pairs(new, context, 0.0)
    if windowed:
        pairs = pairs + windowed * attended_pairs(new, context, float(spec.window))
    matrices = 2.0 * active_matrix_params(spec) * request.tokens
    head = 2.0 * spec.embedding_params * batch * request.judged_len
    attention = 2.0 * spec.n_heads * _head_widths(spec) * batch * pairs
    return (matrices + head + attention) / layer_chips(request)


def active_matrix_params(spec: DecoderSpec) -> float:
    """Parameters of the matrices that a token passes in all layers, N_active without the tables.

    Args:
        spec: The model.

    Example:
        >>> from ironlaw.registry.models import load_model_card
        >>> from ironlaw.workload.huggingface import decoder_from_config
        >>> card = load_model_card("llama-3-8b")
        >>> active_matrix_params(decoder_from_config(card.name, card.config))
        6979321856.0
    """
    d, matrices = float(spec.d_model), 3.0 if spec.gated else 2.0
    total = float(spec.n_layers * spec.attention_matrix_params)
    if spec.reads_hidden:
        total += 2.0 * d * d
    experts = spec.experts
    if experts is None:
        return total + spec.n_layers * matrices * d * spec.d_ff
    chosen = float(experts.top_k * experts.d_expert + experts.d_shared)
    router = d * (experts.n_experts + (1 if experts.shared_gate else 0))
    dense = (spec.n_layers - experts.n_layers) * matrices * d * spec.d_ff
    return total + dense + experts.n_layers * (matrices * d * chosen + router)


def _head_widths(spec: DecoderSpec) -> float:
    """Width of a query head and of a value head together."""
    if spec.latent is None:
        return 2.0 * spec.d_head
    return float(spec.latent.d_nope + spec.latent.d_rope + spec.latent.d_value)
