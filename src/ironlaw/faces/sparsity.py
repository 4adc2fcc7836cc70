"""What a sparsity does for a step: as plain data and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import percent, significant

if TYPE_CHECKING:
    from ironlaw.system.sparsity import Sparsified

_SAME = 0.005  # a range of speed-ups that is narrower is one figure


def sparsity_data(found: Sparsified) -> dict[str, object]:
    """A step with sparse matrices beside the dense one, as plain data in SI units."""
    sparsity = found.sparsity
    return {
        "name": sparsity.name,
        "kind": found.kind,
        "share": found.share,
        "block": None if sparsity.block is None else list(sparsity.block),
        "speedup": float(found.speedup),
        "speedup_low": float(found.speedup_low),
        "speedup_high": float(found.speedup_high),
        "weights_ratio": float(found.weights_ratio),
        "flops_ratio": float(found.flops_ratio),
        "traffic_ratio": float(found.traffic_ratio),
        "joules_ratio": found.joules_ratio,
        "dense_step_s": float(found.dense.step),
        "bound": found.bound,
        "dense_bound": found.dense_bound,
    }


def sparsity_lines(found: Sparsified) -> list[str]:
    """The same in sentences."""
    speedup, low, high = (
        float(each) for each in (found.speedup, found.speedup_low, found.speedup_high)
    )
    span = f" ({significant(low)} to {significant(high)})" if high - low > _SAME else ""
    if found.bound == found.dense_bound:
        bound = f"bound by {found.bound} as before"
    else:
        bound = f"bound by {found.bound}, the dense step by {found.dense_bound}"
    joules = found.joules_ratio
    energy = "" if joules is None else f", {percent(joules)} of the joules"
    return [
        f"sparsity {found.sparsity.name}: {significant(speedup)}×{span} the dense step, {bound}",
        f"  {percent(float(found.weights_ratio))} of the weights' bytes resident, "
        f"{percent(float(found.traffic_ratio))} of the bytes moved, {percent(float(found.flops_ratio))} of the FLOPs"
        f"{energy}",
    ]
