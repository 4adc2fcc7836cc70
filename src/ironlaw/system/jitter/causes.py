"""The six root causes of a slow frame: what each is called, what shows it, what ends it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Cause(Enum):
    """Why a frame is late."""

    ALLOC_FLUSH = "alloc_flush"
    NEW_SHAPE = "new_shape_autotune_or_lazy_load"
    THROTTLE = "emc_or_dvfs_throttle"
    CONTENTION = "dram_contention"
    NMS = "nms_box_explosion"
    HOST_STALL = "cpu_preempt_or_gc"


class Stage(Enum):
    """A stage of the pipeline; `WHOLE` is all of them."""

    VOXELIZATION = "voxelization"
    BACKBONE = "backbone"
    POSTPROCESS = "postprocess"
    WHOLE = "whole frame"


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseCard:
    """What is known of a cause.

    Attributes:
        title: In words.
        fix: What ends it.
        trigger: What sets it off.
        decoy: What looks guiltier.
        audit_classes: Classes under which an audit of the trace may rightly file it.
    """

    title: str
    fix: str
    trigger: str
    decoy: str
    audit_classes: tuple[str, ...]


CARDS: dict[Cause, CauseCard] = {
    Cause.ALLOC_FLUSH: CauseCard(
        title="the caching allocator flushes",
        fix="allocate once at the largest shape: a static pool",
        trigger="a frame asks for more than any before and the cached blocks do not fit",
        decoy="the kernel after the gap: it is late, not long",
        audit_classes=("alloc_sync",),
    ),
    Cause.NEW_SHAPE: CauseCard(
        title="a new shape loads modules and tries kernels",
        fix="warm every shape, load modules eagerly, no tuning in the loop; or pad to one shape",
        trigger="the grid of a frame has another size than any before",
        decoy="the longest trial kernel, and their number",
        audit_classes=("op_slow_new_shape", "kernel_new"),
    ),
    Cause.THROTTLE: CauseCard(
        title="clocks are throttled",
        fix="lock the clocks and cool the module",
        trigger="temperature or the power budget",
        decoy="the longest kernel: all stretch alike",
        audit_classes=("machine_stretch",),
    ),
    Cause.CONTENTION: CauseCard(
        title="another engine takes the memory bandwidth",
        fix="reserve bandwidth for the GPU, or schedule the other engine between frames",
        trigger="a burst of camera, encoder or DLA",
        decoy="throttling: but kernels bound by arithmetic keep their time",
        audit_classes=("machine_stretch", "kernel_slow"),
    ),
    Cause.NMS: CauseCard(
        title="too many boxes reach suppression",
        fix="keep the best k boxes before suppression",
        trigger="rain, dust or a crowd",
        decoy="the decode kernel: it grows too, but in proportion",
        audit_classes=("kernel_slow", "op_slow_new_shape", "more_ops"),
    ),
    Cause.HOST_STALL: CauseCard(
        title="the host thread is off the CPU or collects garbage",
        fix="real-time priority on an isolated core, gc.freeze; or a captured graph",
        trigger="a log flush, an interrupt storm, a collection",
        decoy="the kernel after the gap: its launch was late",
        audit_classes=("preemption", "gc", "host_gap", "launch_gap"),
    ),
}

EVIDENCE: dict[str, str] = {
    "gpu_idle_in_gap": "the GPU is idle for most of the excess",
    "kernels_unchanged": "the kernels together take as long as in the median frame",
    "free_calls_in_frame": "cudaFree calls stand between a failed and a second cudaMalloc",
    "reserved_drops": "reserved memory is lower after the call than before it",
    "peak_request": "the request is larger than any before",
    "module_load": "a driver call loads a module",
    "unseen_kernels": "kernels run that no other frame has",
    "new_input_shape": "the operator's input has a shape not seen before",
    "once_for_the_shape": "a later frame of the same shape is not slow",
    "compute_bound_stretch": "kernels bound by arithmetic take longer, all by one factor",
    "compute_bound_unchanged": "kernels bound by arithmetic keep their time",
    "memory_bound_stretch": "memory-bound kernels take longer, in proportion to their traffic",
    "no_gaps": "the GPU is idle no longer than in the median frame",
    "many_frames": "many frames in a row are slow",
    "engine_burst": "a burst of another engine covers the frame",
    "boxes_grow": "many more boxes than usual reach suppression",
    "time_with_square": "the suppression kernel grows with the square of the boxes",
    "mask_grows": "the bytes of the mask copied to the host grow with the square of the boxes",
    "other_stages_unchanged": "one stage holds the excess, the others take their usual time",
    "launch_late": "a launch is late, and its kernel starts as soon after it as ever",
    "no_call_in_gap": "the host makes no CUDA call in the gap",
    "off_cpu": "the scheduler shows another task on the host thread's core",
    "gc_event": "the trace holds a garbage collection in the gap",
    "clock_drops": "a counter of a clock is lower in the slow frames",
}
"""What a trace may show, by name."""

DECOYS = ("slow_kernel", "long_copy", "hidden_preemption")
"""Harmless oddities that a trace holds beside its cause."""
