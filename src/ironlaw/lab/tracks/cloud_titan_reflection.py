"""Cloud Titan, Part 1: the claim with its evidence, judged by the engine at the knobs as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.explore.sensitivity import sensitivity
from ironlaw.instruments.roofline import in_words
from ironlaw.instruments.scale import percent, significant
from ironlaw.lab.questions import Option, Question, Verdict, in_own_words, kept, near, quantity
from ironlaw.lab.tracks.cloud_titan import view_at

if TYPE_CHECKING:
    from ironlaw.instruments.step_roofline import View
    from ironlaw.lab.part import Answers, Knobs

_GEMMS = ("qkv_proj", "gate_up_proj", "down_proj")
_CONSTRAINTS = {
    "BW_mem": "BW_mem: the bytes a second from memory",
    "R_peak": "R_peak: the operations a second",
    "no launch cost": "L_lat: launch and latency",
}


_CONSTRAINT = Question(
    id="constraint",
    kind="choice",
    text="What binds the step?",
    options=tuple(Option(name, text) for name, text in _CONSTRAINTS.items()),
)
_MBU = Question(
    id="mbu_raw",
    kind="number",
    text="Your evidence: which MBU does the bus itself reach?",
    help="Read it off the gauge, at the knobs as they stand.",
    unit="%",
    min=0.0,
    max=100.0,
)
_AMPLIFICATION = Question(
    id="amplification",
    kind="number",
    text="How many bytes are moved for each byte of cache?",
    help="The note under MBU, useful; or Math Peek.",
    unit="×",
    min=0.0,
    max=1000.0,
)
_IN_WORDS = in_own_words("why does a bus this busy serve so little?")


def reflection(knobs: Knobs) -> tuple[Question, ...]:
    """The questions of the reflection.

    Args:
        knobs: Where the knobs stand: the evidence is read off the bench.
    """
    return (_CONSTRAINT, _MBU, _which_kernel(view_at(knobs)), _AMPLIFICATION, _IN_WORDS)


def _which_kernel(view: View) -> Question:
    """The kernels that make copies, among the others of attention and the largest GEMMs."""
    makers = _makers(view)
    attention = {row.name for row in view.rows if row.layer == "attention"} - set(makers)
    options = [
        Option("+".join(makers), " and ".join(in_words(name) for name in makers)),
        *(Option(name, in_words(name)) for name in (*sorted(attention), *_GEMMS)),
    ]
    return Question(
        id="kernel",
        kind="choice",
        text="Which kernels make the copies?",
        options=tuple(sorted(options, key=lambda option: option.text)),
    )


def _makers(view: View) -> tuple[str, ...]:
    return tuple(sorted(view.cache.makers))


def judge(answers: Answers, knobs: Knobs) -> dict[str, Verdict]:
    """The engine's verdict on each answer.

    Args:
        answers: Checked answers by question.
        knobs: Where the knobs stand.
    """
    view = view_at(knobs)
    return {
        "constraint": _constraint(str(answers["constraint"]), view),
        "mbu_raw": _mbu(quantity(answers, "mbu_raw"), view),
        "kernel": _kernel(str(answers["kernel"]), view),
        "amplification": _amplification(quantity(answers, "amplification"), view),
        "sentence": kept(answers, "sentence"),
    }


def _constraint(answer: str, view: View) -> Verdict:
    changes = {change.name: change for change in sensitivity(view.diagnosis)}
    best = min(changes.values(), key=lambda change: change.step)
    gains = ", ".join(
        f"{_gain_words(name)} {change.speedup:.2f}×" for name, change in changes.items()
    )
    if answer == best.name:
        return Verdict(right=True, feedback=f"Speed-ups: {gains}.", answer=answer)
    asked = changes[answer].speedup
    return Verdict(
        right=False,
        feedback=(
            f"A speed-up of {asked:.2f}× is all that {_gain_words(answer)} would bring; something else brings more. "
            "Turn one slider at a time and watch the Iron Law bar."
        ),
        answer=answer,
    )


def _gain_words(name: str) -> str:
    return {"BW_mem": "twice BW_mem", "R_peak": "twice R_peak"}.get(name, "launching for nothing")


def _mbu(answer: float, view: View) -> Verdict:
    raw, useful = (100.0 * float(x) for x in (view.diagnosis.mbu_raw, view.diagnosis.mbu_useful))
    if near(answer, raw):
        feedback = (
            f"The bus runs at {percent(raw / 100.0)}, of which {percent(useful / raw)} is useful."
        )
        return Verdict(right=True, feedback=feedback, answer=answer)
    if near(answer, useful):
        feedback = (
            "That is the useful MBU: weights and cache, each once. The bus is far busier than that. Which gauge counts "
            "every byte?"
        )
    elif near(answer, 100.0 * float(view.diagnosis.mfu)):
        feedback = "That is the MFU. It shows that arithmetic idles, not that the bus is full."
    else:
        feedback = "The gauge reads something else. Look at MBU, raw, at the knobs as they stand."
    return Verdict(right=False, feedback=feedback, answer=answer)


def _kernel(answer: str, view: View) -> Verdict:
    makers = _makers(view)
    if answer == "+".join(makers):
        written = summed(view.cache.makers.values()) / view.cache.once
        feedback = f"They write {significant(written)} bytes of copies for each byte of cache."
        return Verdict(right=True, feedback=feedback, answer=answer)
    feedback = f"{in_words(answer)} does not copy the cache. Look for kernels at 0 FLOP/B: bytes without arithmetic."
    return Verdict(right=False, feedback=feedback, answer=answer)


def _amplification(answer: float, view: View) -> Verdict:
    actual = view.cache.amplification
    if near(answer, actual):
        group = (
            view.diagnosis.scenario.decoder.n_heads // view.diagnosis.scenario.decoder.n_kv_heads
        )
        feedback = (
            f"One read, {group} copies written, {group} copies read back, and the scores on top."
        )
        return Verdict(right=True, feedback=feedback, answer=answer)
    feedback = "Not what the gauge says. It stands under MBU, useful, and in Math Peek as r."
    return Verdict(right=False, feedback=feedback, answer=answer)
