"""The energy of a kernel: joules of its arithmetic, of every memory level that its bytes pass, and static ones.

An array of multipliers (`operand_reuse`) reads its operands from the memory next to it, again and again, and whatever
an operator makes passes that memory, fused or not. Elsewhere operands come from registers, whose energy is part of the
datapath's, and each level carries the bytes that cross the kernel's border, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import maximum, require_positive
from ironlaw.cost.family import (
    Family,
    arithmetic_of,
    family_of,
    operator_arithmetic,
    vector_arithmetic,
)
from ironlaw.registry.energy import add_share
from ironlaw.workload.graph import OpKind, Role

if TYPE_CHECKING:
    from collections.abc import Collection

    from ironlaw.base.number import Number
    from ironlaw.cost.machine import Machine
    from ironlaw.registry.chips import Chip
    from ironlaw.registry.dtypes import Dtype
    from ironlaw.workload.graph import Operator
    from ironlaw.workload.kernels import Kernel

_OPERANDS = 2.0  # of a multiply-add: an activation and a weight
_FLOPS = 2.0  # of a multiply-add
_NO_MATRIX = frozenset((Family.SMALL, Family.QUANTISE, Family.COLLECTIVE))
_MATRICES = frozenset(
    {
        *(OpKind.GEMM, OpKind.BATCHED_GEMM, OpKind.CONVOLUTION, OpKind.RECURRENCE),
        *(OpKind.SCORES, OpKind.VALUES, OpKind.EXPERTS),
    }
)


class EnergyTerms(NamedTuple):
    """The terms of an energy [J].

    Attributes:
        compute: Arithmetic.
        levels: Each level of the chip's memory hierarchy, fastest first; 0 where its file names no energy.
        static: What flows whether or not anything is computed.
    """

    compute: Number = 0.0
    levels: tuple[Number, ...] = ()
    static: Number = 0.0

    @property
    def memory(self) -> Number:
        """All levels together [J]."""
        moved: Number = 0.0
        for joules in self.levels:
            moved = moved + joules
        return moved

    @property
    def total(self) -> Number:
        """E = E_c + Σ E_level + E_static [J]."""
        return self.compute + self.memory + self.static


class OperatorEnergy(NamedTuple):
    """What one operator needs, wherever its data come from.

    Attributes:
        compute: Arithmetic [J].
        near: Bytes that pass the memory next to an array of multipliers: what it reads and makes, weights aside, and
            operands again and again [B].
    """

    compute: Number
    near: Number


def lacking(chip: Chip) -> str | None:
    """What a chip's file lacks for any energy, in words; None where it has all.

    Args:
        chip: The chip.

    Example:
        >>> from ironlaw.registry.chips import load_chip
        >>> lacking(load_chip("tpu-v6e"))
        'the file of tpu-v6e names no energy of a FLOP, no idle power'
    """
    missing = [
        said
        for said, there in (
            ("energy of a FLOP", bool(chip.flop_energy)),
            ("energy of a byte of the main memory", chip.levels[-1].energy is not None),
            ("idle power", chip.idle_power is not None),
        )
        if not there
    ]
    listed = ", ".join(f"no {said}" for said in missing)
    return f"the file of {chip.name} names {listed}" if missing else None


def flop_energy(chip: Chip, dtype: Dtype) -> float:
    """Energy of a FLOP of a multiply-add, e_flop [J/FLOP].

    Args:
        chip: The chip.
        dtype: The format that it computes in.

    Raises:
        DomainError: if the chip's file names none.

    Example:
        >>> from ironlaw.registry.chips import load_chip
        >>> from ironlaw.registry.dtypes import Dtype
        >>> flop_energy(load_chip("ar-glasses"), Dtype.FP16)
        1e-12
    """
    if dtype not in chip.flop_energy:
        known = ", ".join(known.value for known in chip.flop_energy) or "none"
        raise DomainError("dtype", dtype.value, f"formats whose energy {chip.name} names: {known}")
    return chip.flop_energy[dtype]


def pointwise_energy(chip: Chip, dtype: Dtype | None = None) -> float:
    """Energy of a FLOP of a pointwise operator [J/FLOP].

    In an array of multipliers it is an addition without its multiply; an instruction costs the same with either.

    Args:
        chip: The chip.
        dtype: Format of what it works on; that of the vector units if None.

    Raises:
        DomainError: if the chip's file names none.

    Source:
        jouppi-2021, table 2.
    """
    if chip.operand_reuse is None or dtype is None:
        dtype = vector_arithmetic(chip)
    share = 1.0 if chip.operand_reuse is None else add_share(dtype)
    return flop_energy(chip, dtype) * share


def operand_traffic(flops: Number, element: float, operand_reuse: float) -> Number:
    r"""Bytes that an array of multipliers reads from the memory next to it.

    $$ D_{op} = \frac{O}{2} \cdot \frac{2 b}{r} $$

    Each of the two operands of a multiply-add is read once for every r of them.

    Args:
        flops: Work of the multiply-adds, O [FLOP].
        element: Bytes of an operand, b [B].
        operand_reuse: Multiply-adds that an operand serves, r.

    Returns:
        D_op [B].

    Raises:
        DomainError: if the reuse or the size of an element is not positive.

    Source:
        ironlaw-dossier: its SRAM joules are a quarter of an operand for each multiply-add, r = 8.

    Example:
        >>> operand_traffic(2e6, 2.0, 8.0)
        500000.0
    """
    require_positive("operand_reuse", operand_reuse)
    require_positive("element", element)
    return flops / _FLOPS * (_OPERANDS * element / operand_reuse)


def operator_energy(
    operator: Operator, machine: Machine, weights: Collection[str], dtype: Dtype | None = None
) -> OperatorEnergy:
    """Energy of an operator's arithmetic, and its bytes in the memory next to an array of multipliers.

    Args:
        operator: An operator whose sizes are numbers.
        machine: The chip.
        weights: Tensors that stay in memory between steps and pass no other.
        dtype: Format of what it works on where it is pointwise; that of the vector units if None.

    Raises:
        DomainError: if the chip's file has no energy of that arithmetic.
    """
    chip = machine.chip
    passing: Number = 0.0
    for name, size in (*operator.reads.items(), *operator.writes.items()):
        passing = passing + (0.0 if name in weights else size)
    arithmetic = operator_arithmetic(operator, machine)
    if operator.kind not in _MATRICES or arithmetic is None:
        return OperatorEnergy(operator.flops * pointwise_energy(chip, dtype), passing)
    if chip.operand_reuse is not None:
        passing = passing + operand_traffic(operator.flops, arithmetic.size, chip.operand_reuse)
    return OperatorEnergy(operator.flops * flop_energy(chip, arithmetic), passing)


def kernel_energy(kernel: Kernel, machine: Machine, dtype: Dtype | None = None) -> EnergyTerms:
    r"""Energy of one launch of a kernel, static energy aside.

    $$ E = O \cdot e_{flop} + \sum_{level} D_{level} \cdot e_{level} $$

    The inner sizes of a decoder's kernel are not kept: all its work is that of its main operator, and what passes the
    memory next to the arithmetic is what crosses its border.

    Args:
        kernel: A kernel.
        machine: The chip.
        dtype: Format of what pointwise operators work on; that of the vector units if None.

    Returns:
        The terms of E [J].

    Raises:
        DomainError: if the chip's file has no energy of that arithmetic.

    Source:
        horowitz-2014, jouppi-2021 (energies of operations and of bytes); choi-2013 (a roofline of energy).
    """
    if kernel.values:
        compute, near = _whole(kernel, machine, dtype)
    else:
        weights = {c.tensor for c in kernel.border.enters if c.role is Role.WEIGHT}
        compute, near = 0.0, 0.0
        for operator in kernel.parts.operators:
            found = operator_energy(operator, machine, weights, dtype)
            compute, near = compute + found.compute, near + found.near
    if machine.chip.operand_reuse is None:
        near = kernel.traffic
    return EnergyTerms(compute, level_energies(machine.chip, kernel.traffic, near))


def _whole(kernel: Kernel, machine: Machine, dtype: Dtype | None) -> OperatorEnergy:
    """A kernel whose inner sizes are not kept."""
    chip = machine.chip
    near: Number = kernel.traffic
    for crossing in kernel.border.enters:
        near = near - (kernel.reads[crossing.tensor] if crossing.role is Role.WEIGHT else 0.0)
    if family_of(kernel) in _NO_MATRIX:
        return OperatorEnergy(kernel.flops * pointwise_energy(chip, dtype), near)
    arithmetic = arithmetic_of(kernel, machine)
    if chip.operand_reuse is not None:
        near = near + operand_traffic(kernel.flops, arithmetic.size, chip.operand_reuse)
    return OperatorEnergy(kernel.flops * flop_energy(chip, arithmetic), near)


def level_energies(chip: Chip, traffic: Number, near: Number) -> tuple[Number, ...]:
    """Energy of the bytes that pass each level of a chip's hierarchy [J].

    Args:
        chip: The chip.
        traffic: Bytes of the main memory; the caches in front of it pass them on [B].
        near: Bytes of the level next to the arithmetic, where it is not the main memory itself [B].
    """
    last = len(chip.levels) - 1
    return tuple(
        (near if place == 0 and last > 0 else traffic) * (level.energy or 0.0)
        for place, level in enumerate(chip.levels)
    )


def active_power(chip: Chip) -> float:
    """What a core draws whenever it is busy, waiting for its memory too; 0 where the file names none [W].

    Args:
        chip: The chip.

    Example:
        >>> from ironlaw.registry.chips import load_chip
        >>> active_power(load_chip("esp32"))
        0.16
    """
    return chip.sheet.optional("detail.active_power") or 0.0


def step_joules(dynamic: Number, time: Number, idle_power: float, active_power: float) -> Number:
    r"""Energy of a step on one chip.

    $$ E = \max(E_{dynamic} + P_{idle} T, P_{active} T) $$

    A core of a microcontroller has no finer grain than its active power: it draws it while it waits, too.

    Args:
        dynamic: Joules of its kernels [J].
        time: Of the step, T [s].
        idle_power: P_idle [W].
        active_power: P_active, 0 where the chip has none of its own [W].

    Returns:
        E [J].

    Example:
        >>> step_joules(1.0, 2.0, 0.5, 0.0), step_joules(1.0, 2.0, 0.5, 3.0)
        (2.0, 6.0)
    """
    return maximum(dynamic + idle_power * time, active_power * time)


def peak_power(chip: Chip, dtype: Dtype) -> float:
    r"""The most that a chip can draw: arithmetic and memory at their peak rates at once, and the idle power.

    $$ P = R_{peak} \cdot e_{flop} + D_{op} e_{near} + BW \sum_{level} e_{level} + P_{idle} $$

    Args:
        chip: The chip.
        dtype: The format that it computes in.

    Returns:
        P [W].

    Raises:
        DomainError: if the chip's file lacks an energy.
    """
    reason = lacking(chip)
    if reason is not None:
        raise DomainError("chip", chip.name, f"chips with energy facts: {reason}")
    rate = chip.peak(dtype)
    near = 0.0
    if chip.operand_reuse is not None:
        near = float(operand_traffic(rate, dtype.size, chip.operand_reuse))
    joules = level_energies(chip, chip.bandwidth, chip.bandwidth + near)
    terms = EnergyTerms(rate * flop_energy(chip, dtype), joules, chip.idle_power or 0.0)
    return float(terms.total)
