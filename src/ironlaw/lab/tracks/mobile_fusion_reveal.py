"""Mobile Nomad, Part 2: the story, prediction against reality, and the score of the runs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.cost.fusion_rule import precision_share, spared_share
from ironlaw.instruments.scale import percent, with_prefix
from ironlaw.lab.fusion_pair import CORRECT, MISCONCEPTIONS, REDUCES, Pair, pair_feedback, pair_of
from ironlaw.lab.questions import quantity
from ironlaw.lab.reveal import choice_content, experiment_content, number_content
from ironlaw.lab.score import Score, Share, reached
from ironlaw.lab.summary import told
from ironlaw.lab.tracks import mobile_fusion_reflection
from ironlaw.lab.tracks import mobile_fusion_texts as texts
from ironlaw.lab.tracks.mobile_fusion import best_in, counted, start
from ironlaw.lab.tracks.mobile_glasses import (
    JOBS,
    MILD,
    WARM,
    cadence,
    celsius,
    chip_at,
    network_of,
    printed,
    title_of,
)
from ironlaw.lab.tracks.mobile_optimum import optimum
from ironlaw.lab.tracks.mobile_plan import (
    FUSE,
    INT8,
    LEVELS,
    cells_of,
    knobs_of,
    planner,
    rows,
    whole_fusion,
)
from ironlaw.lab.tracks.mobile_wear import NOTHING, Worn, flops_of, worn_at
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.networks import load_network_card
from ironlaw.system.energy_plan import Plan
from ironlaw.system.fusion_board import board_of
from ironlaw.system.question import scenario

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Answers, Content, Knobs, Standing
    from ironlaw.lab.runs import Run
    from ironlaw.lab.summary import Pairs
    from ironlaw.lab.tracks.mobile_optimum import Best

_PAIR = "encoder.up.linear+encoder.up.relu"


@lru_cache(maxsize=1)
def linear_relu() -> Pair:
    """A linear layer of the translator with its ReLU, apart and as one kernel."""
    job = JOBS[-1]
    board = board_of(scenario(network_of(job), printed().name))
    title = load_network_card(network_of(job)).title
    return pair_of(board, f"A linear layer of {title} with its ReLU", _PAIR)


@lru_cache(maxsize=8)
def at_level(level: str, ambient: float) -> Worn:
    """All that runs at a level, every frame asked for.

    Args:
        level: Of fusion and precision.
        ambient: Temperature of the air [K].
    """
    knobs: dict[str, Knob] = {**start(), **cells_of(level), "level": level, "ambient": ambient}
    return worn_at(knobs)


def _filter_watts() -> tuple[float, ...]:
    """Power of the filter alone at its full rate: as found, fused, in int8, and both [W]."""
    rate = cadence(JOBS[0])
    return tuple(rate * at_level(level, MILD).passes[0].total for level in LEVELS)


def says() -> str:
    """The UX designer in a sentence."""
    return (
        "Knowing where the joules go does not cool my temple. Which layers do you fuse, which do you put into int8, "
        f"and how many of the {cadence(JOBS[0]):g} frames are left on a day of {celsius(WARM)}?"
    )


def story() -> Content:
    """The letter that opens the part."""
    mild, warm = at_level("both", MILD), at_level("both", WARM)
    watts = _filter_watts()
    figures = [
        {
            "label": f"the filter at its full rate, {words}",
            "value": with_prefix(power, "W").split()[0],
            "unit": with_prefix(power, "W").split()[1],
            "detail": f"{percent(power / watts[0])} of what it was",
        }
        for words, power in zip(("as found", "fused", "in int8", "both"), watts, strict=True)
    ]
    return {
        "heading": "Fusion or precision, layer by layer",
        "from": "UX designer",
        "paragraphs": texts.letter(says(), watts, mild, warm),
        "figures": figures,
    }


def said(answers: Answers) -> str:
    """The locked prediction in a few words."""
    return f"you said {quantity(answers, 'saved'):g} %"


def saved() -> float:
    """Share of a filter frame's joules that fusion alone takes away [%]."""
    found, fused = (at_level(level, MILD).passes[0].total for level in ("none", "fusion"))
    return 100.0 * (1.0 - fused / found)


def reveal(standing: Standing) -> Content:
    """Prediction against reality, and the best run against the optimum.

    Args:
        standing: Where the learner stands.
    """
    answers = standing.answers or {}
    option, guess, share = str(answers["reduces"]), quantity(answers, "saved"), saved()
    before, after = at_level("none", MILD), at_level("fusion", MILD)
    watts = {level: at_level(level, MILD).asked_power for level in LEVELS}
    mild, warm = at_level("both", MILD), at_level("both", WARM)
    alone = _filter_watts()
    bearable = (warm.budget.load - warm.beside) / warm.passes[0].total
    claims = (
        texts.experiment_claim(watts, mild, warm),
        texts.filter_claim(alone, mild, warm, bearable, cadence(JOBS[0])),
    )
    bars = [*watts.items()]
    bars += [
        (f"what the skin bears at {celsius(air)}", one.budget.load)
        for air, one in ((MILD, mild), (WARM, warm))
    ]
    return {
        "heading": "What you said, what the engine computes, and what was possible",
        "choice": choice_content(
            REDUCES, option, CORRECT, MISCONCEPTIONS, pair_feedback(option, linear_relu())
        ),
        "number": number_content(
            texts.PREDICTION[1], guess, share, texts.saved_feedback(guess, share, before, after)
        ),
        "experiment": experiment_content(" ".join(claims), "W", bars),
        "score": score(standing).to_dict(),
    }


@lru_cache(maxsize=1)
def rules() -> tuple[texts.Law, ...]:
    """The rule for each network: fusion beats int8 where it spares more than int8 is worth."""
    chip = chip_at({**start(), "peak_scale": 1.0})
    byte = chip.levels[-1].energy or 0.0
    flop = chip.flop_energy[Dtype.FP16] - chip.flop_energy[Dtype.INT8]
    found: list[texts.Law] = []
    for job in JOBS:
        plans = planner(job, chip)
        apart = plans.energy(NOTHING).traffic
        fused = plans.energy(Plan(whole_fusion(job), frozenset())).traffic
        intensity = flops_of(job) / apart
        spared = float(spared_share(apart - fused, apart))
        worth = float(precision_share(intensity, flop, byte))
        found.append(texts.Law(title_of(job), spared, intensity, worth))
    return tuple(found)


def score(standing: Standing) -> Score:
    """The best run against the optimum, and what the optimum does differently.

    Args:
        standing: Where the learner stands.
    """
    leader, goal = best_in(standing.runs, MILD), optimum(MILD)
    yours = 0.0 if leader is None else leader.outcome.value or 0.0
    main = Share(label=f"MFU at {celsius(MILD)}", yours=yours, optimum=goal.found.mfu)
    return Score(
        claim=texts.score_claim(yours, goal.found.mfu, reached(main.ratio), MILD),
        value="MFU",
        main=main,
        yours_label=(
            "no run was in time and cool enough"
            if leader is None
            else f"run {leader.number}: {leader.outcome.label}"
        ),
        optimum_label=_optimum_label(goal),
        cuts=goal.compared,
        differences=(*(() if leader is None else differences(leader, goal)), *map(str, rules())),
        others=_others(standing),
        runs=counted().table(standing.runs),
    )


def _others(standing: Standing) -> tuple[Share, ...]:
    """What was reached on a warm day, and how much was left in fp16 where no plan holds more frames."""
    best = best_in(standing.runs, WARM)
    warm = optimum(WARM).found.mfu
    reached_warm = 0.0 if best is None else best.outcome.value or 0.0
    return (
        _left(standing, MILD),
        Share(
            label=f"MFU at {celsius(WARM)}",
            yours=reached_warm,
            optimum=warm,
            ran=reached_warm > 0.0,
        ),
        _left(standing, WARM),
    )


def _left(standing: Standing, ambient: float) -> Share:
    """What stays in fp16 in some air, among the runs that hold as many frames as any plan."""
    goal, best = optimum(ambient).found, best_in(standing.runs, ambient)
    label = f"left in fp16 at {celsius(ambient)}, at {goal.fps:g} FPS"
    if best is None or (best.outcome.value or 0.0) < goal.mfu:
        return Share(label=label, yours=0.0, optimum=goal.in_fp16, ran=False)
    return Share(label=label, yours=worn_at(best.knobs).in_fp16, optimum=goal.in_fp16)


def _optimum_label(goal: Best) -> str:
    cells = knobs_of(goal.found.plans)
    fused, narrow = (
        len([1 for name, on in cells.items() if name.startswith(prefix) and on])
        for prefix in (FUSE, INT8)
    )
    return texts.plan_words(goal.found, fused, narrow, len(rows()))


def differences(run: Run, goal: Best) -> tuple[str, ...]:
    """What the optimum does differently from a run, in words.

    Args:
        run: A run that worked.
        goal: The optimum.
    """
    best = knobs_of(goal.found.plans)
    found: list[str] = []
    if float(run.knobs["fps"]) != goal.found.fps:
        found.append(f"shows {goal.found.fps:g} frames a second instead of {run.knobs['fps']:g}")
    for job in JOBS:
        for prefix, more, less in (
            (FUSE, "fuses {} more", "leaves {} apart"),
            (INT8, "has {} more in int8", "keeps {} more in fp16"),
        ):
            found += _changes(job, prefix, (more, less), run.knobs, best)
    return tuple(found) or ("Nothing: the plan is the same.",)


def _changes(job: str, prefix: str, words: tuple[str, str], yours: Knobs, best: Knobs) -> list[str]:
    """Rows of a job in which a plan differs, counted."""
    names = [prefix + row.id for row in rows() if row.job == job and prefix + row.id in best]
    more = len([1 for name in names if best[name] and not yours[name]])
    less = len([1 for name in names if yours[name] and not best[name]])
    return [
        f"{title_of(job)}: {text.format(_rows_in_words(count))}"
        for text, count in zip(words, (more, less), strict=True)
        if count
    ]


def _rows_in_words(count: int) -> str:
    return f"{count} {'row' if count == 1 else 'rows'}"


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
        defended=[("The proposal", mobile_fusion_reflection.in_words(at))] if at else (),
    )


def _predicted(answers: Answers) -> Pairs:
    taken = f"{quantity(answers, 'saved'):g} %"
    return [
        ("What fusing reduces, predicted", REDUCES.option(str(answers["reduces"])).text),
        ("What fusion takes off a frame's joules, predicted", taken),
    ]


def _computed(standing: Standing) -> Pairs:
    scored = score(standing)
    return [
        ("What fusion takes off a frame's joules, computed", f"{saved():.1f} %"),
        ("Best run", scored.yours_label),
        ("Score: best run / optimum", reached(scored.main.ratio)),
        *((share.label, reached(share.ratio)) for share in scored.others),
        ("The optimum", scored.optimum_label),
    ]
