"""The plans of least energy, held against every plan that there is."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.explore.energy_frontier import best_fusions_of, frontier
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.energy_plan import LayerPlanner, Plan
from ironlaw.system.network_question import load_network
from ironlaw.workload.network_file import network_from_table

LAW = settings(deadline=None, derandomize=True, max_examples=8)


def small(channels, add):
    """A residual block of three convolutions and a dense one behind it."""
    project = {"op": "conv", "name": "project", "channels": 8, "kernel": 1}
    block = [
        {"op": "conv", "name": "expand", "channels": channels, "kernel": 1, "activation": "relu"},
        {"op": "conv", "name": "depthwise", "kernel": 3, "groups": "depthwise"},
        project | ({"add": "@"} if add else {}),
    ]
    table = {
        "dtype": "fp16",
        "sample": "image",
        "inputs": {"image": [8, 32, 32]},
        "layers": [{"use": "block"}, {"op": "conv", "name": "dense", "channels": 4, "kernel": 3}],
        "templates": {"block": block},
    }
    return network_from_table("small", "small", table)


def every_plan(planner, among=None):
    joins = [x.name for x in planner.layers if x.joins and (among is None or x.name in among)]
    cuts = [
        Plan(frozenset(fused))
        for n in range(len(joins) + 1)
        for fused in combinations(joins, n)
        if planner.obstacle(Plan(frozenset(fused))) is None
    ]
    layers = sorted(planner.all_narrow())
    for cut in cuts:
        for n in range(len(layers) + 1):
            for narrow in combinations(layers, n):
                yield cut._replace(narrow=frozenset(narrow))


@given(
    channels=st.sampled_from([8, 16, 64]),
    add=st.booleans(),
    chip=st.sampled_from(["ar-glasses", "h100-sxm"]),
    losses=st.lists(st.integers(0, 3), min_size=4, max_size=4),
    kept=st.none() | st.sets(st.integers(0, 4)),
)
@LAW
def test_no_plan_beats_the_frontier(channels, add, chip, losses, kept):
    planner = LayerPlanner(small(channels, add), load_chip(chip))
    loss = dict(zip(sorted(planner.all_narrow()), map(float, losses), strict=True))
    among = None if kept is None else {planner.layers[place].name for place in kept}
    best = frontier(planner, loss, among)
    for choice in best:
        assert planner.energy(choice.plan).total == pytest.approx(choice.energy, rel=1e-12)
        assert sum(loss[name] for name in choice.plan.narrow) == choice.loss
    least: dict[float, float] = {}
    for plan in every_plan(planner, among):
        lost = sum(loss[name] for name in plan.narrow)
        least[lost] = min(least.get(lost, 1.0), planner.energy(plan).total)
    expected: list[tuple[float, float]] = []
    for lost in sorted(least):
        if not expected or least[lost] < expected[-1][1] * (1.0 - 1e-9):
            expected.append((lost, least[lost]))
    assert [choice.loss for choice in best] == [lost for lost, _ in expected]
    assert [c.energy for c in best] == pytest.approx([joules for _, joules in expected], rel=1e-12)


@pytest.mark.parametrize("network", ["depthwise-filter-720p", "ocr-stack", "translator-60m"])
def test_loss_rises_and_energy_falls(network):
    planner = LayerPlanner(load_network(network), load_chip("ar-glasses"))
    loss = {x.name: x.flops * x.runs for x in planner.layers if x.may_be_narrow}
    found = frontier(planner, loss)
    assert all(a.loss < b.loss and a.energy > b.energy for a, b in pairwise(found))
    assert found[0].plan == best_fusions_of(planner)
    assert found[-1].plan.narrow == planner.all_narrow()


def test_a_layer_without_a_loss_stays_wide():
    planner = LayerPlanner(load_network("ocr-stack"), load_chip("ar-glasses"))
    first = planner.layers[0].name
    found = frontier(planner, {first: 1.0})
    assert [choice.plan.narrow for choice in found] == [frozenset(), frozenset({first})]


def test_bad_losses_are_refused():
    planner = LayerPlanner(load_network("ocr-stack"), load_chip("ar-glasses"))
    with pytest.raises(DomainError, match=r"loss = \{'layer\.0\.conv\.conv': -1\.0\}"):
        frontier(planner, {"layer.0.conv.conv": -1.0})
    with pytest.raises(DomainError, match=r"loss = \{'layer\.0\.conv\.relu': 1\.0\}"):
        frontier(planner, {"layer.0.conv.relu": 1.0})
    assert planner.precision.weights is Dtype.INT8
