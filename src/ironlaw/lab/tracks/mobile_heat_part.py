"""Mobile Nomad, Part 1, as the mission takes it."""

from __future__ import annotations

from functools import partial

from ironlaw.lab.knobs import start_values, turned
from ironlaw.lab.part import Part
from ironlaw.lab.tracks import mobile_heat_reflection, mobile_heat_story
from ironlaw.lab.tracks.mobile_glasses import in_words
from ironlaw.lab.tracks.mobile_heat import controls
from ironlaw.lab.tracks.mobile_heat_bench import bench
from ironlaw.lab.tracks.mobile_heat_texts import PROMPT


def part() -> Part:
    """The thermal-precision trap."""
    return Part(
        number=1,
        title="The Thermal-Precision Trap",
        stakeholder="UX designer",
        says=mobile_heat_story.says,
        story=mobile_heat_story.story,
        prediction=mobile_heat_story.prediction(),
        start=partial(start_values, controls()),
        turn=partial(turned, controls()),
        in_words=partial(in_words, controls()),
        bench=lambda standing: bench(standing.knobs),
        counted=None,
        call=("When you know which constraint binds, prove it.", "I can name it"),
        reveal=lambda standing: mobile_heat_story.reveal(standing.answers or {}),
        prompt=PROMPT,
        exhibit=lambda standing: bench(standing.knobs),
        reset=mobile_heat_reflection.reset,
        reflection=mobile_heat_reflection.reflection,
        objection=mobile_heat_reflection.objection,
        judge=lambda answers, standing: mobile_heat_reflection.judge(answers, standing.knobs),
        said=mobile_heat_story.said,
        summary=lambda standing: mobile_heat_story.summary(
            standing.answers or {}, standing.verdicts or {}
        ),
    )
