"""The tail of latencies: a generalised Pareto distribution over a threshold, where the data bear one."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.base.power import exponential, logarithm

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LEAST_EXCEEDANCES = 40
_LEAST_TO_COMPARE = 20  # exceedances of a higher threshold that tests a lower one
_MOST_EXCEEDANCES = 500  # more than these are no longer a tail
_SHARES = (0.85, 0.9, 0.925, 0.95, 0.975, 0.99, 0.995, 0.999)  # quantiles that may be the threshold
_STANDARD = 1.959963984540054  # standard deviations of a 95 % interval
_HEAVIEST = 0.5  # a shape from here on has no variance: it stands for a mixture of causes
_LIGHTEST = -0.5  # below, the likelihood is irregular and its intervals are void
_KOLMOGOROV = 1.358  # 5 % point of √n times the largest distance
_BEYOND = 10.0  # times the number of frames: how far a level may be read off the tail
_STEPS, _SECTIONS, _HALVINGS, _SHAPES = 60, 40, 20, 16
_GOLDEN = 0.6180339887498949
_CHI_HALF = 1.920729410347062  # half of the 95 % point of χ² with one degree of freedom
_DEPENDENT = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Pareto:
    """A generalised Pareto distribution of what is left above a threshold."""

    shape: float
    """ξ: below zero the tail ends, at zero it is exponential, above it is heavy."""
    scale: float
    """σ [unit of the values]."""
    log_likelihood: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """What the largest latencies say of larger ones."""

    fitted: bool
    words: str
    """The finding, or why there is none."""
    threshold: float | None = None
    """[s]"""
    exceedances: int = 0
    shape: float | None = None
    shape_bounds: tuple[float, float] | None = None
    """At 95 %."""
    scale: float | None = None
    """[s]"""
    extremal_index: float | None = None
    """One over the mean size of a cluster of exceedances: one if they come alone."""
    return_period: float | None = None
    """Frames."""
    return_level: float | None = None
    """What one frame in a return period exceeds [s]."""
    return_bounds: tuple[float, float] | None = None
    """Of the level, by profile likelihood at 95 % [s]."""


def fit_pareto(excesses: Sequence[float]) -> Pareto:
    r"""The generalised Pareto distribution of greatest likelihood.

    With θ = ξ/σ the best shape is the mean of ln(1 + θx), so one number is left to search.

    Args:
        excesses: What is above the threshold, positive.

    Source:
        grimshaw-1993.
    """
    largest = max(excesses)
    mean = summed(excesses) / len(excesses)

    def likelihood(theta: float) -> float:
        return _profile(excesses, theta, mean)[0]

    low, high = -(1.0 - 1e-6) / largest, 20.0 / mean
    grid = [low + (high - low) * (i / _STEPS) * (i / _STEPS) for i in range(_STEPS + 1)]
    best = max(range(len(grid)), key=lambda i: likelihood(grid[i]))
    theta = _peak(likelihood, grid[max(best - 1, 0)], grid[min(best + 1, _STEPS)])
    value, shape, scale = _profile(excesses, theta, mean)
    return Pareto(shape=shape, scale=scale, log_likelihood=value)


def _profile(excesses: Sequence[float], theta: float, mean: float) -> tuple[float, float, float]:
    """Log-likelihood, shape and scale for one θ."""
    n = len(excesses)
    if abs(theta) * mean < 1e-9:  # noqa: PLR2004 - the exponential limit
        return -n * (logarithm(mean) + 1.0), 0.0, mean
    shape = summed(logarithm(1.0 + theta * x) for x in excesses) / n
    if shape <= -1.0:  # the likelihood has no bound there
        return -math.inf, shape, shape / theta
    scale = shape / theta
    return -n * (logarithm(scale) + shape + 1.0), shape, scale


def _peak(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function with one peak is largest, by golden section."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    f_left, f_right = function(left), function(right)
    for _ in range(_SECTIONS):
        if f_left > f_right:
            high, right, f_right = right, left, f_left
            left = high - _GOLDEN * (high - low)
            f_left = function(left)
        else:
            low, left, f_left = left, right, f_right
            right = low + _GOLDEN * (high - low)
            f_right = function(right)
    return 0.5 * (low + high)


def extremal_index(over: Sequence[bool]) -> float:
    """One over the mean size of clusters, by the times between exceedances.

    Args:
        over: Whether each frame is above the threshold, in the order of the trace.

    Source:
        ferro-segers-2003.

    Example:
        >>> round(extremal_index([True, True, True, *[False] * 40] * 9), 2)
        0.63
        >>> extremal_index([True, *[False] * 40] * 9)
        1.0
    """
    places = [place for place, one in enumerate(over) if one]
    gaps = [float(b - a) for a, b in itertools.pairwise(places)]
    if not gaps:
        return 1.0
    if max(gaps) <= 2.0:  # noqa: PLR2004 - the estimator's first form
        first, second = summed(gaps), summed(gap * gap for gap in gaps)
    else:
        first = summed(gap - 1.0 for gap in gaps)
        second = summed((gap - 1.0) * (gap - 2.0) for gap in gaps)
    return min(1.0, 2.0 * first * first / (len(gaps) * second)) if second > 0.0 else 1.0


def fit_tail(latencies: Sequence[float]) -> Tail:
    """The tail over the lowest threshold from which it is stable, or the reason why there is none.

    A threshold serves if at least 40 frames are above it, the fit passes Kolmogorov's test, and it agrees with the fits
    over all higher thresholds. A shape above a half has no variance and stands for a mixture of causes; below minus a
    half the intervals of the fit are void.

    Args:
        latencies: One a frame, in the order of the trace [s].
    """
    ordered = sorted(latencies)
    rungs = [ordered[min(int(share * len(ordered)), len(ordered) - 1)] for share in _SHARES]
    parts = [(u, _above(latencies, u)) for u in rungs]
    usable = [part for part in parts if _LEAST_TO_COMPARE <= len(part[1]) <= _MOST_EXCEEDANCES]
    if not usable or len(usable[0][1]) < _LEAST_EXCEEDANCES:
        return Tail(
            fitted=False,
            words=f"{len(ordered)} frames bear no tail: fewer than {_LEAST_EXCEEDANCES} lie above the "
            f"{100 * _SHARES[0]:.0f} % quantile",
        )
    fits = [(threshold, fit_pareto(above), above) for threshold, above in usable]
    for place, (threshold, fit, excesses) in enumerate(fits[:-1]):
        if len(excesses) < _LEAST_EXCEEDANCES:
            break
        width = _shape_width(fit, len(excesses))
        stable = all(
            abs(other.shape - fit.shape) <= width + _shape_width(other, len(rest))
            for _, other, rest in fits[place + 1 :]
        )
        if stable and _LIGHTEST < fit.shape < _HEAVIEST and _fits(fit, excesses):
            return _described(latencies, threshold, fit, excesses)
    heavy = min(fit.shape for _, fit, _ in fits) >= _HEAVIEST
    why = (
        "its shape is above a half: several causes are mixed, and no level can be read off"
        if heavy
        else "no threshold gives a stable fit: the largest latencies are not of one kind"
    )
    return Tail(fitted=False, words=f"no tail is fitted: {why}")


def _above(latencies: Sequence[float], threshold: float) -> list[float]:
    return [value - threshold for value in latencies if value > threshold]


def _shape_width(fit: Pareto, n: int) -> float:
    """Half of the 95 % interval of the shape, from its asymptotic variance (1 + ξ)²/n."""
    return _STANDARD * (1.0 + fit.shape) / math.sqrt(n)


def survival(fit: Pareto, excess: float) -> float:
    """The probability that what is above the threshold is more than an excess.

    Args:
        fit: The distribution.
        excess: What is above the threshold.
    """
    if abs(fit.shape) < 1e-9:  # noqa: PLR2004 - the exponential limit
        return exponential(-excess / fit.scale)
    inside = 1.0 + fit.shape * excess / fit.scale
    return exponential(-logarithm(inside) / fit.shape) if inside > 0.0 else 0.0


def _fits(fit: Pareto, excesses: Sequence[float]) -> bool:
    """Kolmogorov's test at 5 %."""
    n = len(excesses)
    distance = 0.0
    for place, excess in enumerate(sorted(excesses)):
        share = 1.0 - survival(fit, excess)
        distance = max(distance, abs(share - place / n), abs(share - (place + 1) / n))
    return distance * math.sqrt(n) <= _KOLMOGOROV


def level(fit: Pareto, ratio: float) -> float:
    """What is exceeded by one in so many of the values above the threshold.

    Args:
        fit: The distribution.
        ratio: How many, at least one.
    """
    if abs(fit.shape) < 1e-9:  # noqa: PLR2004 - the exponential limit
        return fit.scale * logarithm(ratio)
    return fit.scale * (exponential(fit.shape * logarithm(ratio)) - 1.0) / fit.shape


def _level_bounds(fit: Pareto, excesses: Sequence[float], ratio: float) -> tuple[float, float]:
    """The interval of a level by profile likelihood: shapes are searched, the level fixes the scale."""
    middle = level(fit, ratio)

    def drop(value: float) -> float:
        def likelihood(shape: float) -> float:
            unit = Pareto(shape=shape, scale=1.0, log_likelihood=0.0)
            return _log_likelihood(excesses, shape, value / level(unit, ratio))

        width = 2.5 * _shape_width(fit, len(excesses))
        low = max(fit.shape - width, -0.95)
        step = (fit.shape + width - low) / _SHAPES
        shapes = [low + step * i for i in range(_SHAPES + 1)]
        return fit.log_likelihood - max(map(likelihood, shapes)) - _CHI_HALF

    return (
        _crossing(drop, max(excesses) * 1e-3, middle),
        _crossing(drop, 50.0 * middle, middle),
    )


def _crossing(drop: Callable[[float], float], outside: float, inside: float) -> float:
    for _ in range(_HALVINGS):
        middle = 0.5 * (outside + inside)
        outside, inside = (middle, inside) if drop(middle) > 0.0 else (outside, middle)
    return 0.5 * (outside + inside)


def _log_likelihood(excesses: Sequence[float], shape: float, scale: float) -> float:
    if abs(shape) < 1e-9:  # noqa: PLR2004 - the exponential limit
        return -len(excesses) * logarithm(scale) - summed(excesses) / scale
    inside = [1.0 + shape * x / scale for x in excesses]
    if min(inside) <= 0.0:
        return -math.inf
    logs = summed(map(logarithm, inside))
    return -len(excesses) * logarithm(scale) - (1.0 + 1.0 / shape) * logs


def _described(
    latencies: Sequence[float], threshold: float, fit: Pareto, excesses: Sequence[float]
) -> Tail:
    n = len(latencies)
    period = _BEYOND * n
    ratio = period * len(excesses) / n
    width = _shape_width(fit, len(excesses))
    low, high = _level_bounds(fit, excesses, ratio)
    index = extremal_index([value > threshold for value in latencies])
    clustered = (
        f"; they come in clusters (extremal index {index:.2f}): not independent, so the intervals are too narrow"
        if index < _DEPENDENT
        else f"; they hardly cluster (extremal index {index:.2f})"
    )
    return Tail(
        fitted=True,
        words=f"{len(excesses)} exceedances, shape {fit.shape:.2f} ± {width:.2f}{clustered}",
        threshold=threshold,
        exceedances=len(excesses),
        shape=fit.shape,
        shape_bounds=(fit.shape - width, fit.shape + width),
        scale=fit.scale,
        extremal_index=index,
        return_period=period,
        return_level=threshold + level(fit, ratio),
        return_bounds=(threshold + low, threshold + high),
    )
