"""A network of fewer channels: the same layers under the same names, and what it puts out."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.registry.networks import load_network_card
from ironlaw.workload.narrow import narrowed_table
from ironlaw.workload.network_file import network_from_table


def network(width):
    card = load_network_card("pointpillars")
    return network_from_table("pointpillars", card.title, narrowed_table(card.graph, width))


def steps(found):
    return {step.name: step for stage in found.stages for step in stage.steps}


def test_the_whole_width_is_the_network_itself():
    card = load_network_card("pointpillars")
    assert narrowed_table(card.graph, 1.0) == card.graph


def test_half_the_channels_are_a_quarter_of_the_work_between_them():
    whole, half = steps(network(1.0)), steps(network(0.5))
    assert list(whole) == list(half)
    inner = whole["block2.1.conv.conv"].flops / half["block2.1.conv.conv"].flops
    assert inner == pytest.approx(4.0)
    assert whole["head.conv"].flops / half["head.conv"].flops == pytest.approx(2.0, rel=0.01)


def test_what_it_puts_out_stays():
    whole, half = steps(network(1.0))["head.conv"], steps(network(0.5))["head.conv"]
    assert whole.writes == half.writes


def test_channels_inside_a_template_are_narrowed_too():
    table = {
        "layers": [{"use": "one"}, {"op": "conv", "channels": 8}],
        "templates": {"one": [{"op": "conv", "channels": 64}]},
    }
    assert narrowed_table(table, 0.5)["templates"] == {"one": [{"op": "conv", "channels": 32}]}


@pytest.mark.parametrize("width", [0.0, -0.5, 1.5, True])
def test_no_share_is_refused(width):
    with pytest.raises(DomainError, match="width"):
        narrowed_table({"layers": [{"op": "conv", "channels": 64}]}, width)


def test_half_a_channel_is_refused():
    with pytest.raises(DomainError, match=r"width = 0\.3.*64 channels"):
        network(0.3)


def test_a_network_of_stages_is_refused():
    with pytest.raises(DomainError, match="one stage"):
        narrowed_table({"stages": []}, 0.5)
