"""A question in names and numbers, turned into a scenario."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypedDict, TypeVar, Unpack

from ironlaw.base.errors import DomainError, UnknownNameError
from ironlaw.base.number import Number, as_float, require_count
from ironlaw.cost.tiling import tiling_named
from ironlaw.registry.chips import Chip, load_chip
from ironlaw.registry.dtypes import Dtype, dtype_named
from ironlaw.registry.models import load_model_card, model_names
from ironlaw.registry.networks import is_network
from ironlaw.registry.relatives import calibration_of
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import USUAL_LAUNCH, LaunchMode, Scenario, launch_modes
from ironlaw.system.formats import Activations, accumulation
from ironlaw.system.network_question import (
    load_network,
    network_format,
    network_request,
)
from ironlaw.system.notes import WEIGHT_ONLY, accumulation_notes, unpacked_note, workload_notes
from ironlaw.system.pruning import with_sparsity
from ironlaw.system.question_experts import asked_twin, routed
from ironlaw.system.question_notes import (
    arithmetic_notes,
    calibration_note,
    context_note,
    vector_note,
)
from ironlaw.system.two_streams import with_streams
from ironlaw.workload.huggingface import decoder_from_config
from ironlaw.workload.layout import require_layout
from ironlaw.workload.network import Network
from ironlaw.workload.spec import DecoderSpec, Phase, Request

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import Enum


WEIGHT_FORMATS = (
    *(Dtype.BF16, Dtype.FP8, Dtype.FP8_BLOCK, Dtype.INT8),
    *(Dtype.INT4, Dtype.MXFP4, Dtype.NVFP4),
)
"""Formats that the layers' matrices can be kept in."""

CACHE_FORMATS = (Dtype.BF16, Dtype.FP8)
"""Formats that the KV cache can be kept in."""

_SIXTEEN_BITS = (Dtype.BF16, Dtype.FP16)

_Choice = TypeVar("_Choice", bound="Enum")


def load_decoder(model: str) -> DecoderSpec:
    """A decoder of the registry, or of a `config.json`.

    Args:
        model: Kebab-case name, an alias, or the path of a `config.json` or TOML file.

    Raises:
        UnknownNameError: offering the nearest names.
        ConfigError: naming the field of the configuration.
    """
    return _registered(model) if model in model_names() else _decoder(model)


@lru_cache(maxsize=64)
def _registered(model: str) -> DecoderSpec:
    """A decoder of the registry; a user's file is read anew each time, because it may change."""
    return _decoder(model)


def _decoder(model: str) -> DecoderSpec:
    card = load_model_card(model)
    name = card.title if card.sheet is None else card.name
    return decoder_from_config(name, card.config, card.title)


class Ask(TypedDict, total=False):
    """What may be asked beside model and chip; all of it has a default.

    Attributes:
        phase: "prefill" or "decode" (the default).
        batch: Sequences, B; 1.
        context: Prompt (prefill) or cached tokens including the new one (decode), S; 4096.
        tp: Chips that share each matrix of a layer, t; 1.
        ep: Chips that each hold some of the experts, e; 1. It equals tp, or one of the two is 1: with tp = 1 each chip
            reads its own share of the sequences.
        pp: Stages that the layers are split into, p; 1.
        fusion: "none", "partial" or "full" (the default).
        launch: "eager", "stream" or "graph"; what is usual for the level of fusion.
        dtype: Format of the layers' matrices; what the model is published in, "bf16" for most.
        kv_dtype: Format of the KV cache; what the model is published with, "bf16" for most.
        tile: Rows × columns of every GEMM's tiles, such as "128x256"; the library's choice.
        split_k: Parts that every GEMM splits K into; the library's choice.
        fusions: A fusion set of one's own, by the names that `ironlaw fusions` lists, in place of a level.
        activations: "auto" (the default): quantised where GEMMs with quantised weights read them, by kernels of their
            own. "bf16": such weights are widened on their way in, and the arithmetic is in bf16.
        accumulate: Format of what norms, softmaxes and routers keep in memory between their kernels: "fp32" (the
            default), or the 16 bits of the activations.
        sparsity: "2:4", "unstructured:0.9", "block:0.5@128x128" or "contextual:0.9": share of zeros, or of the neurons
            that a token does not need; dense if None.
        routing: Which experts are wanted: "uniform" (the default), "power-law:S" (the r-th most wanted expert is r^−S
            as popular as the first), or a number for each expert: shares that add up to 1, or counts that add up to
            T·k, the rows of the step.
        experts: Experts of a layer of the dense model's MoE twin, N_e; with top_k and d_expert.
        top_k: Experts of a token of that twin, k.
        d_expert: Width of an expert of that twin.
        d_shared: Width of its shared experts, which every token passes; 0.
        shared: Where shared experts run: "beside" the routed ones on a second stream (the default of a captured graph),
            or "after" them.
    """

    phase: str
    batch: Number
    context: Number
    tp: int
    ep: int
    pp: int
    fusion: str
    launch: str | None
    dtype: str
    kv_dtype: str
    tile: str | None
    split_k: int | None
    fusions: Sequence[str] | None
    activations: str
    accumulate: str
    sparsity: str | None
    routing: str | Sequence[float]
    experts: int
    top_k: int
    d_expert: int
    d_shared: int
    shared: str | None


def scenario(model: str | Network, chip: str, **ask: Unpack[Ask]) -> Scenario:
    """One step of a model on a node.

    Args:
        model: Name in the registry, path of a file, or a network that was loaded.
        chip: Name in the registry, or path of a TOML file.
        **ask: Phase, batch, context, layout, fusion and formats: see `Ask`.

    Returns:
        The scenario. Its notes say aloud what was replaced: a format that the chip lacks, a context beyond the
        model's.

    Raises:
        UnknownNameError: for a chip or model that is not there, offering the nearest.
        DomainError: for a value outside its range, naming it.
        ConfigError: for a `config.json` that cannot be translated, naming the field.

    Example:
        >>> scenario("llama-3-70b", "h100-sxm", tp=8).request.tensor_parallel
        8
    """
    _require_known(ask)
    found = with_streams(_dense(model, chip, ask), ask.get("shared"))
    return with_sparsity(found, ask.get("sparsity"))


def _dense(model: str | Network, chip: str, ask: Ask) -> Scenario:
    """The scenario with dense matrices."""
    if isinstance(model, Network):
        return _network_scenario(model, _text("chip", chip), ask)
    if is_network(_text("model", model)):
        return _network_scenario(load_network(model), _text("chip", chip), ask)
    spec, machine = asked_twin(load_decoder(model), ask), load_chip(_text("chip", chip))
    level = _choice("fusion", ask.get("fusion", "full"), FusionLevel)
    launch, launch_notes = _launch(level, ask.get("launch"), machine)
    spec, request = _request(spec, ask)
    calibration = calibration_of(machine)
    weights, weight_notes = _weights(spec, machine, ask)
    cache, cache_notes = _cache(spec, machine, ask)
    sums, own_set = accumulation(machine, ask.get("accumulate", "fp32")), _fusions(ask)
    return Scenario(
        spec=spec,
        chip=machine,
        calibration=calibration,
        request=request,
        level=level,
        launch=launch,
        weights=weights,
        cache=cache,
        experts_only=_experts_only(spec, weights, ask),
        tiling=tiling_named(ask.get("tile"), ask.get("split_k")),
        fusions=own_set,
        notes=(
            *weight_notes,
            *cache_notes,
            *launch_notes,
            *spec.notes,
            *workload_notes(spec, request),
            *arithmetic_notes(spec, machine, weights),
            *context_note(spec, request.context_len),
            *calibration_note(machine, calibration, weights),
            *accumulation_notes(machine, sums, None if own_set is not None else level),
        ),
        activations=_activations(machine, weights, ask),
        accumulate=sums,
    )


def _activations(chip: Chip, weights: Dtype, ask: Ask) -> Activations:
    """Where activations are quantised; weights that the chip widens anyway leave nothing to do."""
    asked = ask.get("activations", "auto")
    if asked not in _ACTIVATIONS:
        raise DomainError("activations", asked, f"the choices {', '.join(_ACTIVATIONS)}")
    if weights in WEIGHT_ONLY or chip.runs(weights) is not weights:
        return Activations.INSIDE
    return _ACTIVATIONS[asked]


_ACTIVATIONS = {"auto": Activations.APART, "bf16": Activations.WIDE}


def _network_scenario(network: Network, chip: str, ask: Ask) -> Scenario:
    """One pass of a network over a batch, on one chip."""
    machine = load_chip(chip)
    level = _choice("fusion", ask.get("fusion", "full"), FusionLevel)
    launch, launch_notes = _launch(level, ask.get("launch"), machine)
    calibration = calibration_of(machine)
    weights, format_notes = network_format(network, machine, ask.get("dtype"))
    return Scenario(
        spec=network,
        chip=machine,
        calibration=calibration,
        request=network_request(network, ask),
        level=level,
        launch=launch,
        weights=weights,
        cache=weights,
        fusions=_fusions(ask),
        notes=(
            *format_notes,
            *launch_notes,
            *network.notes,
            *vector_note(machine),
            *calibration_note(machine, calibration, weights),
        ),
    )


def _fusions(ask: Ask) -> tuple[str, ...] | None:
    """The fusion set that is asked for; the blocks of the step say whether its names are theirs."""
    asked = ask.get("fusions")
    if asked is None:
        return None
    if isinstance(asked, str):
        raise DomainError("fusions", asked, "lists of the names that `ironlaw fusions` shows")
    return tuple(sorted(set(asked)))


def _require_known(ask: Ask) -> None:
    """Refuse a parameter that does not exist: without a type checker nobody else would."""
    for name in ask:
        if name not in Ask.__annotations__:
            raise UnknownNameError("parameter", name, Ask.__annotations__)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise DomainError(name, value, "the names of the registry and paths")
    return value


def _request(spec: DecoderSpec, ask: Ask) -> tuple[DecoderSpec, Request]:
    """What is asked of a decoder in one step, and the decoder with the routing that is asked for."""
    batch, context = ask.get("batch", 1.0), ask.get("context", 4096.0)
    require_count("batch", batch)
    require_count("context", context)
    degrees = {"tp": ask.get("tp", 1), "ep": ask.get("ep", 1), "pp": ask.get("pp", 1)}
    for name, degree in degrees.items():
        require_count(name, degree)
    request = Request(
        phase=_choice("phase", ask.get("phase", "decode"), Phase),
        batch=as_float(batch),
        context_len=as_float(context),
        tensor_parallel=int(degrees["tp"]),
        expert_parallel=int(degrees["ep"]),
        pipeline_parallel=int(degrees["pp"]),
    )
    require_layout(spec, request)
    return routed(spec, ask.get("routing"), request.tokens), request


def _choice(name: str, value: str, choices: type[_Choice]) -> _Choice:
    for choice in choices:
        if choice.value == value:
            return choice
    raise DomainError(name, value, f"the choices {', '.join(str(c.value) for c in choices)}")


def _runnable(dtype: Dtype, chip: Chip, what: str) -> tuple[Dtype, tuple[str, ...]]:
    """The format to keep numbers in: as asked, or 16 bits where the chip has no arithmetic in it, said aloud."""
    runs = chip.runs(dtype)
    if dtype in WEIGHT_ONLY:
        return dtype, unpacked_note(dtype, chip)
    if runs is dtype:
        return dtype, ()
    kept = runs if runs in _SIXTEEN_BITS else Dtype.BF16
    note = f"{chip.name} has no {dtype.value} arithmetic: {what} {kept.value}"
    instead = "" if kept is dtype else " instead"
    computes = "" if kept is runs else f", the arithmetic in {runs.value}"
    return kept, (f"{note}{instead}{computes}",)


def _launch(
    level: FusionLevel, asked: str | None, chip: Chip
) -> tuple[LaunchMode, tuple[str, ...]]:
    """Who launches: as asked, or what is usual, or the next best of which the chip's file gives a time."""
    if asked is not None:
        return _choice("launch", asked, LaunchMode), ()
    usual, known = USUAL_LAUNCH[level], launch_modes(chip)
    if usual in known:
        return usual, ()
    return known[0], (
        f"no {usual.value} launch time is recorded of {chip.name}: kernels are launched by {known[0].value}",
    )


def _weights(spec: DecoderSpec, chip: Chip, ask: Ask) -> tuple[Dtype, tuple[str, ...]]:
    """The format of the weights: what is asked for, or else what the model is published in."""
    if "dtype" in ask or spec.quantised is None:
        wanted = dtype_named(ask.get("dtype", "bf16"), WEIGHT_FORMATS)
        return _runnable(wanted, chip, "the weights are in")
    published = spec.quantised.weights
    if published not in WEIGHT_FORMATS:
        note = f"{spec.name} is published in {published.value}: the weights are in bf16 instead"
        return Dtype.BF16, (note,)
    weights, notes = _runnable(published, chip, "the weights are in")
    said = f"{spec.name} is published in {published.value}, and the weights are in that"
    if spec.quantised.experts_only:
        said = (
            f"{spec.name} is published with its experts in {published.value}, and they are in that"
        )
    return weights, (said, *notes) if weights is published else notes


def _experts_only(spec: DecoderSpec, weights: Dtype, ask: Ask) -> bool:
    """Whether only the experts are in the format of the weights, as the model is published."""
    published = spec.quantised
    return (
        published is not None
        and published.experts_only
        and "dtype" not in ask
        and weights is published.weights
    )


def _cache(spec: DecoderSpec, chip: Chip, ask: Ask) -> tuple[Dtype, tuple[str, ...]]:
    """The format of the KV cache: what is asked for, or else what the model is published with."""
    published = None if spec.quantised is None else spec.quantised.cache
    if "kv_dtype" in ask or published not in CACHE_FORMATS:
        wanted = dtype_named(ask.get("kv_dtype", "bf16"), CACHE_FORMATS, "kv_dtype")
        return _runnable(wanted, chip, "the KV cache is in")
    cache, notes = _runnable(published, chip, "the KV cache is in")
    said = f"{spec.name} is published with a {published.value} KV cache, and that is taken"
    return cache, notes or (said,)
