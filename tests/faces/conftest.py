"""Fixtures of the faces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from learner import Lab, served_lab

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """A served lab with ledgers of its own."""
    with served_lab(tmp_path) as served:
        yield served
