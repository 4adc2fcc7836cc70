"""What the engine says of the lab's operators on machines with round numbers."""

from __future__ import annotations

import pytest

from ironlaw.registry.chips import read_chip
from ironlaw.system.probe.compare import compared, median_error
from ironlaw.system.probe.plan import plan_of
from ironlaw.system.probe.predict import predict
from ironlaw.system.probe.session import measure
from ironlaw.system.probe.suite import suite
from system.probe.machines import KnownCrew

OPERATORS = {operator.name: operator for operator in suite()}
HEAD = """
title = "Round numbers"
class = "cloud"
memory_name = "memory"
kind = "measured"
source = "desk"
date = "2026-11"
where = "a test"
[sources.desk]
title = "a test"
publisher = "a test"
"""


def machine(scale=1.0, cache=None, detail=""):
    level = "" if cache is None else f"[level.c1]\ncapacity = {{ value = {cache}, unit = 'MiB' }}\n"
    level += "" if cache is None else f"bandwidth = {{ value = {100.0 * scale}, unit = 'GB/s' }}\n"
    return read_chip(
        "round",
        f"""{HEAD}
[peak]
fp32 = {{ value = {100.0 * scale}, unit = "GFLOP/s" }}
{level}
[memory]
bandwidth = {{ value = {10.0 * scale}, unit = "GB/s" }}
capacity = {{ value = 8, unit = "GB" }}
[dispatch]
eager = {{ value = {1.0 / scale}, unit = "us" }}
[detail]
{detail}
""",
    )


def test_a_product_takes_its_flops_and_a_call():
    found = predict(OPERATORS["gemm"], machine(), 1)
    assert found.time == pytest.approx(2.0 * 1024 * 1024 * 1024 / 100e9 + 1e-6)
    assert found.fetched == (3.0 * 4 * 1024 * 1024,)


def test_what_fits_is_still_in_the_cache_from_the_call_before():
    found = predict(OPERATORS["gemm"], machine(cache=64.0), 1)
    assert found.fetched == (3.0 * 4 * 1024 * 1024, 0.0)


def test_workers_share_a_cache():
    """Blocks that fit for one worker fit no more for two."""
    fused = OPERATORS["rmsnorm, fused"]
    alone, shared = (predict(fused, machine(cache=3.0), parts) for parts in (1, 2))
    assert alone.fetched[0] > alone.fetched[1]
    assert 2.0 * shared.fetched[1] > 1.4 * alone.fetched[1]


def test_one_row_is_bound_by_its_weights():
    found = predict(OPERATORS["gemm, one row"], machine(), 1)
    assert found.time == pytest.approx(64.0 * 2**20 / 10e9, rel=0.01)


def test_fusion_gains_what_its_round_trips_took_and_only_with_a_cache():
    eager, fused = OPERATORS["rmsnorm, eager"], OPERATORS["rmsnorm, fused"]
    with_cache = [predict(one, machine(cache=4.0), 1) for one in (eager, fused)]
    without = [predict(one, machine(), 1) for one in (eager, fused)]
    assert with_cache[0].time / with_cache[1].time > 2.0
    assert without[1].time >= without[0].time
    assert with_cache[1].fetched[-1] == pytest.approx(2.0 * 64 * 2**20, rel=0.01)  # x and out, once


def test_a_rate_of_its_own_binds_a_pass():
    slow = machine(detail='exp_rate = { value = 0.1, unit = "GOP/s" }')
    usual = predict(OPERATORS["attention, eager"], machine(), 1)
    assert predict(OPERATORS["attention, eager"], slow, 1).time > usual.time + 0.15
    assert predict(OPERATORS["gemm"], slow, 1).time == predict(OPERATORS["gemm"], machine(), 1).time


def test_the_way_through_the_buffer_costs_what_was_measured_where_the_rows_are():
    slow = machine(cache=4.0, detail='spread_memory = { value = 1, unit = "ns" }')
    eager, plain = (
        predict(OPERATORS["rmsnorm, eager"], one, 1) for one in (slow, machine(cache=4.0))
    )
    copied = 2 * 8192 * 2048  # of the division and of the weights
    assert eager.time - plain.time == pytest.approx(copied * 1e-9)
    fused = predict(OPERATORS["rmsnorm, fused"], slow, 1)  # its blocks are in the cache
    assert fused.time < predict(OPERATORS["rmsnorm, fused"], machine(cache=4.0), 1).time + 1e-9


@pytest.mark.parametrize("name", OPERATORS)
def test_twice_the_machine_takes_half_the_time(name):
    one, two = (predict(OPERATORS[name], machine(scale, cache=8.0), 1) for scale in (1.0, 2.0))
    assert two.time == pytest.approx(one.time / 2.0)


@pytest.mark.parametrize("name", OPERATORS)
def test_two_workers_of_one_machine_take_as_long_as_one(name):
    """Each has half of the rows, half of the rates and half of the caches."""
    one, two = (predict(OPERATORS[name], machine(), parts) for parts in (1, 2))
    assert two.time == pytest.approx(one.time, rel=0.25)  # what all read is read by each


def test_errors_are_of_predicted_against_measured():
    crew = KnownCrew(operator_time=0.02)
    found = measure(crew, plan_of("numpy", 1, 1, kernels=True), clock=lambda: crew.now)
    rows = compared(found, machine())
    assert [row.operator.name for row in rows] == list(OPERATORS)
    gemm = rows[0]
    assert gemm.error == pytest.approx(gemm.prediction.time / 0.02 - 1.0)
    assert median_error(rows[:3]) == sorted(abs(row.error) for row in rows[:3])[1]


def test_a_session_without_operators_compares_none():
    crew = KnownCrew()
    found = measure(crew, plan_of("numpy", 1, 1), clock=lambda: crew.now)
    assert compared(found, machine()) == ()
