"""A dense decoder with its feed-forward networks exchanged for experts: its MoE twin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_count
from ironlaw.workload.spec import Experts

if TYPE_CHECKING:
    from ironlaw.workload.spec import DecoderSpec


def moe_twin(
    spec: DecoderSpec,
    *,
    n_experts: int,
    top_k: int,
    d_expert: int,
    d_shared: int = 0,
    n_layers: int | None = None,
) -> DecoderSpec:
    """A decoder like a dense one, whose feed-forward networks are experts of which each token visits k.

    Law: attention, embedding, head, cache and formats stay. One expert as wide as the dense network is the dense model
    and a router; total parameters grow with the number of experts, active ones and FLOPs with k · d_expert + d_shared.
    Nobody has trained it: it says what such a model would cost, and nothing of how good it would be.

    Args:
        spec: A dense decoder.
        n_experts: Routed experts of a layer, N_e; one is allowed.
        top_k: Experts of a token, k.
        d_expert: Width of an expert.
        d_shared: Width of the shared experts of a layer, which every token passes; 0 for none.
        n_layers: Layers with experts; all if None.

    Returns:
        The twin; its name says E, k and widths.

    Raises:
        DomainError: for a model that has experts already, or a size outside its range.

    Example:
        >>> from ironlaw.registry.models import load_model_card
        >>> from ironlaw.workload.huggingface import decoder_from_config
        >>> card = load_model_card("llama-3-8b")
        >>> dense = decoder_from_config(card.name, card.config)
        >>> twin = moe_twin(dense, n_experts=8, top_k=2, d_expert=7168)
        >>> round(twin.total_params / dense.total_params, 2), round(twin.active_params / dense.total_params, 3)
        (3.11, 1.0)
    """
    if spec.experts is not None:
        known = f"the dense decoders: {spec.name} has {spec.experts.n_experts} experts already"
        raise DomainError("experts", n_experts, known)
    require_count("experts", n_experts)
    require_count("d_expert", d_expert)
    require_count("top_k", top_k)
    if top_k > n_experts:
        raise DomainError("top_k", top_k, f"1 to the {n_experts} experts")
    if d_shared != 0:
        require_count("d_shared", d_shared)
    layers = spec.n_layers if n_layers is None else n_layers
    require_count("expert_layers", layers)
    if layers > spec.n_layers:
        raise DomainError("expert_layers", layers, f"1 to the {spec.n_layers} layers")
    shared = f"-s{d_shared}" if d_shared else ""
    return replace(
        spec,
        name=f"{spec.name}-e{n_experts}-k{top_k}-w{d_expert}{shared}",
        title=f"{spec.title} with {n_experts} experts, {top_k} a token",
        d_ff=d_expert if layers == spec.n_layers else spec.d_ff,
        experts=Experts(
            n_experts=int(n_experts),
            top_k=int(top_k),
            d_expert=int(d_expert),
            n_layers=int(layers),
            d_shared=int(d_shared),
        ),
    )
