"""Errors name the parameter, its value and what is allowed."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import (
    ConfigError,
    DomainError,
    FactError,
    MissingPackageError,
    ModelError,
    UnknownNameError,
)

CHIPS = ["h100-sxm", "h200-sxm", "a100-80gb-sxm"]


@pytest.mark.parametrize(
    ("error", "builtin", "field", "message"),
    [
        (DomainError("tp", 3, "1 to 2"), ValueError, "tp", "tp = 3 is outside 1 to 2"),
        (FactError("a.b", "lacks unit"), ValueError, "a.b", "a.b: lacks unit"),
        (ConfigError("f", "x", "must be y"), ValueError, "f", "config field f = 'x': must be y"),
        (
            MissingPackageError("sweep", "NumPy", "sweep"),
            ImportError,
            "sweep",
            "sweep needs NumPy: pip install 'ironlaw[sweep]'",
        ),
        (
            UnknownNameError("chip", "abc", ["zzz"]),
            LookupError,
            "chip",
            "no chip is named 'abc'; known: zzz",
        ),
    ],
)
def test_messages(error, builtin, field, message):
    assert isinstance(error, ModelError)
    assert isinstance(error, builtin)
    assert error.field == field
    assert str(error) == message


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("h100-smx", "h100-sxm"),
        ("H200_SXM", "h200-sxm"),
        ("h100", "h100-sxm"),
    ],
)
def test_the_nearest_name_is_offered_first(written, first):
    error = UnknownNameError("chip", written, CHIPS)
    assert error.near[0] == first
    assert f"did you mean {first!r}" in str(error)


def test_without_a_near_name_all_are_listed():
    error = UnknownNameError("chip", "qqq", CHIPS)
    assert error.near == ()
    assert "known: a100-80gb-sxm, h100-sxm, h200-sxm" in str(error)
