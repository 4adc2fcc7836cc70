"""What the registry holds of chips, as rows and facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.plain import plain_fields
from ironlaw.instruments.scale import significant, with_prefix
from ironlaw.registry.calibration import load_calibration
from ironlaw.registry.chips import CHIP_KINDS, Chip, chip_names, load_chip, rate_evidence
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.relatives import calibration_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.registry.facts import Fact, FactSheet

_EIGHT_BITS = (Dtype.FP8, Dtype.INT8)


def _chips() -> list[Chip]:
    """The chips of the registry, cloud first, each kind in the order of names."""
    chips = [load_chip(name) for name in chip_names()]
    return sorted(chips, key=lambda chip: CHIP_KINDS.index(chip.kind))


def chip_overview() -> dict[str, list[dict[str, object]]]:
    """A row for each chip, by kind. FLOP/B is the ridge of the format that a bf16 model runs in."""
    rows: dict[str, list[dict[str, object]]] = {}
    for chip in _chips():
        dtype = chip.runs(Dtype.BF16)
        eight = next((d for d in _EIGHT_BITS if d in chip.peaks), None)
        row: dict[str, object] = {
            "name": chip.name,
            "FLOP/s": f"{with_prefix(chip.peak(dtype), '')} {dtype.value}",
            "8 bits": "" if eight is None else with_prefix(chip.peak(eight), ""),
            "memory": f"{chip.memory} {with_prefix(chip.capacity, 'B')}",
            "bandwidth": with_prefix(chip.bandwidth, "B/s"),
            "FLOP/B": significant(chip.peak(dtype) / chip.bandwidth),
            "power": "" if chip.tdp is None else with_prefix(chip.tdp, "W"),
            "evidence": _evidence(chip).split()[-1],
        }
        rows.setdefault(chip.kind, []).append(row)
    return rows


def _evidence(chip: Chip) -> str:
    """What times on the chip rest on: its kernels, a relative's, or its rates and how sure those are."""
    if load_calibration(chip.name) is not None:
        return "kernels measured"
    if calibration_of(chip) is not None:
        return "kernels borrowed"
    said = {
        "measured": "rates measured",
        "assumption": "rates assumed",
        "recalled": "rates recalled",
    }
    return said.get(rate_evidence(chip, chip.runs(Dtype.BF16)), "rates printed")


def chip_rows() -> list[dict[str, object]]:
    """The chips as plain data, in SI units."""
    return [chip_data(chip) for chip in _chips()]


def chip_data(chip: Chip) -> dict[str, object]:
    """A chip as plain data, in SI units: what its file says of the usual quantities."""
    return {
        "name": chip.name,
        "title": chip.title,
        "kind": chip.kind,
        "architecture": chip.architecture,
        "aliases": list(chip.aliases),
        "measured_name": chip.measured_name,
        "peak_FLOP_per_s": _by_dtype(chip.peaks),
        "sparse_peak_FLOP_per_s": _by_dtype(chip.sparse_peaks),
        "engines_FLOP_per_s": {name: _by_dtype(rates) for name, rates in chip.engines.items()},
        "bandwidth_B_per_s": chip.bandwidth,
        "capacity_B": chip.capacity,
        "ridge_FLOP_per_B": {
            dtype.value: rate / chip.bandwidth for dtype, rate in chip.peaks.items()
        },
        "levels": [plain_fields(level) for level in chip.levels],
        "storage": [plain_fields(level) for level in chip.storage],
        "tdp_W": chip.tdp,
        "idle_W": chip.idle_power,
        "node_size": chip.node_size,
        "link_B_per_s": chip.link_bandwidth,
        "price_USD_per_s": chip.price,
        "evidence": _evidence(chip),
        "note": chip.sheet.texts.get("note"),
    }


def _by_dtype(rates: Mapping[Dtype, float]) -> dict[str, float]:
    return {dtype.value: rate for dtype, rate in rates.items()}


def chip_facts(name: str) -> tuple[Chip, list[Fact]]:
    """A chip and its facts, the constants fitted on it included.

    Args:
        name: Name or alias in the registry, or path of a TOML file, on which nothing was fitted.

    Raises:
        UnknownNameError: offering the nearest names.
        FactError: if the file lacks a fact, or a fact its provenance.
    """
    chip = load_chip(name)
    calibration = None if name.endswith(".toml") else load_calibration(chip.name)
    fitted = [] if calibration is None else list(_fitted(calibration.sheet))
    return chip, [*chip.sheet.facts.values(), *fitted]


def _fitted(sheet: FactSheet) -> list[Fact]:
    return [fact for path, fact in sheet.facts.items() if not path.startswith("reference.")]


def chip_remarks(chip: Chip) -> dict[str, str]:
    """What stands beside the facts of a chip, in words."""
    said = {
        "kind": chip.kind,
        "architecture": chip.architecture,
        "also named": ", ".join(chip.aliases),
        "in measured tables": chip.measured_name,
        "note": chip.sheet.texts.get("note"),
    }
    return {name: text for name, text in said.items() if text}


def show_data(chip: Chip, facts: list[Fact]) -> dict[str, object]:
    """A chip with every fact and the sources that they name, as plain data."""
    keys = dict.fromkeys(fact.source for fact in facts)
    return {
        **chip_data(chip),
        "facts": [fact.to_dict() for fact in facts],
        "sources": {key: plain_fields(chip.sheet.source(key)) for key in keys},
    }
