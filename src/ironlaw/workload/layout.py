"""How a model is spread over chips: what each layout divides, and what a chip of it sees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import ceil, require_count
from ironlaw.workload.spec import require_shardable

if TYPE_CHECKING:
    from ironlaw.workload.spec import DecoderSpec, Experts, Request


def require_layout(spec: DecoderSpec, request: Request) -> None:
    """Refuse a layout that does not divide the model.

    Attention is split over t chips and the experts over e. As in vLLM, either one of the two is 1, or they are the same
    chips: with t = e every chip sees all tokens, computes those of its own experts, and the layer's all-reduce adds the
    parts up; with t = 1 each of the e chips reads B/e sequences, and all-to-alls send tokens to their experts and back.

    Args:
        spec: The model.
        request: The layout.

    Raises:
        DomainError: naming the degree and what it has to divide.
    """
    tensor, expert, stages = (
        request.tensor_parallel,
        request.expert_parallel,
        request.pipeline_parallel,
    )
    require_shardable(spec, tensor)
    require_count("ep", expert)
    require_count("pp", stages)
    if stages > spec.n_layers:
        raise DomainError("pp", stages, f"1 to the {spec.n_layers} layers")
    if expert > 1:
        _require_experts(spec, request)
    elif spec.experts is not None:
        _require_slices(spec.experts, tensor)


def _require_experts(spec: DecoderSpec, request: Request) -> None:
    tensor, expert = request.tensor_parallel, request.expert_parallel
    if spec.experts is None:
        raise DomainError("ep", expert, f"1: {spec.name} has no experts")
    if spec.experts.n_experts % expert:
        raise DomainError("ep", expert, f"the divisors of the {spec.experts.n_experts} experts")
    if tensor not in (1, expert):
        raise DomainError("ep", expert, f"1 and {tensor}, the chips that share the attention")
    if spec.experts.d_shared % tensor:
        raise DomainError("tp", tensor, f"the divisors of the {spec.experts.d_shared} d_shared")


def _require_slices(experts: Experts, tensor: int) -> None:
    for what, width in (("d_expert", experts.d_expert), ("d_shared", experts.d_shared)):
        if width % tensor:
            raise DomainError("tp", tensor, f"the divisors of the {width} {what}")


def attention_groups(request: Request) -> int:
    """Groups of chips that each read sequences of their own: e where the attention is not split, else 1.

    Args:
        request: The layout.
    """
    return request.expert_parallel if request.tensor_parallel == 1 else 1


def layer_chips(request: Request) -> int:
    """Chips that work on a layer together.

    Args:
        request: The layout.
    """
    return max(request.tensor_parallel, request.expert_parallel)


def chip_request(request: Request) -> Request:
    """The request as the busiest chip sees it: with its own share of the sequences.

    Args:
        request: The request of all chips.
    """
    groups = attention_groups(request)
    return request if groups == 1 else replace(request, batch=ceil(request.batch / groups))


def layers_of_a_stage(count: int, stages: int) -> int:
    """Layers of a kind that the fullest stage holds.

    Args:
        count: Layers of the model of that kind.
        stages: Stages of the pipeline.

    Example:
        >>> layers_of_a_stage(61, 4)
        16
    """
    return -(-count // stages)
