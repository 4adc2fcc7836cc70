"""Tiny Pioneer, Part 1, as the mission takes it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ironlaw.lab.knobs import start_values, turned
from ironlaw.lab.part import Part
from ironlaw.lab.tracks import tiny_ratio, tiny_ratio_reflection
from ironlaw.lab.tracks.tiny_ratio_texts import PREDICTION, PROMPT

if TYPE_CHECKING:
    from ironlaw.lab.part import Knobs


def part() -> Part:
    """The memory-math ratio."""
    controls = tiny_ratio.controls()
    return Part(
        number=1,
        title="The Memory-Math Ratio",
        stakeholder="Hardware lead",
        says=tiny_ratio.says,
        story=tiny_ratio.story,
        prediction=PREDICTION,
        start=partial(start_values, controls),
        turn=partial(turned, controls),
        in_words=tiny_ratio.in_words,
        bench=lambda standing: tiny_ratio.bench(standing.knobs),
        counted=None,
        call=("When you know what the arithmetic waits for, prove it.", "I can name it"),
        reveal=lambda standing: tiny_ratio_reflection.reveal(standing.answers or {}),
        prompt=PROMPT,
        exhibit=lambda standing: tiny_ratio.bench(standing.knobs),
        reset=tiny_ratio.reset,
        reflection=tiny_ratio_reflection.reflection,
        objection=_objection,
        judge=lambda answers, standing: tiny_ratio_reflection.judge(answers, standing.knobs),
        said=tiny_ratio_reflection.said,
        summary=lambda standing: tiny_ratio_reflection.summary(
            standing.answers or {}, standing.verdicts or {}
        ),
    )


def _objection(knobs: Knobs) -> str | None:
    """A claim is about the crisis, and judged where machine, load, places and assumptions are its own."""
    if tiny_ratio.reset(knobs) == dict(knobs):
        return None
    return "the claim is about the crisis: turn every knob but the looks back to where it began"
