"""Steps that the instruments are held to."""

from __future__ import annotations

import pytest

from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario

ASKED = {
    "crisis": {"batch": 16, "context": 8192, "tp": 8, "fusion": "partial"},
    "eager": {"batch": 1, "context": 4096, "tp": 8, "fusion": "none"},
    "prompt": {"batch": 2, "context": 4096, "tp": 8, "fusion": "full", "phase": "prefill"},
    "fused fp8": {"batch": 32, "context": 2048, "tp": 4, "dtype": "fp8", "kv_dtype": "fp8"},
}


@pytest.fixture(scope="session")
def crisis():
    """The crisis of Cloud Titan."""
    return diagnose(scenario("llama-3-70b", "h100-sxm", **ASKED["crisis"]))


@pytest.fixture(scope="session", params=sorted(ASKED))
def step(request):
    """Each of several steps: memory-bound, launch-bound, compute-bound, quantised."""
    return diagnose(scenario("llama-3-70b", "h100-sxm", **ASKED[request.param]))
