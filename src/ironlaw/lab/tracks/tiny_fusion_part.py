"""Tiny Pioneer, Part 2, as the mission takes it."""

from __future__ import annotations

from ironlaw.lab.part import Part
from ironlaw.lab.tracks import (
    tiny_fusion,
    tiny_fusion_bench,
    tiny_fusion_reflection,
    tiny_fusion_reveal,
)
from ironlaw.lab.tracks.tiny_fusion_texts import PREDICTION, PROMPT


def part() -> Part:
    """The fusion gain."""
    return Part(
        number=2,
        title="The Fusion Gain",
        stakeholder="Hardware lead",
        says=tiny_fusion_reveal.says,
        story=tiny_fusion_reveal.story,
        prediction=PREDICTION,
        start=tiny_fusion.start,
        turn=tiny_fusion.turn,
        in_words=tiny_fusion.in_words_at,
        bench=tiny_fusion_bench.bench_at,
        counted=tiny_fusion.counted(),
        call=("When no run holds a larger network, see what was possible.", "Show the optimum"),
        reveal=tiny_fusion_reveal.reveal,
        prompt=PROMPT,
        exhibit=tiny_fusion_reflection.exhibit,
        reset=tiny_fusion_reflection.reset,
        reflection=tiny_fusion_reflection.reflection,
        objection=lambda _: None,
        judge=tiny_fusion_reflection.judge,
        said=tiny_fusion_reveal.said,
        summary=tiny_fusion_reveal.summary,
    )
