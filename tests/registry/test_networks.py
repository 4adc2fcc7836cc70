"""Networks of the dossier: kernels, FLOPs and bytes as they were worked out there by hand."""

from __future__ import annotations

import pytest

import ironlaw
from ironlaw.base.errors import ConfigError, UnknownNameError
from ironlaw.base.number import summed
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.networks import is_network, load_network_card, network_names
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.forward import forward_blocks
from ironlaw.system.network_question import load_network
from ironlaw.workload.kernels import kernels
from ironlaw.workload.network import network_flops

ALL = {
    *("resnet-50", "mobilenet-v2", "vit-b-16", "pointpillars"),
    *("depthwise-filter-720p", "ocr-stack", "translator-60m", "tinylstm"),
}

# kernel of the deployed PointPillars, GFLOP of its matrix, MB in fp16
PILLARS = [
    ("points", 0.65536, 12.288),
    ("canvas", 0.0, 29.475),
    ("block1_0", 3.949, 34.357),
    *[(f"block1.{i}", 3.949, 13.787) for i in range(3)],
    ("block2_0", 1.975, 10.433),
    *[(f"block2.{i}", 3.949, 7.152) for i in range(5)],
    ("block3_0", 1.975, 5.732),
    *[(f"block3.{i}", 3.949, 4.608) for i in range(5)],
    ("up1", 0.878, 20.586),
    ("up2", 1.755, 17.273),
    ("up3", 3.511, 16.476),
    ("head", 2.962, 48.909),
]


def cut(name, level, dtype=Dtype.FP16):
    blocks = forward_blocks(load_network(name), 1.0, dtype, level)
    return [(block.count, kernel) for block in blocks for kernel in kernels(block.graph)]


def traffic(name, level, dtype=Dtype.FP16):
    return summed(count * kernel.traffic for count, kernel in cut(name, level, dtype))


def test_all_are_there():
    assert set(network_names()) >= ALL


def test_pillars_kernel_by_kernel():
    found = [kernel for _, kernel in cut("pointpillars", FusionLevel.FULL)]
    assert len(found) == len(PILLARS)
    for kernel, (name, gflop, megabytes) in zip(found, PILLARS, strict=True):
        assert kernel.name.startswith(name)
        matrix = max(
            (float(op.shape.flops) for op in kernel.parts.operators if hasattr(op.shape, "flops")),
            default=None,
        )
        if matrix is not None:
            assert matrix == pytest.approx(gflop * 1e9, rel=5e-4)
        assert kernel.traffic == pytest.approx(megabytes * 1e6, rel=5e-3)


@pytest.mark.parametrize(
    ("name", "eager", "fused"),
    [("depthwise-filter-720p", 1592.5e6, 353.9e6), ("ocr-stack", 76.5e6, 43.0e6)],
)
def test_fusion_saves_what_the_dossier_has(name, eager, fused):
    assert traffic(name, FusionLevel.NONE) == pytest.approx(eager, rel=1e-3)
    assert traffic(name, FusionLevel.FULL) == pytest.approx(fused, rel=1e-3)
    assert traffic(name, FusionLevel.FULL, Dtype.INT8) == pytest.approx(fused / 2.0, rel=1e-3)


def test_the_translator_reads_its_decoder_once_a_token():
    d, layers, tokens, vocabulary = 512, 6, 24, 32_000
    once = layers * 12 * d * d + layers * 2 * d * d  # the encoder; keys and values of the source
    again = layers * 14 * d * d + vocabulary * d
    weights = 0.0
    for count, kernel in cut("translator-60m", FusionLevel.FULL):
        for name, size in kernel.reads.items():
            if name.endswith("weight") and "norm" not in name:
                weights += count * size
    rows = 2 * tokens * d  # of the embedding
    assert weights == 2.0 * (once + tokens * again + rows)
    # the dossier projects the source's keys and values anew for each token
    anew = 2.0 * (tokens - 1) * layers * 2 * d * d
    assert weights + anew == pytest.approx(2032.14e6, rel=1e-3)


def test_the_translator_keeps_one_copy_of_what_it_reads_again():
    footprint = ironlaw.diagnose("translator-60m", on="l40s", dtype="bf16").diagnosis.footprint
    assert footprint.weights == 2.0 * load_network("translator-60m").total_params


def test_the_matrices_of_the_recurrent_filter_are_its_weights():
    assert network_flops(load_network("tinylstm"), 1.0) == 2.0 * 966_656


def test_a_name_that_is_not_there_is_answered_with_the_nearest():
    with pytest.raises(
        UnknownNameError, match="no model is named 'pointpilars'; did you mean 'pointpillars'"
    ):
        load_network_card("pointpilars")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"[graph", "not TOML"),
        (b"title = '\xff'", "not UTF-8"),
        (b"title = 'x'\n", "graph = None: must be a table with the model's inputs and layers"),
    ],
)
def test_a_broken_file_is_refused(tmp_path, text, message):
    path = tmp_path / "mine.toml"
    path.write_bytes(text)
    with pytest.raises(ConfigError, match=message):
        load_network_card(str(path))


def test_a_toml_file_is_a_network_only_with_a_graph(tmp_path):
    decoder, network = tmp_path / "decoder.toml", tmp_path / "network.toml"
    decoder.write_text("title = 'x'\n")
    network.write_text("[graph]\n")
    assert is_network(str(network))
    assert not is_network(str(decoder))
    assert not is_network(str(tmp_path / "missing.toml"))
    assert is_network("resnet-50")
    assert not is_network("llama-3-8b")
