"""Precision changes bytes and no work."""

from __future__ import annotations

import pytest

from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.levels import FusionLevel, at_level
from ironlaw.rewrites.precision import quantise_cache, quantise_weights
from ironlaw.system.question import load_decoder
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.graph import Role
from ironlaw.workload.kernels import kernels
from ironlaw.workload.spec import Phase, Request

SPEC = load_decoder("llama-3-70b")
EAGER = decoder_blocks(
    SPEC, Request(phase=Phase.DECODE, batch=4.0, context_len=1024.0, tensor_parallel=8)
)
LAYER = EAGER[1].graph
# bytes of an element over bf16's two; nvfp4 has 4 bits and an 8-bit scale to 16 of them: 0.5625 B
FACTORS = {Dtype.FP8: 0.5, Dtype.FP8_BLOCK: 0.5, Dtype.NVFP4: 0.28125}


def sizes(graph, role: Role) -> dict[str, float]:
    return {name: tensor.size for name, tensor in graph.tensors.items() if tensor.role is role}


@pytest.mark.parametrize("dtype", FACTORS)
def test_matrices_scale_exactly_and_norms_stay(dtype):
    after = sizes(quantise_weights(LAYER, dtype), Role.WEIGHT)
    for name, size in sizes(LAYER, Role.WEIGHT).items():
        factor = 1.0 if "norm" in name else FACTORS[dtype]
        assert after[name] == factor * size, name


@pytest.mark.parametrize("dtype", FACTORS)
def test_reads_of_matrices_scale_with_them(dtype):
    after = quantise_weights(LAYER, dtype).operators["o_proj"]
    before = LAYER.operators["o_proj"]
    assert after.reads["o_proj.weight"] == FACTORS[dtype] * before.reads["o_proj.weight"]
    assert after.reads["attended"] == before.reads["attended"]
    assert after.shape.dtype is dtype


@pytest.mark.parametrize("block", [0, 2], ids=["embedding", "head"])
def test_embedding_and_head_stay_in_bf16(block):
    graph = EAGER[block].graph
    after = quantise_weights(graph, Dtype.FP8)
    assert sizes(after, Role.WEIGHT) == sizes(graph, Role.WEIGHT)


@pytest.mark.parametrize("rewrite", [quantise_weights, quantise_cache])
def test_bf16_changes_nothing(rewrite):
    assert rewrite(LAYER, Dtype.BF16) is LAYER
    halved = rewrite(LAYER, Dtype.FP8)
    assert rewrite(halved, Dtype.BF16) is halved


@pytest.mark.parametrize("rewrite", [quantise_weights, quantise_cache])
@pytest.mark.parametrize("dtype", FACTORS)
def test_work_stays(rewrite, dtype):
    after = rewrite(LAYER, dtype)
    assert [op.flops for op in after.operators.values()] == [
        op.flops for op in LAYER.operators.values()
    ]


def test_an_fp8_cache_halves_and_its_copies_do_not():
    after = quantise_cache(LAYER, Dtype.FP8)
    for name, size in sizes(LAYER, Role.KV_CACHE).items():
        assert after.tensors[name].size == size / 2
    assert sizes(after, Role.KV_COPY) == sizes(LAYER, Role.KV_COPY)
    assert after.operators["scores"].shape.cache_dtype is Dtype.FP8


@pytest.mark.parametrize("level", list(FusionLevel))
def test_weights_and_cache_are_independent(level):
    one_way = [quantise_cache(quantise_weights(b.graph, Dtype.FP8), Dtype.FP8) for b in EAGER]
    other_way = [quantise_weights(quantise_cache(b.graph, Dtype.FP8), Dtype.FP8) for b in EAGER]
    moved = [
        sum(
            kernel.traffic * block.count
            for block, graph in zip(EAGER, graphs, strict=True)
            for kernel in kernels(at_level((type(block)("b", graph, 1),), level)[0].graph)
        )
        for graphs in (one_way, other_way)
    ]
    assert moved[0] == moved[1]


@pytest.mark.parametrize("level", list(FusionLevel))
def test_fewer_bytes_in_weights_are_fewer_bytes_moved(level):
    def moved(dtype: Dtype) -> float:
        (block,) = at_level((type(EAGER[1])("layer", quantise_weights(LAYER, dtype), 1),), level)
        return sum(kernel.traffic for kernel in kernels(block.graph))

    matrices = SPEC.layer_matrix_params / 8 * 2  # bytes of a chip's share
    assert moved(Dtype.BF16) - moved(Dtype.FP8) == matrices / 2
