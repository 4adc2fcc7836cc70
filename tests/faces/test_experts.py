"""Experts by command line and API: routing, twins, and what a step holds and reads."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import ironlaw
from ironlaw.base.errors import DomainError
from ironlaw.faces.experts import asked_routing, expert_lines


def answer(*arguments):
    whole = [sys.executable, "-m", "ironlaw", "diagnose", *arguments, "--json"]
    done = subprocess.run(whole, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_contract_of_experts():
    asked = ("mixtral-8x7b", "--on", "h100-sxm", "--tp", "2", "--batch", "8")
    even, uneven = answer(*asked), answer(*asked, "--routing", "8,4,2,1,1,0,0,0")
    found = even["experts"]
    assert (found["n_experts"], found["top_k"], found["layers"], found["routing"]) == (
        8,
        2,
        32,
        "uniform",
    )
    assert found["distinct"] == pytest.approx(7.199, rel=1e-4)
    assert found["touched"] == found["distinct"] / 8
    assert found["active_params"] < found["total_params"] == even["parameters"]
    assert found["resident_B"] == even["weights_B"]
    assert uneven["experts"]["routing"] == "counts"
    assert uneven["experts"]["distinct"] == 5.0
    assert uneven["experts"]["largest_over_mean"] == 4.0
    assert uneven["step_s"] < even["step_s"]
    assert uneven["experts"]["read_B"] < found["read_B"]


def test_a_twin_by_command_line():
    found = answer(
        *("llama-3-8b", "--on", "h200-sxm", "--experts", "8", "--top-k", "2", "--d-expert", "7168"),
        *("--d-shared", "1024", "--waterfall"),
    )
    assert found["model"] == "llama-3-8b-e8-k2-w7168-s1024"
    assert found["experts"]["d_shared"] == 1024
    assert [bar["means"] for bar in found["waterfall"]["bars"]] == ["fusion", "algorithm"]
    assert any("nobody has trained it" in note for note in found["notes"])


def test_a_dense_model_has_no_experts_to_tell():
    report = ironlaw.diagnose("llama-3-8b", on="h100-sxm")
    assert report.experts is None
    assert "experts" not in report.to_dict()


def test_the_fullest_chip_is_said():
    spread = ironlaw.diagnose("qwen3-30b-a3b", on="h100-sxm", ep=8, batch=64)
    first, second = expert_lines(spread.experts)
    assert first.startswith(
        "experts: 30.5 billion parameters, 3.35 for a token; a chip keeps 10.3 GB"
    )
    assert second == "the chip with most rows has 1.23× the mean of all chips"
    assert first in spread.table()
    together = ironlaw.diagnose("qwen3-30b-a3b", on="h100-sxm", tp=2, batch=64)
    assert len(expert_lines(together.experts)) == 1


def test_a_routing_as_it_is_written():
    assert asked_routing(None) is None
    assert asked_routing("power-law:1") == "power-law:1"
    assert asked_routing("1,2.5") == (1.0, 2.5)
    with pytest.raises(DomainError, match="routing = '1,x' is outside numbers with commas"):
        asked_routing("1,x")
