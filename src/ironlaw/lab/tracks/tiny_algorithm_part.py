"""Tiny Pioneer, Part 3, as the mission takes it."""

from __future__ import annotations

from ironlaw.lab.defence import PROMPT, defence_questions
from ironlaw.lab.part import Part
from ironlaw.lab.tracks import (
    tiny_algorithm,
    tiny_algorithm_bench,
    tiny_algorithm_challenge,
    tiny_algorithm_reveal,
)
from ironlaw.lab.tracks.tiny_algorithm_texts import PREDICTION


def part() -> Part:
    """Algorithmic innovation."""
    return Part(
        number=3,
        title="Algorithmic Innovation",
        stakeholder="Product lead",
        says=tiny_algorithm_reveal.says,
        story=tiny_algorithm_reveal.story,
        prediction=PREDICTION,
        start=tiny_algorithm.start,
        turn=tiny_algorithm.turn,
        in_words=tiny_algorithm.in_words,
        bench=tiny_algorithm_bench.bench_at,
        counted=None,
        call=("The leads have their answer. See what the draft really did.", "To the reveal"),
        reveal=tiny_algorithm_reveal.reveal,
        prompt=PROMPT,
        exhibit=tiny_algorithm_reveal.exhibit,
        reset=dict,
        reflection=lambda _: defence_questions(),
        objection=lambda _: None,
        judge=tiny_algorithm_reveal.judge,
        said=tiny_algorithm_reveal.said,
        summary=tiny_algorithm_reveal.summary,
        challenge=tiny_algorithm_challenge.challenge(),
        waterfall=tiny_algorithm_reveal.waterfall,
    )
