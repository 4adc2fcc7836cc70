"""The form of a layer's experts: tiles, two grouped GEMMs and active weights by hand, and its laws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.cost.family import experts_of
from ironlaw.cost.moe import HEIGHTS, ExpertRates, expert_traffic, experts_terms, row_tiles
from ironlaw.registry.calibration import load_calibration, step_constants
from ironlaw.registry.constants import ExpertConstants
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario
from ironlaw.workload.graph import ExpertShape

LAW = settings(deadline=None, derandomize=True, max_examples=50)
PERFECT = ExpertConstants(ef=1, eb=1, t0=0, ca=0, ts=0, te=0, tk=0, l2x=1, a0=0)
RATES = ExpertRates(1e12, 1e9, 4.0)


def experts(
    rows=64.0, active=8.0, counts=(), gated=True, d_model=256.0, d_expert=128.0, dtype=Dtype.BF16
):
    return ExpertShape(
        tokens=32.0,
        d_model=d_model,
        d_expert=d_expert,
        n_experts=16.0,
        local_experts=8.0,
        top_k=2.0,
        gated=gated,
        rows=rows,
        active_experts=active,
        largest_count=rows / active,
        dtype=dtype,
        counts=counts,
    )


def test_known_counts_fill_tiles_expert_by_expert():
    # 17 rows are two tiles of 16, 1 row is one, 0 rows none
    assert row_tiles(experts(counts=(17.0, 1.0, 0.0)), 16) == 3.0


def test_unknown_counts_leave_a_last_tile_half_full():
    # 8 experts of 40 rows: (40 + 7.5) / 16 tiles each
    assert row_tiles(experts(rows=320.0), 16) == pytest.approx(8 * 47.5 / 16)
    assert row_tiles(experts(rows=8.0), 16) == 8.0  # one row each: a tile each


def test_weights_are_read_once_for_each_active_expert():
    weights, _ = expert_traffic(experts(active=3.0))
    assert weights == 3 * 3 * 256 * 128 * 2
    assert expert_traffic(experts(active=3.0, gated=False))[0] == 3 * 2 * 256 * 128 * 2
    assert expert_traffic(experts(active=3.0, dtype=Dtype.NVFP4))[0] == 3 * 3 * 256 * 128 * 0.5625


def test_activations_by_hand():
    # a row: in 256·(2 + 2), gate and up 2·2·128, product 128·(2 + 2), out 2·2·256; a token in and out 2·2·256
    _, moved = expert_traffic(experts(rows=10.0))
    assert moved == 10 * (1024 + 512 + 512 + 1024) + 2 * 2 * 32 * 256


def test_compute_by_hand():
    # 8 tiles of 16 rows on 4 units: gate and up are 2 columns of tiles deep 256, down 2 columns deep 128
    terms = experts_terms(experts(counts=(16.0,) * 8), constants=PERFECT, rates=RATES)
    tile = 2.0 * 16 * 128 / (1e12 / 4)
    assert terms.compute == pytest.approx(16 / 4 * tile * 256 + 16 / 4 * tile * 128)
    assert terms.memory == pytest.approx(8 * 3 * 256 * 128 * 2 / 1e9)


def test_latency_by_hand():
    constants = replace(PERFECT, t0=1e-5, te=1e-8, tk=1e-9)
    terms = experts_terms(experts(), constants=constants, rates=RATES)
    assert terms.latency == pytest.approx(1e-5 + 8e-8 + (256 + 128) * 1e-9)


CASES = [("h100-sxm", key) for key in load_calibration("h100-sxm").experts]
CASES += [("b200-sxm", key) for key in load_calibration("b200-sxm").experts]


def on_chip(chip, key, shape):
    known = load_calibration(chip)
    reference = known.reference
    rates = ExpertRates(reference.peaks[key[0]], reference.bandwidth, reference.n_sm)
    return experts_terms(
        replace(shape, dtype=key[0]), constants=known.experts[key], rates=rates
    ).total


@given(
    st.sampled_from(CASES),
    st.integers(1, 64),
    st.lists(st.integers(1, 20_000), min_size=1, max_size=5),
)
@LAW
def test_a_sweep_equals_its_scalars(case, active, rows):
    shape = experts(active=float(active), d_model=4096.0, d_expert=1536.0)
    swept = on_chip(*case, replace(shape, rows=np.array(rows, dtype=float)))
    assert swept.tolist() == [on_chip(*case, replace(shape, rows=float(n))) for n in rows]


@given(st.sampled_from(CASES), st.integers(1, 64), st.integers(1, 20_000), st.integers(0, 5000))
@LAW
def test_more_rows_or_experts_never_take_less_time(case, active, rows, more):
    shape = experts(rows=float(rows), active=float(active), d_model=4096.0, d_expert=1536.0)
    now = on_chip(*case, shape)
    assert on_chip(*case, replace(shape, rows=float(rows + more))) >= now * (1 - 1e-12)
    wider = replace(shape, active_experts=float(active + 1), rows=float(rows))
    assert on_chip(*case, wider) >= now * (1 - 1e-9) or rows < active + 1


def test_heights_are_those_that_were_fitted():
    assert HEIGHTS == (16, 32, 64, 128)


def test_the_bytes_of_experts_take_their_printed_time_in_weights_and_passes_together():
    for chip in ("h200-sxm", "a100-80gb-sxm"):
        for batch in (1, 68, 4096):
            answer = diagnose(scenario("mixtral-8x7b", chip, tp=2, batch=batch, context=1024))
            (cost,) = [x.cost for x in answer.launches if x.cost.kernel.name == "experts"]
            moved = cost.terms.memory + cost.terms.serial
            assert moved >= (1.0 - 1e-12) * cost.ideal.memory


def test_one_row_more_never_takes_less_where_a_taller_tile_begins():
    ask = {"tp": 2, "dtype": "fp8", "context": 1024}
    before, after = (
        next(x.time for x in answer.launches if x.cost.kernel.name == "experts")
        for answer in (
            diagnose(scenario("mixtral-8x7b", "h200-sxm", batch=b, **ask)) for b in (68, 69)
        )
    )
    assert before <= after


def test_a_step_does_not_pay_for_routing_twice():
    """The measured call routes; in a step the router's softmax and top-k are a kernel with a launch of its own."""
    found = diagnose(scenario("llama-4-scout", "h100-sxm", tp=8, context=1024, shared="after"))
    kernels = {launch.cost.kernel.name: launch.cost for launch in found.launches}
    constants = found.machine.calibration.experts[Dtype.BF16, "cutlass"]
    reference = found.machine.calibration.reference
    rates = ExpertRates(reference.peaks[Dtype.BF16], reference.bandwidth, reference.n_sm)
    kernel = kernels["experts"].kernel
    alone = experts_terms(kernel.shape(experts_of(kernel)), constants=constants, rates=rates)
    launch = step_constants().small_launch
    assert kernels["experts"].terms.total == pytest.approx(alone.total - launch, rel=1e-12)
    assert kernels["route"].terms.latency == launch
