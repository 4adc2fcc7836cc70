"""Served models in the API and on the command line."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import ironlaw


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "ironlaw", "served", *arguments]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


def test_json_is_the_api_s_dictionary():
    done = command(
        "llama-3-70b", "--on", "h100-sxm", "--tp", "8", "--concurrency", "64", "--isl", "1024", "--osl", "512",
        "--backend", "trtllm", "--dtype", "fp8", "--kv-dtype", "fp8", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = ironlaw.served(
        "llama-3-70b", on="h100-sxm", tp=8, concurrency=64, osl=512, backend="trtllm", dtype="fp8", kv_dtype="fp8"
    )  # fmt: skip
    got = json.loads(done.stdout)
    assert got == json.loads(json.dumps(report.to_dict()))
    assert sum(got["terms_s"].values()) == pytest.approx(got["tpot_s"], rel=1e-12)
    assert got["tpot_low_s"] < got["tpot_s"] < got["tpot_high_s"]
    assert got["fits"] is True
    assert got["largest_batch"] * 1536 <= got["kv_capacity_tokens"]


def test_the_table_names_every_term_and_the_verdict():
    done = command("llama-3-8b", "--on", "h100-sxm", "--concurrency", "32")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("llama-3-8b · 1×h100-sxm (tp 1) · vLLM · 32 clients")
    assert "ms a token (" in lines[1]
    assert [line.split("  ")[0] for line in lines[4:]] == [
        "GEMMs of the layers",
        "attention over the cache",
        "small operators",
        "LM head",
        "prompts of the others",
        "the framework's own time",
    ]


def test_what_does_not_fit_is_an_answer_with_exit_code_0():
    done = command("llama-3-70b", "--on", "h100-sxm", "--concurrency", "4")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1].startswith("does not fit, no sequence has room")
    report = ironlaw.served("llama-3-8b", on="h100-sxm", concurrency=4096)
    assert repr(report).startswith("does not fit, ")
    assert f"{report.memory.largest_batch:,} of 4,096 sequences" in repr(report)
    assert any("queues" in note for note in report.notes)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--backend", "vlm", "no backend is named 'vlm'; did you mean 'vllm'"),
        ("--concurrency", "0", "concurrency = 0 is outside the whole numbers"),
        ("--osl", "-1", "osl = -1 is outside the whole numbers"),
        ("--tp", "3", "tp = 3 is outside the divisors"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(option, value, message):
    done = command("llama-3-8b", "--on", "h100-sxm", option, value)
    assert done.returncode == 2
    assert done.stderr.startswith(f"ironlaw: {message}")
    assert len(done.stderr.splitlines()) == 1
