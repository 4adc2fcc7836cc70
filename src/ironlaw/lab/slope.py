"""The question of every Part 1: does more arithmetic help a layer on the slope? And the experiment that answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import percent
from ironlaw.lab.questions import Option, Question
from ironlaw.lab.reveal import experiment_content

if TYPE_CHECKING:
    from ironlaw.lab.part import Content

_SHOWS = 0.001  # share of a time below which a gain is not told from none

CORRECT = "no"
SLOPE = Question(
    id="slope",
    kind="choice",
    text="A layer sits on the sloped section of the roofline. Will more TFLOPS speed it up?",
    options=(
        Option("in_proportion", "Yes, in proportion: twice the TFLOPS, half the time"),
        Option("a_little", "Yes, but only a little"),
        Option("no", "No, not at all"),
        Option("larger_batch", "Only at a larger batch"),
    ),
)
MISCONCEPTIONS: dict[str, str | None] = {
    "in_proportion": "The flat roof: as if every layer were bound by arithmetic",
    "a_little": "The blended bound: as if compute and memory always shared the time",
    "no": None,
    "larger_batch": "The universal batch: as if batching raised the intensity of everything",
}


def slope_experiment(what: str, now: float, peak: float, bandwidth: float) -> Content:
    """Twice the arithmetic and twice the bandwidth, beside it as it is.

    Args:
        what: What is timed: the step, the frame.
        now: As it is [s].
        peak: With twice R_peak [s].
        bandwidth: With twice BW_mem [s].
    """
    claim = (
        f"Twice the arithmetic takes {_off(1.0 - peak / now)} off the {what}; twice the bandwidth takes "
        f"{_off(1.0 - bandwidth / now)} off."
    )
    bars = (("as it is", now), ("2 × R_peak", peak), ("2 × BW_mem", bandwidth))
    return experiment_content(claim, "s", bars)


def _off(share: float) -> str:
    return percent(share) if share >= _SHOWS else f"less than {percent(_SHOWS)}"
