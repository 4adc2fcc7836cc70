"""Cloud Titan, Part 2, as the mission takes it."""

from __future__ import annotations

from ironlaw.lab.part import Part
from ironlaw.lab.tracks import cloud_fusion, cloud_fusion_reflection, cloud_fusion_reveal
from ironlaw.lab.tracks.cloud_fusion_texts import PREDICTION, PROMPT


def part() -> Part:
    """The fusion gain."""
    return Part(
        number=2,
        title="The Fusion Gain",
        stakeholder="CFO",
        says=cloud_fusion_reveal.says,
        story=cloud_fusion_reveal.story,
        prediction=PREDICTION,
        start=cloud_fusion.start,
        turn=cloud_fusion.turn,
        in_words=cloud_fusion.in_words_at,
        bench=cloud_fusion.bench_at,
        counted=cloud_fusion.counted(),
        call=("When no run brings more, see what was possible.", "Show the optimum"),
        reveal=cloud_fusion_reveal.reveal,
        prompt=PROMPT,
        exhibit=cloud_fusion_reflection.exhibit,
        reset=cloud_fusion_reflection.reset,
        reflection=cloud_fusion_reflection.reflection,
        objection=lambda _: None,
        judge=lambda answers, standing: cloud_fusion_reflection.judge(answers, standing.knobs),
        said=cloud_fusion_reveal.said,
        summary=cloud_fusion_reveal.summary,
    )
