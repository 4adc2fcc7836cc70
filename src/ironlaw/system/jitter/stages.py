"""The three stages of the pipeline, as calls on the host and work on the GPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.system.jitter.board import FEATURES, mask_size
from ironlaw.system.jitter.case import ROWS, NewShape
from ironlaw.system.jitter.causes import Stage
from ironlaw.system.jitter.draws import Draws
from ironlaw.system.jitter.machine import COMPUTE_STREAM
from ironlaw.system.jitter.pipeline import Work
from ironlaw.system.jitter.timeline import nanoseconds

if TYPE_CHECKING:
    from ironlaw.system.jitter.board import Board

_COLUMNS = 432
_PILLARS = [16_000, 32, 10]
_CHANNELS = 72  # of the head
_HIDDEN = 300_000  # host time from the start of a wait to its preemption [ns]
_GC_EVERY = 40  # frames between two collections of the youngest objects


def voxelization(board: Board) -> int:
    """Points to voxels with ten features.

    Args:
        board: The pipeline on its board.

    Returns:
        When its last kernel is done [ns].
    """
    machine, number, scene = board.machine, board.pipeline.number, board.scene
    start = machine.now
    opened = machine.open()
    board.allocate(scene.points * int(number("points.size")))
    board.allocate(FEATURES)
    stage = Stage.VOXELIZATION
    board.copy(stage, "HtoD", scene.points * int(number("points.size")))
    memset = {"bytes": 4 * ROWS * _COLUMNS, "category": "gpu_memset", "call": "cudaMemsetAsync"}
    board.launch(stage, "Memset (Device)", Work(0.0, 0.0, 2e-6), **memset)
    whole = board.pipeline.factors.voxelization * scene.points / number("points.count")
    random, base = number("points.random_share"), number("points.base_share")
    shares = (
        ("generateVoxels_random_kernel", random),
        ("generateBaseFeatures_kernel", base),
        ("generateFeatures_kernel", 1.0 - random - base),
    )
    blocks, end = (scene.points + 255) // 256, start
    for name, share in shares:
        work = Work(0.0, whole * share, 0.0)
        end = board.launch(stage, name, work, grid=[blocks, 1, 1], block=[256, 1, 1])
    if board.submitted is None:
        board.copy(stage, "DtoH", 4)
        machine.synchronize("cudaStreamSynchronize")
        machine.close("pointpillars::voxelize", opened, {"Input Dims": [[scene.points, 4]]})
        machine.note(stage.value, "user_annotation", (start, machine.now))
    return end


def backbone(board: Board) -> int:
    """The network, from pillars to the head's output.

    Args:
        board: The pipeline on its board.

    Returns:
        When its last kernel is done [ns].
    """
    machine, scene = board.machine, board.scene
    start = machine.now
    opened = machine.open()
    captured = board.submitted is not None
    if not captured:
        _first_time(board)
    stretch = 1.0 if captured else scene.rows / ROWS
    end = machine.now
    for plan in board.pipeline.kernels:
        shape = {"grid": list(plan.grid), "block": [256, 1, 1]}
        end = board.launch(Stage.BACKBONE, plan.name, plan.work.times(stretch), **shape)
    if captured:
        return end
    board.log_copy()
    _behind_the_gpu(board, end)
    machine.synchronize("cudaStreamSynchronize")
    dims = {"Input Dims": [_PILLARS, [1, 64, scene.rows, _COLUMNS]]}
    machine.close("trt::enqueueV3", opened, dims)
    machine.note(Stage.BACKBONE.value, "user_annotation", (start, machine.now))
    return end


def _first_time(board: Board) -> None:
    """Load the module of a shape that was not seen before, and try kernels for it."""
    case, machine = board.case, board.machine
    if case is None or board.cured or not isinstance(case.injection, NewShape):
        return
    if machine.frame != case.frame:
        return
    machine.call("cuModuleLoadDataEx", case.injection.load, "cuda_driver")
    draws = Draws(case.seed, "trials")
    tried: set[float] = set()
    for plan in board.pipeline.kernels:
        if plan.work.compute <= plan.work.memory or plan.work.compute in tried:
            continue
        tried.add(plan.work.compute)
        for tactic in range(case.injection.trials):
            machine.call("cudaEventRecord")
            work = plan.work.times(draws.between(0.95, 1.8))
            name = f"sm80_xmma_fprop_implicit_gemm_f16f16_f16f32_f32_nhwckrsc_nhwc_tactic{tactic}"
            shape = {"grid": list(plan.grid), "block": [128 << (tactic % 2), 1, 1]}
            shown = {"category": "kernel", "call": "cudaLaunchKernel", **shape}
            machine.launch(f"{name}_{plan.name.partition('.')[0]}", work, COMPUTE_STREAM, shown)
            machine.call("cudaEventRecord")
            machine.synchronize("cudaEventSynchronize")


def _behind_the_gpu(board: Board, end: int) -> None:
    """What happens on the host while it waits for the GPU, and costs nothing."""
    machine, case = board.machine, board.case
    if case is None:
        return
    if case.capture.gc and machine.frame % _GC_EVERY == case.seed % _GC_EVERY:
        span = machine.hold(Draws(case.seed, machine.frame, "gc").between(0.05e-3, 0.2e-3))
        machine.note("Python GC", "python_function", span, args={"generation": 0})
    hidden = board.decoy("hidden_preemption")
    if hidden is None:
        return
    start = machine.now + _HIDDEN
    until = min(start + nanoseconds(hidden.size), end - _HIDDEN)
    if until > start:
        board.away.append((start, until, "kworker/u24:0"))


def decode(board: Board) -> int:
    """All anchors to boxes above the threshold, and their number to the host.

    Args:
        board: The pipeline on its board.

    Returns:
        When the number is there [ns].
    """
    number, scene = board.pipeline.number, board.scene
    whole = board.pipeline.factors.postprocess
    appends = scene.boxes * number("boxes.append")
    work = Work(0.0, whole * number("boxes.decode_share"), appends)
    shape = {"grid": [1256, 1, 1], "block": [256, 1, 1]}
    board.launch(Stage.POSTPROCESS, "postprocess_kernels", work, **shape)
    return board.copy(Stage.POSTPROCESS, "DtoH", 4)


def postprocess(board: Board, start: int) -> None:
    """Boxes, and the suppression of those that overlap a better one.

    Args:
        board: The pipeline on its board.
        start: When the stage began [ns].
    """
    machine, number, scene = board.machine, board.pipeline.number, board.scene
    opened = machine.open()
    if board.submitted is None:
        decode(board)
    machine.synchronize("cudaStreamSynchronize")
    board.submitted = None
    dims = [[1, _CHANNELS, scene.rows // 2, _COLUMNS // 2]]
    machine.close("pointpillars::decode", opened, {"Input Dims": dims})
    opened = machine.open()
    boxes, stage = scene.boxes, Stage.POSTPROCESS
    for size in (mask_size(boxes), boxes * int(number("boxes.roi_size"))):
        board.allocate(size)
    board.allocate(boxes * int(number("boxes.box_size")))
    whole, growth = board.pipeline.factors.postprocess, boxes / number("boxes.count")
    shares = [number(f"boxes.{name}_share") for name in ("decode", "sort", "suppress")]
    sort = Work(0.0, whole * shares[1] * growth)
    groups = (boxes + 63) // 64
    board.launch(stage, "radix_sort_kernel", sort, grid=[groups, 1, 1], block=[256, 1, 1])
    rest = 1.0 - shares[0] - shares[1] - shares[2]
    suppression = Work(whole * rest * growth * growth, 0.0)
    grid = {"grid": [groups, groups, 1], "block": [64, 1, 1]}
    board.launch(stage, "nms_kernel", suppression, **grid)
    board.copy(stage, "DtoH", mask_size(boxes))
    machine.synchronize("cudaStreamSynchronize")
    walk = machine.now
    words = mask_size(boxes) / mask_size(int(number("boxes.count")))
    machine.step(whole * shares[2] * words + scene.interrupt)
    machine.note(
        "nms_suppress", "cpu_op", (walk, machine.now), args={"Input Dims": [[boxes, groups]]}
    )
    board.release()
    machine.close("pointpillars::nms", opened, {"Input Dims": [[boxes, 9]]})
    machine.note(stage.value, "user_annotation", (start, machine.now))
