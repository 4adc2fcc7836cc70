"""What the kernels of a step come to in a search for the best set of fusions, each asked for once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import summed
from ironlaw.cost.energy import kernel_energy, step_joules
from ironlaw.cost.kernel import kernel_cost
from ironlaw.workload.graph import Group
from ironlaw.workload.kernels import kernel_of

if TYPE_CHECKING:
    from ironlaw.cost.machine import Machine
    from ironlaw.registry.dtypes import Dtype
    from ironlaw.workload.graph import Block
    from ironlaw.workload.kernels import Kernel


class Cut(NamedTuple):
    """One way for a cluster to run."""

    time: float
    launches: int
    joules: float
    fusions: tuple[str, ...]


class Weights(NamedTuple):
    """What the objective is made of: joules, and seconds of the step; and the host's time for each launch [s].

    A second costs `least` at least, whatever the joules.
    """

    joules: float
    seconds: float
    dispatch: float
    least: float = 0.0

    def of(self, time: float, launches: int, joules: float) -> float:
        """The objective of kernels that take so long, are so many and need so much."""
        step = max(time, launches * self.dispatch)
        return float(step_joules(self.joules * joules, step, self.seconds, self.least))


class Prices:
    """What the kernels of a block cost, each asked for once."""

    def __init__(
        self,
        block: Block,
        machine: Machine,
        weights: Weights,
        room: float,
        dtype: Dtype | None = None,
    ) -> None:
        self.block = block
        self._dtype = dtype
        self._machine = machine
        self._asks_joules = weights.joules > 0.0
        self._room = room
        self._known: dict[tuple[str, ...], tuple[float, float] | None] = {}

    def of(self, members: tuple[str, ...]) -> tuple[float, float] | None:
        """Time and joules of all launches of a kernel; None if what it reads and makes does not fit the memory."""
        if members not in self._known:
            self._known[members] = self._priced(members)
        return self._known[members]

    def _priced(self, members: tuple[str, ...]) -> tuple[float, float] | None:
        graph = self.block.graph
        kernel = kernel_of(graph, Group("+".join(members), members))
        sizes = {**kernel.reads, **kernel.writes}
        alive = summed(s for name, s in sizes.items() if not graph.tensors[name].role.persists)
        if float(alive) > self._room:
            return None
        cost = kernel_cost(kernel, self._machine)
        joules = self._joules(kernel) if self._asks_joules else 0.0
        return float(cost.terms.total) * self.block.count, joules * self.block.count

    def _joules(self, kernel: Kernel) -> float:
        return float(kernel_energy(kernel, self._machine, self._dtype).total)
