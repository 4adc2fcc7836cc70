"""Scores of measured tables: on tables whose answer is known."""

from __future__ import annotations

from math import exp, isfinite, log

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ironlaw.explore.measured.judge import Point
from ironlaw.explore.measured.score import quantile, score, scores_by_kind, validate_folder
from ironlaw.explore.measured.tables import TableError, read_table

FORMS = ("gemm", "attention_prefill", "attention_decode", "allreduce")


@pytest.mark.parametrize("family", FORMS)
def test_times_from_the_forms_themselves_have_no_error(family, predicted, table_file):
    rows = predicted(family)
    (scored,) = validate_folder(table_file(family, rows)).families
    assert scored.family == family
    assert scored.overall.n == len(rows)
    assert scored.overall.median_ape == scored.overall.p90_ape == 0.0
    assert scored.overall.geomean == 1.0
    assert scored.overall.coverage80 == 1.0
    assert scored.overall.naive_median_ape > 0.0
    assert sum(one.n for one in scored.cells.values()) == len(rows)


@pytest.mark.parametrize("family", FORMS)
def test_times_that_are_all_a_quarter_longer_are_a_fifth_under_predicted(
    family, predicted, table_file
):
    rows = [{**row, "t_s": repr(1.25 * float(row["t_s"]))} for row in predicted(family)]
    (scored,) = validate_folder(table_file(family, rows)).families
    assert scored.overall.median_ape == pytest.approx(0.2)
    assert scored.overall.p90_ape == pytest.approx(0.2)
    assert scored.overall.geomean == pytest.approx(0.8)


@pytest.mark.parametrize("family", FORMS)
def test_times_far_outside_the_interval_are_not_covered(family, predicted, table_file):
    rows = predicted(family)
    for i, row in enumerate(rows):
        if i % 4 == 0:
            row["t_s"] = repr(50.0 * float(row["t_s"]))
    (scored,) = validate_folder(table_file(family, rows)).families
    far = len(range(0, len(rows), 4))
    assert scored.overall.coverage80 == (len(rows) - far) / len(rows)
    assert scored.overall.median_ape == 0.0
    assert scored.overall.p90_ape == pytest.approx(0.98)


def test_cells_are_spelt_as_the_table_spells_them(predicted, table_file):
    table_file("gemm", predicted("gemm"))
    folder = table_file("attention_prefill", predicted("attention_prefill"))
    gemm, prefill = validate_folder(folder).families
    assert list(gemm.cells) == [
        "b200_sxm|bfloat16", "b200_sxm|fp8", "h100_sxm|bfloat16", "h100_sxm|fp8",
    ]  # fmt: skip
    assert set(prefill.cells) == {"b200_sxm|bfloat16/bfloat16", "h100_sxm|bfloat16/bfloat16"}


def test_one_family_can_be_asked_for(predicted, table_file):
    table_file("gemm", predicted("gemm"))
    folder = table_file("allreduce", predicted("allreduce"))
    assert [one.family for one in validate_folder(folder, "allreduce").families] == ["allreduce"]


def test_a_format_without_constants_is_answered_by_another_and_said(predicted, table_file):
    rows = predicted("gemm")
    strange = [{**row, "dtype": "int8"} for row in rows if row["dtype"] == "fp8"]
    found = validate_folder(table_file("gemm", rows + strange))
    (scored,) = found.families
    assert scored.cells["h100_sxm|int8"].n == 15
    (h100,) = (note for note in found.notes if "h100_sxm|int8" in note)
    assert "no constants of its own" in h100
    assert h100.endswith("constants of h100-sxm in fp8 answered 15 rows")


def test_a_bad_row_does_not_change_the_others(predicted, table_file):
    rows = predicted("gemm")
    bad = [{**rows[0], "t_s": "nan"}, {**rows[0], "m": "0"}, {**rows[0], "gpu": "abacus"}]
    found = validate_folder(table_file("gemm", [*bad, *rows]))
    assert found.families[0].overall.n == len(rows)
    assert found.families[0].overall.median_ape == 0.0
    assert [(problem.line, problem.column) for problem in found.problems] == [
        (2, "t_s"), (3, "m"), (4, "gpu"),
    ]  # fmt: skip


def test_nothing_to_judge_is_an_error_that_says_why(predicted, table_file):
    rows = [{**row, "gpu": "abacus"} for row in predicted("gemm")]
    with pytest.raises(
        TableError, match=r"no row can be judged: gemm\.csv, line 2: gpu = 'abacus'"
    ):
        validate_folder(table_file("gemm", rows))


def test_progress_is_told(predicted, table_file):
    told = []
    rows = predicted("gemm")
    validate_folder(table_file("gemm", rows), progress=lambda *where: told.append(where))
    assert told == [("gemm", 0, len(rows))]


COUNTS = st.sampled_from(("1", "2", "3", "129", "1000003", str(2**53), "0", "-1", "nan", "1e300"))
TIMES = st.sampled_from(("1e-12", "1e-6", "1e6", "1e-13", "1e-300", "5e-324", "1e300", "inf", ""))
WORDS = st.sampled_from(("a100_sxm", "h100_sxm", "b60", "l40s", "esp32", "abacus", ""))
FORMATS = st.sampled_from(("bfloat16", "fp8", "fp8_block", "nvfp4", "int8", "int4", "x"))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(WORDS, FORMATS, COUNTS, COUNTS, COUNTS, TIMES), min_size=1, max_size=6))
def test_whatever_stands_in_a_row_it_is_judged_or_named(table_file, lines):
    columns = ("gpu", "dtype", "m", "n", "k", "t_s")
    folder = table_file("gemm", [dict(zip(columns, line, strict=True)) for line in lines])
    table = read_table(folder / "gemm.csv", "gemm")
    assert len(table.rows) + len(table.problems) == len(lines)
    if not table.rows:
        with pytest.raises(TableError, match="no row can be judged"):
            validate_folder(folder)
        return
    (found,) = validate_folder(folder).families
    assert found.overall.n == len(table.rows)
    assert all(isfinite(value) for value in found.overall)


def point(predicted, measured=1.0, kinds=()):
    return Point("x|y", kinds, measured, predicted, 0.5, 0.8 * predicted, 1.2 * predicted)


@given(st.lists(st.floats(0.01, 100.0), min_size=1, max_size=40))
def test_a_score_is_what_its_definitions_say(times):
    found = score([point(time) for time in times])
    errors = sorted(abs(time - 1.0) for time in times)
    assert found.n == len(times)
    assert errors[0] <= found.median_ape <= found.p90_ape <= errors[-1]
    assert found.geomean == pytest.approx(exp(sum(map(log, times)) / len(times)))
    inside = [time for time in times if 0.8 * time <= 1.0 <= 1.2 * time]
    assert found.coverage80 == len(inside) / len(times)
    assert found.naive_median_ape == 0.5


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30), st.floats(0.0, 1.0))
def test_quantiles_are_those_of_numpy(numbers, part):
    expected = float(np.quantile(numbers, part))
    assert quantile(sorted(numbers), part) == pytest.approx(expected, abs=1e-9)


def test_kinds_are_scored_apart():
    points = [point(1.0, kinds=("a", "b")), point(2.0, kinds=("a",))]
    found = scores_by_kind(points)
    assert (found["a"].n, found["b"].n, found["b"].median_ape) == (2, 1, 0.0)
