"""Routing of tokens to experts as the benchmarks draw it: balanced, or by a power law of popularity."""

from __future__ import annotations

import random
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed
from ironlaw.base.power import power

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST = 0.8  # share of the tokens that the most popular expert draws at most
_FEW = (0.01, 2.0)  # range of the popularity where there are fewer rows than experts
_DRAWS = 3  # draws of a power law that are averaged


def balanced_counts(tokens: int, n_experts: int, top_k: int) -> tuple[int, ...]:
    """Rows of each expert where token t goes to the experts (t + j · s) mod E, j < k, s = ⌈E/k⌉.

    Where there are fewer tokens than s they spread over it: ⌊t · s / T⌋ takes the place of t.

    Args:
        tokens: Tokens, T.
        n_experts: Experts, E.
        top_k: Experts of a token, k.

    Example:
        >>> balanced_counts(3, 4, 2)
        (2, 1, 2, 1)
    """
    _require_routing(tokens, n_experts, top_k)
    whole, rest = divmod(tokens, n_experts)
    counts = [whole * top_k] * n_experts
    stride = -(-n_experts // top_k)
    firsts = [token * stride // tokens if tokens < stride else token for token in range(rest)]
    for choice in range(top_k):
        for first in firsts:
            counts[(first + choice * stride) % n_experts] += 1
    return tuple(counts)


@lru_cache(maxsize=16384)
def power_law_counts(
    tokens: int, n_experts: int, top_k: int, exponent: float, draw: int = 0
) -> tuple[int, ...]:
    """Rows of each expert where popularity follows a power law; a draw, the same for the same arguments.

    Args:
        tokens: Tokens, T.
        n_experts: Experts, E.
        top_k: Experts of a token, k.
        exponent: Of the power law, above 1.
        draw: Number of the draw.

    Returns:
        Counts that add up to T · k, none above T.

    Raises:
        DomainError: for an exponent that is not above 1.
    """
    _require_routing(tokens, n_experts, top_k)
    if not exponent > 1.0:
        raise DomainError("exponent", exponent, "the numbers above 1")
    low, high = (1.0, max(_MOST * tokens, 2.0)) if tokens * top_k > n_experts else _FEW
    chance = random.Random(f"{n_experts} {draw}")  # noqa: S311 - a reproducible draw, no secret
    first, last = _inverse_power(low, exponent), _inverse_power(high, exponent)
    drawn = [first + chance.random() * (last - first) for _ in range(n_experts)]
    popularity = [float(power(1.0 / value, 1.0 / (exponent - 1.0))) for value in drawn]
    return _apportioned(popularity, tokens, top_k)


def _inverse_power(value: float, exponent: float) -> float:
    """value^(1 − exponent)."""
    if value >= 1.0:
        return 1.0 / float(power(value, exponent - 1.0))
    return float(power(1.0 / value, exponent - 1.0))


def _apportioned(popularity: list[float], tokens: int, top_k: int) -> tuple[int, ...]:
    """Whole counts in proportion, the most popular experts first where rounding leaves some over."""
    rows, total = tokens * top_k, summed(popularity)
    counts = [min(round(rows * share / total), tokens) for share in popularity]
    order = sorted(range(len(counts)), key=lambda expert: -popularity[expert])
    missing = rows - int(summed(counts))
    while missing != 0:
        step = 1 if missing > 0 else -1
        for expert in order:
            if missing != 0 and 0 <= counts[expert] + step <= tokens:
                counts[expert] += step
                missing -= step
    return tuple(counts)


def hottest_rank(counts: tuple[int, ...], ranks: int) -> tuple[int, ...]:
    """The counts of the expert-parallel rank that has most rows.

    Args:
        counts: Rows of each expert.
        ranks: Ranks that the experts are dealt to in order; divides their number.
    """
    size = len(counts) // ranks
    parts = [counts[start : start + size] for start in range(0, size * ranks, size)]
    return max(parts, key=summed)


def measured_draws(
    tokens: int, n_experts: int, top_k: int, exponent: float, ranks: int
) -> list[tuple[int, ...]]:
    """The counts of the hottest rank in each of the draws that stand for a power law.

    Args:
        tokens: Tokens, T.
        n_experts: Experts, E.
        top_k: Experts of a token, k.
        exponent: Of the power law; 0 for balanced routing, which has one draw, of the first rank.
        ranks: Expert-parallel ranks.
    """
    if exponent == 0.0:
        return [balanced_counts(tokens, n_experts, top_k)[: n_experts // ranks]]
    draws = range(_DRAWS)
    return [
        hottest_rank(power_law_counts(tokens, n_experts, top_k, exponent, draw), ranks)
        for draw in draws
    ]


class Routed(NamedTuple):
    """What the draws of a routing ask of one chip, on average.

    Attributes:
        rows: Token-expert pairs.
        active_experts: Experts with at least one row.
        largest_count: Rows of the most wanted.
        tiles: Tiles of each height that the rows of all experts fill, the last of each in part.
    """

    rows: float
    active_experts: float
    largest_count: float
    tiles: tuple[float, ...]


def routed(draws: Sequence[tuple[int, ...]], heights: tuple[int, ...]) -> Routed:
    """The mean of the draws of a routing.

    Args:
        draws: Rows of each expert, draw by draw.
        heights: Rows of a tile.

    Example:
        >>> routed([(3, 0, 5)], (4,))
        Routed(rows=8.0, active_experts=2.0, largest_count=5.0, tiles=(3.0,))
    """
    n = float(len(draws))

    def mean(values: Iterable[float]) -> float:
        return summed(values) / n

    return Routed(
        rows=mean(summed(counts) for counts in draws),
        active_experts=mean(float(len(counts) - counts.count(0)) for counts in draws),
        largest_count=mean(float(max(counts)) for counts in draws),
        tiles=tuple(mean(summed(-(-r // h) for r in c) for c in draws) for h in heights),
    )


def _require_routing(tokens: int, n_experts: int, top_k: int) -> None:
    if tokens < 1:
        raise DomainError("tokens", tokens, "the whole numbers from 1")
    if not 1 <= top_k <= n_experts:
        raise DomainError("top_k", top_k, f"1 to the {n_experts} experts")
