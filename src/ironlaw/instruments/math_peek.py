"""Math Peek: the equations behind a picture, with the numbers of this moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.base.number import summed

if TYPE_CHECKING:
    from ironlaw.system.diagnosis import Diagnosis
    from ironlaw.system.table import KernelRow, StepTerms


def step_equation(terms: StepTerms) -> Equation:
    """The Iron Law of the step as its parts.

    Args:
        terms: Parts of the step.
    """
    parts = (
        Symbol("T", "waiting for memory", terms.memory, "s", "mem"),
        Symbol("T", "waiting for arithmetic", terms.compute, "s", "comp"),
        Symbol("T", "collectives", terms.link, "s", "link"),
        Symbol("L", "launch and latency", terms.launch, "s", "lat"),
        Symbol("L", "waiting for the host", terms.dispatch, "s", "host"),
    )
    return Equation(
        title="Iron Law of the step",
        left=Symbol("T", "time of the step", None, "s"),
        right=Term("sum", parts),
        source="sum over kernels of max(compute, memory) + what nothing overlaps + latency",
    )


def layer_equation(rows: tuple[KernelRow, ...]) -> Equation:
    """Arithmetic intensity of the selected layer.

    Args:
        rows: Its kernels.
    """
    flops = Symbol("O", "work", summed(row.flops for row in rows), "FLOP")
    traffic = Symbol("D", "bytes moved", summed(row.traffic for row in rows), "B", "vol")
    return Equation(
        title="Arithmetic intensity of the layer",
        left=Symbol("I", "arithmetic intensity", None, "FLOP/B"),
        right=Term("fraction", (flops, traffic)),
        source="Williams, Waterman, Patterson 2009",
    )


def ridge_equation(diagnosis: Diagnosis) -> Equation:
    """The ridge point of the chip.

    Args:
        diagnosis: The step.
    """
    chip = diagnosis.scenario.chip
    return Equation(
        title="Ridge point",
        left=Symbol("I", "ridge point", None, "FLOP/B", "ridge"),
        right=Term(
            "fraction",
            (
                Symbol("R", "peak rate", diagnosis.peak, "FLOP/s", "peak"),
                Symbol("BW", "memory bandwidth", chip.bandwidth, "B/s", "mem"),
            ),
        ),
        source="Williams, Waterman, Patterson 2009",
    )


def mfu_equation(diagnosis: Diagnosis) -> Equation:
    """MFU: throughput by the model's own FLOPs over the peak.

    Args:
        diagnosis: The step.
    """
    return Equation(
        title="MFU",
        left=Symbol("MFU", "model FLOPs utilisation", None, ""),
        right=Term(
            "fraction",
            (
                Symbol("O", "work of the model", float(diagnosis.model_flops), "FLOP", "model"),
                _capacity(diagnosis, "R", "peak rate", diagnosis.peak, "FLOP/s", "peak"),
            ),
        ),
        source="Chowdhery et al. 2022 (PaLM), appendix B",
    )


def mbu_equation(diagnosis: Diagnosis, *, useful: bool) -> Equation:
    """MBU: bytes over what the bus could have carried; raw counts all of them, useful weights and cache once.

    Args:
        diagnosis: The step.
        useful: Which of the two.
    """
    traffic = float(diagnosis.useful_traffic if useful else diagnosis.traffic)
    label = "weights and cache, each once" if useful else "all bytes moved"
    bandwidth = diagnosis.scenario.chip.bandwidth
    return Equation(
        title="MBU, useful" if useful else "MBU, raw",
        left=Symbol("MBU", "memory bandwidth utilisation", None, "", "useful" if useful else "raw"),
        right=Term(
            "fraction",
            (
                Symbol("D", label, traffic, "B", "useful" if useful else "vol"),
                _capacity(diagnosis, "BW", "memory bandwidth", bandwidth, "B/s", "mem"),
            ),
        ),
        source="Databricks 2023, LLM inference performance engineering",
    )


def cache_share_equation(diagnosis: Diagnosis) -> Equation:
    """Share of the step in kernels that touch the KV cache.

    Args:
        diagnosis: The step.
    """
    return Equation(
        title="Share of the KV cache",
        left=Symbol("s", "share of the step", None, "", "KV"),
        right=Term(
            "fraction",
            (
                Symbol("T", "kernels that touch the cache", float(diagnosis.cache_time), "s", "KV"),
                Symbol("T", "time of the step", float(diagnosis.step), "s"),
            ),
        ),
        source="sum over the kernel table",
    )


def amplification_equation(moved: float, once: float) -> Equation:
    """Bytes moved for each byte of the cache.

    Args:
        moved: Bytes of cache, copies and scores that attention moves [B].
        once: Bytes of the cache [B].
    """
    return Equation(
        title="Amplification of the KV cache",
        left=Symbol("r", "bytes moved for each byte of cache", None, ""),
        right=Term(
            "fraction",
            (
                Symbol("D", "cache, copies and scores moved", moved, "B", "attention"),
                Symbol("D", "the cache, once", once, "B", "KV"),
            ),
        ),
        source="traffic of the graph",
    )


def _capacity(
    diagnosis: Diagnosis, symbol: str, name: str, rate: float, unit: str, sub: str
) -> Term:
    step = Symbol("T", "time of the step", float(diagnosis.step), "s")
    return Term("product", (Symbol(symbol, name, rate, unit, sub), step))
