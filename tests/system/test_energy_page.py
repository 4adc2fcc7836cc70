"""docs/energy.md: its table is what the engine says."""

from __future__ import annotations

import re
from pathlib import Path

from ironlaw.explore.energy_frontier import best_fusions_of
from ironlaw.instruments.scale import significant
from ironlaw.registry.chips import load_chip
from ironlaw.system.energy_plan import LayerPlanner, Plan
from ironlaw.system.network_question import load_network

PAGE = Path(__file__).resolve().parents[2] / "docs/energy.md"
NETWORKS = {
    "depthwise-filter-720p": "72.8 · 23.3 · 35.1 · 10.3",
    "segmenter-512": "6.14 · 3.13 · 2.62 · 1.12",
    "ocr-stack": "58.7 · 57.4 · 17.8 · 17.1",
    "translator-60m": "86.0 · 85.7 · 42.1 · 42.0",
}


def row(network, dossier):
    planner = LayerPlanner(load_network(network), load_chip("ar-glasses"))
    fused, narrow = best_fusions_of(planner).fused, planner.all_narrow()
    plans = (Plan(), Plan(fused), Plan(narrow=narrow), Plan(fused, narrow))
    millijoules = [significant(1e3 * planner.energy(plan).total) for plan in plans]
    return f"| `{network}` | {' | '.join(millijoules)} | {dossier} |"


def test_the_table_of_networks_is_what_the_engine_says():
    found = re.search(r"\|---\|\n(\| `.*?)\n\n", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    expected = [row(network, dossier) for network, dossier in NETWORKS.items()]
    assert found[1].splitlines() == expected
