r"""A network of heat capacities and conductances, with its modes.

$$ C_a \frac{d\theta_a}{dt} = P_a - g_a \theta_a - \sum_b G_{ab} (\theta_a - \theta_b) $$

θ is the rise over the ambient. With C^(1/2) as the measure the matrix is symmetric and positive definite, so the
network is a sum of modes that decay alone, each at its rate: the solution for a constant power has no step size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_positive, summed
from ironlaw.system.thermal.eigen import eigen

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Node:
    """A place with one temperature.

    Attributes:
        name: "junction".
        heat_capacity: Heat that warms it by a kelvin, C [J/K].
        to_ambient: Conductance to the ambient, g; zero where it touches other nodes only [W/K].
    """

    name: str
    heat_capacity: float
    to_ambient: float = 0.0


@dataclass(frozen=True, slots=True)
class Bridge:
    """A conductance between two nodes.

    Attributes:
        first: Name of a node.
        second: Name of another.
        conductance: Heat that flows for a kelvin between them, G = 1/R_th [W/K].
    """

    first: str
    second: str
    conductance: float


@dataclass(frozen=True, slots=True)
class Modes:
    """The network as modes that decay alone: θ_a = Σ_i S_ai z_i, dz_i/dt = −λ_i z_i + Σ_a S_ai P_a.

    Attributes:
        rates: λ, the slowest first [1/s].
        shapes: S_ai: one row for each node, one column for each mode [K/J^(1/2)].
    """

    rates: tuple[float, ...]
    shapes: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, eq=False)
class ThermalNetwork:
    """Nodes and the conductances between them.

    Attributes:
        nodes: The nodes.
        bridges: What heat flows through between them.

    Raises:
        DomainError: for a capacity or conductance that is not above zero, a bridge to a node that is not there, or a
            node from which no heat reaches the ambient.
    """

    nodes: tuple[Node, ...]
    bridges: tuple[Bridge, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a network that is none."""
        names = [node.name for node in self.nodes]
        if len(set(names)) != len(names) or not names:
            raise DomainError("nodes", names, "one or more nodes, each of a name of its own")
        for node in self.nodes:
            require_positive(f"{node.name}.heat_capacity", node.heat_capacity)
            if not (node.to_ambient >= 0.0 and math.isfinite(node.to_ambient)):
                raise DomainError(f"{node.name}.to_ambient", node.to_ambient, "[0, ∞)")
        for bridge in self.bridges:
            for end in (bridge.first, bridge.second):
                if end not in names or bridge.first == bridge.second:
                    pair = f"{bridge.first}, {bridge.second}"
                    raise DomainError("bridge", pair, f"two different nodes of {', '.join(names)}")
            require_positive(f"{bridge.first}-{bridge.second}.conductance", bridge.conductance)
        _require_cooled(self)

    @cached_property
    def modes(self) -> Modes:
        """The network as modes that decay alone."""
        scales = [math.sqrt(node.heat_capacity) for node in self.nodes]
        matrix = [[0.0] * len(scales) for _ in scales]
        for i, node in enumerate(self.nodes):
            matrix[i][i] = node.to_ambient
        for bridge in self.bridges:
            i, j = self.place(bridge.first), self.place(bridge.second)
            for row, column, sign in ((i, i, 1.0), (j, j, 1.0), (i, j, -1.0), (j, i, -1.0)):
                matrix[row][column] += sign * bridge.conductance
        for a, scale in enumerate(scales):
            for b in range(a, len(scales)):
                matrix[a][b] = matrix[b][a] = matrix[a][b] / (scale * scales[b])
        rates, vectors = eigen(matrix)
        shapes = (tuple(one[a] / scale for one in vectors) for a, scale in enumerate(scales))
        return Modes(rates, tuple(shapes))

    def place(self, name: str) -> int:
        """Number of a node.

        Args:
            name: Its name.

        Raises:
            DomainError: listing the nodes.
        """
        names = [node.name for node in self.nodes]
        if name not in names:
            raise DomainError("node", name, f"the nodes: {', '.join(names)}")
        return names.index(name)

    def resistance(self, node: str, source: str) -> float:
        """Rise of a node for each watt that another one gets for good, R_th [K/W].

        Args:
            node: The node that warms.
            source: The node that is heated.
        """
        modes = self.modes
        warmed, heated = modes.shapes[self.place(node)], modes.shapes[self.place(source)]
        parts = zip(warmed, heated, modes.rates, strict=True)
        return summed(one * other / rate for one, other, rate in parts)


def ladder(nodes: Sequence[tuple[str, float, float]]) -> ThermalNetwork:
    """A chain from the inside out: each node passes its heat to the next, the last one to the ambient.

    Args:
        nodes: Of each its name, its heat capacity [J/K] and its thermal resistance to what follows [K/W].

    Example:
        >>> ladder((("junction", 1.5, 12.0), ("skin", 28.0, 12.0))).resistance("skin", "junction")
        12.0
    """
    for name, _, resistance in nodes:
        require_positive(f"{name}.thermal_resistance", resistance)
    last = len(nodes) - 1
    return ThermalNetwork(
        tuple(Node(n, c, 1.0 / r if i == last else 0.0) for i, (n, c, r) in enumerate(nodes)),
        tuple(
            Bridge(nodes[i][0], nodes[i + 1][0], 1.0 / nodes[i][2]) for i in range(len(nodes) - 1)
        ),
    )


def _require_cooled(network: ThermalNetwork) -> None:
    """Refuse a node whose heat has no way out."""
    reached = {node.name for node in network.nodes if node.to_ambient > 0.0}
    grown = True
    while grown:
        ends = [{bridge.first, bridge.second} for bridge in network.bridges]
        more = {name for pair in ends if pair & reached for name in pair} - reached
        reached |= more
        grown = bool(more)
    for node in network.nodes:
        if node.name not in reached:
            domain = "the nodes with a way for heat to the ambient"
            raise DomainError("node", node.name, domain)
