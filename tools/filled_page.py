"""Pages whose tables and outputs are the engine's: what stands between marks is computed anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from refresh_readme import PAIR, output_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

BLOCK = re.compile(r"<!-- ([\w-]+) -->\n.*?<!-- /\1 -->", re.DOTALL)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    names, *lines = ("| " + " | ".join(line) + " |" for line in (head, *rows))
    return "\n".join([names, "|" + "---|" * len(head), *lines])


def filled(whole: str, parts: Mapping[str, Callable[[], str]]) -> str:
    """A page with its marked parts and the outputs of its commands as they are today.

    Args:
        whole: The page.
        parts: What stands between the marks of each name.
    """
    text = BLOCK.sub(lambda m: f"<!-- {m[1]} -->\n{parts[m[1]]()}\n<!-- /{m[1]} -->", whole)
    return PAIR.sub(lambda m: f"```{m[1]}\n{m[2]}```\n\n```text\n{output_of(m[1], m[2])}```", text)
