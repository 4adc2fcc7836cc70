"""Heads for multi-token prediction: one layer of the model, the join before it, and tables that are not its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from families import FAMILIES
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import load_decoder, scenario
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.prediction import prediction_head
from ironlaw.workload.spec import Phase, Request
from ironlaw.workload.work import active_matrix_params, model_flops

STEP = Request(phase=Phase.DECODE, batch=4.0, context_len=1024.0)


def test_the_head_of_deepseek_v3_is_its_publishers():
    """11.5 B parameters of its own, as the README of its weights counts them."""
    head = prediction_head(load_decoder("deepseek-v3"))
    assert head.total_params == pytest.approx(11.5e9, rel=0.01)
    assert load_decoder("deepseek-v3").mtp_layers == 1
    assert load_decoder("llama-3-70b").mtp_layers == 0


def test_the_head_of_a_dense_model_is_counted_by_hand():
    head, d = prediction_head(load_decoder("llama-3-8b")), 4096
    layer = d * 128 * (2 * 32 + 2 * 8) + 3 * d * 14_336
    join, norms = 2 * d * d, (2 + 1 + 2) * d
    assert head.total_params == layer + join + norms


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
def test_the_step_does_the_work_of_its_parameters(spec):
    head = prediction_head(spec)
    blocks = decoder_blocks(head, STEP)
    assert [block.name for block in blocks][:2] == ["embedding", "join"]
    assert sum(block.count for block in blocks[2:-1]) == 1
    join = blocks[1].graph.operators["hidden_proj"]
    assert float(join.flops) == 2.0 * 4 * 2 * spec.d_model * spec.d_model
    attention = model_flops(head, STEP) - 2.0 * active_matrix_params(head) * 4
    plain = model_flops(replace(head, reads_hidden=False), STEP)
    assert model_flops(head, STEP) == pytest.approx(plain + float(join.flops))
    assert attention > 2.0 * spec.embedding_params * 4


def test_the_tables_are_in_the_memory_already():
    target = scenario("llama-3-8b", "h100-sxm", batch=1, context=64)
    head = prediction_head(target.decoder)
    step = diagnose(replace(target, spec=head))
    norm = 2.0 * head.d_model  # of the embedding, whose block is the model's
    assert float(step.footprint.weights) == 2.0 * head.total_params - norm
    heads = [x for x in step.launches if "lm_head" in x.cost.kernel.name]
    assert float(heads[0].traffic) > 2.0 * head.embedding_params
