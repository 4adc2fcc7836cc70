"""docs/translator.md holds what the engine answers today."""

from __future__ import annotations

import refresh_translator as page


def test_the_page_is_the_engine_s():
    assert page.page() == page.PAGE.read_text(encoding="utf-8")


def test_what_its_text_says_of_the_tables_holds():
    plain = page.load_loop("translator-60m")
    whole = [page.gain(page.asked(plain, "whole", length)) for length in (1, 2, 4, 8)]
    frequent = max(page.gain(page.asked(plain, "frequent", length)) for length in range(1, 9))
    assert max(whole) < 1.2  # next to nothing
    assert 1.45 < frequent < 1.55  # a third of the joules
    drafted = page.asked(plain, "whole", 4)
    assert float(drafted.draft.traffic) / float(drafted.plain.traffic) > 0.5
