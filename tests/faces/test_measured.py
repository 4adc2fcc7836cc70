"""`ironlaw validate` and its Python door, run as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import ironlaw
from ironlaw.faces.measured_text import problem_lines

KEYS = {"n", "median_ape", "p90_ape", "geomean", "coverage80", "naive_median_ape"}
HEADER = "gpu,dtype,m,n,k,t_s"
ROWS = (
    "h100_sxm,bfloat16,16,4096,4096,1.62e-05",
    "h100_sxm,bfloat16,4096,4096,4096,2.3e-04",
    "h100_sxm,fp8,16,4096,4096,2.1e-05",
    "l40s,bfloat16,16,4096,4096,5.1e-05",
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "gemm.csv").write_text("\n".join([HEADER, *ROWS]))
    (tmp_path / "allreduce.csv").write_text(
        "gpu,impl,collective,dtype,n_gpus,bytes,t_s\n"
        "h100_sxm,nccl,all_reduce,half,8,1048576,3.1e-05\n"
    )
    return tmp_path


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ironlaw", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_json_holds_the_families_and_overall_and_nothing_else(folder):
    done = run("validate", folder, "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) == {"gemm", "allreduce", "overall"}
    assert set(answer["gemm"]) == {"h100_sxm|bfloat16", "h100_sxm|fp8", "l40s|bfloat16"}
    assert set(answer["allreduce"]) == {"h100_sxm|half"}
    assert set(answer["overall"]) == {"gemm", "allreduce"}
    scores = [answer["overall"]["gemm"], *answer["gemm"].values()]
    assert all(set(score) == KEYS for score in scores)
    assert answer["overall"]["gemm"]["n"] == 4
    assert answer == ironlaw.validate(folder).to_dict()


def test_the_table_names_each_family_chip_and_format(folder):
    done = run("validate", folder)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "GEMM"
    assert lines[1].split() == (
        [
            "chip",
            "formats",
            "rows",
            "median",
            "p90",
            "geomean",
            "inside",
            "80",
            "%",
            "naive",
            "median",
        ]
    )
    assert [line.split()[:3] for line in lines[2:5]] == [
        ["h100_sxm", "bfloat16", "2"], ["h100_sxm", "fp8", "1"], ["l40s", "bfloat16", "1"],
    ]  # fmt: skip
    assert lines[5].split()[:2] == ["all", "4"]
    assert "Collectives" in lines
    plain = ironlaw.validate(folder).table().splitlines()
    assert [line.split() for line in plain[:6]] == [line.split() for line in lines[:6]]


def test_detail_adds_a_line_for_each_kind(folder):
    plain, detailed = run("validate", folder).stdout, run("validate", folder, "--detail").stdout
    assert "nccl all_reduce" in detailed
    assert "nccl all_reduce" not in plain


def test_one_family(folder):
    done = run("validate", folder, "--family", "allreduce", "--json")
    assert set(json.loads(done.stdout)) == {"allreduce", "overall"}
    wrong = run("validate", folder, "--family", "gem")
    assert wrong.returncode == 2
    assert "no family is named 'gem'; did you mean 'gemm'?" in wrong.stderr


def test_bad_rows_are_named_on_standard_error_and_the_rest_is_judged(folder):
    bad = ["h900,bfloat16,1,1,1,1e-5"] * 3 + ["h100_sxm,bfloat16,1,1,1,nan"]
    (folder / "gemm.csv").write_text("\n".join([HEADER, *ROWS, *bad]))
    (folder / "moe.csv").write_text("gpu,dtype\nh100_sxm,fp8\n")
    done = run("validate", folder, "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["overall"]["gemm"]["n"] == 4
    assert "gemm.csv: 3 rows left out, gpu = 'h900' (line 6 and 2 more): outside" in done.stderr
    assert (
        "gemm.csv, line 9: t_s = 'nan' is outside the times above 0, from 1e-12 to 1e6 s"
        in done.stderr
    )
    assert "moe.csv: lacks the columns kernel, tokens" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path / "nowhere", "there is no such folder"),
        (lambda path: path, "holds no measured table"),
    ],
)
def test_a_folder_without_tables_is_exit_code_2(tmp_path, make, message):
    done = run("validate", make(tmp_path))
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_only_a_table_without_its_columns_is_exit_code_2(tmp_path):
    (tmp_path / "gemm.csv").write_text("gpu,dtype,m,n\nh100_sxm,fp8,1,1\n")
    done = run("validate", tmp_path)
    assert done.returncode == 2
    assert "no row can be judged: gemm.csv: lacks the columns k, t_s" in done.stderr


def test_many_values_of_a_column_are_counted(folder):
    bad = [f"chip{i % 5},bfloat16,1,1,1,1e-5" for i in range(12)]
    (folder / "gemm.csv").write_text("\n".join([HEADER, *ROWS, *bad]))
    (line,) = problem_lines(ironlaw.validate(folder).validation.problems)
    assert line.startswith(
        "gemm.csv: 12 rows left out, gpu = 'chip0' (line 6 and 2 more), 'chip1' (line 7 and 2 "
        "more), 'chip2' (line 8 and 1 more), and 2 other values: outside the chips of the registry"
    )


BAD = ("h100_sxm,bfloat16,8192,8192,8192,1e-4", "h100_sxm,bfloat16,0,8192,8192,1e-4")


def test_check_data_on_a_clean_table_is_exit_code_0(folder):
    done = run("check-data", folder / "gemm.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "gemm.csv: 4 rows of GEMM, nothing that could not be true\n"


def test_check_data_names_each_line_and_the_limit_it_breaks(folder):
    path = folder / "gemm.csv"
    path.write_text("\n".join([HEADER, *ROWS, *BAD]))
    done = run("check-data", path)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0] == "gemm.csv: 6 rows of GEMM, 2 not to be believed"
    assert "faster than the compute peak: 1" in lines
    assert any(
        line.startswith("  line 6: 0.0001 s, 11.11 times too fast; compute peak of h100-sxm")
        for line in lines
    )
    assert "  line 7: 0; m: the whole numbers from 1" in lines


def test_check_data_json(folder):
    path = folder / "gemm.csv"
    path.write_text("\n".join([HEADER, *ROWS, *BAD]))
    done = run("check-data", path, "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 1
    assert set(answer) == {"rows", "flagged", "groups"}
    assert answer["rows"] == 6
    assert answer["groups"] == {"faster than the compute peak": 1, "zero or negative shape": 1}
    assert [set(one) for one in answer["flagged"]] == [
        {"line", "reason", "limit", "value", "ratio"}
    ] * 2
    assert answer == ironlaw.check_data(path).to_dict()


def test_check_data_counts_what_it_does_not_show(folder):
    path = folder / "gemm.csv"
    zeros = [f"h100_sxm,bfloat16,0,{n},8192,1e-4" for n in range(1, 31)]
    path.write_text("\n".join([HEADER, *zeros]))
    done = run("check-data", path, "--top", "3")
    assert done.stdout.count("  line ") == 3
    assert "  and 27 more" in done.stdout


@pytest.mark.parametrize("name", ["nowhere.csv", "notes.txt"])
def test_check_data_that_cannot_read_is_exit_code_2(tmp_path, name):
    (tmp_path / "notes.txt").write_text("nothing to see\n")
    done = run("check-data", tmp_path / name)
    assert done.returncode == 2
    assert name in done.stderr


def test_both_commands_draw(folder, tmp_path):
    target = tmp_path / "plot.svg"
    for command, what in (("validate", folder), ("check-data", folder / "gemm.csv")):
        done = run(command, what, "--plot", target)
        assert done.returncode == 0, done.stderr
        assert f"picture written to {target}" in done.stdout
        assert target.read_text(encoding="utf-8").startswith("<?xml")
        target.unlink()
