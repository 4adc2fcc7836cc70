"""How long the lab takes to answer, from a message to the view: to begin a part, to turn a knob, to run."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob, Message
    from ironlaw.lab.part import Part
    from ironlaw.lab.progress import State
    from ironlaw.lab.questions import Answer, Question

TURNED: dict[tuple[str, int], tuple[str, tuple[Knob, ...]]] = {
    ("cloud-titan", 1): ("batch", (1.0, 2.0, 4.0, 8.0, 32.0, 64.0, 128.0, 256.0)),
    ("cloud-titan", 2): ("batch", (1.0, 2.0, 4.0, 8.0, 32.0, 64.0, 128.0, 256.0)),
    ("edge-guardian", 1): ("frame", ("40", "41", "42", "43", "44", "45", "46", "47")),
    ("edge-guardian", 2): ("level", ("full", "none", "partial", "full")),
    ("mobile-nomad", 1): ("fps", (48.0, 40.0, 30.0, 24.0, 20.0, 15.0, 12.0, 10.0)),
    ("mobile-nomad", 2): ("fps", (58.0, 56.0, 54.0, 52.0, 50.0, 48.0, 46.0, 44.0)),
    ("cloud-titan", 3): ("batch", (1.0, 2.0, 4.0, 8.0, 32.0, 64.0, 128.0, 256.0)),
    ("edge-guardian", 3): ("pattern", ("2:4", "unstructured", "block")),
    ("mobile-nomad", 3): ("sparsity", ("2:4", "unstructured:0.5", "unstructured:0.8")),
    ("tiny-pioneer", 3): ("zeros", (0.25, 0.5, 0.75, 0.9, 0.95)),
}
"""The knob that is turned in each part, and where to; each place only once, so that nothing is remembered."""


def lab_figures() -> dict[str, float]:
    """Medians of turns and counted runs, and the first view of a part, once [s]."""
    from ironlaw.lab.tracks.catalogue import track_named

    figures: dict[str, float] = {}
    for (track, number), (knob, places) in TURNED.items():
        part = next(part for part in track_named(track).parts if part.number == number)
        figures |= _figures_of(track, part, knob, places)
    return figures


def _figures_of(track: str, part: Part, knob: str, places: tuple[Knob, ...]) -> dict[str, float]:
    from ironlaw.lab.ledger import Ledger
    from ironlaw.lab.messages import Message
    from ironlaw.lab.progress import opened

    answers = {question.id: _any_answer(question) for question in part.prediction}
    begin = Message(type="choose", track=track, part=part.number)
    state, begun = _timed(opened(Ledger("benchmark")), begin)
    for message in (Message(type="begin"), Message(type="commit", answers=answers)):
        state, _ = _timed(state, message)
    turns: list[float] = []
    runs: list[float] = []
    for place in places:
        state, spent = _timed(state, Message(type="turn", knobs={knob: place}, settled=True))
        turns.append(spent)
        if part.counted is not None:
            state, spent = _timed(state, Message(type="run"))
            runs.append(spent)
    name = f"lab_{track}_{part.number}"
    figures = {f"{name}_begin_s": begun, f"{name}_turn_s": statistics.median(turns)}
    return figures | ({f"{name}_run_s": statistics.median(runs)} if runs else {})


def _any_answer(question: Question) -> Answer:
    """An answer that the lock takes."""
    match question.kind:
        case "number":
            return 0.5 * ((question.min or 0.0) + (question.max or 0.0))
        case "several":
            return [question.options[0].id]
        case _:
            return question.options[0].id


def _timed(state: State, message: Message) -> tuple[State, float]:
    """The state after a message, and the time to its view [s]."""
    from ironlaw.lab.mission import handle

    start = time.perf_counter()
    state, _ = handle(state, message, 1.0 + len(state.ledger.events))
    return state, time.perf_counter() - start
