"""Edge Guardian, Part 1, as the mission takes it."""

from __future__ import annotations

from functools import lru_cache, partial

from ironlaw.lab import audit_bench
from ironlaw.lab.case_recording import case_recording
from ironlaw.lab.part import OwnTrace, Part
from ironlaw.lab.tracks import edge_audit, edge_audit_reflection
from ironlaw.lab.tracks.edge_audit_texts import PREDICTION, PROMPT

_OWN = OwnTrace(start=audit_bench.start, turn=audit_bench.turn, bench=audit_bench.audit_view)


@lru_cache(maxsize=8)
def part(seed: int = 0) -> Part:
    """The jitter audit over the case of a seed.

    Args:
        seed: Of the case.
    """
    return Part(
        number=1,
        title="The Jitter Audit",
        stakeholder="Safety lead",
        says=edge_audit.says,
        story=partial(edge_audit.story, seed),
        prediction=PREDICTION,
        start=lambda: audit_bench.start(case_recording(seed)),
        turn=lambda knobs, change: audit_bench.turn(case_recording(seed), knobs, change),
        in_words=audit_bench.in_words,
        bench=lambda standing: edge_audit.bench(seed, standing.knobs),
        counted=None,
        call=("When you know which event it was, accuse it.", "I have a verdict"),
        reveal=partial(edge_audit.reveal, seed),
        prompt=PROMPT,
        exhibit=partial(edge_audit_reflection.exhibit, seed),
        reset=dict,
        reflection=partial(edge_audit_reflection.reflection, seed),
        objection=lambda _: None,
        judge=partial(edge_audit_reflection.judge, seed),
        said=edge_audit.said,
        summary=partial(edge_audit_reflection.summary, seed),
        own=_OWN,
        drawn=part,
    )
