"""Mobile Nomad, Part 1: the claim with its evidence, judged by the engine at the knobs as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.lab.knobs import start_values
from ironlaw.lab.questions import Question, Verdict, kept, near, quantity
from ironlaw.lab.tracks import mobile_heat_texts as texts
from ironlaw.lab.tracks.mobile_heat import controls, load_at
from ironlaw.lab.tracks.mobile_heat_bench import thermal
from ironlaw.system.energy import step_energy

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Answers, Knobs
    from ironlaw.lab.tracks.mobile_heat import Load

_LOOKS = ("layer", "profiler")


def reset(knobs: Knobs) -> dict[str, Knob]:
    """Machine, load and assumptions as the crisis has them; what is looked at stays, where it is the filter's."""
    begun = start_values(controls())
    looks = {name: knobs[name] for name in _LOOKS}
    if not str(looks["layer"]).startswith(str(begun["layer"]).partition(".")[0]):
        looks["layer"] = begun["layer"]
    return {**begun, **looks}


def objection(knobs: Knobs) -> str | None:
    """A claim is about the crisis, and judged where machine, load and assumptions are its own."""
    if reset(knobs) == dict(knobs):
        return None
    return (
        "the claim is about the filter as it was found: turn everything else back to where it began"
    )


def reflection(_: Knobs) -> tuple[Question, ...]:
    """The questions of the reflection."""
    return (texts.CONSTRAINT, texts.MOVED, texts.RATE, texts.IN_WORDS)


def judge(answers: Answers, knobs: Knobs) -> dict[str, Verdict]:
    """The engine's verdict on each answer.

    Args:
        answers: Checked answers by question.
        knobs: Where the knobs stand.
    """
    load = load_at(knobs)
    return {
        "constraint": _constraint(str(answers["constraint"]), knobs),
        "moved": _moved(quantity(answers, "moved"), load),
        "rate": _rate(quantity(answers, "rate"), load, knobs),
        "sentence": kept(answers, "sentence"),
    }


def gains(knobs: Knobs) -> dict[str, float]:
    """Frames a second for good, as it is and with twice a rate or half an energy [1/s].

    Args:
        knobs: Where the knobs stand.
    """
    changes: dict[str, dict[str, Knob]] = {
        "now": {},
        "BW_mem": {"bandwidth_scale": 2.0 * float(knobs["bandwidth_scale"])},
        "R_peak": {"peak_scale": 2.0 * float(knobs["peak_scale"])},
        "e_mem": {"e_mem": 0.5 * float(knobs["e_mem"])},
        "e_flop": {"e_fp16": 0.5 * float(knobs["e_fp16"])},
    }
    loads = {name: load_at({**knobs, **change}) for name, change in changes.items()}
    return {name: min(load.bearable, load.rate) for name, load in loads.items()}


def _constraint(answer: str, knobs: Knobs) -> Verdict:
    found = gains(knobs)
    best = max(texts.CONSTRAINTS, key=lambda name: found[name])
    feedback = texts.constraint_feedback(answer, found)
    return Verdict(right=answer == best, feedback=feedback, answer=answer)


def _moved(answer: float, load: Load) -> Verdict:
    right = near(answer, 100.0 * load.moved / load.joules)
    feedback = texts.moved_feedback(answer, load, memory_share(load), near=right)
    return Verdict(right=right, feedback=feedback, answer=answer)


def memory_share(load: Load) -> float:
    """Share of the joules of a pass that its main memory takes.

    Args:
        load: What runs.
    """
    kernels = step_energy(load.view.diagnosis).kernels
    return summed(float(terms.levels[-1]) for terms in kernels) / load.joules


def _rate(answer: float, load: Load, knobs: Knobs) -> Verdict:
    told = thermal(load, knobs).sustained_rate
    actual = load.bearable if told is None else told
    right = near(answer, actual) or near(answer, load.bearable)
    feedback = texts.rate_feedback(answer, actual, load, near=right)
    return Verdict(right=right, feedback=feedback, answer=answer)
