"""The lab's operators compute what they are named after, fused or not."""

from __future__ import annotations

import numpy as np
import pytest

from ironlaw.system.probe.operators import (
    Attention,
    Linear,
    Norm,
    attention_eager,
    attention_flash,
    gemm,
    linear_relu_eager,
    linear_relu_fused,
    norm_program,
    vector_gemm,
)
from ironlaw.system.probe.ops import NumpyOps


class Watched(NumpyOps):
    """Keeps what the last pass wrote."""

    def run(self, name, *inputs, out):
        super().run(name, *inputs, out=out)
        self.last = (inputs, out)


@pytest.fixture
def ops():
    return Watched()


def test_products(ops):
    gemm(ops, 3, 4, 5)()
    (a, b), c = ops.last
    assert c == pytest.approx(a @ b, rel=1e-5)
    vector_gemm(ops, 4, 5)()
    (x, w), y = ops.last
    assert y == pytest.approx(x @ w, rel=1e-5)


@pytest.mark.parametrize("fused", [False, True])
def test_linear_and_relu(ops, fused):
    of = Linear.made(ops, 10, 6, 8)
    (linear_relu_fused(ops, of, 4) if fused else linear_relu_eager(ops, of))()
    product = of.x @ of.weight
    assert (product < 0.0).any()
    assert of.out == pytest.approx(np.maximum(product, 0.0), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("flash", [False, True])
def test_attention(ops, flash):
    of = Attention.made(ops, 2, 12, 4)
    of.query[0][3] *= 40.0  # one token with scores far above the others'
    (attention_flash(ops, of, 4, 3) if flash else attention_eager(ops, of))()
    scores = of.query @ np.swapaxes(of.key, 1, 2) / 2.0
    weights = np.exp(scores - scores.max(axis=2, keepdims=True))
    expected = weights / weights.sum(axis=2, keepdims=True) @ of.value
    assert of.out == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("block", [12, 5, 4])
def test_rmsnorm(ops, block):
    of = Norm.made(ops, 12 if block != 5 else 10, 6)
    norm_program(ops, of, block)()
    mean = (of.x * of.x).mean(axis=1, keepdims=True)
    assert of.out == pytest.approx(of.x / np.sqrt(mean + 1e-6) * of.weight, rel=1e-5)


def test_a_program_can_run_again(ops):
    of = Attention.made(ops, 1, 8, 4)
    program = attention_flash(ops, of, 4, 4)
    program()
    first = of.out.copy()
    program()
    assert np.array_equal(first, of.out)
