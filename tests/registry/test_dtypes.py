"""Number formats and their bytes."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.registry.dtypes import Dtype, dtype_named


@pytest.mark.parametrize(
    ("name", "size"),
    [("fp32", 4), ("bf16", 2), ("fp8", 1), ("fp8-block", 1), ("int8", 1), ("nvfp4", 0.5625)],
)
def test_bytes_of_an_element(name, size):
    assert dtype_named(name).size == size  # nvfp4: 4 bits and an 8-bit scale for 16 elements


def test_every_format_has_a_size():
    assert all(dtype.size > 0 for dtype in Dtype)


def test_formats_outside_the_allowed_ones_are_refused():
    with pytest.raises(DomainError, match="kv_dtype = 'fp32' is outside the formats bf16, fp8"):
        dtype_named("fp32", (Dtype.BF16, Dtype.FP8), "kv_dtype")
