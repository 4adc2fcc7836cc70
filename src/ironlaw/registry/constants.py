"""The constants of the calibrated model forms, as data: what each means and in which unit.

They are fitted by `tools/fit.py` and multiply the rates that stand beside them. A head width is a kernel of its own in
the libraries that were measured, so some constants are kept by width.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ironlaw.registry.dtypes import Dtype


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceRates:
    """The rates of a chip that its fitted constants multiply."""

    peaks: dict[Dtype, float]
    bandwidth: float
    l2_capacity: float
    n_sm: int
    clock: float
    compute_capability: int
    link_bandwidth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GemmConstants:
    """Constants of the GEMM form.

    Attributes:
        ef: Fraction of the peak rate that full tiles reach.
        eb: Fraction of the memory bandwidth that is reached.
        t0: Fixed time of a call [s].
        cq: Passes over the activations that dynamic quantisation adds; 0 for bf16.
        l2x: Level-2 bandwidth as a multiple of the memory bandwidth.
        tk: Latency along K [s].
        ts: Cost of splitting K [s].
        cw: Cost of a written byte, in read bytes.
        a0: Tile intensity at which half of the rate is reached [FLOP/B].
        th: Share by which a large GEMM is slowed, because the clock falls under its power.
        f0: Work at which half of that share is reached [FLOP].
        tw: Cost of launching many tiles instead of one [s].
        tg: Latency along K of the kernel for a single row [s]; infinite where there is none.
        bg: Bandwidth of that kernel, in that of the tiled one.
        p: Exponent of the norm in which compute and memory overlap: 4, or infinite for their maximum.
        kp: Depth along K that filling and draining a tile's pipeline is worth.
        wf: Share of the last wave's idle SMs that is waited for; 1 where every wave takes as long as a full one.
        wl: How much of a read byte's gain from the level-2 cache a written byte has.
        cr: Cost of adding up a split, in results written for each part.
        tick: Step in which the benchmark's clock counts a call [s]; 0 where it does not show.
        phase: How far its readings stand above whole steps [s].
    """

    ef: float
    eb: float
    t0: float
    cq: float
    l2x: float
    tk: float
    ts: float
    cw: float
    a0: float
    th: float = 0.0
    f0: float = 1.0
    tw: float = 0.0
    tg: float = math.inf
    bg: float = 1.0
    p: float = math.inf
    kp: float = 0.0
    wf: float = 1.0
    wl: float = 1.0
    cr: float = 0.0
    tick: float = 0.0
    phase: float = 0.0


class PrefillWidth(NamedTuple):
    """What the prefill kernel of one head width has of its own."""

    ef: float  # fraction of the peak rate that the tensor cores reach
    tc: float  # cost of a thread block [s]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrefillConstants:
    """Constants of the prefill attention form.

    Attributes:
        eb: Fraction of the memory bandwidth that is reached.
        t0: Fixed time of a call [s].
        cq: Passes over what the rotary embedding and the append move.
        ex: Cost of an exponential, in sixteenths of an SM-cycle.
        lp: Weight of the longest block's tail.
        l2x: Level-2 bandwidth as a multiple of the memory bandwidth.
        widths: By head width.
        rows: Queries of a thread block.
        columns: Keys that it takes in at a time.
        slack: Keys beyond a window that it computes all the same.
        p: Exponent of the norm in which compute and memory overlap: 4, or infinite for their maximum.
    """

    eb: float
    t0: float
    cq: float
    ex: float
    lp: float
    l2x: float
    widths: dict[int, PrefillWidth]
    rows: float = 128.0
    columns: float = 128.0
    slack: float = 128.0
    p: float = math.inf


class DecodeWidth(NamedTuple):
    """What the decode kernel of one head width has of its own."""

    t0: float  # fixed time of a call [s]
    tc: float  # cost of a unit of work on an SM [s]
    bs: float  # bandwidth that all SMs together can draw, as a multiple of the memory bandwidth


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodeConstants:
    """Constants of the decode attention form.

    Attributes:
        eb: Fraction of the memory bandwidth that is reached.
        l2x: Level-2 bandwidth as a multiple of the memory bandwidth.
        tr: Cost of the split's reduction [s].
        ch: Tokens of a split.
        cs: Pieces of work that the split makes for each SM.
        tp: Cost of a further piece of a split unit on an SM [s].
        cg: Growth of a unit's cost with each eight query heads beyond eight.
        widths: By head width.
        fallback: The same of the fallback kernel, whatever the width.
        p: Exponent of the norm in which the limits overlap: 4, or infinite for their maximum.
    """

    eb: float
    l2x: float
    tr: float
    ch: float
    widths: dict[int, DecodeWidth]
    fallback: DecodeWidth
    cs: float = 1.0
    tp: float = 0.0
    cg: float = 0.0
    p: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertConstants:
    """Constants of the form of a layer's experts.

    Attributes:
        ef: Fraction of the peak rate that the highest tiles reach.
        eb: Fraction of the memory bandwidth that is reached.
        t0: Fixed time of routing, permutation, two grouped GEMMs and combination [s].
        ca: Passes over the activations.
        ts: Cost of a tile on an SM [s].
        te: Cost of an expert of the chip, used or not [s].
        tk: Latency along the reduced dimension [s].
        l2x: Level-2 bandwidth as a multiple of the memory bandwidth.
        a0: Height of a tile at which half of the rate is reached [rows].
        fr: Share of the rows of other chips' experts that the grouped GEMMs compute all the same.
        cf: Passes over the activations of those rows.
        p: Exponent of the norm in which compute and memory overlap: 4, or infinite for their maximum.
    """

    ef: float
    eb: float
    t0: float
    ca: float
    ts: float
    te: float
    tk: float
    l2x: float
    a0: float
    fr: float = 0.0
    cf: float = 0.0
    p: float = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectiveConstants:
    """Constants of a collective.

    Attributes:
        a: Fixed time of a call [s].
        an: Time for each further rank [s].
        el: Fraction of the link bandwidth that two ranks reach on the protocol for small messages.
        eln: Gain of that for each doubling of the ranks.
        em: Fraction of the link bandwidth on the protocol for messages between.
        am: Extra time of that protocol [s]; infinite where there is none.
        e: Fraction of the link bandwidth on the protocol for large messages.
        en: Gain of that, and of the one between, for each doubling of the ranks.
        as_: Extra time of the protocol for large messages [s].
        asn: The same for each rank beyond two [s].
    """

    e: float
    a: float
    an: float
    el: float
    as_: float
    en: float
    eln: float = 1.0
    em: float = 1.0
    am: float = math.inf
    asn: float = 0.0


class Span(NamedTuple):
    """A range of measured over predicted time that holds four fifths of what was measured."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepConstants:
    """What holds between the kernels of a step and not inside a micro-benchmark.

    Attributes:
        small_launch: Fixed time of a small operator in a step [s].
        small_efficiency: Fraction of the memory bandwidth that a small operator reaches.
        attention_launch: Fixed time of an attention kernel inside a captured graph [s].
        small_span: Range of a small operator's time over the form's.
    """

    small_launch: float
    small_efficiency: float
    attention_launch: float
    small_span: Span
