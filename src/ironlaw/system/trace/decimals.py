"""Decimal texts of times to whole nanoseconds, by fixed point: a float would lose the last digits."""

from __future__ import annotations

import json
import re
from array import array
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

MICROSECOND = 1000
"""[ns], the unit of `ts` and `dur` in every JSON trace."""

_OTHER_DECIMALS = re.compile(rb"\.(?![0-9]{3}(?:,|$))")
_LONGEST = 64  # characters: no time needs more
_MOST_DIGITS = 30  # an exponent beyond cannot be a time, and would be expanded
_LIMIT = 2**62  # [ns]: sums of a start and a duration stay inside 64 bits


def nanoseconds(text: str, unit: int = MICROSECOND) -> int | None:
    """A decimal number of some unit in whole nanoseconds, the half to the even one.

    Args:
        text: The number as it is written; quotes around it are taken off.
        unit: Its unit [ns].

    Returns:
        The time [ns]; None where the text is no finite number or does not fit.

    Example:
        >>> nanoseconds("1712195495519689.047")
        1712195495519689047
    """
    bare = text.strip('" \t\r\n')
    if not bare or len(bare) > _LONGEST or "_" in bare:
        return None
    try:
        number = Decimal(bare)
    except InvalidOperation:
        return None
    if not number.is_finite() or number.adjusted() > _MOST_DIGITS:
        return None
    count = int((number * unit).to_integral_value())
    return count if -_LIMIT < count < _LIMIT else None


def many_nanoseconds(texts: Sequence[bytes]) -> array[int] | None:
    """Decimal numbers of microseconds in whole nanoseconds, quickly where all are written alike.

    Args:
        texts: The numbers as they are written, each without blanks.

    Returns:
        The times [ns]; None where one of them is no number.
    """
    if not texts:
        return array("q")
    joined = b",".join(texts)
    marks = joined.translate(None, b"-0123456789")
    try:
        if marks == b"," * (len(texts) - 1):
            return array("q", [MICROSECOND * number for number in _whole_numbers(joined)])
        if marks == b".," * (len(texts) - 1) + b"." and _OTHER_DECIMALS.search(joined) is None:
            return array("q", _whole_numbers(joined.replace(b".", b"")))
        padded = array("q", map(_padded, joined.split(b",")))
    except (ValueError, OverflowError):
        return _one_by_one(texts)
    return padded if len(padded) == len(texts) else _one_by_one(texts)


def _whole_numbers(joined: bytes) -> list[int]:
    """Whole numbers between commas; leading zeros, which JSON forbids, are allowed."""
    try:
        return cast("list[int]", json.loads(b"[" + joined + b"]"))
    except ValueError:
        return list(map(int, joined.split(b",")))


def _padded(text: bytes) -> int:
    """One time of at most three decimals [ns].

    Raises:
        ValueError: if it is written otherwise.
    """
    whole, _, part = text.partition(b".")
    if len(part) > 3 or (part and not part.isdigit()):  # noqa: PLR2004 - decimals of a microsecond
        raise ValueError(text)
    return int(whole + (part + b"000")[:3])


def _one_by_one(texts: Sequence[bytes]) -> array[int] | None:
    found = [nanoseconds(str(memoryview(text).tobytes(), "utf-8", "replace")) for text in texts]
    return None if None in found else array("q", [one for one in found if one is not None])
