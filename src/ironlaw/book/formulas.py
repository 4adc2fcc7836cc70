"""The engine's formulas and questions; the docstring of each has its equation, units and source.

>>> from ironlaw.book.hardware import Dtype, load_chip
>>> chip = load_chip("h100-sxm")
>>> round(ridge_point(chip.peak(Dtype.BF16), chip.bandwidth))
295
"""

from __future__ import annotations

from ironlaw.cost.attention import decode_cache_traffic, prefill_traffic
from ironlaw.cost.collective import all_gather_volume, all_reduce_volume
from ironlaw.cost.iron_law import (
    TimeTerms,
    attainable_rate,
    compute_time,
    memory_time,
    regime_of,
    ridge_point,
    roofline_time,
)
from ironlaw.cost.memory_path import warm_fraction
from ironlaw.explore.sensitivity import sensitivity
from ironlaw.faces.api import Report, diagnose
from ironlaw.faces.dashboard import Dashboard, dashboard
from ironlaw.faces.served import served
from ironlaw.system.cache_traffic import cache_traffic
from ironlaw.system.capacity import kv_capacity, largest_batch
from ironlaw.system.interval import step_interval
from ironlaw.system.network_question import load_network
from ironlaw.system.question import load_decoder
from ironlaw.system.table import intensity, kernel_rows, step_terms
from ironlaw.workload.attention import attended_pairs
from ironlaw.workload.network import network_flops
from ironlaw.workload.work import active_matrix_params, model_flops

__all__ = [
    "Dashboard",
    "Report",
    "TimeTerms",
    "active_matrix_params",
    "all_gather_volume",
    "all_reduce_volume",
    "attainable_rate",
    "attended_pairs",
    "cache_traffic",
    "compute_time",
    "dashboard",
    "decode_cache_traffic",
    "diagnose",
    "intensity",
    "kernel_rows",
    "kv_capacity",
    "largest_batch",
    "load_decoder",
    "load_network",
    "memory_time",
    "model_flops",
    "network_flops",
    "prefill_traffic",
    "regime_of",
    "ridge_point",
    "roofline_time",
    "sensitivity",
    "served",
    "step_interval",
    "step_terms",
    "warm_fraction",
]
