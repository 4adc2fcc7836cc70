"""Fused attention: traffic by hand, the reference predictions, and the fallback's cliff."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dossier
from fitting.tables import rates as measured_rates
from ironlaw.cost.attention import (
    decode_terms,
    falls_back,
    prefill_terms,
    prefill_traffic,
    verification_time,
)
from ironlaw.cost.benchmark import decode_benchmark, prefill_benchmark
from ironlaw.registry.calibration import load_calibration
from ironlaw.registry.constants import ReferenceRates
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import AttentionShape
from silicon_names import CALIBRATED

LAW = settings(deadline=None, derandomize=True, max_examples=50)
RATES = ReferenceRates(
    peaks={Dtype.BF16: 1e12},
    bandwidth=1e9,
    l2_capacity=1e6,
    n_sm=4,
    clock=1e9,
    compute_capability=90,
    link_bandwidth=1e9,
)


def shape(decode, batch, length, heads, kv_heads, d_head=128.0, cache=Dtype.BF16, window=0.0):  # noqa: PLR0917 - sizes
    return AttentionShape(
        decode=decode,
        batch=batch,
        query_len=1.0 if decode else length,
        context_len=length,
        n_heads=float(heads),
        n_kv_heads=float(kv_heads),
        d_head=float(d_head),
        causal=True,
        cache_dtype=cache,
        window=window,
    )


def prefill_of(**found):
    return dossier.prefill(found)


def decode_of(**found):
    return dossier.decode(found)


def row_shape(row, dtypes, *, decode, length):
    return shape(
        decode,
        float(row["batch"]),
        float(row[length]),
        float(row["heads_q"]),
        float(row["heads_kv"]),
        float(row["head_dim"]),
        dtypes[row["kv_dtype"]],
        float(row["window"]),
    )


def test_prefill_reference_predictions_are_reproduced(reference_rows, dtypes, shared):
    data = dossier.constants(shared)
    for row in reference_rows("attention_prefill.csv"):
        asked = row_shape(row, dtypes, decode=False, length="seq")
        known = measured_rates(data, row["gpu"])
        terms = prefill_benchmark(
            asked,
            constants=dossier.prefill(data["attention_prefill"][row["constants_key"]]),
            rates=known,
            peak=known.peaks[dtypes[row["math_dtype"]]],
        )
        assert terms.total == pytest.approx(float(row["t_model_s"]), rel=1e-4), row


def test_decode_reference_predictions_are_reproduced(reference_rows, dtypes, shared):
    data = dossier.constants(shared)
    for row in reference_rows("attention_decode.csv"):
        asked = row_shape(row, dtypes, decode=True, length="kv_len")
        found = dossier.decode(data["attention_decode"][row["constants_key"]])
        terms = decode_benchmark(asked, constants=found, rates=measured_rates(data, row["gpu"]))
        assert terms.total == pytest.approx(float(row["t_model_s"]), rel=1e-4), row


def test_prefill_traffic_by_hand():
    # 2·10 tokens · 4 wide: Q and output 8 heads · 2 B each, K and V 2 heads · 2 B each
    io, append = prefill_traffic(shape(False, 2.0, 10.0, 8, 2, d_head=4))
    assert io == 80 * (4 * 8 + 4 * 2)
    # RoPE reads Q, K, V (8 + 2 + 2 heads), writes Q, and K and V into the cache
    assert append == 80 * (2 * 12 + 2 * 8 + 2 * 2 * 2)


def test_prefill_compute_by_hand():
    constants = prefill_of(ef=0.5, eb=1, t0=2e-6, cq=0, tc=1e-6, ex=1, lp=0, l2x=1)
    asked = shape(False, 1.0, 256.0, 8, 8, d_head=64)
    terms = prefill_terms(asked, constants=constants, rates=RATES, peak=1e12)
    # a pair: 4·64 / 0.5e12 + 1 / (16 · 4 · 1e9); 8 heads · 2 blocks of 128 rows, 192 keys on average
    pair = 512e-12 + 15.625e-12
    assert terms.compute == pytest.approx(16 * 128 * 192 * pair, rel=1e-12)
    assert terms.latency == pytest.approx(2e-6 + 16 / 4 * 1e-6)


def test_a_single_block_waits_for_its_own_unit():
    constants = prefill_of(ef=1, eb=1, t0=0, cq=0, tc=0, ex=0, lp=0, l2x=1)
    asked = shape(False, 1.0, 128.0, 1, 1, d_head=64)
    terms = prefill_terms(asked, constants=constants, rates=RATES, peak=1e12)
    # one block on one of four units: 128 · 128 pairs at a quarter of the rate
    assert terms.compute == pytest.approx(128 * 128 * 256e-12 * 4)


def test_decode_memory_by_hand():
    constants = decode_of(eb=0.5, t0=9e-6, tc=1e-6, tm=5e-6, l2x=1, tr=3e-6, ch=64, bs=8)
    asked = shape(True, 2.0, 100.0, 8, 2, d_head=4)
    terms = decode_terms(asked, constants=constants, rates=RATES)
    cache = 2 * 2 * 2 * 100 * 4 * 2  # K and V, sequences, heads, tokens, width, bytes
    small = 2 * (2 * 8 + 2 * 2) * 4 * 2 + 2 * 2 * 8 * 4
    assert terms.memory == pytest.approx((cache + small) / 0.5e9)
    assert terms.latency == pytest.approx(10e-6)  # four units of work on four units: no split


def test_several_tokens_of_a_sequence_are_packed_into_tiles():
    constants = prefill_of(ef=0.5, eb=1, t0=0, cq=0, tc=0, ex=0, lp=0, l2x=1)
    asked = replace(shape(True, 2.0, 100.0, 8, 2, d_head=64), query_len=5.0)
    # 4 heads of a group · 5 tokens are 20 rows: one tile of 64; 2 sequences · 2 cache heads · 100 tokens
    found = verification_time(asked, constants=constants, peak=1e12)
    assert found == pytest.approx(2 * 2 * 64 * 100 * (4 * 64 / 0.5e12))
    # 17 tokens are 68 rows: two tiles
    longer = replace(asked, query_len=17.0)
    assert verification_time(longer, constants=constants, peak=1e12) == pytest.approx(2 * found)


def test_the_cache_is_read_once_for_all_tokens_of_a_sequence():
    constants = decode_of(eb=1, t0=0, tc=0, tm=0, l2x=1, tr=0, ch=64, bs=8)
    one = shape(True, 2.0, 100.0, 8, 2, d_head=4)
    few = replace(one, query_len=3.0)
    first, second = (decode_terms(s, constants=constants, rates=RATES).memory for s in (one, few))
    small = 2 * (2 * 8 + 2 * 2) * 4 * 2 + 2 * 2 * 8 * 4  # bytes that each token brings
    assert second - first == pytest.approx(2 * small / 1e9)


def test_few_sequences_are_split_over_the_cache():
    constants = decode_of(eb=1, t0=0, tc=0, tm=0, l2x=1, tr=3e-6, ch=64, bs=1)
    one = decode_terms(shape(True, 1.0, 1000.0, 8, 1), constants=constants, rates=RATES)
    assert one.latency == 3e-6  # 1 unit of work, 4 pieces, one reduction
    short = decode_terms(shape(True, 1.0, 64.0, 8, 1), constants=constants, rates=RATES)
    assert short.latency == 0.0  # 64 tokens are one piece
    # and one piece on one of four units draws a quarter of the bandwidth
    assert short.memory == pytest.approx(4 * 2 * 64 * 128 * 2 / 1e9)


def test_a_captured_graph_has_its_own_launch():
    known = load_calibration("h100-sxm")
    asked = shape(True, 256.0, 1024.0, 8, 1)
    kwargs = {"constants": known.decode[Dtype.BF16], "rates": known.reference}
    saved = (
        decode_terms(asked, **kwargs).latency - decode_terms(asked, launch=3e-6, **kwargs).latency
    )
    assert saved == pytest.approx(known.decode[Dtype.BF16].widths[128].t0 - 3e-6)


@pytest.mark.parametrize(
    ("heads", "kv_heads", "capability", "slow"),
    [
        (64, 8, 90, False),
        (32, 2, 90, False),  # 16 is the widest group of the usual kernel
        (34, 2, 90, True),
        (64, 1, 100, True),
        (64, 1, 80, False),
        (8, 8, 90, True),
        (8, 8, 89, True),
        (8, 8, 80, False),
        (8, 8, 100, False),
    ],
)
def test_who_falls_back(heads, kv_heads, capability, slow):
    assert falls_back(shape(True, 1.0, 64.0, heads, kv_heads), capability) is slow


def total_on(chip, asked, bandwidth=1.0):
    known = load_calibration(chip)
    rates = replace(known.reference, bandwidth=known.reference.bandwidth * bandwidth)
    return decode_terms(asked, constants=known.decode[asked.cache_dtype], rates=rates).total


@pytest.mark.parametrize("chip", ["h100-sxm", "h200-sxm", "b200-sxm", "l40s"])
def test_more_than_16_heads_to_a_cache_fall_off_a_cliff(chip):
    # batch 32, 4096 tokens, 64 query heads: half the cache bytes take longer
    times = [total_on(chip, shape(True, 32.0, 4096.0, 64, kv)) for kv in (4, 2)]
    assert times[1] > 1.4 * times[0]


def test_the_fallback_on_hopper_takes_what_was_measured():
    # model_forms.md, finding 3: 658 us on H100 with one key-value head
    assert total_on("h100-sxm", shape(True, 32.0, 4096.0, 64, 1)) == pytest.approx(658e-6, rel=0.15)


@given(
    st.sampled_from(CALIBRATED),
    st.integers(1, 512),
    st.integers(1, 65_536),
    st.sampled_from([(64, 8), (8, 1), (32, 32), (64, 1)]),
    st.floats(1.0, 16.0),
)
@LAW
def test_more_bandwidth_never_slows_decode(chip, batch, context, heads, factor):
    asked = shape(True, float(batch), float(context), *heads)
    assert total_on(chip, asked, factor) <= total_on(chip, asked) * (1 + 1e-12)


def prefill_on(chip, asked, peak=1.0, bandwidth=1.0):
    known = load_calibration(chip)
    rates = replace(known.reference, bandwidth=known.reference.bandwidth * bandwidth)
    return prefill_terms(
        asked,
        constants=known.prefill[Dtype.BF16, asked.cache_dtype],
        rates=rates,
        peak=known.reference.peaks[Dtype.BF16] * peak,
    ).total


@given(
    st.sampled_from(CALIBRATED), st.integers(1, 64), st.integers(1, 32_768), st.floats(1.0, 16.0)
)
@LAW
def test_more_peak_or_bandwidth_never_slows_prefill(chip, batch, length, factor):
    asked = shape(False, float(batch), float(length), 8, 1)
    now = prefill_on(chip, asked) * (1 + 1e-12)
    assert prefill_on(chip, asked, peak=factor) <= now
    assert prefill_on(chip, asked, bandwidth=factor) <= now


@given(
    st.sampled_from(CALIBRATED),
    st.lists(st.tuples(st.integers(1, 256), st.integers(1, 16_384)), min_size=1, max_size=5),
)
@LAW
def test_a_sweep_equals_its_scalars(chip, sizes):
    batch, length = (np.array(values, dtype=float) for values in zip(*sizes, strict=True))
    decode = total_on(chip, shape(True, batch, length, 8, 1)).tolist()
    assert decode == [total_on(chip, shape(True, float(b), float(s), 8, 1)) for b, s in sizes]
    prefill = prefill_on(chip, shape(False, batch, length, 8, 1)).tolist()
    assert prefill == [prefill_on(chip, shape(False, float(b), float(s), 8, 1)) for b, s in sizes]


def slower_width(width, unit):
    return width._replace(t0=width.t0 * unit, tc=width.tc * unit)


@given(st.integers(1, 256), st.integers(1, 16_384), st.sampled_from([0.5, 4.0]))
@LAW
def test_time_of_decode_scales_with_its_unit(batch, context, unit):
    known = load_calibration("h100-sxm")
    constants, rates = known.decode[Dtype.BF16], known.reference
    longer = replace(
        constants,
        tr=constants.tr * unit,
        tp=constants.tp * unit,
        widths={of: slower_width(width, unit) for of, width in constants.widths.items()},
        fallback=slower_width(constants.fallback, unit),
    )
    slower = replace(rates, bandwidth=rates.bandwidth / unit)
    asked = shape(True, float(batch), float(context), 8, 1)
    time = decode_terms(asked, constants=constants, rates=rates).total
    slowed = decode_terms(asked, constants=longer, rates=slower).total
    assert slowed == pytest.approx(time * unit, rel=1e-12)
