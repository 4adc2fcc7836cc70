"""The book holds nothing of its own, and starts fast."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import ironlaw.book

FOLDER = Path(ironlaw.book.__file__).parent
MODULES = ("constants", "formatting", "formulas", "hardware")


def test_these_are_the_modules():
    assert sorted(path.stem for path in FOLDER.glob("*.py")) == sorted(["__init__", *MODULES])


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_imports_and_their_names(name):
    tree = ast.parse((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    docstring, *rest = tree.body
    assert isinstance(docstring, ast.Expr)
    *imports, names = rest
    assert all(isinstance(node, ast.ImportFrom) for node in imports)
    assert isinstance(names, ast.Assign)
    assert ast.unparse(names.targets[0]) == "__all__"
    brought = {alias.name for node in imports[1:] for alias in node.names}
    assert brought == set(ast.literal_eval(names.value))


@pytest.mark.parametrize("name", MODULES)
def test_what_it_exports_is_the_engines_and_says_what_it_is(name):
    module = importlib.import_module(f"ironlaw.book.{name}")
    for public in module.__all__:
        found = getattr(module, public)
        if hasattr(found, "__module__"):
            assert not found.__module__.startswith("ironlaw.book")
        if callable(found):
            assert found.__doc__, public


def test_every_constant_of_a_chip_has_its_source():
    from ironlaw.book import constants

    chip, facts = constants.chip_facts("h100-sxm")
    assert len(facts) > 20
    for fact in facts:
        assert fact.unit
        assert fact.kind
        assert fact.date
        assert chip.sheet.source(fact.source).title


def test_importing_the_book_loads_nothing_that_is_heavy():
    code = "import sys, ironlaw.book; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "ironlaw" in loaded
    assert not loaded & {"numpy", "rich", "typer", "starlette", "msgspec", "asyncio"}
