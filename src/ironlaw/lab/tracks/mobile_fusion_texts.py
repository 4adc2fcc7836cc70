"""Words of Mobile Nomad, Part 2. Numbers come in as arguments, computed by the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.lab.fusion_pair import REDUCES
from ironlaw.lab.questions import Option, Question, in_own_words
from ironlaw.lab.tracks.mobile_glasses import celsius

if TYPE_CHECKING:
    from ironlaw.lab.tracks.mobile_wear import Worn

_CLOSE = 5.0  # percentage points within which a prediction counts as close

PREDICTION = (
    REDUCES,
    Question(
        id="saved",
        kind="number",
        text="Which share of the joules of a filter frame goes away when its layers are fused, and all stays in fp16?",
        help="Each block becomes one kernel; no operation is left out.",
        unit="%",
        min=0.0,
        max=100.0,
    ),
)

PROMPT = (
    "Jeff Dean observes",
    "Your kernels are too small, dispatch overhead dominates the NPU: it is handed a kernel, waits for the next one, "
    "and burns its leakage meanwhile. Propose how the networks are cut and handed over so that it is saturated.",
)

CHANGES: dict[str, tuple[str, dict[str, str]]] = {
    "fusion": ("fusing what can be fused", {"level": "fusion"}),
    "int8": ("int8 everywhere", {"level": "int8"}),
    "launch": ("one call a network", {"launch": "network"}),
}
"""Changes of the proposal, in words and as knobs."""

SHARE = Question(
    id="overhead",
    kind="number",
    text="Your evidence: which share of the NPU's busy time is dispatch under your proposal?",
    help="Read it off the panel, at the knobs as they stand. It has to be under the threshold.",
    unit="%",
    min=0.0,
    max=100.0,
)
MOVED = Question(
    id="moved",
    kind="choice",
    text="Which change alone takes the most dispatch away from what you found?",
    options=tuple(Option(name, f"Only {words}") for name, (words, _) in CHANGES.items()),
)
IN_WORDS = in_own_words("which layers want fusion, which want precision, and why?")


def warm_question(air: float) -> Question:
    """The question on the warm day.

    Args:
        air: Temperature of the air [K].
    """
    return Question(
        id="warm",
        kind="number",
        text=f"How many frames a second does the skin bear for good in air of {celsius(air)} under your proposal?",
        help="The panel says it, at the knobs as they stand.",
        unit="FPS",
        min=0.0,
        max=1000.0,
    )


class Law(NamedTuple):
    """The rule for one network: what fusion spares of its bytes, and what int8 is worth.

    Attributes:
        title: The network.
        spared: ΔA / (A + W), the share of its bytes that fusion takes away.
        intensity: Work for each byte with nothing fused, in fp16 [FLOP/B].
        worth: 0.5 + (e16 − e8)·AI / e_d.
    """

    title: str
    spared: float
    intensity: float
    worth: float

    def __str__(self) -> str:
        """The rule with its numbers put in."""
        sign, winner = (">", "fusion") if self.spared > self.worth else ("<", "precision")
        return (
            f"The rule, {self.title}: fusion spares {significant(self.spared, 2)} of its bytes {sign} "
            f"{significant(self.worth, 2)} = 0.5 + (e16 − e8)·AI/e_d at {significant(self.intensity, 2)} FLOP a byte, "
            f"so {winner} saves more."
        )


def letter(says: str, filter_watts: tuple[float, ...], mild: Worn, warm: Worn) -> list[str]:
    """The UX designer's second letter.

    Args:
        says: Its first sentences.
        filter_watts: Power of the filter alone at its full rate: as found, fused, in int8, and both [W].
        mild: All that runs with both done everywhere, in the air of a room.
        warm: The same on a warm day.
    """
    found, fused, narrow, both = (with_prefix(watts, "W") for watts in filter_watts)
    return [
        says,
        (
            f"The filter alone needs {found} as it was found. Fused it needs {fused}, in int8 {narrow}, and with both "
            f"{both}. In a room the skin bears {with_prefix(mild.budget.load, 'W')} of work, on a warm day "
            f"{with_prefix(warm.budget.load, 'W')}; and the text has to be found and translated as well."
        ),
        (
            "Fusion costs us nothing but care. int8 costs us a validation of every layer that it touches, with the "
            "faces and the street signs of the whole world. Fewer frames cost us the illusion."
        ),
        (
            "So: as many frames as the skin bears, and as little in int8 as that allows. The test head is dear; the "
            "instruments answer only when you press Run."
        ),
    ]


def saved_feedback(guess: float, share: float, before: Worn, after: Worn) -> str:
    """Feedback on the number.

    Args:
        guess: Predicted share [%].
        share: Computed share [%].
        before: With nothing fused.
        after: With everything fused.
    """
    old, new = before.passes[0], after.passes[0]
    facts = (
        f"A frame moves {with_prefix(old.traffic, 'B')} apart and {with_prefix(new.traffic, 'B')} fused, and costs "
        f"{with_prefix(old.total, 'J')} and {with_prefix(new.total, 'J')}; arithmetic and SRAM keep their "
        f"{with_prefix(new.compute + new.sram, 'J')}."
    )
    if abs(guess - share) <= _CLOSE:
        return f"Close. {facts}"
    if guess < share:
        return f"Too low: what is written and read again between two layers is most of what moves. {facts}"
    return f"Too high: the frame still has to come in and go out, and every operation is still done. {facts}"


def experiment_claim(watts: dict[str, float], mild: Worn, warm: Worn) -> str:
    """What the four plans of the whole load show against the two airs.

    Args:
        watts: Power of all that runs at the full rate, by level [W].
        mild: Any plan in the air of a room.
        warm: Any plan on a warm day.
    """
    in_room = [level for level, power in watts.items() if power <= mild.budget.load]
    on_warm = [level for level, power in watts.items() if power <= warm.budget.load]
    return f"With everything running, the skin bears {_listed(in_room)} in a room and {_listed(on_warm)} on a warm day."


def _listed(levels: list[str]) -> str:
    return " and ".join(levels) if levels else "none of the four"


def filter_claim(
    watts: tuple[float, ...], mild: Worn, warm: Worn, bearable: float, asked: float
) -> str:
    """What fusion and precision do for the filter alone, in a room and on a warm day.

    Args:
        watts: Power of the filter alone: as found, fused, in int8, and both [W].
        mild: Any plan in the air of a room.
        warm: Any plan on a warm day.
        bearable: Frames a second of the filter with both that the skin bears on the warm day [1/s].
        asked: Its full rate [1/s].
    """
    room, day = mild.budget.load, warm.budget.load
    left = room - watts[1]
    fits = (
        f"fusion alone fits a room with {with_prefix(left, 'W')} to spare"
        if left >= 0.0
        else f"fusion alone is {with_prefix(-left, 'W')} over in a room"
    )
    both = (
        "both together fit a warm day"
        if watts[3] <= day
        else f"on a warm day even both are {with_prefix(watts[3] - day, 'W')} over, and {significant(bearable)} of "
        f"{significant(asked)} frames can be worn"
    )
    return f"Of the filter alone, {fits}; {both}."


def score_claim(yours: float, best: float, ratio: str, air: float) -> str:
    """The score in a sentence.

    Args:
        yours: MFU of the best run; 0 if none worked.
        best: MFU of the optimum.
        ratio: Their ratio in words.
        air: Temperature of the air [K].
    """
    where = f"in air of {celsius(air)}"
    if yours == 0.0:
        return f"No run was in time and cool enough {where}; the optimum reaches an MFU of {percent(best)}."
    if yours >= best:
        return f"Your best run holds every frame that any plan holds {where}: an MFU of {percent(yours)}."
    mine, most = (significant(100.0 * value, 4) for value in (yours, best))
    return f"Your best run reaches {ratio} of what is possible {where}: an MFU of {mine} %, of {most} %."


def plan_words(found: Worn, fused: int, narrow: int, cells: int) -> str:
    """A plan in a few words.

    Args:
        found: It.
        fused: Rows that are fused.
        narrow: Rows in int8.
        cells: All rows.
    """
    return (
        f"{found.fps:g} FPS, {grouped(fused)} of {grouped(cells)} rows fused and {grouped(narrow)} in int8, "
        f"{percent(found.in_fp16)} of the arithmetic in fp16"
    )
