"""The experts of a layer: routed rows in tiles of a fitting height, two grouped GEMMs, active weights once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import Number, ceil, maximum, minimum, summed, where
from ironlaw.cost.iron_law import blended_terms
from ironlaw.cost.memory_path import blended, seconds_per_byte
from ironlaw.workload.hottest import row_tiles as tiles_by_expert

if TYPE_CHECKING:
    from ironlaw.cost.iron_law import TimeTerms
    from ironlaw.registry.constants import ExpertConstants
    from ironlaw.workload.graph import ExpertShape

HEIGHTS = (16, 32, 64, 128)
"""Rows of a tile that the grouped GEMM can choose from."""

UNGATED = "nongated"
"""The implementation for experts with two matrices; the others are for three."""

_COLUMNS = 128.0  # columns of a tile
_HIGHEST = 128.0  # rows of the highest tile
_BF16 = 2.0  # bytes of an activation between the kernels


class ExpertRates(NamedTuple):
    """The rates that the constants multiply: R_peak [FLOP/s], BW_mem [B/s], SMs."""

    peak: float
    bandwidth: float
    n_sm: float


def row_tiles(shape: ExpertShape, height: int) -> Number:
    """Tiles of a height that the rows of all experts of the chip fill, the last of each in part.

    Where the routing is even the rows are spread over the active experts, and a last tile is half full.

    Args:
        shape: The experts and their rows.
        height: Rows of a tile.
    """
    if shape.counts:
        return float(summed(-(-rows // height) for rows in shape.counts))
    if shape.law is not None:
        return tiles_by_expert(shape.law, shape.tokens, height)
    each = shape.rows / maximum(shape.active_experts, 1.0)
    spread = shape.active_experts * (each + (height - 1.0) / 2.0) / height
    return where(each <= 1.0, ceil(shape.rows), maximum(shape.active_experts, spread))


def expert_traffic(shape: ExpertShape) -> tuple[Number, Number]:
    """Bytes of the active experts' weights, and of activations on their way in, between and out [B].

    Args:
        shape: The experts and their rows.
    """
    size, wide = shape.dtype.size, shape.d_expert
    matrices = 3.0 if shape.gated else 2.0
    weights = shape.active_experts * matrices * shape.d_model * wide * shape.weight_size
    row = shape.d_model * (_BF16 + size) + (matrices - 1.0) * _BF16 * wide
    row += wide * (_BF16 + size) + 2.0 * _BF16 * shape.d_model
    return weights, shape.rows * row + 2.0 * _BF16 * shape.tokens * shape.d_model


def experts_terms(
    shape: ExpertShape,
    *,
    constants: ExpertConstants,
    rates: ExpertRates,
    hit: Number = 0.0,
    tiles: tuple[Number, ...] | None = None,
) -> TimeTerms:
    r"""Time terms of a layer's routed experts on one chip: routing, permutation, grouped GEMMs, combination.

    $$ t = t_0 + te \cdot E_{local} + ca \cdot D_{act} / (eb \cdot BW) + \sum_{up, down} \left( \min_h \Vert
         waves \cdot 2 \cdot h \cdot 128 \cdot K / R(h), \beta D_{weights} \Vert_p + ts \cdot tiles / n_{SM}
         + tk \cdot K \right) $$

    Some implementations also work on rows that belong to experts of other chips, which adds fr · (T·k − rows) to the
    rows in the tiles, and cf passes over their activations.

    With the height of the tiles h chosen for each of the two GEMMs, and R(h) = ef · R_peak / n_SM · h (1 + a0/128)
    / (h + a0).

    Args:
        shape: The experts and their rows.
        constants: Fitted constants of chip, format and implementation.
        rates: The rates that they multiply.
        hit: Share of the weights that is found in the level-2 cache; 0 in a step.
        tiles: Row tiles for each of `HEIGHTS`; counted from the shape if None.

    Returns:
        The terms [s].

    Source:
        model form of the calibration, fitted to aiconfigurator.
    """
    bandwidth = rates.bandwidth
    beta = seconds_per_byte(bandwidth, constants.eb, constants.l2x, hit)
    matrices = 3.0 if shape.gated else 2.0
    known = tuple(row_tiles(shape, height) for height in HEIGHTS) if tiles is None else tiles
    foreign = maximum(shape.tokens * shape.top_k - shape.rows, 0.0)
    if constants.fr > 0.0:
        known = tuple(
            own + constants.fr * foreign / h for own, h in zip(known, HEIGHTS, strict=True)
        )
    parts: list[tuple[Number, Number, Number, Number]] = []
    late: Number = constants.t0 + constants.te * shape.local_experts
    up, down = (matrices - 1.0) * shape.d_expert, shape.d_model
    for columns, depth in ((up, shape.d_model), (down, shape.d_expert)):
        memory = beta * shape.active_experts * columns * depth * shape.weight_size
        parts.append(_grouped((columns, depth), known, memory, constants, rates))
        late = late + constants.tk * depth
    overlapped = summed(part[0] for part in parts)
    late = late + summed(part[3] for part in parts)
    compute, memory = summed(part[1] for part in parts), summed(part[2] for part in parts)
    passed = constants.ca * expert_traffic(shape)[1]
    passed = passed + constants.cf * foreign * 2.0 * _BF16 * shape.d_model
    moved = passed / (constants.eb * bandwidth)
    added = overlapped - maximum(compute, memory)
    return blended_terms(compute, memory, added, serial=moved, latency=late)


def _grouped(
    sizes: tuple[Number, Number],
    known: tuple[Number, ...],
    memory: Number,
    constants: ExpertConstants,
    rates: ExpertRates,
) -> tuple[Number, Number, Number, Number]:
    """Time of one grouped GEMM, of compute and memory alone, and the cost of its tiles, at the best height."""
    columns, depth = sizes
    n_sm = rates.n_sm
    best: Number = 0.0
    fastest: Number = 0.0
    dealt: Number = 0.0
    for index, height in enumerate(HEIGHTS):
        count = known[index] * ceil(columns / _COLUMNS)
        reached = height * (1.0 + constants.a0 / _HIGHEST) / (height + constants.a0)
        rate = constants.ef * rates.peak / n_sm * reached
        compute = maximum(count / n_sm, 1.0) * 2.0 * height * _COLUMNS * depth / rate
        deal = constants.ts * count / n_sm
        time = blended(compute, memory, constants.p) + deal
        if index == 0:
            best, fastest, dealt = time, compute, deal
        else:
            better = time < best
            fastest, dealt = where(better, compute, fastest), where(better, deal, dealt)
            best = minimum(time, best)
    return best - dealt, fastest, memory, dealt
