"""Tiny Pioneer, Part 2: a layout that wastes next to nothing, judged by the engine; the decision on the milliwatt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.instruments.kernel_table import Table
from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.lab.hearable_bench import SRAM, limits, power_of, reach_of
from ironlaw.lab.questions import Question, Verdict, quantity
from ironlaw.lab.tracks import tiny_fusion_texts as texts
from ironlaw.lab.tracks.tiny_fusion import (
    HIDDEN,
    LINE,
    frame_at,
    in_short,
    layout_controls,
    start,
)
from ironlaw.system.cache.layout import WORD
from ironlaw.system.hearable.enhancer import enhancer
from ironlaw.system.hearable.frame import PACKED, Frame, frame
from ironlaw.system.hearable.machine import machine

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Answers, Content, Knobs, Standing

TOLERANCE = 0.05
_OTHER_CHIP = "apollo4-plus"
_FOUND: dict[str, Knob] = {"fused": False, "load_width": "1"}
_KEPT = ("lstm1.input", "lstm2.input")
_CHANGED: dict[str, Knob] = {
    "gate_pad": f"{LINE}", "load_width": f"{WORD}", "row_multiple": f"{LINE}", "fused": True,
}  # fmt: skip
_MS = 1e3


def reset(_: Knobs) -> dict[str, Knob]:
    """The layout that is found: gates in step, byte loads, each gate a call; the input matrices in SRAM."""
    return {**start(), **_FOUND, **{SRAM + name: True for name in _KEPT}}


def proposal(knobs: Knobs) -> dict[str, Knob]:
    """The layout of some knobs; everything else as the reflection has it."""
    return {**reset(knobs), **{control.id: knobs[control.id] for control in layout_controls()}}


def proposed(knobs: Knobs) -> Frame:
    """The frame of a proposal."""
    return frame_at(proposal(knobs))


def _found() -> Frame:
    return frame_at(reset({}))


def _alone(name: str) -> Frame:
    """The layout that is found with one change."""
    return frame_at({**reset({}), name: _CHANGED[name]})


def threshold() -> float:
    """The share that may be wasted: half of what is left when only the lines stop being thrown out."""
    return _alone("gate_pad").wasted / 2.0


def reflection(_: Knobs) -> tuple[Question, ...]:
    """The questions of the reflection."""
    return (texts.TIME, texts.MOVED, texts.MILLIWATT, texts.IN_WORDS)


def judge(answers: Answers, standing: Standing) -> dict[str, Verdict]:
    """The engine's verdict on each answer.

    Args:
        answers: Checked answers by question.
        standing: Where the learner stands, with the proposal.
    """
    return {
        "time": _time(quantity(answers, "time"), proposed(standing.knobs)),
        "moved": _moved(str(answers["moved"])),
        "milliwatt": _milliwatt(str(answers["milliwatt"])),
        "sentence": Verdict(right=True, feedback="Kept in the ledger.", answer=answers["sentence"]),
    }


def _time(answer: float, now: Frame) -> Verdict:
    actual = _MS * now.time
    wasted, most = percent(now.wasted), percent(threshold())
    if abs(answer - actual) > TOLERANCE * actual:
        feedback = "The panel reads something else, at the knobs as they stand."
        return Verdict(right=False, feedback=feedback, answer=answer)
    if now.wasted > threshold():
        feedback = (
            f"Read rightly, and still too much is wasted: {wasted} of the frame, and {most} is the threshold. Lines "
            "that are thrown out, sums that are spilled and calls all count."
        )
        return Verdict(right=False, feedback=feedback, answer=answer)
    feedback = f"Yes: {significant(actual)} ms, and {wasted} of it wasted, under {most}."
    return Verdict(right=True, feedback=feedback, answer=answer)


def _moved(answer: str) -> Verdict:
    times = {name: _alone(name).time for name in texts.CHANGES}
    best = min(times, key=lambda name: times[name])
    told = ", ".join(
        f"{texts.CHANGES[name]} {with_prefix(time, 's')}" for name, time in times.items()
    )
    facts = f"From {with_prefix(_found().time, 's')}: {told}."
    if answer == best:
        return Verdict(right=True, feedback=f"Yes. {facts}", answer=answer)
    return Verdict(right=False, feedback=f"Another change alone takes more. {facts}", answer=answer)


def _milliwatt(answer: str) -> Verdict:
    now = _alone("gate_pad")
    floor, target = reach_of(now), with_prefix(limits().power, "W")
    asleep = (
        f"Asleep, the {now.machine.chip.short_title} draws {with_prefix(floor.floor, 'W')}, "
        f"{with_prefix(floor.over, 'W')} more than {target}."
    )
    match answer:
        case "smaller":
            feedback = f"A smaller network shortens the busy share, never the floor. {asleep}"
        case "rarer":
            feedback = f"Fewer frames shorten the busy share, and at none at all the floor is left. {asleep}"
        case "chip":
            other = frame(enhancer(HIDDEN), PACKED, machine(_OTHER_CHIP))
            draws = with_prefix(power_of(other).total, "W")
            feedback = (
                f"Yes. {asleep} An {other.machine.chip.short_title} runs H = {HIDDEN} in "
                f"{with_prefix(other.time, 's')} at {draws}. Kept in the ledger."
            )
        case _:
            feedback = (
                f"Yes. {asleep} With this network it draws {with_prefix(power_of(now).total, 'W')}: a specification "
                "that this chip can meet begins there. Kept in the ledger."
            )
    return Verdict(right=answer in ("chip", "specification"), feedback=feedback, answer=answer)


def in_words(knobs: Knobs) -> str:
    """A proposal and what it comes to, in a line.

    Args:
        knobs: The proposal.
    """
    now = proposed(knobs)
    return f"{in_short(proposal(knobs))}: {with_prefix(now.time, 's')}, {percent(now.wasted)} of it wasted"


def exhibit(standing: Standing) -> Content:
    """The bench of the reflection.

    Args:
        standing: Where the learner stands.
    """
    knobs = proposal(standing.knobs)
    before, now = _found(), proposed(standing.knobs)
    chip = now.machine.chip.short_title
    return {
        "kind": "tiling",
        "claim": (
            f"A frame takes {with_prefix(now.time, 's')}, and {percent(now.wasted)} of it brings nothing new: lines "
            "that were here before, sums that are spilled, calls."
        ),
        "configuration": f"{chip}, {in_short(knobs)}",
        "controls": [control.to_dict(knobs[control.id]) for control in layout_controls()],
        "threshold": threshold(),
        "overhead_share": now.wasted,
        "start_overhead_share": before.wasted,
        "time_limit": limits().deadline,
        "time": now.time,
        "start_time": before.time,
        "law": None,
        "gauges": [],
        "peeks": [_equation(now).to_dict()],
        "figures": [
            {"label": label, "before": was, "now": is_now}
            for (label, was), (_, is_now) in zip(_figures(before), _figures(now), strict=True)
        ],
        "gemms": Table((), ()).to_dict(),
        "notes": [
            f"H = {HIDDEN} in int8; the input matrices of both cells are in SRAM, the state matrices are not.",
            f"The {chip} draws {with_prefix(now.machine.sleep, 'W')} asleep, whatever the layout.",
        ],
    }


def _figures(one: Frame) -> list[tuple[str, str]]:
    return [
        ("bytes from outside", with_prefix(one.outside, "B")),
        ("of them fetched again", with_prefix(one.again, "B")),
        ("gate sums spilled", with_prefix(one.scratch, "B")),
        ("calls", grouped(one.calls)),
        ("power", with_prefix(power_of(one).total, "W")),
    ]


def _equation(now: Frame) -> Equation:
    spent = Symbol("T", "time of the frame", now.time, "s")
    useful = Symbol(
        "T", "arithmetic, or each line once", now.time * (1.0 - now.wasted), "s", "once"
    )
    return Equation(
        title="Share of the frame that is wasted",
        left=Symbol("s", "share that brings nothing new", None, "", "wasted"),
        right=Term("fraction", (Term("difference", (spent, useful)), spent)),
        source="Iron Law with overlap; lines counted by the cache simulation",
    )
