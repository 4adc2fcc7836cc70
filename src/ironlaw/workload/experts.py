"""A layer of experts: a router, the experts that it asks for, and the one that every token passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import maximum, minimum, square_root
from ironlaw.base.power import log2, whole_power
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.feed_forward import feed_forward
from ironlaw.workload.graph import ExpertShape, GemmShape, OpKind, Role
from ironlaw.workload.hottest import hottest_active, hottest_rows, largest_count
from ironlaw.workload.layout import attention_groups
from ironlaw.workload.parts import BF16, gemm
from ironlaw.workload.router import Law, distinct

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.workload.builder import Builder
    from ironlaw.workload.spec import DecoderSpec, Experts, Request

_FP32 = Dtype.FP32.size
_LN2 = 0.6931471805599453
_CHOICE = 8.0  # an expert's number and its weight, int32 and fp32 [B]
_SOFTMAX_FLOPS = 5.0


def distinct_experts(n_experts: float, top_k: float, tokens: Number) -> Number:
    r"""Experts that at least one of the tokens asks for, in the mean over uniform routing.

    $$ E_{active} = N_e (1 - (1 - k/N_e)^T) $$

    Each token asks for k different experts, every set of k as likely as any other, and tokens do not know each other.
    `ironlaw.workload.router.distinct` has it for uneven routing.

    Args:
        n_experts: Experts of the layer, N_e.
        top_k: Experts of a token, k.
        tokens: Tokens, T.

    Returns:
        A number of experts, not whole.

    Raises:
        DomainError: if k is not between 1 and N_e.

    Source:
        linearity of the mean: an expert is missed by one token with probability 1 − k/N_e.

    Example:
        >>> round(distinct_experts(8.0, 2.0, 8.0), 3)
        7.199
    """
    if not 1.0 <= top_k <= n_experts:
        raise DomainError("top_k", top_k, f"1 to the {n_experts:g} experts")
    return n_experts * (1.0 - whole_power((n_experts - top_k) / n_experts, tokens))


def largest_expert_count(n_experts: float, top_k: float, tokens: Number) -> Number:
    r"""Tokens of the most wanted expert, in the mean over uniform routing.

    $$ c_{max} \approx \mu + \sqrt{2 \mu (1 - k/N_e) \ln N_e}, \quad \mu = T k / N_e $$

    The counts are binomial with mean μ; the largest of N_e normal numbers with that mean and spread lies there. Held
    between the mean and T, and at one at least: for few tokens the normal form is too high by less than one.

    Args:
        n_experts: Experts of the layer, N_e.
        top_k: Experts of a token, k.
        tokens: Tokens, T.

    Returns:
        A number of tokens, not whole.

    Source:
        extreme values of the normal distribution (Cramér 1946, §28.6), first order.

    Example:
        >>> largest_expert_count(8.0, 8.0, 100.0)
        100.0
    """
    mean = tokens * top_k / n_experts
    spread = 2.0 * (1.0 - top_k / n_experts) * log2(n_experts) * _LN2
    return maximum(minimum(mean + square_root(mean * spread), tokens), 1.0)


class _Share(NamedTuple):
    """What the chip with most rows holds and computes of the experts."""

    law: Law
    tokens: Number
    experts: float
    width: float
    rows: Number
    active: Number
    largest: Number


def expert_layer(
    make: Builder, spec: DecoderSpec, experts: Experts, request: Request, local: Request
) -> str:
    """Write down a layer's experts from the tensor `x_mid_normed` to the tensor whose name is returned.

    Args:
        make: The graph in the making.
        spec: The model.
        experts: Its experts.
        request: The request of all chips.
        local: The request as this chip sees it.

    Returns:
        The tensor of this chip's part of the sum.
    """
    _route(make, spec, experts, local.tokens)
    share = _share(experts, request)
    spread = attention_groups(request) > 1
    size = local.tokens * spec.d_model * BF16
    sent = local.tokens * experts.top_k * spec.d_model * BF16
    if spread:
        got = share.rows * spec.d_model * BF16
        make.tensor("dispatched", got)
        reads, writes = {"x_mid_normed": sent}, {"dispatched": got}
        make.operator("dispatch", OpKind.ALL_TO_ALL, "expert exchange", reads, writes)
        _experts(make, spec, experts, share, (("dispatched", got), ("expert_rows", got)))
        make.tensor("routed", size)
        reads, writes = (
            {"expert_rows": got, "routing": _choices(experts, local)},
            {"routed": size},
        )
        make.operator("combine", OpKind.ALL_TO_ALL, "expert exchange", reads, writes)
    else:
        _experts(make, spec, experts, share, (("x_mid_normed", size), ("routed", size)))
    if not experts.d_shared:
        return "routed"
    feed_forward(make, spec, local.tokens, experts.d_shared / local.tensor_parallel)
    return _with_shared(make, spec, experts, local.tokens)


def _route(make: Builder, spec: DecoderSpec, experts: Experts, tokens: Number) -> None:
    """Scores of all experts, their softmax in fp32, and the k best with their weights: every chip does it in full."""
    n = float(experts.n_experts)
    shape = GemmShape(tokens, n, float(spec.d_model))
    route, bias = ("x_mid_normed", "router_logits"), experts.router_bias
    gemm(make, "router", "router", route, shape, bias=bias)
    logits, wide = tokens * n * BF16, tokens * n * _FP32
    make.tensor("router_scores", wide, wide=True)
    reads, work = {"router_logits": logits}, _SOFTMAX_FLOPS * tokens * n
    writes = {"router_scores": wide}
    make.operator("route.softmax", OpKind.ROUTE, "router", reads, writes, work)
    chosen = tokens * experts.top_k * _CHOICE
    make.tensor("routing", chosen)
    work = tokens * n
    make.operator(
        "route.top_k", OpKind.ROUTE, "router", {"router_scores": wide}, {"routing": chosen}, work
    )


def _choices(experts: Experts, local: Request) -> Number:
    return local.tokens * experts.top_k * _CHOICE


def _share(experts: Experts, request: Request) -> _Share:
    """Experts by number where they are spread, else a slice of each; all chips wait for the one with most rows."""
    spread, tokens = request.expert_parallel, request.tokens
    law = experts.law(spread)
    return _Share(
        law=law,
        tokens=tokens,
        experts=float(experts.n_experts) / spread,
        width=experts.d_expert / (request.tensor_parallel if spread == 1 else 1),
        rows=hottest_rows(law, tokens),
        active=distinct(law, tokens) if spread == 1 else hottest_active(law, tokens),
        largest=_largest(law, tokens),
    )


def _largest(law: Law, tokens: Number) -> Number:
    if law.routing.is_even:
        return largest_expert_count(float(law.n_experts), float(law.top_k), tokens)
    return largest_count(law, tokens)


def _experts(
    make: Builder,
    spec: DecoderSpec,
    experts: Experts,
    share: _Share,
    route: tuple[tuple[str, Number], tuple[str, Number]],
) -> None:
    """All experts of this chip in one operator; of their weights it reads those of the experts that are asked for."""
    (source, read), (target, written) = route
    d, matrices = float(spec.d_model), 3.0 if spec.gated else 2.0
    weight = matrices * d * share.width
    make.tensor("experts.weight", share.experts * weight * BF16, Role.WEIGHT)
    make.tensor(target, written)
    chosen = share.rows * _CHOICE
    reads = {source: read, "routing": chosen, "experts.weight": share.active * weight * BF16}
    work = share.rows * 2.0 * weight
    if spec.mlp_bias:
        bias = (matrices - 1.0) * share.width + d
        make.tensor("experts.bias", share.experts * bias * BF16, Role.WEIGHT)
        reads["experts.bias"] = share.active * bias * BF16
        work = work + share.rows * bias
    shape = ExpertShape(
        tokens=share.tokens,
        d_model=d,
        d_expert=share.width,
        n_experts=float(experts.n_experts),
        local_experts=share.experts,
        top_k=float(experts.top_k),
        gated=spec.gated,
        rows=share.rows,
        active_experts=share.active,
        largest_count=share.largest,
        law=None if share.law.routing.is_even else share.law,
    )
    make.operator("experts", OpKind.EXPERTS, "experts", reads, {target: written}, work, shape)


def _with_shared(make: Builder, spec: DecoderSpec, experts: Experts, tokens: Number) -> str:
    """Add the shared expert to the routed ones, behind its gate where it has one."""
    size, elements, shared = tokens * spec.d_model * BF16, tokens * spec.d_model, "down"
    if experts.shared_gate:
        shape = GemmShape(tokens, 1.0, float(spec.d_model))
        gemm(make, "shared_gate", "router", ("x_mid_normed", "shared_logit"), shape)
        make.tensor("shared", size)
        reads = {"down": size, "shared_logit": tokens * BF16}
        make.operator(
            "shared_scale", OpKind.POINTWISE, "experts", reads, {"shared": size}, elements
        )
        shared = "shared"
    make.tensor("expert_sum", size)
    reads, writes = {"routed": size, shared: size}, {"expert_sum": size}
    make.operator("add_shared", OpKind.POINTWISE, "experts", reads, writes, elements)
    return "expert_sum"
