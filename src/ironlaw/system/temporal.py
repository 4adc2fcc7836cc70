"""Speculation in time: a tracker drafts the boxes of the next frames, the detector verifies them as one batch.

A sensor gives a frame every period, so a batch is whole only when its last frame is there: the first one waits for all
others. The tracker's boxes are there at once, and right with some probability; the verified ones are late.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import ceil, require_count, require_positive, summed


def waiting_time(frames: int, rate: float) -> float:
    r"""How long the first frame of a batch waits until the batch is whole.

    $$ T_{wait} = (n - 1) / f $$

    Args:
        frames: Frames of the batch, n.
        rate: Frames that the sensor gives a second, f [1/s].

    Returns:
        T_wait [s].

    Raises:
        DomainError: for a batch of no frame, or a rate that is not positive.

    Source:
        A batch is whole with its last frame; exact.

    Example:
        >>> waiting_time(4, 100.0)
        0.03
    """
    require_count("frames", frames)
    require_positive("rate", rate)
    return (frames - 1) / rate


def depth_chances(acceptance: float, frames: int) -> tuple[float, ...]:
    """The probability that the boxes of each drafted frame hold: each is drafted from the one before it.

    Args:
        acceptance: That a frame holds if the one before it does, alpha.
        frames: How many are drafted, n.

    Raises:
        DomainError: for a probability outside [0, 1], or no frame.

    Example:
        >>> depth_chances(0.5, 3)
        (0.5, 0.25, 0.125)
    """
    require_count("frames", frames)
    if isinstance(acceptance, bool) or not 0.0 <= acceptance <= 1.0:
        raise DomainError("acceptance", acceptance, "the probabilities from 0 to 1")
    chances: list[float] = []
    chance = 1.0
    for _ in range(frames):
        chance *= acceptance
        chances.append(chance)
    return tuple(chances)


def drafts_kept(acceptance: float, frames: int) -> float:
    r"""Drafted frames of a batch whose boxes hold, on average.

    $$ E = \sum_{i=1}^{n} \alpha^i $$

    Args:
        acceptance: That a frame holds if the one before it does, alpha.
        frames: How many are drafted, n.

    Returns:
        E, from 0 to n.

    Raises:
        DomainError: for a probability outside [0, 1], or no frame.

    Source:
        Leviathan 2023, equation 1, without the token that the target adds: a detector makes no frame of its own.

    Example:
        >>> drafts_kept(0.5, 3), drafts_kept(1.0, 4)
        (0.875, 4.0)
    """
    return summed(depth_chances(acceptance, frames))


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Frames that one pass of the detector verifies.

    Attributes:
        frames: Frames of the batch, n; one is the loop without speculation.
        rate: Frames that the sensor gives a second [1/s].
        before: Work on each scan before the pass: its voxels [s].
        network: The pass over the whole batch [s].
        after: Work on each frame after the pass: its boxes [s].
        draft: The tracker's work on each frame [s].
    """

    frames: int
    rate: float
    before: float
    network: float
    after: float
    draft: float = 0.0

    def __post_init__(self) -> None:
        """Refuse what is no batch.

        Raises:
            DomainError: naming the field.
        """
        require_count("frames", self.frames)
        require_positive("rate", self.rate)
        require_positive("network", self.network)
        for name in ("before", "after", "draft"):
            time = float(getattr(self, name))
            if not 0.0 <= time < float("inf"):
                raise DomainError(name, time, "[0, ∞)")

    @property
    def waiting(self) -> float:
        """How long the first frame waits until the batch is whole [s]."""
        return waiting_time(self.frames, self.rate)

    @property
    def check(self) -> float:
        """From the last scan to the verified boxes of the first frame [s].

        The last scan is drafted and prepared first; the others were while they waited.
        """
        return self.draft + self.before + self.network + self.after

    @property
    def latency(self) -> float:
        """From its scan to its verified boxes, of the frame for which that takes longest [s].

        Boxes are made frame after frame: the first has waited longest, the last is done last.
        """
        return max(self.waiting + self.check, self.last)

    @property
    def last(self) -> float:
        """From the last scan to its own verified boxes [s]."""
        return self.draft + self.before + self.network + self.frames * self.after

    @property
    def busy(self) -> float:
        """Work of the board on the batch, one thing after the other [s]."""
        return self.frames * (self.before + self.draft + self.after) + self.network

    @property
    def throughput(self) -> float:
        """Frames a second that the board could verify if they came fast enough [1/s]."""
        return self.frames / self.busy

    @property
    def utilization(self) -> float:
        """Share of the time in which the board is at work at the sensor's rate, rho; above 1 it falls behind."""
        return self.rate / self.throughput

    @property
    def lag(self) -> int:
        """Scans that have come since the first frame of the batch when its boxes are verified."""
        return int(ceil(self.latency * self.rate)) - 1

    @property
    def exposure(self) -> float:
        """How long the car acts on the drafted boxes of the first frame before it knows whether they hold [s]."""
        return self.latency - self.draft if self.frames > 1 else 0.0


class Rates(NamedTuple):
    """Rates of the sensor at which a batch meets a deadline and the board keeps up [1/s].

    Attributes:
        low: Below it the frames come too far apart, and the first waits too long; infinite where checking alone takes
            longer than the deadline.
        high: Above it the board falls behind.
    """

    low: float
    high: float

    @property
    def exist(self) -> bool:
        """Whether there is such a rate."""
        return self.low <= self.high


def rates_that_hold(batch: Batch, deadline: float) -> Rates:
    r"""The sensor's rates at which every frame of a batch is verified within a deadline.

    $$ \frac{n - 1}{T_{dead} - T_{check}} \le f \le \frac{n}{T_{busy}} $$

    Args:
        batch: The batch; its own rate does not matter.
        deadline: From a scan to its verified boxes, T_dead [s].

    Returns:
        The least and the greatest of them.

    Raises:
        DomainError: if the deadline is not positive.

    Source:
        The wait for the batch, and a board that is not busier than it can be; exact for a regular sensor.

    Example:
        >>> one = Batch(frames=1, rate=100.0, before=0.0, network=0.008, after=0.0)
        >>> rates_that_hold(one, 0.01)
        Rates(low=0.0, high=125.0)
    """
    require_positive("deadline", deadline)
    if batch.last > deadline or (batch.frames > 1 and batch.check >= deadline):
        return Rates(float("inf"), batch.throughput)
    low = (batch.frames - 1) / (deadline - batch.check) if batch.frames > 1 else 0.0
    return Rates(low, batch.throughput)
