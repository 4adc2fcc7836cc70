"""The score of a verdict, part by part."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.system.jitter.causes import Cause, Stage
from ironlaw.system.jitter.score import Verdict, score
from ironlaw.system.jitter.truth import case
from jitter_cases import seeds

TRUTH = case(seeds(Cause.NMS)[0])
RIGHT = Verdict(
    event=TRUTH.events[0],
    stage=Stage.POSTPROCESS,
    cause=Cause.NMS,
    evidence=TRUTH.evidence,
    rerun=Cause.NMS,
)


def test_all_right_is_one():
    assert score(RIGHT, TRUTH).total == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("changes", "lost"),
    [
        ({"event": TRUTH.decoys[0]}, 0.50),  # the event, and a false accusation
        ({"stage": Stage.BACKBONE}, 0.15),
        ({"cause": Cause.THROTTLE}, 0.15),
        ({"rerun": None}, 0.10),
        ({"rerun": Cause.THROTTLE}, 0.10),
        ({"evidence": ()}, 0.20),
        ({"evidence": TRUTH.evidence[:2]}, 0.20 * (1.0 - 2.0 * 2.0 / 6.0)),
        ({"evidence": (*TRUTH.evidence, "gc_event")}, 0.20 * (1.0 - 8.0 / 9.0)),
        ({"accused": TRUTH.decoys}, 0.10 * len(TRUTH.decoys)),
        ({"accused": TRUTH.events}, 0.0),
    ],
)
def test_each_part_has_its_weight(changes, lost):
    assert score(replace(RIGHT, **changes), TRUTH).total == pytest.approx(1.0 - lost)


def test_the_floor_is_zero():
    wrong = Verdict(
        event="1/x/0",
        stage=Stage.VOXELIZATION,
        cause=Cause.THROTTLE,
        accused=tuple(f"{n}/y/0" for n in range(9)),
    )
    assert score(wrong, TRUTH).total == 0.0


def test_unknown_evidence_is_refused():
    with pytest.raises(DomainError, match="evidence = 'a hunch' is outside gpu_idle_in_gap"):
        score(replace(RIGHT, evidence=("a hunch",)), TRUTH)
