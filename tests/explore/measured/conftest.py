"""Measured tables made from the forms themselves: what the engine predicts is what was 'measured'."""

from __future__ import annotations

import csv

import pytest

from ironlaw.explore.measured.columns import SPECS
from ironlaw.explore.measured.predict import predict, target
from ironlaw.explore.measured.tables import measured_names, read_table
from ironlaw.explore.measured.work import roofline, work_of

GPUS = ("h100_sxm", "b200_sxm")


def gemm_rows():
    for gpu in GPUS:
        for dtype in ("bfloat16", "fp8"):
            for m in (1, 16, 129, 512, 4096):
                for n, k in ((4096, 4096), (1024, 8192), (28672, 8192)):
                    yield {"gpu": gpu, "dtype": dtype, "m": m, "n": n, "k": k}


def attention_rows(length, **formats):
    for gpu in GPUS:
        for batch in (1, 8, 64):
            for context in (256, 4096, 16384):
                for heads, shared in ((32, 8), (64, 8), (8, 1)):
                    yield {
                        "gpu": gpu, **formats, "batch": batch, length: context, "heads_q": heads,
                        "heads_kv": shared, "head_dim": 128, "window": 0,
                    }  # fmt: skip


def message_rows():
    for gpu in GPUS:
        for ranks in (2, 4, 8):
            for size in (1024, 65536, 1 << 20, 1 << 26):
                yield {
                    "gpu": gpu, "impl": "nccl", "collective": "all_reduce", "dtype": "half",
                    "n_gpus": ranks, "bytes": size,
                }  # fmt: skip


ROWS = {
    "gemm": gemm_rows,
    "attention_prefill": lambda: attention_rows(
        "seq", q_dtype="bfloat16", kv_dtype="bfloat16", math_dtype="bfloat16"
    ),
    "attention_decode": lambda: attention_rows("kv_len", kv_dtype="bfloat16"),
    "allreduce": message_rows,
}


def write(path, rows):
    """Write rows as a table; the columns are those of the first."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def predicted(tmp_path):
    """A function that gives the rows of a family with the engine's own times, as texts by column."""

    def build(family):
        names = measured_names()
        shapes = [{**row, "t_s": 1.0} for row in ROWS[family]()]
        table = read_table(write(tmp_path / "shapes.csv", shapes), family)
        assert table.problems == []
        times = []
        for row in table.rows:
            on = target(names[row.chip])
            naive = roofline(work_of(family, row), on.chip)
            times.append(predict(family, row, on, naive).time)
        assert set(SPECS[family].names) == set(shapes[0])
        return [{**shape, "t_s": repr(time)} for shape, time in zip(shapes, times, strict=True)]

    return build


@pytest.fixture
def table_file(tmp_path):
    """A function that writes rows as FAMILY.csv in a fresh folder and returns the folder."""
    folder = tmp_path / "tables"
    folder.mkdir()

    def build(family, rows):
        write(folder / f"{family}.csv", rows)
        return folder

    return build
