"""The table behind the charts."""

from __future__ import annotations

import pytest

from ironlaw.instruments.kernel_table import kernel_table
from ironlaw.system.table import kernel_rows


def test_columns_and_rows_belong_together(step):
    plain = kernel_table(kernel_rows(step)).to_dict()
    ids = [column["id"] for column in plain["columns"]]
    assert ids == ["name", "count", "flops", "traffic", "intensity", "bound", "time", "share"]
    assert all(set(row) == set(ids) for row in plain["rows"])


def test_the_table_adds_up(step):
    rows = kernel_table(kernel_rows(step)).rows
    assert sum(row["time"] for row in rows) == pytest.approx(float(step.step), rel=1e-12)
    assert sum(row["traffic"] for row in rows) == pytest.approx(float(step.traffic), rel=1e-12)
    assert sum(row["share"] for row in rows) == pytest.approx(1.0, rel=1e-12)


def test_kernels_go_by_different_names(step):
    names = [row["name"] for row in kernel_table(kernel_rows(step)).rows]
    assert len(set(names)) == len(names)
