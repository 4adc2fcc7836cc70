"""Words of Edge Guardian, Part 2. Numbers come in as arguments, computed by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.lab.fusion_pair import REDUCES
from ironlaw.lab.questions import Option, Question, in_own_words
from ironlaw.system.jitter.causes import CARDS

if TYPE_CHECKING:
    from ironlaw.system.jitter.causes import Cause

_CLOSE = 5.0  # percentage points within which a prediction counts as close

PREDICTION = (
    REDUCES,
    Question(
        id="gone",
        kind="number",
        text="Which share of a frame's launches goes away when the network is fused in full?",
        help="Against a network in which each operator runs alone; copies and the other stages launch as before.",
        unit="%",
        min=0.0,
        max=100.0,
    ),
)

PROMPT = (
    "Jeff Dean observes",
    "Your kernels are too small, dispatch overhead dominates the host's part of the frame, and at every launch the "
    "host can be taken off its core. Propose a build that leaves it next to nothing to launch.",
)

CHANGES = {"level": "the fusion level", "launch": "the launch mode", "pool": "the memory pool"}

SHARE = Question(
    id="overhead",
    kind="number",
    text="Your evidence: during which share of the frame is the host on its way to a launch under your proposal?",
    help="Read it off the panel, at the knobs as they stand. It has to be under the threshold.",
    unit="%",
    min=0.0,
    max=100.0,
)
MOVED = Question(
    id="moved",
    kind="choice",
    text="Which change alone takes the most of that away from the build that you found?",
    options=tuple(Option(name, f"Only {words}") for name, words in CHANGES.items()),
)
IN_WORDS = in_own_words("why does a loop with fewer launches miss fewer deadlines?")


def letter(says: str, cause: Cause, room: float, *, mended: bool) -> list[str]:
    """The safety lead's second letter.

    Args:
        says: Its first sentences.
        cause: What made the frame of Part 1 late.
        room: Memory of the build [B].
        mended: Whether the fix of Part 1 stays in.
    """
    title = CARDS[cause].title
    fix = (
        f"Part 1 ended with this: {title}. No build of the pipeline takes that away, so your fix stays in."
        if mended
        else f"Part 1 ended with this: {title}. Your fix is not in yet: find a build that does not need it."
    )
    return [
        says,
        fix,
        (
            "Software can take launches away: kernels that are fused, a graph that is captured once, memory that is "
            "asked for once. Some of our engineers say that this saves work, some that it saves bytes, and some that "
            "it only looks tidier."
        ),
        (
            f"The process may hold {with_prefix(room, 'B')} of the unified memory. No frame may be late. A drive on "
            "the track is dear: the instruments answer only when you press Run."
        ),
    ]


def gone_feedback(guess: float, share: float, before: int, after: int, graph: int) -> str:
    """Feedback on the number.

    Args:
        guess: Predicted share [%].
        share: Computed share [%].
        before: Launches of a frame with nothing fused.
        after: With the network fused in full.
        graph: With all of it replayed from a graph.
    """
    facts = (
        f"{grouped(before)} launches become {grouped(after)}. A captured graph does not make kernels larger, and "
        f"leaves {grouped(graph)}."
    )
    if abs(guess - share) <= _CLOSE:
        return f"Close. {facts}"
    if guess < share:
        return (
            f"Too low: norm and activation each cost a launch, and there are many of them. {facts}"
        )
    return f"Too high: convolutions stay, and so do the copies and the other stages. {facts}"


def experiment_claim(before: float, after: float) -> str:
    """What the builds show.

    Args:
        before: Median frame with nothing fused [s].
        after: With the network fused in full [s].
    """
    faster = significant(before / after, 3)
    return f"Fused in full, a frame is {faster} times as fast, with the same operations."


def score_claim(yours: float, best: float, ratio: str) -> str:
    """The score in a sentence.

    Args:
        yours: Headroom of the best run; 0 if none worked.
        best: Headroom of the optimum.
        ratio: Their ratio in words.
    """
    if yours == 0.0:
        return f"No run fitted and was always on time; the optimum leaves {percent(best)} of the deadline."
    if yours >= best:
        return f"Your best run is the optimum: {percent(yours)} of the deadline is left, and no build leaves more."
    mine, most = (significant(100.0 * value, 4) for value in (yours, best))
    return f"Your best run reaches {ratio} of what is possible: {mine} % of the deadline is left, of {most} %."
