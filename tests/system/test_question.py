"""Questions in names and numbers: what is refused, and what is said aloud."""

from __future__ import annotations

import numpy as np
import pytest

from ironlaw.base.errors import DomainError, UnknownNameError
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import LaunchMode, diagnose
from ironlaw.system.question import scenario
from ironlaw.workload.spec import Phase


def asked(**changes):
    return scenario(**{"model": "llama-3-70b", "chip": "h100-sxm", "tp": 8, **changes})


def test_a_question_is_translated():
    found = asked(phase="prefill", batch=4, context=512, fusion="partial", dtype="fp8")
    assert (found.request.phase, found.level) == (Phase.PREFILL, FusionLevel.PARTIAL)
    assert (found.request.batch, found.request.context_len) == (4, 512)
    assert (found.weights, found.cache, found.notes) == (Dtype.FP8, Dtype.BF16, ())


@pytest.mark.parametrize(
    ("fusion", "launch"),
    [
        ("none", LaunchMode.EAGER),
        ("partial", LaunchMode.STREAM),
        ("full", LaunchMode.GRAPH),
    ],
)
def test_a_level_of_fusion_has_its_usual_launch(fusion, launch):
    assert asked(fusion=fusion).launch is launch
    assert asked(fusion=fusion, launch="graph").launch is LaunchMode.GRAPH


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"phase": "train"}, "phase = 'train' is outside the choices prefill, decode"),
        ({"fusion": "some"}, "fusion = 'some' is outside the choices none, partial, full"),
        ({"launch": "lazy"}, "launch = 'lazy' is outside the choices eager, stream, graph"),
        ({"dtype": "fp7"}, "dtype = 'fp7' is outside the formats bf16, fp8, fp8-block, int8, int4"),
        ({"dtype": "int16"}, "dtype = 'int16' is outside the formats"),
        ({"kv_dtype": "nvfp4"}, "kv_dtype = 'nvfp4' is outside the formats bf16, fp8"),
        ({"batch": 0}, "batch = 0 is outside the whole numbers from 1"),
        ({"batch": -16}, "batch = -16 is outside"),
        ({"batch": 2.5}, "batch = 2.5 is outside"),
        ({"batch": True}, "batch = True is outside"),
        ({"batch": float("nan")}, "batch = nan is outside"),
        ({"batch": float("inf")}, "batch = inf is outside"),
        ({"batch": np.array([1.0, -1.0])}, r"batch = array\(\[ 1., -1.\]\) is outside"),
        ({"batch": np.array([1.0, np.inf])}, r"batch = array\(\[ 1., inf\]\) is outside"),
        ({"context": 0}, "context = 0 is outside"),
        ({"context": -8192.0}, "context = -8192.0 is outside"),
        ({"context": np.array([np.nan])}, r"context = array\(\[nan\]\) is outside"),
        ({"tp": 0}, "tp = 0 is outside"),
        ({"tp": -8}, "tp = -8 is outside"),
        ({"tp": 1.5}, "tp = 1.5 is outside"),
        ({"ep": 2}, "ep = 2 is outside 1: llama-3-70b has no experts"),
        ({"ep": 0}, "ep = 0 is outside the whole numbers"),
        ({"pp": 2.5}, "pp = 2.5 is outside the whole numbers"),
        ({"pp": 81, "tp": 1}, "pp = 81 is outside 1 to the 80 layers"),
    ],
)
def test_bad_input_is_refused_by_name(changes, message):
    with pytest.raises(DomainError, match=message):
        asked(**changes)


@pytest.mark.parametrize(
    ("tp", "message"),
    [(3, "tp = 3 is outside the divisors"), (16, "tp = 16 is outside 1 to 8, the chips of a")],
)
def test_layouts_that_do_not_exist_are_refused(tp, message):
    with pytest.raises(DomainError, match=message):
        diagnose(asked(tp=tp))


def test_stages_share_the_node():
    assert diagnose(asked(tp=2, pp=4)).scenario.request.pipeline_parallel == 4
    with pytest.raises(DomainError, match=r"pp = 8 is outside 1 to 8.*2 of them to a stage"):
        diagnose(asked(tp=2, pp=8))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "lama-3-70b"}, "no model is named 'lama-3-70b'; did you mean 'llama-3-70b'"),
        ({"chip": "H100_SMX"}, "no chip is named 'H100_SMX'; did you mean 'h100-sxm'"),
        ({"chip": "abacus"}, "no chip is named 'abacus'"),
    ],
)
def test_unknown_names_are_offered_the_nearest(changes, message):
    with pytest.raises(UnknownNameError, match=message):
        asked(**changes)


@pytest.mark.parametrize(
    ("changes", "notes"),
    [
        (
            {"chip": "a100-80gb-sxm", "dtype": "fp8"},
            ["a100-80gb-sxm has no fp8 arithmetic: the weights are in bf16 instead"],
        ),
        ({"chip": "h100-sxm", "dtype": "nvfp4"}, ["h100-sxm has no nvfp4 arithmetic"]),
        ({"chip": "a100-80gb-sxm", "kv_dtype": "fp8"}, ["KV cache"]),
        ({"context": 8193}, ["context is beyond the 8192 positions of llama-3-70b"]),
        ({"context": np.array([1.0, 9000.0])}, ["context is beyond the 8192 positions"]),
        ({"context": 9000, "dtype": "nvfp4"}, ["no nvfp4 arithmetic", "context is beyond"]),
        ({"chip": "b200-sxm", "dtype": "nvfp4", "kv_dtype": "fp8"}, []),
        (
            {"dtype": "int4"},
            [
                "the weights are kept in int4: the arithmetic is in bf16",
                "no int4 GEMM was measured on h100-sxm: its time is borrowed from bf16",
            ],
        ),
        (
            {"dtype": "mxfp4"},
            ["the weights are kept in mxfp4: the arithmetic is in bf16", "borrowed from bf16"],
        ),
        (
            {"dtype": "int8"},
            ["no int8 GEMM was measured on h100-sxm: its time is the nearest format's"],
        ),
        ({"tp": 2, "pp": 4}, ["one batch passes the 4 stages one after the other"]),
        ({}, []),
    ],
)
def test_what_was_replaced_is_said_aloud(changes, notes):
    found = asked(**changes).notes
    assert len(found) == len(notes)
    for said, wanted in zip(found, notes, strict=True):
        assert wanted in said


def test_a_format_that_the_chip_lacks_is_replaced():
    found = asked(chip="a100-80gb-sxm", dtype="fp8", kv_dtype="fp8")
    assert (found.weights, found.cache) == (Dtype.BF16, Dtype.BF16)
    assert float(diagnose(found).step) == float(diagnose(asked(chip="a100-80gb-sxm")).step)
