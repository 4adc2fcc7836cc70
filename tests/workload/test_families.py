"""Every family of decoders as a graph: its parameters, its windows, biases, norms and sinks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from families import FAMILIES, LLAMA, PLACED, PLAIN, PUBLISHED, QWEN, SINKS, WINDOWED
from ironlaw.registry.models import model_names
from ironlaw.system.question import load_decoder
from ironlaw.workload.decoder import decoder_blocks, layer_kinds
from ironlaw.workload.graph import GemmShape, OpKind, Role
from ironlaw.workload.kernels import kernels
from ironlaw.workload.spec import Phase, Request

LAW = settings(deadline=None, derandomize=True, max_examples=40)


def blocks(spec, phase=Phase.DECODE, batch=4.0, context=4096.0, **layout):
    return decoder_blocks(spec, Request(phase=phase, batch=batch, context_len=context, **layout))


def block(spec, name, **asked):
    return next(found for found in blocks(spec, **asked) if found.name == name).graph


def parameters(spec, **asked) -> float:
    """Elements of all weights of a step; a tied table counts once."""
    found = {}
    for part in blocks(spec, **asked):
        for tensor in part.graph.tensors.values():
            if tensor.role is Role.WEIGHT:
                tied = tensor.name == "embedding.weight"
                key = tensor.name if tied else (part.name, tensor.name)
                found[key] = part.count * tensor.size / 2
    return sum(found.values())


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
def test_weights_add_up_to_the_published_parameters(spec, phase):
    assert parameters(spec, phase=phase) == PUBLISHED[spec.name]


@pytest.mark.parametrize("name", model_names())
def test_weights_of_every_model_add_up_to_its_parameters(name):
    spec = load_decoder(name)
    assert parameters(spec) == spec.total_params


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
def test_every_layer_is_counted_once(spec):
    assert sum(kind.layers for kind in layer_kinds(spec)) == spec.n_layers
    windowed = sum(kind.layers for kind in layer_kinds(spec) if kind.window)
    assert windowed == spec.windowed_layers


def test_windowed_and_full_layers_are_blocks_of_their_own():
    assert [(b.name, b.count) for b in blocks(WINDOWED)] == [
        ("embedding", 1),
        ("layer", 10),
        ("windowed layer", 52),
        ("head", 1),
    ]
    assert [b.name for b in blocks(SINKS)][1:-1] == ["expert layer", "windowed expert layer"]


@pytest.mark.parametrize(("context", "kept"), [(512.0, 512), (1024.0, 1024), (32_768.0, 1024)])
def test_a_window_keeps_its_last_tokens(context, kept):
    layer = block(WINDOWED, "windowed layer", context=context)
    assert layer.tensors["k_cache"].size == 4 * kept * 16 * 128 * 2
    assert layer.operators["scores"].shape.window == 1024.0
    assert layer.operators["scores"].shape.context_len == context
    assert layer.operators["scores"].flops == 2 * 4 * 32 * kept * 128


def test_a_prompt_is_attended_whole_and_kept_by_its_window():
    layer = block(WINDOWED, "windowed layer", phase=Phase.PREFILL, batch=1.0)
    assert layer.tensors["k_cache"].size == 1024 * 16 * 128 * 2
    assert layer.operators["expand_k"].reads == {"k_rotated": 4096 * 16 * 128 * 2}
    assert layer.operators["scores"].flops == 2 * 32 * 4096 * 4096 * 128  # masked later


def traffic(spec, **asked) -> float:
    return sum(k.traffic * b.count for b in blocks(spec, **asked) for k in kernels(b.graph))


@given(
    st.sampled_from([WINDOWED, PLAIN, SINKS]),
    st.sampled_from(list(Phase)),
    st.integers(1, 64),
    st.integers(1, 65_536),
)
@LAW
def test_a_window_never_moves_more(spec, phase, batch, context):
    asked = {"phase": phase, "batch": float(batch), "context": float(context)}
    full = replace(spec, windowed_layers=0)
    assert traffic(spec, **asked) <= traffic(full, **asked)
    if context > spec.window:
        assert traffic(spec, **asked) < traffic(full, **asked)


@pytest.mark.parametrize("tp", [1, 2])
def test_biases_are_read_by_their_matrices(tp):
    layer = block(PLAIN, "windowed layer", tensor_parallel=tp)
    found = {name for name in layer.tensors if name.endswith(".bias")}
    matrices = {f"{n}_proj.bias" for n in ("q", "k", "v", "o", "up", "down")}
    assert found == matrices | {"mlp_norm.bias", "next_norm.bias"}
    assert layer.operators["q_proj"].reads["q_proj.bias"] == 24 * 128 * 2 / tp
    assert layer.operators["down_proj"].reads["down_proj.bias"] == 3072 * 2  # a row split adds once
    shape = layer.operators["o_proj"].shape
    assert layer.operators["o_proj"].flops == 2 * shape.m * shape.n * shape.k + shape.m * shape.n


def test_without_a_gate_there_are_two_matrices():
    layer = block(PLAIN, "windowed layer")
    assert not {"gate_proj", "multiply"} & set(layer.operators)
    assert layer.operators["activation"].reads == {"up": 4 * 12_288 * 2}


def test_heads_are_normalised_before_they_are_rotated():
    layer = block(QWEN, "layer", batch=1.0)
    assert layer.operators["k_norm.weight"].reads == {
        "k_norm.narrow": 8 * 128 * 2,
        "k_norm.weight": 128 * 2,
    }
    assert layer.operators["rope_k.cosine"].reads == {"k_unit": 8 * 128 * 2}


def test_norms_without_weights_and_with_biases():
    bare = block(replace(QWEN, qk_norm_weights=False), "layer", batch=1.0)
    assert "k_norm.weight" not in bare.operators
    assert bare.operators["k_norm.to_bf16"].writes == {"k_unit": 8 * 128 * 2}
    biased = block(PLAIN, "windowed layer", batch=1.0)
    assert biased.operators["mlp_norm.bias"].reads["mlp_norm.bias"] == 3072 * 2
    assert biased.operators["mlp_norm.bias"].writes == {"x_mid_normed": 3072 * 2}


def test_learned_positions_are_rows_of_a_table():
    found = block(PLACED, "embedding", batch=3.0).operators
    assert found["positions"].reads == {"positions.weight": 3 * 768 * 2}
    assert found["input_norm.to_fp32"].reads == {"x_placed": 3 * 768 * 2}


def test_what_a_block_adds_is_normalised_where_the_model_does():
    layer = block(WINDOWED, "layer")
    for part in ("attention", "mlp"):
        assert f"{part}_normed" in layer.operators[f"{part}_residual"].reads
    assert not [name for name in block(LLAMA, "layer").operators if "out_norm" in name]


def test_a_sink_is_one_more_column_of_scores():
    layer = block(SINKS, "expert layer", batch=2.0, context=100.0)
    scores = 2 * 64 * 100
    assert layer.operators["scores.sink"].reads["scores_masked"] == scores * 2
    assert layer.tensors["scores_sunk"].size == (scores + 2 * 64) * 2
    assert layer.operators["scores.softmax"].reads == {"scores_sunk": (scores + 2 * 64) * 2}


def test_a_tied_table_is_that_of_the_embedding():
    assert "embedding.weight" in block(WINDOWED, "head").operators["lm_head"].reads
    assert "lm_head.weight" in block(LLAMA, "head").operators["lm_head"].reads


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
def test_gemm_flops_are_twice_the_product(spec, phase):
    for part in blocks(spec, phase=phase):
        for operator in part.graph.operators.values():
            if isinstance(operator.shape, GemmShape):
                m, n, k = operator.shape.m, operator.shape.n, operator.shape.k
                bias = m * n if f"{operator.name}.bias" in operator.reads else 0
                assert operator.flops == 2 * m * n * k + bias, operator.name


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
def test_a_sweep_equals_its_scalars(spec, phase):
    batches, contexts = np.array([1.0, 16.0, 96.0]), np.array([128.0, 8192.0, 777.0])
    swept = blocks(spec, phase, batches, contexts)
    for place, (batch, context) in enumerate(zip(batches, contexts, strict=True)):
        alone = blocks(spec, phase, float(batch), float(context))
        for one, many in zip(alone, swept, strict=True):
            for single, several in zip(kernels(one.graph), kernels(many.graph), strict=True):
                assert np.broadcast_to(several.traffic, 3)[place] == single.traffic, single.name
                assert np.broadcast_to(several.flops, 3)[place] == single.flops, single.name


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
def test_every_tensor_is_made_before_it_is_read(spec, phase):
    for part in blocks(spec, phase=phase):
        made: set[str] = set()
        later = {name for op in part.graph.operators.values() for name in op.writes}
        for operator in part.graph.operators.values():
            for name in operator.reads:
                assert name in made or name not in later, f"{operator.name} reads {name} too early"
            made |= set(operator.writes)


@pytest.mark.parametrize("spec", FAMILIES, ids=lambda spec: spec.name)
def test_chips_of_a_group_share_matrices_and_heads_without_loss(spec):
    kinds = (OpKind.GEMM, OpKind.BATCHED_GEMM, OpKind.EXPERTS, OpKind.SCORES, OpKind.VALUES)
    replicated = {"router", "shared_gate", "q_down_proj", "kv_down_proj"}
    replicated |= {"lm_head"} if spec.vocab_size % 2 else set()  # padded
    for phase in Phase:
        alone, shared = blocks(spec, phase), blocks(spec, phase, tensor_parallel=2)
        for one, part in zip(alone, shared, strict=True):
            for name, operator in one.graph.operators.items():
                if operator.kind in kinds and name not in replicated:
                    biases = sum(
                        size for weight, size in operator.reads.items() if "bias" in weight
                    )
                    slack = 4 * 4096 * max(biases, 1.0) if biases else 0.0
                    difference = part.graph.operators[name].flops * 2 - operator.flops
                    assert 0.0 <= difference <= slack, name
