"""Who runs the passes. PyTorch and its GPU are a fake: that they are called rightly is all that is seen here."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from ironlaw.base.errors import DomainError, MissingPackageError
from ironlaw.system.probe import ops as module
from ironlaw.system.probe.ops import NumpyOps, TorchOps, host_time, runner


class Event:
    """An event of a device whose clock ticks 3 ms with each kernel."""

    now = 0.0
    kernels = 0

    def __init__(self, *, enable_timing):
        assert enable_timing
        self.at, self.waited = None, False

    def record(self):
        self.at = Event.now

    def synchronize(self):
        self.waited = True

    def elapsed_time(self, end):
        assert end.waited, "the end of the work has to be waited for"
        return end.at - self.at


def launch(*inputs, out):
    Event.now += 3.0
    Event.kernels += 1


def fake_torch(*, gpu):
    names = ("matmul", "add", "subtract", "multiply", "divide", "maximum", "sqrt", "exp", "dot")
    device = SimpleNamespace(name="Fake GPU", total_memory=8_000_000_000)
    made = []

    class Tensor:
        def __init__(self, shape, device, dtype="float32"):
            self.shape, self.device, self.dtype = shape, device, dtype
            made.append(self)

        def add_(self, value):
            self.added = value
            return self

        def to(self, dtype):
            return Tensor(self.shape, self.device, dtype)

        def copy_(self, source):
            self.source = source

    torch = SimpleNamespace(
        __version__="2.9",
        set_num_threads=lambda count: setattr(torch, "threads", count),
        rand=lambda *shape, device: Tensor(shape, device),
        full=lambda shape, _, device: Tensor(shape, device),
        amax=launch,
        sum=launch,
        bfloat16="bfloat16",
        made=made,
        version=SimpleNamespace(cuda="12.8"),
        cuda=SimpleNamespace(
            is_available=lambda: gpu, Event=Event, get_device_properties=lambda _: device
        ),
        **dict.fromkeys(names, launch),
    )
    return torch


@pytest.fixture
def torch(monkeypatch):
    made = fake_torch(gpu=True)
    monkeypatch.setitem(sys.modules, "torch", made)
    return made


def test_a_gpu_is_timed_by_its_own_events(torch):
    ops = runner("cuda", 1)
    a, b, c = ops.random(2, 2), ops.random(2, 2), ops.full(0.0, 2, 2)
    took = ops.timed(lambda: ops.run("matmul", a, b, out=c), 5)
    assert took == pytest.approx((15e-3, 15e-3))
    assert {tensor.device for tensor in torch.made} == {"cuda"}


def test_a_gpu_is_described(torch):
    said = runner("cuda", 1).describe()
    assert said == {"torch": "2.9", "gpu": "Fake GPU", "gpu_memory": "8000000000", "cuda": "12.8"}


def test_pytorch_on_the_cpu_takes_its_threads(torch):
    ops = runner("torch", 3)
    assert torch.threads == 3
    source, out = ops.full(1.0, 2), ops.full(0.0, 2)
    ops.run("copy", source, out=out)
    assert out.source is source
    assert ops.cast(source, "bfloat16").dtype == "bfloat16"
    assert ops.describe() == {"torch": "2.9"}
    assert ops.timed(lambda: None, 3).passed >= 0.0


def test_a_machine_without_a_gpu_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", fake_torch(gpu=False))
    with pytest.raises(DomainError, match="PyTorch sees no GPU"):
        TorchOps("cuda", 1)


@pytest.mark.parametrize(("backend", "extra"), [("numpy", "measure"), ("torch", "torch")])
def test_a_toolkit_that_is_missing_is_named_with_its_extra(monkeypatch, backend, extra):
    monkeypatch.setitem(sys.modules, backend, None)
    with pytest.raises(MissingPackageError, match=rf"ironlaw\[{extra}\]"):
        runner(backend, 1)


def test_numpy_runs_every_pass():
    ops = NumpyOps()
    x = ops.random(3, 4)
    one, row, out = ops.full(2.0, 1, 1), ops.full(0.0, 3, 1), ops.full(0.0, 3, 4)
    for name, expected in {
        "add": x + 2.0, "subtract": x - 2.0, "multiply": x * 2.0, "divide": x / 2.0,
        "maximum": np.maximum(x, 2.0),
    }.items():  # fmt: skip
        ops.run(name, x, one, out=out)
        assert np.array_equal(out, expected)
    for name, expected in {"sqrt": np.sqrt(x), "exp": np.exp(x), "copy": x}.items():
        ops.run(name, x, out=out)
        assert np.array_equal(out, expected)
    for name, expected in {"row_max": x.max(1), "row_sum": x.sum(1)}.items():
        ops.run(name, x, out=row)
        assert np.array_equal(row[:, 0], expected)
    flat, total = x.reshape(12), ops.full(0.0)
    ops.run("dot", flat, flat, out=total)
    assert float(total) == pytest.approx(float((x * x).sum()))
    assert (x >= 0.5).all()
    assert (x < 1.5).all()
    assert ops.cast(x, "float16").dtype == np.float16
    assert set(ops.describe()) == {"numpy", "blas"}


def test_a_thread_alone_is_timed_by_its_own_clock(monkeypatch):
    """While another process has the core, time passes and the thread's clock stands still."""
    wall, own = iter([10.0, 17.0]), iter([1.0, 3.0])
    monkeypatch.setattr(module, "perf_counter", lambda: next(wall))
    monkeypatch.setattr(module, "thread_time", lambda: next(own))
    monkeypatch.setattr(module, "_FINE", True)
    assert host_time(lambda: None, 1, alone=True) == (2.0, 7.0)


def test_threads_that_share_the_work_are_timed_by_the_time_that_passes(monkeypatch):
    wall = iter([10.0, 10.0, 17.0, 17.0])
    monkeypatch.setattr(module, "perf_counter", lambda: next(wall))
    assert host_time(lambda: None, 1, alone=False) == (7.0, 7.0)
