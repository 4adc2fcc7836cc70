"""The diagnosis of one step: which kernels run, what binds each, and what the step comes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import Number, maximum, summed
from ironlaw.cost.family import Family
from ironlaw.cost.kernel import KernelCost, kernel_cost
from ironlaw.cost.machine import Machine
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.formats import Activations
from ironlaw.system.plan import work_of
from ironlaw.system.two_streams import beside
from ironlaw.workload.layout import layer_chips
from ironlaw.workload.network import Network

if TYPE_CHECKING:
    from ironlaw.cost.tiling import Tiling
    from ironlaw.registry.calibration import Calibration
    from ironlaw.registry.chips import Chip
    from ironlaw.rewrites.sparse_matrices import Pruning
    from ironlaw.system.memory import Footprint
    from ironlaw.system.plan import Work
    from ironlaw.workload.spec import DecoderSpec, Request


class LaunchMode(Enum):
    """Who launches the kernels."""

    EAGER = "eager"
    STREAM = "stream"
    GRAPH = "graph"


_TENSOR = (
    *(Family.GEMM, Family.BATCHED_GEMM, Family.ATTENTION),
    *(Family.CONVOLUTION, Family.RECURRENCE),
)

USUAL_LAUNCH = {
    FusionLevel.NONE: LaunchMode.EAGER,
    FusionLevel.PARTIAL: LaunchMode.STREAM,
    FusionLevel.FULL: LaunchMode.GRAPH,
}
"""Eager Python runs unfused operators, compiled code launches fused ones, a captured graph replays the full fusion."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Scenario:
    """A question: one step of a model on a node.

    Attributes:
        spec: The model: a decoder, or a network that is one pass over a batch.
        chip: The chip of the node.
        calibration: Constants measured on it, None where there are none.
        request: Phase, batch, context and layout.
        level: How much is fused.
        launch: Who launches the kernels.
        weights: Format of the layers' matrices.
        cache: Format of the KV cache.
        experts_only: Whether only the experts are in the format of the weights, and the other matrices in bf16.
        tiling: The tile and split of every GEMM, where they are not the library's choice.
        notes: What was changed in the question, or is uncertain in the answer.
        fusions: A set of one's own in place of a level; see `system.fusion_set.choices`.
        activations: Where the activations of quantised GEMMs are quantised.
        accumulate: Format of what norms, softmaxes and routers keep in memory between their kernels.
        shared_beside: Whether shared experts run on a second stream beside the routed ones.
        pruning: The sparsity of the layers' matrices, and what the chip makes of it; None where they are dense.
    """

    spec: DecoderSpec | Network
    chip: Chip
    calibration: Calibration | None
    request: Request
    level: FusionLevel
    launch: LaunchMode
    weights: Dtype = Dtype.BF16
    cache: Dtype = Dtype.BF16
    experts_only: bool = False
    tiling: Tiling | None = None
    notes: tuple[str, ...] = ()
    fusions: tuple[str, ...] | None = None
    activations: Activations = Activations.INSIDE
    accumulate: Dtype = Dtype.FP32
    shared_beside: bool = False
    pruning: Pruning | None = None

    @property
    def fusion_name(self) -> str:
        """The level of fusion, or that the set is one's own."""
        return self.level.value if self.fusions is None else "own set"

    @property
    def decoder(self) -> DecoderSpec:
        """The model, where it is a decoder.

        Raises:
            DomainError: if it is a network.
        """
        if isinstance(self.spec, Network):
            raise DomainError("model", self.spec.name, "the decoders: it has no tokens")
        return self.spec


class Launches(NamedTuple):
    """A kernel's cost and how often it runs in the step, and the block that it is a part of."""

    cost: KernelCost
    launches: int
    block: str = ""

    def at(self, cost: KernelCost) -> Launches:
        """The same launches at another cost."""
        return self._replace(cost=cost)

    @property
    def time(self) -> Number:
        """Time of all launches [s]."""
        return self.cost.terms.total * self.launches

    @property
    def flops(self) -> Number:
        """Work of all launches [FLOP]."""
        return self.cost.kernel.flops * self.launches

    @property
    def traffic(self) -> Number:
        """Bytes of all launches [B]."""
        return self.cost.kernel.traffic * self.launches


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Diagnosis:
    """The answer, for one chip of the node; of a pipeline, for one chip of each stage in turn.

    Attributes:
        scenario: The question.
        machine: The chip as the cost functions saw it.
        launches: Every kernel of the step.
        footprint: Bytes resident.
        exposed_dispatch: Time in which the chip waits for the host to launch [s].
        model_flops: Work that the model itself asks for [FLOP].
        useful_traffic: Bytes that no algorithm could leave out: the weights that its tokens need once, cache once [B].
    """

    scenario: Scenario
    machine: Machine
    launches: tuple[Launches, ...]
    footprint: Footprint
    exposed_dispatch: Number
    model_flops: Number
    useful_traffic: Number
    kernel_time: Number
    traffic: Number
    flops: Number

    @property
    def step(self) -> Number:
        """Time of the step: all kernels, and what the host leaves them waiting [s]."""
        return self.kernel_time + self.exposed_dispatch

    @property
    def tokens_per_second(self) -> Number:
        """Tokens of the node: read (prefill) or made (decode); of a network, its samples [1/s]."""
        return self.scenario.request.tokens / self.step

    @property
    def overhead_share(self) -> Number:
        """Share of the step that no kernel computes or moves in: launch, latency and waiting for the host."""
        waiting = self.exposed_dispatch
        for launch in self.launches:
            waiting = waiting + launch.cost.terms.latency * launch.launches
        return waiting / self.step

    @property
    def n_kernels(self) -> int:
        """Kernel launches of the step."""
        return int(summed(entry.launches for entry in self.launches))

    @property
    def peak(self) -> float:
        """R_peak that MFU is measured against: that of the fastest format of its matrices [FLOP/s]."""
        matrices = [x.cost.flop_rate for x in self.launches if x.cost.family in _TENSOR]
        return max(matrices or [x.cost.flop_rate for x in self.launches])

    @property
    def mfu(self) -> Number:
        """Model FLOPs utilisation: throughput by the model's own FLOPs over R_peak."""
        return self.model_flops / (self.step * self.peak)

    @property
    def mbu_raw(self) -> Number:
        """Memory bandwidth utilisation by all traffic."""
        return self.traffic / (self.step * self.scenario.chip.bandwidth)

    @property
    def mbu_useful(self) -> Number:
        """Memory bandwidth utilisation by weights and cache alone, each once."""
        return self.useful_traffic / (self.step * self.scenario.chip.bandwidth)

    @property
    def cache_time(self) -> Number:
        """Time in kernels that read, copy, expand or append the KV cache [s]."""
        total: Number = 0.0
        for launch in self.launches:
            if launch.cost.kernel.border.touches_cache:
                total = total + launch.time
        return total

    @property
    def cache_share(self) -> Number:
        """Share of the step in kernels that touch the KV cache."""
        return self.cache_time / self.step

    @property
    def spare(self) -> Number:
        """Memory left on the chip; negative by what is missing [B]."""
        return self.scenario.chip.capacity - self.footprint.total


def diagnose(scenario: Scenario) -> Diagnosis:
    """Build the workload, rewrite it, and cost every kernel.

    Args:
        scenario: The question; batch and context may be arrays.

    Returns:
        The answer. A model that does not fit is an answer too: `spare` is negative.

    Raises:
        DomainError: if a size is invalid or the layout does not divide the model or the node.
    """
    chip = scenario.chip
    _require_node(scenario)
    machine = machine_of(scenario)
    work = work_of(scenario)
    launches, time = _launches(work, machine)
    if scenario.shared_beside:
        launches = beside(launches, machine)
        time = summed(launch.time for launch in launches)
    count = int(summed(place.runs for place in work.places))
    dispatch = count * dispatch_time(chip, scenario.launch)
    call = 0.0 if chip.call_dispatch is None else chip.call_dispatch
    return Diagnosis(
        scenario=scenario,
        machine=machine,
        launches=launches,
        footprint=work.footprint,
        exposed_dispatch=maximum(dispatch - time, 0.0) + call,
        model_flops=work.model_flops,
        useful_traffic=work.useful_traffic,
        kernel_time=time,
        traffic=work.traffic,
        flops=work.flops,
    )


def _launches(work: Work, machine: Machine) -> tuple[tuple[Launches, ...], Number]:
    """Every kernel with its cost, which twins share, and the time of all of them [s]."""
    known: list[tuple[KernelCost, Number]] = []
    launches: list[Launches] = []
    time: Number = 0.0
    for kernel, (block, runs, twin) in zip(work.kernels, work.places, strict=True):
        if twin == len(known):
            cost = kernel_cost(kernel, machine)
            total = cost.terms.total
        else:
            same, total = known[twin]
            cost = KernelCost._make((kernel, *same[1:]))
        known.append((cost, total))
        launches.append(Launches(cost, runs, block))
        time = time + total * runs
    return tuple(launches), time


def machine_of(scenario: Scenario) -> Machine:
    """The chip of a scenario as the cost functions see it."""
    return Machine(
        chip=scenario.chip,
        calibration=scenario.calibration,
        ranks=layer_chips(scenario.request),
        captured=scenario.launch is LaunchMode.GRAPH,
        tiling=scenario.tiling,
    )


def dispatch_time(chip: Chip, mode: LaunchMode) -> float:
    """Host time to launch one kernel; a captured graph needs none [s].

    Raises:
        DomainError: if nothing is recorded of such launches on the chip.
    """
    if mode is LaunchMode.GRAPH:
        return 0.0
    time = chip.eager_dispatch if mode is LaunchMode.EAGER else chip.stream_dispatch
    if time is None:
        known = ", ".join(known.value for known in launch_modes(chip))
        raise DomainError("launch", mode.value, f"what is recorded of {chip.name}: {known}")
    return time


def launch_modes(chip: Chip) -> tuple[LaunchMode, ...]:
    """The ways to launch kernels of which the chip's file gives a time; a compiled program is always one."""
    known = {LaunchMode.EAGER: chip.eager_dispatch, LaunchMode.STREAM: chip.stream_dispatch}
    return tuple(mode for mode in LaunchMode if mode not in known or known[mode] is not None)


def _require_node(scenario: Scenario) -> None:
    request, chip = scenario.request, scenario.chip
    for name, degree in (("tp", request.tensor_parallel), ("ep", request.expert_parallel)):
        if degree > chip.node_size:
            raise DomainError(name, degree, _node_domain(chip))
    stages, chips = request.pipeline_parallel, layer_chips(request)
    if chips * stages > chip.node_size:
        raise DomainError("pp", stages, f"{_node_domain(chip)}, {chips} of them to a stage")


def _node_domain(chip: Chip) -> str:
    if chip.node_size == 1:
        return f"1: {chip.name} has no links to other chips"
    return f"1 to {chip.node_size}, the chips of a {chip.name} node"
