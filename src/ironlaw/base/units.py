"""Units: read in the registry loader, written in the faces, absent in between.

Inside there is one set of units: s, B, FLOP, FLOP/s, B/s, Hz, J, W, K, USD/s, and their ratios.
GB (10^9) and GiB (2^30) differ, and a bare prefix is an error.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping

_DECIMAL: Mapping[str, float] = MappingProxyType(
    {"": 1.0, "p": 1e-12, "n": 1e-9, "u": 1e-6, "µ": 1e-6, "m": 1e-3}
    | {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
)
_BINARY: Mapping[str, float] = MappingProxyType(
    {"Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40}
)
# unit as written (without prefix) -> (unit inside, factor)
_BASE: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "1": ("1", 1.0),
        "%": ("1", 0.01),
        "s": ("s", 1.0),
        "B": ("B", 1.0),
        "FLOP": ("FLOP", 1.0),
        "FLOP/s": ("FLOP/s", 1.0),
        "OP/s": ("FLOP/s", 1.0),
        "B/s": ("B/s", 1.0),
        "Hz": ("Hz", 1.0),
        "J": ("J", 1.0),
        "W": ("W", 1.0),
        "K": ("K", 1.0),
        "bit/s": ("B/s", 0.125),
        "J/B": ("J/B", 1.0),
        "J/FLOP": ("J/FLOP", 1.0),
        "J/K": ("J/K", 1.0),
        "K/W": ("K/W", 1.0),
        "1/K": ("1/K", 1.0),
        "USD/h": ("USD/s", 1.0 / 3600.0),
    }
)
_QUANTITY = re.compile(r"\s*([-+]?\d[\d_]*\.?\d*(?:[eE][-+]?\d+)?)\s*([A-Za-zµ%]\S*)\s*")


def unit_factor(unit: str) -> tuple[str, float]:
    """The unit used inside for a unit as written, and the factor that converts to it.

    Args:
        unit: A unit with an optional prefix: "TB/s", "GiB", "us", "USD/h", "1".

    Returns:
        The unit inside and the factor, value_inside = value · factor.

    Raises:
        DomainError: if the unit is not known; a bare prefix such as "G" is not a unit.

    Example:
        >>> unit_factor("TB/s")
        ('B/s', 1000000000000.0)
    """
    if unit in _BASE:
        return _BASE[unit]
    for prefixes in (_BINARY, _DECIMAL):
        for prefix, factor in prefixes.items():
            rest = unit[len(prefix) :]
            if prefix and unit.startswith(prefix) and rest in _BASE and rest not in ("1", "%"):
                inside, base_factor = _BASE[rest]
                return inside, factor * base_factor
    allowed = ", ".join(_BASE)
    raise DomainError("unit", unit, f"the units {allowed} (with a prefix such as M, G, T or Gi)")


def parse_quantity(text: str) -> tuple[float, str]:
    """Read "3.35 TB/s" as a value in the units used inside.

    Args:
        text: A number and a unit.

    Returns:
        The value and its unit inside.

    Raises:
        DomainError: if it is not a number and a known unit.

    Example:
        >>> parse_quantity("80 GB")
        (80000000000.0, 'B')
    """
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise DomainError("quantity", text, 'a number and a unit, such as "3.35 TB/s"')
    inside, factor = unit_factor(match[2])
    return float(match[1].replace("_", "")) * factor, inside
