"""Random thermal networks, and their course by fine steps: what the exact solution is held against."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import strategies as st

from ironlaw.system.thermal.body import Leakage, ThermalBody
from ironlaw.system.thermal.network import Bridge, Node, ThermalNetwork

CELSIUS = 273.15
AMBIENT = 25.0 + CELSIUS

capacities = st.floats(0.5, 40.0)
conductances = st.floats(0.02, 0.5)


@st.composite
def networks(draw, most=5):
    """A chain of nodes with bridges across; the last node touches the air, others may."""
    size = draw(st.integers(1, most))
    touched = [draw(st.sampled_from((0.0, 0.03))) for _ in range(size - 1)]
    cooled = [*touched, draw(conductances)]
    nodes = tuple(Node(f"n{i}", draw(capacities), cooled[i]) for i in range(size))
    pairs = [(i, i + 1) for i in range(size - 1)]
    pairs += [(i, j) for i in range(size) for j in range(i + 2, size) if draw(st.booleans())]
    return ThermalNetwork(
        nodes, tuple(Bridge(f"n{i}", f"n{j}", draw(conductances)) for i, j in pairs)
    )


@st.composite
def bodies(draw, *, leaking=True, most=5):
    """A random network, heated at one node, watched at another, with a leakage that does not run away at once."""
    network = draw(networks(most))
    names = [node.name for node in network.nodes]
    heated, watched = draw(st.sampled_from(names)), draw(st.sampled_from(names))
    leakage = None
    if leaking:
        resistance = network.resistance(heated, heated)
        growth = draw(st.floats(0.005, 0.03))
        gain = draw(st.floats(0.001, 0.1))
        leakage = Leakage(gain / (growth * resistance), growth, AMBIENT)
    return ThermalBody(network, heated, watched, leakage)


def matrices(network):
    """C^-1 G of the network, and its heat capacities."""
    names = [node.name for node in network.nodes]
    flows = np.diag([node.to_ambient for node in network.nodes])
    for bridge in network.bridges:
        i, j = names.index(bridge.first), names.index(bridge.second)
        flows[i, i] += bridge.conductance
        flows[j, j] += bridge.conductance
        flows[i, j] -= bridge.conductance
        flows[j, i] -= bridge.conductance
    heats = np.array([node.heat_capacity for node in network.nodes])
    return flows / heats[:, None], heats


def fine_steps(body, phases, ambient, start=None, step=0.07):
    """Temperatures at the end, by Runge and Kutta's fourth-order steps, `step` of the fastest mode each."""
    flows, heats = matrices(body.network)
    place = [node.name for node in body.network.nodes].index(body.heated)
    fastest = 1.0 / np.abs(np.linalg.eigvals(flows)).max()
    rise = np.zeros(len(heats)) if start is None else np.array(start) - ambient

    def slope(at, load):
        leak = 0.0
        if body.leakage is not None:
            over = ambient + at[place] - body.leakage.reference
            leak = body.leakage.power * math.exp(body.leakage.growth * over)
        found = -flows @ at
        found[place] += (load + leak) / heats[place]
        return found

    for span, load in phases:
        count = math.ceil(span / (step * fastest))
        width = span / count
        for _ in range(count):
            first = slope(rise, load)
            second = slope(rise + 0.5 * width * first, load)
            third = slope(rise + 0.5 * width * second, load)
            fourth = slope(rise + width * third, load)
            rise = rise + width / 6.0 * (first + 2.0 * second + 2.0 * third + fourth)
    return ambient + rise
