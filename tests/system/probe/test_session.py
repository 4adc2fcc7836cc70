"""Sessions with machines whose rates are known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.system.probe.plan import plan_of
from ironlaw.system.probe.session import measure
from ironlaw.system.probe.tasks import Task
from system.probe.machines import CACHE, CALLS, GEMM, HELD, MEMORY, RATES, KnownCrew

MIB = 2**20


def taken(crew, plan=None, **options):
    plan = plan_of("numpy", 1, 2, kernels=True) if plan is None else plan
    return measure(crew, plan, clock=lambda: crew.now, **options)


def test_the_rates_of_the_machine_are_found():
    found = taken(KnownCrew())
    assert [level.last for level in found.levels] == [HELD, 512 * MIB]
    assert [level.bandwidth for level in found.levels] == pytest.approx([CACHE, MEMORY])
    assert found.peaks["fp32"].value == pytest.approx(GEMM["float32"])
    assert found.peaks["fp64"].value == pytest.approx(GEMM["float64"])
    assert found.slow["fp16"].value == pytest.approx(GEMM["float16"])
    assert {name: rate.value for name, rate in found.rates.items()} == pytest.approx(RATES)
    assert found.toolkit_call.time == CALLS["toolkit"]
    assert found.spread == pytest.approx({"cached": 120e-12, "memory": 190e-12})
    assert found.scaling == pytest.approx({1: GEMM["float32"], 2: 2.0 * GEMM["float32"]})
    assert found.disturbed() == []
    assert [(one.workers, one.size) for one in found.memory(2)] == [
        (2, size * MIB) for size in (16, 32, 64, 128, 256, 512)
    ]


def test_figures_of_two_workers_are_of_both_together():
    found = taken(KnownCrew(), plan_of("numpy", 2, 2))
    assert found.peaks["fp32"].value == pytest.approx(2.0 * GEMM["float32"])
    assert found.levels[0].bandwidth == pytest.approx(2.0 * CACHE)
    assert found.levels[-1].bandwidth == pytest.approx(MEMORY)  # which they share


def test_a_disturbance_now_and_then_changes_nothing():
    quiet, busy = taken(KnownCrew()), taken(KnownCrew(disturbances=(1.0, 1.0, 1.0, 2.5, 1.0)))
    assert busy.peaks["fp32"].value == pytest.approx(quiet.peaks["fp32"].value)
    assert busy.levels == quiet.levels
    assert busy.disturbed() == []


def test_a_machine_that_never_agrees_with_itself_says_so_and_ends():
    crew = KnownCrew(disturbances=tuple(1.0 + 0.13 * i for i in range(97)))
    begun = []
    found = taken(crew, progress=lambda _, spent: begun.append(spent))
    assert "memory bandwidth" in dict(found.disturbed())
    assert min(dict(found.disturbed()).values()) > 0.1
    assert begun[-1] < plan_of("numpy", 1, 2).budget < crew.now


def test_time_that_others_had_the_core_is_said_and_not_counted():
    found = taken(KnownCrew(stolen=0.4))
    assert found.waited == pytest.approx(0.4)
    assert found.peaks["fp32"].value == pytest.approx(GEMM["float32"])


def test_rounds_are_interleaved():
    """Each task is timed once before any is timed again."""
    order = []

    class Noting(KnownCrew):
        def time(self, task, calls, active):
            order.append((task, active))
            return super().time(task, calls, active)

    taken(Noting())
    first_round = order[: len(set(order))]
    assert len(set(first_round)) == len(first_round)


def test_progress_is_reported_before_each_round():
    seen = []
    taken(KnownCrew(), progress=lambda done, spent: seen.append((done, spent)))
    assert [done for done, _ in seen] == list(range(len(seen)))
    assert seen[0] == (0, 0.0)
    assert seen[-1][1] > 0.0


def test_a_set_whose_calls_are_mostly_dispatch_is_left_out():
    class Slow(KnownCrew):
        def one(self, task, active):
            return super().one(task, active) + (20e-6 if task.kind in ("stream", "call") else 0.0)

    sizes = {one.size for one in taken(Slow()).sweep}
    assert min(sizes) > 64 * 1024
    assert max(sizes) == 512 * MIB


def test_a_plan_asks_each_worker_for_what_it_runs():
    plan = plan_of("numpy", 1, 4)
    assert plan.counts == (1, 2, 4)
    assert plan.rooms() == (512 * MIB, 256 * MIB, 128 * MIB, 128 * MIB)
    assert plan_of("numpy", 3, 4).counts == (1, 2, 3, 4)
    assert plan_of("numpy", 1, 1, memory=1024.0 * MIB).sizes[-1] == 128 * MIB
    assert plan_of("numpy", 1, 1, quick=True).sizes[-1] == 128 * MIB


@pytest.mark.parametrize(("workers", "most"), [(0, 2), (3, 2), (-1, 2)])
def test_a_plan_for_cores_that_are_not_there_is_refused(workers, most):
    with pytest.raises(DomainError, match="threads"):
        plan_of("numpy", workers, most)


def test_a_stream_fills_its_working_set():
    for name, arrays in (("read", 1), ("copy", 2), ("triad", 3)):
        task = Task("stream", name, MIB)
        assert MIB - 4096 * arrays < task.units <= MIB


def test_short_plans_are_short():
    quick, usual = plan_of("numpy", 1, 2, quick=True), plan_of("numpy", 1, 2)
    assert quick.budget < usual.budget
    assert len(quick.all_tasks()) < len(usual.all_tasks())
    assert len(set(usual.all_tasks())) == len(usual.all_tasks())
    assert replace(quick, operators=()).all_tasks() == quick.all_tasks()
