"""Whose fitted constants a chip uses: its own, those of its nearest relative, or none."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.registry.calibration import calibrated_chips, load_calibration
from ironlaw.registry.chips import chip_names, load_chip
from ironlaw.registry.constants import ReferenceRates

if TYPE_CHECKING:
    from ironlaw.registry.calibration import Calibration
    from ironlaw.registry.chips import Chip


_FARTHEST = 4.0  # factor between two rates beyond which a chip is no relative: a module for a car is no A100


def calibration_of(chip: Chip) -> Calibration | None:
    """The constants to use on a chip: its own, else those of the nearest measured chip of its architecture.

    Borrowed constants multiply the chip's own rates. Within an architecture they carry over well, across one they do
    not, so a chip without a measured relative of comparable rates has none.

    Args:
        chip: The chip.

    Returns:
        The constants, `lent_to` the chip where they are borrowed; None where nothing was measured on its architecture,
        or where its own rates are not known.

    Example:
        >>> calibration_of(load_chip("h100-pcie")).chip
        'h100-sxm'
    """
    if chip.name in chip_names() and load_chip(chip.name).sheet is chip.sheet:
        own = load_calibration(chip.name)
        if own is not None:
            return own
    return borrowed_calibration(chip)


def borrowed_calibration(chip: Chip, never: str | None = None) -> Calibration | None:
    """The constants of the nearest measured chip of the same architecture, with the chip's own rates.

    Args:
        chip: The chip.
        never: A chip that lends nothing: to see how well the others stand in for it.
    """
    known = [load_chip(name) for name in calibrated_chips() if name != never]
    relatives = [other for other in known if other.architecture == chip.architecture]
    if chip.architecture is None or not relatives:
        return None
    nearest = min(relatives, key=lambda other: _distance(chip, other))
    if _distance(chip, nearest) > _FARTHEST:
        return None
    found = load_calibration(nearest.name)
    rates = None if found is None else _rates(chip, found.reference.compute_capability)
    if found is None or rates is None:
        return None
    return replace(found, reference=rates, lent_to=chip.name)


def _distance(chip: Chip, other: Chip) -> float:
    """The largest factor between the rates that two chips both have."""
    ratios = [chip.bandwidth / other.bandwidth]
    ratios += [rate / other.peaks[d] for d, rate in chip.peaks.items() if d in other.peaks]
    return max(max(ratio, 1.0 / ratio) for ratio in ratios)


def _rates(chip: Chip, compute_capability: int) -> ReferenceRates | None:
    if chip.l2_capacity is None or chip.n_sm is None or chip.clock is None:
        return None
    known = chip.compute_capability
    return ReferenceRates(
        peaks=dict(chip.peaks),
        bandwidth=chip.bandwidth,
        l2_capacity=chip.l2_capacity,
        n_sm=chip.n_sm,
        clock=chip.clock,
        compute_capability=compute_capability if known is None else known,
        link_bandwidth=chip.link_bandwidth or 0.0,
    )
