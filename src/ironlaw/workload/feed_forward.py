"""The feed-forward network of a layer, and of the expert that every token passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.workload.graph import GemmShape, OpKind
from ironlaw.workload.parts import BF16, gemm

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.workload.builder import Builder
    from ironlaw.workload.spec import DecoderSpec

_ACTIVATION_FLOPS = 4.0  # an exponential, a sum, a quotient, a product


def feed_forward(make: Builder, spec: DecoderSpec, tokens: Number, width: float) -> None:
    """Write down the network from the tensor `x_mid_normed` to the tensor `down`.

    Args:
        make: The graph in the making.
        spec: The model: gated or not, with biases or without.
        tokens: Rows.
        width: Columns of this chip.
    """
    bias, size = spec.mlp_bias, tokens * width * BF16
    up = GemmShape(tokens, width, float(spec.d_model))
    for name in ("gate", "up") if spec.gated else ("up",):
        route = ("x_mid_normed", name)
        gemm(make, f"{name}_proj", "feed-forward up", route, up, bias=bias)
    work = _ACTIVATION_FLOPS * tokens * width
    if spec.gated:
        make.unary("silu", OpKind.POINTWISE, "activation", "gate", "gate_silu", size, work)
        make.tensor("gated", size)
        reads, writes = {"gate_silu": size, "up": size}, {"gated": size}
        work = tokens * width
        make.operator("multiply", OpKind.POINTWISE, "activation", reads, writes, work)
    else:
        make.unary("activation", OpKind.POINTWISE, "activation", "up", "gated", size, work)
    shape = GemmShape(tokens, float(spec.d_model), width)
    gemm(make, "down_proj", "feed-forward down", ("gated", "down"), shape, bias=bias)
