"""Mobile Nomad, Part 2: a proposal that leaves the NPU next to nothing to wait for, judged by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.instruments.kernel_table import Table
from ironlaw.instruments.scale import grouped, significant, with_prefix
from ironlaw.lab.fusion_knobs import LOOKS
from ironlaw.lab.questions import Question, Verdict, kept, near, quantity
from ironlaw.lab.tiling_bench import exactly
from ironlaw.lab.tracks import mobile_fusion_texts as texts
from ironlaw.lab.tracks.mobile_fusion import controls, start, turn
from ironlaw.lab.tracks.mobile_glasses import MILD, WARM, celsius
from ironlaw.lab.tracks.mobile_wear import EACH, WHOLE, worn_at

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Answers, Content, Knobs, Standing
    from ironlaw.lab.tracks.mobile_wear import Worn

_KEPT = 0.25  # of the way from what is found to the best proposal that may be left
_FOUND: dict[str, Knob] = {"level": "none", "launch": EACH}
_FREELY: dict[str, Knob] = {"level": "both", "launch": WHOLE}
_SHOWN = ("level", "launch", "fps")


def reset(_: Knobs) -> dict[str, Knob]:
    """The networks as they are found: nothing fused, every kernel handed over alone, the air of a room."""
    return turn(start(), _FOUND)


def _at(knobs: Knobs, change: Knobs) -> Worn:
    return worn_at(turn(knobs, change))


def threshold(knobs: Knobs) -> float:
    """The share that a proposal has to be under: three quarters of the way from what is found to the best one.

    Args:
        knobs: Where the knobs stand.
    """
    found, best = (_at(knobs, change).dispatch_share for change in (_FOUND, _FREELY))
    return best + _KEPT * (found - best)


def warm_rate(knobs: Knobs) -> float:
    """Frames a second that the skin bears for good on a warm day under a proposal [1/s].

    Args:
        knobs: The proposal.
    """
    return worn_at({**knobs, "ambient": WARM}).bearable


def objection(knobs: Knobs) -> str | None:
    """A proposal is about cuts, launches and frames; air and assumptions are those of the part."""
    begun = start()
    cells = ("fuse:", "int8:")
    moved = [
        name
        for name, value in knobs.items()
        if name not in (*_SHOWN, *LOOKS) and not name.startswith(cells) and value != begun[name]
    ]
    if not moved:
        return None
    return f"the proposal is judged where it was found: turn {', '.join(moved)} back"


def reflection(_: Knobs) -> tuple[Question, ...]:
    """The questions of the reflection."""
    return (texts.SHARE, texts.MOVED, texts.warm_question(WARM), texts.IN_WORDS)


def judge(answers: Answers, standing: Standing) -> dict[str, Verdict]:
    """The engine's verdict on each answer.

    Args:
        answers: Checked answers by question.
        standing: Where the learner stands, with the proposal.
    """
    knobs = standing.knobs
    return {
        "overhead": _overhead(quantity(answers, "overhead"), knobs),
        "moved": _moved(str(answers["moved"]), knobs),
        "warm": _warm(quantity(answers, "warm"), knobs),
        "sentence": kept(answers, "sentence"),
    }


def _overhead(answer: float, knobs: Knobs) -> Verdict:
    found, most = worn_at(knobs), threshold(knobs)
    share = found.dispatch_share
    right = False
    if not near(answer, 100.0 * share):
        feedback = "The panel reads something else, at the knobs as they stand."
    elif share > most:
        feedback = (
            f"Read rightly, and still too much: {exactly(share)}, and the threshold is {exactly(most)}. Turn the "
            "launch and what is done to the layers."
        )
    elif found.late > 0.0:
        feedback = (
            f"Little enough dispatch, and still late: a frame takes {with_prefix(found.frame, 's')}, "
            f"{with_prefix(found.late, 's')} longer than its period. A call fewer makes no kernel faster."
        )
    else:
        right = True
        feedback = (
            f"Yes: {exactly(share)} of the busy time, under the threshold of {exactly(most)}."
        )
    return Verdict(right=right, feedback=feedback, answer=answer)


def _moved(answer: str, knobs: Knobs) -> Verdict:
    begun = _at(knobs, _FOUND)
    after = {
        name: _at(knobs, {**_FOUND, **change}).dispatch
        for name, (_, change) in texts.CHANGES.items()
    }
    told = ", ".join(
        f"{texts.CHANGES[name][0]} {with_prefix(time, 's')}" for name, time in after.items()
    )
    facts = f"From {with_prefix(begun.dispatch, 's')} of every second: {told}."
    best = min(after, key=lambda name: after[name])
    if answer == best:
        return Verdict(right=True, feedback=f"Yes. {facts}", answer=answer)
    if after[answer] == begun.dispatch:
        why = "A narrower number is handed over as often as a wide one."
    else:
        why = "Another change alone takes more."
    return Verdict(right=False, feedback=f"{why} {facts}", answer=answer)


def _warm(answer: float, knobs: Knobs) -> Verdict:
    actual, mild = warm_rate(knobs), worn_at(knobs).bearable
    if near(answer, actual):
        feedback = (
            f"Yes: {significant(actual)} in air of {celsius(WARM)}, {significant(mild)} in air of {celsius(MILD)}. The "
            "heat has to flow from the skin to the air, and the air came closer."
        )
        return Verdict(right=True, feedback=feedback, answer=answer)
    feedback = (
        f"That is what the skin bears in air of {celsius(MILD)}; the warm day leaves less."
        if near(answer, mild)
        else "The panel says something else, at the knobs as they stand."
    )
    return Verdict(right=False, feedback=feedback, answer=answer)


def in_words(knobs: Knobs) -> str:
    """A proposal and what it comes to, in a line.

    Args:
        knobs: The proposal.
    """
    launch = "one call a network" if knobs["launch"] == WHOLE else "one call a kernel"
    return f"{knobs['level']}, {launch}: dispatch is {exactly(worn_at(knobs).dispatch_share)}"


def exhibit(standing: Standing) -> Content:
    """The bench of the reflection.

    Args:
        standing: Where the learner stands.
    """
    knobs = standing.knobs
    begun, now, most = _at(knobs, _FOUND), worn_at(knobs), threshold(knobs)
    return {
        "kind": "tiling",
        "claim": (
            f"{grouped(now.handed)} calls for a second of work take {with_prefix(now.dispatch, 's')}, "
            f"{exactly(now.dispatch_share)} of the time in which the NPU is busy."
        ),
        "configuration": in_words(knobs),
        "controls": [
            control.to_dict(knobs[control.id]) for control in controls() if control.id in _SHOWN
        ],
        "threshold": most,
        "overhead_share": now.dispatch_share,
        "start_overhead_share": begun.dispatch_share,
        "time_limit": 1.0 / now.fps,
        "time": now.frame,
        "start_time": begun.frame,
        "law": None,
        "gauges": [],
        "peeks": [_equation(now).to_dict()],
        "figures": _figures(begun, now, knobs),
        "gemms": Table((), ()).to_dict(),
        "notes": [
            f"A frame with its share of the other networks. A call takes the NPU {with_prefix(now.call, 's')}: an "
            "assumption, as every rate of this device."
        ],
    }


def _figures(begun: Worn, now: Worn, knobs: Knobs) -> list[Content]:
    found = turn(knobs, _FOUND)
    pairs = [
        ("calls a second", grouped(begun.handed), grouped(now.handed)),
        ("dispatch a second", with_prefix(begun.dispatch, "s"), with_prefix(now.dispatch, "s")),
        (
            f"frames a second that the skin bears at {celsius(MILD)}",
            significant(begun.bearable),
            significant(now.bearable),
        ),
        (
            f"frames a second that the skin bears at {celsius(WARM)}",
            significant(warm_rate(found)),
            significant(warm_rate(knobs)),
        ),
    ]
    return [{"label": label, "before": before, "now": after} for label, before, after in pairs]


def _equation(found: Worn) -> Equation:
    return Equation(
        title="Share of the busy time in dispatch",
        left=Symbol("s", "share of the busy time", None, "", "disp"),
        right=Term(
            "fraction",
            (
                Symbol("L", "handing work over, a second", found.dispatch, "s", "disp"),
                Symbol("T", "busy time of a second", found.frame * found.fps, "s", "busy"),
            ),
        ),
        source="calls of each network, each at the time of one",
    )
