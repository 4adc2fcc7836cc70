"""The page of models says what the registry and the importer hold."""

from __future__ import annotations

import re

from ironlaw.registry.models import model_names
from ironlaw.workload.huggingface import FAMILIES
from refresh_models import PAGE, page

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_table_is_the_registry_s():
    assert page(TEXT) == TEXT, "run python tools/refresh_models.py"
    assert len(re.findall(r"^\| `[\w.-]+` \| \d", TEXT, flags=re.MULTILINE)) == len(model_names())


def test_every_family_is_on_the_page_and_no_other():
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", TEXT, flags=re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named - {"model_type"} == set(FAMILIES)
