"""The enhancer of any hidden size: its matrices are those of the registry's network."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.network_question import load_network


def test_at_256_it_is_the_network_of_the_registry():
    network = enhancer(256)
    assert network.weights == 966_656 == load_network("tinylstm").total_params
    assert network.flops == 2 * 966_656
    assert network.title == load_network("tinylstm").title


@pytest.mark.parametrize("hidden", [1, 64, 96, 100, 127, 512])
def test_the_weights_by_hand(hidden):
    expected = 4 * hidden * (128 + hidden) + 4 * hidden * 2 * hidden + 128 * hidden + 128 * 128
    assert enhancer(hidden).weights == expected
    deeper = enhancer(hidden, layers=3)
    assert deeper.weights == expected + 8 * hidden * hidden


def test_the_matrices_stand_in_the_order_of_a_frame():
    names = [matrix.name for matrix in enhancer(96).matrices]
    assert names == ["lstm1.input", "lstm1.state", "lstm2.input", "lstm2.state", "dense1", "dense2"]
    state = enhancer(96).named("lstm2.state")
    assert (state.gates, state.rows, state.columns) == (4, 96, 96)


@pytest.mark.parametrize("hidden", [0, -1, 1025, 96.0, True, "96"])
def test_a_hidden_size_outside_is_refused(hidden):
    with pytest.raises(DomainError, match="hidden"):
        enhancer(hidden)


def test_a_depth_outside_is_refused():
    with pytest.raises(DomainError, match="layers"):
        enhancer(96, layers=0)


def test_a_network_without_a_recurrent_layer_is_refused():
    with pytest.raises(DomainError, match="LSTM"):
        enhancer(96, network="resnet-50")


def test_a_matrix_that_is_not_there_is_refused():
    with pytest.raises(DomainError, match=r"lstm1\.input"):
        enhancer(96).named("lstm3.input")
