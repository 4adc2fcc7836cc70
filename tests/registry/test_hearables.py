"""Frames of a hearable: every machine names facts that its chip has."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import UnknownNameError
from ironlaw.registry.chips import load_chip
from ironlaw.registry.hearables import hearable_names, hearable_sheet, hearable_texts

WORDS = {"title", "chip", "home", "cores"}


def test_the_frame():
    sheet = hearable_sheet()
    assert [sheet.number(f"frame.{name}") for name in ("hop", "deadline", "power")] == [
        16e-3, 10e-3, 1e-3,
    ]  # fmt: skip


@pytest.mark.parametrize("name", hearable_names())
def test_every_path_is_a_fact_of_the_chip(name):
    texts = hearable_texts(name)
    chip = load_chip(texts["chip"])
    paths = [text for key, text in texts.items() if key not in WORDS]
    assert paths
    for path in paths:
        assert chip.sheet.number(path) > 0.0
    assert texts["home"] in texts
    assert texts["cores"] in ("one", "all")


def test_a_machine_that_is_not_there_is_refused_with_the_nearest():
    with pytest.raises(UnknownNameError, match="esp32"):
        hearable_texts("esp-32")
