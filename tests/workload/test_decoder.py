"""The eager decoder: parameters, kernels and bytes worked by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ironlaw.base.errors import DomainError
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.question import load_decoder
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.graph import GemmShape, OpKind, Role
from ironlaw.workload.kernels import kernels
from ironlaw.workload.spec import DecoderSpec, Phase, Request

LARGE = load_decoder("llama-3-70b")
SMALL = load_decoder("llama-3-8b")


def request_of(phase=Phase.DECODE, batch=32.0, context=4096.0, tp=8) -> Request:
    return Request(phase=phase, batch=batch, context_len=context, tensor_parallel=tp)


def layer(spec=LARGE, **asked):
    return decoder_blocks(spec, request_of(**asked))[1].graph


def cut(prefix: str, **asked):
    return [kernel for kernel in kernels(layer(**asked)) if kernel.name.startswith(prefix)]


def gemms(spec: DecoderSpec, asked: Request):
    return [
        (operator, block)
        for block in decoder_blocks(spec, asked)
        for operator in block.graph.operators.values()
        if operator.kind is OpKind.GEMM
    ]


@pytest.mark.parametrize(
    ("spec", "parameters"),
    [
        # 80·(8192·128·(2·64 + 2·8) + 3·8192·28672) + 161·8192 + 2·128256·8192
        (LARGE, 70_553_706_496),
        # the same with 2·32000·8192 in its tables: 96,256 rows fewer in each
        (replace(LARGE, vocab_size=32_000), 68_976_648_192),
        (SMALL, 8_030_261_248),
    ],
    ids=["llama-3-70b", "llama-2-70b", "llama-3-8b"],
)
def test_parameters_are_exact(spec, parameters):
    assert spec.total_params == parameters


def test_tied_embeddings_are_counted_once():
    tied = replace(SMALL, tied_embeddings=True)
    assert SMALL.total_params - tied.total_params == 128_256 * 4096


def test_cache_of_a_token():
    assert LARGE.cache_per_token(Dtype.BF16) == 327_680  # 2 · 80 · 8 · 128 · 2
    assert LARGE.cache_per_token(Dtype.FP8) == 163_840


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize(("tp", "launches"), [(1, 48), (2, 50), (4, 50), (8, 50)])
def test_kernels_of_an_eager_layer(phase, tp, launches):
    # 7 GEMMs, 10 RoPE, 2 cache, 2 expansions, 4 softmax, scores, values, transpose,
    # 2 residuals, 16 norm, 2 activation = 48; two all-reduces where there are several chips
    assert len(kernels(layer(phase=phase, tp=tp))) == launches


def test_without_shared_heads_nothing_is_expanded():
    alone = replace(LARGE, n_kv_heads=64)
    assert not [name for name in layer(spec=alone).operators if name.startswith("expand")]
    assert len(kernels(layer(spec=alone))) == 48


@pytest.mark.parametrize("phase", list(Phase))
def test_every_eager_kernel_is_one_operator(phase):
    for block in decoder_blocks(LARGE, request_of(phase=phase)):
        cut_ = kernels(block.graph)
        assert [kernel.border.members for kernel in cut_] == [(n,) for n in block.graph.operators]


def test_a_gemm_by_hand():
    query = layer().operators["q_proj"]  # 32 tokens, 64·128/8 = 1024 columns, d = 8192
    assert query.flops == 2 * 32 * 1024 * 8192
    assert query.reads == {"x_normed": 32 * 8192 * 2, "q_proj.weight": 1024 * 8192 * 2}
    assert query.writes == {"q": 32 * 1024 * 2}


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("tp", [1, 8])
def test_gemm_flops_are_twice_the_product(phase, tp):
    found = gemms(LARGE, request_of(phase=phase, tp=tp))
    assert len(found) == 8  # q, k, v, o, gate, up, down, LM head
    for operator, _ in found:
        assert isinstance(operator.shape, GemmShape)
        assert operator.flops == 2 * operator.shape.m * operator.shape.n * operator.shape.k


def test_rms_norm_moves_36_bytes_an_element():
    steps = cut("mlp_norm.")
    elements, rows = 32 * 8192, 32
    # 36 B an element, the weight vector once, and six trips of the fp32 row statistics
    assert sum(k.traffic for k in steps) == 36 * elements + 2 * 8192 + 6 * 4 * rows
    assert len(steps) == 8


@pytest.mark.parametrize(("name", "elements"), [("q", 32 * 8 * 128), ("k", 32 * 1 * 128)])
def test_rotary_embedding_moves_20_bytes_an_element(name, elements):
    steps = cut(f"rope_{name}.")
    assert sum(kernel.traffic for kernel in steps) == 20 * elements
    assert len(steps) == 5


@pytest.mark.parametrize("phase", list(Phase))
def test_scores_move_24_bytes_each(phase):
    graph = layer(phase=phase, batch=2.0, context=512.0)
    queries = 512 if phase is Phase.PREFILL else 1
    moved = sum(
        size
        for kernel in kernels(graph)
        for name, size in (*kernel.reads.items(), *kernel.writes.items())
        if graph.tensors[name].role is Role.SCORES
    )
    assert moved == 24 * 2 * 8 * queries * 512  # B · H/t · q · S


def test_eager_append_reads_and_writes_the_whole_cache():
    # B · S · H_kv/t · d_h · 2 B = 32 · 4096 · 1 · 128 · 2; rows of the new token on top of the past
    whole = 32 * 4096 * 128 * 2
    appended = next(kernel for kernel in kernels(layer()) if kernel.name == "cache_k")
    assert appended.traffic == 2 * whole


def test_expansion_writes_eight_copies():
    whole = 32 * 4096 * 128 * 2
    expanded = next(kernel for kernel in kernels(layer()) if kernel.name == "expand_v")
    assert expanded.traffic == (1 + 8) * whole


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("spec", [LARGE, SMALL], ids=lambda spec: spec.name)
@pytest.mark.parametrize("tp", [2, 4, 8])
def test_chips_share_matrices_without_loss(spec, phase, tp):
    alone = gemms(spec, request_of(phase=phase, tp=1))
    shared = gemms(spec, request_of(phase=phase, tp=tp))
    for (one, block), (part, _) in zip(alone, shared, strict=True):
        assert part.flops * tp == one.flops, block.name
        weight = f"{one.name}.weight"
        assert part.reads[weight] * tp == one.reads[weight]


def test_key_value_heads_are_kept_twice_beyond_their_number():
    sizes = layer(tp=16).operators["scores"].shape
    assert (sizes.n_heads, sizes.n_kv_heads) == (4.0, 1.0)


def test_prefill_ends_in_one_logit_row_for_each_sequence():
    head = decoder_blocks(LARGE, request_of(phase=Phase.PREFILL, batch=4.0))[2].graph
    assert head.operators["lm_head"].shape.m == 4.0


def test_a_vocabulary_that_does_not_divide_is_padded():
    odd = replace(LARGE, vocab_size=128_257)
    head = decoder_blocks(odd, request_of())[2].graph
    assert head.operators["lm_head"].shape.n == 16_033.0  # 128257 / 8 = 16032.1


def test_layers_run_as_often_as_the_model_has_them():
    assert [block.count for block in decoder_blocks(LARGE, request_of())] == [1, 80, 1]


@pytest.mark.parametrize(
    ("changes", "tp", "message"),
    [
        ({}, 3, "tp = 3 is outside the divisors of the 64 attention heads"),
        ({}, 128, "tp = 128 is outside the divisors of the 64 attention heads"),
        ({"d_ff": 28_674}, 4, "tp = 4 is outside the divisors of the 28674 d_ff"),
        ({"n_heads": 48, "n_kv_heads": 6}, 4, "divisors and multiples of the 6 key-value heads"),
        ({}, 0, "tp = 0 is outside the whole numbers from 1"),
        ({}, -2, "tp = -2 is outside the whole numbers from 1"),
    ],
)
def test_layouts_that_do_not_divide_are_refused(changes, tp, message):
    with pytest.raises(DomainError, match=message):
        decoder_blocks(replace(LARGE, **changes), request_of(tp=tp))


@pytest.mark.parametrize("value", [0.0, -1.0, 1.5, float("nan"), float("inf")])
@pytest.mark.parametrize("field", ["batch", "context"])
def test_sizes_that_are_not_counts_are_refused(field, value):
    with pytest.raises(DomainError, match=f"{field} = .* is outside the whole numbers from 1"):
        decoder_blocks(LARGE, request_of(**{field: value}))


@pytest.mark.parametrize("phase", list(Phase))
def test_a_sweep_equals_its_scalars(phase):
    batches, contexts = np.array([1.0, 16.0, 96.0]), np.array([128.0, 8192.0, 777.0])
    swept = kernels(layer(phase=phase, batch=batches, context=contexts))
    for place, (batch, context) in enumerate(zip(batches, contexts, strict=True)):
        alone = kernels(layer(phase=phase, batch=float(batch), context=float(context)))
        for one, many in zip(alone, swept, strict=True):
            assert np.broadcast_to(many.traffic, 3)[place] == one.traffic
            assert np.broadcast_to(many.flops, 3)[place] == one.flops
