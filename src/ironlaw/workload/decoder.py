"""The decoder-only transformer, eager: each line of the reference implementation is an operator of its own.

The cut starts after the norm that feeds a layer, so that a layer ends with the norm of the next one and layers of a
kind are the same graph: embedding and first norm · layers, one graph for each kind · LM head and sampling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import require_count
from ironlaw.workload.attention import grouped_attention
from ironlaw.workload.builder import Builder
from ironlaw.workload.experts import expert_layer
from ironlaw.workload.feed_forward import feed_forward
from ironlaw.workload.graph import Block, GemmShape, OpKind
from ironlaw.workload.head import embedding, head
from ironlaw.workload.latent import latent_attention
from ironlaw.workload.layout import chip_request, layers_of_a_stage, require_layout
from ironlaw.workload.parts import BF16, all_reduced, gemm, norm, residual
from ironlaw.workload.prediction import join

if TYPE_CHECKING:
    from ironlaw.workload.graph import Graph
    from ironlaw.workload.spec import DecoderSpec, Request


class LayerKind(NamedTuple):
    """Layers of a decoder that are the same graph.

    Attributes:
        name: Its name among the blocks.
        layers: Layers of this kind.
        window: Tokens that a token attends over at most; 0 for all.
        experts: Whether the feed-forward network is one of experts.
    """

    name: str
    layers: int
    window: float
    experts: bool


def decoder_blocks(spec: DecoderSpec, request: Request) -> tuple[Block, ...]:
    """The step of a decoder on one chip of each stage, eager and in bf16.

    Args:
        spec: The model.
        request: Phase, batch B, context S and the layout: tensor-, expert- and pipeline-parallel degree.

    Returns:
        Embedding, the repeated layers by kind, the sends between stages where there are several, and the head.

    Raises:
        DomainError: if a size is not a whole number from 1, or the layout does not divide the model.

    Source:
        The reference implementation in Hugging Face transformers, operator by operator.
    """
    require_sizes(request)
    return eager_blocks(spec, request)


def require_sizes(request: Request) -> None:
    """Refuse a batch or context that is not a whole number from 1.

    Args:
        request: Batch B and context S.

    Raises:
        DomainError: naming the size.
    """
    require_count("batch", request.batch)
    require_count("context", request.context_len)


def eager_blocks(spec: DecoderSpec, request: Request) -> tuple[Block, ...]:
    """The same blocks of sizes that are known to be valid, or recorded.

    Args:
        spec: The model.
        request: Phase, batch B, context S and the layout.

    Raises:
        DomainError: if the layout does not divide the model.
    """
    require_layout(spec, request)
    local, stages = chip_request(request), request.pipeline_parallel
    ends = 0 if stages > 1 else 1  # the last stage, with the head, is the fullest
    layers = [
        Block(
            kind.name,
            _layer(spec, request, local, kind),
            kind.layers,
            layers_of_a_stage(kind.layers, stages),
        )
        for kind in layer_kinds(spec)
    ]
    sends = [Block("stage", _send(spec, local), stages - 1, 1)] if stages > 1 else []
    if spec.reads_hidden:  # its tables are in the memory already
        opening = (
            Block("embedding", embedding(spec, local), 1, 0),
            Block("join", join(spec, local), 1),
        )
        return (*opening, *layers, Block("head", head(spec, local), 1, 0))
    return (
        Block("embedding", embedding(spec, local), 1, ends),
        *layers,
        *sends,
        Block("head", head(spec, local), 1, 1),
    )


def layer_kinds(spec: DecoderSpec) -> tuple[LayerKind, ...]:
    """The kinds of layers of a model, with their number.

    Where only some layers have experts and only some a window, the windows are counted to the layers with experts
    first: the step is the same, because what a layer's attention and its experts cost does not depend on each other.

    Args:
        spec: The model.

    Returns:
        The kinds that occur, dense before experts, full before windowed.
    """
    n_expert = 0 if spec.experts is None else spec.experts.n_layers
    windowed = spec.windowed_layers if spec.window else 0
    expert_windowed = min(n_expert, windowed)
    dense_windowed = windowed - expert_windowed
    window = float(spec.window)
    kinds = (
        LayerKind("layer", spec.n_layers - n_expert - dense_windowed, 0.0, experts=False),
        LayerKind("windowed layer", dense_windowed, window, experts=False),
        LayerKind("expert layer", n_expert - expert_windowed, 0.0, experts=True),
        LayerKind("windowed expert layer", expert_windowed, window, experts=True),
    )
    return tuple(kind for kind in kinds if kind.layers > 0)


def _layer(spec: DecoderSpec, request: Request, local: Request, kind: LayerKind) -> Graph:
    make = Builder()
    tokens, ranks, d = local.tokens, local.tensor_parallel, spec.d_model
    rows = tokens * d * BF16
    make.tensor("x", rows)
    make.tensor("x_normed", rows)
    if spec.latent is None:
        width = grouped_attention(make, spec, local, kind.window)
    else:
        width = latent_attention(make, spec, spec.latent, local)
    shape = GemmShape(tokens, float(d), width)
    gemm(make, "o_proj", "attention output", ("attended", "o"), shape, bias=spec.output_bias)
    added = all_reduced(make, "attention", "o", rows, ranks)
    added = _out_norm(make, spec, local, "attention", added)
    residual(make, "attention", added, ("x", "x_mid"), rows)
    norm(make, "mlp_norm", ("x_mid", "x_mid_normed"), tokens, d, bias=spec.norm_bias)
    if kind.experts and spec.experts is not None:
        added = expert_layer(make, spec, spec.experts, request, local)
    else:
        feed_forward(make, spec, tokens, spec.d_ff / ranks)
        added = "down"
    added = all_reduced(make, "mlp", added, rows, ranks)
    added = _out_norm(make, spec, local, "mlp", added)
    residual(make, "mlp", added, ("x_mid", "x_out"), rows)
    norm(make, "next_norm", ("x_out", "x_out_normed"), tokens, d, bias=spec.norm_bias)
    return make.graph(("x_out", "x_out_normed"))


_ALL_NORMS = 4


def _out_norm(make: Builder, spec: DecoderSpec, local: Request, name: str, added: str) -> str:
    """Normalise what a block adds to the stream, where the model does."""
    if spec.norms != _ALL_NORMS:
        return added
    target = f"{name}_normed"
    rows, d, bias = local.tokens, spec.d_model, spec.norm_bias
    norm(make, f"{name}_out_norm", (added, target), rows, d, bias=bias)
    return target


def _send(spec: DecoderSpec, local: Request) -> Graph:
    """Send the residual stream to the same chip of the next stage."""
    make = Builder()
    size = local.tokens * spec.d_model * BF16
    make.tensor("x_out", size)
    make.unary("send", OpKind.SEND, "pipeline", "x_out", "x", size)
    return make.graph(("x",))
