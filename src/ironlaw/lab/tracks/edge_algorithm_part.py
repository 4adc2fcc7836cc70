"""Edge Guardian, Part 3, as the mission takes it."""

from __future__ import annotations

from ironlaw.lab.defence import PROMPT, defence_questions
from ironlaw.lab.part import Part
from ironlaw.lab.tracks import edge_algorithm, edge_algorithm_defence, edge_algorithm_reveal
from ironlaw.lab.tracks.edge_algorithm_proof import challenge
from ironlaw.lab.tracks.edge_algorithm_texts import PREDICTION


def part() -> Part:
    """Another algorithm for the loop."""
    return Part(
        number=3,
        title="Algorithmic Innovation",
        stakeholder="Product lead",
        says=edge_algorithm_reveal.says,
        story=edge_algorithm_reveal.story,
        prediction=PREDICTION,
        start=edge_algorithm.start,
        turn=edge_algorithm.turn,
        in_words=edge_algorithm.in_words,
        bench=edge_algorithm_defence.bench,
        counted=None,
        call=("The demand is settled. See what you predicted.", "Show me"),
        reveal=edge_algorithm_reveal.reveal,
        prompt=PROMPT,
        exhibit=edge_algorithm_defence.exhibit,
        reset=dict,
        reflection=lambda _: defence_questions(),
        objection=lambda _: None,
        judge=edge_algorithm_defence.judge,
        said=edge_algorithm_reveal.said,
        summary=edge_algorithm_reveal.summary,
        challenge=challenge(),
        waterfall=edge_algorithm_defence.waterfall,
    )
