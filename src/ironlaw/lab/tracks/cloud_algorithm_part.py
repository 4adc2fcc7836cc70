"""Cloud Titan, Part 3, as the mission takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.lab.challenge import challenge_view
from ironlaw.lab.defence import PROMPT, defence_questions
from ironlaw.lab.part import Part
from ironlaw.lab.tracks import (
    cloud_algorithm,
    cloud_algorithm_bench,
    cloud_algorithm_mission,
    cloud_algorithm_reveal,
)
from ironlaw.lab.tracks.cloud_algorithm_challenge import WHO, challenge
from ironlaw.lab.tracks.cloud_algorithm_texts import prediction

if TYPE_CHECKING:
    from ironlaw.lab.part import Content, Standing


def part() -> Part:
    """Algorithmic innovation."""
    return Part(
        number=3,
        title="Algorithmic Innovation",
        stakeholder=WHO,
        says=cloud_algorithm_reveal.says,
        story=cloud_algorithm_reveal.story,
        prediction=prediction(),
        start=cloud_algorithm.start,
        turn=cloud_algorithm.turn,
        in_words=cloud_algorithm.label,
        bench=_bench,
        counted=None,
        call=("The demand is answered. See what you predicted.", "To the reveal"),
        reveal=cloud_algorithm_reveal.reveal,
        prompt=PROMPT,
        exhibit=cloud_algorithm_mission.exhibit,
        reset=cloud_algorithm_mission.reset,
        reflection=lambda _: defence_questions(),
        objection=lambda _: None,
        judge=cloud_algorithm_mission.judge,
        said=cloud_algorithm_reveal.said,
        summary=cloud_algorithm_reveal.summary,
        challenge=challenge(),
        waterfall=cloud_algorithm_mission.waterfall,
    )


def _bench(standing: Standing) -> Content:
    """The workbench with what the product lead demands."""
    content = cloud_algorithm_bench.bench(standing.knobs)
    content["challenge"] = challenge_view(challenge(), standing)
    return content
