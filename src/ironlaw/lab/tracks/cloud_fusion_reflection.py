"""Cloud Titan, Part 2: a proposal of tile, split-K and launch mode, judged by the engine's own experiments."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.cost.tiling import SPLITS, TILES
from ironlaw.instruments.scale import grouped, with_prefix
from ironlaw.lab.questions import Option, Question, Verdict, in_own_words, kept, near, quantity
from ironlaw.lab.tiling_bench import Proposal, exactly, tiling_view
from ironlaw.lab.tracks.cloud_fusion import FREE, PHASES, asked, tiling_asked, tiling_controls
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import Diagnosis, LaunchMode, diagnose

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Answers, Content, Knobs, Standing

_ALONE = 1.0  # sequences: the smallest kernels that the model has
_KEPT = 0.25  # of the way from the start to the fastest proposal that may be left

FOUND: dict[str, Knob] = {"tile": "16x64", "split_k": "2", "launch": LaunchMode.EAGER.value}
"""The proposal that the learner finds: small tiles, a split that leaves half of the chip idle, launched by Python."""

FREELY: dict[str, Knob] = {"tile": FREE, "split_k": FREE, "launch": LaunchMode.GRAPH.value}
"""Tile and split left to the library, replayed from a graph: no forced proposal is faster."""

_KNOBS = {"launch": "the launch mode", "tile": "the tile", "split_k": "split-K"}

_SHARE = Question(
    id="overhead",
    kind="number",
    text="Your evidence: which share of the step is overhead under your proposal?",
    help="Read it off the panel, at the knobs as they stand. It has to be under the threshold.",
    unit="%",
    min=0.0,
    max=100.0,
)
_MOVED = Question(
    id="moved",
    kind="choice",
    text="Which change alone takes the most time off the step that you found?",
    options=tuple(Option(name, f"Only {words}") for name, words in _KNOBS.items()),
)
_IN_WORDS = in_own_words("what did the tiles do, what did they not, and why?")


def reflection(_: Knobs) -> tuple[Question, ...]:
    """The questions of the reflection."""
    return (_SHARE, _MOVED, _IN_WORDS)


def reset(knobs: Knobs) -> dict[str, Knob]:
    """The proposal as it is found; what the workbench was turned to stays."""
    return {**knobs, **FOUND}


@lru_cache(maxsize=256)
def _step(tile: str, split: str, launch: str, level: FusionLevel) -> Diagnosis:
    ask = tiling_asked({"tile": tile, "split_k": split, "launch": launch})
    ask["fusion"] = level.value
    return diagnose(asked(PHASES[0], _ALONE, ask))


def step_at(knobs: Knobs, level: FusionLevel = FusionLevel.NONE) -> Diagnosis:
    """The step of one sequence, each operator alone, as a proposal has it."""
    return _step(str(knobs["tile"]), str(knobs["split_k"]), str(knobs["launch"]), level)


def proposal(knobs: Knobs) -> Proposal:
    """A proposal, and what it has to reach: three quarters of the way to the fastest one.

    Args:
        knobs: Tile, split-K and launch mode, and others that do not matter.
    """
    start, fastest = step_at(FOUND), step_at(FREELY)
    return Proposal(
        start=start,
        now=step_at(knobs),
        threshold=_mostly(float(start.overhead_share), float(fastest.overhead_share)),
        longest=_mostly(float(start.step), float(fastest.step)),
    )


def _mostly(start: float, fastest: float) -> float:
    return fastest + _KEPT * (start - fastest)


def in_words(knobs: Knobs) -> str:
    """A proposal and what it comes to, in a line."""
    made = proposal(knobs)
    asked_for = f"tile {knobs['tile']}, split-K {knobs['split_k']}, launch {knobs['launch']}"
    share = exactly(float(made.now.overhead_share))
    return f"{asked_for}: overhead {share} of a step of {with_prefix(float(made.now.step), 's')}"


def exhibit(standing: Standing) -> Content:
    """The bench of the reflection."""
    knobs = standing.knobs
    controls = [control.to_dict(knobs[control.id]) for control in tiling_controls()]
    return tiling_view(proposal(knobs), controls, _notes(knobs))


def _notes(knobs: Knobs) -> tuple[str, ...]:
    now, fastest = step_at(knobs), step_at(FREELY)
    every = len(TILES) * len(SPLITS)
    where = (
        f"One sequence, each operator a kernel of its own: {grouped(now.n_kernels)} launches. The threshold is three "
        f"quarters of the way from what you found to the fastest of all proposals: tile and split left to the "
        f"library, which compares all {every} for each GEMM, and a captured graph. It takes "
        f"{with_prefix(float(fastest.step), 's')}, {exactly(float(fastest.overhead_share))} of it overhead."
    )
    if float(now.exposed_dispatch) > 0.0:
        late = with_prefix(float(now.exposed_dispatch), "s")
        return (
            where,
            f"The host is behind: for {late} of the step the chip has nothing to run. A faster kernel only waits "
            "longer for the next launch.",
        )
    fused = step_at(FREELY, FusionLevel.FULL)
    return (
        where,
        f"The host keeps up. What is left is the latency of {grouped(now.n_kernels)} kernels, which no tile takes "
        f"away: fused in full they are {grouped(fused.n_kernels)}, and the step takes "
        f"{with_prefix(float(fused.step), 's')}, {exactly(float(fused.overhead_share))} of it overhead.",
    )


def alone(knob: str, knobs: Knobs) -> float:
    """Time of the step that was found with one knob turned and no other [s].

    Args:
        knob: "tile", "split_k" or "launch".
        knobs: The proposal; a knob that it leaves as it was found is turned to what the library chooses.
    """
    value = knobs[knob] if knobs[knob] != FOUND[knob] else FREELY[knob]
    return float(step_at({**FOUND, knob: value}).step)


def judge(answers: Answers, knobs: Knobs) -> dict[str, Verdict]:
    """The engine's verdict on each answer.

    Args:
        answers: Checked answers by question.
        knobs: Where the knobs stand.
    """
    return {
        "overhead": _overhead(quantity(answers, "overhead"), proposal(knobs)),
        "moved": _moved(str(answers["moved"]), knobs),
        "sentence": kept(answers, "sentence"),
    }


def _overhead(answer: float, made: Proposal) -> Verdict:
    share, threshold = float(made.now.overhead_share), exactly(made.threshold)
    is_near = near(answer, 100.0 * share)
    if not is_near:
        feedback = "The panel reads something else. Look at the overhead share, at the knobs as they stand."
    elif made.holds:
        before = exactly(float(made.start.overhead_share))
        feedback = (
            f"{exactly(share)} after {before}, in {with_prefix(float(made.now.step), 's')} after "
            f"{with_prefix(float(made.start.step), 's')}."
        )
    elif share <= made.threshold:
        feedback = (
            f"You read it well, and it is under {threshold}; but the step takes "
            f"{with_prefix(float(made.now.step), 's')} where {with_prefix(made.longest, 's')} is allowed. A share "
            "also falls when the rest grows."
        )
    else:
        feedback = (
            f"You read it well, but it is not under {threshold}: the proposal does not hold yet."
        )
    return Verdict(right=is_near and made.holds, feedback=feedback, answer=answer)


def _moved(answer: str, knobs: Knobs) -> Verdict:
    before = float(step_at(FOUND).step)
    saved = {knob: before - alone(knob, knobs) for knob in _KNOBS}
    most = max(saved, key=lambda knob: saved[knob])
    experiments = ", ".join(f"only {_KNOBS[knob]}: {_change(saved[knob])}" for knob in _KNOBS)
    if answer == most:
        feedback = (
            f"{experiments[0].upper()}{experiments[1:]}. While the host is late, a faster kernel waits for the "
            "next launch; tiles count only once the launches do not."
        )
        return Verdict(right=True, feedback=feedback, answer=answer)
    feedback = (
        f"Turning only {_KNOBS[answer]} gives {_change(saved[answer])}. Go back to what you found, turn one knob at a "
        "time, and watch the time of the step."
    )
    return Verdict(right=False, feedback=feedback, answer=answer)


def _change(saved: float) -> str:
    """A time saved, in words."""
    shown = with_prefix(abs(saved), "s")
    if saved == 0.0:
        return "no change"
    return f"{shown} less" if saved > 0.0 else f"{shown} more"
