"""JSON as recorders really write it: decoded by the standard library, and damage mended where it can be."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

_DECODER = json.JSONDecoder(parse_float=str, parse_constant=lambda _: None, strict=False)

_BARE = re.compile(r"(?<=[:\[,])(\s*)(?:-?\d+\.-\d+|[-+]?(?:nan|inf(?:inity)?))(?=\s*[,}\]])", re.I)
_BACKSLASH = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')
_QUOTE = re.compile(r'(?<!\\)"')
_BEFORE = re.compile(r"[{\[,:]\s*$")
_AFTER = re.compile(r"\s*(?:[:}\]]|,\s*[\"{\[\-\dtfn]|$)")


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


def mended(text: str) -> object | None:
    """A JSON value whose numbers, backslashes or quotes are not as JSON has them.

    Args:
        text: The value.

    Returns:
        The value; None where no mending makes it one.

    Example:
        >>> mended('{"name": "a "quoted" word", "dur": 0.-05}')
        {'name': 'a "quoted" word', 'dur': None}
    """
    for mend in _MENDS:
        text = mend(text)
        try:
            return decoded(text)[0]
        except (ValueError, RecursionError):
            continue
    return None


def _numbers(text: str) -> str:
    return _BARE.sub(r"\1null", text)


def _backslashes(text: str) -> str:
    return _BACKSLASH.sub(r"\\\\", text)


def _quotes(text: str) -> str:
    """Quotes that neither begin nor end a text are its own."""

    def kept(match: re.Match[str]) -> str:
        near = text[max(0, match.start() - 64) : match.start()]
        if _BEFORE.search(near) or _AFTER.match(text, match.end()):
            return '"'
        return '\\"'

    return _QUOTE.sub(kept, text)


_MENDS: tuple[Callable[[str], str], ...] = (_numbers, _backslashes, _quotes)
