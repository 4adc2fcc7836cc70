"""The Iron Law of performance: bytes, operations, links and latency, kept apart until the last line."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import maximum, minimum, require_positive, where

if TYPE_CHECKING:
    from ironlaw.base.number import Number


class TimeTerms(NamedTuple):
    """The terms of the Iron Law for one kernel [s].

    Attributes:
        compute: Arithmetic, T_c; where it is longer than the traffic, with what their overlap lacks to a perfect one.
        memory: Traffic to main memory, T_m; likewise where that is longer.
        link: Traffic to other chips, T_l.
        serial: What nothing overlaps: passes such as quantising the activations.
        latency: Launch, reduction and pipeline latency, L_lat.
    """

    compute: Number = 0.0
    memory: Number = 0.0
    link: Number = 0.0
    serial: Number = 0.0
    latency: Number = 0.0

    @property
    def overlapped(self) -> Number:
        """The part in which compute, memory and links overlap, max(T_c, T_m, T_l) [s]."""
        return maximum(maximum(self.compute, self.memory), self.link)

    @property
    def total(self) -> Number:
        """T = max(T_c, T_m, T_l) + T_serial + L_lat [s]."""
        return self.overlapped + self.serial + self.latency

    @property
    def serial_total(self) -> Number:
        """T = T_c + T_m + T_l + T_serial + L_lat: no overlap at all [s]."""
        return self.compute + self.memory + self.link + self.serial + self.latency


def blended_terms(
    compute: Number, memory: Number, added: Number, *, serial: Number, latency: Number
) -> TimeTerms:
    """Terms whose compute and memory overlap less than perfectly: the longer of the two is longer still.

    Args:
        compute: Arithmetic alone [s].
        memory: Traffic alone [s].
        added: What their overlap lacks to a perfect one [s].
        serial: What nothing overlaps [s].
        latency: Launch and latency [s].

    Example:
        >>> blended_terms(3.0, 2.0, 0.5, serial=0.0, latency=1.0)
        TimeTerms(compute=3.5, memory=2.0, link=0.0, serial=0.0, latency=1.0)
    """
    computes = compute >= memory
    return TimeTerms(
        compute=where(computes, compute + added, compute),
        memory=where(computes, memory, memory + added),
        serial=serial,
        latency=latency,
    )


class Regime(Enum):
    """What takes most of a kernel's time."""

    LAUNCH = "launch"
    MEMORY = "memory"
    COMPUTE = "compute"
    LINK = "link"

    __hash__ = (
        object.__hash__
    )  # members are unique: their identity is quicker to hash than their name


def regime_of(terms: TimeTerms) -> Regime:
    """The regime of a kernel: launch-bound where latency is longer than all that overlaps, else its longest term.

    Args:
        terms: Its time terms, single numbers.
    """
    if terms.latency >= terms.overlapped + terms.serial:
        return Regime.LAUNCH
    if terms.link >= maximum(terms.compute, terms.memory):
        return Regime.LINK
    return Regime.COMPUTE if terms.compute >= terms.memory else Regime.MEMORY


def compute_time(flops: Number, flop_rate: Number) -> Number:
    r"""Time to do the operator's work.

    $$ T_c = O / R $$

    Args:
        flops: Work, O [FLOP].
        flop_rate: Rate, R [FLOP/s].

    Returns:
        T_c [s], in the broadcast shape of the arguments.

    Raises:
        DomainError: if the rate is not positive.

    Source:
        williams-2009 (the roofline's plateau).

    Example:
        >>> compute_time(989e9, 989e12)
        0.001
    """
    require_positive("flop_rate", flop_rate)
    return flops / flop_rate


def memory_time(traffic: Number, bandwidth: Number) -> Number:
    r"""Time to move the operator's bytes.

    $$ T_m = D_{vol} / BW_{mem} $$

    Args:
        traffic: Bytes that cross the memory interface, D_vol [B].
        bandwidth: Memory bandwidth, BW_mem [B/s].

    Returns:
        T_m [s], in the broadcast shape of the arguments.

    Raises:
        DomainError: if the bandwidth is not positive.

    Source:
        williams-2009 (the roofline's slope).

    Example:
        >>> memory_time(3.35e9, 3.35e12)
        0.001
    """
    require_positive("bandwidth", bandwidth)
    return traffic / bandwidth


def roofline_time(flops: Number, traffic: Number, flop_rate: Number, bandwidth: Number) -> Number:
    r"""The least time that the chip's printed rates allow.

    $$ T = \max(O / R_{peak}, D_{vol} / BW_{mem}) $$

    Args:
        flops: Work, O [FLOP].
        traffic: Bytes moved, D_vol [B].
        flop_rate: R_peak [FLOP/s].
        bandwidth: BW_mem [B/s].

    Returns:
        T [s].

    Raises:
        DomainError: if a rate is not positive.

    Source:
        williams-2009.

    Example:
        >>> roofline_time(1e12, 1e9, 1e15, 1e12)
        0.001
    """
    return maximum(compute_time(flops, flop_rate), memory_time(traffic, bandwidth))


def ridge_point(flop_rate: Number, bandwidth: Number) -> Number:
    r"""The intensity at which the slope meets the plateau.

    $$ I^* = R_{peak} / BW_{mem} $$

    Args:
        flop_rate: R_peak [FLOP/s].
        bandwidth: BW_mem [B/s].

    Returns:
        I* [FLOP/B].

    Raises:
        DomainError: if a rate is not positive.

    Source:
        williams-2009.

    Example:
        >>> round(ridge_point(989.4e12, 3.35e12), 1)
        295.3
    """
    require_positive("flop_rate", flop_rate)
    require_positive("bandwidth", bandwidth)
    return flop_rate / bandwidth


def attainable_rate(intensity: Number, flop_rate: Number, bandwidth: Number) -> Number:
    r"""The roof above an intensity.

    $$ R(I) = \min(R_{peak}, I \cdot BW_{mem}) $$

    Args:
        intensity: I [FLOP/B].
        flop_rate: R_peak [FLOP/s].
        bandwidth: BW_mem [B/s].

    Returns:
        R [FLOP/s].

    Source:
        williams-2009.

    Example:
        >>> attainable_rate(1.0, 989.4e12, 3.35e12)
        3350000000000.0
    """
    sloped = intensity * bandwidth
    return minimum(flop_rate, sloped)
