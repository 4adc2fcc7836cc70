"""Fusion and precision layer by layer: what a network takes in joules, bytes and time under any such plan.

A layer is an operator. It may share a kernel with the next, through the memory next to the arithmetic, and those with
matrices may be narrow. Kernels and operators are priced once for each way that they can be in: a plan is a sum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed
from ironlaw.cost.energy import OperatorEnergy, lacking, level_energies, operator_energy
from ironlaw.cost.family import arithmetic_of, operator_arithmetic
from ironlaw.cost.kernel import kernel_cost
from ironlaw.cost.machine import Machine
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.layer_formats import Precision, format_owners, operator_in, size_factor
from ironlaw.rewrites.streamed import apart, runs, stream_obstacle
from ironlaw.workload.graph import Group, OpKind, Role
from ironlaw.workload.kernels import Kernel, kernel_of
from ironlaw.workload.network import MATRIX_KINDS, Network, network_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ironlaw.registry.chips import Chip
    from ironlaw.workload.graph import Block, Operator


class Plan(NamedTuple):
    """What is done to each layer, by names of layers.

    Attributes:
        fused: Layers that share a kernel with the next.
        narrow: Layers in the narrow format.
    """

    fused: frozenset[str] = frozenset()
    narrow: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """An operator of a network, one sample.

    Attributes:
        name: Its name.
        block: The block of the network that it stands in.
        kind: What it does.
        runs: How often a sample runs it.
        flops: Its work, once [FLOP].
        weights: Bytes of weights that it reads at two bytes an element, once [B].
        activations: Bytes of all else that it reads and writes, likewise [B].
        follows: The layer whose format it has: itself where it may be narrow.
        joins: The layer that it may share a kernel with, the next one; None where it may not.
        apart: Why it may not.
    """

    name: str
    block: str
    kind: OpKind
    runs: int
    flops: float
    weights: float
    activations: float
    follows: str
    joins: str | None
    apart: str | None

    @property
    def may_be_narrow(self) -> bool:
        """Whether it has a matrix, whose format can be chosen."""
        return self.follows == self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerEnergy:
    """What a layer takes of a sample under a plan [J]; bytes are those of the main memory that it reads or writes."""

    name: str
    compute: float
    sram: float
    dram: float
    traffic: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEnergy:
    """What a plan comes to, a sample, static energy aside.

    Attributes:
        compute: Arithmetic [J].
        sram: The memories on the chip [J].
        dram: The main memory [J].
        traffic: Bytes of the main memory [B].
        time: Of its kernels one after the other, and of handing the program over [s].
        kernels: The layers of each kernel.
        layers: The same joules by layer.
    """

    compute: float
    sram: float
    dram: float
    traffic: float
    time: float
    kernels: tuple[tuple[str, ...], ...]
    layers: tuple[LayerEnergy, ...]

    @property
    def total(self) -> float:
        """E of a sample [J]."""
        return self.compute + self.sram + self.dram

    def power(self, rate: float) -> float:
        """P = E · f of so many samples a second, whether or not they come out in time [W].

        Args:
            rate: Samples a second, f [1/s].
        """
        return self.total * rate


class _Border(NamedTuple):
    """A kernel at two bytes an element, and each tensor that crosses its border with the layer that touches it."""

    kernel: Kernel
    crossings: tuple[tuple[str, str, float], ...]


class LayerPlanner:
    """A network on a chip under any plan; what is asked for twice is worked out once.

    Attributes:
        layers: In order.
        precision: What narrow means.
        chip: The chip.
    """

    def __init__(
        self, network: Network, chip: Chip, precision: Precision | None = None, batch: float = 1.0
    ) -> None:
        reason = lacking(chip)
        if reason is not None:
            raise DomainError("chip", chip.name, f"chips with energy facts: {reason}")
        self.chip, self.precision = chip, precision or Precision()
        self.blocks = network_blocks(network, batch)
        self._machine = Machine(chip=chip, calibration=None)
        self._batch = batch
        self._of = {op.name: op for block in self.blocks for op in block.graph.operators.values()}
        self._tensors = {
            name: t for block in self.blocks for name, t in block.graph.tensors.items()
        }
        self._weights = {n for n, t in self._tensors.items() if t.role is Role.WEIGHT}
        self._factors = {n: size_factor(t, self.precision) for n, t in self._tensors.items()}
        self.layers = _layers(self.blocks)
        self._layer = {layer.name: layer for layer in self.layers}
        self._passing: dict[str, float] = {}
        for layer in self.layers:
            operator = self._of[layer.name]
            for name, size in (*operator.reads.items(), *operator.writes.items()):
                self._passing[name] = self._passing.get(name, 0.0) + float(size) * layer.runs
        self._obstacles: dict[tuple[str, ...], str | None] = {}
        self._borders: dict[tuple[str, ...], _Border] = {}
        self._operators: dict[tuple[object, ...], OperatorEnergy] = {}
        self._times: dict[tuple[object, ...], float] = {}

    @property
    def capacity(self) -> float:
        """Memory next to the arithmetic, through which kernels stream; 0 where the file names none [B]."""
        return self.chip.levels[0].capacity if len(self.chip.levels) > 1 else 0.0

    def all_narrow(self) -> frozenset[str]:
        """Every layer that may be narrow."""
        return frozenset(layer.name for layer in self.layers if layer.may_be_narrow)

    def obstacle(self, plan: Plan) -> str | None:
        """Why a plan cannot be, in words; None if it can.

        Args:
            plan: What is done to each layer.

        Raises:
            DomainError: for a name that is no layer, or none that may be narrow.
        """
        for name in sorted(plan.fused):
            if name not in self._layer:
                raise DomainError("fused", name, f"the layers {self._named()}")
            if self._layer[name].apart is not None:
                return self._layer[name].apart
        for name in sorted(plan.narrow):
            if name not in self._layer or not self._layer[name].may_be_narrow:
                raise DomainError("narrow", name, f"the layers {self._named(narrow=True)}")
        for block, members in self._kernels(plan):
            reason = self.kernel_obstacle(block, members)
            if reason is not None:
                return reason
        return None

    def kernel_obstacle(self, block: Block, members: tuple[str, ...]) -> str | None:
        """Why layers in a row cannot be one kernel; None if they can.

        Args:
            block: The block that they stand in.
            members: Their names, in order.
        """
        if len(members) == 1:
            return None
        if members not in self._obstacles:
            reason = stream_obstacle(block.graph, members, self.capacity)
            self._obstacles[members] = reason
        return self._obstacles[members]

    def _named(self, *, narrow: bool = False) -> str:
        return ", ".join(x.name for x in self.layers if x.may_be_narrow or not narrow)

    def _kernels(self, plan: Plan) -> Iterator[tuple[Block, tuple[str, ...]]]:
        for block in self.blocks:
            for members in runs(block.graph, plan.fused):
                yield block, members

    def narrow_tensors(self, plan: Plan) -> frozenset[str]:
        """Tensors that lie in memory in the narrow format under a plan."""
        return frozenset(
            name
            for layer in self.layers
            if layer.follows in plan.narrow
            for name in self.touched(layer.name)
        )

    def touched(self, layer: str) -> tuple[str, ...]:
        """The tensors that a layer reads and writes."""
        operator = self._of[layer]
        return (*operator.reads, *operator.writes)

    def factor(self, tensor: str) -> float:
        """Bytes of a tensor in the narrow format over those at two bytes an element."""
        return self._factors[tensor]

    def is_weight(self, tensor: str) -> bool:
        """Whether a tensor is a weight, which passes no memory but the one that it comes from."""
        return tensor in self._weights

    def passing(self, tensor: str) -> float:
        """Bytes of a tensor that the layers of a sample read and write, fused or not, at two bytes an element [B]."""
        return self._passing.get(tensor, 0.0)

    def energy(self, plan: Plan) -> PlanEnergy:
        """What a plan comes to, a sample.

        Args:
            plan: What is done to each layer.

        Raises:
            DomainError: if it cannot be, saying why.
        """
        reason = self.obstacle(plan)
        if reason is not None:
            raise DomainError("plan", sorted(plan.fused), f"plans that can run: {reason}")
        tensors = self.narrow_tensors(plan)
        moved: dict[str, float] = {}
        time = self.chip.call_dispatch or 0.0
        cut: list[tuple[str, ...]] = []
        for block, members in self._kernels(plan):
            cut.append(members)
            border = self.border(block, members)
            traffic = 0.0
            for name, layer, size in border.crossings:
                size_now = size * (self._factors[name] if name in tensors else 1.0)
                moved[layer] = moved.get(layer, 0.0) + size_now
                traffic += size_now
            time += block.count * self._time(border, traffic, plan)
        layers = tuple(
            self._layer_energy(x, moved.get(x.name, 0.0), plan, tensors) for x in self.layers
        )
        return PlanEnergy(
            compute=summed(layer.compute for layer in layers),
            sram=summed(layer.sram for layer in layers),
            dram=summed(layer.dram for layer in layers),
            traffic=summed(layer.traffic for layer in layers),
            time=time / self._batch,
            kernels=tuple(cut),
            layers=layers,
        )

    def border(self, block: Block, members: tuple[str, ...]) -> _Border:
        """A kernel at two bytes an element, with what crosses its border and which layer reads or writes it [B]."""
        if members not in self._borders:
            kernel = kernel_of(block.graph, Group("+".join(members), members))
            reads, writes = kernel.reads, kernel.writes
            found = [
                (c.tensor, c.operators[0], float(reads[c.tensor])) for c in kernel.border.enters
            ]
            found += [
                (c.tensor, c.operators[0], float(writes[c.tensor])) for c in kernel.border.leaves
            ]
            self._borders[members] = _Border(kernel, tuple(found))
        return self._borders[members]

    def _layer_energy(
        self, layer: Layer, traffic: float, plan: Plan, tensors: frozenset[str]
    ) -> LayerEnergy:
        found = self.operator(layer, layer.follows in plan.narrow, tensors)
        near = traffic if self.chip.operand_reuse is None else float(found.near)
        count = layer.runs / self._batch
        *levels, main = level_energies(self.chip, traffic, near)
        return LayerEnergy(
            name=layer.name,
            compute=float(found.compute) * count,
            sram=float(summed(levels)) * count,
            dram=float(main) * count,
            traffic=traffic * count,
        )

    def operator(self, layer: Layer, narrow: bool, tensors: frozenset[str]) -> OperatorEnergy:  # noqa: FBT001
        """What an operator needs, once, in its format and with its tensors in theirs.

        Args:
            layer: The layer.
            narrow: Whether it is narrow.
            tensors: Tensors that lie in memory in the narrow format.
        """
        near = tuple(name for name in self.touched(layer.name) if name in tensors)
        key = (layer.name, narrow, near)
        if key not in self._operators:
            made = self._operator(layer.name, narrow, near)
            dtype = self.precision.activations if narrow else self.chip.runs(Dtype.BF16)
            self._operators[key] = operator_energy(made, self._machine, self._weights, dtype)
        return self._operators[key]

    def _operator(self, name: str, narrow: bool, tensors: tuple[str, ...]) -> Operator:  # noqa: FBT001
        factors = {tensor: self._factors[tensor] for tensor in tensors}
        return operator_in(self._of[name], factors, self.precision if narrow else None)

    def _time(self, border: _Border, traffic: float, plan: Plan) -> float:
        """Time of a kernel whose operators each compute at the rate of their own format [s]."""
        kernel = border.kernel
        narrow = tuple(self._layer[name].follows in plan.narrow for name in kernel.border.members)
        key = (kernel.border.members, narrow, traffic)
        if key not in self._times:
            rate = self.chip.peak(arithmetic_of(kernel, self._machine))
            work = 0.0
            for operator, is_narrow in zip(kernel.parts.operators, narrow, strict=True):
                own = self._rate(operator, is_narrow, rate)
                work += float(operator.flops) * rate / own
            cost = kernel_cost(kernel._replace(flops=work, traffic=traffic), self._machine)
            self._times[key] = float(cost.terms.total)
        return self._times[key]

    def _rate(self, operator: Operator, narrow: bool, wide: float) -> float:  # noqa: FBT001
        if not narrow or operator.kind not in MATRIX_KINDS:
            return wide
        dtype = operator_arithmetic(self._operator(operator.name, narrow, ()), self._machine)
        return wide if dtype is None else self.chip.peak(dtype)


def _layers(blocks: tuple[Block, ...]) -> tuple[Layer, ...]:
    owners = format_owners(blocks)
    found: list[Layer] = []
    for block in blocks:
        names = list(block.graph.operators)
        for name, after in zip(names, [*names[1:], None], strict=True):
            operator = block.graph.operators[name]
            sizes = [*operator.reads.items(), *operator.writes.items()]
            held = [s for n, s in sizes if block.graph.tensors[n].role is Role.WEIGHT]
            reason = (
                f"{name} is the last of its block"
                if after is None
                else apart(block.graph, name, after)
            )
            found.append(
                Layer(
                    name=name,
                    block=block.name,
                    kind=operator.kind,
                    runs=block.count,
                    flops=float(operator.flops),
                    weights=float(summed(held)),
                    activations=float(summed(s for _, s in sizes)) - float(summed(held)),
                    follows=owners[name],
                    joins=after if reason is None else None,
                    apart=reason,
                )
            )
    return tuple(found)
