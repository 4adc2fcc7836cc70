"""What the measured tables call the chips and formats of the registry."""

from __future__ import annotations

from ironlaw.registry.dtypes import Dtype

CHIPS = {
    "a100_sxm": "a100-80gb-sxm",
    "h100_sxm": "h100-sxm",
    "h200_sxm": "h200-sxm",
    "b200_sxm": "b200-sxm",
    "b300_sxm": "b300-sxm",
    "gb200": "gb200",
    "gb300": "gb300",
    "l40s": "l40s",
    "rtx_pro_6000_server": "rtx-pro-6000-server",
    "b60": "arc-pro-b60",
}
DTYPES = {
    "bfloat16": Dtype.BF16,
    "fp8": Dtype.FP8,
    "fp8_block": Dtype.FP8_BLOCK,
    "nvfp4": Dtype.NVFP4,
}
CALIBRATED = tuple(sorted(CHIPS.values()))
