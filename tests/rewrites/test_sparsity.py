"""A sparsity by its name, the bytes that it keeps, and the tiles that it empties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.sparsity import (
    Kind,
    Sparsity,
    active_share,
    empty_share,
    sparsity_named,
    stored_ratio,
)
from ironlaw.workload.experts import distinct_experts

TILE = (128, 64)
shares = st.floats(0.0, 0.999)
sides = st.integers(1, 300)
formats = st.sampled_from(Dtype)


@pytest.mark.parametrize(
    "name", ["2:4", "unstructured:0.9", "block:0.5@128x64", "contextual:0.9", "unstructured:0"]
)
def test_a_name_comes_back(name):
    assert sparsity_named(name).name == name
    assert sparsity_named(sparsity_named(name)) == sparsity_named(name)


def test_nothing_asked_is_nothing():
    assert sparsity_named(None) is None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("2:3", "the forms 2:4"),
        ("2:4:1", "the forms 2:4"),
        ("dense", "the forms 2:4"),
        ("unstructured", "the forms 2:4"),
        ("unstructured:half", "the forms 2:4"),
        ("unstructured:0.5@2x2", "the forms 2:4"),
        ("block:0.5", "the forms 2:4"),
        (0.5, "the forms 2:4"),
        ("unstructured:1", "from 0 and below 1"),
        ("unstructured:-0.1", "from 0 and below 1"),
        ("unstructured:nan", "from 0 and below 1"),
        ("block:1@64x64", "from 0 and below 1"),
        ("block:0.5@0x64", "1 to 4096"),
        ("block:0.5@64x5000", "1 to 4096"),
        ("block:0.5@64", "ROWSxCOLUMNS"),
        ("block:0.5@-1x64", "ROWSxCOLUMNS"),
        ("contextual:0", "above 0 and below 1"),
        ("contextual:1", "above 0 and below 1"),
        ("contextual:nan", "above 0 and below 1"),
    ],
)
def test_what_is_no_sparsity_is_refused(asked, said):
    with pytest.raises(DomainError, match=said) as error:
        sparsity_named(asked)
    assert error.value.field == "sparsity"


@pytest.mark.parametrize(
    ("dtype", "ratio"),
    [
        (Dtype.BF16, 0.5625),  # 2 of 4 values of 16 bits, and 2 × 2 bits: 36 of 64 bits
        (Dtype.INT8, 0.625),  # 20 of 32
        (Dtype.FP8, 0.625),
        (Dtype.FP32, 0.53125),  # 68 of 128
    ],
)
def test_two_of_four_with_their_places(dtype, ratio):
    assert stored_ratio(sparsity_named("2:4"), dtype) == ratio


@pytest.mark.parametrize(
    ("share", "ratio"),
    [
        (0.5, 0.5625),  # a bitmap, one bit to 16
        (0.9, 0.1625),  # still the bitmap: 16-bit columns take 0.2
        (0.98, 0.04),  # columns: twice the values
        (0.05, 1.0),  # neither: dense is smaller
    ],
)
def test_unstructured_values_take_the_smaller_index(share, ratio):
    found = stored_ratio(Sparsity(kind=Kind.UNSTRUCTURED, share=share), Dtype.BF16)
    assert found == pytest.approx(ratio)


@given(shares, formats, sides, sides)
def test_bytes_never_grow_and_never_vanish(share, dtype, high, wide):
    for kind, block in ((Kind.UNSTRUCTURED, None), (Kind.BLOCK, (high, wide))):
        found = stored_ratio(Sparsity(kind=kind, share=share, block=block), dtype, TILE)
        assert 1.0 - share <= found + 1e-9
        assert found <= 1.0


@given(formats)
def test_no_zeros_store_as_dense(dtype):
    for name in ("unstructured:0", "block:0@128x64"):
        assert stored_ratio(sparsity_named(name), dtype, TILE) == 1.0


def test_contextual_sparsity_keeps_everything():
    assert stored_ratio(sparsity_named("contextual:0.9"), Dtype.BF16) == 1.0


def test_blocks_without_a_tile_are_refused():
    with pytest.raises(DomainError, match="tile"):
        stored_ratio(sparsity_named("block:0.5@64x64"), Dtype.BF16)


@pytest.mark.parametrize(
    ("block", "share"),
    [
        ((128, 64), 0.5),  # the tile itself
        ((256, 128), 0.5),  # multiples of it
        ((64, 64), 0.25),  # two to a tile
        ((64, 32), 0.0625),  # four
        ((1, 1), 0.0),  # 8192: never
        # 96 high: tiles 0-127, 128-255, 256-383 of a period of 384 touch 2, 2 and 2 blocks
        ((96, 64), 0.25),
        # 192 high: the same tiles touch 1, 2 and 1
        ((192, 64), (0.5 + 0.25 + 0.5) / 3.0),
    ],
)
def test_a_tile_is_empty_where_all_its_blocks_are(block, share):
    assert empty_share(0.5, block, TILE) == pytest.approx(share, abs=1e-12)


@given(shares, sides, sides)
def test_no_more_tiles_than_blocks_are_empty(share, high, wide):
    assert empty_share(share, (high, wide), TILE) <= share + 1e-12


@given(st.floats(0.05, 0.95), sides, sides)
def test_only_blocks_of_whole_tiles_empty_their_share(share, high, wide):
    aligned = high % TILE[0] == 0 and wide % TILE[1] == 0
    found = empty_share(share, (high, wide), TILE)
    assert (found == pytest.approx(share, rel=1e-9)) is aligned


@given(st.integers(1, 60), st.integers(1, 400))
def test_active_neurons_are_distinct_experts(one_in, tokens):
    sparsity = Sparsity(kind=Kind.CONTEXTUAL, share=1.0 - 1.0 / one_in) if one_in > 1 else None
    if sparsity is None:
        return
    law = distinct_experts(float(one_in), 1.0, float(tokens)) / one_in
    assert active_share(sparsity, float(tokens)) == pytest.approx(law, rel=1e-9)
