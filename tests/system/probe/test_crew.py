"""Real workers, for a fraction of a second."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest

from ironlaw.base.errors import DomainError, UnknownNameError
from ironlaw.system.probe.crew import ProbeError, ProcessCrew, usable_cores
from ironlaw.system.probe.ops import NumpyOps
from ironlaw.system.probe.plan import plan_of
from ironlaw.system.probe.tasks import Task, program
from ironlaw.system.probe.worker import Bench, serve

KIB = 2**10
WINDOW = 1e-4


def asked(*requests):
    answers = []
    serve([json.dumps(one) for one in requests], answers.append, Bench(NumpyOps(), 256 * KIB))
    return answers


def test_a_worker_answers_line_by_line():
    task = ["stream", "triad", 128 * KIB]
    described, calls, timing = asked(
        {"do": "describe"},
        {"do": "prepare", "task": task, "window": WINDOW},
        {"do": "time", "task": task, "calls": 3, "start": 0.0},
    )
    assert "numpy" in described
    assert calls >= 1
    assert 0.0 < timing.busy < timing.passed


def test_every_task_of_a_plan_runs():
    plan, ops = plan_of("numpy", 1, 1, quick=True), NumpyOps()
    bench = Bench(ops, 256 * KIB)
    small = {"stream": 128 * KIB, "gemm": 8, "spread": 64 * KIB}
    for kind, name in dict.fromkeys((task.kind, task.name) for task, _ in plan.all_tasks()):
        task = Task(kind, name, small.get(kind, 1))
        assert bench.prepare(task, 1e-6) >= 1
        assert task.units >= 1.0


def test_a_working_set_larger_than_its_memory_is_refused():
    ops = NumpyOps()
    with pytest.raises(DomainError, match="size"):
        program(Task("stream", "read", 64 * KIB), ops, ops.full(1.0, KIB))


def test_an_unknown_operator_is_refused():
    with pytest.raises(UnknownNameError, match="did you mean 'gemm"):
        program(Task("operator", "gem", 1), NumpyOps())


def test_two_processes_start_together_and_say_what_they_took():
    with ProcessCrew("numpy", 1, (256 * KIB, 128 * KIB)) as crew:
        assert crew.workers == 2
        assert crew.backend == "numpy"
        assert "numpy" in crew.describe()
        task = Task("stream", "read", 128 * KIB)
        calls = crew.prepare(task, WINDOW, 2)
        alone, both = crew.time(task, calls, 1), crew.time(task, calls, 2)
        assert 0.0 < alone.busy <= alone.passed
        assert both.busy == both.passed > 0.0


def test_what_a_worker_cannot_do_ends_the_session_with_a_reason():
    with (
        ProcessCrew("numpy", 1, (64 * KIB,)) as crew,
        pytest.raises(ProbeError, match="up to 65536"),
    ):
        crew.prepare(Task("stream", "read", 128 * KIB), WINDOW, 1)


@pytest.mark.skipif(find_spec("torch") is not None, reason="PyTorch is installed")
def test_a_worker_without_its_toolkit_says_so():
    with (
        ProcessCrew("torch", 1, (64 * KIB,)) as crew,
        pytest.raises(ProbeError, match="needs torch"),
    ):
        crew.describe()


def test_a_worker_that_dies_is_noticed():
    with ProcessCrew("numpy", 1, (64 * KIB,)) as crew:
        crew.describe()
        crew._processes[0].kill()
        with pytest.raises(ProbeError, match="ended with"):
            crew.describe()


def test_there_is_a_core():
    assert usable_cores() >= 1
