"""The joule waterfall: it adds up, and its equation says so."""

from __future__ import annotations

import pytest

from ironlaw.instruments.joules import Spent, joule_waterfall
from ironlaw.instruments.waterfall import Fall


def test_the_steps_lead_from_before_to_after():
    falls = (
        Fall(id="fuse", label="fused", change=-0.04),
        Fall(id="int8", label="int8", change=-0.01),
    )
    before, after = Spent(0.07, 4e9, 24), Spent(0.02, 4e9, 6)
    picture = joule_waterfall("title", ("as found", before), falls, ("run 2", after), "a note")
    assert picture["unit"] == "J"
    assert picture["before"] == {"label": "as found", "value": 0.07}
    assert picture["after"] == {"label": "run 2", "value": 0.02}
    assert sum(step["change"] for step in picture["steps"]) == pytest.approx(0.02 - 0.07)
    assert picture["peek"]["value"] == pytest.approx(0.02)
    assert picture["kernels"] == {"before": 24, "after": 6}
    assert picture["operations"]["note"] == "a note"
