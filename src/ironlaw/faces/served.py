"""Served models in the Python API and as text: a question in, a report out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Unpack

from ironlaw.faces.text import between
from ironlaw.instruments.scale import grouped, percent, with_prefix
from ironlaw.system.served import (
    ServedMemory,
    ServedTerms,
    ServedTime,
    serve,
    served_interval,
    served_memory,
)
from ironlaw.system.served_question import ServedAsk, serving

if TYPE_CHECKING:
    from ironlaw.system.interval import Interval

_TERMS = {
    "gemm": "GEMMs of the layers",
    "attention": "attention over the cache",
    "experts": "routed experts",
    "collectives": "collectives",
    "small": "small operators",
    "head": "LM head",
    "interference": "prompts of the others",
    "framework": "the framework's own time",
}


@dataclass(frozen=True, eq=False)
class ServedReport:
    """A served model: time per output token, its terms, and what fits, in SI units.

    Attributes:
        answer: The engine's answer.
    """

    answer: ServedTime

    @property
    def tpot(self) -> float:
        """Time per output token [s]."""
        return float(self.answer.tpot)

    @property
    def ttft(self) -> float:
        """Estimate of the time to the first token [s]."""
        return float(self.answer.ttft)

    @property
    def tokens_per_s(self) -> float:
        """Tokens that the node makes, all sequences together [1/s]."""
        return float(self.answer.tokens_per_second)

    @property
    def terms(self) -> ServedTerms:
        """The terms that add up to the time per output token [s]."""
        return ServedTerms(*(float(term) for term in self.answer.terms))

    @cached_property
    def interval(self) -> Interval:
        """The range that holds 80 % of measured runs [s]."""
        return served_interval(self.answer)

    @cached_property
    def memory(self) -> ServedMemory:
        """How many sequences and tokens of cache fit."""
        return served_memory(self.answer)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was replaced or chosen in the question, or is uncertain in the answer."""
        if self.memory.fits:
            return self.answer.serving.notes
        return (
            "a concurrency that does not fit queues: the time is that of a chip with memory enough",
            *self.answer.serving.notes,
        )

    def to_dict(self) -> dict[str, object]:
        """The report as plain data: the JSON of `ironlaw served`, in SI units."""
        asked = self.answer.serving
        return {
            "verdict": verdict(self),
            "model": asked.spec.name,
            "chip": asked.chip.name,
            "backend": asked.backend.name,
            "concurrency": float(asked.concurrency),
            "isl": float(asked.prompt_len),
            "osl": float(asked.output_len),
            "tp": asked.tensor_parallel,
            "ep": asked.expert_parallel,
            "pp": asked.pipeline_parallel,
            "dtype": asked.weights.value,
            "kv_dtype": asked.cache.value,
            "tpot_s": self.tpot,
            "tpot_low_s": self.interval.low,
            "tpot_high_s": self.interval.high,
            "ttft_s": self.ttft,
            "tokens_per_s": self.tokens_per_s,
            "terms_s": self.terms._asdict(),
            "largest_batch": self.memory.largest_batch,
            "kv_capacity_tokens": self.memory.kv_capacity,
            "fits": self.memory.fits,
            "notes": list(self.notes),
        }

    def table(self) -> str:
        """The report as text for a terminal."""
        width = max(len(name) for name in _TERMS.values())
        lines = [
            f"{_TERMS[name].ljust(width)}  {with_prefix(time, 's'):>9}  {percent(time / self.tpot):>6}"
            for name, time in self.terms._asdict().items()
            if time > 0.0
        ]
        memory = self.memory
        facts = (
            f"first token about {with_prefix(self.ttft, 's')} · at most {grouped(memory.largest_batch)} sequences · "
            f"{grouped(memory.kv_capacity)} tokens of cache"
        )
        notes = [f"note: {note}" for note in self.notes]
        return "\n".join([question(self), verdict(self), facts, "", *lines, *notes])

    def __repr__(self) -> str:
        """The verdict."""
        return verdict(self)


def question(report: ServedReport) -> str:
    """What was asked, in a line."""
    asked = report.answer.serving
    return (
        f"{asked.spec.name} · {asked.chips}×{asked.chip.name} ({_layout(report)}) · {asked.backend.title} · "
        f"{grouped(float(asked.concurrency))} clients · {grouped(float(asked.prompt_len))} tokens in, "
        f"{grouped(float(asked.output_len))} out · {asked.weights.value}, cache {asked.cache.value}"
    )


def _layout(report: ServedReport) -> str:
    asked = report.answer.serving
    degrees = (
        ("tp", asked.tensor_parallel),
        ("ep", asked.expert_parallel),
        ("pp", asked.pipeline_parallel),
    )
    return " ".join(f"{name} {n}" for name, n in degrees if n > 1 or name == "tp")


def verdict(report: ServedReport) -> str:
    """The answer in a sentence."""
    times = report.terms._asdict()
    largest = max(times, key=lambda name: times[name])
    expected = between(report.interval.low, report.interval.high)
    return (
        f"{_unfit(report)}{with_prefix(report.tpot, 's')} a token ({expected}), "
        f"{grouped(report.tokens_per_s)} tokens/s: most of it, {percent(times[largest] / report.tpot)}, "
        f"goes to {_TERMS[largest]}"
    )


def _unfit(report: ServedReport) -> str:
    """What stands before the verdict where the memory is too small."""
    if report.memory.fits:
        return ""
    most, asked = report.memory.largest_batch, float(report.answer.serving.concurrency)
    room = f"{grouped(most)} of {grouped(asked)} sequences" if most else "no sequence"
    return f"does not fit, {room} has room beside the weights; with memory enough: "


def served(model: str, *, on: str, **ask: Unpack[ServedAsk]) -> ServedReport:
    """Time per output token of a model that a framework serves, in steady state.

    Args:
        model: Name in the registry ("llama-3-70b"), or path of a `config.json`.
        on: Chip in the registry ("h100-sxm"), or path of a TOML file.
        **ask: backend, concurrency, isl, osl, tp, ep, pp, dtype, kv_dtype: see
            `ironlaw.system.served_question.ServedAsk`.

    Returns:
        The report. What does not fit is an answer too: `memory.fits` is false.

    Raises:
        UnknownNameError: for a chip, model or framework that is not there, offering the nearest.
        DomainError: for a value outside its range, naming it.
        ConfigError: for a `config.json` that cannot be translated, naming the field.

    Example:
        >>> report = served("llama-3-8b", on="h100-sxm", backend="vllm", concurrency=32)
        >>> report.interval.low < report.tpot < report.interval.high
        True
    """
    return ServedReport(serve(serving(model, on, **ask)))
