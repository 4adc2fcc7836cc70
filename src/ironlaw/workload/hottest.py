"""The most wanted expert and the chip with most rows: what a layer of experts waits for."""

from __future__ import annotations

import random
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import ceil, maximum, minimum, square_root, summed, where
from ironlaw.base.power import exp2, log2
from ironlaw.workload.router import Law, counted, inclusion, of_tokens
from ironlaw.workload.routing import hottest_rank

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from ironlaw.base.number import Number

    _Chips: TypeAlias = tuple[tuple[float, ...], ...]
    _Form: TypeAlias = Callable[[Law, Number], Number]

_LN2 = 0.6931471805599453
_PLACEMENTS = 32  # of experts on chips, where nobody says which one is popular
_TIGHTNESS = (1.0, 0.5, 0.25, 0.125)  # of the bound on a largest number, in units of √(2 ln n)/σ
_LEAST = -1000.0  # two to less than that is nothing


def mean_of_largest(means: Sequence[float], variances: Sequence[float], tokens: Number) -> Number:
    r"""An upper bound of the mean of the largest of some counts, each normal about its mean.

    $$ \langle \max_r c_r \rangle \le \frac{1}{t} \ln \sum_r e^{t T m_r + t^2 T v_r / 2} $$

    Any t > 0 gives a bound; the least of four is taken. Counts that are alike have Tm + √(2 T v ln n), and one that
    stands far above the others little more than its mean.

    Args:
        means: Mean of each count for one token, m.
        variances: Variance of each for one token, v.
        tokens: Tokens, T.

    Source:
        Jensen's inequality for e^{t max}; Boucheron, Lugosi and Massart 2013, section 2.5.

    Example:
        >>> mean_of_largest((0.5, 0.0), (0.0, 0.0), 4.0)
        2.0
    """
    top, widest = max(means), max(variances)
    if len(means) == 1 or widest <= 0.0:
        return top * tokens
    spread = 2.0 * log2(float(len(means))) * _LN2
    scale = square_root(spread / (widest * tokens))
    bounds: list[Number] = []
    for tightness in _TIGHTNESS:
        t = tightness * scale
        total: Number = 0.0
        for mean, variance in zip(means, variances, strict=True):
            height = t * tokens * (mean - top + 0.5 * t * variance) / _LN2
            total = total + exp2(maximum(height, _LEAST))
        bounds.append(top * tokens + log2(total) * _LN2 / t)
    least = bounds[0]
    for bound in bounds[1:]:
        least = minimum(least, bound)
    return least


@of_tokens
def largest_count(law: Law, tokens: Number) -> Number:
    """Rows of the most wanted expert, in the mean over batches: a bound, see `mean_of_largest`.

    Args:
        law: Routing, number of experts and k.
        tokens: Tokens, T.
    """
    likely, rows = inclusion(law), law.routing.counts
    found = mean_of_largest(likely, [p * (1.0 - p) for p in likely], tokens)
    found = maximum(minimum(found, tokens), ceil(tokens * float(law.top_k) / law.n_experts))
    return counted(law, tokens, max(rows), found) if rows else found


@of_tokens
def hottest_rows(law: Law, tokens: Number) -> Number:
    """Rows of the chip with most of them, in the mean over batches: a bound, see `mean_of_largest`.

    Rows of a chip spread as Hájek has it for conditional Poisson sampling, which is exact for even routing. Where a
    power law does not say who is popular, the mean is over 32 placements of the experts.

    Args:
        law: Routing, experts, k and chips.
        tokens: Tokens, T.

    Source:
        Hájek 1964, asymptotic theory of rejective sampling, for the variance.

    Example:
        >>> from ironlaw.workload.router import EVEN
        >>> round(hottest_rows(Law(EVEN, 256, 8, 8), 64.0), 1)  # 64 in the mean
        79.1
    """
    if law.ranks == 1:
        return tokens * float(law.top_k)
    found = _mean([_rows(law, chips, tokens) for chips in placements(law)])
    hot = _counted_chip(law)
    return counted(law, tokens, float(summed(hot)), found) if hot else found


@of_tokens
def hottest_active(law: Law, tokens: Number) -> Number:
    """Experts of the chip with most rows that get at least one of them.

    The probabilities of the chip that has most rows in the mean are raised until they give the rows of the hottest.

    Args:
        law: Routing, experts, k and chips.
        tokens: Tokens, T.
    """
    found = _mean([_active(law, chips, tokens) for chips in placements(law)])
    hot = _counted_chip(law)
    return counted(law, tokens, float(len(hot) - hot.count(0)), found) if hot else found


def row_tiles(law: Law, tokens: Number, height: int) -> Number:
    r"""Tiles of a height that the rows of the chip with most of them fill, expert by expert.

    $$ \sum_i \max(a_i, (T \pi_i + a_i (h - 1) / 2) / h), \qquad a_i = 1 - (1 - \pi_i)^T $$

    An expert that is asked for has at least one tile, and the last of its tiles is half full in the mean.

    Args:
        law: Routing, experts, k and chips.
        tokens: Tokens, T.
        height: Rows of a tile, h.

    Example:
        >>> from ironlaw.workload.router import Routing
        >>> row_tiles(Law(Routing(shares=(0.75, 0.25), counts=(24.0, 8.0)), 2, 1), 32.0, 16)
        3.0
    """
    return _tiles_of(height)(law, tokens)


@lru_cache(maxsize=8)
def _tiles_of(height: int) -> _Form:
    """The form of one height, which remembers its answers."""

    @of_tokens
    def tiles(law: Law, tokens: Number) -> Number:
        found = _mean([_tiles(law, chips, tokens, height) for chips in placements(law)])
        hot = _counted_chip(law)
        exact = float(summed(-(-rows // height) for rows in hot))
        return counted(law, tokens, exact, found) if hot else found

    return tiles


def _mean(values: Sequence[Number]) -> Number:
    return summed(values) / len(values)


@lru_cache(maxsize=256)
def _counted_chip(law: Law) -> tuple[int, ...]:
    """The rows that were counted on the chip with most of them; none where the routing is no count."""
    rows = tuple(int(count) for count in law.routing.counts)
    return hottest_rank(rows, law.ranks) if rows else ()


def _rows(law: Law, chips: _Chips, tokens: Number) -> Number:
    """Rows of the hottest chip in one placement: at least the mean, at most all that its experts can get."""
    if law.ranks == 1:
        return tokens * float(law.top_k)
    each = law.n_experts // law.ranks
    means = [summed(chip) for chip in chips]
    spreads = [summed(p * (1.0 - p) for p in chip) for chip in chips]
    total = summed(spreads)
    variances = [0.0] * law.ranks
    if total > 0.0:
        wider = law.n_experts / (law.n_experts - 1.0)
        variances = [wider * v * (1.0 - v / total) for v in spreads]
    rows = mean_of_largest(means, variances, tokens)
    rows = minimum(rows, tokens * float(min(law.top_k, each)))
    return maximum(rows, ceil(tokens * float(law.top_k) / law.ranks))


class _Asked(NamedTuple):
    """Experts of the hottest chip that are alike: how many, the rows of one, whether one has any."""

    often: float
    rows: Number
    active: Number


def _hot(law: Law, chips: _Chips, tokens: Number) -> list[_Asked]:
    """The experts of the hottest chip, their probabilities raised until they give its rows."""
    if isinstance(tokens, (float, int)):
        return _hot_of(law, chips, float(tokens))
    return _raised(law, chips, tokens)


@lru_cache(maxsize=1024)
def _hot_of(law: Law, chips: _Chips, tokens: float) -> list[_Asked]:
    return _raised(law, chips, tokens)


def _raised(law: Law, chips: _Chips, tokens: Number) -> list[_Asked]:
    hot = max(chips, key=summed)
    factor = _rows(law, chips, tokens) / (summed(hot) * tokens)
    often: dict[float, float] = {}
    for p in hot:
        often[p] = often.get(p, 0.0) + 1.0
    found: list[_Asked] = []
    for p, count in often.items():
        likely = minimum(p * factor, 1.0)
        found.append(_Asked(count, tokens * likely, _asked_for(likely, tokens)))
    return found


def _active(law: Law, chips: _Chips, tokens: Number) -> Number:
    return summed(one.often * one.active for one in _hot(law, chips, tokens))


def _tiles(law: Law, chips: _Chips, tokens: Number, height: int) -> Number:
    found: Number = 0.0
    for one in _hot(law, chips, tokens):
        filled = (one.rows + one.active * (height - 1.0) / 2.0) / height
        found = found + one.often * maximum(one.active, filled)
    return found


def _asked_for(p: Number, tokens: Number) -> Number:
    """1 − (1 − p)^T of a probability that may depend on T, too."""
    left = 1.0 - p
    height = tokens * log2(maximum(left, 1e-300))
    return 1.0 - where(left > 0.0, exp2(maximum(height, _LEAST)), 0.0)


@lru_cache(maxsize=256)
def placements(law: Law) -> tuple[_Chips, ...]:
    """The probabilities chip by chip: in the order given, or shuffled where only a power law is known.

    Args:
        law: Routing, experts, k and chips.
    """
    likely = inclusion(law)
    if law.ranks == 1 or law.routing.shares or law.routing.is_even:
        return (_dealt(likely, law.ranks),)
    found: list[_Chips] = []
    for number in range(_PLACEMENTS):
        chance = random.Random(f"{law.n_experts} {number}")  # noqa: S311 - a reproducible draw, no secret
        keys = [chance.random() for _ in likely]
        shuffled = tuple(p for _, p in sorted(zip(keys, likely, strict=True)))
        found.append(_dealt(shuffled, law.ranks))
    return tuple(found)


def _dealt(likely: tuple[float, ...], ranks: int) -> _Chips:
    each = len(likely) // ranks
    return tuple(likely[start : start + each] for start in range(0, len(likely), each))
