"""Ranges and limits as people write them on the command line: 1:256, 1024:131072:1024, 1:4096:x2, step<=50ms."""

from __future__ import annotations

import re
from math import inf
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.units import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST = 1_000_000
"""Values of one axis at most."""

_RANGE = re.compile(r"(\d+):(\d+)(?::(x?)(\d+))?")
_LIMIT = re.compile(r"\s*(\w+)\s*(<=|>=)\s*(\S.*?)\s*")
_PLAIN = re.compile(r"[-+]?[\d_]*\.?\d+(?:[eE][-+]?\d+)?")


def counts(name: str, text: str) -> list[int]:
    """Whole numbers, written as values and ranges that hold both their ends.

    Args:
        name: The option.
        text: "8", "1,2,4", "1:256", "1024:131072:1024" (in steps of 1,024) or "1:4096:x2" (doubling), mixed at will.

    Returns:
        The numbers in order, each once.

    Raises:
        DomainError: for anything else, or for more than a million values.

    Example:
        >>> counts("batch", "1,2,8:32:8,64:256:x2")
        [1, 2, 8, 16, 24, 32, 64, 128, 256]
    """
    found: dict[int, None] = {}
    for part in text.split(","):
        found.update(dict.fromkeys(_part(name, text, part.strip())))
        if len(found) > MOST:
            raise DomainError(name, text, f"at most {MOST:,} values")
    return list(found)


def _part(name: str, text: str, part: str) -> Iterable[int]:
    if part.isdecimal():
        return (int(part),)
    match = _RANGE.fullmatch(part)
    if match is None:
        domain = "whole numbers and ranges such as 1,2,4 or 1:256 or 1024:131072:1024 or 1:4096:x2"
        raise DomainError(name, text, domain)
    start, end, step = int(match[1]), int(match[2]), int(match[4] or 1)
    if start > end:
        raise DomainError(name, text, f"ranges that do not end before they begin, as {part} does")
    if match[3]:
        return _multiplied(name, text, (start, end, step))
    if step < 1:
        raise DomainError(name, text, "ranges with a step of at least 1")
    if (end - start) // step >= MOST:
        raise DomainError(name, text, f"at most {MOST:,} values")
    return range(start, end + 1, step)


def _multiplied(name: str, text: str, bounds: tuple[int, int, int]) -> Iterator[int]:
    value, end, factor = bounds
    if value < 1 or factor < 2:  # noqa: PLR2004 - one would never end
        raise DomainError(name, text, "ranges from 1 on that are multiplied by at least 2")
    while value <= end:
        yield value
        value *= factor


def words(text: str) -> list[str]:
    """Names with commas between them.

    Example:
        >>> words("bf16, fp8")
        ['bf16', 'fp8']
    """
    return [word.strip() for word in text.split(",")]


def limits(texts: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Ranges of columns, written as comparisons.

    Args:
        texts: "step<=50ms", "mfu >= 0.3", "footprint<=60 GB"; a number without a unit is in SI units.

    Returns:
        Both ends by name, in the units used inside.

    Raises:
        DomainError: for anything else.

    Example:
        >>> limits(["step<=50ms"])
        {'step': (-inf, 0.05)}
    """
    found: dict[str, tuple[float, float]] = {}
    for text in texts:
        match = _LIMIT.fullmatch(text)
        if match is None:
            raise DomainError("within", text, "comparisons such as step<=50ms or mfu>=0.3")
        name, sign, written = match[1], match[2], match[3]
        value = float(written) if _PLAIN.fullmatch(written) else parse_quantity(written)[0]
        low, high = found.get(name, (-inf, inf))
        found[name] = (low, min(high, value)) if sign == "<=" else (max(low, value), high)
    return found
