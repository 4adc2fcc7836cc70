"""`ironlaw fusions`, and a diagnosis of a set of one's own."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ironlaw.base.errors import DomainError
from ironlaw.faces.cli import app
from ironlaw.faces.fusions import fusions_of

STEP = ["llama-3-70b", "--on", "h100-sxm", "--tp", "8", "--batch", "32", "--context", "4096"]


def run(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_the_best_set_of_the_list_is_what_its_diagnosis_says():
    answer = json.loads(run("fusions", *STEP, "--json").output)
    best = answer["best"]
    names = ",".join(best["fusions"])
    again = json.loads(run("diagnose", *STEP, "--fuse", names, "--json").output)
    assert again["step_s"] == best["step_s"]
    assert again["fusion"] == "own set"
    assert set(best["fusions"]) <= {fusion["name"] for fusion in answer["fusions"]}
    assert best["kernels"] < answer["eager"]["kernels"]


def test_the_table_marks_the_best_set():
    shown = run("fusions", "mobilenet-v2", "--on", "ar-glasses").output
    assert "separable convolution" in shown
    assert "best set:" in shown


def test_an_unknown_objective_or_fusion_is_refused_by_name():
    with pytest.raises(DomainError, match="best"):
        fusions_of("llama-3-8b", "h100-sxm", best="beauty")
    refused = run("diagnose", *STEP, "--fuse", "attentoin")
    assert refused.exit_code != 0
    with pytest.raises(DomainError, match="lists"):
        fusions_of("llama-3-8b", "h100-sxm", fusions="attention")


def test_sums_in_sixteen_bits_are_an_option_of_both():
    eager = (*STEP, "--fusion", "none", "--accumulate", "bf16", "--json")
    narrow = json.loads(run("diagnose", *eager).output)
    assert narrow["accumulate"] == "bf16"
    assert any("numerics" in note for note in narrow["notes"])
    listed = json.loads(run("fusions", *STEP, "--accumulate", "bf16", "--json").output)
    assert listed["eager"]["traffic_B"] == narrow["traffic_B"]
    refused = run("diagnose", *STEP, "--accumulate", "fp8")
    assert refused.exit_code != 0
    assert "accumulate" in str(refused.exception)
