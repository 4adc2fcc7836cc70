"""A served model in names and numbers, turned into a question for the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict, Unpack

from ironlaw.base.errors import DomainError, UnknownNameError
from ironlaw.base.number import Number, as_float, require_count
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.networks import is_network
from ironlaw.registry.serving import load_backend, usual_cache
from ironlaw.system.question import Ask, load_decoder, scenario
from ironlaw.system.served import Serving, serve, served_interval

if TYPE_CHECKING:
    from ironlaw.registry.serving import Backend
    from ironlaw.system.diagnosis import Scenario
    from ironlaw.workload.spec import DecoderSpec

USUAL = "auto"
"""The KV cache in the format that the framework takes unless it is told otherwise."""


class ServedAsk(TypedDict, total=False):
    """What may be asked beside model and chip; all of it has a default.

    Attributes:
        backend: "trtllm", "vllm" (the default) or "sglang".
        concurrency: Sequences in flight, B; 1.
        isl: Tokens of a prompt, S_in; 1024.
        osl: Tokens made for it, S_out; 1024.
        tp: Chips that share each matrix of a layer, t; 1.
        ep: Chips that each hold some of the experts, e; 1.
        pp: Stages that the layers are split into, p; 1.
        dtype: Format of the layers' matrices; what the model is published in, "bf16" for most.
        kv_dtype: Format of the KV cache; "auto", the framework's own choice.
    """

    backend: str
    concurrency: Number
    isl: Number
    osl: Number
    tp: int
    ep: int
    pp: int
    dtype: str
    kv_dtype: str


def serving(model: str, chip: str, **ask: Unpack[ServedAsk]) -> Serving:
    """A model that a framework serves on a node.

    Args:
        model: Name in the registry, or path of a `config.json`.
        chip: Name in the registry, or path of a TOML file.
        **ask: Framework, clients, lengths, layout and formats: see `ServedAsk`.

    Returns:
        The question. Its notes say aloud what was replaced or chosen.

    Raises:
        UnknownNameError: for a chip, model or framework that is not there, offering the nearest.
        DomainError: for a value outside its range, naming it.
        ConfigError: for a `config.json` that cannot be translated, naming the field.

    Example:
        >>> serving("llama-3-70b", "h100-sxm", tp=8, dtype="fp8", backend="trtllm").cache.value
        'fp8'
    """
    for name in ask:
        if name not in ServedAsk.__annotations__:
            raise UnknownNameError("parameter", name, ServedAsk.__annotations__)
    backend = load_backend(ask.get("backend", "vllm"))
    concurrency, isl = ask.get("concurrency", 1.0), ask.get("isl", 1024.0)
    osl = ask.get("osl", 1024.0)
    for name, count in (("concurrency", concurrency), ("isl", isl), ("osl", osl)):
        require_count(name, count)
    spec = _decoder(model)
    asked = ask.get("kv_dtype", USUAL)
    about = Ask(
        batch=concurrency,
        context=as_float(isl) + as_float(osl),
        tp=ask.get("tp", 1),
        ep=ask.get("ep", 1),
        pp=ask.get("pp", 1),
    )
    about["kv_dtype"] = Dtype.BF16.value if asked == USUAL else asked
    if "dtype" in ask:
        about["dtype"] = ask["dtype"]
    step = scenario(model, chip, **about)
    cache, notes = (step.cache, ()) if asked != USUAL else _usual(backend, spec, step)
    return Serving(
        spec=spec,
        chip=step.chip,
        calibration=step.calibration,
        backend=backend,
        concurrency=step.request.batch,
        prompt_len=as_float(isl),
        output_len=as_float(osl),
        tensor_parallel=step.request.tensor_parallel,
        weights=step.weights,
        cache=cache,
        expert_parallel=step.request.expert_parallel,
        pipeline_parallel=step.request.pipeline_parallel,
        notes=(*step.notes, *notes),
    )


def _decoder(model: str) -> DecoderSpec:
    """The decoder of a name; a network of one pass makes no tokens."""
    if is_network(model):
        raise DomainError("model", model, "the language models: a network makes no tokens")
    return load_decoder(model)


def _usual(backend: Backend, spec: DecoderSpec, step: Scenario) -> tuple[Dtype, tuple[str, ...]]:
    """The cache's format where it is left to the framework, said aloud where the weights have another."""
    published = None if spec.quantised is None else spec.quantised.cache
    cache = usual_cache(backend, spec.name, step.weights, step.chip.compute_capability)
    if backend.follows_checkpoint and published is Dtype.FP8:
        cache = published
    if cache not in step.chip.peaks:
        cache = Dtype.BF16
    if step.weights is Dtype.BF16:
        return cache, ()
    return cache, (
        f"{backend.title} keeps the KV cache in {cache.value} unless it is told otherwise",
    )


class ServedPrediction(NamedTuple):
    """What the engine says of a measured run.

    Attributes:
        tpot: Predicted time per output token [s].
        naive: What the datasheet alone says of the decode step [s].
        low: Lower end of the 80 % interval [s].
        high: Its upper end [s].
        basis: The chip whose constants answer; empty where only the datasheet roofline does.
    """

    tpot: float
    naive: float
    low: float
    high: float
    basis: str


def served_tpot(model: str, chip: str, **ask: Unpack[ServedAsk]) -> ServedPrediction:
    """The prediction for a row of a measured table.

    A table that only assumes the format of the KV cache is best answered without `kv_dtype`: then it is the one that
    the framework takes.

    Args:
        model: Name of the model, or another name that the registry knows it by.
        chip: Name of the chip in the registry.
        **ask: The fields of the row: see `ServedAsk`.

    Returns:
        The time, its interval and the naive roofline.

    Raises:
        UnknownNameError: for a chip, model or framework that is not there.
        DomainError: for a value outside its range, naming it.
    """
    answer = serve(serving(model, chip, **ask))
    low, high = served_interval(answer)
    known = answer.serving.calibration
    basis = "" if known is None else known.chip
    return ServedPrediction(float(answer.tpot), float(answer.naive), low, high, basis)
