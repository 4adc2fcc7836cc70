"""JSON as recorders really write it: decoded by the standard library, and damage mended where it can be."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DECODER = json.JSONDecoder(parse_float=str, parse_constant=lambda _: None, strict=False)

_BARE = re.compile(
    r"(?<=[:\[,])(\s*)(?:-?\d+\.-\d+|[-+]?(?:nan|inf(?:inity)?))(?=\s*[,}\]])", re.IGNORECASE
)
_BACKSLASH = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_QUOTE = re.compile(r'(?<![\\{\[,:])(?<![{\[,:] )"(?!\s*[,:}\]])')  # neither begins nor ends a text
_BEFORE = re.compile(r"[{\[,:]\s*$")


def decoded(text: str) -> tuple[object, str]:
    """One JSON value, with bare NaN as None, control characters as they are, and fractions as texts.

    Args:
        text: The value, and anything after it.

    Returns:
        The value; what stands after it.

    Raises:
        ValueError: where it is not well formed.
        RecursionError: where it is nested too deep.

    Example:
        >>> decoded('[1.5, NaN], 2')
        (['1.5', None], ', 2')
    """
    found, end = _DECODER.raw_decode(text)
    return cast("object", found), text[end:]


def breaks_off(problem: ValueError, text: str) -> bool:
    """Whether decoding failed only because the text ends too soon.

    Args:
        problem: What `decoded` raised.
        text: What it was given.
    """
    if not isinstance(problem, json.JSONDecodeError):
        return False
    return problem.pos >= len(text.rstrip()) - 1 or problem.msg.startswith("Unterminated string")


def mended(text: str) -> tuple[object, str] | None:
    """A JSON value whose numbers, backslashes or quotes are not as JSON has them.

    Args:
        text: The value, and anything after it.

    Returns:
        The value and what stands after it; None where no mending makes it one.

    Example:
        >>> mended('{"name": "a "quoted" word", "dur": 0.-05}')
        ({'name': 'a "quoted" word', 'dur': None}, '')
    """
    for better, _ in mends(text):
        try:
            return decoded(better)
        except (ValueError, RecursionError):
            continue
    return None


def mends(text: str) -> Iterator[tuple[str, int]]:
    """The same text better and better mended; what is well formed stays as it is.

    Args:
        text: JSON with damage.

    Returns:
        Each time the text, and the places that were changed so far.
    """
    changed = 0
    for pattern, instead in _MENDS:
        text, places = pattern.subn(instead, text)
        changed += places
        yield text, changed


def _escaped(match: re.Match[str]) -> str:
    """A quote that does not begin a text is its own."""
    near = match.string[max(0, match.start() - 64) : match.start()]
    return '"' if _BEFORE.search(near) else '\\"'


_MENDS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (_BARE, r"\1null"),
    (_BACKSLASH, r"\\\\"),
    (_QUOTE, _escaped),
)
