"""Sparsity by command line and API."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import ironlaw

QUESTION = ("llama-3-8b", "--on", "h100-sxm", "--sparsity")


def command(*arguments):
    whole = [sys.executable, "-m", "ironlaw", "diagnose", *arguments]
    return subprocess.run(whole, capture_output=True, text=True, check=False)


def test_the_contract_of_sparsity():
    done = command(*QUESTION, "2:4", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    found = answer["sparsity"]
    assert (found["kind"], found["share"], found["block"]) == ("2:4", 0.5, None)
    assert found["speedup"] == pytest.approx(found["dense_step_s"] / answer["step_s"])
    assert found["speedup_low"] <= found["speedup"] <= found["speedup_high"]
    assert 0.5625 < found["weights_ratio"] < 0.65
    assert found["flops_ratio"] < 0.65
    assert found["traffic_ratio"] < 0.65
    assert found["joules_ratio"] < 0.7
    assert (found["bound"], found["dense_bound"]) == ("memory", "memory")
    assert any("accuracy is not modelled" in note for note in answer["notes"])


def test_a_dense_step_has_no_sparsity():
    assert "sparsity" not in ironlaw.diagnose("llama-3-8b", on="h100-sxm").to_dict()
    none = ironlaw.diagnose("llama-3-8b", on="h100-sxm", sparsity="unstructured:0")
    assert none.sparsity is None


def test_the_answer_is_said():
    said = command(*QUESTION, "2:4", "--phase", "prefill", "--top", "1").stdout
    assert "sparsity 2:4: 1.49× (1.4 to 1.57) the dense step, bound by compute as before" in said
    assert "of the weights' bytes resident" in said
    detector = ironlaw.diagnose("pointpillars", on="jetson-agx-orin", dtype="int8", sparsity="2:4")
    assert "bound by memory, the dense step by compute" in detector.table()


def test_blocks_say_their_sides():
    report = ironlaw.diagnose("llama-3-8b", on="h100-sxm", sparsity="block:0.5@128x64")
    assert report.to_dict()["sparsity"]["block"] == [128, 64]
    assert "sparsity block:0.5@128x64" in report.table()


def test_the_dashboard_says_what_was_asked_and_what_came_of_it():
    report = ironlaw.diagnose("llama-3-8b", on="h100-sxm", sparsity="2:4", fusion="partial")
    page = ironlaw.dashboard(report).html
    assert "<h2>The algorithm</h2>" in page
    assert "sparsity 2:4: " in page
    assert "bf16 · sparsity 2:4" in page
    dense = ironlaw.diagnose("llama-3-8b", on="h100-sxm", fusion="partial")
    assert "<h2>The algorithm</h2>" not in ironlaw.dashboard(dense).html


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*QUESTION, "unstructured:1"), "outside shares of zeros from 0 and below 1"),
        ((*QUESTION, "unstructured:-1"), "outside shares of zeros from 0 and below 1"),
        ((*QUESTION, "block:0.5@0x0"), "outside blocks whose sides are 1 to 4096"),
        ((*QUESTION, "contextual:0"), "outside shares above 0 and below 1"),
        ((*QUESTION, "3:4"), "sparsity = '3:4' is outside the forms 2:4, unstructured:SHARE"),
        (("llama-3-8b", "--on", "t4", "--sparsity", "2:4"), "t4 has: no sparse units"),
        (
            ("resnet-50", "--on", "h100-sxm", "--sparsity", "contextual:0.9"),
            "outside what resnet-50 has",
        ),
    ],
)
def test_bad_input_is_refused(arguments, message):
    done = command(*arguments)
    assert done.returncode != 0
    assert message in " ".join(done.stderr.split())
