"""A step under a fusion set of one's own: the legal fusions of its blocks, chosen by name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.rewrites.attention import skip_masked, static_cache
from ironlaw.rewrites.chains import concatenate_in_place
from ironlaw.rewrites.legal import Fusion, Saving, legal_fusions, saving, with_fusions
from ironlaw.system.formats import in_formats
from ironlaw.system.forward import eager_forward
from ironlaw.workload.decoder import decoder_blocks
from ironlaw.workload.graph import Block
from ironlaw.workload.kernels import borders, kernels
from ironlaw.workload.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ironlaw.base.number import Number
    from ironlaw.registry.chips import Chip
    from ironlaw.system.diagnosis import Scenario
    from ironlaw.workload.graph import Graph

IN_PLACE: dict[str, Callable[[Graph], Graph]] = {
    "static_cache": static_cache,
    "skip_masked": skip_masked,
    "concatenate_in_place": concatenate_in_place,
}
"""Rewrites of operators that a set may name beside fusions: an append in place, no work above the diagonal, no
copy for a concatenation."""

_NEEDS = {"skip_masked": "attention"}  # a mask is skipped where the scores never leave the chip


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Choice:
    """A fusion, or a rewrite in place, that may be chosen for a step.

    Attributes:
        name: Its name in a set.
        kind: What makes one kernel of the operators.
        block: The block that it is a part of; of several the first.
        members: The operators that it joins.
        traffic: Bytes that it alone saves in a step [B].
        kernels: Launches that it alone saves in a step.
    """

    name: str
    kind: str
    block: str
    members: tuple[str, ...]
    traffic: Number
    kernels: int


def block_memory(chip: Chip) -> float | None:
    """On-chip memory of one streaming multiprocessor or core [B]; None where none is recorded."""
    level = chip.level("l1")
    if level is None or chip.n_sm is None:
        return None
    return level.capacity / chip.n_sm


def eager_step(scenario: Scenario) -> tuple[Block, ...]:
    """The blocks of a step, each operator a kernel of its own, in the scenario's formats."""
    spec, request = scenario.spec, scenario.request
    if isinstance(spec, Network):
        return eager_forward(spec, request.batch, scenario.weights, scenario.pruning)
    return tuple(
        replace(block, graph=in_formats(block.graph, scenario))
        for block in decoder_blocks(spec, request)
    )


class Ground(NamedTuple):
    """A block of a step before anything is fused, and its legal fusions by name."""

    block: Block
    fusions: dict[str, Fusion]


def grounds(
    eager: tuple[Block, ...], in_place: frozenset[str], on_chip: float | None
) -> tuple[Ground, ...]:
    """The blocks of a step under some rewrites in place, each with the fusions that are legal in it.

    Args:
        eager: The blocks, each operator a kernel of its own.
        in_place: Names out of `IN_PLACE`.
        on_chip: Memory of one block of threads [B]; None for any amount.
    """
    return tuple(
        Ground(block, {fusion.name: fusion for fusion in legal_fusions(block.graph, on_chip)})
        for block in rewritten(eager, in_place)
    )


def fused(
    ground: tuple[Ground, ...], names: frozenset[str], on_chip: float | None
) -> tuple[Block, ...]:
    """The blocks under the cut that some of their fusions make.

    Args:
        ground: The blocks with their legal fusions.
        names: Fusions; a block takes those that are its own.
        on_chip: Memory of one block of threads [B]; None for any amount.

    Raises:
        GraphError: if the operators that come together cannot run as one kernel, saying why.
    """
    return tuple(
        _fused(block, [fusion for name, fusion in fusions.items() if name in names], on_chip)
        for block, fusions in ground
    )


def step_with(scenario: Scenario, names: Iterable[str]) -> tuple[Block, ...]:
    """The blocks of a step under a set of fusions and rewrites in place.

    Args:
        scenario: The question.
        names: Names out of `choices`.

    Raises:
        DomainError: for a name that is no choice here, and for a set whose operators cannot run together.
    """
    wanted = frozenset(names)
    _require_needs(wanted)
    eager = eager_step(scenario)
    on_chip = block_memory(scenario.chip)
    ground = grounds(eager, wanted, on_chip)
    unknown = wanted.difference(*(known for _, known in ground), useful_in_place(eager))
    if unknown:
        names = {choice.name for choice in choices(scenario)}
        raise DomainError("fusions", min(unknown), f"the choices {', '.join(sorted(names))}")
    return fused(ground, wanted, on_chip)


def _fused(block: Block, chosen: list[Fusion], on_chip: float | None) -> Block:
    graph = with_fusions(block.graph, chosen, on_chip)
    return replace(block, graph=replace(graph, borders=borders(graph)))


def _require_needs(wanted: frozenset[str]) -> None:
    """Refuse a rewrite without the fusion that makes it possible.

    Raises:
        DomainError: naming both.
    """
    for needed in needed_by(wanted) - wanted:
        name = next(name for name in sorted(wanted) if _NEEDS.get(name) == needed)
        raise DomainError("fusions", name, f"sets that hold {needed} too")


def needed_by(names: frozenset[str]) -> frozenset[str]:
    """The fusions without which the rewrites in place of a set are not possible."""
    return frozenset(needed for name, needed in _NEEDS.items() if name in names)


def rewritten(blocks: tuple[Block, ...], names: frozenset[str]) -> tuple[Block, ...]:
    """The blocks with the rewrites in place that a set names."""
    for name, rewrite in IN_PLACE.items():
        if name in names:
            blocks = tuple(replace(block, graph=rewrite(block.graph)) for block in blocks)
    return blocks


def useful_in_place(blocks: tuple[Block, ...]) -> tuple[str, ...]:
    """The rewrites in place that change any of some blocks."""
    return tuple(
        name
        for name, rewrite in IN_PLACE.items()
        if any(rewrite(block.graph).operators != block.graph.operators for block in blocks)
    )


def choices(scenario: Scenario) -> tuple[Choice, ...]:
    """Every fusion and rewrite in place that is legal in the step, with what it alone saves.

    A fusion that only a rewrite in place makes legal stands with what it saves after that.

    Args:
        scenario: The question; a single batch and context.
    """
    blocks = eager_step(scenario)
    on_chip = block_memory(scenario.chip)
    in_place = _in_place(blocks)
    found: dict[str, Choice] = {choice.name: choice for choice in in_place}
    after = rewritten(blocks, frozenset(found))
    for block, changed in zip(blocks, after, strict=True):
        known = {fusion.name for fusion in legal_fusions(block.graph, on_chip)}
        for fusion in legal_fusions(changed.graph, on_chip):
            graph = block.graph if fusion.name in known else changed.graph
            new = _choice(block, fusion, saving(graph, fusion))
            found[fusion.name] = _together(found.get(fusion.name), new)
    return tuple(found.values())


def _choice(block: Block, fusion: Fusion, spared: Saving) -> Choice:
    return Choice(
        name=fusion.name,
        kind=fusion.kind.value,
        block=block.name,
        members=fusion.members,
        traffic=spared.traffic * block.count,
        kernels=spared.kernels * block.count,
    )


def _together(old: Choice | None, new: Choice) -> Choice:
    """A fusion that several blocks have: what it saves in all of them."""
    if old is None:
        return new
    traffic, spared = old.traffic + new.traffic, old.kernels + new.kernels
    return replace(old, traffic=traffic, kernels=spared)


def _in_place(blocks: tuple[Block, ...]) -> list[Choice]:
    """The rewrites in place that change anything, with the bytes that they save."""
    found: list[Choice] = []
    for name, rewrite in IN_PLACE.items():
        traffic: Number = 0.0
        changed: list[str] = []
        gone = 0
        home = ""
        for block in blocks:
            new = rewrite(block.graph)
            touched = [
                op
                for op, old in block.graph.operators.items()
                if new.operators.get(op) is not old and new.operators.get(op) != old
            ]
            if touched:
                home, changed = home or block.name, changed or touched
                gone += (len(block.graph.operators) - len(new.operators)) * block.count
                traffic = traffic + (_moved(block.graph) - _moved(new)) * block.count
        if changed:
            found.append(
                Choice(
                    name=name,
                    kind="in place",
                    block=home,
                    members=tuple(changed),
                    traffic=traffic,
                    kernels=gone,
                )
            )
    return found


def _moved(graph: Graph) -> Number:
    total: Number = 0.0
    for kernel in kernels(graph):
        total = total + kernel.traffic
    return total
