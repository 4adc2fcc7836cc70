"""Edge Guardian, Part 1: what follows from a verdict: a run without the cause, the score, the auditor's reading."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.instruments.scale import grouped, percent, with_prefix
from ironlaw.lab.case_recording import case_recording, case_run
from ironlaw.lab.questions import several
from ironlaw.lab.tracks.edge_verdict import excess_of, late_frame, truth_of
from ironlaw.system.audit.verdict import audit_trace
from ironlaw.system.jitter import score as scoring
from ironlaw.system.jitter.causes import CARDS, Cause, Stage
from ironlaw.system.jitter.kineto import write_trace
from ironlaw.system.jitter.simulate import latencies
from ironlaw.system.jitter.witness import shown
from ironlaw.system.trace.read import read

if TYPE_CHECKING:
    from ironlaw.lab.part import Answers, Content, Standing
    from ironlaw.system.jitter.score import Score
    from ironlaw.system.jitter.simulate import Run

EVIDENT = 0.8
"""F1 of the evidence from which a verdict stands."""
_AROUND = 40  # frames before and after the late one that the auditor is given


@lru_cache(maxsize=8)
def holds(seed: int) -> frozenset[str]:
    """What the trace of a case holds: what proves its cause, and what is true beside it and proves nothing.

    Args:
        seed: Of the case.
    """
    return frozenset((*truth_of(seed).evidence, *shown(case_run(seed), late_frame(seed))))


def _told(seed: int, picked: tuple[str, ...]) -> tuple[str, ...]:
    """The evidence that counts: what is true and proves nothing is neither for a verdict nor against it."""
    proof = truth_of(seed).evidence
    return tuple(name for name in picked if name in proof or name not in holds(seed))


def f1(seed: int, picked: tuple[str, ...]) -> float:
    """F1 of some evidence against what proves the cause.

    Args:
        seed: Of the case.
        picked: What was named.
    """
    told, held = set(_told(seed, picked)), set(truth_of(seed).evidence)
    return 2.0 * len(told & held) / (len(told) + len(held))


class Rerun(NamedTuple):
    """The case again with a fix.

    Attributes:
        cause: What the fix takes away.
        before: Latency of the late frame [s].
        after: With the fix [s].
        misses: Frames past the deadline before it.
        left: And with it.
    """

    cause: Cause
    before: float
    after: float
    misses: int
    left: int


@lru_cache(maxsize=16)
def rerun(seed: int, cause: Cause) -> Rerun:
    """The same scenes and the same noise with a fix; one for another cause takes nothing away.

    Args:
        seed: Of the case.
        cause: What the fix takes away.
    """
    run, frame = case_run(seed), late_frame(seed)
    again = case_run(seed, cause) if cause is run.case.cause else run
    return Rerun(
        cause,
        run.frames[frame].latency,
        again.frames[frame].latency,
        latencies(run).misses,
        latencies(again).misses,
    )


def rerun_words(seed: int, found: Rerun) -> str:
    """What a fix does, in a sentence.

    Args:
        seed: Of the case.
        found: The case again with it.
    """
    frame = grouped(late_frame(seed))
    before, after = with_prefix(found.before, "s"), with_prefix(found.after, "s")
    if found.after == found.before:
        return f"Run again with this, frame {frame} still takes {after}; {_misses(found.left)}, as before."
    return (
        f"Run again with this, frame {frame} takes {after} instead of {before}; {_misses(found.left)} instead of "
        f"{grouped(found.misses)}."
    )


def _misses(count: int) -> str:
    return f"{grouped(count)} {'frame misses' if count == 1 else 'frames miss'} the deadline"


def false_accusations(seed: int, standing: Standing) -> tuple[str, ...]:
    """Events that were accused and are not guilty, each once.

    Args:
        seed: Of the case.
        standing: Where the learner stands.
    """
    guilty = truth_of(seed).events
    named = [str(claim["event"]) for claim in standing.claims]
    return tuple(dict.fromkeys(name for name in named if name not in guilty))


def score_of(seed: int, standing: Standing) -> Score:
    """The score of the last verdict, with every false accusation on the way to it.

    Args:
        seed: Of the case.
        standing: Where the learner stands, after at least one verdict.
    """
    claim: Answers = standing.claims[-1]
    truth = truth_of(seed)
    verdict = scoring.Verdict(
        event=str(claim["event"]),
        stage=Stage(str(claim["stage"])),
        cause=Cause(str(claim["cause"])),
        evidence=_told(seed, several(claim, "evidence")),
        rerun=Cause(str(claim["fix"])),
        accused=false_accusations(seed, standing),
    )
    return scoring.score(verdict, truth)


def closing(seed: int, standing: Standing) -> Content | None:
    """What follows from the last verdict; the score and the auditor's own reading once it stands.

    Args:
        seed: Of the case.
        standing: Where the learner stands.
    """
    if not standing.claims:
        return None
    fix = Cause(str(standing.claims[-1]["fix"]))
    found = rerun(seed, fix)
    usual = case_recording(seed).figures.median
    return {
        "rerun": {
            "claim": rerun_words(seed, found),
            "fix": CARDS[fix].fix,
            "unit": "s",
            "bars": [
                {"label": "the late frame", "value": found.before},
                {"label": "with your fix", "value": found.after},
                {"label": "the median frame", "value": usual},
            ],
        },
        "score": _score(score_of(seed, standing)) if standing.passed else None,
        "auditor": auditor(seed) if standing.passed else None,
    }


def _score(score: Score) -> Content:
    parts = (
        ("the event", score.event, scoring.EVENT),
        ("its stage", score.stage, scoring.STAGE),
        ("the class of cause", score.cause, scoring.CLASS),
        ("the evidence", score.evidence, scoring.PROOF),
        ("the run without it", score.rerun, scoring.RERUN),
        ("false accusations", score.accusations, 0.0),
    )
    return {
        "total": score.total,
        "parts": [{"label": label, "value": value, "of": most} for label, value, most in parts],
    }


def _part_of(run: Run, first: int, last: int) -> Run:
    """Some frames of a trace, in the order in which they were recorded."""
    frames = tuple(frame for frame in run.frames if first <= frame.number <= last)
    events = tuple(event for event in run.events if first <= event.frame <= last)
    return replace(run, frames=frames, events=events)


@lru_cache(maxsize=8)
def auditor(seed: int) -> Content:
    """What the auditor of real traces reads from the frames around the late one, written as the profiler writes them.

    Args:
        seed: Of the case.
    """
    frame = late_frame(seed)
    first = max(frame - _AROUND, 0)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.json"
        write_trace(_part_of(case_run(seed), first, frame + _AROUND), path)
        audit = audit_trace(read(path), case_recording(seed).deadline)
    spike = next((one for one in audit.spikes if one.frame == frame - first), None)
    if spike is None:
        return {
            "claim": f"`ironlaw audit` finds nothing in frame {grouped(frame)}.",
            "agrees": False,
        }
    verdict = spike.verdict
    agrees = verdict.cause.value in truth_of(seed).audit_classes
    return {
        "claim": (
            f"`ironlaw audit` names {verdict.culprit}: {percent(spike.explained)} of "
            f"{with_prefix(excess_of(seed), 's')}. {verdict.words[:1].upper()}{verdict.words[1:]}."
        ),
        "cause": verdict.cause.value,
        "culprit": verdict.culprit,
        "stage": verdict.stage,
        "evidence": verdict.evidence.value,
        "explained": spike.explained,
        "agrees": agrees,
    }
