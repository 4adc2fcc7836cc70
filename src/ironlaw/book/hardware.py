"""Chips and the number formats that they compute in.

>>> "h100-sxm" in chip_names()
True
"""

from __future__ import annotations

from ironlaw.registry.chip_facts import MemoryLevel
from ironlaw.registry.chips import (
    Chip,
    chip_aliases,
    chip_names,
    load_chip,
    rate_evidence,
    scaled_chip,
)
from ironlaw.registry.dtypes import Dtype, dtype_named
from ironlaw.system.diagnosis import LaunchMode, launch_modes

__all__ = [
    "Chip",
    "Dtype",
    "LaunchMode",
    "MemoryLevel",
    "chip_aliases",
    "chip_names",
    "dtype_named",
    "launch_modes",
    "load_chip",
    "rate_evidence",
    "scaled_chip",
]
