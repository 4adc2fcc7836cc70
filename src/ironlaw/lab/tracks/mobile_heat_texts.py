"""Words of Mobile Nomad, Part 1. Numbers come in as arguments, computed by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.lab.questions import Option, Question, in_own_words
from ironlaw.lab.slope import SLOPE
from ironlaw.lab.tracks.mobile_glasses import MINUTES, celsius

if TYPE_CHECKING:
    from ironlaw.lab.tracks.mobile_heat import Load

_CLOSE = 0.15  # of the computed time within which a prediction counts as close

PROMPT = (
    "Patterson asks",
    "Identify your binding constraint. Is it BW_mem or R_peak, or is it something that no roofline in time shows? Use "
    "the power gauge and the energy roofline to prove it.",
)

CONSTRAINTS = {
    "BW_mem": "BW_mem: the bytes a second from memory",
    "R_peak": "R_peak: the operations a second",
    "e_mem": "e_d: the joules of a byte from memory",
    "e_flop": "e_16: the joules of an operation",
}
CONSTRAINT = Question(
    id="constraint",
    kind="choice",
    text="What binds the frames that can be worn for good?",
    options=tuple(Option(name, text) for name, text in CONSTRAINTS.items()),
)
MOVED = Question(
    id="moved",
    kind="number",
    text="Your evidence: which share of a frame's joules moves bytes?",
    help="The joules under the energy roofline, or Math Peek; memory and SRAM together.",
    unit="%",
    min=0.0,
    max=100.0,
)
RATE = Question(
    id="rate",
    kind="number",
    text="How many frames a second does the skin bear for good, where nothing else changes?",
    help="The thermal trace says it; or the power gauge and a division.",
    unit="FPS",
    min=0.0,
    max=240.0,
)
IN_WORDS = in_own_words("why does a faster memory not cool the temple?")


def prediction(limit: float, rate: float, air: float) -> tuple[Question, Question]:
    """The questions of the lock.

    Args:
        limit: What the skin bears [K].
        rate: Frames that are asked for [1/s].
        air: Around the glasses [K].
    """
    number = Question(
        id="seconds",
        kind="number",
        text=(
            f"The filter runs {significant(rate)} frames a second in air of {celsius(air)}, and nothing slows it down. "
            f"After how many seconds is the skin at {celsius(limit)}?"
        ),
        help="From a cool start.",
        unit="s",
        min=0.0,
        max=MINUTES,
    )
    return (SLOPE, number)


def letter(says: str, crisis: Load, warm: float, scale: float, printed: float) -> list[str]:
    """The UX designer's letter.

    Args:
        says: Its first sentences.
        crisis: The filter on the prototype.
        warm: What the skin bears on a warm day, leakage with it [W].
        scale: How many times the memory bandwidth of the glasses the prototype has.
        printed: How many frames a second the glasses' own memory would allow [1/s].
    """
    fuller = crisis.power / crisis.budget.heat
    return [
        says,
        (
            f"The prototype has {significant(scale)} times the memory bandwidth of the glasses, because with theirs "
            f"only {significant(printed)} frames a second came out. Now all {significant(crisis.asked)} do, and they "
            f"draw {with_prefix(crisis.power, 'W')}: {significant(fuller, 2)} times the heat that a temple carries "
            f"away in a room. On a warm day it carries away {with_prefix(warm, 'W')}."
        ),
        (
            "Engineering says: an NPU with more TFLOPS is done sooner and rests longer. Purchasing says: a still "
            "faster memory. I say: tell me first where the joules go. A designer cannot fix what nobody has measured."
        ),
        (
            "One thing has to be said aloud: nobody has measured this device. Its rates, its resistances and the "
            "energy of a byte are assumptions, and each of them is a knob on your bench."
        ),
    ]


def slope_feedback(chosen: str, now: Load, more_peak: Load, more_memory: Load) -> str:
    """Feedback on the choice, written for that answer.

    Args:
        chosen: The option.
        now: The filter on the memory of the glasses.
        more_peak: With twice R_peak.
        more_memory: With twice BW_mem.
    """
    steps = [float(load.view.diagnosis.step) for load in (now, more_peak, more_memory)]
    facts = (
        f"On the memory of the glasses a frame of {with_prefix(steps[0], 's')} takes {with_prefix(steps[1], 's')} with "
        f"twice R_peak and {with_prefix(steps[2], 's')} with twice BW_mem, and its energy is "
        f"{with_prefix(now.joules, 'J')} each time."
    )
    match chosen:
        case "in_proportion":
            return f"That holds under the plateau. These layers wait for their bytes, not for arithmetic. {facts}"
        case "a_little":
            return (
                "Close to the ridge both would show. These layers are far from it: the arithmetic hides behind the "
                f"bytes whatever its rate. {facts}"
            )
        case "larger_batch":
            return (
                "A batch raises the intensity of layers that share weights. A filter over pixels has next to none: a "
                f"second frame brings as many new bytes as the first. {facts}"
            )
        case _:
            return f"Right, and neither rate takes a joule away. {facts}"


def seconds_feedback(guess: float, actual: float | None, load: Load) -> str:
    """Feedback on the number.

    Args:
        guess: Predicted [s].
        actual: Computed [s]; None if never.
        load: The filter on the prototype.
    """
    facts = (
        f"It draws {with_prefix(load.power, 'W')} and the skin carries away {with_prefix(load.budget.heat, 'W')} at "
        "its limit; what is left over heats the temple."
    )
    if actual is None:
        return f"Never, as the assumptions stand. {facts}"
    if abs(guess - actual) <= _CLOSE * actual:
        return f"Close. {facts}"
    if guess < actual:
        return f"Too soon: chip and temple take up heat before they are hot. {facts}"
    return f"Too late: a temple of this size takes up little heat. {facts}"


def seconds_words(time: float | None) -> str:
    """A time to the limit in words."""
    return "never" if time is None else f"after {significant(time)} s"


def constraint_feedback(answer: str, gains: dict[str, float]) -> str:
    """Feedback on what binds.

    Args:
        answer: The option.
        gains: Frames a second for good with twice a rate, or half the energy; "now" as it is [1/s].
    """
    told = (
        f"For good: {significant(gains['now'])} FPS as it is, {significant(gains['BW_mem'])} with twice BW_mem, "
        f"{significant(gains['R_peak'])} with twice R_peak, {significant(gains['e_mem'])} with half the joules of a "
        f"byte, {significant(gains['e_flop'])} with half those of an operation."
    )
    best = max(CONSTRAINTS, key=lambda name: gains[name])
    if answer == best:
        return f"Yes. {told}"
    match answer:
        case "BW_mem":
            why = "Bandwidth binds the time of a frame, and the frames are in time already: more of it heats no less."
        case "R_peak":
            why = "Arithmetic binds neither the time nor the heat."
        case _:
            why = "Operations cost joules too, only few of them."
    return f"{why} {told}"


def moved_feedback(answer: float, load: Load, memory: float, *, near: bool) -> str:
    """Feedback on the share of the joules.

    Args:
        answer: What was read [%].
        load: What runs.
        memory: Share of the memory alone.
        near: Whether it is right.
    """
    share = load.moved / load.joules
    if near:
        return (
            f"Yes: {with_prefix(load.moved, 'J')} of {with_prefix(load.joules, 'J')}, and "
            f"{with_prefix(load.arithmetic, 'J')} for all the arithmetic."
        )
    if round(answer) == round(100.0 * memory):
        return "That is the memory alone; what the SRAM hands to the multipliers moves too."
    if abs(answer - 100.0 * (1.0 - share)) <= 1.0:
        return "That is the arithmetic. The question is about the rest."
    return "The joules under the energy roofline say something else, at the knobs as they stand."


def rate_feedback(answer: float, actual: float, load: Load, *, near: bool) -> str:
    """Feedback on the frames that can be worn.

    Args:
        answer: What was read [1/s].
        actual: Computed [1/s].
        load: What runs.
        near: Whether it is right.
    """
    if near:
        share = percent(actual / load.asked)
        return (
            f"Yes: {significant(actual)} of {significant(load.asked)}, {share} of what was asked."
        )
    if abs(answer - load.asked) < 1.0:
        return "That is what is asked for. The skin bears less for good."
    if answer > actual:
        return (
            "Too many: at that rate the skin would pass its limit in the end. Read what is sustained, not what the "
            "governor begins with."
        )
    return "Too few: the trace says what the skin bears for good."
