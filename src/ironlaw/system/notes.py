"""What an answer takes for granted about a model and its layout, said aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.workload.layout import attention_groups

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip
    from ironlaw.workload.spec import DecoderSpec, Experts, Request

WEIGHT_ONLY = (Dtype.INT4, Dtype.MXFP4)
"""Formats that weights are kept in on chips without arithmetic in them."""


def workload_notes(spec: DecoderSpec, request: Request) -> tuple[str, ...]:
    """What the graph of the step assumes.

    Args:
        spec: The model.
        request: The layout.
    """
    notes: list[str] = []
    if spec.experts is not None:
        notes.append(_routing_note(spec.experts, request.expert_parallel))
    if spec.latent is not None:
        notes.append("latent attention was not measured: its time is borrowed from other kernels")
    groups, stages = attention_groups(request), request.pipeline_parallel
    if groups > 1:
        notes.append(
            f"attention is copied to {groups} chips, each with its share of the sequences; "
            "tokens go to their experts and back"
        )
    if stages > 1:
        notes.append(
            f"one batch passes the {stages} stages one after the other: with {stages} batches on "
            f"their way the chips make up to {stages} times as many tokens"
        )
    return tuple(notes)


def _routing_note(experts: Experts, ranks: int) -> str:
    """How experts are drawn, and which chip is timed where they are spread."""
    waited = ""
    if ranks > 1:
        waited = f"; the step waits for the one of {ranks} chips with most rows"
    routing = experts.routing
    if routing.is_even:
        return f"experts are drawn evenly: a real router asks for fewer and loads some more{waited}"
    placed = ", in the mean over 32 placements" if waited and not routing.shares else ""
    if routing.counts:
        return f"experts are drawn as they were counted{waited}"
    if routing.shares:
        return f"experts are drawn by the shares that are given{waited}"
    return (
        f"experts are drawn by a power law: the r-th most wanted is r^−{routing.exponent:g} as popular "
        f"as the first{waited}{placed}"
    )


def unpacked_note(dtype: Dtype, chip: Chip) -> tuple[str, ...]:
    """That narrow weights are computed with in a wider format, where they are.

    Args:
        dtype: Format of the weights, one of `WEIGHT_ONLY`.
        chip: The chip.
    """
    runs = chip.runs(dtype)
    if runs is dtype:
        return ()
    return (f"the weights are kept in {dtype.value}: the arithmetic is in {runs.value}",)


_SIGNIFICANT_BITS = {Dtype.BF16: 8, Dtype.FP16: 11}


def accumulation_notes(chip: Chip, dtype: Dtype, level: FusionLevel | None) -> tuple[str, ...]:
    """What sums in 16 bits cost in exactness, and what they do not buy.

    Args:
        chip: The chip.
        dtype: The format that sums are kept in between kernels.
        level: How much is fused; None for a set of one's own.
    """
    if dtype is Dtype.FP32:
        return ()
    if level not in (None, FusionLevel.NONE):
        return (
            f"sums in {dtype.value} change nothing at fusion {level.value}: "
            "its norms, softmaxes and routers are one kernel each and sum in registers",
        )
    terms = 1 << _SIGNIFICANT_BITS[dtype]
    range_note = ", and squares above 65504 overflow" if dtype is Dtype.FP16 else ""
    return (
        f"numerics: what norms, softmaxes and routers hand from kernel to kernel is rounded to {dtype.value}, by up "
        f"to 1 part in {terms}; a sum that is kept so stands still at {terms} times its terms{range_note}",
        f"matrices, the parts that split-K adds up, and fused kernels sum in fp32 as before: no rate of {chip.name} "
        f"with sums in {dtype.value} is recorded, so none is faster",
    )
