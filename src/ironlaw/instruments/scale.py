"""Quantities in words: SI prefixes and short numbers for labels."""

from __future__ import annotations

_PREFIXES = (
    (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""),
    (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"),
)  # fmt: skip


_WHOLE = 10.0  # percentages from here on are shown without decimals


def with_prefix(value: float, unit: str, digits: int = 3) -> str:
    """A quantity with an SI prefix.

    Args:
        value: In the unit itself.
        unit: "B/s", "FLOP/s", "s".
        digits: Significant digits.

    Example:
        >>> with_prefix(3.35e12, "B/s")
        '3.35 TB/s'
        >>> with_prefix(0.0417, "s")
        '41.7 ms'
        >>> with_prefix(0.012, "s")
        '12.0 ms'
    """
    if value == 0.0:
        return f"0 {unit}"
    least = 1.0 - 0.5 * float(f"1e-{digits}")  # what rounds up to 1 takes the next prefix
    fitting = (entry for entry in _PREFIXES if abs(value) >= entry[0] * least)
    factor, prefix = next(fitting, _PREFIXES[-1])
    number = significant(value / factor, digits, padded=unit == "s")
    return f"{number} {prefix}{unit}"


def significant(value: float, digits: int = 3, *, padded: bool = False) -> str:
    """A number with so many significant digits, never in exponent notation.

    Args:
        value: The number.
        digits: Significant digits.
        padded: Whether zeros at the end are kept: a time that was computed is known to its last digit.

    Example:
        >>> significant(989.4)
        '989'
        >>> significant(0.01234)
        '0.0123'
    """
    if value == 0.0:
        return "0"
    exponent = int(f"{abs(value):.{digits - 1}e}".split("e")[1])
    text = f"{value:.{max(digits - 1 - exponent, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text and not padded else text


def grouped(value: float) -> str:
    """A whole number with thousands apart.

    Example:
        >>> grouped(8192)
        '8,192'
    """
    return f"{round(value):,}"


def percent(value: float) -> str:
    """A fraction as a percentage of two or more digits.

    Example:
        >>> percent(0.7512)
        '75 %'
        >>> percent(0.00743)
        '0.74 %'
    """
    number = 100.0 * value
    return f"{number:.0f} %" if abs(number) >= _WHOLE else f"{significant(number, 2)} %"


def decade(value: float) -> tuple[float, float]:
    """The powers of ten around a positive number: the largest not above it and the smallest not below it.

    Read from its digits, because logarithms differ between C libraries.

    Example:
        >>> decade(250.0)
        (100.0, 1000.0)
        >>> decade(100.0)
        (100.0, 100.0)
    """
    exponent = int(f"{value:e}".split("e")[1])  # one too many where the digits round up to 10
    low = float(f"1e{exponent}")
    if low > value:
        return float(f"1e{exponent - 1}"), low
    return low, low if low == value else float(f"1e{exponent + 1}")
