"""How a router spreads tokens over experts: evenly, by a power law, or as it was counted.

A token asks for k different experts, and tokens do not know each other. What a batch asks for then depends on nothing
but the probability that a token asks for each expert: pi_i, which add up to k.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, wraps
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import summed, where
from ironlaw.base.power import power, whole_power
from ironlaw.base.recording import recorded

if TYPE_CHECKING:
    from collections.abc import Callable

    from ironlaw.base.number import Number

LARGEST_EXPONENT = 10.0
"""Of a power law: beyond it the first k experts serve every token."""

_E = 2.718281828459045


@dataclass(frozen=True, slots=True)
class Routing:
    """Who of the experts is wanted.

    Attributes:
        exponent: The r-th most wanted expert is r^(−exponent) as popular as the first; 0 where all are alike.
        shares: Share of the rows that each expert gets, in their order, adding up to 1; empty where a law says it.
        counts: Rows that each was counted to get, where the shares come from a count.
    """

    exponent: float = 0.0
    shares: tuple[float, ...] = ()
    counts: tuple[float, ...] = ()

    @property
    def is_even(self) -> bool:
        """Whether all experts are alike."""
        return self.exponent == 0.0 and not self.shares

    @property
    def name(self) -> str:
        """What it is, in a word or two."""
        if self.is_even:
            return "uniform"
        given = "counts" if self.counts else "shares"
        return given if self.shares else f"power-law:{self.exponent:g}"


EVEN = Routing()
"""Every set of k experts is as likely as any other."""


class Law(NamedTuple):
    """A routing over the experts of a layer, and how these are dealt to chips.

    Attributes:
        routing: Who is wanted.
        n_experts: Experts, N_e.
        top_k: Experts of a token, k.
        ranks: Chips that each hold N_e / ranks of them in their order, e.
    """

    routing: Routing
    n_experts: int
    top_k: int
    ranks: int = 1


def of_tokens(form: Callable[[Law, Number], Number]) -> Callable[[Law, Number], Number]:
    """A form of a law and of tokens that is written down on a tape, and worked out once for each number of tokens.

    Args:
        form: What it comes to, of a number or an array of tokens.
    """
    known = lru_cache(maxsize=4096)(form)

    @wraps(form)
    def asked(law: Law, tokens: Number) -> Number:
        noted = recorded(asked, law, tokens)
        if noted is not None:
            return noted
        if isinstance(tokens, (float, int)):
            return known(law, float(tokens))
        return form(law, tokens)

    return asked


def counted(law: Law, tokens: Number, exact: float, expected: Number) -> Number:
    """What was counted, at the number of tokens that it was counted of; elsewhere what is expected.

    Args:
        law: A routing that may hold counts.
        tokens: Tokens, T.
        exact: The figure of the count.
        expected: The figure by the shares alone.
    """
    return where(tokens == summed(law.routing.counts) / law.top_k, exact, expected)


def inclusion(law: Law) -> tuple[float, ...]:
    r"""The probability that a token asks for each expert.

    $$ \pi_i = \frac{w_i e_{k-1}(w_{\setminus i})}{e_k(w)}, \qquad w_r = r^{-s} $$

    Shares that are given decide it: pi_i = k · share. A power law gives weights, and a set of k experts is drawn with a
    probability in proportion to the product of its weights (conditional Poisson sampling: of all ways to draw k with
    these probabilities the one with most entropy). The elementary symmetric polynomials e_k are sums of positive
    products over the experts before and after i, so nothing cancels.

    Args:
        law: Routing, number of experts and k.

    Returns:
        One probability an expert, adding up to k.

    Source:
        Chen, Dempster and Liu 1994, weighted finite population sampling to maximize entropy.

    Example:
        >>> inclusion(Law(Routing(), 8, 2))[0], [round(p, 3) for p in inclusion(Law(Routing(1.0), 3, 2))]
        (0.25, [0.833, 0.667, 0.5])
    """
    return _inclusion(law.routing, law.n_experts, law.top_k)


@lru_cache(maxsize=256)
def _inclusion(routing: Routing, n_experts: int, top_k: int) -> tuple[float, ...]:
    if routing.shares:
        return tuple(min(top_k * share, 1.0) for share in routing.shares)
    if routing.is_even or top_k == n_experts:
        return (top_k / n_experts,) * n_experts
    middle = max(top_k / _E, 1.0)  # keeps the products of k weights near one
    weights = [float(power(middle / r, routing.exponent)) for r in range(1, n_experts + 1)]
    after = [_one(top_k)]
    for weight in reversed(weights):
        after.append(_with(after[-1], weight))
    before, found = _one(top_k), list[float]()
    for place, weight in enumerate(weights):
        rest = after[n_experts - place - 1]
        chosen = weight * summed(before[j] * rest[top_k - 1 - j] for j in range(top_k))
        passed = summed(before[j] * rest[top_k - j] for j in range(top_k + 1))
        found.append(chosen / (chosen + passed))
        before = _with(before, weight)
    return tuple(found)


def _one(top_k: int) -> list[float]:
    """The polynomial 1, up to the power k."""
    return [1.0] + [0.0] * top_k


def _with(polynomial: list[float], weight: float) -> list[float]:
    """Times 1 + weight · x, scaled so that the largest coefficient is one."""
    grown = [1.0 * polynomial[0]]
    grown += [high + weight * low for low, high in pairwise(polynomial)]
    largest = max(grown)
    return [coefficient / largest for coefficient in grown]


@of_tokens
def distinct(law: Law, tokens: Number) -> Number:
    r"""Experts of a layer that at least one token asks for, in the mean.

    $$ E_{active} = \sum_i 1 - (1 - \pi_i)^T $$

    Exact for any routing whose tokens do not know each other. A count is its own answer at its own number of tokens;
    elsewhere its shares are taken.

    Args:
        law: Routing, number of experts and k.
        tokens: Tokens, T.

    Example:
        >>> round(distinct(Law(EVEN, 8, 2), 8.0), 3), round(distinct(Law(Routing(1.0), 8, 2), 8.0), 3)
        (7.199, 6.507)
    """
    if law.routing.is_even:
        missed = (law.n_experts - law.top_k) / law.n_experts
        return law.n_experts * (1.0 - whole_power(missed, tokens))
    active = summed(1.0 - whole_power(1.0 - p, tokens) for p in inclusion(law))
    rows = law.routing.counts
    return counted(law, tokens, float(len(rows) - rows.count(0.0)), active) if rows else active
