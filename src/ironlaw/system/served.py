"""Served time per output token: decode steps, the prompts that ride on them, and the framework around both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import Number, ceil, clip, maximum, summed
from ironlaw.base.power import log2
from ironlaw.cost.family import Family
from ironlaw.registry.serving import framework_time, served_span
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.capacity import kv_capacity, largest_batch
from ironlaw.system.diagnosis import Diagnosis, LaunchMode, Scenario, diagnose, launch_modes
from ironlaw.system.interval import Interval, step_interval
from ironlaw.system.two_streams import with_streams
from ironlaw.workload.spec import Phase, Request

if TYPE_CHECKING:
    from ironlaw.registry.calibration import Calibration
    from ironlaw.registry.chips import Chip
    from ironlaw.registry.dtypes import Dtype
    from ironlaw.registry.serving import Backend
    from ironlaw.workload.spec import DecoderSpec

_HEAD = "lm head"  # the layer of the last GEMM


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Serving:
    """A question: a model that a framework serves to a fixed number of clients, each of which asks again at once.

    Attributes:
        spec: The model.
        chip: The chip of the node.
        calibration: Constants measured on it, None where there are none.
        backend: The serving framework.
        concurrency: Sequences in flight, B.
        prompt_len: Tokens of a prompt, S_in.
        output_len: Tokens made for it, S_out.
        tensor_parallel: Chips that share each matrix of a layer, t.
        expert_parallel: Chips that each hold some of the experts, e.
        pipeline_parallel: Stages that the layers are split into, p.
        weights: Format of the layers' matrices.
        cache: Format of the KV cache.
        notes: What was changed in the question, or is uncertain in the answer.
    """

    spec: DecoderSpec
    chip: Chip
    calibration: Calibration | None
    backend: Backend
    concurrency: Number
    prompt_len: Number
    output_len: Number
    tensor_parallel: int
    weights: Dtype
    cache: Dtype
    expert_parallel: int = 1
    pipeline_parallel: int = 1
    notes: tuple[str, ...] = ()

    @property
    def decode(self) -> Scenario:
        """The average decode step, half of the output made; each stage of a pipeline has a share of the sequences."""
        share = ceil(self.concurrency / self.pipeline_parallel)
        return self._step(Phase.DECODE, share, self.prompt_len + self.output_len / 2.0)

    @property
    def prefill(self) -> Scenario:
        """The step that reads a prompt, or one in each group of chips; its kernels are launched one by one."""
        return self._step(Phase.PREFILL, float(self._groups), self.prompt_len)

    @property
    def last(self) -> Scenario:
        """The decode step in which every sequence has all of its tokens: what has to fit."""
        return self._step(Phase.DECODE, self.concurrency, self.prompt_len + self.output_len)

    @property
    def chips(self) -> int:
        """Chips that a step is handed to."""
        return max(self.tensor_parallel, self.expert_parallel) * self.pipeline_parallel

    @property
    def lanes(self) -> int:
        """Prompts that are read at once: one in each stage, and in each group that has sequences of its own."""
        return self._groups * self.pipeline_parallel

    @property
    def _groups(self) -> int:
        return self.expert_parallel if self.tensor_parallel == 1 else 1

    def _step(self, phase: Phase, batch: Number, context: Number) -> Scenario:
        request = Request(
            phase=phase,
            batch=batch,
            context_len=ceil(context),
            tensor_parallel=self.tensor_parallel,
            expert_parallel=self.expert_parallel,
            pipeline_parallel=self.pipeline_parallel,
        )
        loose = (
            LaunchMode.STREAM if LaunchMode.STREAM in launch_modes(self.chip) else LaunchMode.GRAPH
        )
        step = Scenario(
            spec=self.spec,
            chip=self.chip,
            calibration=self.calibration,
            request=request,
            level=FusionLevel.FULL,
            launch=LaunchMode.GRAPH if phase is Phase.DECODE else loose,
            weights=self.weights,
            cache=self.cache,
        )
        return with_streams(step, None)


class ServedTerms(NamedTuple):
    """The terms of a served token; they add up to the time per output token [s].

    Attributes:
        gemm: GEMMs of the layers.
        attention: Attention over the cache.
        experts: Routed experts.
        collectives: All-reduces and what else chips send each other.
        small: Norms, embedding, sampling and what else is neither.
        head: LM head.
        interference: Prompts of other sequences that are read meanwhile.
        framework: Host time that no kernel hides.
    """

    gemm: Number
    attention: Number
    experts: Number
    collectives: Number
    small: Number
    head: Number
    interference: Number
    framework: Number

    @property
    def total(self) -> Number:
        """Time per output token [s]."""
        return summed(self)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ServedTime:
    """The answer.

    Attributes:
        serving: The question.
        terms: The terms of the time per output token [s].
        ttft: Estimate of the time to the first token [s].
        decode: The diagnosis of the average decode step.
        prefill: The diagnosis of reading one prompt.
    """

    serving: Serving
    terms: ServedTerms
    ttft: Number
    decode: Diagnosis
    prefill: Diagnosis

    @property
    def tpot(self) -> Number:
        """Time per output token [s]."""
        return self.terms.total

    @property
    def tokens_per_second(self) -> Number:
        """Tokens that the node makes, all sequences together [1/s]."""
        cycle = self.ttft + (self.serving.output_len - 1.0) * self.tpot
        return self.serving.concurrency * self.serving.output_len / cycle

    @property
    def naive(self) -> Number:
        """What the datasheet alone says of the decode step: bytes over BW_mem or work over R_peak, the longer [s]."""
        step, chip = self.decode, self.serving.chip
        return maximum(step.useful_traffic / chip.bandwidth, step.model_flops / step.peak)


def serve(serving: Serving) -> ServedTime:
    r"""Time per output token of a served model, in steady state.

    $$ TPOT = T_{decode}(B, S_{in} + S_{out}/2) + w (B - 1) / S_{out} \cdot T_{prefill}(S_{in})
            + c (1 + \log_2 chips) $$

    A pipeline of p stages has p shares of the sequences under way, B/p in a step that passes all stages in turn, and p
    prompts.

    While a sequence makes its S_out tokens, each of the other B - 1 is replaced once, and its prompt is read. A
    framework that lets prompts ride on decode steps makes everyone wait for all of them, w = 1; one that reads all
    waiting prompts first keeps sequences of equal length in step, so that the first waits for all and the last for
    none: w = 1/2. The framework's own time c is the only constant that is fitted to served runs.

    Args:
        serving: The question; concurrency and lengths may be arrays.

    Returns:
        The answer.

    Raises:
        DomainError: if a size is invalid or the layout does not divide the model or the node.

    Source:
        the composition of model_forms.md (served time per output token), fitted to aiconfigurator.
    """
    decode, prefill = diagnose(serving.decode), diagnose(serving.prefill)
    parts = _parts(decode)
    prompt = prefill.step / serving.lanes
    others = (serving.concurrency - 1.0) / serving.output_len
    framework = framework_time() * (1.0 + log2(float(serving.chips)))
    terms = ServedTerms(
        gemm=parts["gemm"],
        attention=parts["attention"],
        experts=parts["experts"],
        collectives=parts["collectives"],
        small=parts["small"] + decode.exposed_dispatch,
        head=parts["head"],
        interference=serving.backend.stall * others * prompt,
        framework=framework,
    )
    return ServedTime(
        serving=serving,
        terms=terms,
        ttft=_first_token(serving, decode.step + framework, prefill.step),
        decode=decode,
        prefill=prefill,
    )


_TERMS = {
    Family.ATTENTION: "attention",
    Family.LATENT: "attention",
    Family.EXPERTS: "experts",
    Family.COLLECTIVE: "collectives",
    Family.SMALL: "small",
}


def _parts(step: Diagnosis) -> dict[str, Number]:
    """The time of a step by what its kernels are [s]."""
    parts: dict[str, Number] = dict.fromkeys(
        ("gemm", "attention", "experts", "collectives", "small", "head"), 0.0
    )
    for launch in step.launches:
        is_head = launch.cost.kernel.border.layer == _HEAD
        name = "head" if is_head else _TERMS.get(launch.cost.family, "gemm")
        parts[name] = parts[name] + launch.time
    return parts


def _first_token(serving: Serving, step: Number, prefill: Number) -> Number:
    """Estimate of the time to the first token [s].

    What interference leaves out of the clients' cycle is waiting: (1 - w) (B - 1) prompts in front of the own one.
    Sequences that drift apart come in groups as large as a step reads prompts at once, and wait as in a queue with the
    utilisation of the prefill, and for the rest of the running step.
    """
    backend, each = serving.backend, prefill / serving.lanes
    busy = (serving.concurrency - 1.0) * each
    waiting = (1.0 - backend.stall) * busy
    if backend.stall < 1.0:
        return prefill + step / 2.0 + waiting
    group = clip(backend.token_budget / serving.prompt_len, 1.0, serving.concurrency)
    utilization = busy / (busy + each + serving.output_len * step)
    queue = utilization / (2.0 * (1.0 - utilization)) * each
    return prefill * (1.0 + group) / 2.0 + step / 2.0 + queue


def served_interval(answer: ServedTime) -> Interval:
    """The range that holds 80 % of served runs, from what measured runs of the framework were away from the form.

    Runs of dense models with grouped queries were measured. For another model, and on a chip without constants of its
    own, it is the range of the step's kernels where that is wider.

    Args:
        answer: An answer of single numbers.

    Returns:
        An interval around the time per output token [s].
    """
    asked, tpot = answer.serving, float(answer.tpot)
    span = served_span(asked.backend.name)
    low, high = tpot * min(span.low, 1.0), tpot * max(span.high, 1.0)
    measured = asked.calibration is not None and asked.calibration.chip == asked.chip.name
    if measured and asked.spec.experts is None and asked.spec.latent is None:
        return Interval(low, high)
    step = float(answer.decode.step)
    kernels = step_interval(answer.decode)
    return Interval(min(low, tpot * kernels.low / step), max(high, tpot * kernels.high / step))


class ServedMemory(NamedTuple):
    """What fits on the node.

    Attributes:
        largest_batch: The most sequences in flight whose prompt and output fit; one more does not.
        kv_capacity: Tokens of KV cache that fit, of all sequences together.
        fits: Whether the sequences that were asked for do.
    """

    largest_batch: int
    kv_capacity: int
    fits: bool


def served_memory(answer: ServedTime) -> ServedMemory:
    """How many sequences fit into the share of the memory that the framework fills.

    Args:
        answer: An answer of single numbers.

    Returns:
        The largest batch and the capacity of the cache.
    """
    serving = answer.serving
    reading = float(answer.prefill.footprint.activations)
    room = serving.backend.memory_share * serving.chip.capacity - reading
    if room <= 0.0:
        return ServedMemory(0, 0, fits=False)
    held = replace(serving.last, chip=replace(serving.chip, capacity=room))
    most = largest_batch(held)
    return ServedMemory(most, kv_capacity(held), float(serving.concurrency) <= most)
