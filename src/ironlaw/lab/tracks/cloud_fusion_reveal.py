"""Cloud Titan, Part 2: the story, prediction against reality, and the score of the runs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.instruments.fusion_words import fusion_words
from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.lab.fusion_knobs import chosen
from ironlaw.lab.fusion_pair import CORRECT, MISCONCEPTIONS, Pair, pair_feedback, pair_of
from ironlaw.lab.questions import quantity
from ironlaw.lab.reveal import choice_content, experiment_content, number_content
from ironlaw.lab.runs import Run, best
from ironlaw.lab.score import Score, Share, reached
from ironlaw.lab.summary import told
from ironlaw.lab.tracks import cloud_fusion_reflection, cloud_titan
from ironlaw.lab.tracks import cloud_fusion_texts as texts
from ironlaw.lab.tracks.cloud_fusion import (
    FREE,
    PHASES,
    at_level,
    board_at,
    counted,
    optimum,
)
from ironlaw.registry.networks import load_network_card
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import LaunchMode
from ironlaw.system.fusion_board import board_of
from ironlaw.system.question import scenario

if TYPE_CHECKING:
    from ironlaw.explore.fusion_search import Optimum
    from ironlaw.lab.part import Answers, Content, Standing
    from ironlaw.lab.summary import Pairs

_NETWORK = "translator-60m"  # its feed-forward layers are a Linear and a ReLU
_PAIR = "encoder.up.linear+encoder.up.relu"


@lru_cache(maxsize=1)
def linear_relu() -> Pair:
    """A linear layer and its ReLU, apart and as one kernel."""
    board = board_of(scenario(_NETWORK, cloud_titan.CHIP))
    where = f"A feed-forward layer of the {load_network_card(_NETWORK).title}"
    return pair_of(board, where, _PAIR)


def says() -> str:
    """The CFO in a sentence."""
    now = cloud_titan.crisis_view().diagnosis
    idle = percent(1.0 - float(now.mfu))
    return f"{idle} of the arithmetic that we paid for idles. Can software alone give it back?"


def story() -> Content:
    """The letter that opens the part."""
    now = cloud_titan.crisis_view().diagnosis
    fused = at_level(PHASES[0], FusionLevel.FULL)
    more = float(fused.tokens_per_second) / float(now.tokens_per_second)
    return {
        "heading": "The same node, the same model, fewer trips to memory",
        "from": "CFO",
        "paragraphs": texts.letter(now, float(now.cache_share), float(now.mbu_raw)),
        "figures": [
            {
                "label": "as Part 1 left it",
                "value": grouped(float(now.tokens_per_second)),
                "unit": "tokens/s",
                "detail": f"{with_prefix(float(now.step), 's')} a token, MFU {percent(float(now.mfu))}",
            },
            {
                "label": "what fusing in full would bring",
                "value": significant(more, 2),
                "unit": "×",
                "detail": "at the same batch and context, if your engineers are right",
            },
        ],
    }


def said(answers: Answers) -> str:
    """The locked prediction in a few words."""
    return f"you said {quantity(answers, 'gone'):g} %"


def gone() -> float:
    """Share of the bytes of a decode step that goes away when it is fused in full [%]."""
    none, full = (at_level(PHASES[0], level) for level in (FusionLevel.NONE, FusionLevel.FULL))
    return 100.0 * (1.0 - float(full.traffic) / float(none.traffic))


def reveal(standing: Standing) -> Content:
    """Prediction against reality, and the best run against the optimum."""
    answers = standing.answers or {}
    none, full = (at_level(PHASES[0], level) for level in (FusionLevel.NONE, FusionLevel.FULL))
    option, guess, share = str(answers["reduces"]), quantity(answers, "gone"), gone()
    question, number = texts.PREDICTION
    return {
        "heading": "What you said, what the engine computes, and what was possible",
        "choice": choice_content(
            question, option, CORRECT, MISCONCEPTIONS, pair_feedback(option, linear_relu())
        ),
        "number": number_content(
            number, guess, share, texts.share_feedback(guess, share, none, full)
        ),
        "experiment": experiment_content(
            texts.experiment_claim(none, full), "B", [_bar(level) for level in FusionLevel]
        ),
        "score": score(standing).to_dict(),
    }


def _bar(level: FusionLevel) -> tuple[str, float]:
    """Bytes of the crisis' load at a level."""
    at = at_level(PHASES[0], level)
    work = with_prefix(float(at.flops), "FLOP")
    return f"fusion {level.value}, {work}", float(at.traffic)


def score(standing: Standing) -> Score:
    """The best run of decode against the optimum, and what the optimum does differently."""
    runs = {phase: tuple(r for r in standing.runs if r.knobs["phase"] == phase) for phase in PHASES}
    decode, prefill = PHASES
    leader, goal = best(runs[decode]), optimum(decode)
    main = _share(decode, leader, goal)
    return Score(
        claim=_claim(main),
        value="MFU",
        main=main,
        yours_label=(
            "no run of decode fitted"
            if leader is None
            else f"run {leader.number}: {leader.outcome.label}"
        ),
        optimum_label=_optimum_label(decode, goal),
        cuts=goal.cuts,
        differences=() if leader is None else differences(leader, goal),
        others=(_share(prefill, best(runs[prefill]), optimum(prefill)),) if runs[prefill] else (),
        runs=counted().table(standing.runs),
    )


def _share(phase: str, leader: Run | None, goal: Optimum) -> Share:
    yours = 0.0 if leader is None else leader.outcome.value or 0.0
    return Share(label=phase, yours=yours, optimum=goal.value, ran=yours > 0.0)


def _claim(share: Share) -> str:
    if share.yours == 0.0:
        return f"No run of decode fitted the memory; the optimum reaches an MFU of {percent(share.optimum)}."
    if share.yours >= share.optimum:
        return f"Your best run is the optimum: an MFU of {percent(share.yours)}, and no legal set reaches more."
    yours, optimum_value = (significant(100.0 * value, 4) for value in (share.yours, share.optimum))
    part = reached(share.ratio)
    return f"Your best run reaches {part} of what is possible: an MFU of {yours} % of {optimum_value} %."


def _optimum_label(phase: str, goal: Optimum) -> str:
    batch = goal.diagnosis.scenario.request.batch
    return f"{phase}, batch {grouped(float(batch))}, {len(goal.fusions)} choices, launch graph"


def differences(run: Run, goal: Optimum) -> tuple[str, ...]:
    """What an optimum does differently from a run, in words.

    Args:
        run: A run that fitted.
        goal: The optimum of its phase.
    """
    found: list[str] = []
    batch, wanted = float(run.knobs["batch"]), float(goal.diagnosis.scenario.request.batch)
    if batch != wanted:
        found.append(f"batch {grouped(wanted)} instead of {grouped(batch)}")
    board = board_at(str(run.knobs["phase"]), batch)
    yours, best_set = (
        board.closed(names) for names in (chosen(run.knobs), frozenset(goal.fusions))
    )
    found += [f"fuses: {fusion_words(name)}" for name in board.names if name in best_set - yours]
    found += [
        f"leaves apart: {fusion_words(name)}" for name in board.names if name in yours - best_set
    ]
    for knob, label in (("tile", "tile"), ("split_k", "split-K")):
        if run.knobs[knob] != FREE:
            found.append(f"leaves the {label} to the library instead of forcing {run.knobs[knob]}")
    if run.knobs["launch"] != LaunchMode.GRAPH.value:
        found.append(f"replays a captured graph instead of launching by {run.knobs['launch']}")
    if not found:
        return ("Nothing: the set, the batch and the launch are the same.",)
    if (run.outcome.value or 0.0) >= goal.value:
        return (f"Nothing that moves the MFU: {', '.join(found)}.",)
    return tuple(found)


def summary(standing: Standing) -> list[tuple[str, str]]:
    """Prediction, reality, score and proposal in a few lines.

    Args:
        standing: Where the learner stands.
    """
    at = standing.defended
    return told(
        standing,
        predicted=_predicted,
        computed=lambda: _computed(standing),
        defended=[("The proposal", cloud_fusion_reflection.in_words(at))] if at else (),
    )


def _predicted(answers: Answers) -> Pairs:
    question = texts.PREDICTION[0]
    return [
        ("What fusing reduces, predicted", question.option(str(answers["reduces"])).text),
        ("Bytes that fusing in full takes away, predicted", f"{quantity(answers, 'gone'):g} %"),
    ]


def _computed(standing: Standing) -> Pairs:
    scored = score(standing)
    return [
        ("Bytes that fusing in full takes away, computed", f"{gone():.1f} %"),
        ("Best run", scored.yours_label),
        ("Score: best run / optimum", reached(scored.main.ratio)),
        ("The optimum", scored.optimum_label),
    ]
