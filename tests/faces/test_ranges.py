"""Ranges and limits as people write them."""

from __future__ import annotations

from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.faces.ranges import counts, limits, words

LAW = settings(deadline=None, derandomize=True, max_examples=100)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("8", [8]),
        ("1,2,4", [1, 2, 4]),
        ("1:4", [1, 2, 3, 4]),
        ("1024:4096:1024", [1024, 2048, 3072, 4096]),
        ("1:10:4", [1, 5, 9]),
        ("1:100:x4", [1, 4, 16, 64]),
        ("4, 1:4", [4, 1, 2, 3]),  # each once, in the order of first mention
    ],
)
def test_ranges(text, values):
    assert counts("batch", text) == values


@given(st.integers(1, 1000), st.integers(0, 1000), st.integers(1, 50))
@LAW
def test_a_range_holds_both_its_ends(start, length, step):
    found = counts("batch", f"{start}:{start + length * step}:{step}")
    assert (found[0], found[-1], len(found)) == (start, start + length * step, length + 1)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", "whole numbers and ranges such as"),
        ("1:", "whole numbers and ranges such as"),
        ("-1", "whole numbers and ranges such as"),
        ("1.5", "whole numbers and ranges such as"),
        ("many", "whole numbers and ranges such as"),
        ("1:2:3:4", "whole numbers and ranges such as"),
        ("9:1", "ranges that do not end before they begin, as 9:1 does"),
        ("1:9:0", "a step of at least 1"),
        ("1:9:x1", "multiplied by at least 2"),
        ("0:9:x2", "ranges from 1 on"),
        ("1:2000000", "at most 1,000,000 values"),
        ("1:600000,600001:1200000", "at most 1,000,000 values"),
    ],
)
def test_bad_ranges_are_refused(text, allowed):
    with pytest.raises(DomainError) as error:
        counts("batch", text)
    assert str(error.value).startswith(f"batch = {text!r} is outside ")
    assert allowed in str(error.value)


def test_words():
    assert words("bf16, fp8") == ["bf16", "fp8"]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["step<=50ms"], {"step": (-inf, 0.05)}),
        (["mfu >= 0.3"], {"mfu": (0.3, inf)}),
        (["footprint<=60 GB"], {"footprint": (-inf, 60e9)}),
        (["batch>=8", "batch<=64"], {"batch": (8.0, 64.0)}),
        (["step<=50ms", "step<=20ms"], {"step": (-inf, 0.02)}),
        ([], {}),
    ],
)
def test_limits(texts, found):
    assert limits(texts) == found


@pytest.mark.parametrize("text", ["step", "step<50ms", "step=50ms", "<=3", "step<="])
def test_bad_limits_are_refused(text):
    with pytest.raises(DomainError, match="comparisons such as step<=50ms"):
        limits([text])


@pytest.mark.parametrize("text", ["step<=50 parsecs", "step<=fast"])
def test_bad_quantities_are_refused(text):
    with pytest.raises(DomainError, match=r"unit = 'parsecs'|quantity = 'fast'"):
        limits([text])
