"""Every number of the registry as a fact: value, unit, kind, source, place and date.

>>> fact = load_chip("h100-sxm").sheet.fact("memory.bandwidth")
>>> fact.written, fact.unit, fact.kind
('3.35 TB/s', 'B/s', 'datasheet')
"""

from __future__ import annotations

from ironlaw.faces.chip_listing import chip_facts
from ironlaw.faces.listing import model_facts
from ironlaw.registry.calibration import Calibration, load_calibration, step_constants
from ironlaw.registry.chips import load_chip
from ironlaw.registry.facts import Fact, FactSheet, Source, sources
from ironlaw.registry.models import ModelCard, load_model_card
from ironlaw.registry.networks import NetworkCard, load_network_card
from ironlaw.registry.serving import load_backend

__all__ = [
    "Calibration",
    "Fact",
    "FactSheet",
    "ModelCard",
    "NetworkCard",
    "Source",
    "chip_facts",
    "load_backend",
    "load_calibration",
    "load_chip",
    "load_model_card",
    "load_network_card",
    "model_facts",
    "sources",
    "step_constants",
]
