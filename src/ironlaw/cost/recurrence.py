"""Recurrent cells: steps that wait for each other, and weights that each of them reads again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import maximum
from ironlaw.cost.iron_law import TimeTerms
from ironlaw.registry.calibration import step_constants
from ironlaw.registry.chips import reached_bandwidth
from ironlaw.workload.shapes import RecurrentShape

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.cost.machine import Machine
    from ironlaw.registry.chips import Chip
    from ironlaw.registry.constants import StepConstants
    from ironlaw.workload.kernels import Kernel


def recurrence_kernel_terms(kernel: Kernel, machine: Machine) -> TimeTerms:
    """Time terms of a kernel that holds one layer of a recurrent network.

    Args:
        kernel: The kernel.
        machine: The chip.
    """
    shape = next(op.shape for op in kernel.parts.operators if isinstance(op.shape, RecurrentShape))
    chip, step = machine.chip, step_constants()
    return recurrence_terms(shape, kernel.flops, kernel.traffic, chip=chip, step=step)


def recurrence_terms(
    shape: RecurrentShape, flops: Number, traffic: Number, *, chip: Chip, step: StepConstants
) -> TimeTerms:
    r"""Time terms of one layer of a recurrent network over T steps.

    $$ T_m = \frac{D_{vol} + (T - 1) \cdot U \cdot [U > C]}{e \cdot BW_{mem}}, \quad L_{lat} = T \cdot t_0 $$

    The input's matrix multiplies all steps at once; the state's matrix U multiplies one step after the other. Where U
    fits no level on the chip, of C bytes, each step reads it from memory again; where it fits, from there.

    Args:
        shape: Steps, batch and widths.
        flops: Work of the kernel [FLOP].
        traffic: Bytes that have to cross the memory interface once [B].
        chip: R_peak, BW_mem and the levels of its memory.
        step: Reached fraction of the bandwidth and launch time of small operators.

    Returns:
        The terms [s].

    Source:
        appleyard-2016 (recurrent networks on GPUs); the time of a step is that of a small operator.
    """
    kept = shape.state_weights * shape.dtype.size
    again = (shape.steps - 1.0) * kept
    bandwidth = reached_bandwidth(chip, step.small_efficiency)
    memory = traffic / bandwidth
    inner = [level for level in chip.levels[:-1] if level.capacity >= kept]
    if not inner:
        memory = memory + again / bandwidth
    elif inner[-1].bandwidth is not None:
        memory = maximum(memory, again / inner[-1].bandwidth)
    return TimeTerms(
        compute=flops / chip.peak(shape.dtype),
        memory=memory,
        latency=shape.steps * step.small_launch,
    )
