"""Drafts and waterfalls by command line and API."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import ironlaw

QUESTION = ("llama-3-70b", "--on", "h100-sxm", "--tp", "8", "--context", "1024")
DRAFT = ("--draft", "llama-3-8b", "--acceptance", "0.8", "--draft-len", "4")


def command(*arguments):
    whole = [sys.executable, "-m", "ironlaw", "diagnose", *arguments]
    return subprocess.run(whole, capture_output=True, text=True, check=False)


def answer(*arguments):
    done = command(*QUESTION, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_contract_of_speculation():
    found = answer("--batch", "1", *DRAFT)["speculation"]
    assert {"speedup", "tokens_per_round", "flops_per_token_ratio"} <= set(found)
    assert found["speedup"] == pytest.approx(1.8, abs=0.1)
    assert found["tokens_per_round"] == pytest.approx(3.3616)
    assert found["flops_per_token_ratio"] == pytest.approx(1.62, abs=0.01)
    assert found["round_s"] == pytest.approx(found["draft_s"] + found["verify_s"])
    assert answer("--batch", "256", *DRAFT)["speculation"]["speedup"] < 1.0


def test_without_a_draft_there_is_none():
    found = answer()
    assert "speculation" not in found
    assert "waterfall" not in found


def test_the_waterfall_multiplies_to_the_whole():
    found = answer("--dtype", "fp8", *DRAFT, "--waterfall")["waterfall"]
    whole = found["before_s"] / found["after_s"]
    for key in ("speedup_in_order", "speedup_fair"):
        product = 1.0
        for bar in found["bars"]:
            product *= bar[key]
        assert product == pytest.approx(whole)
    assert found["machine"] * found["algorithm"] == pytest.approx(whole)
    assert [bar["means"] for bar in found["bars"]] == ["precision", "fusion", "algorithm"]


def test_the_answer_is_said():
    done = command(*QUESTION, *DRAFT, "--waterfall", "--top", "1")
    assert "speculation pays" in done.stdout
    assert "machine" in done.stdout
    lost = command(*QUESTION, "--batch", "512", *DRAFT, "--top", "1")
    assert "speculation loses" in lost.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--acceptance", "0.5"), "acceptance = 0.5 is outside the questions that name a draft"),
        (("--draft-len", "2"), "draft_len = 2 is outside the questions that name a draft"),
        (("--draft", "llama-3-8b"), "draft = 'llama-3-8b' is outside the questions that say"),
        ((*DRAFT[:2], "--acceptance", "1.2"), "acceptance = 1.2 is outside the probabilities"),
        ((*DRAFT[:2], "--acceptance", "half"), "acceptance = 'half' is outside a number"),
        ((*DRAFT[:4], "--draft-len", "0"), "draft_len = 0 is outside"),
        ((*DRAFT[:2], "--acceptance", "0.9,0.8", "--draft-len", "3"), "outside the lists of 3"),
        ((*DRAFT, "--phase", "prefill"), "phase = 'prefill' is outside decode"),
        (("--fusion", "none", "--waterfall"), "waterfall = 'none, bf16' is outside"),
    ],
)
def test_bad_input_is_one_line_that_names_the_field(arguments, message):
    done = command(*QUESTION, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_api_takes_a_draft():
    draft = ironlaw.drafting("llama-3-8b", (0.9, 0.7), 2)
    report = ironlaw.diagnose("llama-3-70b", on="h100-sxm", tp=8, draft=draft, waterfall=True)
    assert report.speculation.tokens_per_round == pytest.approx(1.0 + 0.9 + 0.63)
    assert report.waterfall.after == float(report.speculation.time_per_token)
