"""Edge Guardian, Part 1: the verdict, judged by the score of the case and by a run without the cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.scale import grouped, percent, with_prefix
from ironlaw.lab.case_recording import FRAMES, ROWS, case_recording, case_run
from ironlaw.lab.questions import Option, Question, Verdict, in_own_words, kept, several
from ironlaw.lab.tracks import edge_audit, edge_closing, edge_verdict
from ironlaw.lab.tracks.edge_audit_texts import ACCUSED
from ironlaw.lab.tracks.edge_closing import EVIDENT, score_of
from ironlaw.lab.tracks.edge_verdict import late_frame, truth_of
from ironlaw.system.jitter.causes import CARDS, EVIDENCE, Cause, Stage
from ironlaw.system.jitter.possible import possibilities
from ironlaw.system.jitter.truth import ALL_KERNELS, REQUIRED

if TYPE_CHECKING:
    from ironlaw.lab.part import Answers, Content, Knobs, Standing

_TITLES = {
    Stage.VOXELIZATION: "voxelization: points to voxels",
    Stage.BACKBONE: "backbone: the network",
    Stage.POSTPROCESS: "postprocess: decoding and suppression",
    Stage.WHOLE: "the whole frame: no stage alone",
}

_IN_WORDS = in_own_words("why was what looked guiltiest not guilty?")


def reflection(seed: int, _: Knobs) -> tuple[Question, ...]:
    """The questions of the verdict.

    Args:
        seed: Of the case.
    """
    suspects = edge_verdict.accused(seed)
    events = [Option(late.item.id, edge_verdict.option_words(late)) for late in suspects]
    events.append(Option(ALL_KERNELS, "All kernels: no single event is guilty"))
    frame = grouped(late_frame(seed))
    return (
        Question(
            id="event",
            kind="choice",
            text=f"Which event made frame {frame} late?",
            help=ACCUSED,
            options=tuple(events),
        ),
        Question(
            id="stage",
            kind="choice",
            text="In which stage does it stand?",
            options=tuple(Option(stage.value, _TITLES[stage]) for stage in Stage),
        ),
        Question(
            id="cause",
            kind="choice",
            text="Of which class is it?",
            options=tuple(Option(cause.value, CARDS[cause].title) for cause in Cause),
        ),
        Question(
            id="evidence",
            kind="several",
            text="What in the trace proves it?",
            help="All that you saw, and nothing that you did not.",
            options=tuple(Option(name, text) for name, text in EVIDENCE.items()),
        ),
        Question(
            id="fix",
            kind="choice",
            text="What ends it? The engine runs the case again with your fix.",
            options=tuple(Option(cause.value, CARDS[cause].fix) for cause in Cause),
        ),
        _IN_WORDS,
    )


def judge(seed: int, answers: Answers, _: Standing) -> dict[str, Verdict]:
    """The engine's verdict on each answer.

    Args:
        seed: Of the case.
        answers: Checked answers by question.
    """
    return {
        "event": _event(seed, str(answers["event"])),
        "stage": _stage(seed, str(answers["stage"])),
        "cause": _cause(seed, str(answers["cause"])),
        "evidence": _evidence(seed, several(answers, "evidence")),
        "fix": _fix(seed, str(answers["fix"])),
        "sentence": kept(answers, "sentence"),
    }


def _event(seed: int, answer: str) -> Verdict:
    if answer in truth_of(seed).events:
        return Verdict(right=True, feedback=edge_verdict.convicted(seed, answer), answer=answer)
    return Verdict(right=False, feedback=edge_verdict.cleared(seed, answer), answer=answer)


def _stage(seed: int, answer: str) -> Verdict:
    stage = Stage(answer)
    if stage in truth_of(seed).stages:
        return Verdict(right=True, feedback=f"{_stage_words(seed)}.", answer=answer)
    feedback = f"Not there: {_stage_words(seed)}."
    if stage is Stage.WHOLE:
        feedback = f"One stage is enough to explain it: {_stage_words(seed)}."
    return Verdict(right=False, feedback=feedback, answer=answer)


def _stage_words(seed: int) -> str:
    """Time of each stage in the late frame and in the median one."""
    frames = case_run(seed).frames
    recording = case_recording(seed)
    here, usual = frames[recording.first_look], frames[recording.median]
    names = (Stage.VOXELIZATION, Stage.BACKBONE, Stage.POSTPROCESS)
    return ", ".join(
        f"{stage.value} {with_prefix(a / 1e9, 's')} (usually {with_prefix(b / 1e9, 's')})"
        for stage, a, b in zip(names, here.stages, usual.stages, strict=True)
    )


def _cause(seed: int, answer: str) -> Verdict:
    truth, cause = truth_of(seed), Cause(answer)
    if cause is truth.cause:
        feedback = f"{CARDS[cause].title}. What sets it off: {CARDS[cause].trigger}."
        return Verdict(right=True, feedback=feedback, answer=answer)
    bound = next(one for one in possibilities(edge_verdict.excess_of(seed)) if one.cause is cause)
    if not bound.possible:
        return Verdict(right=False, feedback=f"It cannot: {bound.why}.", answer=answer)
    missing = [name for name in REQUIRED[cause] if name not in edge_closing.holds(seed)]
    telling = sorted(
        missing, key=lambda name: len([1 for all_of in REQUIRED.values() if name in all_of])
    )
    feedback = f"It could, but then the trace would show this: {EVIDENCE[telling[0]]}. It does not."
    return Verdict(right=False, feedback=feedback, answer=answer)


def _evidence(seed: int, answer: tuple[str, ...]) -> Verdict:
    truth = truth_of(seed)
    false = [EVIDENCE[name] for name in answer if name not in edge_closing.holds(seed)]
    missing = len([name for name in truth.evidence if name not in answer])
    share = edge_closing.f1(seed, answer)
    told = [f"not in this trace: {'; '.join(false)}"] if false else []
    told += [f"{missing} more would prove it"] if missing else []
    found = f"F1 {percent(share)}"
    feedback = (
        f"{found}: {', and '.join(told)}."
        if told
        else f"{found}: all that proves it, and nothing else."
    )
    return Verdict(right=share >= EVIDENT, feedback=feedback, answer=list(answer))


def _fix(seed: int, answer: str) -> Verdict:
    rerun = edge_closing.rerun(seed, Cause(answer))
    feedback = edge_closing.rerun_words(seed, rerun)
    return Verdict(right=Cause(answer) is truth_of(seed).cause, feedback=feedback, answer=answer)


def exhibit(seed: int, standing: Standing) -> Content:
    """The workbench beside the verdict; after a verdict with what follows from it.

    Args:
        seed: Of the case.
        standing: Where the learner stands.
    """
    return {
        **edge_audit.bench(seed, standing.knobs),
        "closing": edge_closing.closing(seed, standing),
    }


def summary(seed: int, standing: Standing) -> list[tuple[str, str]]:
    """Prediction, verdict, score and what the case was, in a few lines.

    Args:
        seed: Of the case.
        standing: Where the learner stands.
    """
    answers, verdicts = standing.answers or {}, standing.verdicts or {}
    pairs = [("Case", f"{grouped(seed)}, {grouped(FRAMES)} frames")]
    if answers:
        picked = several(answers, "causes")
        right = len([b for b in edge_audit.bounds() if b.possible == (b.cause.value in picked)])
        pairs.append(("Causes told apart before looking", f"{right} of {len(Cause)}"))
    if not standing.passed:
        return pairs
    truth, score = truth_of(seed), score_of(seed, standing)
    late = next(
        one
        for one in (*edge_verdict.accused(seed), None)
        if one is None or one.item.id in truth.events
    )
    event = (
        "all kernels"
        if late is None
        else f"{late.item.label}, {ROWS.get(late.item.row, late.item.row)}"
    )
    pairs += [
        ("The event", f"frame {grouped(late_frame(seed))}: {event}"),
        ("The cause", CARDS[truth.cause].title),
        ("False accusations", grouped(len(edge_closing.false_accusations(seed, standing)))),
        ("Score", percent(score.total)),
    ]
    if "sentence" in verdicts:
        pairs.append(("In your words", str(verdicts["sentence"].answer)))
    return pairs
