"""Edge Guardian, Part 2, as the mission takes it."""

from __future__ import annotations

from functools import lru_cache, partial

from ironlaw.lab.part import Part
from ironlaw.lab.tracks import edge_fusion, edge_fusion_reflection, edge_fusion_reveal
from ironlaw.lab.tracks.edge_fusion_texts import PREDICTION, PROMPT


@lru_cache(maxsize=8)
def part(seed: int = 0) -> Part:
    """The fusion gain over the case of a seed.

    Args:
        seed: Of the case.
    """
    return Part(
        number=2,
        title="The Fusion Gain",
        stakeholder="Safety lead",
        says=edge_fusion_reveal.says,
        story=partial(edge_fusion_reveal.story, seed),
        prediction=PREDICTION,
        start=edge_fusion.start,
        turn=edge_fusion.turn,
        in_words=edge_fusion.in_words_at,
        bench=partial(edge_fusion.bench_at, seed),
        counted=edge_fusion.counted(seed),
        call=("When no run leaves more, see what was possible.", "Show the optimum"),
        reveal=partial(edge_fusion_reveal.reveal, seed),
        prompt=PROMPT,
        exhibit=edge_fusion_reflection.exhibit,
        reset=edge_fusion_reflection.reset,
        reflection=edge_fusion_reflection.reflection,
        objection=lambda _: None,
        judge=edge_fusion_reflection.judge,
        said=edge_fusion_reveal.said,
        summary=partial(edge_fusion_reveal.summary, seed),
        drawn=part,
    )
