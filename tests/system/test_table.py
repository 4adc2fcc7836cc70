"""Rows, terms and what binds."""

from __future__ import annotations

import pytest

from ironlaw.cost.family import Family
from ironlaw.cost.gemm import gemm_terms
from ironlaw.cost.iron_law import TimeTerms
from ironlaw.cost.kernel import Evidence
from ironlaw.registry.calibration import load_calibration
from ironlaw.registry.constants import Span
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario
from ironlaw.system.table import (
    KernelRow,
    bound_of,
    intensity,
    kernel_rows,
    step_terms,
    sum_of_terms,
    times,
)


def row(terms: TimeTerms, family=Family.GEMM, layer="qkv") -> KernelRow:
    return KernelRow(
        name="kernel",
        block="layer",
        layer=layer,
        family=family.value,
        count=1,
        flops=1.0,
        traffic=2.0,
        bound="memory",
        time=float(terms.total),
        span=Span(0.9, 1.1),
        share=0.1,
        terms=terms,
        ideal=0.0,
        peak=1.0,
        touches_cache=False,
        evidence=Evidence.MEASURED,
    )


@pytest.mark.parametrize(
    ("terms", "bound"),
    [
        (TimeTerms(compute=3.0, memory=2.0), "compute"),
        (TimeTerms(compute=3.0, memory=2.0, serial=1.5), "memory"),
        (TimeTerms(link=3.0, memory=2.0), "link"),
        (TimeTerms(latency=3.0, memory=2.0), "launch"),
    ],
)
def test_the_largest_term_binds(terms, bound):
    assert bound_of(terms) == bound


def test_a_matrix_near_the_ridge_that_computes_longer_is_bound_by_compute():
    h100 = load_calibration("h100-sxm")
    terms = gemm_terms(
        384.0,
        8192.0,
        8192.0,
        traffic=(384 * 8192 * 2.0, 8192 * 8192 * 2.0, 384 * 8192 * 2.0),
        constants=h100.gemm[Dtype.BF16],
        rates=(989e12, 3.35e12, 132),
    )
    assert terms.serial == 0.0
    assert 0.5 * terms.compute < terms.memory < terms.compute
    assert bound_of(terms) == "compute"


def test_terms_of_several_launches():
    terms = times(TimeTerms(compute=1.0, memory=2.0, link=3.0, serial=4.0, latency=5.0), 80)
    assert terms.total == 80 * (3.0 + 4.0 + 5.0)
    both = sum_of_terms([terms, TimeTerms(compute=1000.0)])
    assert (both.compute, both.link) == (1080.0, 240.0)


def test_the_step_is_split_by_what_each_kernel_waits_for():
    parts = step_terms(
        (
            row(TimeTerms(compute=10.0, memory=4.0, latency=1.0)),
            row(TimeTerms(compute=3.0, memory=5.0, serial=2.0, latency=1.0)),
            row(TimeTerms(link=7.0, serial=0.5, latency=1.0), Family.COLLECTIVE),
            row(TimeTerms(latency=20.0), Family.SMALL, "dispatch"),
        )
    )
    assert (parts.compute, parts.memory, parts.link) == (10.0, 5.0 + 2.0 + 0.5, 7.0)
    assert (parts.launch, parts.dispatch) == (3.0, 20.0)


def test_intensity_of_nothing_moved():
    assert intensity(10.0, 4.0) == 2.5
    assert intensity(10.0, 0.0) == 0.0


def test_rows_of_the_crisis():
    found = diagnose(
        scenario("llama-3-70b", "h100-sxm", batch=16, context=8192, tp=8, fusion="partial")
    )
    rows = {one.name: one for one in kernel_rows(found)}
    expand = rows["expand_k"]
    # 80 · 9 · 16 · 8192 · 128 · 2 B, no arithmetic
    assert (expand.traffic, expand.flops, expand.count) == (80 * 9 * 16 * 8192 * 256, 0.0, 80)
    assert (expand.bound, expand.touches_cache, expand.intensity) == ("memory", True, 0.0)
    assert rows["attention_all_reduce"].bound in ("link", "launch")
    # gate and up at 16 rows: 2·16·(2·3584)·8192 FLOP over little more than the weights' bytes
    assert rows["gate_up_proj"].intensity == pytest.approx(16.0, rel=0.01)
    assert rows["gate_up_proj"].flop_rate == rows["gate_up_proj"].flops / rows["gate_up_proj"].time
