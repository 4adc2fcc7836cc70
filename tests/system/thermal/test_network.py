"""Networks: their modes, their resistances, and what is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from heat_networks import matrices, networks
from ironlaw.base.errors import DomainError
from ironlaw.system.thermal.network import Bridge, Node, ThermalNetwork, ladder

WEARABLE = ladder((("junction", 1.5, 12.0), ("skin", 28.0, 12.0)))


def test_resistances_of_the_wearable():
    assert WEARABLE.resistance("skin", "junction") == pytest.approx(12.0, rel=1e-14)
    assert WEARABLE.resistance("junction", "junction") == pytest.approx(24.0, rel=1e-14)
    assert WEARABLE.resistance("junction", "skin") == pytest.approx(12.0, rel=1e-14)


def test_time_constants_of_the_wearable_are_near_those_of_the_dossier():
    """The dossier's 18 s and 5.6 min are R·C of each node alone; together the fast one is faster, the slow slower."""
    fast, slow = 1.0 / WEARABLE.modes.rates[1], 1.0 / WEARABLE.modes.rates[0]
    assert fast == pytest.approx(12.0 * 1.5, rel=0.06)
    assert slow == pytest.approx(12.0 * 28.0, rel=0.06)
    assert fast * slow == pytest.approx(18.0 * 336.0, rel=1e-12)  # the determinant of the matrix


@given(networks())
def test_rates_are_the_eigenvalues_and_resistances_the_inverse(network):
    flows, heats = matrices(network)
    assert np.allclose(network.modes.rates, np.sort(np.linalg.eigvals(flows).real), rtol=1e-9)
    inverse = np.linalg.inv(flows * heats[:, None])
    for i, one in enumerate(network.nodes):
        for j, other in enumerate(network.nodes):
            assert network.resistance(one.name, other.name) == pytest.approx(
                inverse[i, j], rel=1e-9
            )


@pytest.mark.parametrize(
    ("nodes", "bridges", "message"),
    [
        ((), (), "nodes = .* one or more"),
        ((Node("a", 1.0, 1.0), Node("a", 1.0, 1.0)), (), "a name of its own"),
        ((Node("a", 0.0, 1.0),), (), r"a\.heat_capacity = 0\.0"),
        ((Node("a", 1.0, -1.0),), (), r"a\.to_ambient = -1\.0"),
        ((Node("a", 1.0, 1.0),), (Bridge("a", "b", 1.0),), "bridge = 'a, b'"),
        ((Node("a", 1.0, 1.0),), (Bridge("a", "a", 1.0),), "two different nodes"),
        (
            (Node("a", 1.0, 1.0), Node("b", 1.0)),
            (Bridge("a", "b", 0.0),),
            r"a-b\.conductance = 0\.0",
        ),
        ((Node("a", 1.0, 1.0), Node("b", 1.0)), (), "node = 'b' .* a way for heat to the ambient"),
    ],
)
def test_what_is_no_network_is_refused(nodes, bridges, message):
    with pytest.raises(DomainError, match=message):
        ThermalNetwork(nodes, bridges)


def test_an_unknown_node_is_refused():
    with pytest.raises(DomainError, match="node = 'battery' is outside the nodes: junction, skin"):
        WEARABLE.place("battery")


def test_a_ladder_refuses_a_resistance_of_nothing():
    with pytest.raises(DomainError, match=r"skin\.thermal_resistance = 0\.0"):
        ladder((("skin", 1.0, 0.0),))
