"""What an answer takes for granted."""

from __future__ import annotations

import pytest

from families import FINE, LATENT, LLAMA
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.notes import unpacked_note, workload_notes
from ironlaw.workload.spec import Phase, Request


@pytest.mark.parametrize(
    ("spec", "layout", "words"),
    [
        (LLAMA, {}, ()),
        (FINE, {}, ("drawn evenly",)),
        (LATENT, {}, ("drawn evenly", "latent attention")),
        (FINE, {"expert_parallel": 8}, ("drawn evenly", "copied to 8 chips")),
        (FINE, {"expert_parallel": 8, "tensor_parallel": 8}, ("drawn evenly",)),
        (LLAMA, {"pipeline_parallel": 4}, ("passes the 4 stages",)),
    ],
)
def test_assumptions_are_said_aloud(spec, layout, words):
    request = Request(phase=Phase.DECODE, batch=8.0, context_len=64.0, **layout)
    notes = workload_notes(spec, request)
    assert len(notes) == len(words)
    for note, word in zip(notes, words, strict=True):
        assert word in note


def test_weights_are_unpacked_where_there_is_no_such_arithmetic():
    hopper = load_chip("h100-sxm")
    assert unpacked_note(Dtype.INT4, hopper) == (
        "the weights are kept in int4: the arithmetic is in bf16",
    )
    assert unpacked_note(Dtype.FP8, hopper) == ()
