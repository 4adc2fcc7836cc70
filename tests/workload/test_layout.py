"""Layouts: what they divide, what a chip sees, what they refuse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from families import FINE, GATED_SHARE, LLAMA, MIXTURE
from ironlaw.base.errors import DomainError
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.layout import (
    attention_groups,
    chip_request,
    layer_chips,
    layers_of_a_stage,
    require_layout,
)
from ironlaw.workload.spec import Phase, Request


def asked(tp=1, ep=1, pp=1, batch=8.0):
    return Request(
        phase=Phase.DECODE,
        batch=batch,
        context_len=64.0,
        tensor_parallel=tp,
        expert_parallel=ep,
        pipeline_parallel=pp,
    )


@pytest.mark.parametrize(
    ("tp", "ep", "groups", "chips"), [(1, 1, 1, 1), (8, 1, 1, 8), (8, 8, 1, 8), (1, 8, 8, 8)]
)
def test_chips_and_groups_of_a_layout(tp, ep, groups, chips):
    assert attention_groups(asked(tp, ep)) == groups
    assert layer_chips(asked(tp, ep)) == chips


def test_the_busiest_chip_has_its_share_of_the_sequences():
    assert chip_request(asked(ep=8, batch=17.0)).batch == 3.0
    assert chip_request(asked(tp=8, ep=8, batch=17.0)).batch == 17.0
    swept = chip_request(asked(ep=4, batch=np.array([1.0, 4.0, 5.0]))).batch
    assert list(swept) == [1.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("spec", "layout", "message"),
    [
        (LLAMA, {"ep": 2}, "ep = 2 is outside 1: llama has no experts"),
        (MIXTURE, {"ep": 3}, "ep = 3 is outside the divisors of the 8 experts"),
        (FINE, {"tp": 2, "ep": 8}, "ep = 8 is outside 1 and 2, the chips that share the attention"),
        (FINE, {"ep": 0}, "ep = 0 is outside the whole numbers from 1"),
        (LLAMA, {"pp": 33}, "pp = 33 is outside 1 to the 32 layers"),
        (LLAMA, {"pp": 0}, "pp = 0 is outside the whole numbers from 1"),
        (GATED_SHARE, {"tp": 3}, "tp = 3 is outside the divisors of the 16 attention heads"),
    ],
)
def test_layouts_that_do_not_divide_are_refused(spec, layout, message):
    with pytest.raises(DomainError, match=message):
        require_layout(spec, asked(**layout))


def test_a_slice_of_an_expert_is_whole():
    odd = replace(FINE, experts=replace(FINE.experts, d_expert=769))
    with pytest.raises(DomainError, match="tp = 2 is outside the divisors of the 769 d_expert"):
        require_layout(odd, asked(tp=2))
    require_layout(odd, asked(tp=2, ep=2))


def test_a_feed_forward_width_that_no_layer_has_divides_nothing():
    require_layout(replace(FINE, d_ff=6143), asked(tp=2))


@pytest.mark.parametrize(("layers", "stages", "most"), [(32, 4, 8), (61, 4, 16), (3, 4, 1)])
def test_the_fullest_stage(layers, stages, most):
    assert layers_of_a_stage(layers, stages) == most


def test_stages_send_the_stream_on():
    blocks = decoder_blocks(LLAMA, asked(pp=4))
    assert [(b.name, b.count, b.resident) for b in blocks] == [
        ("embedding", 1, 0),
        ("layer", 32, 8),
        ("stage", 3, 1),
        ("head", 1, 1),
    ]
    assert blocks[2].graph.operators["send"].reads == {"x_out": 8 * 4096 * 2}
