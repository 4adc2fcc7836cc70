"""Numbers as people read them, each with its unit.

>>> with_prefix(0.0129, "s"), percent(0.754), grouped(8192)
('12.9 ms', '75 %', '8,192')
"""

from __future__ import annotations

from ironlaw.base.units import parse_quantity, unit_factor
from ironlaw.instruments.roofline import in_words
from ironlaw.instruments.scale import grouped, percent, significant, with_prefix

__all__ = [
    "grouped",
    "in_words",
    "parse_quantity",
    "percent",
    "significant",
    "unit_factor",
    "with_prefix",
]
