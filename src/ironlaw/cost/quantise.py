"""Activations quantised by kernels of their own, before the GEMM that reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.cost.gemm import QUANTISE_BYTES
from ironlaw.cost.iron_law import TimeTerms
from ironlaw.cost.memory_path import seconds_per_byte
from ironlaw.registry.dtypes import Dtype

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.registry.constants import GemmConstants
    from ironlaw.workload.shapes import QuantiseShape


def quantise_terms(
    shapes: Iterable[QuantiseShape],
    *,
    constants: GemmConstants,
    bandwidth: float,
    launch: float = 0.0,
) -> TimeTerms:
    r"""Time terms of a kernel that quantises activations A[m, k], or does a share of that.

    $$ t = launches \cdot t_{launch} + passes \cdot cq \cdot 5 \cdot m \cdot k \cdot \beta $$

    The calibrated form of a quantised GEMM contains this. Where it stands in the graph the GEMM is costed without, so
    that both together take what was measured.

    Args:
        shapes: What the kernel quantises.
        constants: Fitted constants of the GEMM that reads it.
        bandwidth: BW_mem [B/s].
        launch: What the launches take, of all kernels that quantise the tensor [s].

    Returns:
        The terms [s].

    Source:
        model form of the calibration, fitted to aiconfigurator.
    """
    beta = seconds_per_byte(bandwidth, constants.eb, constants.l2x)
    found = tuple(shapes)
    moved = summed(shape.passes * shape.m * shape.k for shape in found)
    return TimeTerms(
        memory=constants.cq * QUANTISE_BYTES * moved * beta,
        latency=launch * summed(shape.launches for shape in found),
    )


def given_away(constants: GemmConstants, base: float, *, captured: bool) -> float:
    """What a quantised GEMM's launch takes more than a plain one's: its quantise kernels do [s].

    A captured graph launches for free; outside of one nothing is given away that is not there.

    Args:
        constants: Fitted constants of the GEMM.
        base: t_0 of a bf16 GEMM [s].
        captured: Whether the step runs as a captured graph.
    """
    extra = constants.t0 - base
    return extra if captured else max(extra, 0.0)


def widening(dtype: Dtype) -> float:
    """Bytes of bf16 activations over those in a format: a step counts what a GEMM reads as it was produced.

    The engine's steps count them so with and without kernels that quantise, so that both ways take the same time. The
    benchmark form counts them narrow; beside the weights of a decode step the difference is lost.

    Args:
        dtype: The format that the activations enter in.
    """
    return Dtype.BF16.size / dtype.size
