"""The page of sparsity says what the engine says."""

from __future__ import annotations

from filled_page import BLOCK
from sparsity_page import PAGE, TABLES, page

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_page_is_the_engine_s():
    assert page(TEXT) == TEXT, "run python tools/sparsity_page.py"
    assert {match[1] for match in BLOCK.finditer(TEXT)} == set(TABLES)
