"""The page of sparsity says what the engine answers."""

from __future__ import annotations

from refresh_sparsity import PAGE, TABLES, page

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_tables_are_the_engine_s():
    assert page(TEXT) == TEXT, "run python tools/refresh_sparsity.py"


def test_every_table_is_on_the_page():
    for name in TABLES:
        assert f"<!-- {name} -->\n| " in TEXT
        assert f"<!-- /{name} -->" in TEXT
