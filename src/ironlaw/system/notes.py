"""What an answer takes for granted about a model and its layout, said aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.layout import attention_groups

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip
    from ironlaw.workload.spec import DecoderSpec, Request

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
        notes.append("experts are drawn evenly: a real router asks for fewer and loads some more")
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
