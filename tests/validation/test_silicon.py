"""The model forms against measured kernels: the median error, good or bad, under what was promised.

The limits stand a little above the medians of `model_forms.md`, which hold for shapes that were left out of the fit;
the rows here were in it, so an error above the limit means that form or constants have changed.
"""

from __future__ import annotations

import csv
import math
from statistics import median

import pytest

from ironlaw.cost.attention import (
    decode_small_traffic,
    decode_terms,
    prefill_terms,
    prefill_traffic,
)
from ironlaw.cost.collective import all_reduce_volume, collective_terms
from ironlaw.cost.gemm import gemm_terms
from ironlaw.cost.memory_path import warm_fraction
from ironlaw.registry.calibration import load_calibration
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import AttentionShape
from silicon_names import CHIPS, DTYPES

EVERY = 5  # take each fifth row of a large cell
LARGE = 400  # rows from which a cell is large


@pytest.fixture(scope="session")
def measured(shared):
    """A function from a file and a filter to a sample of its measured rows."""

    def read(name, keep=lambda _: True, **wanted):
        path = shared / "silicon" / name
        if not path.is_file():
            pytest.skip(f"no {path}: the measurements are not here")
        with path.open(encoding="utf-8") as lines:
            rows = [
                row
                for row in csv.DictReader(lines)
                if all(row[column] == value for column, value in wanted.items()) and keep(row)
            ]
        assert len(rows) > 40, f"{name} has too few rows of {wanted}"
        return rows[::EVERY] if len(rows) > LARGE else rows

    return read


def median_error(rows, predicted) -> float:
    assert len(rows) > 40
    return median(abs(predicted(row) / float(row["t_s"]) - 1.0) for row in rows)


def gemm_time(row) -> float:
    known, dtype = load_calibration(CHIPS[row["gpu"]]), DTYPES[row["dtype"]]
    reference = known.reference
    m, n, k = (float(row[name]) for name in "mnk")
    a, w, c = m * k * dtype.size, n * k * dtype.size, 2.0 * m * n
    touched = a + min(max(math.ceil(reference.l2_capacity / w), 1), 5) * w + c
    return gemm_terms(
        m,
        n,
        k,
        traffic=(a, w, c),
        constants=known.gemm[dtype],
        rates=(reference.peaks[dtype], reference.bandwidth, reference.n_sm),
        hit=warm_fraction(touched, reference.l2_capacity),
    ).total


def shape_of(row, *, decode: bool) -> AttentionShape:
    length = float(row["kv_len" if decode else "seq"])
    return AttentionShape(
        decode=decode,
        batch=float(row["batch"]),
        query_len=1.0 if decode else length,
        context_len=length,
        n_heads=float(row["heads_q"]),
        n_kv_heads=float(row["heads_kv"]),
        d_head=float(row["head_dim"]),
        causal=True,
        cache_dtype=DTYPES[row["kv_dtype"]],
    )


def prefill_time(row) -> float:
    known, shape = load_calibration(CHIPS[row["gpu"]]), shape_of(row, decode=False)
    touched = sum(prefill_traffic(shape))
    return prefill_terms(
        shape,
        constants=known.prefill[DTYPES[row["q_dtype"]], shape.cache_dtype],
        rates=known.reference,
        peak=known.reference.peaks[DTYPES[row["math_dtype"]]],
        hit=warm_fraction(touched, known.reference.l2_capacity),
    ).total


def decode_time(row) -> float:
    known, shape = load_calibration(CHIPS[row["gpu"]]), shape_of(row, decode=True)
    cache = 2.0 * shape.batch * shape.n_kv_heads * shape.context_len * shape.d_head
    touched = cache * shape.cache_dtype.size + decode_small_traffic(shape)
    return decode_terms(
        shape,
        constants=known.decode[shape.cache_dtype],
        rates=known.reference,
        hit=warm_fraction(touched, known.reference.l2_capacity),
    ).total


def all_reduce_time(row) -> float:
    known, ranks = load_calibration(CHIPS[row["gpu"]]), int(row["n_gpus"])
    return collective_terms(
        all_reduce_volume(float(row["bytes"]), ranks),
        ranks,
        constants=known.all_reduce[row["impl"]],
        link_bandwidth=known.reference.link_bandwidth,
    ).total


@pytest.mark.parametrize(
    ("gpu", "dtype", "limit"),
    [
        ("a100_sxm", "bfloat16", 0.10),  # 8.2 %
        ("h100_sxm", "bfloat16", 0.05),  # 3.6 %
        ("h200_sxm", "bfloat16", 0.055),  # 4.1 %
        ("b200_sxm", "bfloat16", 0.07),  # 5.7 %
        ("l40s", "bfloat16", 0.085),  # 6.9 %
        ("h100_sxm", "fp8", 0.075),  # 2.3 to 6 %
        ("h200_sxm", "fp8", 0.075),
        ("b200_sxm", "fp8", 0.075),
        ("l40s", "fp8", 0.075),
        ("h100_sxm", "fp8_block", 0.085),  # 3.6 to 7 %
        ("h200_sxm", "fp8_block", 0.085),
        ("b200_sxm", "fp8_block", 0.085),
        ("b200_sxm", "nvfp4", 0.11),  # 6 to 9 %
    ],
)
def test_gemms(measured, gpu, dtype, limit):
    assert median_error(measured("gemm.csv", gpu=gpu, dtype=dtype), gemm_time) < limit


@pytest.mark.parametrize(
    ("gpu", "limit"),
    [
        ("a100_sxm", 0.10),  # 8 %
        ("h100_sxm", 0.10),  # 5 to 9 %
        ("h200_sxm", 0.10),
        ("b200_sxm", 0.10),
        ("l40s", 0.25),  # 12 to 23 %
    ],
)
def test_prefill_attention(measured, gpu, limit):
    rows = measured("attention_prefill.csv", gpu=gpu, q_dtype="bfloat16", window="0")
    assert median_error(rows, prefill_time) < limit


@pytest.mark.parametrize(
    ("gpu", "limit"),
    [
        ("a100_sxm", 0.15),  # 13 %
        ("h100_sxm", 0.16),  # 10 to 14 %
        ("h200_sxm", 0.16),
        ("b200_sxm", 0.08),  # 4 to 6 %
        ("l40s", 0.18),  # 8 to 16 %
    ],
)
def test_decode_attention(measured, gpu, limit):
    # GQA of 4 to 16 and at least 256 cached tokens, as in the table of model_forms.md
    def usual(row) -> bool:
        group = int(row["heads_q"]) / int(row["heads_kv"])
        return 4 <= group <= 16 and int(row["kv_len"]) >= 256

    rows = measured("attention_decode.csv", keep=usual, gpu=gpu, kv_dtype="bfloat16", window="0")
    assert median_error(rows, decode_time) < limit


@pytest.mark.parametrize(
    ("gpu", "limit"),
    [
        ("a100_sxm", 0.09),  # NVLink 2 to 7 %
        ("h100_sxm", 0.09),
        ("h200_sxm", 0.09),
        ("b200_sxm", 0.09),
        ("l40s", 0.20),  # PCIe 17 to 20 %
    ],
)
def test_all_reduce(measured, gpu, limit):
    # two-byte messages, which the constants were fitted to
    rows = measured(
        "allreduce.csv",
        keep=lambda row: row["dtype"] in ("half", "bfloat16"),
        gpu=gpu,
        collective="all_reduce",
    )
    assert {row["impl"] for row in rows} == set(load_calibration(CHIPS[gpu]).all_reduce)
    assert median_error(rows, all_reduce_time) < limit


@pytest.mark.parametrize("gpu", ["h100_sxm", "b200_sxm"])
def test_the_form_beats_the_bare_roofline(measured, gpu):
    rows = measured("gemm.csv", gpu=gpu, dtype="bfloat16")
    reference = load_calibration(CHIPS[gpu]).reference

    def roofline(row) -> float:
        m, n, k = (float(row[name]) for name in "mnk")
        moved = 2.0 * (m * k + n * k + m * n)
        return max(2.0 * m * n * k / reference.peaks[Dtype.BF16], moved / reference.bandwidth)

    assert median_error(rows, gemm_time) < median_error(rows, roofline) / 4
