"""The roofline of a frame: weights from outside the chip under the slope of their memory, the cell's red dot on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import summed
from ironlaw.cost.iron_law import ridge_point
from ironlaw.instruments.roofline import (
    Axis,
    Dot,
    GapPart,
    Place,
    RedDot,
    Ridge,
    Roof,
    RooflinePicture,
)
from ironlaw.instruments.scale import decade, percent, significant, with_prefix
from ironlaw.system.hearable.machine import Place as Home

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip
    from ironlaw.system.hearable.frame import Frame, Piece
    from ironlaw.system.hearable.machine import Machine

WHOLE = "frame"
_LETTERS = {"input": "W", "state": "U"}
_LEAST, _MOST = 0.1, 1e3  # FLOP/B


class Rates(NamedTuple):
    """A slope [B/s] and a plateau [FLOP/s]."""

    bandwidth: float
    peak: float


def printed(frame: Frame) -> Rates:
    """What the data sheets print: back-to-back fetches and one operation a cycle, at the factors of the machine."""
    chip, machine = frame.machine.chip, frame.machine
    return Rates(
        chip.bandwidth * machine.bandwidth_scale,
        chip.peak(frame.layout.walk.dtype) * machine.peak_scale,
    )


def reached(machine: Machine) -> Rates:
    """What weights from home and measured kernels come to."""
    return Rates(machine.rate(machine.home), machine.flop_rate)


def pieces_of(frame: Frame, layer: str) -> tuple[Piece, ...]:
    """The matrices of a layer, or of the whole frame.

    Args:
        frame: The frame.
        layer: Its name, or `frame`.
    """
    return tuple(p for p in frame.pieces if layer in (WHOLE, p.matrix.layer))


def layer_words(layer: str) -> str:
    """A layer or matrix as people write it.

    Example:
        >>> layer_words("lstm1.state"), layer_words("dense2")
        ('LSTM 1, state U', 'dense 2')
    """
    name, _, part = layer.partition(".")
    stem = name.rstrip("0123456789")
    number = name[len(stem) :]
    words = {"lstm": "LSTM", WHOLE: "the whole frame"}.get(stem, stem)
    words = f"{words} {number}" if number else words
    return f"{words}, {part} {_LETTERS[part]}" if part else words


def matrix_words(name: str) -> str:
    """A matrix in short.

    Example:
        >>> matrix_words("lstm2.input")
        'LSTM 2 W'
    """
    layer, _, part = name.partition(".")
    return f"{layer_words(layer)} {_LETTERS[part]}" if part else layer_words(layer)


def hearable_roofline(now: Frame, start: Frame, *, layer: str, profiler: bool) -> RooflinePicture:
    """The roofline of a frame.

    Args:
        now: The frame.
        start: The frame at the knobs' start values: its dot stays as a shadow.
        layer: The layer of the red dot, or `frame`.
        profiler: Whether to draw what was measured, or what the data sheets print.
    """
    before = _place(start, layer, profiler=profiler)
    chip = now.machine.chip
    rates = reached(now.machine) if profiler else printed(now)
    ridge = float(ridge_point(rates.peak, rates.bandwidth))
    return RooflinePicture(
        title=f"Roofline of {chip.short_title}, weights in {now.layout.walk.dtype.value}",
        x=Axis("arithmetic intensity", "FLOP/B", _LEAST, _MOST),
        y=_axis(chip, now),
        roofs=_roofs(now, profiler=profiler),
        ridges=(Ridge("main", ridge, f"ridge {significant(ridge)} FLOP/B"),),
        dots=tuple(_dot(p, now, layer, profiler=profiler) for p in now.pieces),
        selected=_red(now, layer, before, profiler=profiler),
        profiler=profiler,
        source=_source(now, profiler=profiler),
    )


def _axis(chip: Chip, now: Frame) -> Axis:
    """An axis that stays put while the knobs turn: from what byte loads that alias leave to twice the largest peak."""
    low, _ = decade(chip.bandwidth * _LEAST)
    return Axis("performance", "FLOP/s", low, 2.0 * chip.peak(now.layout.walk.dtype))


def _roofs(frame: Frame, *, profiler: bool) -> tuple[Roof, ...]:
    machine, chip = frame.machine, frame.machine.chip
    peak, dtype = (printed(frame).peak, frame.layout.walk.dtype.value)
    main, plain = (reached(machine), printed(frame)) if profiler else (printed(frame), None)
    word = "as planned" if profiler else "back to back"
    kernels = "measured kernels" if profiler else dtype
    roofs = [
        _roof("main", f"{chip.memory} {word}, {with_prefix(main.bandwidth, 'B/s')}", main,
              f"{with_prefix(main.peak, 'FLOP/s')} {kernels}"),
    ]  # fmt: skip
    if plain is not None:
        label = f"as printed, {with_prefix(plain.bandwidth, 'B/s')}"
        roofs.append(_roof("unscaled", label, plain, ""))
    plateau = main.peak if profiler else peak
    for home, name in ((Home.FLASH, "flash"), (Home.SRAM, "SRAM")):
        if home in machine.rates and home is not machine.home:
            label = f"{name} {with_prefix(machine.rates[home], 'B/s')}"
            roofs.append(_roof("level", label, Rates(machine.rates[home], plateau), "", home.value))
    return tuple(roofs)


def _roof(role: str, label: str, rates: Rates, peak_label: str, name: str | None = None) -> Roof:
    return Roof(
        id=name or role,
        role="main" if role == "main" else "level" if role == "level" else "unscaled",
        label=label,
        peak_label=peak_label,
        bandwidth=rates.bandwidth,
        peak=rates.peak,
    )


def _slope(piece: Piece, frame: Frame, *, profiler: bool) -> float:
    """The bandwidth under which a matrix is drawn [B/s]."""
    if profiler or piece.place is not frame.machine.home:
        return frame.machine.rate(piece.place)
    return printed(frame).bandwidth


def _time(pieces: tuple[Piece, ...], frame: Frame, *, profiler: bool) -> float:
    """The least time of some matrices under the roofs that are drawn [s]."""
    peak = frame.machine.flop_rate if profiler else printed(frame).peak
    memory = summed(p.traffic / _slope(p, frame, profiler=profiler) for p in pieces)
    return max(memory, summed(p.flops for p in pieces) / peak)


def _dot(piece: Piece, frame: Frame, layer: str, *, profiler: bool) -> Dot:
    time = max(piece.memory, piece.compute)
    drawn = _time((piece,), frame, profiler=profiler)
    return Dot(
        id=piece.matrix.name,
        label=layer_words(piece.matrix.name),
        layer=piece.matrix.layer,
        intensity=piece.flops / piece.traffic,
        flop_rate=piece.flops / drawn,
        share=time / summed(max(p.memory, p.compute) for p in frame.pieces),
        time=time,
        count=1,
        traffic=piece.traffic,
        flops=piece.flops,
        bound="memory" if piece.memory > piece.compute else "compute",
        member=layer in (WHOLE, piece.matrix.layer),
    )


def _place(frame: Frame, layer: str, *, profiler: bool) -> Place:
    """Where some matrices are together: the work over the bytes from home; over all bytes where none is there."""
    pieces = pieces_of(frame, layer)
    home = summed(p.traffic for p in pieces if p.place is frame.machine.home)
    flops = summed(p.flops for p in pieces)
    moved = home or summed(p.traffic for p in pieces)
    return Place(flops / moved, flops / _time(pieces, frame, profiler=profiler))


def _red(frame: Frame, layer: str, before: Place, *, profiler: bool) -> RedDot:
    pieces = pieces_of(frame, layer)
    here = _place(frame, layer, profiler=profiler)
    total = summed(max(p.memory, p.compute) for p in frame.pieces)
    share = summed(max(p.memory, p.compute) for p in pieces) / total
    ideal = _time(pieces, frame, profiler=False)
    flops = summed(p.flops for p in pieces)
    return RedDot(
        id=layer,
        label=layer_words(layer),
        intensity=here.intensity,
        flop_rate=here.flop_rate,
        ghost_rate=flops / ideal if profiler else None,
        before=before,
        share=share,
        note=_note(share, here.flop_rate * ideal / flops, profiler=profiler),
        gap=_gap(pieces, frame) if profiler else (),
    )


def _note(share: float, part: float, *, profiler: bool) -> str:
    if profiler:
        return f"{percent(part)} of what the sheets allow"
    return f"{percent(share)} of the frame"


def _gap(pieces: tuple[Piece, ...], frame: Frame) -> tuple[GapPart, ...]:
    """What lies between the printed rates and the time of some matrices [s]."""
    rates = printed(frame)
    memory, compute = summed(p.memory for p in pieces), summed(p.compute for p in pieces)
    ideal = _time(pieces, frame, profiler=False)
    if memory > compute:
        again = summed(p.again / frame.machine.rate(p.place) for p in pieces)
        parts = [("lines fetched again", again), ("bandwidth reached", memory - ideal - again)]
    else:
        arithmetic = summed(p.flops for p in pieces) / rates.peak
        parts = [("arithmetic reached", compute - max(ideal, arithmetic))]
    return tuple(GapPart(label, time) for label, time in parts if time > 0.0)


def _source(frame: Frame, *, profiler: bool) -> str:
    """What the rates rest on."""
    if not profiler:
        return "data sheets: lines fetched back to back, one operation a cycle"
    sheet, paths = frame.machine.chip.sheet, frame.machine.paths
    home, rate = (sheet.fact(paths[p]) for p in (frame.machine.home.value, "arithmetic"))
    return f"memory: {home.kind}, {home.where}; kernels: {rate.kind}, {rate.where}"
