"""What stands beside the roofline of a frame: gauges, the Iron Law bar, the table of its matrices, its equations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.equation import Constant, Equation, Symbol, Term
from ironlaw.instruments.gauges import Gauge
from ironlaw.instruments.hearable_roofline import layer_words, printed
from ironlaw.instruments.kernel_table import Column, Table
from ironlaw.instruments.law import LawBar, LawTerm
from ironlaw.instruments.scale import percent, significant, with_prefix

if TYPE_CHECKING:
    from ironlaw.system.hearable.frame import Frame, Piece

_KIB = 1024.0
_PLACES = {"sram": "SRAM", "psram": "PSRAM", "flash": "flash"}


def mfu(frame: Frame) -> float:
    """Share of R_peak, as the data sheet prints it for the format, that the work of a frame is."""
    return frame.flops / (printed(frame).peak * frame.time)


def fastest(frame: Frame) -> float:
    """The fastest arithmetic of the chip, in whatever format [FLOP/s]."""
    return max(frame.machine.chip.peaks.values())


def budget_mfu(frame: Frame, deadline: float) -> float:
    """MFU of the budget: the work of a frame over what the fastest arithmetic of the chip does in the deadline.

    Args:
        frame: The frame.
        deadline: What it may take [s].
    """
    return frame.enhancer.flops / (fastest(frame) * deadline)


def mbu(frame: Frame) -> float:
    """Share of the back-to-back rate of the external memory that the bytes from outside are."""
    return frame.outside / (printed(frame).bandwidth * frame.time)


def frame_gauges(frame: Frame, deadline: float) -> tuple[Gauge, ...]:
    """The gauges of a frame.

    Args:
        frame: The frame.
        deadline: What it may take [s].
    """
    rates, bus = printed(frame), mbu(frame)
    return (
        deadline_gauge("Frame", frame.time, deadline),
        Gauge(
            id="mbu_raw",
            label="MBU, raw",
            value=bus,
            note=f"of {with_prefix(rates.bandwidth, 'B/s')} back to back",
        ),
        Gauge(
            id="mfu",
            label="MFU",
            value=mfu(frame),
            note=f"of {with_prefix(rates.peak, 'FLOP/s')} in {frame.layout.walk.dtype.value}",
        ),
        sram_gauge(frame.sram_used, frame.machine.sram),
    )


def deadline_gauge(label: str, time: float, deadline: float) -> Gauge:
    """A time of its deadline.

    Args:
        label: What takes it.
        time: The time [s].
        deadline: What it may take [s].
    """
    return Gauge(
        id="frame",
        label=label,
        value=time / deadline,
        note=f"{with_prefix(time, 's')} of {with_prefix(deadline, 's', 2)}",
        tone="bad" if time > deadline else "plain",
    )


def sram_gauge(used: float, capacity: float) -> Gauge:
    """SRAM used of what the chip has.

    Args:
        used: What is used [B].
        capacity: What there is [B].
    """
    return Gauge(
        id="sram",
        label="SRAM",
        value=used / capacity,
        note=f"{with_prefix(used, 'B')} of {sram_words(capacity)}",
        tone="bad" if used > capacity else "plain",
    )


def sram_words(size: float) -> str:
    """The SRAM of a chip as its sheet prints it, and in the unit of the other sizes.

    Example:
        >>> sram_words(532480.0)
        '532 kB (520 KiB)'
    """
    return f"{with_prefix(size, 'B')} ({significant(size / _KIB)} KiB)"


def frame_law(frame: Frame, slowest: float) -> LawBar:
    """The Iron Law bar of a frame; fetches and arithmetic overlap, so that only the wait for the longer one shows.

    Args:
        frame: The frame.
        slowest: Its time at the least rate that is planned with [s].
    """
    waiting = max(frame.memory - frame.compute, 0.0)
    parts = (
        ("compute", "arithmetic", frame.compute),
        ("memory", "waiting for weights", waiting),
        ("serial", "gate sums spilled", frame.spilled),
        ("launch", "calls", frame.launch),
    )
    terms = sorted((LawTerm(*part) for part in parts if part[2] > 0.0), key=lambda t: -t.time)
    return LawBar(
        total=frame.time,
        low=min(frame.time, slowest),
        high=max(frame.time, slowest),
        terms=tuple(terms),
        rests_on="at the rates that PSRAM is planned with",
    )


_COLUMNS = (
    Column("name", "matrix", ""),
    Column("place", "lives in", ""),
    Column("stored", "stored", "B"),
    Column("traffic", "traffic", "B"),
    Column("flops", "work", "FLOP"),
    Column("intensity", "intensity", "FLOP/B"),
    Column("bound", "bound", ""),
    Column("time", "time", "s"),
)


def frame_table(frame: Frame) -> Table:
    """The matrices of a frame; the time of each is the longer of its fetches and its arithmetic.

    Args:
        frame: The frame.
    """
    return Table(_COLUMNS, tuple(_row(piece) for piece in frame.pieces))


def _row(piece: Piece) -> dict[str, str | float | int]:
    return {
        "name": layer_words(piece.matrix.name),
        "place": _PLACES[piece.place.value],
        "stored": piece.stored,
        "traffic": piece.traffic,
        "flops": piece.flops,
        "intensity": piece.flops / piece.traffic,
        "bound": "memory" if piece.memory > piece.compute else "compute",
        "time": max(piece.memory, piece.compute),
    }


def frame_equations(frame: Frame, deadline: float) -> tuple[Equation, ...]:
    """The equations behind the instruments.

    Args:
        frame: The frame.
        deadline: What it may take [s].
    """
    return (
        frame_equation(frame),
        ridge_of(frame),
        _mbu_equation(frame),
        _mfu_equation("MFU of the frame", frame, printed(frame).peak, frame.time),
        _mfu_equation("MFU of the budget", frame, fastest(frame), deadline),
    )


def frame_equation(frame: Frame) -> Equation:
    """Time of a frame: the longer of fetches and arithmetic, and what nothing overlaps.

    Args:
        frame: The frame.
    """
    longer = Term(
        "max",
        (
            Symbol("T", "weights on their way", frame.memory, "s", "m"),
            Symbol("T", "arithmetic", frame.compute, "s", "c"),
        ),
    )
    parts = (
        longer,
        Symbol("T", "gate sums spilled", frame.spilled, "s", "spill"),
        Symbol("L", "calls", frame.launch, "s", "lat"),
    )
    return Equation(
        title="Time of the frame",
        left=Symbol("T", "time of the frame", None, "s"),
        right=Term("sum", parts),
        source="Iron Law with overlap; ironlaw dossier, §6",
    )


def ridge_of(frame: Frame) -> Equation:
    """The ridge point of measured kernels under the planned slope.

    Args:
        frame: The frame.
    """
    machine = frame.machine
    return Equation(
        title="Ridge point of the measured kernels",
        left=Symbol("I", "ridge point", None, "FLOP/B", "ridge"),
        right=Term(
            "fraction",
            (
                Symbol("R", "rate of the kernels", machine.flop_rate, "FLOP/s", "kernels"),
                Symbol("BW", "rate of the weights", machine.rate(machine.home), "B/s", "mem"),
            ),
        ),
        source="Williams, Waterman, Patterson 2009",
    )


def _mbu_equation(frame: Frame) -> Equation:
    could = Term(
        "product",
        (
            Symbol("BW", "fetches back to back", printed(frame).bandwidth, "B/s", "mem"),
            Symbol("T", "time of the frame", frame.time, "s"),
        ),
    )
    return Equation(
        title="MBU, raw",
        left=Symbol("MBU", "memory bandwidth utilisation", None, "", "raw"),
        right=Term(
            "fraction", (Symbol("D", "bytes from outside", frame.outside, "B", "vol"), could)
        ),
        source="Databricks 2023, LLM inference performance engineering",
    )


def _mfu_equation(title: str, frame: Frame, peak: float, time: float) -> Equation:
    work = Term(
        "product",
        (Constant(2.0), Symbol("N", "weights", frame.flops / 2.0, "FLOP")),
    )
    could = Term(
        "product",
        (
            Symbol("R", "peak rate", peak, "FLOP/s", "peak"),
            Symbol("T", "time", time, "s"),
        ),
    )
    return Equation(
        title=title,
        left=Symbol("MFU", "model FLOPs utilisation", None, ""),
        right=Term("fraction", (work, could)),
        source="Chowdhery et al. 2022 (PaLM), appendix B",
    )


def bound_words(frame: Frame) -> str:
    """What binds a frame, in a sentence."""
    took = with_prefix(frame.time, "s")
    if frame.bound == "memory":
        return f"The frame sits on the slope: {took}, and for {percent(frame.waiting)} of it the arithmetic waits."
    spare = 1.0 - frame.memory / frame.compute
    return f"Across the ridge: the frame takes {took}, and its weights come {percent(spare)} early."
