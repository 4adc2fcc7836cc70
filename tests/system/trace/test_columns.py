"""Columns of a trace, and what is found in them."""

from __future__ import annotations

from array import array

import pytest

from ironlaw.system.trace.categories import DEVICE_WORK, Category, Phase, category_of
from ironlaw.system.trace.columns import (
    Trace,
    Track,
    device_work,
    launches,
    rows_by_track,
    rows_of,
)


def small_trace() -> Trace:
    """One launch of a graph that runs two kernels, and an instant."""
    return Trace(
        path="-",
        format="kineto",
        phase=array("b", [Phase.SLICE, Phase.SLICE, Phase.INSTANT, Phase.SLICE]),
        category=array("b", [Category.RUNTIME, Category.KERNEL, Category.KERNEL, Category.KERNEL]),
        start=array("q", [10, 20, 25, 30]),
        duration=array("q", [5, 100, 0, 7]),
        track=array("i", [0, 1, 1, 1]),
        name=array("i", [0, 1, 1, 1]),
        correlation=array("q", [7, 7, -1, 7]),
        shapes=array("i", [-1, 2, -1, -1]),
        strings=("cudaGraphLaunch", "gemm", "[[2, 2]]"),
        tracks=(Track(process="1", thread="1"), Track(process="0", thread="7")),
    )


@pytest.mark.parametrize(
    ("spelling", "category"),
    [
        ("cpu_op", Category.OPERATOR),
        ("Operator", Category.OPERATOR),
        ("Kernel", Category.KERNEL),
        ("gpu_memcpy", Category.COPY),
        ("Memset", Category.SET),
        ("xpu_runtime", Category.RUNTIME),
        ("sched", Category.SCHEDULER),
        ("privateuse1_driver", Category.DRIVER),
        ("whatever", Category.OTHER),
        ("", Category.OTHER),
    ],
)
def test_spellings_of_categories(spelling, category):
    assert category_of(spelling) is category


def test_begin_and_end():
    assert (small_trace().begin, small_trace().end) == (10, 120)
    assert (Trace(path="-", format="kineto").begin, Trace(path="-", format="kineto").end) == (0, 0)


def test_instants_are_no_slices():
    assert list(rows_of(small_trace(), DEVICE_WORK)) == [1, 3]
    assert list(rows_of(small_trace(), DEVICE_WORK, Phase.INSTANT)) == [2]


def test_rows_by_track():
    found = rows_by_track(small_trace(), {Category.RUNTIME, Category.KERNEL})
    assert {track: list(rows) for track, rows in found.items()} == {0: [0], 1: [1, 3]}


def test_one_launch_of_a_graph_has_many_kernels():
    assert launches(small_trace()) == {7: 0}
    assert {key: list(rows) for key, rows in device_work(small_trace()).items()} == {7: [1, 3]}


def test_texts_of_a_row():
    trace = small_trace()
    assert (trace.text(0), trace.shapes_text(0)) == ("cudaGraphLaunch", "")
    assert (trace.text(1), trace.shapes_text(1)) == ("gemm", "[[2, 2]]")
