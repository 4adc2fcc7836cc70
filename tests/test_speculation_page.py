"""The page of speculation says what the engine says."""

from __future__ import annotations

from xml.etree.ElementTree import canonicalize, tostring

from filled_page import BLOCK
from ironlaw.explore.measured_drafts import judged_rounds
from speculation_page import PAGE, PARTS, PICTURE, drawing, page

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_is_the_engine_s():
    assert page(TEXT) == TEXT, "run python tools/speculation_page.py"
    assert {match[1] for match in BLOCK.finditer(TEXT)} == set(PARTS)


def test_the_scatter_is_the_registry_s():
    drawn = canonicalize(tostring(drawing(), encoding="unicode"))
    assert canonicalize(PICTURE.read_text(encoding="utf-8")) == drawn


def test_every_miss_is_shown():
    for one in judged_rounds():
        row = f"| {one.round.speedup:g} | {one.predicted:.2f} | {100.0 * one.miss:+.0f} % |"
        assert row in TEXT
    assert f"{max(abs(one.miss) for one in judged_rounds()):.0%}".rstrip("%") in TEXT
