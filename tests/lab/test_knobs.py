"""Knobs take the values that they show."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.lab.knobs import Choice, Slider, Toggle, start_values, turned

CONTROLS = (
    Choice(id="layer", label="Layer", value="a", options=(("a", "A", None), ("b", "B", None))),
    Toggle(id="profiler", label="Profiler", value=False),
    Slider(id="batch", label="Batch", value=1.0, stops=(1.0, 2.0, 4.0), shown=("1", "2", "4")),
)
START = {"layer": "a", "profiler": False, "batch": 1.0}


def test_start_values():
    assert start_values(CONTROLS) == START


def test_turning_changes_what_is_turned():
    knobs = turned(CONTROLS, START, {"batch": 4, "profiler": True})
    assert knobs == {"layer": "a", "profiler": True, "batch": 4.0}
    assert isinstance(knobs["batch"], float)
    assert START["batch"] == 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layer": "c"}, "knobs.layer = 'c' is outside the options a, b"),
        ({"layer": True}, "knobs.layer = True is outside the options"),
        ({"profiler": 1}, "knobs.profiler = 1 is outside true or false"),
        ({"profiler": "true"}, "knobs.profiler = 'true' is outside true or false"),
        ({"batch": 3.0}, "knobs.batch = 3.0 is outside the stops 1, 2, 4"),
        ({"batch": -1.0}, "knobs.batch = -1.0 is outside the stops"),
        ({"batch": "2"}, "knobs.batch = '2' is outside the stops"),
        ({"batch": True}, "knobs.batch = True is outside the stops"),
        ({"batch": float("nan")}, "knobs.batch = nan is outside the stops"),
        ({"voltage": 1.0}, "knobs = 'voltage' is outside the knobs layer, profiler, batch"),
    ],
    ids=str,
)
def test_values_that_a_knob_cannot_take_are_refused(change, message):
    with pytest.raises(DomainError, match=message):
        turned(CONTROLS, START, change)


def test_controls_as_plain_data():
    plain = [control.to_dict(START[control.id]) for control in CONTROLS]
    assert [one["kind"] for one in plain] == ["choice", "toggle", "stops"]
    assert plain[0]["options"][0] == {"id": "a", "text": "A", "group": None}
    assert plain[2]["stops"] == (1.0, 2.0, 4.0)
