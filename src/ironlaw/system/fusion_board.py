"""The legal fusions of a step laid out once: which sets of them can stand together, and what each one takes off."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Literal, NamedTuple

from ironlaw.base.number import summed
from ironlaw.rewrites.chains import in_order
from ironlaw.rewrites.joint import obstacle
from ironlaw.rewrites.legal import joined
from ironlaw.rewrites.levels import FusionLevel, at_level
from ironlaw.rewrites.network_levels import network_at_level
from ironlaw.system.fusion_set import (
    IN_PLACE,
    Choice,
    Ground,
    block_memory,
    choices,
    eager_step,
    fused,
    grounds,
    needed_by,
    useful_in_place,
)
from ironlaw.workload.graph import GraphError, Role, regrouped
from ironlaw.workload.kernels import kernels
from ironlaw.workload.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ironlaw.system.diagnosis import Scenario
    from ironlaw.workload.graph import Block


class Moved(NamedTuple):
    """What a step comes to under a set: bytes [B], work [FLOP] and launches."""

    traffic: float
    flops: float
    kernels: int


class Refusal(NamedTuple):
    """Why a set cannot stand.

    Attributes:
        kind: "needs": a choice needs another. "absent": the step has no such choice. "kernel": operators that come
            together cannot be one kernel. "order": kernels would need each other.
        name: The choice, or the first of the operators.
        other: What it needs, or the last of the operators.
        problem: Why the operators cannot be one kernel.
    """

    kind: Literal["needs", "absent", "kernel", "order"]
    name: str = ""
    other: str = ""
    problem: str = ""


class Taken(NamedTuple):
    """Fusions that were added to a set, and what the step comes to from there."""

    names: tuple[str, ...]
    after: Moved


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Board:
    """The legal fusions of a step.

    Attributes:
        choices: What may be chosen, in the order of the graph.
        eager: The blocks, each operator a kernel of its own.
        leveled: The blocks at a level of fusion.
        on_chip: Memory of one block of threads [B]; None for any amount.
        in_place: The choices that are rewrites in place.
        ground: The blocks with their legal fusions, by the rewrites in place that stand.
        obstacles: What is already known of operators that were to be one kernel.
        built: Sets that were already built up.
    """

    choices: tuple[Choice, ...]
    eager: tuple[Block, ...]
    leveled: Callable[[tuple[Block, ...], FusionLevel], tuple[Block, ...]]
    on_chip: float | None
    in_place: frozenset[str]
    ground: Mapping[frozenset[str], tuple[Ground, ...]]
    obstacles: dict[tuple[int, tuple[str, ...]], str | None]
    built: dict[frozenset[str], tuple[Taken, ...]]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the choices."""
        return tuple(choice.name for choice in self.choices)

    def cut(self, names: frozenset[str]) -> tuple[Block, ...]:
        """The blocks under a set that can stand.

        Args:
            names: Names of choices.

        Raises:
            GraphError: if the set cannot stand.
        """
        return fused(self.ground[names & self.in_place], names, self.on_chip)

    def refusal(self, names: frozenset[str]) -> Refusal | None:
        """Why a set cannot stand; None if it can.

        Args:
            names: Names of choices.
        """
        for name in sorted(names & self.in_place):
            for needed in sorted(needed_by(frozenset((name,))) - names):
                return Refusal("needs", name, needed)
        ground = self.ground[names & self.in_place]
        known = self.in_place.union(*(fusions for _, fusions in ground))
        for name in sorted(names - known):
            return self._why_unknown(name, names & self.in_place)
        for block, fusions in ground:
            parts = joined(block.graph, [f for name, f in fusions.items() if name in names])
            for members in parts:
                problem = self._obstacle(block, members)
                if problem:
                    return Refusal("kernel", members[0], members[-1], problem)
            try:
                regrouped(block.graph, in_order(block.graph, [list(part) for part in parts]))
            except GraphError:
                return Refusal("order")
        return None

    def _obstacle(self, block: Block, members: tuple[str, ...]) -> str | None:
        """Why some operators cannot be one kernel, each asked for once."""
        key = (id(block), members)
        if key not in self.obstacles:
            several = len(members) > 1
            self.obstacles[key] = obstacle(block.graph, members, self.on_chip) if several else None
        return self.obstacles[key]

    def _why_unknown(self, name: str, stands: frozenset[str]) -> Refusal:
        """Why a name is no fusion of the blocks as they stand."""
        for rewrites, ground in self.ground.items():
            missing = rewrites - stands
            if len(missing) == 1 and any(name in fusions for _, fusions in ground):
                return Refusal("needs", name, min(missing))
        return Refusal("absent", name)

    def moved(self, names: frozenset[str]) -> Moved:
        """What the step comes to under a set that can stand."""
        cuts = [(block.count, kernels(block.graph)) for block in self.cut(names)]
        return Moved(
            float(summed(k.traffic * count for count, cut in cuts for k in cut)),
            float(summed(k.flops * count for count, cut in cuts for k in cut)),
            int(summed(count * len(cut) for count, cut in cuts)),
        )

    def by_role(self, names: frozenset[str]) -> dict[Role, float]:
        """Bytes that the step moves under a set, by what they are [B].

        Args:
            names: A set that can stand.
        """
        found: dict[Role, float] = {}
        for block in self.cut(names):
            for kernel in kernels(block.graph):
                for sizes in (kernel.reads, kernel.writes):
                    for tensor, size in sizes.items():
                        role = block.graph.tensors[tensor].role
                        found[role] = found.get(role, 0.0) + float(size) * block.count
        return found

    def closed(self, names: frozenset[str]) -> frozenset[str]:
        """All choices that hold under a set, those included that follow from others in it.

        Args:
            names: Names of choices; whether they can stand does not matter.
        """
        kept = names & self.in_place
        found = set(kept)
        for block, fusions in self.ground[kept]:
            parts = joined(block.graph, [f for name, f in fusions.items() if name in names])
            home = {member: number for number, part in enumerate(parts) for member in part}
            found.update(
                name
                for name, fusion in fusions.items()
                if len({home[member] for member in fusion.members}) == 1
            )
        return frozenset(found)

    def lean(self, names: frozenset[str]) -> frozenset[str]:
        """The same cut by fewer choices: none that follows from others which join no more operators than it does.

        So there is always one that can be taken out again and changes the cut.

        Args:
            names: A set that can stand.
        """
        size = {choice.name: len(choice.members) for choice in self.choices}
        kept = names & self.in_place
        for name in sorted(names - kept, key=lambda name: (size[name], self.names.index(name))):
            if name not in self.closed(kept):
                kept |= {name}
        return kept

    def level(self, level: FusionLevel) -> frozenset[str]:
        """The choices that hold under a level of fusion."""
        blocks = self.leveled(self.eager, level)
        kept = frozenset(
            name
            for name in self.in_place
            if all(
                IN_PLACE[name](block.graph).operators == block.graph.operators for block in blocks
            )
        )
        held = [{frozenset(group.members) for group in block.graph.groups} for block in blocks]
        return kept.union(
            name
            for (_, fusions), groups in zip(self.ground[kept], held, strict=True)
            for name, fusion in fusions.items()
            if any(group.issuperset(fusion.members) for group in groups)
        )

    def steps(self, names: frozenset[str]) -> tuple[Taken, ...]:
        """A set built up from nothing, one fusion after the other.

        Each step adds the first choice, in the order of the graph, that can join; choices that can only join together
        are one step. Those that follow from others already taken are left out.

        Args:
            names: A set that can stand.
        """
        if names not in self.built:
            self.built[names] = self._steps(names)
        return self.built[names]

    def _steps(self, names: frozenset[str]) -> tuple[Taken, ...]:
        waiting = [name for name in self.names if name in names]
        stands: frozenset[str] = frozenset()
        last = self.moved(stands)
        taken: list[Taken] = []
        while waiting:
            joins = (name for name in waiting if self.refusal(stands | {name}) is None)
            first = next(joins, None)
            group = tuple(waiting) if first is None else (first,)
            stands |= frozenset(group)
            waiting = [name for name in waiting if name not in group]
            now = self.moved(stands)
            if now != last:
                taken.append(Taken(group, now))
            last = now
        return tuple(taken)


def board_of(scenario: Scenario) -> Board:
    """The legal fusions of a step.

    Args:
        scenario: The question; a single batch and context. Its own level and set do not matter.
    """
    eager = eager_step(scenario)
    on_chip = block_memory(scenario.chip)
    useful = useful_in_place(eager)
    ground = {
        stands: grounds(eager, stands, on_chip)
        for chosen in product((False, True), repeat=len(useful))
        for stands in [frozenset(n for n, is_on in zip(useful, chosen, strict=True) if is_on)]
    }
    place = {
        name: number
        for number, name in enumerate(op for block in eager for op in block.graph.operators)
    }
    found = sorted(choices(scenario), key=lambda choice: place[choice.members[0]])
    return Board(
        choices=tuple(found),
        eager=eager,
        leveled=network_at_level if isinstance(scenario.spec, Network) else at_level,
        on_chip=on_chip,
        in_place=frozenset(useful),
        ground=ground,
        obstacles={},
        built={},
    )
