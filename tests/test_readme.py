"""The README says what the engine says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_spec = importlib.util.spec_from_file_location("refresh_readme", ROOT / "tools/refresh_readme.py")
assert _spec is not None
assert _spec.loader is not None
refresh = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(refresh)

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "code", "printed"), refresh.blocks(TEXT))
def test_examples_print_what_the_readme_shows(language: str, code: str, printed: str):
    assert refresh.output_of(language, code) == printed


def test_there_is_an_example_of_either_kind():
    assert {language for language, _, _ in refresh.blocks(TEXT)} == {"console", "python"}


def test_the_accuracy_that_it_shows_is_the_last_record():
    assert f"<!-- accuracy -->\n{refresh.accuracy_table()}\n<!-- /accuracy -->" in TEXT


def test_the_files_that_it_names_are_there():
    for target in refresh.re.findall(r"\]\(([^)#]+)\)", TEXT):
        if "://" not in target:
            assert (ROOT / target).exists(), target
