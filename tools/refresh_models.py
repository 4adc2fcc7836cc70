"""Put the parameters of the registry's language models into docs/models.md.

    python tools/refresh_models.py

`tests/test_models_page.py` fails where the page and the registry disagree.
"""

from __future__ import annotations

import re
from pathlib import Path

from ironlaw.registry.models import load_model_card, model_names
from ironlaw.system.question import load_decoder

PAGE = Path(__file__).resolve().parents[1] / "docs" / "models.md"
TABLE = re.compile(r"<!-- models -->\n.*?<!-- /models -->", re.DOTALL)
HEAD = (
    "| model | counted | published | error | active, as its publisher counts | published | error |",
    "|---|---|---|---|---|---|---|",
)
EMPTY = "| | | |"


def row(name: str) -> str:
    """The line of a model: counted against published, in 10^9 parameters."""
    sheet, spec = load_model_card(name).sheet, load_decoder(name)
    if sheet is None:
        raise TypeError(f"{name} is no entry of the registry")
    published = sheet.number("parameters.published")
    seen = sheet.texts.get("published_encoder") == "counted"
    total, mark = float(spec.total_params), ""
    if seen:
        total, mark = total + sheet.number("parameters.encoder"), "¹"
    line = (
        f"| `{name}` | {_billions(total)}{mark} | {published / 1e9:g} | {_error(total, published)} "
    )
    active = sheet.optional("parameters.published_active")
    if active is None:
        return line + EMPTY
    counted = sheet.texts["active_embedding"] == "counted"
    own = float(spec.active_params - (0 if counted else spec.embedding_params))
    return f"{line}| {_billions(own)} | {active / 1e9:g} | {_error(own, active)} |"


def page(text: str) -> str:
    """The page with the table of today's registry."""
    table = "\n".join([*HEAD, *map(row, model_names())])
    return TABLE.sub(f"<!-- models -->\n{table}\n<!-- /models -->", text)


def _billions(parameters: float) -> str:
    return f"{parameters / 1e9:.3f}"


def _error(counted: float, published: float) -> str:
    return f"{100.0 * (counted / published - 1.0):+.2f} %"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
