"""What the measured tables call the chips and formats of the registry."""

from __future__ import annotations

from ironlaw.explore.measured.work import DTYPES
from ironlaw.registry.calibration import calibrated_chips
from ironlaw.registry.chips import load_chip

__all__ = ["CALIBRATED", "CHIPS", "DTYPES"]

CALIBRATED = calibrated_chips()
CHIPS = {load_chip(name).measured_name or name: name for name in CALIBRATED}
