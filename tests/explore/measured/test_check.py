"""What `check_table` flags: corruptions of tables that the forms themselves made, and nothing else."""

from __future__ import annotations

import pytest

from ironlaw.explore.measured.check import check_table
from ironlaw.explore.measured.tables import TableError
from ironlaw.registry.chips import load_chip

FORMS = ("gemm", "attention_prefill", "attention_decode", "allreduce")


@pytest.fixture
def check(table_file):
    def run(family, rows):
        return check_table(table_file(family, rows) / f"{family}.csv")

    return run


@pytest.mark.parametrize("family", FORMS)
def test_a_table_that_the_forms_made_is_clean(family, predicted, check):
    rows = predicted(family)
    found = check(family, rows)
    assert found.flagged == ()
    assert (found.family, found.rows, found.groups) == (family, len(rows), {})


LARGE = {"gpu": "h100_sxm", "dtype": "bfloat16", "m": 8192, "n": 8192, "k": 8192}


def test_a_row_above_the_peak_names_it_and_by_how_much(check):
    h100 = load_chip("h100-sxm")
    least = 2.0 * 8192**3 / h100.peaks[next(d for d in h100.peaks if d.value == "bf16")]
    times = (least / 2.0, 0.96 * least, 0.98 * least, 1.3 * least)
    rows = [{**LARGE, "m": 8192, "k": 8192, "t_s": repr(time)} for time in times]
    for i, row in enumerate(rows):
        row["source"] = f"library {i}"
    found = check("gemm", rows)
    assert [(one.line, one.reason) for one in found.flagged] == [
        (2, "faster than the compute peak"),
        (3, "faster than the compute peak"),
    ]
    assert found.flagged[0].ratio == pytest.approx(2.0)
    assert found.flagged[0].value == pytest.approx(least / 2.0)
    assert found.flagged[0].limit.startswith("compute peak of h100-sxm, 9.894e+14 FLOP/s: at lea")
    assert found.groups == {"faster than the compute peak": 2}


def decode(kv_len, time, batch=64):
    return {
        "gpu": "h100_sxm", "kv_dtype": "bfloat16", "batch": batch, "kv_len": kv_len, "heads_q": 32,
        "heads_kv": 8, "head_dim": 128, "window": 0, "t_s": repr(time),
    }  # fmt: skip


def test_a_cache_beyond_level_2_is_read_at_memory_speed(check):
    size = 2.0 * 64 * 8 * 16384 * 128 * 2
    at_peak = size / 3.35e12
    found = check("attention_decode", [decode(16384, at_peak / 1.5), decode(16383, at_peak * 1.2)])
    (one,) = found.flagged
    assert (one.line, one.reason) == (2, "faster than the memory bandwidth")
    assert one.ratio == pytest.approx(1.5, rel=0.02)


def test_a_cache_inside_level_2_may_be_read_faster_than_memory_but_not_than_level_2(check):
    chip = load_chip("h100-sxm")
    size = 2.0 * 4 * 8 * 1024 * 128 * 2
    assert size < chip.l2_capacity
    warm = [decode(1024, 0.9 * size / chip.bandwidth, batch=4)]
    assert check("attention_decode", warm).flagged == ()
    hot = [decode(1024, 0.5 * size / chip.l2_bandwidth, batch=4)]
    (one,) = check("attention_decode", hot).flagged
    assert one.reason == "faster than the level-2 bandwidth"


def test_a_message_faster_than_the_links(check):
    size = 1 << 30
    row = {
        "gpu": "h100_sxm", "impl": "nccl", "collective": "all_gather", "dtype": "half",
        "n_gpus": 8, "bytes": size, "t_s": repr(0.5 * 7 / 8 * size / 450e9),
    }  # fmt: skip
    # an all-reduce that the switch adds up sends its message once
    reduced = {**row, "collective": "all_reduce", "t_s": repr(1.1 * size / 450e9)}
    (one,) = check("allreduce", [row, reduced]).flagged
    assert (one.line, one.reason) == (2, "faster than the link bandwidth")
    assert one.ratio == pytest.approx(2.0)


def test_experts_beyond_the_memory_bandwidth(check):
    row = {
        "gpu": "h100_sxm", "dtype": "bfloat16", "kernel": "cutlass", "tokens": 64, "hidden": 4096,
        "inter": 14336, "topk": 2, "experts": 8, "tp": 1, "ep": 1, "gated": 1,
        "distribution": "balanced", "t_s": "4e-4",
    }  # fmt: skip
    (one,) = check("moe", [row]).flagged
    assert one.reason == "faster than the memory bandwidth"
    assert one.ratio == pytest.approx((8 * 3 * 4096 * 14336 * 2 - 50e6) / 3.35e12 / 4e-4, rel=0.01)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("m", 0, "zero or negative shape"),
        ("n", -4096, "zero or negative shape"),
        ("k", "1.5", "impossible shape"),
        ("t_s", 0, "zero or negative time"),
        ("t_s", "-1e-6", "zero or negative time"),
        ("t_s", "nan", "not a number"),
        ("t_s", "inf", "impossible time"),
        ("t_s", "soon", "not a number"),
        ("t_s", "", "empty cell"),
    ],
)
def test_impossible_cells(predicted, check, column, value, reason):
    rows = predicted("gemm")
    rows[3][column] = value
    (one,) = check("gemm", rows).flagged
    assert (one.line, one.reason, one.value, one.ratio) == (5, reason, str(value), None)
    assert one.limit.startswith(f"{column}: ")


def test_a_chip_that_the_registry_does_not_know_is_not_the_table_s_fault(predicted, check):
    rows = predicted("gemm")
    rows[0]["gpu"], rows[1]["dtype"] = "abacus", "fp3"
    found = check("gemm", rows)
    assert found.flagged == ()
    assert [problem.value for problem in found.unchecked] == ["abacus", "fp3"]


def test_repeats_and_contradictions(predicted, check):
    rows = predicted("gemm")
    again, other, noisy = dict(rows[0]), dict(rows[1]), dict(rows[2])
    other["t_s"] = repr(3.0 * float(other["t_s"]))
    noisy["t_s"] = repr(1.1 * float(noisy["t_s"]))
    found = check("gemm", [*rows, again, other, noisy])
    last = len(rows) + 1
    assert [(one.line, one.reason) for one in found.flagged] == [
        (last + 1, "repeats another row"),
        (last + 2, "contradicts another row"),
    ]
    assert found.flagged[1].ratio == pytest.approx(3.0)
    assert found.flagged[0].limit.startswith("line 2 (h100_sxm bfloat16)")


def copied(rows, source, target, count):
    """Rows of a chip, the first `count` with the times of another chip's."""
    given = [row for row in rows if row["gpu"] == source]
    own = [row for row in rows if row["gpu"] == target]
    for i, (row, twin) in enumerate(zip(own, given, strict=True)):
        if i < count:
            row["t_s"] = twin["t_s"]
    return [*given, *own]


@pytest.mark.parametrize("count", [27, 20, 6])
def test_a_table_or_a_block_copied_from_another_chip_is_flagged_where_it_is_copied(
    predicted, check, count
):
    rows = copied(predicted("attention_prefill"), "b200_sxm", "h100_sxm", count)
    found = check("attention_prefill", rows)
    lines = [one.line for one in found.flagged if one.reason == "copied from another table"]
    assert lines == list(range(29, 29 + count))
    assert "(b200_sxm bfloat16 bfloat16 bfloat16)" in found.flagged[0].limit


def test_a_copy_of_another_library_s_times_is_one_too(predicted, check):
    rows = [{**row, "source": "trtllm-1.0"} for row in predicted("allreduce")]
    twins = [{**row, "source": "vllm-0.20"} for row in rows]
    found = check("allreduce", [*rows, *twins])
    assert found.groups == {"copied from another table": len(rows)}


def test_a_few_times_in_common_are_chance(predicted, check):
    rows = copied(predicted("attention_prefill"), "b200_sxm", "h100_sxm", 4)
    assert "copied from another table" not in check("attention_prefill", rows).groups


def test_times_pasted_onto_other_shapes_are_flagged(predicted, check):
    rows = predicted("attention_prefill")
    clean = len(rows) + 1
    pasted = [{**row, "seq": int(row["seq"]) + 1} for row in rows[3:11]]  # shapes of their own
    found = check("attention_prefill", [*rows, *pasted])
    twins = [one for one in found.flagged if one.reason == "times of another block"]
    assert [one.line for one in twins] == list(range(clean + 1, clean + 9))
    assert twins[0].limit.startswith("line 5 ")
    few = check("attention_prefill", [*rows, *pasted[:5]])
    assert "times of another block" not in few.groups


def test_a_block_appended_under_another_chip_s_name_is_flagged(predicted, check):
    """Its shapes stand there already, so it is no table of its own that could be compared."""
    rows = predicted("attention_prefill")
    known = [row for row in rows if row["gpu"] == "h100_sxm"]
    other = [{**row, "gpu": "b200_sxm"} for row in known[:8]]
    found = check("attention_prefill", [*rows, *other])
    lines = {one.line for one in found.flagged}
    assert set(range(len(rows) + 2, len(rows) + 10)) <= lines
    assert "contradicts another row" not in found.groups


def test_one_time_for_many_shapes_is_stuck(predicted, check):
    rows = predicted("attention_decode")
    for row in rows[10:16]:
        row["t_s"] = "0.005"
    found = check("attention_decode", rows)
    lines = [one.line for one in found.flagged if one.reason == "same time for other shapes"]
    assert lines == [13, 14, 15, 16, 17]


def test_a_chip_s_table_that_is_slow_as_a_whole_is_one_finding(predicted, check):
    rows = predicted("attention_prefill")
    for row in rows:
        if row["gpu"] == "b200_sxm":
            row["t_s"] = repr(5.0 * float(row["t_s"]))
    (one,) = check("attention_prefill", rows).flagged
    assert one.reason == "slow as a whole"
    assert one.ratio == pytest.approx(5.0)
    assert one.limit.startswith("b200_sxm|bfloat16/bfloat16, ")


def test_a_file_that_is_no_table_is_refused(tmp_path):
    path = tmp_path / "facts.csv"
    path.write_text("name,value\nx,1\n")
    with pytest.raises(TableError, match="columns of no measured table; say which with --family"):
        check_table(path)
    with pytest.raises(TableError, match=r"facts\.csv: cannot be read: No such file"):
        check_table(tmp_path / "nowhere" / "facts.csv")
    with pytest.raises(TableError, match="lacks the columns gpu, dtype"):
        check_table(path, "gemm")


# published rows that no chip of theirs can run: 256 nvfp4 experts read at 1.2 and 1.35 times the bandwidth
IMPOSSIBLE = {"moe": 2}


@pytest.mark.parametrize("family", [*FORMS, "moe", "e2e"])
def test_the_filtered_silicon_tables_hold_up(shared, family):
    path = shared / "silicon" / f"{family}.csv"
    if not path.is_file():
        pytest.skip(f"no {path}: the measurements are not here")
    found = check_table(path)
    assert found.rows > 700
    assert len(found.flagged) == IMPOSSIBLE.get(family, 0)
    assert found.unchecked == ()


SERVED = {
    "gpu": "h100_sxm", "model": "meta-llama/Llama-3.1-70B", "backend": "vllm",
    "gemm_dtype": "bfloat16", "kv_dtype_assumed": "bfloat16", "isl": 1024, "osl": 512,
    "concurrency": 8, "tp": 4, "tpot_s": "0.02",
}  # fmt: skip


def test_a_served_step_cannot_read_its_weights_faster_than_memory(check):
    weights = 70e9 * 2 / 4 / 3.35e12  # about ten milliseconds
    fast = {**SERVED, "isl": 1000, "tpot_s": repr(0.5 * weights)}
    strange = {**SERVED, "model": "acme/none"}
    found = check("e2e", [strange, SERVED, fast])
    (one,) = found.flagged
    assert (one.line, one.reason) == (4, "faster than the served step")
    assert one.ratio == pytest.approx(2.0, rel=0.1)
    assert found.lines == (3, 4)
    assert any("no model is named 'acme/none'" in note for note in found.notes)
