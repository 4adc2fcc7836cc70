"""One frame of the loop, with the rows beside it: other engines, the scheduler, the clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.system.jitter.case import Contention, Throttle
from ironlaw.system.jitter.events import Frame
from ironlaw.system.jitter.stages import backbone, decode, postprocess, voxelization
from ironlaw.system.jitter.timeline import Burst, Clocks, Timeline, nanoseconds

if TYPE_CHECKING:
    from ironlaw.system.jitter.board import Board
    from ironlaw.system.jitter.scene import Scene

_CPU = "cpu 4"
_CAMERA_DELAY = 1.5e-3  # from a scan to the camera's image [s]
_CLOCK_EVERY = 10  # frames between two readings of the clocks
_MEGAHERTZ = 1e6


def run_frame(board: Board, index: int, scene: Scene, skipped: int = 0) -> Frame:
    """Work on one frame, from the present moment on.

    Args:
        board: The pipeline on its board.
        index: Of the frame.
        scene: What it is given.
        skipped: Scans that were dropped before it.
    """
    machine = board.machine
    start = machine.now
    machine.begin(index, board.usual, scene.host)
    _surroundings(board, index, start)
    board.start(scene)
    if board.deployment.graph_launch:
        board.submitted = machine.launch_graph()
        board.log_copy()
        first = voxelization(board)
        second = backbone(board)
        decode(board)
        postprocess(board, machine.now)
    else:
        voxelization(board)
        first = machine.now
        backbone(board)
        second = machine.now
        postprocess(board, second)
    end = machine.now
    machine.note(f"ProfilerStep#{index}", "user_annotation", (start, end))
    _scheduler(board, start, end)
    stages = (first - start, second - first, end - second)
    return Frame(index, start, end, stages, scene.points, scene.boxes, skipped)


def _surroundings(board: Board, index: int, start: int) -> None:
    """Clocks and engines of a frame."""
    case, machine, number = board.case, board.machine, board.pipeline.number
    if case is None:
        return
    injection, clocks = case.injection, Clocks()
    if (
        isinstance(injection, Throttle)
        and case.frame <= index <= injection.last
        and not board.cured
    ):
        clocks = injection.clocks
    machine.timeline = Timeline(clocks, ())
    if case.capture.clocks and index % _CLOCK_EVERY == 0:
        _read_clocks(board, clocks, start)
    if index % int(number("noise.camera_every")) == case.seed % 3:
        length = number("noise.camera_time")
        _burst(board, "ISP", start + nanoseconds(_CAMERA_DELAY), length, "noise.camera_share")
    if isinstance(injection, Contention) and index == case.frame and not board.cured:
        begin = start - nanoseconds(injection.lead)
        _burst(board, injection.engine, begin, injection.length, injection.share)


def _burst(board: Board, engine: str, start: int, length: float, share: float | str) -> None:
    """Let another engine use the memory, and show it on its row."""
    part = board.pipeline.number(share) if isinstance(share, str) else share
    end = start + nanoseconds(length)
    board.machine.timeline.add(Burst(start, end, part))
    board.machine.note(f"{engine} frame", "engine", (start, end), track=engine)


def _read_clocks(board: Board, clocks: Clocks, now: int) -> None:
    """A reading of both clocks, as a counter."""
    facts = board.pipeline.chip.sheet
    readings = {
        "GPU clock (MHz)": facts.number("sm.clock") / clocks.gpu / _MEGAHERTZ,
        "EMC clock (MHz)": facts.number("detail.memory_clock") / clocks.memory / _MEGAHERTZ,
    }
    for name, value in readings.items():
        args = {name: round(value, 2)}
        board.machine.note(name, "clock", (now, now), track="clocks", args=args)


def _scheduler(board: Board, start: int, end: int) -> None:
    """Who ran on the host thread's core, where that was captured."""
    if board.case is None or not board.case.capture.sched:
        return
    now = start
    for begin, until, task in sorted(board.away):
        _slice(board, "python", (now, begin))
        _slice(board, task, (begin, until))
        args = {"cpu": 4, "next_task": task}
        board.machine.note("off CPU", "sched", (begin, until), args=args)
        now = until
    _slice(board, "python", (now, end))


def _slice(board: Board, task: str, span: tuple[int, int]) -> None:
    board.machine.note(task, "sched", span, track=_CPU)
