"""Words of Tiny Pioneer, Part 2. Numbers come in as arguments, computed by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.hearable_panel import sram_words
from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.lab.fusion_pair import REDUCES
from ironlaw.lab.questions import Option, Question, in_own_words
from ironlaw.lab.tracks.tiny_fusion import HIDDEN
from ironlaw.registry.hearables import hearable_sheet
from ironlaw.system.cache.layout import WORD

if TYPE_CHECKING:
    from ironlaw.lab.hearable_bench import Limits
    from ironlaw.system.hearable.frame import Frame

_CLOSE = 0.5  # times within which a prediction counts as close
_ONCE = 1.5  # times below which a prediction says that each line is fetched once

PREDICTION = (
    REDUCES,
    Question(
        id="times",
        kind="number",
        text=(
            f"At H = {HIDDEN} every row is a whole number of cache lines, and the four gates are walked in step, one "
            f"load of {WORD} B from each in turn. How often is each line of them fetched in one frame?"
        ),
        help="The cache has two ways. Once would be the least.",
        unit="×",
        min=0.0,
        max=64.0,
    ),
)

PROMPT = (
    "Jeff Dean observes",
    "Your kernels are too small: each gate is a call of its own, its sums go out to SRAM and back, and its loads throw "
    "the lines of the other gates out of the cache. Propose a layout that leaves next to none of that.",
)

CHANGES = {
    "gate_pad": "one line of pad after each gate",
    "load_width": f"loads of {WORD} B",
    "row_multiple": "rows padded to the line",
    "fused": "gates and cell in one kernel",
}

TIME = Question(
    id="time",
    kind="number",
    text="Your evidence: how long does the frame take under your proposal?",
    help="Read it off the panel, at the knobs as they stand. What is wasted has to be under the threshold.",
    unit="ms",
    min=0.0,
    max=1000.0,
)
MOVED = Question(
    id="moved",
    kind="choice",
    text="Which change alone takes the most time off the layout that you found?",
    options=tuple(Option(name, f"Only {words}") for name, words in CHANGES.items()),
)
TARGET = with_prefix(hearable_sheet().number("frame.power"), "W")
MILLIWATT = Question(
    id="milliwatt",
    kind="choice",
    text=f"The hearable should draw {TARGET}. What do you propose? The ledger keeps it as your decision.",
    options=(
        Option("smaller", "A smaller hidden size on the ESP32"),
        Option("rarer", "The same network, and fewer frames a second"),
        Option("chip", "Another chip"),
        Option("specification", "Another specification"),
    ),
)
IN_WORDS = in_own_words("why is a hidden size that is aligned to the cache line not safe?")


def says(found: Frame, packed: float) -> str:
    """The hardware lead in a sentence.

    Args:
        found: The frame as it is found.
        packed: Its time with each line fetched once [s].
    """
    return (
        f"We fused the four gates at H = {found.enhancer.hidden}, aligned to the cache line, and a frame went from "
        f"{with_prefix(packed, 's')} to {with_prefix(found.time, 's')}."
    )


def letter(first: str, found: Frame, limits: Limits, power: float) -> list[str]:
    """The hardware lead's second letter.

    Args:
        first: Its first sentence.
        found: The frame as it is found.
        limits: What it may take.
        power: What the hearable draws [W].
    """
    return [
        f"{first} What went wrong?",
        (
            "Everything is as the textbook asks: rows that are whole lines, gates finished together with their cell. "
            "Some of our engineers say that fusing saves work, some that it saves bytes, and some that this is simply "
            f"what H = {found.enhancer.hidden} costs."
        ),
        (
            f"You may have my {sram_words(found.machine.sram)} of SRAM. A frame may take "
            f"{with_prefix(limits.deadline, 's', 2)}. Bring the largest network that keeps both; every multiply-add "
            "that fits into the budget counts. Time on the board is dear: the instruments answer only when you press "
            "Run."
        ),
        (
            f"And the power: {with_prefix(power, 'W')} today, and {with_prefix(limits.power, 'W')} in the "
            "specification. Tell me at the end what you make of that."
        ),
    ]


def times_feedback(guess: float, actual: float, found: Frame) -> str:
    """Feedback on the number.

    Args:
        guess: Predicted times a line is fetched.
        actual: Counted times.
        found: The frame as it is found.
    """
    cache, hidden = found.machine.cache, found.enhancer.hidden
    way = 0 if cache is None else cache.way_size
    ways = 0 if cache is None else cache.ways
    facts = (
        f"A gate of {hidden} × {hidden} B is a multiple of the way of {with_prefix(way, 'B')}, so the four walks meet "
        f"in the same sets, and a set has {ways} lines. Each load finds its line thrown out by the others: "
        f"{significant(actual)} fetches a line."
    )
    if abs(guess - actual) <= _CLOSE:
        return f"Close. {facts}"
    if guess <= _ONCE:
        return f"As if alignment were safety. It is, for one walk at a time. {facts}"
    if guess < actual:
        return f"Too few: the walks do not take turns of a line, but of a load. {facts}"
    return f"Too many: a line has only so many loads of {found.layout.walk.load_width} B. {facts}"


def experiment_claim(before: float, healed: float, rows: float) -> str:
    """What the layouts show.

    Args:
        before: Bytes of a frame as it is found [B].
        healed: With one line of pad after each gate [B].
        rows: With its rows padded to the line [B].
    """
    gone = percent(1.0 - healed / before)
    kept = "none" if rows == before else percent(1.0 - rows / before)
    return f"One line of pad after each gate takes {gone} of the bytes away; rows padded to the line take {kept}."


def score_claim(yours: int | None, best: int, ratio: str) -> str:
    """The score in a sentence.

    Args:
        yours: Hidden size of the best run; None if none held.
        best: Hidden size of the optimum.
        ratio: Best run over optimum, in words.
    """
    if yours is None:
        return f"No run was in time and fitted; H = {best} is possible."
    if yours >= best:
        return f"Your best run is the optimum: H = {best}, and no design of the bench holds a larger network."
    return f"Your best run reaches {ratio} of what is possible: H = {yours}, of H = {best}."
