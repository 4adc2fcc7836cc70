"""Tiny Pioneer, Part 2: the story, prediction against reality, and the score of the runs."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.instruments.hearable_panel import sram_words
from ironlaw.instruments.hearable_roofline import matrix_words
from ironlaw.instruments.scale import significant, with_prefix
from ironlaw.lab.fusion_pair import CORRECT, MISCONCEPTIONS, REDUCES, Pair, pair_feedback, pair_of
from ironlaw.lab.hearable_bench import limits, power_of
from ironlaw.lab.questions import quantity
from ironlaw.lab.reveal import choice_content, experiment_content, number_content
from ironlaw.lab.score import Score, Share, reached
from ironlaw.lab.summary import told
from ironlaw.lab.tracks import tiny_fusion_reflection
from ironlaw.lab.tracks import tiny_fusion_texts as texts
from ironlaw.lab.tracks.tiny_fusion import (
    LINE,
    board,
    counted,
    found,
    frame_at,
    healed,
    layout_words,
    optimum,
    value_of,
)
from ironlaw.registry.hearables import hearable_sheet
from ironlaw.registry.networks import load_network_card
from ironlaw.system.cache.layout import GateOrder
from ironlaw.system.hearable.frame import Frame, frame

if TYPE_CHECKING:
    from ironlaw.lab.part import Answers, Content, Standing
    from ironlaw.lab.summary import Pairs

_PAIR = "dense1.linear+dense1.relu"


@lru_cache(maxsize=1)
def linear_relu() -> Pair:
    """The first dense layer with its ReLU, apart and as one kernel."""
    network = hearable_sheet().texts["frame.network"]
    title = load_network_card(network).title.split(",")[0]
    return pair_of(board(), f"The first dense layer of {title} with its ReLU", _PAIR)


def says() -> str:
    """The hardware lead in a sentence."""
    return texts.says(found(), healed(found()).time)


def story() -> Content:
    """The letter that opens the part."""
    one = found()
    power, slower = power_of(one).total, one.time / healed(one).time
    number, unit = with_prefix(one.time, "s").split()
    size, prefixed = with_prefix(one.outside, "B").split()
    return {
        "heading": f"Aligned, fused, and {significant(slower, 2)} times as long",
        "from": "Hardware lead",
        "paragraphs": texts.letter(says(), one, limits(), power),
        "figures": [
            {
                "label": "a frame takes",
                "value": number,
                "unit": unit,
                "detail": f"it may take {with_prefix(limits().deadline, 's', 2)}",
            },
            {
                "label": "it fetches",
                "value": size,
                "unit": prefixed,
                "detail": f"of {with_prefix(one.outside - one.again, 'B')} of weights",
            },
        ],
    }


def said(answers: Answers) -> str:
    """The locked prediction in a few words."""
    return f"you said {quantity(answers, 'times'):g} ×"


def times(one: Frame) -> float:
    """How often each line of the gates is fetched in a frame."""
    gates = [piece for piece in one.pieces if piece.matrix.gates > 1]
    moved = summed(piece.traffic for piece in gates)
    return moved / (moved - summed(piece.again for piece in gates))


@lru_cache(maxsize=1)
def _layouts() -> tuple[tuple[str, float], ...]:
    """Bytes from outside under some layouts of the network that is found."""
    one = found()
    walk = one.layout.walk
    changed = (
        ("as it was found", walk),
        ("rows padded to the line", replace(walk, row_multiple=LINE)),
        ("one line of pad a gate", replace(walk, gate_pad=LINE)),
        ("gate after gate", replace(walk, order=GateOrder.BLOCKED)),
    )
    return tuple(
        (label, frame(one.enhancer, replace(one.layout, walk=to, fused=False), one.machine).outside)
        for label, to in changed
    )


def reveal(standing: Standing) -> Content:
    """Prediction against reality, and the best run against the optimum.

    Args:
        standing: Where the learner stands.
    """
    answers = standing.answers or {}
    option, guess, actual = str(answers["reduces"]), quantity(answers, "times"), times(found())
    bars = _layouts()
    claim = texts.experiment_claim(bars[0][1], bars[2][1], bars[1][1])
    return {
        "heading": "What you said, what the engine computes, and what was possible",
        "choice": choice_content(
            REDUCES, option, CORRECT, MISCONCEPTIONS, pair_feedback(option, linear_relu())
        ),
        "number": number_content(
            texts.PREDICTION[1], guess, actual, texts.times_feedback(guess, actual, found())
        ),
        "experiment": experiment_content(claim, "B", bars),
        "score": score(standing).to_dict(),
    }


def score(standing: Standing) -> Score:
    """The best run against the optimum, and what the optimum does differently.

    Args:
        standing: Where the learner stands.
    """
    leader, goal = counted().best(standing.runs), optimum()
    mine = None if leader is None else frame_at(leader.knobs)
    best = value_of(goal.frame)
    main = Share(
        label="MFU of the budget", yours=0.0 if mine is None else value_of(mine), optimum=best
    )
    hidden = None if mine is None else mine.enhancer.hidden
    return Score(
        claim=texts.score_claim(hidden, goal.frame.enhancer.hidden, reached(main.ratio)),
        value="MFU of the budget",
        main=main,
        yours_label="no run was in time and fitted"
        if leader is None
        else f"run {leader.number}: {leader.outcome.label}",
        optimum_label=layout_words(goal.frame.layout, goal.frame.enhancer.hidden),
        cuts=goal.designs,
        differences=() if mine is None else differences(mine, goal.frame),
        others=(),
        runs=counted().table(standing.runs),
    )


def differences(mine: Frame, goal: Frame) -> tuple[str, ...]:
    """What the optimum does differently from a design, in words.

    Args:
        mine: The design.
        goal: The optimum.
    """
    yours, best = mine.layout, goal.layout
    said: list[str] = []
    if mine.enhancer.hidden != goal.enhancer.hidden:
        aligned = "a multiple" if goal.enhancer.hidden % LINE == 0 else "no multiple"
        said.append(
            f"H = {goal.enhancer.hidden} instead of {mine.enhancer.hidden}: {aligned} of the line of {LINE} B"
        )
    if yours.walk.dtype is not best.walk.dtype:
        said.append(f"weights in {best.walk.dtype.value} instead of {yours.walk.dtype.value}")
    if yours.walk.row_multiple != best.walk.row_multiple:
        packed = best.walk.row_multiple == 1
        said.append("packs its rows" if packed else "pads its rows to the line")
    if yours.walk.gate_pad and not best.walk.gate_pad:
        said.append(f"needs no pad: at H = {goal.enhancer.hidden} its gates do not meet in one set")
    elif yours.walk.gate_pad != best.walk.gate_pad:
        said.append(f"a pad of {best.walk.gate_pad} B a gate instead of {yours.walk.gate_pad} B")
    if yours.fused != best.fused:
        said.append("gates and cell in one kernel" if best.fused else "gates apart")
    kept, moved = (
        ", ".join(matrix_words(name) for name in sorted(names))
        for names in (best.sram - yours.sram, yours.sram - best.sram)
    )
    if kept:
        said.append(f"keeps in SRAM: {kept}")
    if moved:
        said.append(f"leaves outside: {moved}")
    if mine.sram_used > goal.sram_used:
        less, more = (with_prefix(one.sram_used, "B") for one in (goal, mine))
        said.append(f"takes {less} of SRAM instead of {more}, of {sram_words(goal.machine.sram)}")
    return tuple(said) or ("Nothing: the design is the same.",)


def summary(standing: Standing) -> list[tuple[str, str]]:
    """Prediction, reality, score, proposal and decision in a few lines.

    Args:
        standing: Where the learner stands.
    """
    return told(
        standing,
        predicted=_predicted,
        computed=lambda: _computed(standing),
        defended=_defended(standing),
    )


def _predicted(answers: Answers) -> Pairs:
    return [
        ("What fusing reduces, predicted", REDUCES.option(str(answers["reduces"])).text),
        ("Fetches of a line, predicted", f"{quantity(answers, 'times'):g} ×"),
    ]


def _computed(standing: Standing) -> Pairs:
    scored = score(standing)
    return [
        ("Fetches of a line, counted", f"{times(found()):.1f} ×"),
        ("Best run", scored.yours_label),
        ("Score: best run / optimum", reached(scored.main.ratio)),
        ("The optimum", scored.optimum_label),
    ]


def _defended(standing: Standing) -> Pairs:
    verdicts = standing.verdicts or {}
    if standing.defended:
        yield "The proposal", tiny_fusion_reflection.in_words(standing.defended)
    if "milliwatt" in verdicts:
        decision = texts.MILLIWATT.option(str(verdicts["milliwatt"].answer)).text
        yield f"The decision on {texts.TARGET}", decision
