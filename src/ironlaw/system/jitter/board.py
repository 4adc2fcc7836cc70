"""The pipeline on the board: launches, requests for memory and holds, with what a case does to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import ceil
from ironlaw.system.jitter.allocator import CachingAllocator, size_class
from ironlaw.system.jitter.case import Flush, Stall
from ironlaw.system.jitter.machine import COMPUTE_STREAM, COPY_STREAM, Machine
from ironlaw.system.jitter.pipeline import Work
from ironlaw.system.jitter.timeline import Burst, Clocks, Timeline

if TYPE_CHECKING:
    from ironlaw.system.jitter.case import Case, Decoy
    from ironlaw.system.jitter.causes import Stage
    from ironlaw.system.jitter.pipeline import Pipeline
    from ironlaw.system.jitter.scene import Scene

POOLS = ("caching", "static")
FEATURES = 16_000 * 32 * 10 * 2
"""Voxels of 32 points with ten fp16 features each, at the most that the network takes [B]."""
OLDEST = 2
"""The generation of objects whose collection takes long."""
_SLACK = 256 * 1024  # between what is reserved and the limit, in a flush [B]
_ADDRESS = 0x2_0400_0000


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """How the pipeline is built.

    Attributes:
        pool: "caching": memory is asked for in each frame. "static": all of it once, at the largest shape.
        graph_launch: Whether voxels, network and decoding are one captured graph; it implies static memory.
        fused: Level of fusion of the network, or the names of a set.
    """

    pool: str = "caching"
    graph_launch: bool = False
    fused: str | tuple[str, ...] = "full"

    def __post_init__(self) -> None:
        """Refuse a pool that is not there.

        Raises:
            DomainError: naming the pools.
        """
        if self.pool not in POOLS:
            raise DomainError("pool", self.pool, ", ".join(POOLS))

    @property
    def allocates(self) -> bool:
        """Whether frames ask for memory."""
        return self.pool == "caching" and not self.graph_launch


def mask_size(boxes: int) -> int:
    """Bytes of the bit mask that suppression writes: N words of 64 bits for each 64 boxes [B].

    Args:
        boxes: N.

    Example:
        >>> mask_size(1024)
        131072
    """
    return boxes * int(ceil(boxes / 64.0)) * 8


class Board:
    """A machine with a pipeline, an allocator, and a case to suffer.

    Args:
        pipeline: The pipeline.
        deployment: How it is built.
        case: What happens; None for nothing.
        cured: Whether the cause of the case is taken away.
    """

    def __init__(
        self, pipeline: Pipeline, deployment: Deployment, case: Case | None, *, cured: bool
    ) -> None:
        self.pipeline = pipeline
        self.deployment = deployment
        self.case = case
        self.cured = cured
        self.machine = Machine(pipeline)
        self.usual = Timeline(Clocks(), ())
        self.submitted: int | None = None
        self.away: list[tuple[int, int, str]] = []
        self.scene: Scene
        self._blocks: list[int] = []
        self._slow = ("", 1.0)
        self._nodes = 0
        self._spread = pipeline.number("noise.kernel")
        self._launches: dict[Stage, int] = {}
        self._allocator = self._warm_allocator()

    def _warm_allocator(self) -> CachingAllocator:
        """The pool after warm-up: a block for each regular request, and what earlier shapes left behind."""
        number = self.pipeline.number
        boxes = int(number("boxes.count"))
        requests = [int(number("points.count") * number("points.size")), FEATURES]
        requests += [mask_size(boxes), mask_size(boxes) + 1]
        requests += [boxes * int(number("boxes.roi_size")), boxes * int(number("boxes.box_size"))]
        pool = CachingAllocator(int(self.pipeline.chip.capacity / 2.0))
        pool.cached = [size_class(size) for size in requests]
        injection = None if self.case is None else self.case.injection
        if isinstance(injection, Flush):
            pool.cached += injection.fragments
            if self.cured:
                pool.cached += [2 * block for block in pool.cached[:6]]
            else:
                pool.limit = pool.reserved + _SLACK
        return pool

    def start(self, scene: Scene) -> None:
        """Take a frame up.

        Args:
            scene: What it is given.
        """
        self.scene, self.submitted = scene, None
        self._launches, self.away, self._nodes = {}, [], 0
        slow = self.decoy("slow_kernel")
        self._slow = ("", 1.0) if slow is None else (self.small_kernel, slow.size)

    def decoy(self, name: str) -> Decoy | None:
        """The decoy of that name in this frame, if there is one.

        Args:
            name: One of `DECOYS`.
        """
        if self.case is None:
            return None
        found = (one for one in self.case.decoys if one.name == name)
        return next((one for one in found if one.frame == self.machine.frame), None)

    def launch(self, stage: Stage, name: str, work: Work, **args: object) -> int:
        """Launch on the compute stream, or run as a node of the captured graph.

        Args:
            stage: Of the pipeline.
            name: Of the kernel or copy.
            work: What it does, without noise.
            **args: What else is recorded.

        Returns:
            When it is done [ns].
        """
        shown = {"category": "kernel", "call": "cudaLaunchKernel", **args}
        factor = self.scene.factor(stage, self._spread)
        if name == self._slow[0]:
            factor *= self._slow[1]
        noisy = work.times(factor)
        index = self._launches.get(stage, 0)
        self._launches[stage] = index + 1
        if self.submitted is not None:
            node = self.pipeline.number("engine.graph_node")
            noisy = noisy._replace(fixed=min(noisy.fixed, node))
            self._nodes += 1
            shown |= {"graph id": 1, "graph node id": self._nodes}
            return self.machine.run(name, noisy, COMPUTE_STREAM, self.submitted, shown)
        self._suffer(stage, index)
        return self.machine.launch(name, noisy, COMPUTE_STREAM, shown)

    @property
    def small_kernel(self) -> str:
        """The kernel of the network nearest to 60 µs, where an odd duration harms nothing."""
        return min(self.pipeline.kernels, key=lambda k: abs(k.work.time() - 60e-6)).name

    def _suffer(self, stage: Stage, index: int) -> None:
        """Hold the host before a launch, where the case says so."""
        if self.cured or self.case is None or self.case.frame != self.machine.frame:
            return
        stall = self.case.injection
        if not isinstance(stall, Stall) or (stall.stage, stall.before) != (stage, index):
            return
        span = self.machine.hold(stall.length)
        if stall.kind == "preemption":
            self.away.append((*span, stall.task))
        elif self.case.capture.gc:
            self.machine.note("Python GC", "python_function", span, args={"generation": OLDEST})

    def copy(self, stage: Stage, kind: str, size: int) -> int:
        """Copy between host and device.

        Args:
            stage: Of the pipeline.
            kind: "HtoD" or "DtoH".
            size: Bytes [B].

        Returns:
            When it is done [ns].
        """
        ends = "Pinned -> Device" if kind == "HtoD" else "Device -> Pinned"
        time = size / self.pipeline.number("engine.copy_rate")
        work = Work(0.0, 0.0, time + self.pipeline.number("engine.graph_node"))
        args = {"bytes": size, "category": "gpu_memcpy", "call": "cudaMemcpyAsync"}
        return self.launch(stage, f"Memcpy {kind} ({ends})", work, **args)

    def allocate(self, size: int) -> None:
        """Ask the pool for memory, and the driver where the pool has none.

        Args:
            size: Bytes [B].
        """
        if not self.deployment.allocates or self.submitted is not None:
            return
        machine, number = self.machine, self.pipeline.number
        block, steps = self._allocator.allocate(size)
        for call, step_size, _ in steps:
            if call == "cudaDeviceSynchronize":
                machine.synchronize(call, (COMPUTE_STREAM, COPY_STREAM))
            elif call == "cudaFree":
                machine.call(call, step_size / number("allocator.unmap_rate"))
            else:
                machine.call(call, number("allocator.malloc"))
        self._blocks.append(block)
        self._remember(block)

    def release(self) -> None:
        """Give all memory of the frame back to the pool."""
        for block in self._blocks:
            self._allocator.free(block)
            self._remember(-block)
        self._blocks = []

    def _remember(self, size: int) -> None:
        """Write the pool's state down, as a memory profile does."""
        pool, now = self._allocator, self.machine.now
        args = {
            "Bytes": size,
            "Total Allocated": pool.in_use,
            "Total Reserved": pool.reserved,
            "Device Type": 1,
            "Device Id": 0,
            "Addr": _ADDRESS + 512 * abs(size),
        }
        self.machine.note("[memory]", "cpu_instant_event", (now, now), args=args)

    def log_copy(self) -> None:
        """Start the long copy of a log on its own stream, if this frame has one; nothing waits for it."""
        found = self.decoy("long_copy")
        if found is None:
            return
        rate = self.pipeline.number("engine.log_rate")
        args = {
            "bytes": int(found.size * rate),
            "category": "gpu_memcpy",
            "call": "cudaMemcpyAsync",
        }
        work = Work(0.0, 0.0, found.size)
        end = self.machine.launch("Memcpy DtoH (Device -> Pinned)", work, COPY_STREAM, args)
        reach = self.pipeline.number("engine.bandwidth_reach") * self.pipeline.chip.bandwidth
        start = end - int(found.size * 1e9)
        self.machine.timeline.add(Burst(start, end, 2.0 * rate / reach))
