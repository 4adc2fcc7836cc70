"""Mobile Nomad, Part 3, as the mission takes it."""

from __future__ import annotations

from ironlaw.lab.defence import PROMPT, defence_questions, judge_defence
from ironlaw.lab.part import Part
from ironlaw.lab.tracks import mobile_algorithm, mobile_algorithm_mission, mobile_algorithm_reveal
from ironlaw.lab.tracks.mobile_algorithm_bench import bench
from ironlaw.lab.tracks.mobile_algorithm_proof import challenge


def part() -> Part:
    """Algorithmic innovation: drafts, experts and pruning for the translator."""
    return Part(
        number=3,
        title="Algorithmic Innovation",
        stakeholder="Product lead",
        says=mobile_algorithm_reveal.says,
        story=mobile_algorithm_reveal.story,
        prediction=mobile_algorithm_reveal.prediction(),
        start=mobile_algorithm.start,
        turn=mobile_algorithm.turn,
        in_words=mobile_algorithm.in_words,
        bench=bench,
        counted=None,
        call=("When it is proved, or no attempt is left, see what you said.", "Show the answer"),
        reveal=mobile_algorithm_reveal.reveal,
        prompt=PROMPT,
        exhibit=mobile_algorithm_mission.exhibit,
        reset=dict,
        reflection=lambda _: defence_questions(),
        objection=lambda _: None,
        judge=lambda answers, standing: judge_defence(
            mobile_algorithm_mission.mission(standing), answers
        ),
        said=mobile_algorithm_reveal.said,
        summary=mobile_algorithm_reveal.summary,
        challenge=challenge(),
        waterfall=mobile_algorithm_mission.waterfall,
    )
