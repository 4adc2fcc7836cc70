"""A question in names and numbers, turned into a scenario."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from ironlaw.base.errors import DomainError
from ironlaw.base.number import Number, everywhere, require_count
from ironlaw.registry.calibration import load_calibration
from ironlaw.registry.chips import Chip, load_chip
from ironlaw.registry.dtypes import Dtype, dtype_named
from ironlaw.registry.models import load_model_card
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import USUAL_LAUNCH, LaunchMode, Scenario
from ironlaw.workload.decoder import DecoderSpec, Phase, Request
from ironlaw.workload.huggingface import decoder_from_config

if TYPE_CHECKING:
    from enum import Enum

    from ironlaw.registry.calibration import Calibration

WEIGHT_FORMATS = (Dtype.BF16, Dtype.FP8, Dtype.FP8_BLOCK, Dtype.NVFP4)
"""Formats that the layers' matrices can be kept in."""

CACHE_FORMATS = (Dtype.BF16, Dtype.FP8)
"""Formats that the KV cache can be kept in."""

_Choice = TypeVar("_Choice", bound="Enum")


@lru_cache(maxsize=64)
def load_decoder(model: str) -> DecoderSpec:
    """A decoder of the registry, or of a `config.json`.

    Args:
        model: Kebab-case name, or the path of a `config.json`.

    Raises:
        UnknownNameError: offering the nearest names.
        ConfigError: naming the field of the configuration.
    """
    card = load_model_card(model)
    return decoder_from_config(card.title if card.sheet is None else card.name, card.config)


def scenario(
    model: str,
    chip: str,
    *,
    phase: str = "decode",
    batch: Number = 1.0,
    context: Number = 4096.0,
    tp: int = 1,
    fusion: str = "full",
    launch: str | None = None,
    dtype: str = "bf16",
    kv_dtype: str = "bf16",
) -> Scenario:
    """One step of a model on a node.

    Args:
        model: Name in the registry, or path of a `config.json`.
        chip: Name in the registry, or path of a TOML file.
        phase: "prefill" or "decode".
        batch: Sequences, B.
        context: Prompt (prefill) or cached tokens including the new one (decode), S.
        tp: Chips that share each layer, t.
        fusion: "none", "partial" or "full".
        launch: "eager", "stream" or "graph"; what is usual for the level of fusion if None.
        dtype: Format of the layers' matrices.
        kv_dtype: Format of the KV cache.

    Returns:
        The scenario. Its notes say aloud what was replaced: a format that the chip lacks, a context beyond the model's.

    Raises:
        UnknownNameError: for a chip or model that is not there, offering the nearest.
        DomainError: for a value outside its range, naming it.
        ConfigError: for a `config.json` that cannot be translated, naming the field.
    """
    spec, machine = load_decoder(model), load_chip(chip)
    level = _choice("fusion", fusion, FusionLevel)
    require_count("batch", batch)
    require_count("context", context)
    require_count("tp", tp)
    calibration = load_calibration(machine.name)
    weights, weight_notes = _runnable(dtype_named(dtype, WEIGHT_FORMATS), machine, "weights")
    cache, cache_notes = _runnable(
        dtype_named(kv_dtype, CACHE_FORMATS, "kv_dtype"), machine, "KV cache"
    )
    return Scenario(
        spec=spec,
        chip=machine,
        calibration=calibration,
        request=Request(
            phase=_choice("phase", phase, Phase),
            batch=batch,
            context_len=context,
            tensor_parallel=tp,
        ),
        level=level,
        launch=USUAL_LAUNCH[level] if launch is None else _choice("launch", launch, LaunchMode),
        weights=weights,
        cache=cache,
        notes=(
            *weight_notes,
            *cache_notes,
            *_context_note(spec, context),
            *_calibration_note(machine, calibration, weights),
        ),
    )


def _choice(name: str, value: str, choices: type[_Choice]) -> _Choice:
    for choice in choices:
        if choice.value == value:
            return choice
    raise DomainError(name, value, f"the choices {', '.join(str(c.value) for c in choices)}")


def _runnable(dtype: Dtype, chip: Chip, what: str) -> tuple[Dtype, tuple[str, ...]]:
    """The format, or bf16 where the chip has no arithmetic in it, said aloud."""
    if dtype in chip.peaks:
        return dtype, ()
    return Dtype.BF16, (f"{chip.name} has no {dtype.value} arithmetic: {what} run in bf16",)


def _context_note(spec: DecoderSpec, context: Number) -> tuple[str, ...]:
    if everywhere(context <= spec.max_context_len):
        return ()
    return (f"context is beyond the {spec.max_context_len} positions of {spec.name}",)


def _calibration_note(
    chip: Chip, calibration: Calibration | None, weights: Dtype
) -> tuple[str, ...]:
    if calibration is None:
        return (f"nothing was measured on {chip.name}: times are the roofline's",)
    if weights not in calibration.gemm:
        return (f"no {weights.value} GEMM was measured on {chip.name}: its time is the roofline's",)
    return ()
