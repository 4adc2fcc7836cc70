"""The energy of a step in JSON and in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import percent, with_prefix

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip
    from ironlaw.system.energy import StepEnergy


def energy_data(
    energy: StepEnergy | None, missing: str | None, chip: Chip, items: str
) -> dict[str, object]:
    """The energy of a step as plain data, in J and W; null with a reason where there is none.

    Args:
        energy: What the step comes to.
        missing: Why there is none.
        chip: Its chip; a memory level is null where the file names no energy of it.
        items: What the step is made for: "tokens" or "samples".
    """
    if energy is None:
        return {"energy": None, "energy_missing": missing}
    terms = energy.terms
    levels = zip(chip.levels, terms.levels, strict=True)
    return {
        "energy": {
            "total_J": float(energy.total),
            "compute_J": float(terms.compute),
            "levels_J": {
                level.id: None if level.energy is None else float(joules)
                for level, joules in levels
            },
            "static_J": float(terms.static),
            "power_W": float(energy.power),
            f"per_{items.removesuffix('s')}_J": float(energy.per_output),
            "chips": energy.chips,
        }
    }


def kernel_energy_data(energy: StepEnergy | None, place: int) -> dict[str, object]:
    """Joules of all launches of a kernel on one chip, static energy aside; nothing where there is no energy.

    Args:
        energy: What the step comes to.
        place: Which row of the kernel table; the row of the waiting host needs nothing of its own.
    """
    if energy is None:
        return {}
    kernel = energy.kernels[place].total if place < len(energy.kernels) else 0.0
    return {"energy_J": float(kernel)}


def energy_line(energy: StepEnergy | None, chip: Chip, items: str) -> str:
    """The energy of a step in a line; empty where there is none.

    Args:
        energy: What the step comes to.
        chip: Its chip.
        items: What the step is made for: "tokens" or "samples".
    """
    if energy is None:
        return ""
    total, terms = float(energy.total), energy.terms
    named = [(level.name, joules) for level, joules in zip(chip.levels, terms.levels, strict=True)]
    parts = [("arithmetic", terms.compute), *named, ("static", terms.static)]
    shares = " · ".join(f"{name} {percent(float(part) / total)}" for name, part in parts if part)
    return (
        f"energy {with_prefix(total, 'J')} a step, {with_prefix(float(energy.per_output), 'J')} a "
        f"{items.removesuffix('s')}, {with_prefix(float(energy.power), 'W')} in the mean: {shares}"
    )
