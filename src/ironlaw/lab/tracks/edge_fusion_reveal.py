"""Edge Guardian, Part 2: the story, prediction against reality, and the score of the runs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.instruments.fusion_words import fusion_words
from ironlaw.instruments.scale import grouped, with_prefix
from ironlaw.lab.case_recording import FRAMES
from ironlaw.lab.fusion_knobs import chosen
from ironlaw.lab.fusion_pair import CORRECT, MISCONCEPTIONS, REDUCES, Pair, pair_feedback, pair_of
from ironlaw.lab.questions import quantity
from ironlaw.lab.reveal import choice_content, experiment_content, number_content
from ironlaw.lab.score import Score, Share, reached
from ironlaw.lab.tracks import edge_fusion_reflection
from ironlaw.lab.tracks import edge_fusion_texts as texts
from ironlaw.lab.tracks.edge_fusion import (
    alone_at,
    board,
    build_at,
    counted,
    launches_of,
    mended,
    network,
    optimum,
)
from ironlaw.registry.networks import load_network_card
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.jitter.board import Deployment
from ironlaw.system.jitter.case import drawn_case
from ironlaw.system.jitter.simulate import deployed

if TYPE_CHECKING:
    from ironlaw.lab.part import Answers, Content, Standing
    from ironlaw.lab.runs import Run
    from ironlaw.lab.tracks.edge_fusion import Best

_PAIR = ("points.linear+points.norm", "points.norm+points.relu")
_BUILDS = (
    ("nothing fused", Deployment(fused=FusionLevel.NONE.value)),
    ("fused in part", Deployment(fused=FusionLevel.PARTIAL.value)),
    ("fused in full", Deployment(fused=FusionLevel.FULL.value)),
    ("fused in full, replayed from a graph", Deployment(graph_launch=True)),
)


@lru_cache(maxsize=1)
def linear_relu() -> Pair:
    """A linear layer of the pillars with its norm and ReLU, apart and as one kernel."""
    title = load_network_card(network().spec.name).title
    return pair_of(board(), f"The linear layer of {title} with its norm and ReLU", *_PAIR)


def says() -> str:
    """The safety lead in a sentence."""
    return "An audit after the drive is too late. Can the pipeline be built so that no frame is late at all?"


def story(seed: int) -> Content:
    """The letter that opens the part.

    Args:
        seed: Of the case.
    """
    pipeline, drawn = deployed(), drawn_case(seed, FRAMES)
    deadline, room = pipeline.number("loop.deadline"), pipeline.number("loop.memory")
    return {
        "heading": "The same network, fewer launches, every frame on time",
        "from": "Safety lead",
        "paragraphs": texts.letter(says(), drawn.cause, room, mended=mended(seed)),
        "figures": [
            {
                "label": "what a frame may take",
                "value": with_prefix(deadline, "s").split()[0],
                "unit": "ms",
                "detail": f"{grouped(FRAMES)} frames a run, none of them late",
            },
            {
                "label": "what the build may hold",
                "value": with_prefix(room, "B").split()[0],
                "unit": with_prefix(room, "B").split()[1],
                "detail": "of the unified memory",
            },
        ],
    }


def said(answers: Answers) -> str:
    """The locked prediction in a few words."""
    return f"you said {quantity(answers, 'gone'):g} %"


def _launches(build: Deployment) -> int:
    return launches_of(alone_at(build)[1])


def gone() -> float:
    """Share of a frame's launches that goes away when the network is fused in full [%]."""
    before, after = _launches(_BUILDS[0][1]), _launches(_BUILDS[2][1])
    return 100.0 * (1.0 - after / before)


def reveal(seed: int, standing: Standing) -> Content:
    """Prediction against reality, and the best run against the optimum.

    Args:
        seed: Of the case.
        standing: Where the learner stands.
    """
    answers = standing.answers or {}
    option, guess, share = str(answers["reduces"]), quantity(answers, "gone"), gone()
    number = texts.PREDICTION[1]
    bars = [(label, alone_at(build)[0]) for label, build in _BUILDS]
    counts = [_launches(build) for _, build in _BUILDS]
    return {
        "heading": "What you said, what the engine computes, and what was possible",
        "choice": choice_content(
            REDUCES, option, CORRECT, MISCONCEPTIONS, pair_feedback(option, linear_relu())
        ),
        "number": number_content(
            number, guess, share, texts.gone_feedback(guess, share, counts[0], counts[2], counts[3])
        ),
        "experiment": experiment_content(texts.experiment_claim(bars[0][1], bars[2][1]), "s", bars),
        "score": score(seed, standing).to_dict(),
    }


def score(seed: int, standing: Standing) -> Score:
    """The best run against the optimum, and what the optimum does differently.

    Args:
        seed: Of the case.
        standing: Where the learner stands.
    """
    leader, goal = counted(seed).best(standing.runs), optimum(seed)
    yours = 0.0 if leader is None else leader.outcome.value or 0.0
    main = Share(label="headroom", yours=yours, optimum=goal.value)
    return Score(
        claim=texts.score_claim(yours, goal.value, reached(main.ratio)),
        value="headroom",
        main=main,
        yours_label=(
            "no run was always on time"
            if leader is None
            else f"run {leader.number}: {leader.outcome.label}"
        ),
        optimum_label=_optimum_label(goal),
        cuts=goal.cuts,
        differences=() if leader is None else differences(leader, goal),
        others=(),
        runs=counted(seed).table(standing.runs),
    )


def _launch(build: Deployment) -> str:
    return "graph" if build.graph_launch else "stream"


def _optimum_label(goal: Best) -> str:
    return f"{len(goal.build.fused)} choices, {goal.build.pool} pool, launch {_launch(goal.build)}"


def differences(run: Run, goal: Best) -> tuple[str, ...]:
    """What the optimum does differently from a run, in words.

    Args:
        run: A run that worked.
        goal: The optimum.
    """
    build = build_at(run.knobs)
    yours, best_set = board().closed(chosen(run.knobs)), frozenset(goal.build.fused)
    found = [f"fuses: {fusion_words(name)}" for name in board().names if name in best_set - yours]
    found += [
        f"leaves apart: {fusion_words(name)}" for name in board().names if name in yours - best_set
    ]
    if _launch(build) != _launch(goal.build):
        found.append(f"launches by {_launch(goal.build)} instead of {_launch(build)}")
    if build.allocates and not goal.build.allocates:
        found.append("asks for memory once instead of in each frame")
    return tuple(found) or ("Nothing: the build is the same.",)


def summary(seed: int, standing: Standing) -> list[tuple[str, str]]:
    """Prediction, reality, score and proposal in a few lines.

    Args:
        seed: Of the case.
        standing: Where the learner stands.
    """
    answers, verdicts = standing.answers or {}, standing.verdicts or {}
    pairs: list[tuple[str, str]] = []
    if answers:
        reduces = REDUCES.option(str(answers["reduces"])).text
        pairs += [
            ("What fusing reduces, predicted", reduces),
            ("Launches that go away, predicted", f"{quantity(answers, 'gone'):g} %"),
        ]
    if standing.at in ("reveal", "reflect", "ledger"):
        scored = score(seed, standing)
        pairs += [
            ("Launches that go away, computed", f"{gone():.1f} %"),
            ("Best run", scored.yours_label),
            ("Score: best run / optimum", reached(scored.main.ratio)),
            ("The optimum", scored.optimum_label),
        ]
    if standing.defended:
        pairs.append(("The proposal", edge_fusion_reflection.in_words(standing.defended)))
    if "sentence" in verdicts:
        pairs.append(("In your words", str(verdicts["sentence"].answer)))
    return pairs
