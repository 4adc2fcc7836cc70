"""Serving frameworks: how they schedule prompts, what format the cache has, what they cost beside the kernels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ironlaw.base.errors import FactError, UnknownNameError
from ironlaw.registry.constants import Span
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.facts import FactSheet, data_folder, read_sheet

_BACKENDS = ("trtllm", "vllm", "sglang")
_CACHE_RULES = ("checkpoint", "model")


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """A serving framework.

    Attributes:
        name: As the command line spells it.
        title: Its name in words.
        stall: Share of the other sequences' prefills that a sequence waits for while it decodes.
        memory_share: Share of the chip's memory that it fills.
        token_budget: Tokens that it reads or makes in one step at most.
        follows_checkpoint: Whether the KV cache takes the format that a quantised checkpoint names.
        fp8_cache_from: Compute capability from which it is launched with an fp8 cache for quantised weights; None where
            it is not.
    """

    name: str
    title: str
    stall: float
    memory_share: float
    token_budget: float
    follows_checkpoint: bool
    fp8_cache_from: float | None


@lru_cache(maxsize=1)
def serving_sheet() -> FactSheet:
    """Every fact about serving with its source."""
    text = data_folder().joinpath("serving.toml").read_text(encoding="utf-8")
    return read_sheet("serving", text)


def backend_names() -> tuple[str, ...]:
    """The serving frameworks of the registry."""
    return _BACKENDS


@lru_cache(maxsize=8)
def load_backend(name: str) -> Backend:
    """A serving framework.

    Args:
        name: "trtllm", "vllm" or "sglang".

    Raises:
        UnknownNameError: offering the nearest names.

    Example:
        >>> load_backend("sglang").stall
        0.5
    """
    if name not in _BACKENDS:
        raise UnknownNameError("backend", name, _BACKENDS)
    sheet = serving_sheet()
    rule = sheet.texts.get(f"{name}.cache")
    if rule not in _CACHE_RULES:
        raise FactError(
            f"serving.{name}.cache", f"{rule!r} is not one of {', '.join(_CACHE_RULES)}"
        )
    return Backend(
        name=name,
        title=sheet.texts[f"{name}.title"],
        stall=sheet.number(f"{name}.stall"),
        memory_share=sheet.number(f"{name}.memory_share"),
        token_budget=sheet.number(f"{name}.token_budget"),
        follows_checkpoint=rule == "checkpoint",
        fp8_cache_from=sheet.optional(f"{name}.fp8_cache_from"),
    )


@lru_cache(maxsize=1)
def framework_time() -> float:
    """Host time of a step that no kernel hides on one chip, and again for each doubling of the chips [s].

    Fitted to whole served runs, the only constant that is.
    """
    return serving_sheet().number("framework")


@lru_cache(maxsize=64)
def usual_cache(
    backend: Backend, model: str, weights: Dtype, compute_capability: int | None
) -> Dtype:
    """The format that a framework keeps the KV cache in unless it is told otherwise.

    Args:
        backend: The framework.
        model: Name of the model in the registry.
        weights: Format of the layers' matrices.
        compute_capability: Of the chip, 90 for Hopper; None where it is not known.

    Example:
        >>> usual_cache(load_backend("vllm"), "llama-3.1-70b", Dtype.FP8, 90).value
        'bf16'
    """
    if weights is Dtype.BF16:
        return Dtype.BF16
    if backend.follows_checkpoint:
        named = serving_sheet().texts.get(f"checkpoint_cache.{model}")
        return Dtype.FP8 if named == Dtype.FP8.value else Dtype.BF16
    start = backend.fp8_cache_from
    if start is None or compute_capability is None:
        return Dtype.BF16
    return Dtype.FP8 if compute_capability >= start else Dtype.BF16


@lru_cache(maxsize=8)
def served_span(backend: str) -> Span:
    """The range of measured over predicted time per output token of a framework, that holds 80 % of the runs.

    Args:
        backend: Name of the framework.
    """
    text = data_folder().joinpath("residuals_served.toml").read_text(encoding="utf-8")
    sheet = read_sheet("residuals_served", text)
    return Span(sheet.number(f"e2e.{backend}.low"), sheet.number(f"e2e.{backend}.high"))
