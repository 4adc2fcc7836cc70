"""Network files: what each layer counts, and what is refused."""

from __future__ import annotations

import tomllib

import pytest

from ironlaw.base.errors import ConfigError
from ironlaw.workload.graph import OpKind
from ironlaw.workload.network import network_blocks, network_flops
from ironlaw.workload.network_file import network_from_table


def network(layers: str, inputs: str = "{ x = [4, 8, 8] }"):
    table = tomllib.loads(f"inputs = {inputs}\nlayers = [\n{layers}\n]\n")
    return network_from_table("mine", "Mine", table)


def only_step(layers: str, inputs: str = "{ x = [4, 8, 8] }"):
    return network(layers, inputs).stages[0].steps[-1]


@pytest.mark.parametrize(
    ("layer", "macs", "params", "out"),
    [
        ("channels = 6, kernel = 3", 64 * 6 * 4 * 9, 6 * 4 * 9, 6 * 64),
        ("channels = 6, kernel = 3, stride = 2", 16 * 6 * 4 * 9, 6 * 4 * 9, 6 * 16),
        ("channels = 6, kernel = 3, padding = 0", 36 * 6 * 4 * 9, 6 * 4 * 9, 6 * 36),
        ("channels = 6, kernel = 3, dilation = 2", 64 * 6 * 4 * 9, 6 * 4 * 9, 6 * 64),
        ("channels = 6, kernel = 3, groups = 2", 64 * 6 * 2 * 9, 6 * 2 * 9, 6 * 64),
        ('kernel = 3, groups = "depthwise"', 64 * 4 * 9, 4 * 9, 4 * 64),
        ("channels = 6, kernel = [1, 5]", 64 * 6 * 4 * 5, 6 * 4 * 5, 6 * 64),
    ],
)
def test_a_convolution_counts(layer, macs, params, out):
    made = network(f'{{ op = "conv", {layer} }}')
    step = made.stages[0].steps[0]
    assert (step.flops, made.total_params) == (2.0 * macs, params)
    assert step.writes["conv.conv"].size == 2.0 * out
    assert float(step.shape.flops) == 2.0 * macs
    assert step.shape.weights == params


def test_a_transposed_convolution_does_its_work_at_each_input_position():
    step = only_step('{ op = "deconv", channels = 6, kernel = 2, stride = 2 }')
    assert step.flops == 2.0 * 64 * 4 * 6 * 4
    assert step.writes["deconv.deconv"].size == 2.0 * 6 * 256


def test_a_long_filter_over_time_is_a_convolution_of_one_dimension():
    step = only_step('{ op = "conv", channels = 3, kernel = 5 }', "{ x = [2, 100] }")
    assert step.flops == 2.0 * 100 * 3 * 2 * 5


def test_an_lstm_has_four_gates_and_a_gru_three():
    inputs = "{ x = [7, 16] }"
    lstm = network('{ op = "lstm", hidden = 8 }', inputs)
    gru = network('{ op = "gru", hidden = 8 }', inputs)
    assert network_flops(lstm, 1.0) == 2.0 * 7 * 4 * 8 * (16 + 8)
    assert network_flops(gru, 1.0) == 0.75 * network_flops(lstm, 1.0)
    both = network(
        '{ op = "lstm", hidden = 8, layers = 2, bidirectional = true, bias = true }', inputs
    )
    first, second = 2 * 4 * 8 * (16 + 8 + 2), 2 * 4 * 8 * (16 + 8 + 2)
    assert both.total_params == first + second
    assert sum(s.kind is OpKind.RECURRENCE for s in both.stages[0].steps) == 4


def test_attention_has_its_projections_and_both_products():
    made = network('{ op = "attention", heads = 2, bias = true }', "{ x = [10, 8] }")
    assert made.total_params == 4 * 8 * 8 + 4 * 8
    products = 2 * 2.0 * 10 * 10 * 8
    biases = 10 * 4 * 8
    assert network_flops(made, 1.0) == 2.0 * 10 * 4 * 64 + products + biases


def test_an_embedding_reads_its_rows_and_not_its_table():
    made = network(
        '{ op = "embedding", vocab_size = 1000, features = 16 }',
        "{ ids = { shape = [5], indices = true } }",
    )
    step = made.stages[0].steps[0]
    assert step.reads["embedding.weight"].size == 2.0 * 5 * 16
    assert step.reads["ids"].size == 8.0 * 5
    assert made.total_params == 16000
    block = network_blocks(made, 3.0)[0]
    assert block.graph.tensors["embedding.weight"].size == 2.0 * 16000
    assert block.graph.operators["embedding"].reads["embedding.weight"] == 3 * 2.0 * 5 * 16


def test_a_tensor_that_two_layers_share_counts_once():
    made = network(
        '{ op = "embedding", vocab_size = 50, features = 8 },'
        '{ op = "linear", features = 50, weight = "embedding.weight" }',
        "{ ids = { shape = [5], indices = true } }",
    )
    assert made.total_params == 400


def test_a_template_is_written_down_as_often_as_asked():
    made = network_from_table(
        "mine",
        "Mine",
        tomllib.loads(
            'inputs = { x = [4, 8, 8] }\nlayers = [{ use = "twice", times = 3, wide = 4 }]\n'
            '[templates]\ntwice = [{ op = "conv", channels = "$wide", kernel = 1, add = "@" }]\n'
        ),
    )
    names = [step.name for step in made.stages[0].steps]
    assert names[:2] == ["twice.0.conv.conv", "twice.0.conv.add"]
    assert len(names) == 6
    assert made.stages[0].steps[3].reads.keys() == {"twice.1.conv.conv", "twice.0.conv.add"}


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ('{ op = "conv", channels = 4 }', r"layers\[0\]\.kernel = None: must be a list of 2 whole"),
        ('{ op = "conv", channels = 0, kernel = 3 }', r"channels = 0: must be a whole number from 1"),
        ('{ op = "conv", channels = 4, kernel = 3, groups = 3 }', "groups = 3: must divide the 4"),
        ('{ op = "conv", channels = 4, kernel = 30, padding = 0 }', "kernel = 30: at most the padded extent 8"),
        ('{ op = "conv", channels = 4, kernel = 3, strid = 2 }', "strid = 2: is not a field here; there are"),
        ('{ op = "conw" }', "op = 'conw': must be one of activation, add, attention"),
        ('{ op = "add", inputs = ["x", "y"] }', "input = 'y': is not known here; known are x"),
        ('{ op = "activation", kind = "step" }', "kind = 'step': must be one of gelu"),
        ('{ use = "nothing" }', "use = 'nothing': must be one of"),
        ('{ op = "linear", features = true }', "features = True: must be a whole number"),
        ('{ op = "reshape", to = [5] }', r"to = \[5\]: must hold 256 elements"),
        ('{ op = "lstm", hidden = 4 }', r"\[4, 8, 8\]: needs an input of \[steps, width\]"),
        ('{ op = "softmax", name = "a" }, { op = "softmax", name = "a" }', "name = 'a': is used before"),
        ('{ op = "linear", features = "$wide" }', r"\$wide'?: stands outside a template"),
    ],
)  # fmt: skip
def test_a_wrong_layer_is_named_with_what_is_allowed(layers, message):
    with pytest.raises(ConfigError, match=message):
        network(layers)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, "inputs = None: must be a table of shapes"),
        ({"layers": [{"op": "softmax"}]}, "inputs = None: must be a table of shapes"),
        ({"inputs": {"x": [0]}, "layers": [{"op": "softmax"}]}, r"x = \[0\]: must be a list of whole"),
        ({"inputs": {"x": [4]}, "layers": []}, "must be a list of tables, one at least"),
        ({"inputs": {"x": [4]}, "layers": [{"op": "softmax"}], "dtype": "int3"}, "dtype = 'int3': must be one of"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused(table, message):
    with pytest.raises(ConfigError, match=message):
        network_from_table("mine", "Mine", table)
