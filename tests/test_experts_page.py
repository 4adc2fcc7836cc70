"""The page of experts says what the engine says."""

from __future__ import annotations

from experts_page import PAGE, PARTS, page
from filled_page import BLOCK

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_is_the_engine_s():
    assert page(TEXT) == TEXT, "run python tools/experts_page.py"
    assert {match[1] for match in BLOCK.finditer(TEXT)} == set(PARTS)
