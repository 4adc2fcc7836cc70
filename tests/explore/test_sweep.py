"""A sweep is its scalars, in any chunks, in little memory."""

from __future__ import annotations

import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError, MissingPackageError, UnknownNameError
from ironlaw.explore.points import COLUMNS, point_at
from ironlaw.explore.sweep import CHUNK, sweep
from ironlaw.system.question import scenario
from ironlaw.system.table import BOUNDS

LAW = settings(deadline=None, derandomize=True, max_examples=40)
MODELS = (
    "llama-3-8b",
    "llama-3-70b",
    "mixtral-8x7b",
    "deepseek-v3",
    "gemma-3-27b",
    "qwen3-30b-a3b",
)
CHIPS = ("h100-sxm", "a100-80gb-sxm", "b200-sxm", "l40s")
GRID = {"batch": (1, 3, 16, 200), "context": (1, 100, 4096, 5000, 131072)}


def assert_scalars(found):
    """Every column of every point has the digits of the point asked alone, and the same bound."""
    for chunk in found.chunks():
        columns = {name: chunk.column(name) for name in COLUMNS}
        bounds = chunk.bound
        for place, (batch, context) in enumerate(
            zip(columns["batch"], columns["context"], strict=True)
        ):
            alone = point_at(chunk.case, batch, context)
            here = {name: float(values[place]) for name, values in columns.items()}
            assert np.array_equal([*here.values()], [*alone.values.values()], equal_nan=True)
            assert BOUNDS[bounds[place]] == alone.bound
            assert bool(chunk.feasible[place]) is alone.feasible


@given(
    model=st.sampled_from(MODELS),
    chip=st.sampled_from(CHIPS),
    batch=st.lists(st.integers(1, 5000), min_size=1, max_size=3),
    context=st.lists(st.integers(1, 200_000), min_size=1, max_size=3),
    tp=st.sampled_from([1, 2, 8]),
    dtype=st.sampled_from(["bf16", "fp8", "nvfp4"]),
    kv_dtype=st.sampled_from(["bf16", "fp8"]),
    phase=st.sampled_from(["decode", "prefill"]),
    fusion=st.sampled_from(["none", "partial", "full"]),
)
@LAW
def test_a_grid_is_its_scalars(model, chip, **axes):
    assert_scalars(sweep(model, chip, **axes))


@given(st.lists(st.tuples(st.integers(1, 4096), st.integers(1, 131_072)), min_size=1, max_size=6))
@LAW
def test_pairs_are_their_scalars(pairs):
    batches, contexts = zip(*pairs, strict=True)
    found = sweep("llama-3-70b", "h100-sxm", points=(batches, contexts), tp=8, chunk=4)
    assert found.n_points == len(pairs)
    assert found.columns("batch")["batch"].tolist() == list(map(float, batches))
    assert found.columns("context")["context"].tolist() == list(map(float, contexts))
    assert_scalars(found)


@pytest.mark.parametrize("chunk", [1, 2, 7, 10, 1000])
def test_chunks_change_no_digit_and_no_order(chunk):
    axes = {**GRID, "tp": (1, 8), "dtype": ("bf16", "fp8")}
    whole = sweep("llama-3-70b", "h100-sxm", **axes).columns()
    cut = sweep("llama-3-70b", "h100-sxm", chunk=chunk, **axes)
    assert all(0 < part.size <= chunk for part in cut.chunks())
    for name, values in cut.columns().items():
        assert np.array_equal(values, whole[name], equal_nan=True)


def test_points_come_case_by_case_batch_by_batch_context_by_context():
    found = sweep("llama-3-8b", CHIPS[:2], batch=(1, 2), context=(10, 20), tp=(1, 2), chunk=3)
    assert found.n_points == 16
    columns = found.columns("batch", "context")
    assert columns["batch"].tolist() == [1.0, 1.0, 2.0, 2.0] * 4
    assert columns["context"].tolist() == [10.0, 20.0] * 8
    cases = [(case.chip.name, case.request.tensor_parallel) for case in found.cases]
    assert cases == [(CHIPS[0], 1), (CHIPS[0], 2), (CHIPS[1], 1), (CHIPS[1], 2)]


def peak_memory(batches, contexts):
    """The most memory held while every step of a grid is computed and dropped [B]."""
    found = sweep("llama-3-8b", "h100-sxm", batch=range(1, batches + 1), context=contexts)
    tracemalloc.start()
    for chunk in found.chunks():
        chunk.column("step")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_grid():
    contexts = range(64, 64 * 513, 64)
    small, large = peak_memory(512, contexts), peak_memory(2048, contexts)
    assert large < 1.1 * small
    assert large < 96 * CHUNK * 8  # arrays of a chunk, not of the million points


def test_a_layout_that_cannot_be_is_left_out_with_its_reason():
    found = sweep("llama-3-8b", "l40s", tp=(1, 3, 16))
    assert [case.request.tensor_parallel for case in found.cases] == [1]
    reasons = dict(found.skipped)
    assert reasons["llama-3-8b · l40s · 3"].startswith("tp = 3 is")
    assert "chips of a l40s node" in reasons["llama-3-8b · l40s · 16"]


def test_without_formats_each_model_takes_its_own():
    (published,) = sweep("gpt-oss-120b", "h100-sxm").cases
    assert published.notes == scenario("gpt-oss-120b", "h100-sxm").notes


def test_networks_have_no_context():
    found = sweep("resnet-50", "h100-sxm", batch=(1, 8, 64))
    assert found.n_points == 3
    assert_scalars(found)
    with pytest.raises(DomainError, match=r"context = 4096\.0 is outside what resnet-50 has"):
        sweep("resnet-50", "h100-sxm", context=4096)
    with pytest.raises(DomainError, match="model = 'llama-3-8b, resnet-50' is outside models that"):
        sweep(("llama-3-8b", "resnet-50"), "h100-sxm")


def test_where_nothing_can_run_the_reason_is_raised():
    with pytest.raises(DomainError, match="tp = 3 is outside the divisors of the 32"):
        sweep("llama-3-8b", "h100-sxm", tp=(3, 5))


def test_a_format_that_the_chip_lacks_is_said_aloud():
    (case,) = sweep("llama-3-8b", "a100-80gb-sxm", dtype="fp8").cases
    assert any("no fp8 arithmetic" in note for note in case.notes)


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        ({"batch": []}, r"batch = \[\] is outside the whole numbers"),
        ({"batch": [1, 0]}, r"batch = 0\.0 is outside the whole numbers from 1"),
        ({"batch": 2.5}, r"batch = 2\.5 is outside"),
        ({"batch": float("nan")}, "batch = nan is outside"),
        ({"batch": "many"}, "batch = 'many' is outside"),
        ({"batch": ["many"]}, r"batch = \['many'\] is outside"),
        ({"batch": None}, "batch = None is outside"),
        ({"context": np.ones((2, 2))}, "context = "),
        ({"context": [2.0**60]}, r"context = 1\.15\d*e\+18 is outside"),
        ({"points": ([1, 2], [3])}, "points = '2 batches and 1 contexts' is outside two sequences"),
        ({"points": ([1], [3]), "batch": 1}, "batch = 1 is outside sweeps without points"),
        ({"chunk": 0}, "chunk = 0 is outside the whole numbers from 1"),
        ({"dtype": []}, r"dtype = \[\] is outside one value or more"),
        ({"phase": "both"}, "phase = 'both' is outside the choices prefill, decode"),
    ],
)
def test_what_is_outside_is_refused_by_name(axes, message):
    with pytest.raises(DomainError, match=message):
        sweep("llama-3-8b", "h100-sxm", **axes)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"chips": ["h100-sxm", "h900-sxm"]}, "no chip is named 'h900-sxm'"),
        ({"chips": "h100-sxm", "batches": 3}, "no axis is named 'batches'; did you mean 'batch'"),
    ],
)
def test_unknown_names_are_refused(asked, message):
    with pytest.raises(UnknownNameError, match=message):
        sweep("llama-3-8b", **asked)


def test_unknown_columns_are_refused():
    with pytest.raises(UnknownNameError, match="no column is named 'tokens'; did you mean"):
        sweep("llama-3-8b", "h100-sxm").columns("tokens")


def test_without_numpy_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(
        MissingPackageError, match=r"sweep needs NumPy: pip install 'ironlaw\[sweep\]'"
    ):
        sweep("llama-3-8b", "h100-sxm")
