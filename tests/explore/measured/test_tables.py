"""Reading measured tables: whatever is wrong is named by file, line and column, and the rest is read."""

from __future__ import annotations

import pytest

from ironlaw.explore.measured.tables import TableError, read_folder, read_table

HEADER = "gpu,dtype,m,n,k,t_s"
GOOD = "h100_sxm,bfloat16,16,4096,4096,1.5e-05"


def gemm(folder, *lines, header=HEADER, encoding="utf-8"):
    path = folder / "gemm.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding=encoding)
    return path


def test_a_row_is_read_with_its_line_its_label_and_its_time(tmp_path):
    table = read_table(gemm(tmp_path, GOOD), "gemm")
    (row,) = table.rows
    assert (row.line, row.chip, row.label, row.time) == (2, "h100_sxm", "bfloat16", 1.5e-5)
    assert row.numbers == {"m": 16.0, "n": 4096.0, "k": 4096.0}
    assert table.problems == []
    assert table.notes == []


@pytest.mark.parametrize(
    ("line", "column", "value", "allowed"),
    [
        ("h100_sxm,bfloat16,16,4096,4096,nan", "t_s", "nan", "times above 0, from 1e-12 to 1e6 s"),
        ("h100_sxm,bfloat16,16,4096,4096,0", "t_s", "0", "times above 0, from 1e-12 to 1e6 s"),
        ("h100_sxm,bfloat16,16,4096,4096,-2e-6", "t_s", "-2e-6", "times above 0, from 1e-12 to 1e6 s"),
        ("h100_sxm,bfloat16,16,4096,4096,inf", "t_s", "inf", "times above 0, from 1e-12 to 1e6 s"),
        ("h100_sxm,bfloat16,16,4096,4096,", "t_s", "", "times above 0, from 1e-12 to 1e6 s"),
        ("h100_sxm,bfloat16,16,4096,4096,fast", "t_s", "fast", "times above 0, from 1e-12 to 1e6 s"),
        ("h100_sxm,bfloat16,0,4096,4096,1e-5", "m", "0", "whole numbers from 1"),
        ("h100_sxm,bfloat16,16,-4096,4096,1e-5", "n", "-4096", "whole numbers from 1"),
        ("h100_sxm,bfloat16,16,4096,40.5,1e-5", "k", "40.5", "whole numbers from 1"),
        ("h900_sxm,bfloat16,16,4096,4096,1e-5", "gpu", "h900_sxm", "hardware list"),
        ("h100_sxm,fp3,16,4096,4096,1e-5", "dtype", "fp3", "bfloat16, fp8, fp8_block, nvfp4"),
        ("h100_sxm,bfloat16,16,4096,1e-5", "columns", "5", "6, as the header"),
        ("h100_sxm,bfloat16,16,4096,4096,1e-5,7", "columns", "7", "6, as the header"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_the_others_are_read(tmp_path, line, column, value, allowed):
    table = read_table(gemm(tmp_path, GOOD, line, GOOD), "gemm")
    assert [row.line for row in table.rows] == [2, 4]
    (problem,) = table.problems
    assert (problem.file, problem.line, problem.column, problem.value) == (
        "gemm.csv", 3, column, value,
    )  # fmt: skip
    assert allowed in problem.text
    assert f"gemm.csv, line 3: {column} = {value!r}" in problem.text


def test_missing_columns_are_named(tmp_path):
    with pytest.raises(TableError, match=r"gemm\.csv: lacks the columns k, t_s; expected gpu, dty"):
        read_table(gemm(tmp_path, "h100_sxm,bfloat16,1,1", header="gpu,dtype,m,n"), "gemm")
    with pytest.raises(TableError, match="lacks the column dtype;"):
        read_table(gemm(tmp_path, "h100_sxm,1,1,1,1", header="gpu,m,n,k,t_s"), "gemm")


def test_extra_columns_are_noted_and_optional_ones_are_not(tmp_path):
    path = gemm(tmp_path, GOOD + ",x,fit,9", header=HEADER + ",weather,split,t_alt_vllm_s")
    table = read_table(path, "gemm")
    assert len(table.rows) == 1
    assert table.notes == ["gemm.csv: columns not read: weather"]


def test_columns_may_come_in_any_order_with_a_byte_order_mark_and_spaces(tmp_path):
    header = "t_s, k ,n,m,dtype,gpu"
    path = gemm(tmp_path, "1e-5, 64,32,16,fp8, l40s", header=header, encoding="utf-8-sig")
    (row,) = read_table(path, "gemm").rows
    assert (row.chip, row.label, row.numbers) == ("l40s", "fp8", {"m": 16.0, "n": 32.0, "k": 64.0})


@pytest.mark.parametrize("name", ["a100-80gb-sxm", "a100_80gb_sxm", "a100_sxm"])
def test_a_chip_is_found_by_its_registry_name_and_by_that_of_the_tables(tmp_path, name):
    path = gemm(tmp_path, f"{name},bfloat16,16,4096,4096,1e-5")
    assert [row.chip for row in read_table(path, "gemm").rows] == [name]


def test_an_empty_file_and_a_bare_header_say_so(tmp_path):
    (tmp_path / "gemm.csv").write_text("")
    with pytest.raises(TableError, match=r"gemm\.csv: is empty; expected the columns gpu"):
        read_table(tmp_path / "gemm.csv", "gemm")
    assert read_table(gemm(tmp_path), "gemm").notes == ["gemm.csv: no rows below the header"]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = gemm(tmp_path, GOOD)
    path.write_bytes(path.read_bytes() + b"h100_sxm,\xff\xfe,1,1,1,1\n")
    with pytest.raises(TableError, match=r"gemm\.csv: not UTF-8"):
        read_table(path, "gemm")


def test_a_quote_that_never_ends_is_refused(tmp_path):
    path = gemm(tmp_path, 'h100_sxm,"' + "x" * 200_000)
    with pytest.raises(TableError, match=r"gemm\.csv: not a CSV file"):
        read_table(path, "gemm")


def test_a_folder_without_tables_or_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(TableError, match=r"holds no measured table; expected one of gemm\.csv"):
        list(read_folder(tmp_path))
    with pytest.raises(TableError, match="there is no such folder"):
        list(read_folder(tmp_path / "nowhere"))
    with pytest.raises(TableError, match="is a file, not a folder"):
        list(read_folder(gemm(tmp_path, GOOD)))


def test_a_folder_gives_its_readable_tables_and_says_why_the_others_are_not(tmp_path):
    gemm(tmp_path, GOOD)
    (tmp_path / "moe.csv").write_text("gpu,dtype\n")
    found = {table.family: table for table in read_folder(tmp_path)}
    assert len(found["gemm"].rows) == 1
    assert "moe.csv: lacks the columns kernel, tokens" in found["moe"].notes[0]


@pytest.mark.parametrize(
    ("changed", "column"),
    [({"topk": 9}, "topk"), ({"ep": 16}, "ep"), ({"gated": 2}, "gated"), ({"tp": 0}, "tp")],
)
def test_experts_hold_together(tmp_path, changed, column):
    good = {
        "gpu": "h100_sxm", "dtype": "bfloat16", "kernel": "cutlass", "tokens": 4, "hidden": 4096,
        "inter": 14336, "topk": 2, "experts": 8, "tp": 1, "ep": 1, "gated": 1,
        "distribution": "balanced", "t_s": 1e-3,
    }  # fmt: skip
    lines = [",".join(map(str, (good | change).values())) for change in ({}, changed)]
    path = tmp_path / "moe.csv"
    path.write_text("\n".join([",".join(good), *lines]))
    table = read_table(path, "moe")
    assert len(table.rows) == 1
    assert [problem.column for problem in table.problems] == [column]


def test_attention_has_no_more_key_heads_than_queries(tmp_path):
    path = tmp_path / "attention_decode.csv"
    path.write_text(
        "gpu,kv_dtype,batch,kv_len,heads_q,heads_kv,head_dim,window,t_s\n"
        "h100_sxm,fp8,1,2,4,8,128,0,1e-5\n"
    )
    (problem,) = read_table(path, "attention_decode").problems
    assert problem.text.endswith(
        "heads_kv = '8' is outside the whole numbers from 1 to heads_q = 4"
    )


def test_served_rows_that_are_no_fair_measurement_are_left_out(tmp_path):
    header = "gpu,model,backend,gemm_dtype,kv_dtype_assumed,isl,osl,concurrency,tp,tpot_s,usable"
    line = "h100_sxm,meta-llama/Llama-3.1-70B,vllm,fp8,fp8,1024,512,8,4,0.01,"
    path = tmp_path / "e2e.csv"
    path.write_text("\n".join([header, line + "1", line + "0", line]))
    table = read_table(path, "e2e")
    assert len(table.rows) == 2
    assert table.notes == ["e2e.csv: 1 rows with usable = 0 left out"]
