"""What stands beside the roofline of a hearable that is gated, switched between experts, and pruned."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ironlaw.base.equation import Constant, Equation, Symbol, Term
from ironlaw.instruments.comparison import Comparison, ComparisonRow, change_words
from ironlaw.instruments.curve import Curve, CurveMark, CurveSeries, axis_over
from ironlaw.instruments.gauges import Gauge
from ironlaw.instruments.hearable_panel import deadline_gauge, frame_gauges, frame_law, sram_gauge
from ironlaw.instruments.law import LawBar, LawTerm
from ironlaw.instruments.meter import Meter, MeterPart, duty_meter
from ironlaw.instruments.scale import grouped, percent, with_prefix
from ironlaw.system.cache.sparse_lines import lines_touched
from ironlaw.system.hearable.power import DutyPower, reach

if TYPE_CHECKING:
    from ironlaw.system.hearable.plan import Plan

_BLOCKS = (1, 4, 8, 16, 32)  # bytes that are zero or not together [B]
_DRAWN = 50  # steps of the curve
_SHOWS = 0.001  # share of the lines below which nothing is called saved


def plan_law(run: Plan, slowest: float) -> LawBar:
    """The Iron Law bar of the frame in which everything runs.

    Args:
        run: How the network is run.
        slowest: The time of the network's frame at the least rate that is planned with [s].
    """
    bar = frame_law(run.frame, slowest)
    if slowest == run.frame.time:
        bar = replace(bar, rests_on="at the rates of the registry")
    if run.listening is None:
        return bar
    more = run.listening.time
    terms = sorted((*bar.terms, LawTerm("detector", "voice detector", more)), key=lambda t: -t.time)
    return replace(
        bar, total=bar.total + more, low=bar.low + more, high=bar.high + more, terms=tuple(terms)
    )


def plan_gauges(run: Plan, deadline: float, half: float) -> tuple[Gauge, ...]:
    """The gauges: the longest frame, the bus, the arithmetic, SRAM, and the power against what is demanded.

    Args:
        run: How the network is run.
        deadline: What the longest frame may take [s].
        half: The power that would double the life of the battery [W].
    """
    _, bus, arithmetic, _ = frame_gauges(run.frame, deadline)
    rates = (bus, arithmetic) if run.frame.outside else (arithmetic,)
    total = run.power.total
    return (
        deadline_gauge("Longest frame", run.worst, deadline),
        *rates,
        sram_gauge(run.sram_used, run.frame.machine.sram),
        Gauge(
            id="half",
            label="Power, of what doubles the battery",
            value=total / half,
            note=f"{with_prefix(total, 'W')} of {with_prefix(half, 'W')}",
            tone="warn" if total > half else "plain",
        ),
    )


def plan_meter(run: Plan, target: float) -> Meter:
    """The power meter: detector, network, copies and the sleep floor.

    Args:
        run: How the network is run.
        target: The power to stay under [W].
    """
    parts, active = run.power, run.frame.active
    power = DutyPower(duty=run.duty, busy=parts.total - parts.floor, floor=parts.floor)
    shown = [
        MeterPart("detector", "voice detector, every hop", parts.detector),
        MeterPart("busy", f"network, in {percent(run.awake)} of the hops", parts.enhancer),
        MeterPart("copies", "experts copied to SRAM", parts.copies),
        MeterPart("floor", "asleep", parts.floor),
    ]
    title = f"Power of the {run.frame.machine.chip.short_title}"
    meter = duty_meter(title, power, reach(target, active, parts.floor), active)
    return replace(
        meter, parts=tuple(part for part in shown if part.value > 0.0), peek=power_equation(run)
    )


def power_equation(run: Plan) -> Equation:
    """Mean power as the sum of what draws it.

    Args:
        run: How the network is run.
    """
    parts = run.power
    network = Term(
        "product",
        (
            Symbol("p", "share of the hops in which the network runs", run.awake, "", "awake"),
            Symbol("P", "network, in every hop", parts.enhancer / run.awake, "W", "net"),
        ),
    )
    others = (
        ("voice detector", parts.detector, "det"),
        ("copies", parts.copies, "copy"),
        ("asleep", parts.floor, "sleep"),
    )
    sums = [Symbol("P", label, value, "W", sub) for label, value, sub in others if value > 0.0]
    return Equation(
        title="Mean power",
        left=Symbol("P", "mean power", None, "W"),
        right=Term("sum", (network, *sums)),
        source="ironlaw dossier, §6",
    )


def work_equation(run: Plan) -> Equation | None:
    """Work for each frame of speech that is enhanced; None without a gate.

    Args:
        run: How the network is run.
    """
    if run.gate is None or run.listening is None:
        return None
    network = Term(
        "product",
        (
            Symbol("p", "share of the hops in which the network runs", run.awake, "", "awake"),
            Symbol("O", "work of the network", run.frame.flops, "FLOP", "net"),
        ),
    )
    work = Term(
        "sum", (Symbol("O", "work of the detector", run.listening.flops, "FLOP", "det"), network)
    )
    accepted = Term(
        "product",
        (
            Symbol("p", "share of the frames with speech", run.gate.speech, "", "speech"),
            Term(
                "difference",
                (Constant(1.0), Symbol("m", "share that is missed", run.gate.miss, "")),
            ),
        ),
    )
    return Equation(
        title="Work for an enhanced frame of speech",
        left=Symbol("O", "work for an enhanced frame of speech", None, "FLOP", "speech"),
        right=Term("fraction", (work, accepted)),
        source="ironlaw dossier, §7: work for an accepted token",
    )


def lines_curve(run: Plan) -> Curve:
    """Lines that are fetched over the share of weights that are zero, for each size of block.

    Args:
        run: How the network is run.
    """
    line, pruned = run.frame.machine.line, run.frame.layout.pruned
    element = run.frame.layout.walk.element
    shares = [step / _DRAWN for step in range(_DRAWN)]
    series = tuple(
        CurveSeries(
            id=f"block{block}",
            label=_block_words(block, element),
            points=tuple(
                (share, lines_touched(share, float(max(block, element)), float(line)))
                for share in shares
            ),
        )
        for block in _BLOCKS
    )
    here = run.frame.flops / run.frame.enhancer.flops
    zeros = 0.0 if pruned is None else pruned.zeros
    return Curve(
        title=f"Lines of {line} B that are fetched, over the share of weights that are zero",
        x=axis_over("share of zeros", "", shares),
        y=axis_over("share of the lines that are fetched", "", [0.0, 1.0]),
        series=series,
        marks=(CurveMark(label=f"here: {percent(here)}", x=zeros, y=here),),
        note=_lines_note(run, here),
    )


def _block_words(block: int, element: int) -> str:
    return "single weights" if block <= element else f"blocks of {block} B"


def _lines_note(run: Plan, here: float) -> str:
    pruned, line = run.frame.layout.pruned, run.frame.machine.line
    if pruned is None:
        return f"Nothing is pruned. A line is skipped only if all of its {line} B are zero."
    saved = percent(1.0 - here) if 1.0 - here >= _SHOWS else f"less than {percent(_SHOWS)}"
    unit = _block_words(pruned.block, run.frame.layout.walk.element)
    cut = " Blocks that begin with a row lie across lines." if pruned.by_row else ""
    return (
        f"{percent(pruned.zeros)} of the weights are zero, in {unit}: {saved} of the lines are saved, and the "
        f"multiply-adds with them. A line is skipped only if all of its {line} B are zero.{cut}"
    )


def experts_comparison(before: Plan, now: Plan) -> Comparison:
    """Flash against SRAM against traffic: one network, and as many as there are now.

    Args:
        before: One network, as it was.
        now: How networks are run now.
    """
    rows = (
        _row("total", "parameters that there are", _parameters(before, all_of=True), _parameters(now, all_of=True)),
        _row("active", "parameters that a frame uses", _parameters(before), _parameters(now)),
        _bytes_row("store", "kept in flash or PSRAM", before.stored, now.stored),
        _bytes_row("sram", "held in SRAM", before.sram_used, now.sram_used),
        _bytes_row("outside", "from outside in a frame", before.frame.outside, now.frame.outside),
        ComparisonRow(
            id="switch", label="one change of the scene copies", cells=(_copied(before), _copied(now))
        ),
    )  # fmt: skip
    return Comparison(
        title="Flash against SRAM against traffic",
        columns=(("before", _network_words(before)), ("now", _network_words(now))),
        rows=rows,
        note=_switch_note(now),
    )


def _parameters(run: Plan, *, all_of: bool = False) -> float:
    return float(run.frame.enhancer.weights * (run.count if all_of else 1))


def _network_words(run: Plan) -> str:
    hidden = run.frame.enhancer.hidden
    return f"{run.count} × H {hidden}" if run.count > 1 else f"one network, H {hidden}"


def _row(name: str, label: str, before: float, now: float) -> ComparisonRow:
    cells = (grouped(before), grouped(now))
    return ComparisonRow(id=name, label=label, cells=cells, change=change_words(before, now))


def _bytes_row(name: str, label: str, before: float, now: float) -> ComparisonRow:
    change = change_words(before, now) if before > 0.0 and now > 0.0 else None
    cells = (with_prefix(before, "B"), with_prefix(now, "B"))
    return ComparisonRow(id=name, label=label, cells=cells, change=change)


def _copied(run: Plan) -> str:
    if not run.switch:
        return "nothing"
    return f"{with_prefix(run.frame.held, 'B')} in {with_prefix(run.switch, 's')}"


def _switch_note(run: Plan) -> str:
    quality = "That a smaller network does for one scene what a larger does for all is assumed: nothing here hears."
    if not run.switch:
        return quality
    hops = run.switch_hops
    if hops is None:
        return f"The frames leave no time in which another expert could be copied. {quality}"
    many = "1 hop" if hops == 1 else f"{hops} hops"
    return f"A change takes what the frames leave of {many}, in which no expert is whole. {quality}"
