"""The work that a model asks for, against its own matrices."""

from __future__ import annotations

import pytest

from families import FAMILIES, LATENT, LLAMA, WINDOWED
from ironlaw.registry.models import load_model_card
from ironlaw.workload.attention import attended_pairs
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.graph import ExpertShape, GemmShape
from ironlaw.workload.huggingface import decoder_from_config
from ironlaw.workload.spec import Phase, Request
from ironlaw.workload.work import active_matrix_params, model_flops

CARD = load_model_card("llama-3-70b")
LARGE = decoder_from_config(CARD.name, CARD.config)


def test_model_flops_by_hand():
    request = Request(phase=Phase.DECODE, batch=16.0, context_len=8192.0, tensor_parallel=8)
    # 2 · 80 · 855,638,016 · 16 + 2 · 128256 · 8192 · 16 + 4 · 80 · 64 · 128 · 16 · 8192, over 8 chips
    matrices = 2 * 80 * 855_638_016 * 16
    head = 2 * 128_256 * 8192 * 16
    attention = 4 * 80 * 64 * 128 * 16 * 8192
    assert model_flops(LARGE, request) == (matrices + head + attention) / 8


def test_a_prompt_attends_below_its_diagonal():
    request = Request(phase=Phase.PREFILL, batch=2.0, context_len=4.0)
    pairs = 2 * (1 + 2 + 3 + 4)
    work = 2 * 80 * 855_638_016 * 8 + 2 * 128_256 * 8192 * 2 + 4 * 80 * 64 * 128 * pairs
    assert model_flops(LARGE, request) == work


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
def test_a_token_passes_the_matrices_of_the_graph(spec):
    blocks = decoder_blocks(spec, Request(phase=Phase.PREFILL, batch=1.0, context_len=1.0))
    total = 0.0
    for block in blocks[1:-1]:
        for operator in block.graph.operators.values():
            shape = operator.shape
            if isinstance(shape, GemmShape):
                total += block.count * shape.n * shape.k
            if isinstance(shape, ExpertShape):
                matrices = 3 if shape.gated else 2
                total += block.count * shape.top_k * matrices * shape.d_model * shape.d_expert
    assert active_matrix_params(spec) == total


@pytest.mark.parametrize("window", [0, 1, 3, 8, 100])
@pytest.mark.parametrize(("new", "context"), [(1, 1), (1, 9), (8, 8), (3, 9), (9, 9)])
def test_pairs_are_counted_one_by_one(new, context, window):
    seen = [context - new + i for i in range(1, new + 1)]
    counted = sum(min(window, tokens) if window else tokens for tokens in seen)
    assert attended_pairs(float(new), float(context), float(window)) == counted


def test_a_window_leaves_less_to_do():
    step = Request(phase=Phase.PREFILL, batch=1.0, context_len=4096.0)
    pairs = 10 * attended_pairs(4096.0, 4096.0, 0.0) + 52 * attended_pairs(4096.0, 4096.0, 1024.0)
    matrices = 2 * active_matrix_params(WINDOWED) * 4096 + 2 * 262_208 * 5376
    assert model_flops(WINDOWED, step) == matrices + 4 * 32 * 128 * pairs


def test_stages_share_nothing_of_the_step():
    asked = {"phase": Phase.DECODE, "batch": 4.0, "context_len": 64.0}
    whole = model_flops(LLAMA, Request(**asked))
    assert model_flops(LLAMA, Request(**asked, pipeline_parallel=4)) == whole
    assert model_flops(LATENT, Request(**asked, expert_parallel=8)) * 8 == model_flops(
        LATENT, Request(**asked)
    )
