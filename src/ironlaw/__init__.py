"""ironlaw: what binds this workload on this machine, and what would change that?

>>> import ironlaw
>>> report = ironlaw.diagnose("llama-3-70b", on="h100-sxm", tp=8, batch=16, context=8192)
>>> report.feasible
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ironlaw.base.errors import ConfigError, DomainError, ModelError, UnknownNameError
    from ironlaw.faces.api import Report, chips, diagnose, models
    from ironlaw.faces.audit import AuditReport, audit
    from ironlaw.faces.cache_lines import CacheReport, cache_lines
    from ironlaw.faces.dashboard import Dashboard, dashboard
    from ironlaw.faces.measured import CheckReport, ValidationReport, check_data, validate
    from ironlaw.faces.served import ServedReport, served
    from ironlaw.faces.sweeps import SweepReport, sweep
    from ironlaw.faces.thermal import ThermalReport, thermal
    from ironlaw.registry.chips import load_chip
    from ironlaw.system.drafting import drafting
    from ironlaw.system.network_question import load_network
    from ironlaw.system.question import load_decoder
    from ironlaw.workload.importers.torch_network import network_from_torch

__version__ = "0.1.0"

__all__ = [
    "AuditReport",
    "CacheReport",
    "CheckReport",
    "ConfigError",
    "Dashboard",
    "DomainError",
    "ModelError",
    "Report",
    "ServedReport",
    "SweepReport",
    "ThermalReport",
    "UnknownNameError",
    "ValidationReport",
    "audit",
    "cache_lines",
    "check_data",
    "chips",
    "dashboard",
    "diagnose",
    "drafting",
    "load_chip",
    "load_decoder",
    "load_network",
    "models",
    "network_from_torch",
    "served",
    "sweep",
    "thermal",
    "validate",
]

_HOMES = {
    "ConfigError": "ironlaw.base.errors",
    "DomainError": "ironlaw.base.errors",
    "ModelError": "ironlaw.base.errors",
    "UnknownNameError": "ironlaw.base.errors",
    "Report": "ironlaw.faces.api",
    "chips": "ironlaw.faces.api",
    "diagnose": "ironlaw.faces.api",
    "models": "ironlaw.faces.api",
    "AuditReport": "ironlaw.faces.audit",
    "audit": "ironlaw.faces.audit",
    "CacheReport": "ironlaw.faces.cache_lines",
    "cache_lines": "ironlaw.faces.cache_lines",
    "Dashboard": "ironlaw.faces.dashboard",
    "dashboard": "ironlaw.faces.dashboard",
    "CheckReport": "ironlaw.faces.measured",
    "ValidationReport": "ironlaw.faces.measured",
    "check_data": "ironlaw.faces.measured",
    "validate": "ironlaw.faces.measured",
    "SweepReport": "ironlaw.faces.sweeps",
    "sweep": "ironlaw.faces.sweeps",
    "ThermalReport": "ironlaw.faces.thermal",
    "thermal": "ironlaw.faces.thermal",
    "ServedReport": "ironlaw.faces.served",
    "served": "ironlaw.faces.served",
    "drafting": "ironlaw.system.drafting",
    "load_chip": "ironlaw.registry.chips",
    "load_decoder": "ironlaw.system.question",
    "load_network": "ironlaw.system.network_question",
    "network_from_torch": "ironlaw.workload.importers.torch_network",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: `import ironlaw` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'ironlaw' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
