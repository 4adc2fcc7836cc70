"""Heads for multi-token prediction: a layer that drafts further tokens from the hidden state of its own model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.workload.builder import Builder
from ironlaw.workload.graph import GemmShape, OpKind
from ironlaw.workload.parts import BF16, gemm, norm

if TYPE_CHECKING:
    from ironlaw.workload.graph import Graph
    from ironlaw.workload.spec import DecoderSpec, Request


def prediction_head(spec: DecoderSpec) -> DecoderSpec:
    """The layer that predicts the token after the next one, as a decoder of its own.

    It norms the embedding of the last token and the hidden state before it, joins both through a matrix of 2d × d, and
    runs one layer of the model's last kind over them: full attention with a cache of its own, experts where the model
    ends with them. Embedding and LM head are the model's.

    Args:
        spec: The model; whether it was published with such a layer makes no difference.

    Source:
        DeepSeek-V3 technical report, section 2.2; EAGLE (Li 2024) drafts with the same layer.
    """
    experts = None if spec.experts is None else replace(spec.experts, n_layers=1)
    return replace(
        spec,
        name=f"{spec.name}-mtp",
        title=f"the MTP head of {spec.title}",
        n_layers=1,
        experts=experts,
        window=0,
        windowed_layers=0,
        learned_positions=False,
        mtp_layers=0,
        reads_hidden=True,
        notes=(),
    )


def join(spec: DecoderSpec, local: Request) -> Graph:
    """Join the hidden state of a model to the embedding of its token, and normalise the result for the layer.

    Every chip computes all of it, as in vLLM and SGLang.

    Args:
        spec: The head.
        local: Tokens of one chip.
    """
    make, tokens, d = Builder(), local.tokens, spec.d_model
    rows = tokens * d * BF16
    make.tensor("hidden", rows)
    make.tensor("embedded", rows)
    norm(make, "hidden_norm", ("hidden", "hidden_normed"), tokens, d, bias=spec.norm_bias)
    make.tensor("joined", 2.0 * rows)
    reads = {"embedded": rows, "hidden_normed": rows}
    make.operator("hidden_join", OpKind.COPY, "hidden state", reads, {"joined": 2.0 * rows})
    shape = GemmShape(tokens, float(d), 2.0 * d)
    gemm(make, "hidden_proj", "hidden state", ("joined", "x"), shape)
    norm(make, "input_norm", ("x", "x_normed"), tokens, d, bias=spec.norm_bias)
    return make.graph(("x", "x_normed"))
