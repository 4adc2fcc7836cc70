"""Which causes can make a frame this late at all: what the pipeline's arithmetic and the board's limits allow."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ironlaw.base.number import require_positive
from ironlaw.system.jitter.causes import Cause
from ironlaw.system.jitter.scene import plain_scene
from ironlaw.system.jitter.simulate import deployed, plain_frame
from ironlaw.system.jitter.timeline import Clocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Possibility:
    """Whether a cause can make a frame late by so much.

    Attributes:
        cause: The cause.
        reach: The most by which it can make a frame late; None where nothing in the pipeline bounds it [s].
        possible: Whether that is enough.
        why: The numbers in words.
    """

    cause: Cause
    reach: float | None
    possible: bool
    why: str


def possibilities(excess: float | None = None) -> tuple[Possibility, ...]:
    """Judge each cause against an excess over the median frame.

    Args:
        excess: How much later the frame is; that of the crisis if None [s].

    Returns:
        One judgement for each cause.

    Raises:
        DomainError: if the excess is not positive.

    Example:
        >>> [p.cause.value for p in possibilities() if not p.possible]
        ['emc_or_dvfs_throttle', 'dram_contention']
    """
    pipeline = deployed()
    needed = pipeline.number("loop.spike") - pipeline.median if excess is None else excess
    require_positive("excess", needed)
    bounded = {
        Cause.THROTTLE: _throttled(),
        Cause.CONTENTION: _contended(),
        Cause.NMS: _most_boxes(),
    }
    found: list[Possibility] = []
    for cause in Cause:
        if cause in bounded:
            reach, why = bounded[cause]
            enough = reach >= needed
            said = f"{why}: {_ms(reach)} more, of {_ms(needed)}"
            found.append(Possibility(cause=cause, reach=reach, possible=enough, why=said))
        else:
            high = pipeline.number(f"magnitude.{cause.value}.high")
            said = f"{_UNBOUNDED[cause]}; up to {_ms(high)} is reported"
            found.append(Possibility(cause=cause, reach=None, possible=True, why=said))
    return tuple(found)


_UNBOUNDED = {
    Cause.ALLOC_FLUSH: "the GPU waits while the driver unmaps blocks, whatever its own speed",
    Cause.NEW_SHAPE: "the GPU waits while modules load and kernels are tried",
    Cause.HOST_STALL: "nothing is launched while the host thread does not run",
}


def lowest_clocks() -> Clocks:
    """The clocks of the lowest power mode, against the full ones."""
    facts = deployed().chip.sheet
    gpu = facts.number("sm.clock") / facts.number("detail.gpu_clock_15w")
    memory = facts.number("detail.memory_clock") / facts.number("detail.memory_clock_low")
    return Clocks(gpu, memory)


def _throttled() -> tuple[float, str]:
    pipeline, clocks = deployed(), lowest_clocks()
    frame = plain_frame(pipeline, clocks=clocks).latency
    said = (
        f"at the clocks of the lowest power mode, arithmetic {clocks.gpu:.2f} and memory {clocks.memory:.2f} times "
        f"slower, a frame takes {_ms(frame)}"
    )
    return frame - pipeline.median, said


def _contended() -> tuple[float, str]:
    pipeline = deployed()
    share = pipeline.number("contention.share_high")
    frame = plain_frame(pipeline, free=1.0 - share).latency
    said = (
        f"with {share:.0%} of the bandwidth taken, only memory-bound kernels stretch and a frame takes "
        f"{_ms(frame)}"
    )
    return frame - pipeline.median, said


def _most_boxes() -> tuple[float, str]:
    pipeline = deployed()
    most = int(pipeline.number("boxes.most"))
    frame = plain_frame(pipeline, replace(plain_scene(pipeline), boxes=most)).latency
    said = (
        f"suppression grows with the square of the boxes: with the {most} that the buffers hold, a frame takes "
        f"{_ms(frame)}"
    )
    return frame - pipeline.median, said


def _ms(time: float) -> str:
    return f"{time * 1e3:.1f} ms"
