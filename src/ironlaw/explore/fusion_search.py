"""The best legal set of fusions of a step, exactly.

Fusions that share no operator, directly or through others, cannot meet in one kernel: they fall into clusters whose
kernels add up. Every cut that each cluster can make is priced once. Best first, with a bound that is never above what a
choice can still come to, the first whole choice that fits the memory is the optimum: no set is better, tried or not.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, replace
from enum import Enum
from itertools import count, product
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed
from ironlaw.cost.family import arithmetic_of
from ironlaw.cost.kernel import kernel_cost
from ironlaw.rewrites.joint import obstacle
from ironlaw.rewrites.legal import Fusion, joined, legal_fusions
from ironlaw.system.diagnosis import Diagnosis, Scenario, diagnose, dispatch_time, machine_of
from ironlaw.system.fusion_set import (
    block_memory,
    eager_step,
    needed_by,
    rewritten,
    useful_in_place,
)
from ironlaw.workload.graph import GraphError, Group
from ironlaw.workload.kernels import kernel_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ironlaw.cost.machine import Machine
    from ironlaw.workload.graph import Block
    from ironlaw.workload.kernels import Kernel

_MOST_CUTS = 1 << 16  # cuts of one cluster; no graph of the registry has a hundredth of them


class Objective(Enum):
    """What a set of fusions is to be best in."""

    TIME = "time"
    MFU = "mfu"
    ENERGY = "energy"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Optimum:
    """The best legal set of fusions.

    Attributes:
        fusions: The set, by names, rewrites in place included.
        diagnosis: The step under it.
        value: What the objective comes to: seconds, a fraction, or joules a step.
        cuts: Different cuts of the graph that were compared, none left out.
    """

    fusions: tuple[str, ...]
    diagnosis: Diagnosis
    value: float
    cuts: int


class Cut(NamedTuple):
    """One way for a cluster to run."""

    time: float
    launches: int
    joules: float
    fusions: tuple[str, ...]


class Weights(NamedTuple):
    """What the objective is made of: joules, and seconds of the step; and the host's time for each launch [s]."""

    joules: float
    seconds: float
    dispatch: float

    def of(self, time: float, launches: int, joules: float) -> float:
        """The objective of kernels that take so long, are so many and need so much."""
        return self.joules * joules + self.seconds * max(time, launches * self.dispatch)


def best_fusions(
    scenario: Scenario, objective: Objective = Objective.TIME, memory: float | None = None
) -> Optimum:
    """The legal set of fusions that is best in an objective and fits the memory.

    Args:
        scenario: The question, a single batch and context; its own fusion level and set do not matter.
        objective: Time of the step, MFU, or energy of the step.
        memory: Bytes that a chip may hold [B]; None for all of its memory.

    Returns:
        The optimum over every legal set.

    Raises:
        DomainError: if no legal set fits, if the chip's file lacks what the energy needs, or if a graph has more cuts
            than can be compared.
    """
    limit = scenario.chip.capacity if memory is None else memory
    best: Optimum | None = None
    cuts = 0
    for base in _bases(scenario):
        found, seen = _best_of(scenario, base, objective, limit)
        cuts += seen
        if found is not None and (
            best is None or _loss(found, objective) <= _loss(best, objective)
        ):
            best = found
    if best is None:
        raise DomainError("memory", limit, "sizes that the step fits in with some set of fusions")
    return replace(best, cuts=cuts)


def _loss(optimum: Optimum, objective: Objective) -> float:
    return -optimum.value if objective is Objective.MFU else optimum.value


def best_of_batches(
    scenario: Scenario, batches: Iterable[float], objective: Objective = Objective.MFU
) -> Optimum:
    """The batch and the legal set of fusions that are best together.

    Args:
        scenario: The question.
        batches: Batches to choose from; those that fit with no set are passed over.
        objective: What is to be best; time and energy are those of a step, so compare them at one batch.

    Raises:
        DomainError: if no batch fits.
    """
    found: list[Optimum] = []
    for batch in batches:
        asked = replace(scenario, request=replace(scenario.request, batch=batch))
        try:
            found.append(best_fusions(asked, objective))
        except DomainError as error:
            if error.field != "memory":
                raise
    if not found:
        raise DomainError("batch", list(batches), "batches that fit the memory with some fusions")
    best = min(found, key=lambda optimum: _loss(optimum, objective))
    return replace(best, cuts=int(summed(optimum.cuts for optimum in found)))


def _bases(scenario: Scenario) -> Iterator[frozenset[str]]:
    """Every set of rewrites in place that changes the step."""
    useful = useful_in_place(eager_step(scenario))
    for chosen in product((False, True), repeat=len(useful)):
        yield frozenset(name for name, is_on in zip(useful, chosen, strict=True) if is_on)


def _best_of(
    scenario: Scenario, base: frozenset[str], objective: Objective, limit: float
) -> tuple[Optimum | None, int]:
    """The optimum with some rewrites in place, None if nothing fits, and how many cuts there are."""
    blocks = rewritten(eager_step(scenario), base)
    weights = _weights(scenario, objective)
    room = limit - _kept(scenario)
    prices = [Prices(block, machine_of(scenario), weights, room) for block in blocks]
    rest, options = priced(prices, block_memory(scenario.chip))
    for name in needed_by(base):
        holding = [any(name in cut.fusions for cut in cuts) for cuts in options]
        if not any(holding):
            return None, 0
        options = [
            [cut for cut in cuts if name in cut.fusions] if holds else cuts
            for cuts, holds in zip(options, holding, strict=True)
        ]
    total = 1
    for cuts in options:
        total *= len(cuts)
    for _, names in best_first(options, rest, weights) if room > 0.0 else ():
        chosen = tuple(sorted(base.union(names)))
        try:
            answer = diagnose(replace(scenario, fusions=chosen))
        except GraphError:
            continue  # kernels that need each other
        if float(answer.footprint.total) <= limit:
            value = _value(answer, objective)
            return Optimum(fusions=chosen, diagnosis=answer, value=value, cuts=total), total
    return None, total


def _value(answer: Diagnosis, objective: Objective) -> float:
    """What a step comes to in an objective."""
    if objective is Objective.MFU:
        return float(answer.mfu)
    if objective is Objective.TIME:
        return float(answer.step)
    idle = answer.scenario.chip.idle_power or 0.0
    joules = summed(_joules(x.cost.kernel, answer.machine) * x.launches for x in answer.launches)
    return float(joules) + idle * float(answer.step)


def _kept(scenario: Scenario) -> float:
    """Bytes that stay on a chip whatever is fused: weights and cache."""
    memory = diagnose(replace(scenario, fusions=None)).footprint
    return float(memory.weights) + float(memory.cache)


def _weights(scenario: Scenario, objective: Objective) -> Weights:
    chip = scenario.chip
    dispatch = dispatch_time(chip, scenario.launch)
    if objective is not Objective.ENERGY:
        return Weights(0.0, 1.0, dispatch)
    if not chip.flop_energy or chip.levels[-1].energy is None or chip.idle_power is None:
        allowed = f"objectives other than energy: the file of {chip.name} lacks energy facts"
        raise DomainError("objective", objective.value, allowed)
    return Weights(1.0, chip.idle_power, dispatch)


class Prices:
    """What the kernels of a block cost, each asked for once."""

    def __init__(self, block: Block, machine: Machine, weights: Weights, room: float) -> None:
        self.block = block
        self._machine = machine
        self._asks_joules = weights.joules > 0.0
        self._room = room
        self._known: dict[tuple[str, ...], tuple[float, float] | None] = {}

    def of(self, members: tuple[str, ...]) -> tuple[float, float] | None:
        """Time and joules of all launches of a kernel; None if what it reads and makes does not fit the memory."""
        if members not in self._known:
            self._known[members] = self._priced(members)
        return self._known[members]

    def _priced(self, members: tuple[str, ...]) -> tuple[float, float] | None:
        graph = self.block.graph
        kernel = kernel_of(graph, Group("+".join(members), members))
        sizes = {**kernel.reads, **kernel.writes}
        alive = summed(s for name, s in sizes.items() if not graph.tensors[name].role.persists)
        if float(alive) > self._room:
            return None
        cost = kernel_cost(kernel, self._machine)
        joules = _joules(kernel, self._machine) if self._asks_joules else 0.0
        return float(cost.terms.total) * self.block.count, joules * self.block.count


def _joules(kernel: Kernel, machine: Machine) -> float:
    """Energy of the arithmetic and of the bytes of a kernel [J].

    Raises:
        DomainError: if the chip's file has no energy of that arithmetic.
    """
    chip = machine.chip
    dtype = arithmetic_of(kernel, machine)
    if dtype not in chip.flop_energy:
        known = ", ".join(known.value for known in chip.flop_energy)
        raise DomainError("dtype", dtype.value, f"formats whose energy {chip.name} names: {known}")
    byte = chip.levels[-1].energy or 0.0
    return float(kernel.flops) * chip.flop_energy[dtype] + float(kernel.traffic) * byte


def priced(prices: list[Prices], on_chip: float | None) -> tuple[Cut, list[list[Cut]]]:
    """What runs alone in any case, and the cuts of each cluster."""
    time, launches, joules = 0.0, 0, 0.0
    options: list[list[Cut]] = []
    for price in prices:
        graph = price.block.graph
        clusters = _clusters(legal_fusions(graph, on_chip))
        held = {name for cluster in clusters for fusion in cluster for name in fusion.members}
        for name in graph.operators:
            cost = None if name in held else price.of((name,))
            if cost is not None:
                time, joules = time + cost[0], joules + cost[1]
                launches += price.block.count
        options += [_cuts(cluster, price, on_chip) for cluster in clusters]
    return Cut(time, launches, joules, ()), options


def _clusters(fusions: tuple[Fusion, ...]) -> list[list[Fusion]]:
    """Fusions that may meet in one kernel, together."""
    clusters: list[tuple[set[str], list[Fusion]]] = []
    for fusion in fusions:
        members, near = set(fusion.members), [fusion]
        apart: list[tuple[set[str], list[Fusion]]] = []
        for held, cluster in clusters:
            if held.isdisjoint(members):
                apart.append((held, cluster))
            else:
                members, near = members | held, [*cluster, *near]
        clusters = [*apart, (members, near)]
    return [cluster for _, cluster in clusters]


def _cuts(cluster: list[Fusion], price: Prices, on_chip: float | None) -> list[Cut]:
    """Every legal way for a cluster to run that fits the memory, each once, the least time first.

    Raises:
        DomainError: if there are too many to compare.
    """
    graph, runs = price.block.graph, price.block.count
    held = {name for fusion in cluster for name in fusion.members}
    seen: dict[frozenset[tuple[str, ...]], tuple[str, ...]] = {}
    waiting: deque[tuple[Fusion, ...]] = deque([()])
    while waiting:
        chosen = waiting.popleft()
        parts = frozenset(p for p in joined(graph, chosen) if p[0] in held)
        if parts in seen:
            continue
        seen[parts] = tuple(fusion.name for fusion in chosen)
        if len(seen) > _MOST_CUTS:
            raise DomainError("model", cluster[0].name, f"graphs with {_MOST_CUTS} cuts at most")
        waiting += [(*chosen, fusion) for fusion in cluster if fusion not in chosen]
    found: list[Cut] = []
    legal: dict[tuple[str, ...], bool] = {}
    for parts, names in seen.items():
        for part in parts:
            if part not in legal:
                legal[part] = len(part) == 1 or obstacle(graph, part, on_chip) is None
        costs = [price.of(part) for part in parts] if all(legal[part] for part in parts) else [None]
        known = [cost for cost in costs if cost is not None]
        if len(known) == len(costs):
            time = summed(sorted(time for time, _ in known))
            joules = summed(sorted(joules for _, joules in known))
            found.append(Cut(float(time), len(parts) * runs, float(joules), names))
    return sorted(found)


def best_first(
    options: list[list[Cut]], rest: Cut, weights: Weights
) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Whole choices of one cut for each cluster, the best first: a search whose bound never overestimates."""
    if not all(options):
        return
    ahead = _least_ahead(options, rest)
    queue: list[tuple[float, int, int, Cut]] = []
    order = count()

    def push(level: int, so_far: Cut) -> None:
        bound = _added(so_far, ahead[level])
        value = weights.of(bound.time, bound.launches, bound.joules)
        heapq.heappush(queue, (value, -level, next(order), so_far))

    push(0, Cut(0.0, 0, 0.0, ()))
    while queue:
        value, depth, _, so_far = heapq.heappop(queue)
        if -depth == len(options):
            yield value, so_far.fusions
            continue
        for cut in options[-depth]:
            push(1 - depth, _added(so_far, cut))


def _least_ahead(options: list[list[Cut]], rest: Cut) -> list[Cut]:
    """The least that the clusters from each one on can come to, and what runs in any case."""
    ahead = [rest._replace(fusions=())]
    for cuts in reversed(options):
        least = Cut(
            min(cut.time for cut in cuts),
            min(cut.launches for cut in cuts),
            min(cut.joules for cut in cuts),
            (),
        )
        ahead.append(_added(ahead[-1], least))
    return ahead[::-1]


def _added(first: Cut, second: Cut) -> Cut:
    """Two ways for different clusters to run, together."""
    return Cut(
        first.time + second.time,
        first.launches + second.launches,
        first.joules + second.joules,
        (*first.fusions, *second.fusions),
    )
