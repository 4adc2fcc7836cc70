"""PyTorch: exported programs, and, where PyTorch is not installed, programs written down by hand."""

from __future__ import annotations

import sys

import pytest

import ironlaw
from ironlaw.base.errors import ConfigError
from ironlaw.workload.graph import AttentionShape, OpKind
from ironlaw.workload.importers.torch_export import Ref, TorchGraph, TorchNode
from ironlaw.workload.importers.torch_network import network_from_graph, network_from_torch
from ironlaw.workload.network import network_flops


def steps(network):
    return network.stages[0].steps


def graph(nodes, weights, inputs, *, free=True, batch=1):
    return TorchGraph(
        inputs=inputs,
        weights=weights,
        nodes=tuple(nodes),
        outputs=(nodes[-1].name,),
        batch=batch,
        free=free,
    )


X, W, B = Ref("x"), Ref("w"), Ref("b")
IMAGE = {"x": ((1, 4, 8, 8), False, True)}
ROWS = {"x": ((1, 10, 32), False, True)}


@pytest.mark.parametrize(
    ("op", "args", "dims", "made", "flops"),
    [
        ("conv2d", (X, W, None, (1, 1), (1, 1)), (6, 4, 3, 3), (1, 6, 8, 8), 64 * 6 * 36),
        ("conv2d", (X, W, None, (2, 2), "same"), (6, 4, 3, 3), (1, 6, 4, 4), 16 * 6 * 36),
        ("conv2d", (X, W, None, (1, 1), (1, 1), (1, 1), 4), (4, 1, 3, 3), (1, 4, 8, 8), 64 * 36),
        ("conv_transpose2d", (X, W, None, (2, 2)), (4, 6, 2, 2), (1, 6, 16, 16), 64 * 4 * 24),
        ("convolution", (X, W, None, (2, 2), (0, 0), (1, 1), True, (0, 0), 1), (4, 6, 2, 2),
         (1, 6, 16, 16), 64 * 4 * 24),
    ],
    ids=["plain", "same", "depthwise", "transposed", "decomposed"],
)  # fmt: skip
def test_convolutions_of_every_kind(op, args, dims, made, flops):
    node = TorchNode(op, "y", args, (made,))
    network = network_from_graph(graph([node], {"w": (dims, 1)}, IMAGE), "mine")
    assert network_flops(network, 3.0) == 3 * 2.0 * flops
    assert steps(network)[0].writes["y"].of(1.0) == 2.0 * made[1] * made[2] * made[3]


def test_a_linear_layer_and_its_decomposition_count_the_same():
    linear = [TorchNode("linear", "y", (X, W, B), ((1, 10, 16),))]
    parts = [
        TorchNode("view", "v", (X, (10, 32)), ((10, 32),)),
        TorchNode("permute", "t", (W, (1, 0)), ((32, 16),)),
        TorchNode("addmm", "a", (B, Ref("v"), Ref("t")), ((10, 16),)),
        TorchNode("view", "y", (Ref("a"), (1, 10, 16)), ((1, 10, 16),)),
    ]
    weights = {"w": ((16, 32), 512), "b": ((16,), 16)}
    whole, split = (network_from_graph(graph(n, weights, ROWS), "m") for n in (linear, parts))
    assert whole.total_params == split.total_params == 528
    assert network_flops(whole, 2.0) == network_flops(split, 2.0) == 2 * 10 * (2 * 16 * 32 + 16)
    assert steps(whole)[0].reads == steps(split)[0].reads


def test_attention_is_scores_softmax_and_values():
    heads = {"q": ((1, 4, 10, 8), False, True)}
    node = TorchNode("scaled_dot_product_attention", "y", (Ref("q"),) * 3, ((1, 4, 10, 8),))
    network = network_from_graph(graph([node], {}, heads), "m")
    assert network_flops(network, 1.0) == 2 * 2.0 * 4 * 10 * 10 * 8
    kinds = [step.kind for step in steps(network)]
    assert kinds == [OpKind.SCORES, OpKind.POINTWISE, OpKind.REDUCTION, OpKind.VALUES]
    assert isinstance(steps(network)[0].shape, AttentionShape)


def test_an_lstm_of_two_layers_both_ways():
    weights, names = {}, []
    for layer, width in ((0, 16), (1, 16)):
        for way in ("f", "r"):
            for part, dims in (("i", (32, width)), ("s", (32, 8)), ("a", (32,)), ("b", (32,))):
                names.append(f"{part}{layer}{way}")
                weights[names[-1]] = dims, dims[0] * (dims[1] if len(dims) > 1 else 1)
    state = Ref("zeros")
    args = (X, (state, state), tuple(Ref(n) for n in names), True, 2, 0.0, False, True, True)
    nodes = [
        TorchNode("zeros", "zeros", ((4, 1, 8),), ((4, 1, 8),)),
        TorchNode("lstm", "r", args, ((1, 7, 16), (4, 1, 8), (4, 1, 8))),
        TorchNode("getitem", "y", (Ref("r"), 0), ((1, 7, 16),)),
    ]
    network = network_from_graph(graph(nodes, weights, {"x": ((1, 7, 16), False, True)}), "m")
    assert network.total_params == 4 * (32 * 16 + 32 * 8 + 64)
    assert network_flops(network, 1.0) == 4 * 2.0 * 7 * 32 * (16 + 8)
    assert sum(step.kind is OpKind.RECURRENCE for step in steps(network)) == 4


def test_views_move_nothing_and_copies_do():
    nodes = [
        TorchNode("permute", "p", (X, (0, 2, 1)), ((1, 32, 10),)),
        TorchNode("select", "s", (Ref("p"), 1, 0), ((1, 10),)),
        TorchNode("clone", "y", (Ref("s"),), ((1, 10),)),
    ]
    (step,) = steps(network_from_graph(graph(nodes, {}, ROWS), "m"))
    assert step.reads["x"].size == 2.0 * 10
    assert step.writes["y"].size == 2.0 * 10


def test_an_unknown_call_is_said_aloud_or_refused():
    program = graph([TorchNode("fft_rfft", "y", (X,), ((1, 10, 17),))], {}, ROWS)
    network = network_from_graph(program, "m")
    assert network.notes == (
        "operator fft_rfft (y) is unknown: its bytes are counted, its FLOPs as 0",
    )
    assert steps(network)[0].reads["x"].size == 2.0 * 320
    with pytest.raises(ConfigError, match="operator y = 'fft_rfft': is not one that the importer"):
        network_from_graph(program, "m", strict=True)


def test_without_the_package_the_extra_is_named(tmp_path, monkeypatch):
    path = tmp_path / "model.pt2"
    path.write_bytes(b"x")
    monkeypatch.setitem(sys.modules, "torch.export", None)
    with pytest.raises(
        ConfigError, match=r"needs the package torch: pip install 'ironlaw\[torch\]'"
    ):
        network_from_torch(str(path))


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(ConfigError, match=r"nowhere\.pt2'?: there is no such file"):
        ironlaw.diagnose("nowhere.pt2", on="l40s")


class TestWithPyTorch:
    """Real modules, traced. PyTorch is large, so that the development environment does without it."""

    @pytest.fixture
    def torch(self):
        return pytest.importorskip("torch", reason="PyTorch is not installed: extra torch")

    @pytest.fixture
    def module(self, torch):
        nn = torch.nn
        layers = [nn.Conv2d(3, 8, 3, 2, 1, bias=False), nn.BatchNorm2d(8), nn.ReLU()]
        layers += [nn.Conv2d(8, 8, 3, padding=1, groups=8), nn.ConvTranspose2d(8, 4, 2, 2)]
        layers += [nn.MaxPool2d(2), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 10)]
        return nn.Sequential(*layers).eval()

    def exported(self, torch, module, *inputs, free=True):
        batch = torch.export.Dim("batch", min=2, max=1024)
        shapes = tuple({0: batch} for _ in inputs) if free else None
        return torch.export.export(module, inputs, dynamic_shapes=shapes)

    @pytest.mark.parametrize("decomposed", [False, True])
    def test_a_network_of_convolutions(self, torch, module, decomposed):
        program = self.exported(torch, module, torch.zeros(2, 3, 32, 32))
        network = network_from_torch(program.run_decompositions() if decomposed else program)
        assert network.total_params == sum(p.numel() for p in module.parameters())
        macs = 256 * 8 * 27 + 256 * 8 * 9 + 256 * 8 * 16 + 40
        assert network_flops(network, 2.0) == 2 * (2.0 * macs + 256 * 8 + 1024 * 4 + 10)
        assert network.notes == ()

    def test_an_lstm(self, torch):
        nn = torch.nn

        class Tagger(nn.Module):
            def __init__(self):
                super().__init__()
                self.table = nn.Embedding(100, 16)
                self.cells = nn.LSTM(16, 32, 2, batch_first=True, bidirectional=True)
                self.out = nn.Linear(64, 100)

            def forward(self, ids):
                return self.out(self.cells(self.table(ids))[0])

        module = Tagger().eval()
        program = self.exported(torch, module, torch.zeros(2, 7, dtype=torch.long), free=False)
        network = network_from_torch(program)
        assert network.total_params == sum(p.numel() for p in module.parameters())
        cells = 2 * 7 * 128 * (16 + 32) + 2 * 7 * 128 * (64 + 32)
        assert network_flops(network, 2.0) == 2 * (2.0 * cells + 7 * 100 * (2 * 64 + 1))
        assert (network.base_batch, network.free_batch, network.notes) == (2, False, ())

    def test_a_transformer(self, torch):
        nn = torch.nn
        layer = nn.TransformerEncoderLayer(32, 4, 64, batch_first=True)
        module = nn.TransformerEncoder(layer, 2).eval()
        network = network_from_torch(self.exported(torch, module, torch.zeros(2, 9, 32)))
        assert network.total_params == sum(p.numel() for p in module.parameters())
        matrices = 9 * (4 * 32 * 32 + 2 * 32 * 64) + 2 * 9 * 9 * 32
        biases = 9 * (4 * 32 + 64 + 32)
        assert network_flops(network, 3.0) == 3 * 2 * (2.0 * matrices + biases)
        assert network.notes == ()

    def test_a_file_is_diagnosed(self, torch, module, tmp_path):
        path = tmp_path / "model.pt2"
        torch.export.save(self.exported(torch, module, torch.zeros(2, 3, 32, 32)), path)
        report = ironlaw.diagnose(str(path), on="l40s", batch=16)
        assert report.diagnosis.scenario.spec.total_params == sum(
            p.numel() for p in module.parameters()
        )
        assert report.to_dict()["samples_per_s"] > 0.0
