"""Words of Edge Guardian, Part 1. Numbers come in as arguments, computed by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.instruments.roofline import in_words
from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.lab.questions import Option, Question
from ironlaw.lab.slope import SLOPE
from ironlaw.system.jitter.causes import CARDS, Cause
from ironlaw.system.jitter.score import FALSE_ACCUSATION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.lab.part import Content
    from ironlaw.system.jitter.pipeline import KernelPlan, Pipeline
    from ironlaw.system.jitter.possible import Possibility

_CLOSE = 1.5  # times the right number within which a prediction counts as close

PREDICTION = (
    SLOPE,
    Question(
        id="causes",
        kind="several",
        text="Which causes can make the frame that braked the car at all?",
        help="Think of the most that each can add, not of how often it comes.",
        options=tuple(Option(cause.value, CARDS[cause].title) for cause in Cause),
    ),
    Question(
        id="hours",
        kind="number",
        text="How long must the loop run without a miss to claim, at 95 %, fewer than one in a million?",
        help="At the rate of the sensor, and if frames miss independently.",
        unit="h",
        min=0.0,
        max=1000.0,
    ),
)

ACCUSED = f"A false accusation costs {percent(FALSE_ACCUSATION)} of the score."

PROMPT = (
    "Patterson asks",
    "Name the one event that made the frame late. In which stage does it stand, of which class is it, what in the "
    f"trace proves it, and what ends it? {ACCUSED}",
)


class Crisis(NamedTuple):
    """The loop and the frame that broke it: times [s], rate [1/s], scans that were dropped, frames of the recording."""

    median: float
    spike: float
    deadline: float
    rate: float
    skipped: int
    frames: int


def letter(says: str, now: Crisis, seed: int) -> list[str]:
    """The safety lead's letter.

    Args:
        says: Its first sentences.
        now: The crisis.
        seed: Of the case.
    """
    return [
        says,
        (
            f"The loop runs at {significant(now.rate)} Hz: a scan comes, the pipeline turns it into boxes, and "
            f"{with_prefix(now.deadline, 's')} later the planner brakes if there are none. In the median it needs "
            f"{with_prefix(now.median, 's')}. The average was never the problem."
        ),
        (
            f"The recorder now keeps the {grouped(now.frames)} frames around a miss, and it has caught one: case "
            f"{grouped(seed)}. What looks guilty in it need not be. Every trace also holds oddities that harmed nobody."
        ),
        (
            "Show me the event, not a suspicion: where it stands, what kind of cause it is, what in the trace proves "
            "it, and what would have prevented it. I shall run your fix."
        ),
    ]


def slope_feedback(
    option: str, kernel: KernelPlan, pipeline: Pipeline, frames: tuple[float, float, float]
) -> str:
    """Feedback on the choice, written for that answer.

    Args:
        option: The option.
        kernel: A kernel on the slope.
        pipeline: The pipeline.
        frames: A frame as it is, with twice the arithmetic, and with twice the bandwidth [s].
    """
    now, peak, bandwidth = frames
    alone, faster = kernel.work.time(), kernel.work.time(0.5, 1.0)
    same = "stays at" if alone == faster else "goes to"
    facts = (
        f"{in_words(kernel.name)} does {significant(kernel.flops / kernel.traffic)} FLOP for each byte. With twice "
        f"R_peak its {with_prefix(alone, 's')} {same} {with_prefix(faster, 's')}. The frame as a whole goes from "
        f"{with_prefix(now, 's')} to {with_prefix(peak, 's')} with twice R_peak and to {with_prefix(bandwidth, 's')} "
        "with twice BW_mem: its convolutions stand under the plateau, and that is what tells throttling from a busy "
        "memory."
    )
    match option:
        case "in_proportion":
            return f"That holds under the plateau, where arithmetic binds. {facts}"
        case "a_little":
            return (
                "Compute and memory overlap: the longer one sets the time and the shorter one hides behind it. "
                f"{facts}"
            )
        case "larger_batch":
            return (
                f"A batch would wait for {significant(pipeline.number('loop.rate'))} scans a second to come in, and "
                "what moves activations in and out gains no intensity from it: each frame brings its own. "
                f"{facts}"
            )
        case _:
            return f"Right: on the slope the time is bytes over bandwidth, and R_peak does not show in it. {facts}"


_TOO_MANY = {
    Cause.THROTTLE: "The hot chip: as if a clock could fall so far",
    Cause.CONTENTION: "The busy bus: as if all kernels waited for memory",
}
_TOO_FEW = {
    Cause.ALLOC_FLUSH: "The free allocator: as if giving memory back took no time",
    Cause.NEW_SHAPE: "The warm library: as if every kernel were loaded already",
    Cause.NMS: "The straight line: as if suppression grew with the boxes and not with their square",
    Cause.HOST_STALL: "The loyal host: as if the thread that launches always ran",
}


def causes_feedback(picked: Sequence[str], bounds: Sequence[Possibility], here: float) -> Content:
    """What the engine says of each cause, and feedback on what was picked.

    Args:
        picked: The causes that were picked.
        bounds: What each can add to a frame.
        here: By how much the late frame of the case is late [s].
    """
    rows: list[Content] = []
    wrong: list[str] = []
    for bound in bounds:
        yours = bound.cause.value in picked
        if yours != bound.possible:
            table = _TOO_MANY if yours else _TOO_FEW
            wrong.append(table.get(bound.cause, CARDS[bound.cause].title))
        rows.append(
            {
                "id": bound.cause.value,
                "text": CARDS[bound.cause].title,
                "yours": yours,
                "correct": bound.possible,
                "reach": bound.reach,
                "why": bound.why,
            }
        )
    facts = (
        f"The late frame of your case is {with_prefix(here, 's')} over the median, and that is the number to hold each "
        "cause against now."
    )
    if not wrong:
        feedback = (
            f"Right, all of them: what cannot reach the excess need not be looked for. {facts}"
        )
    else:
        feedback = f"{'; '.join(wrong)}. {facts}"
    return {"rows": rows, "right": not wrong, "feedback": feedback}


def hours_feedback(guess: float, actual: float, frames: float, percent_frames: float) -> str:
    """Feedback on the number.

    Args:
        guess: Predicted time [h].
        actual: Computed time [h].
        frames: Frames without a miss that rule out one in a million.
        percent_frames: Frames that rule out one in a hundred.
    """
    facts = (
        f"{grouped(frames)} frames in a row without a miss: about three over the share that is to be ruled out. The "
        f"same rule says that {grouped(percent_frames)} clean frames rule out one in a hundred, and no more."
    )
    if actual / _CLOSE <= guess <= actual * _CLOSE:
        return f"Close. {facts}"
    if guess < actual:
        return f"Too short. A quiet minute proves little about what is rare. {facts}"
    return f"Longer than needed. {facts}"
