"""The work of a step: its kernels with their sizes, and what they need of the memory.

Which kernels run is decided by all of a question but its batch, its context and its chip. So a decoder is written down,
rewritten and cut once for each such outline, with batch and context recorded; a question plays the tape.
"""

from __future__ import annotations

from dataclasses import fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.recording import Tape
from ironlaw.cost.family import COLLECTIVES, Family, family_of
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.levels import FusionLevel, at_level
from ironlaw.rewrites.sparse_matrices import skipped_flops
from ironlaw.system.formats import Activations, in_formats
from ironlaw.system.forward import forward_blocks, useful_traffic
from ironlaw.system.fusion_set import step_with
from ironlaw.system.memory import Footprint, footprint
from ironlaw.workload.decoder import eager_blocks, require_sizes
from ironlaw.workload.kernels import Kernel, kernels
from ironlaw.workload.network import Network, network_flops
from ironlaw.workload.spec import DecoderSpec, Phase, Request
from ironlaw.workload.work import model_flops

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ironlaw.base.number import Number
    from ironlaw.rewrites.sparse_matrices import Pruning
    from ironlaw.system.diagnosis import Scenario
    from ironlaw.workload.graph import Block, Operator, Shape


class Place(NamedTuple):
    """Where a kernel stands in the step.

    Attributes:
        block: The block that it is a part of.
        runs: How often the step runs it.
        twin: The first kernel of the step that costs the same at every size, by its number; often itself.
    """

    block: str
    runs: int
    twin: int


class Work(NamedTuple):
    """What a step does, on any chip.

    Attributes:
        kernels: Every kernel, in order.
        places: Where each stands.
        footprint: Bytes resident.
        model_flops: Work that the model itself asks of one chip [FLOP].
        useful_traffic: Bytes that no algorithm could leave out [B].
        traffic: Bytes of all kernels [B].
        flops: Work of all kernels [FLOP].
    """

    kernels: list[Kernel]
    places: tuple[Place, ...]
    footprint: Footprint
    model_flops: Number
    useful_traffic: Number
    traffic: Number
    flops: Number


def work_of(scenario: Scenario) -> Work:
    """The kernels of a step and their sizes.

    Args:
        scenario: The question; batch and context may be arrays.

    Raises:
        DomainError: if a size is invalid or the layout does not divide the model.
    """
    spec, request = scenario.spec, scenario.request
    if scenario.fusions is not None:
        return _chosen_work(scenario, scenario.fusions)
    if isinstance(spec, Network):
        blocks = forward_blocks(
            spec, request.batch, scenario.weights, scenario.level, scenario.pruning
        )
        cuts = [(block, kernels(block.graph)) for block in blocks]
        useful = useful_traffic(blocks)
        return _work(cuts, network_flops(spec, request.batch), footprint(cuts), useful)
    require_sizes(request)
    return _plan(_outline(scenario, spec)).at(request.batch, request.context_len)


def _chosen_work(scenario: Scenario, fusions: tuple[str, ...]) -> Work:
    """The work of a step under a fusion set of one's own."""
    blocks = step_with(scenario, fusions)
    cuts = [(block, kernels(block.graph)) for block in blocks]
    memory = footprint(cuts)
    spec, request = scenario.spec, scenario.request
    if isinstance(spec, Network):
        return _work(cuts, network_flops(spec, request.batch), memory, useful_traffic(blocks))
    return _work(cuts, model_flops(spec, request), memory, memory.step_traffic)


class Outline(NamedTuple):
    """What decides which kernels a decoder's step has: see `Scenario` and `Request`."""

    spec: DecoderSpec
    phase: Phase
    tensor_parallel: int
    expert_parallel: int
    pipeline_parallel: int
    drafted: int
    level: FusionLevel
    weights: Dtype
    cache: Dtype
    experts_only: bool
    activations: Activations = Activations.INSIDE
    accumulate: Dtype = Dtype.FP32
    pruning: Pruning | None = None


def _outline(scenario: Scenario, spec: DecoderSpec) -> Outline:
    request = scenario.request
    return Outline(
        spec,
        request.phase,
        request.tensor_parallel,
        request.expert_parallel,
        request.pipeline_parallel,
        request.drafted,
        scenario.level,
        scenario.weights,
        scenario.cache,
        scenario.experts_only,
        scenario.activations,
        scenario.accumulate,
        scenario.pruning,
    )


@lru_cache(maxsize=256)
def _plan(outline: Outline) -> Plan:
    """The step of an outline, written down with a recorded batch and context."""
    tape = Tape(2)
    batch, context = tape.inputs
    request = Request(
        phase=outline.phase,
        batch=batch,
        context_len=context,
        tensor_parallel=outline.tensor_parallel,
        expert_parallel=outline.expert_parallel,
        pipeline_parallel=outline.pipeline_parallel,
        drafted=outline.drafted,
    )
    eager = [
        replace(block, graph=in_formats(block.graph, outline))
        for block in eager_blocks(outline.spec, request)
    ]
    blocks = at_level(tuple(eager), outline.level)
    cuts = [(block, kernels(block.graph)) for block in blocks]
    memory = footprint(cuts)
    work = _work(cuts, model_flops(outline.spec, request), memory, memory.step_traffic)
    return Plan(tape, work._replace(places=_with_twins(work, tape)))


def _work(
    cuts: Iterable[tuple[Block, list[Kernel]]], asked: Number, memory: Footprint, useful: Number
) -> Work:
    found: list[Kernel] = []
    places: list[Place] = []
    traffic: Number = 0.0
    flops: Number = 0.0
    for block, cut in cuts:
        for skipped in skipped_flops(block.graph):
            asked = asked - skipped * block.count
        for kernel in cut:
            places.append(Place(block.name, block.count, len(found)))
            found.append(kernel)
            traffic = traffic + kernel.traffic * block.count
            flops = flops + kernel.flops * block.count
    return Work(found, tuple(places), memory, asked, useful, traffic, flops)


def _with_twins(work: Work, tape: Tape) -> tuple[Place, ...]:
    """The places of the kernels, each with its twin: what is the same on the tape is the same at every size."""
    first: dict[object, int] = {}
    return tuple(
        place._replace(twin=first.setdefault(_written(kernel, tape), number))
        for number, (kernel, place) in enumerate(zip(work.kernels, work.places, strict=True))
    )


def _written(kernel: Kernel, tape: Tape) -> tuple[object, ...]:
    """All that the cost of a kernel depends on, as it stands on the tape."""
    border, parts = kernel.border, kernel.parts
    if family_of(kernel) is Family.SMALL:
        return (tape.place(kernel.flops), tape.place(kernel.traffic))
    enters = [(c.role, tape.place(parts.reads[c.tensor])) for c in border.enters]
    leaves = [tape.place(size) for size in parts.writes.values()]
    return (*enters, "→", *leaves, *(_written_operator(op, tape) for op in parts.operators))


def _written_operator(operator: Operator, tape: Tape) -> tuple[object, ...]:
    sizes = (*operator.reads.values(), "→", *operator.writes.values(), operator.flops)
    shape = operator.shape
    widths = [] if shape is None else _widths(shape)
    written = [tape.place(size) for size in (*sizes, *widths)]
    return (operator.kind, operator.layer, type(shape), *written)


def _looked_at(kernel: Kernel) -> Iterator[object]:
    """What may be asked of a kernel: of the sizes inside it no more than those of its shapes and collectives."""
    yield from (kernel.flops, kernel.traffic)
    yield from (*kernel.parts.reads.values(), *kernel.parts.writes.values())
    for operator in kernel.parts.operators:
        if operator.shape is not None:
            yield from _widths(operator.shape)
        if operator.kind in COLLECTIVES:
            yield from (*operator.reads.values(), *operator.writes.values())


def _widths(shape: Shape) -> list[object]:
    return [getattr(shape, field.name) for field in fields(shape)]


class Plan:
    """A step whose batch and context are not known yet."""

    __slots__ = ("_kernels", "_memory", "_tape", "_totals", "_work")

    def __init__(self, tape: Tape, work: Work) -> None:
        place = tape.place
        self._tape, self._work = tape, work
        self._kernels = [
            (kernel.border, place(kernel.flops), place(kernel.traffic), kernel.parts)
            for kernel in work.kernels
        ]
        self._memory = {
            field.name: place(getattr(work.footprint, field.name)) for field in fields(Footprint)
        }
        self._totals = tuple(place(total) for total in work[-4:])
        sizes = {place(size) for kernel in work.kernels for size in _looked_at(kernel)}
        tape.trim(sizes.union(self._memory.values(), self._totals))

    def at(self, batch: Number, context: Number) -> Work:
        """The step at a batch and context.

        Args:
            batch: Sequences, B.
            context: Tokens, S.
        """
        values = self._tape.play(batch, context)
        asked, useful, traffic, flops = self._totals
        return Work(
            [Kernel(b, values[f], values[t], parts, values) for b, f, t, parts in self._kernels],
            self._work.places,
            Footprint(**{name: values[place] for name, place in self._memory.items()}),
            values[asked],
            values[useful],
            values[traffic],
            values[flops],
        )
