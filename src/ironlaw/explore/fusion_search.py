"""The best legal set of fusions of a step, exactly.

Fusions that share no operator, directly or through others, cannot meet in one kernel: they fall into clusters whose
kernels add up. A set goes by names, so fusions of one name in several blocks are one choice. Every cut that each
cluster can make is priced once. Best first, with a bound that is never above what a choice can still come to, the first
whole choice that fits the memory is the optimum: no set is better, tried or not.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass, replace
from enum import Enum
from itertools import count, product
from typing import TYPE_CHECKING, TypeAlias

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed
from ironlaw.cost.energy import active_power, lacking
from ironlaw.explore.fusion_prices import Cut, Prices, Weights
from ironlaw.rewrites.joint import obstacle, ordered
from ironlaw.rewrites.legal import Fusion, legal_fusions
from ironlaw.system.diagnosis import Diagnosis, Scenario, diagnose, dispatch_time, machine_of
from ironlaw.system.energy import step_energy, stored_format
from ironlaw.system.fusion_set import (
    block_memory,
    eager_step,
    needed_by,
    rewritten,
    useful_in_place,
)
from ironlaw.workload.graph import GraphError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


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
        value: What the objective comes to: seconds, a fraction, or joules of a step on all chips.
        cuts: Different cuts of the graph that were compared, none left out.
    """

    fusions: tuple[str, ...]
    diagnosis: Diagnosis
    value: float
    cuts: int


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
    room = limit - _kept(scenario)
    best: Optimum | None = None
    cuts = 0
    for base in _bases(scenario):
        found, seen = _best_of(scenario, base, objective, (limit, room))
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
    scenario: Scenario, base: frozenset[str], objective: Objective, memory: tuple[float, float]
) -> tuple[Optimum | None, int]:
    """The optimum with some rewrites in place, None if nothing fits, and how many cuts there are.

    Args:
        scenario: The question.
        base: Rewrites in place.
        objective: What is to be best.
        memory: Bytes that a chip may hold, and those beside what stays whatever is fused [B].
    """
    limit, room = memory
    blocks = rewritten(eager_step(scenario), base)
    weights = _weights(scenario, objective)
    machine, dtype = machine_of(scenario), stored_format(scenario)
    prices = [Prices(block, machine, weights, room, dtype) for block in blocks]
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
    return float(step_energy(answer).total)


def _kept(scenario: Scenario) -> float:
    """Bytes that stay on a chip whatever is fused: weights and cache."""
    memory = diagnose(replace(scenario, fusions=None)).footprint
    return float(memory.weights) + float(memory.cache)


def _weights(scenario: Scenario, objective: Objective) -> Weights:
    chip = scenario.chip
    dispatch = dispatch_time(chip, scenario.launch)
    if objective is not Objective.ENERGY:
        return Weights(0.0, 1.0, dispatch)
    reason = lacking(chip)
    if reason is not None:
        raise DomainError("objective", objective.value, f"objectives other than energy: {reason}")
    stages = scenario.request.pipeline_parallel
    idle, active = (chip.idle_power or 0.0) * stages, active_power(chip) * stages
    return Weights(1.0, idle, dispatch, active)


def priced(prices: list[Prices], on_chip: float | None) -> tuple[Cut, list[list[Cut]]]:
    """What runs alone in any case, and the cuts of each cluster."""
    time, launches, joules = 0.0, 0, 0.0
    clusters: list[Cluster] = []
    for price in prices:
        graph = price.block.graph
        apart = _clusters(legal_fusions(graph, on_chip))
        held = {name for cluster in apart for fusion in cluster for name in fusion.members}
        for name in graph.operators:
            cost = None if name in held else price.of((name,))
            if cost is not None:
                time, joules = time + cost[0], joules + cost[1]
                launches += price.block.count
        clusters += [[(price, {f.name: f for f in cluster})] for cluster in apart]
    options = [_cuts(cluster, on_chip) for cluster in _by_name(clusters)]
    return Cut(time, launches, joules, ()), options


Cluster: TypeAlias = "list[tuple[Prices, dict[str, Fusion]]]"
"""Fusions that are chosen together: of each block those that may meet in one kernel, by name."""

Part: TypeAlias = tuple[int, tuple[str, ...]]
"""A kernel of a cluster: which of its blocks, and the operators."""


def _by_name(clusters: list[Cluster]) -> list[Cluster]:
    """Clusters of different blocks that share a name, together: a name is chosen for the whole step."""
    found: list[Cluster] = []
    for cluster in clusters:
        names = {name for _, fusions in cluster for name in fusions}
        near = [c for c in found if any(not names.isdisjoint(fusions) for _, fusions in c)]
        found = [c for c in found if c not in near]
        found.append([part for c in (*near, cluster) for part in c])
    return found


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


def _cuts(cluster: Cluster, on_chip: float | None) -> list[Cut]:
    """Every legal way for a cluster to run that fits the memory, each once, the least time first.

    Raises:
        DomainError: if there are too many to compare.
    """
    found: list[Cut] = []
    legal: dict[Part, bool] = {}
    for parts, names in _ways(cluster).items():
        for place, part in parts:
            if (place, part) not in legal:
                graph = cluster[place][0].block.graph
                legal[place, part] = len(part) == 1 or obstacle(graph, part, on_chip) is None
        if not all(legal[part] for part in parts):
            continue
        costs = [cluster[place][0].of(part) for place, part in parts]
        known = [cost for cost in costs if cost is not None]
        if len(known) == len(costs):
            time, joules = (float(summed(sorted(terms))) for terms in zip(*known, strict=True))
            launches = int(summed(cluster[place][0].block.count for place, _ in parts))
            found.append(Cut(time, launches, joules, names))
    return sorted(found)


def _ways(cluster: Cluster) -> dict[frozenset[Part], tuple[str, ...]]:
    """Every way that sets of names cut the blocks of a cluster, legal or not, with the first set that does."""
    every = list(dict.fromkeys(name for _, fusions in cluster for name in fusions))
    apart = frozenset(
        (place, (member,))
        for place, (_, fusions) in enumerate(cluster)
        for fusion in fusions.values()
        for member in fusion.members
    )
    seen: dict[frozenset[Part], tuple[str, ...]] = {apart: ()}
    waiting: deque[frozenset[Part]] = deque([apart])
    while waiting:
        parts = waiting.popleft()
        chosen = seen[parts]
        for name in every:
            more = _merged(parts, cluster, name)
            if more not in seen:
                seen[more] = (*chosen, name)
                waiting.append(more)
        if len(seen) > _MOST_CUTS:
            raise DomainError("model", every[0], f"graphs with {_MOST_CUTS} cuts at most")
    return seen


def _merged(parts: frozenset[Part], cluster: Cluster, name: str) -> frozenset[Part]:
    """A cut of the blocks with one more fusion: the kernels that it touches are one."""
    for place, (price, fusions) in enumerate(cluster):
        if name not in fusions:
            continue
        members = set(fusions[name].members)
        touched = [one for one in parts if one[0] == place and not members.isdisjoint(one[1])]
        if len(touched) > 1:
            whole = ordered(price.block.graph, [m for _, part in touched for m in part])
            parts = parts.difference(touched) | {(place, whole)}
    return parts


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
