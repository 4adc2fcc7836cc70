"""Cloud Titan, Part 1, as the mission takes it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ironlaw.lab.knobs import in_words, start_values, turned
from ironlaw.lab.part import Part
from ironlaw.lab.tracks import cloud_titan
from ironlaw.lab.tracks.cloud_titan_reflection import judge, reflection
from ironlaw.lab.tracks.cloud_titan_texts import PREDICTION, PROMPT

if TYPE_CHECKING:
    from ironlaw.lab.part import Knobs


def part() -> Part:
    """The diagnostic challenge."""
    controls = cloud_titan.controls()
    return Part(
        number=1,
        title="The Diagnostic Challenge",
        stakeholder="CFO",
        says=cloud_titan.says,
        story=cloud_titan.story,
        prediction=PREDICTION,
        start=partial(start_values, controls),
        turn=partial(turned, controls),
        in_words=partial(in_words, controls),
        bench=lambda standing: cloud_titan.bench(standing.knobs),
        counted=None,
        call=("When you know which constraint binds, prove it.", "I can name it"),
        reveal=lambda standing: cloud_titan.reveal(standing.answers or {}),
        prompt=PROMPT,
        exhibit=lambda standing: cloud_titan.bench(standing.knobs),
        reset=cloud_titan.reset,
        reflection=reflection,
        objection=_objection,
        judge=lambda answers, standing: judge(answers, standing.knobs),
        said=cloud_titan.said,
        summary=lambda standing: cloud_titan.summary(
            standing.answers or {}, standing.verdicts or {}
        ),
    )


def _objection(knobs: Knobs) -> str | None:
    """A claim is about the crisis, and judged where the machine and the load are its own."""
    if cloud_titan.reset(knobs) == dict(knobs):
        return None
    return "the claim is about the crisis: turn machine and load back to where they began"
