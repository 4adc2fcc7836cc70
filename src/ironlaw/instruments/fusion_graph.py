"""The fusion graph: operators in their order, the kernels that they run in, and what crosses between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from ironlaw.base.plain import plain_fields
from ironlaw.instruments.fusion_words import operator_words, part_words
from ironlaw.instruments.roofline import in_words
from ironlaw.workload.kernels import kernels

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ironlaw.workload.graph import Block, Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorCell:
    """An operator of a block.

    Attributes:
        id: Its name.
        label: Its name in words; of a step, the step alone.
        part: What it is a step of, None where it stands alone.
        kind: What it does.
        lane: Which of the branches at its rank it is on, 0 the main one.
        rank: The longest way to it from the start of the block.
        kernel: The kernel that it runs in.
    """

    id: str
    label: str
    part: str | None
    kind: str
    lane: int
    rank: int
    kernel: str

    def to_dict(self) -> dict[str, object]:
        """The operator as plain data."""
        return plain_fields(self)


def blocks_picture(blocks: Iterable[Block]) -> list[dict[str, object]]:
    """The blocks of a step under their cut, as plain data.

    Args:
        blocks: The blocks.
    """
    return [
        {
            "id": block.name,
            "label": "each layer" if block.count > 1 else in_words(block.name),
            "count": block.count,
            "operators": [cell.to_dict() for cell in cells(block.graph)],
            "edges": edges(block.graph),
        }
        for block in blocks
    ]


def in_stages(block: Mapping[str, object], stage: Callable[[str], str]) -> list[dict[str, object]]:
    """A block of the picture as one for each of its stages, in their order; what passes between stages is not drawn.

    Args:
        block: The block.
        stage: The stage of an operator, in words. No fusion joins operators of two.
    """
    found: dict[str, dict[str, list[Mapping[str, object]]]] = {}
    for cell in cast("list[Mapping[str, object]]", block["operators"]):
        name = stage(str(cell["id"]))
        found.setdefault(name, {"operators": [], "edges": []})["operators"].append(cell)
    for edge in cast("list[Mapping[str, object]]", block["edges"]):
        name = stage(str(edge["from"]))
        if name == stage(str(edge["to"])):
            found[name]["edges"].append(edge)
    return [{**block, "id": name, "label": name, **part} for name, part in found.items()]


def cells(graph: Graph) -> tuple[OperatorCell, ...]:
    """The operators of a graph, in order, each with its place and its kernel.

    Args:
        graph: A graph under its cut.
    """
    kernel = {name: group.name for group in graph.groups for name in group.members}
    ranks = _ranks(graph)
    lanes = _lanes(graph, ranks)
    return tuple(
        OperatorCell(
            id=name,
            label=operator_words(name),
            part=part_words(name),
            kind=operator.kind.value,
            lane=lanes[name],
            rank=ranks[name],
            kernel=kernel[name],
        )
        for name, operator in graph.operators.items()
    )


def _sources(graph: Graph) -> dict[str, list[str]]:
    """The operators that each one reads from, in the order that it reads them."""
    makers = {made: op.name for op in graph.operators.values() for made in op.writes}
    return {
        op.name: list(
            dict.fromkeys(makers[t] for t in op.reads if t in makers and makers[t] != op.name)
        )
        for op in graph.operators.values()
    }


def _ranks(graph: Graph) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for name, sources in _sources(graph).items():
        ranks[name] = max((ranks[source] + 1 for source in sources), default=0)
    return ranks


def _main(graph: Graph, ranks: Mapping[str, int]) -> set[str]:
    """The operators of a longest way through the graph, found from its end."""
    sources = _sources(graph)
    name = max(ranks, key=lambda name: ranks[name])
    found = {name}
    while ranks[name] > 0:
        name = next(source for source in sources[name] if ranks[source] == ranks[name] - 1)
        found.add(name)
    return found


def _lanes(graph: Graph, ranks: Mapping[str, int]) -> dict[str, int]:
    """The main way on lane 0; every other operator on the lane that it comes from, or the next that is free."""
    main, sources = _main(graph, ranks), _sources(graph)
    lanes = dict.fromkeys(main, 0)
    taken = {(ranks[name], 0) for name in main}
    for name in graph.operators:
        if name in lanes:
            continue
        wished = [lanes[source] for source in sources[name] if lanes[source] > 0]
        free = (lane for lane in range(1, len(ranks) + 2) if (ranks[name], lane) not in taken)
        lane = next((w for w in wished if (ranks[name], w) not in taken), next(free))
        lanes[name] = lane
        taken.add((ranks[name], lane))
    return lanes


def edges(graph: Graph) -> list[dict[str, object]]:
    """Who reads what whom made, and whether it all stays on the chip.

    Args:
        graph: A graph under its cut.
    """
    home = {name: group.name for group in graph.groups for name in group.members}
    leaves = {crossing.tensor for kernel in kernels(graph) for crossing in kernel.border.leaves}
    makers = {made: op.name for op in graph.operators.values() for made in op.writes}
    found: dict[tuple[str, str], bool] = {}
    for reader in graph.operators.values():
        for tensor in reader.reads:
            maker = makers.get(tensor)
            if maker is None or maker == reader.name:
                continue
            stays = home[maker] == home[reader.name] and tensor not in leaves
            key = (maker, reader.name)
            found[key] = stays and found.get(key, True)
    return [{"from": a, "to": b, "inside": inside} for (a, b), inside in found.items()]
