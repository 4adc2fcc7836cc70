"""Mobile Nomad, Part 2, as the mission takes it."""

from __future__ import annotations

from ironlaw.lab.part import Part
from ironlaw.lab.tracks import mobile_fusion, mobile_fusion_reflection, mobile_fusion_reveal
from ironlaw.lab.tracks.mobile_fusion_bench import bench
from ironlaw.lab.tracks.mobile_fusion_texts import PREDICTION, PROMPT


def part() -> Part:
    """The fusion gain: fusion or precision, layer by layer."""
    return Part(
        number=2,
        title="The Fusion Gain",
        stakeholder="UX designer",
        says=mobile_fusion_reveal.says,
        story=mobile_fusion_reveal.story,
        prediction=PREDICTION,
        start=mobile_fusion.start,
        turn=mobile_fusion.turn,
        in_words=mobile_fusion.in_short,
        bench=bench,
        counted=mobile_fusion.counted(),
        call=("When no run keeps more, see what was possible.", "Show the optimum"),
        reveal=mobile_fusion_reveal.reveal,
        prompt=PROMPT,
        exhibit=mobile_fusion_reflection.exhibit,
        reset=mobile_fusion_reflection.reset,
        reflection=mobile_fusion_reflection.reflection,
        objection=mobile_fusion_reflection.objection,
        judge=mobile_fusion_reflection.judge,
        said=mobile_fusion_reveal.said,
        summary=mobile_fusion_reveal.summary,
    )
