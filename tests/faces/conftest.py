"""Fixtures of the faces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from learner import Lab, Look, looks, served_lab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """A served lab with ledgers of its own."""
    with served_lab(tmp_path) as served:
        yield served


@pytest.fixture(params=looks, ids=str)
def look(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Look]:
    """A page of one width and scheme, motion reduced."""
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    yield Look(context.new_page(), width)
    context.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a desk's width."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()
