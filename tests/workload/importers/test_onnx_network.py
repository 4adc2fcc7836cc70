"""ONNX files: counts against the registry and by hand, what is folded, what is said aloud, what is refused."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from onnx import helper as make

import ironlaw
from ironlaw.base.errors import ConfigError, DomainError
from ironlaw.base.number import summed
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.forward import forward_blocks
from ironlaw.system.network_question import load_network
from ironlaw.workload.graph import AttentionShape, OpKind
from ironlaw.workload.importers.onnx_network import network_from_onnx
from ironlaw.workload.kernels import kernels
from ironlaw.workload.network import network_flops
from onnx_models import INT64, Writer, given, ints, save, zeros


def steps(network):
    return network.stages[0].steps


def only(path, kind):
    return [step for step in steps(network_from_onnx(path)) if step.kind is kind]


@pytest.mark.parametrize("name", ["resnet-50", "mobilenet-v2"])
def test_a_network_of_the_registry_comes_back_as_it_went(tmp_path, name):
    own, foreign = load_network(name), network_from_onnx(Writer(name).save(tmp_path))
    assert foreign.total_params == own.total_params
    assert network_flops(foreign, 4.0) == network_flops(own, 4.0)
    assert foreign.notes == ()
    for level in FusionLevel:
        cuts = [
            [
                k
                for block in forward_blocks(network, 4.0, Dtype.BF16, level)
                for k in kernels(block.graph)
            ]
            for network in (own, foreign)
        ]
        mine, theirs = ([(k.flops, k.traffic) for k in cut] for cut in cuts)
        assert sorted(theirs) == sorted(mine)


def test_an_imported_network_is_diagnosed_as_its_own(tmp_path):
    path = Writer("resnet-50").save(tmp_path)
    foreign, own = (
        ironlaw.diagnose(model, on="h100-sxm", batch=8) for model in (path, "resnet-50")
    )
    assert foreign.step == pytest.approx(own.step)
    assert foreign.diagnosis.footprint.weights == own.diagnosis.footprint.weights
    assert foreign.to_dict()["samples_per_s"] == pytest.approx(8.0 / own.step)


def test_an_lstm_is_two_recurrences_where_it_runs_both_ways(tmp_path):
    nodes = [
        make.make_node(
            "LSTM", ["x", "w", "r", "b"], ["y", "h"], hidden_size=8, direction="bidirectional"
        )
    ]
    weights = [zeros("w", 2, 32, 16), zeros("r", 2, 32, 8), zeros("b", 2, 64)]
    path = save(tmp_path, nodes, [given("x", 7, "batch", 16)], ["y", "h"], weights)
    network = network_from_onnx(path)
    assert network.total_params == 2 * (32 * 16 + 32 * 8 + 64)
    assert network_flops(network, 3.0) == 3 * 2 * 2.0 * 7 * 32 * (16 + 8)
    found = only(path, OpKind.RECURRENCE)
    assert [(s.shape.steps, s.shape.d_input, s.shape.d_hidden, s.shape.gates) for s in found] == [
        (7, 16, 8, 4)
    ] * 2
    for step in found:  # each way reads its own half of the weights
        assert summed(amount.size for name, amount in step.reads.items() if name != "x") == 2.0 * (
            32 * 16 + 32 * 8 + 64
        )


def test_a_gru_has_three_gates(tmp_path):
    nodes = [make.make_node("GRU", ["x", "w", "r"], ["y"], hidden_size=8)]
    weights = [zeros("w", 1, 24, 16), zeros("r", 1, 24, 8)]
    path = save(tmp_path, nodes, [given("x", 7, "batch", 16)], ["y"], weights)
    assert network_flops(network_from_onnx(path), 1.0) == 2.0 * 7 * 24 * (16 + 8)


def attention_nodes():
    """Self-attention of 4 heads of 8 over 10 rows, as an exporter writes it: constants, reshapes, a scale."""
    yield make.make_node("MatMul", ["x", "wq"], ["q"])
    yield make.make_node("MatMul", ["x", "wk"], ["k"])
    yield make.make_node("MatMul", ["x", "wv"], ["v"])
    for name in "qkv":
        yield make.make_node("Reshape", [name, "split"], [f"{name}4"])
        perm = [0, 2, 3, 1] if name == "k" else [0, 2, 1, 3]
        yield make.make_node("Transpose", [f"{name}4"], [f"{name}t"], perm=perm)
    yield make.make_node("MatMul", ["qt", "kt"], ["scores"], name="scores")
    yield make.make_node("Div", ["scores", "root"], ["scaled"])
    yield make.make_node("Softmax", ["scaled"], ["p"], axis=-1)
    yield make.make_node("MatMul", ["p", "vt"], ["o"], name="values")
    yield make.make_node("Transpose", ["o"], ["ot"], perm=[0, 2, 1, 3])
    yield make.make_node("Reshape", ["ot", "joined"], ["y"])


def attention(folder):
    weights = [*(zeros(name, 32, 32) for name in ("wq", "wk", "wv"))]
    weights += [ints("split", 0, 10, 4, 8), ints("joined", 0, 10, 32), zeros("root", 1)]
    return save(folder, attention_nodes(), [given("x", "batch", 10, 32)], ["y"], weights)


def test_attention_is_found_among_its_operators(tmp_path):
    network = network_from_onnx(attention(tmp_path))
    assert network.total_params == 3 * 32 * 32
    products = 2 * 2.0 * 4 * 10 * 10 * 8
    assert network_flops(network, 2.0) == 2 * (3 * 2.0 * 10 * 32 * 32 + products)
    (scores,) = (s for s in steps(network) if s.kind is OpKind.SCORES)
    (values,) = (s for s in steps(network) if s.kind is OpKind.VALUES)
    assert isinstance(scores.shape, AttentionShape)
    sizes = scores.shape
    assert (sizes.batch, sizes.n_heads, sizes.query_len, sizes.context_len, sizes.d_head) == (
        1,
        4,
        10,
        10,
        8,
    )
    assert values.shape is sizes


def test_found_attention_is_fused(tmp_path):
    network = network_from_onnx(attention(tmp_path))
    block = forward_blocks(network, 1.0, Dtype.BF16, FusionLevel.FULL)[0]
    fused = [k for k in kernels(block.graph) if OpKind.VALUES in k.border.kinds]
    assert len(fused) == 1
    assert OpKind.SCORES in fused[0].border.kinds
    assert not any("scores" in name for name in (*fused[0].reads, *fused[0].writes))


def test_shapes_that_are_computed_cost_nothing(tmp_path):
    nodes = [
        make.make_node("Shape", ["x"], ["s"]),
        make.make_node("Gather", ["s", "zero"], ["n"]),
        make.make_node("Concat", ["n", "rest"], ["to"], axis=0),
        make.make_node("Reshape", ["x", "to"], ["y"]),
        make.make_node("Relu", ["y"], ["z"]),
    ]
    path = save(
        tmp_path, nodes, [given("x", "batch", 4, 6)], ["z"], [ints("zero", 0), ints("rest", 24)]
    )
    assert [step.kind for step in steps(network_from_onnx(path))] == [OpKind.POINTWISE]


def test_an_embedding_reads_rows_of_its_table(tmp_path):
    nodes = [make.make_node("Gather", ["table", "ids"], ["y"])]
    path = save(
        tmp_path, nodes, [given("ids", "batch", 5, kind=INT64)], ["y"], [zeros("table", 1000, 16)]
    )
    network = network_from_onnx(path)
    (step,) = steps(network)
    assert network.total_params == 16000
    assert step.reads["table"].of(3.0) == 3 * 5 * 16 * 2.0
    assert step.reads["ids"].of(3.0) == 3 * 5 * 8.0


@pytest.mark.parametrize(
    ("node", "dims", "flops"),
    [
        (make.make_node("ConvTranspose", ["x", "w"], ["y"], strides=[2, 2]), (4, 6, 2, 2), 2.0 * 64 * 4 * 6 * 4),
        (make.make_node("Conv", ["x", "w"], ["y"], group=4, pads=[1, 1, 1, 1]), (4, 1, 3, 3), 2.0 * 64 * 4 * 9),
        (make.make_node("Conv", ["x", "w"], ["y"], auto_pad="SAME_UPPER", strides=[2, 2]), (8, 4, 3, 3),
         2.0 * 16 * 8 * 36),
        (make.make_node("Conv", ["x", "w"], ["y"], dilations=[2, 2]), (8, 4, 3, 3), 2.0 * 16 * 8 * 36),
    ],
    ids=["transposed", "depthwise", "same", "dilated"],
)  # fmt: skip
def test_convolutions_of_every_kind(tmp_path, node, dims, flops):
    path = save(tmp_path, [node], [given("x", "batch", 4, 8, 8)], ["y"], [zeros("w", *dims)])
    assert network_flops(network_from_onnx(path), 1.0) == flops


def unknown(folder):
    nodes = [
        make.make_node("Relu", ["x"], ["r"]),
        make.make_node("Roll", ["r"], ["y"], name="turn", domain="acme"),
    ]
    inputs = [given("x", "batch", 4)]
    graph = make.make_graph(nodes, "test", inputs, [given("y", "batch", 4)])
    import onnx

    path = folder / "model.onnx"
    sets = [make.make_opsetid("", 17), make.make_opsetid("acme", 1)]
    onnx.save(make.make_model(graph, opset_imports=sets), str(path))
    return str(path)


def test_an_unknown_operator_is_said_aloud_with_its_bytes(tmp_path):
    network = network_from_onnx(unknown(tmp_path))
    step = steps(network)[-1]
    assert (step.flops, step.reads["r"].size, step.writes["y"].size) == (0.0, 8.0, 8.0)
    assert network.notes == (
        "operator acme.Roll (turn) is unknown: its bytes are counted, its FLOPs as 0",
    )
    report = ironlaw.diagnose(unknown(tmp_path), on="l40s")
    assert network.notes[0] in report.notes


def test_an_unknown_operator_is_an_error_where_strict(tmp_path):
    with pytest.raises(
        ConfigError, match=r"operator turn = 'acme\.Roll': is not one that the importer knows"
    ):
        network_from_onnx(unknown(tmp_path), strict=True)


def test_a_free_dimension_asks_for_its_size(tmp_path):
    nodes = [make.make_node("Relu", ["x"], ["y"])]
    path = save(tmp_path, nodes, [given("x", "batch", "rows")], ["y"])
    with pytest.raises(
        ConfigError, match="dimension 1 of x = 'rows': is free; say its size with dims"
    ):
        network_from_onnx(path)
    assert steps(network_from_onnx(path, dims={"rows": 12}))[0].flops == 12.0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("columns", "dims = 'columns': is no free dimension of the file; free: rows"),
        ("batch", "dims = 'batch': is the batch; say its size with batch"),
    ],
)
def test_a_size_that_would_change_nothing_is_refused(tmp_path, name, message):
    nodes = [make.make_node("Relu", ["x"], ["y"])]
    path = save(tmp_path, nodes, [given("x", "batch", "rows")], ["y"])
    with pytest.raises(ConfigError, match=message):
        network_from_onnx(path, dims={"rows": 12, name: 4})


def test_a_batch_that_the_file_fixes_is_the_only_one(tmp_path):
    nodes = [make.make_node("Relu", ["x"], ["y"])]
    path = save(tmp_path, nodes, [given("x", 16, 10)], ["y"])
    assert ironlaw.diagnose(path, on="l40s").diagnosis.flops == 160.0
    assert ironlaw.diagnose(path, on="l40s", batch=16).diagnosis.flops == 160.0
    with pytest.raises(DomainError, match="batch = 8 is outside 16, the batch that"):
        ironlaw.diagnose(path, on="l40s", batch=8)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\x00\x01nonsense", "not an ONNX file"), (b"", "not an ONNX file: it holds no nodes")],
)
def test_what_is_no_onnx_is_refused(tmp_path, content, message):
    path = tmp_path / "broken.onnx"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        network_from_onnx(str(path))


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(ConfigError, match=r"nowhere\.onnx'?: there is no such file"):
        ironlaw.diagnose("nowhere.onnx", on="l40s")


def test_without_the_package_the_extra_is_named(tmp_path, monkeypatch):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"x")
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ConfigError, match=r"needs the package onnx: pip install 'ironlaw\[onnx\]'"):
        network_from_onnx(str(path))


def test_a_free_dimension_is_given_on_the_command_line(tmp_path):
    nodes = [make.make_node("Relu", ["x"], ["y"])]
    path = save(tmp_path, nodes, [given("x", "batch", "rows")], ["y"])
    command = [sys.executable, "-m", "ironlaw", "diagnose", path, "--on", "l40s", "--json"]
    done = subprocess.run(
        [*command, "--dim", "rows=12"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["flops"] == 12.0
    wrong = subprocess.run([*command, "--dim", "rows"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
    assert "dim = 'rows' is outside NAME=SIZE with a whole number from 1" in wrong.stderr


def test_a_loaded_network_is_diagnosed(tmp_path):
    nodes = [make.make_node("Relu", ["x"], ["y"])]
    path = save(tmp_path, nodes, [given("x", "batch", "rows")], ["y"])
    network = ironlaw.load_network(path, dims={"rows": 12})
    assert ironlaw.diagnose(network, on="l40s", batch=2).diagnosis.flops == 24.0
    with pytest.raises(DomainError, match=r"dims = .* is outside what foreign graphs have"):
        ironlaw.load_network("resnet-50", dims={"rows": 12})
