"""Served runs in a measured table, judged."""

from __future__ import annotations

import pytest

from ironlaw.explore.measured.judge import judge
from ironlaw.explore.measured.tables import read_table
from ironlaw.system.served_question import served_tpot

HEADER = "gpu,model,backend,gemm_dtype,kv_dtype_assumed,isl,osl,concurrency,tp,tpot_s"
RUN = "h100_sxm,meta-llama/Llama-3.1-8B-Instruct,vllm,bfloat16,bfloat16,1024,512,16,2,0.009"


@pytest.fixture
def judged(tmp_path):
    """A function from rows to what is said of them."""

    def verdicts(*rows: str):
        path = tmp_path / "e2e.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n")
        return judge(read_table(path, "e2e"))

    return verdicts


def test_a_run_is_answered_by_the_served_model(judged):
    (point,) = judged(RUN).points
    asked = {"backend": "vllm", "concurrency": 16, "osl": 512, "tp": 2, "dtype": "bf16"}
    expected = served_tpot("llama-3.1-8b", "h100-sxm", **asked)
    assert (point.cell, point.measured) == ("h100_sxm|bfloat16", 0.009)
    assert (point.predicted, point.naive) == (expected.tpot, expected.naive)
    assert (point.low, point.high) == (expected.low, expected.high)
    assert "vllm" in point.kinds


def test_the_assumed_cache_format_is_not_read(judged):
    assumed = RUN.replace("bfloat16,bfloat16", "bfloat16,fp8")
    first, second = judged(RUN, assumed).points
    assert first.predicted == second.predicted


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (RUN.replace("meta-llama/Llama-3.1-8B-Instruct", "acme/none"), "no model is named 'acme/none'"),
        (RUN.replace("vllm", "tgi"), "no backend is named 'tgi'"),
        (RUN.replace(",16,2,", ",16,3,"), "tp = 3 is outside"),
        (RUN.replace("bfloat16,bfloat16", "int4,bfloat16"), None),
    ],
)  # fmt: skip
def test_a_run_that_nobody_knows_is_named_and_the_rest_is_judged(judged, wrong, why):
    found = judged(wrong, RUN)
    if (
        why is None
    ):  # a format that the engine may learn: answered or named, never dropped in silence
        assert len(found.points) == 2 or any("1 rows left out" in note for note in found.notes)
        return
    assert len(found.points) == 1
    assert any(note.startswith(f"e2e.csv: 1 rows left out, {why}") for note in found.notes)
