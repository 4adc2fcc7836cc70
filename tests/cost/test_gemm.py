"""The GEMM form: tiles, waves and splits by hand, and the reference predictions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dossier
from fitting.tables import rates as measured_rates
from ironlaw.cost.benchmark import gemm_benchmark
from ironlaw.cost.gemm import batched_gemm_terms, gemm_terms
from ironlaw.registry.calibration import load_calibration
from ironlaw.registry.constants import GemmConstants
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import GemmShape
from silicon_names import CALIBRATED

LAW = settings(deadline=None, derandomize=True, max_examples=50)
# a machine that reaches everything and starts for nothing
PERFECT = GemmConstants(ef=1, eb=1, t0=0, cq=0, l2x=1, tk=0, ts=0, cw=1, a0=0)
NOTHING = (0.0, 0.0, 0.0)
SIZES = st.integers(1, 20_000)


def compute_of(m, n, k, *, n_sm=1, peak=1e12, constants=PERFECT):
    rates = (peak, 1e12, n_sm)
    return gemm_terms(m, n, k, traffic=NOTHING, constants=constants, rates=rates).compute


def on_chip(chip, m, n, k, dtype=Dtype.BF16, scale=(1.0, 1.0)):
    known = load_calibration(chip)
    reference, constants = known.reference, known.gemm[dtype]
    rates = (reference.peaks[dtype] * scale[0], reference.bandwidth * scale[1], reference.n_sm)
    traffic = (m * k * 2.0, n * k * dtype.size, 2.0 * m * n)
    return gemm_terms(m, n, k, traffic=traffic, constants=constants, rates=rates).total


def test_reference_predictions_are_reproduced(reference_rows, dtypes, shared):
    data = dossier.constants(shared)
    for row in reference_rows("gemm.csv"):
        shape = GemmShape(*(float(row[name]) for name in "mnk"), dtypes[row["dtype"]])
        found = dossier.gemm(data["gemm"][row["constants_key"]])
        terms = gemm_benchmark(shape, constants=found, rates=measured_rates(data, row["gpu"]))
        assert terms.total == pytest.approx(float(row["t_model_s"]), rel=1e-4), row


def test_full_tiles_take_their_flops():
    # 128 × 256 × 1024: one tile of 2·128·256·1024 FLOP at 1 TFLOP/s
    assert compute_of(128.0, 256.0, 1024.0) == pytest.approx(67.108864e-6, rel=1e-15)


def test_a_row_too_many_costs_a_row_of_the_smallest_tiles():
    # 129 rows: 9 tiles of 16 rows, 144 · 256 · 1024 · 2 FLOP; larger tiles waste more
    assert compute_of(129.0, 256.0, 1024.0) == pytest.approx(75.497472e-6, rel=1e-15)


def test_a_last_wave_costs_a_whole_wave():
    # two units, three columns of the only tile height that does not waste rows: 16 × 64 and 16 × 128.
    # 16 × 192 is 3 blocks of 64 in 2 waves or 2 of 128 in 1: both as long as 16 × 256
    three, four = (compute_of(16.0, columns, 255.0, n_sm=2) for columns in (192.0, 256.0))
    assert three == pytest.approx(2 * 16 * 256 * 255 / 1e12, rel=1e-14)
    assert three == four


def test_splitting_fills_idle_units():
    # one 16 × 64 tile, K = 4096: 16 splits of 256 keep 16 units busy, as if it were peak: 8.39 MFLOP
    assert compute_of(16.0, 64.0, 4096.0, n_sm=16) == pytest.approx(8.388608e-6, rel=1e-15)


def test_a_split_keeps_256_of_k():
    # K = 4095: 16 splits would have less than 256 each, so 8 units work and 8 idle
    assert compute_of(16.0, 64.0, 4095.0, n_sm=16) == pytest.approx(2 * 8.38656e-6, rel=1e-12)


def test_small_tiles_reach_less():
    # a0 = 16: a 16 × 64 tile (12.8 FLOP/B) reaches 12.8·(1 + 16/85.33)/(12.8 + 16) = 0.5278
    slow = compute_of(16.0, 64.0, 64.0, constants=replace(PERFECT, a0=16.0))
    fast = compute_of(16.0, 64.0, 64.0)
    assert fast / slow == pytest.approx(0.527777778, rel=1e-6)


def test_memory_terms_by_hand():
    constants = replace(PERFECT, eb=0.5, cw=3.0, cq=2.0, t0=7e-6)
    terms = gemm_terms(
        4.0, 8.0, 16.0, traffic=(100.0, 1000.0, 10.0), constants=constants, rates=(1e12, 1e9, 1)
    )
    # 2 ns a byte: 100 + 1000 + 3·10 bytes; the quantising pass is 2 · 5 · 4 · 16 bytes
    assert terms.memory == pytest.approx(2.26e-6)
    assert terms.serial == pytest.approx(1.28e-6)
    assert terms.latency == 7e-6


def test_latency_along_k_and_of_a_split():
    constants = replace(PERFECT, tk=1e-9, ts=50e-6)
    rates = (1e18, 1e12, 16)
    terms = gemm_terms(16.0, 64.0, 4096.0, traffic=NOTHING, constants=constants, rates=rates)
    assert terms.latency == pytest.approx(4.096e-6)  # a split would cost 50 us to save 3.8
    cheap = replace(constants, ts=1e-6)
    terms = gemm_terms(16.0, 64.0, 4096.0, traffic=NOTHING, constants=cheap, rates=rates)
    assert terms.latency == pytest.approx(1.256e-6)  # 4096 / 16 ns and the split


def test_a_pipeline_fills_before_it_computes():
    # 24 deep before K = 1000: as long as K = 1024
    filled = replace(PERFECT, kp=24.0)
    assert compute_of(128.0, 256.0, 1000.0, constants=filled) == pytest.approx(67.108864e-6)


def test_a_last_wave_is_shared_where_none_waits():
    # 16 × 192 on two units is 3 blocks of 64: one and a half waves of 8.35584 us instead of two
    found = compute_of(16.0, 192.0, 255.0, n_sm=2, constants=replace(PERFECT, wf=0.0))
    assert found == pytest.approx(2 * 16 * 192 * 255 / 2e12 * 2, rel=1e-14)
    alone = compute_of(16.0, 64.0, 255.0, n_sm=2, constants=replace(PERFECT, wf=0.0))
    assert alone == compute_of(16.0, 64.0, 255.0, n_sm=2)  # one tile is never less than itself


def test_a_split_writes_its_result_for_each_part():
    # 4 parts of 256: 4 · 0.5 results of 2 us instead of 3 · 256 ns less along K would not pay, so K is not split
    rates, moved = (1e18, 1e9, 16), (0.0, 0.0, 2000.0)
    split = replace(PERFECT, tk=1e-8, cr=0.5)
    terms = gemm_terms(16.0, 64.0, 1024.0, traffic=moved, constants=split, rates=rates)
    assert terms.latency == pytest.approx(4 * 2.56e-6 * 0.25 + 4 * 0.5 * 2e-6)
    dear = replace(split, cr=3.0)
    terms = gemm_terms(16.0, 64.0, 1024.0, traffic=moved, constants=dear, rates=rates)
    assert terms.latency == pytest.approx(10.24e-6)


def test_written_bytes_may_miss_the_gain_of_level_2():
    warm = replace(PERFECT, l2x=2.0, wl=0.0)
    terms = gemm_terms(
        1.0, 1.0, 1.0, traffic=(0.0, 100.0, 10.0), constants=warm, rates=(1e12, 1e9, 1), hit=1.0
    )
    assert terms.memory == pytest.approx(60e-9)  # 100 bytes at 2 GB/s, 10 at 1 GB/s


def test_a_benchmark_reads_its_clock():
    known = load_calibration("b200-sxm")
    counted = known.gemm[Dtype.BF16]
    shape = GemmShape(np.arange(1.0, 40_000.0, 97.0), 512.0, 512.0, Dtype.BF16)
    exact = replace(counted, tick=0.0)
    read = gemm_benchmark(shape, constants=counted, rates=known.reference).total
    true = gemm_benchmark(shape, constants=exact, rates=known.reference).total
    steps = (read - counted.phase) / counted.tick
    assert steps == pytest.approx(np.round(steps))
    assert np.max(np.abs(read - true)) <= counted.tick / 2 * (1 + 1e-9)
    assert np.all(np.diff(read) >= -1e-18)


def test_a_batched_gemm_by_hand():
    constants = replace(PERFECT, ef=0.5, eb=0.8, cw=2.0, t0=3e-6)
    terms = batched_gemm_terms(
        1e9, (600.0, 100.0), constants=constants, rates=(1e12, 1e9, 1)
    )  # 1 GFLOP at half of 1 TFLOP/s; 600 + 2·100 bytes at 0.8 GB/s
    assert (terms.compute, terms.latency) == (2e-3, 3e-6)
    assert terms.memory == pytest.approx(1e-6)


@given(st.sampled_from(CALIBRATED), st.lists(SIZES, min_size=1, max_size=6), SIZES, SIZES)
@LAW
def test_a_sweep_equals_its_scalars(chip, rows, n, k):
    n, k = float(n), float(k)
    swept = on_chip(chip, np.array(rows, dtype=float), n, k)
    assert swept.tolist() == [on_chip(chip, float(m), n, k) for m in rows]


@given(st.sampled_from(CALIBRATED), SIZES, SIZES, SIZES, st.floats(1.0, 16.0))
@LAW
def test_more_peak_or_bandwidth_never_slows(chip, m, n, k, factor):
    m, n, k = float(m), float(n), float(k)
    now = on_chip(chip, m, n, k)
    assert on_chip(chip, m, n, k, scale=(factor, 1.0)) <= now * (1 + 1e-12)
    assert on_chip(chip, m, n, k, scale=(1.0, factor)) <= now * (1 + 1e-12)


@given(st.sampled_from(CALIBRATED), SIZES, SIZES, SIZES, st.integers(0, 2000))
@LAW
def test_more_rows_never_take_less_time(chip, m, n, k, more):
    # true of the form: for each tile and split, waves and bytes only grow with m
    n, k = float(n), float(k)
    assert on_chip(chip, float(m), n, k) <= on_chip(chip, float(m + more), n, k)


@given(SIZES, SIZES, SIZES, st.sampled_from([0.25, 2.0, 8.0]))
@LAW
def test_time_scales_with_its_unit(m, n, k, unit):
    known = load_calibration("h100-sxm")
    constants, reference = known.gemm[Dtype.FP8], known.reference
    times = {name: getattr(constants, name) * unit for name in ("t0", "tk", "ts", "tw", "tg")}
    longer = replace(constants, **times)
    peak, bandwidth, n_sm = reference.peaks[Dtype.FP8], reference.bandwidth, reference.n_sm
    traffic = (m * k * 1.0, n * k * 1.0, 2.0 * m * n)
    sizes = (float(m), float(n), float(k))
    time = gemm_terms(
        *sizes, traffic=traffic, constants=constants, rates=(peak, bandwidth, n_sm)
    ).total
    slowed = gemm_terms(
        *sizes, traffic=traffic, constants=longer, rates=(peak / unit, bandwidth / unit, n_sm)
    ).total
    assert slowed == pytest.approx(time * unit, rel=1e-12)


@given(st.sampled_from(CALIBRATED), SIZES, SIZES, SIZES)
@LAW
def test_no_gemm_beats_the_reference_rates(chip, m, n, k):
    reference = load_calibration(chip).reference
    bound = 2.0 * m * n * k / reference.peaks[Dtype.BF16]
    assert on_chip(chip, float(m), float(n), float(k)) > bound
