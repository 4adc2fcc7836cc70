"""Columns of measured tables: which family a header is, and what may stand in a cell."""

from __future__ import annotations

import pytest

from ironlaw.explore.measured.columns import SPECS, Column, Kind, family_of_columns, is_family


@pytest.mark.parametrize("family", SPECS)
def test_a_header_is_recognised_by_its_columns(family):
    names = SPECS[family].names
    assert family_of_columns(names) == family
    assert family_of_columns((*reversed(names), "t_alt_vllm_s", "note")) == family
    assert family_of_columns(names[:-1]) == family, "one missing column is an error of that family"


def test_another_header_is_no_family():
    assert family_of_columns(("name", "value", "unit")) is None
    assert family_of_columns(()) is None


def test_families_have_names():
    assert is_family("gemm") == "gemm"
    assert is_family("GEMM") is None


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Kind.COUNT, ("1", "128", "4096.0", "1e3"), ("0", "-1", "1.5", "nan", "inf", "1e300", "", "x")),
        (Kind.RANKS, ("2", "8"), ("1", "0", "-2")),
        (Kind.INDEX, ("0", "128"), ("-1", "0.5", "nan")),
        (Kind.FLAG, ("0", "1"), ("2", "-1", "0.5")),
        (Kind.TIME, ("1e-12", "0.5", "1e6"), ("0", "1e-13", "5e-324", "2e6", "1e999", "-1e-6")),
        (Kind.TIME, (), ("nan", "inf", "-inf", "12us", "")),
    ],
)  # fmt: skip
def test_a_cell_holds_what_its_kind_allows(kind, good, bad):
    column = Column("x", kind)
    assert [column.number(text) for text in good] == [float(text) for text in good]
    assert [column.number(text) for text in bad] == [None] * len(bad)
