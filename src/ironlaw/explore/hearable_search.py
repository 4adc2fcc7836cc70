"""The exact best design of a hearable: every hidden size, format, layout and set of matrices in SRAM."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import frame

if TYPE_CHECKING:
    from ironlaw.registry.dtypes import Dtype
    from ironlaw.system.hearable.enhancer import Enhancer
    from ironlaw.system.hearable.frame import Frame, Layout
    from ironlaw.system.hearable.machine import Machine


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Designs:
    """What may be chosen.

    Attributes:
        sizes: Hidden sizes, H.
        layouts: Formats, orders, pads, load widths, fused or not; with nothing in SRAM.
        machine: What runs a format.
    """

    sizes: tuple[int, ...]
    layouts: tuple[Layout, ...]
    machine: Callable[[Dtype], Machine]

    @property
    def count(self) -> int:
        """Designs in all: each size, layout and set of matrices in SRAM."""
        matrices = len(enhancer(self.sizes[0]).matrices)
        return len(self.sizes) * len(self.layouts) * (1 << matrices)


class BestDesign(NamedTuple):
    """The design with the largest network that is in time and fits; of those the one that takes the least SRAM.

    Attributes:
        frame: Its frame, with network and layout.
        designs: Designs that were compared.
    """

    frame: Frame
    designs: int


def best_design(designs: Designs, deadline: float) -> BestDesign | None:
    """The largest hidden size that meets a deadline within the SRAM, and the least SRAM with which it does.

    Exact: sizes are tried from the largest; a layout is left out only where arithmetic alone is late, or where every
    byte but a whole SRAM's, once over the bus, is.

    Args:
        designs: What may be chosen.
        deadline: Time that a frame may take [s].

    Returns:
        The best; None where no design holds.
    """
    for size in sorted(designs.sizes, reverse=True):
        found = list(_of_size(designs, enhancer(size), deadline))
        if found:
            best = min(found, key=lambda one: (one.sram_used, one.time))
            return BestDesign(best, designs.count)
    return None


def _of_size(designs: Designs, network: Enhancer, deadline: float) -> Iterator[Frame]:
    """The designs of a network that are in time and fit."""
    for layout in designs.layouts:
        runs_on = designs.machine(layout.walk.dtype)
        if _hopeless(network, layout, runs_on, deadline):
            continue
        for one in placements(network, layout, runs_on):
            if one.time <= deadline and one.sram_over <= 0.0:
                yield one


def _hopeless(network: Enhancer, layout: Layout, runs_on: Machine, deadline: float) -> bool:
    """Whether no placement can be in time: a bound below every frame of the layout."""
    compute = network.flops / runs_on.flop_rate
    outside = max(network.weights * layout.walk.dtype.size - runs_on.sram, 0.0)
    return max(compute, outside / runs_on.rate(runs_on.home)) > deadline


def placements(network: Enhancer, layout: Layout, runs_on: Machine) -> Iterator[Frame]:
    """The frames of a layout under every set of matrices in SRAM, each matrix worked out twice.

    Args:
        network: The enhancer.
        layout: How its weights lie, with nothing in SRAM.
        runs_on: What runs it.
    """
    names = tuple(matrix.name for matrix in network.matrices)
    out = frame(network, layout, runs_on)
    within = frame(network, replace(layout, sram=frozenset(names)), runs_on)
    both = dict(zip(names, zip(out.pieces, within.pieces, strict=True), strict=True))
    for many in range(len(names) + 1):
        for kept in combinations(names, many):
            held = frozenset(kept)
            yield replace(
                out,
                layout=replace(layout, sram=held),
                pieces=tuple(both[name][name in held] for name in names),
            )
