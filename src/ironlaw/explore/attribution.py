"""How much of a speed-up each change is owed: in the order in which they were made, and in no order at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_positive, summed
from ironlaw.base.power import exp2, log2

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST = 12
"""Changes that can be told apart: each set of them is timed once."""


class Means(Enum):
    """What a change works on."""

    PRECISION = "precision"
    FUSION = "fusion"
    ALGORITHM = "algorithm"
    CHIP = "chip"

    @property
    def side(self) -> str:
        """Whether the machine is used better, or something else is computed."""
        return "algorithm" if self is Means.ALGORITHM else "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimization:
    """A change that can be made or left.

    Attributes:
        id: Its name in a set.
        label: Its name in words.
        means: What it works on.
    """

    id: str
    label: str
    means: Means


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one change is owed.

    Attributes:
        optimization: The change.
        before: Time before it, in the order taken [s].
        after: Time after it, in the order taken [s].
        doublings: Its Shapley share of log2 of the whole speed-up; it may be negative.
    """

    optimization: Optimization
    before: float
    after: float
    doublings: float

    @property
    def in_order(self) -> float:
        """Its speed-up in the order taken."""
        return self.before / self.after

    @property
    def fair(self) -> float:
        """Its speed-up whatever the order: the factors of all changes multiply to the whole."""
        return float(exp2(self.doublings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """A speed-up taken apart.

    Attributes:
        before: Time with none of the changes [s].
        after: Time with all of them [s].
        shares: What each is owed, in the order taken.
        times: Time under every set of them, by their ids [s].
    """

    before: float
    after: float
    shares: tuple[Share, ...]
    times: dict[frozenset[str], float]

    @property
    def speedup(self) -> float:
        """Time before over time after."""
        return self.before / self.after

    @property
    def doublings(self) -> float:
        """Binary logarithm of the speed-up: what the shares add up to."""
        return float(log2(self.speedup))

    def fair(self, means: Means) -> float:
        """The speed-up that all changes of a means are owed."""
        owed = (x.doublings for x in self.shares if x.optimization.means is means)
        return float(exp2(summed(owed)))

    def side(self, side: str) -> float:
        """The speed-up that the machine, or the algorithm, is owed.

        Args:
            side: "machine" or "algorithm".
        """
        owed = (x.doublings for x in self.shares if x.optimization.means.side == side)
        return float(exp2(summed(owed)))


def attribute(
    optimizations: Sequence[Optimization], time: Callable[[frozenset[str]], float]
) -> Attribution:
    r"""Share a speed-up out among the changes that made it.

    $$ \phi_i = \sum_{S \not\ni i} \frac{|S|! (n - |S| - 1)!}{n!} (v(S \cup i) - v(S)),
       v(S) = \log_2 \frac{t(\emptyset)}{t(S)} $$

    Speed-ups multiply, so their logarithms are what is shared: the shares add up to that of the whole, two changes that
    do the same are owed the same, and one that does nothing is owed nothing.

    Args:
        optimizations: The changes in the order taken, 12 at most; no two of one id.
        time: Time under a set of them, by their ids [s]; asked once for each set.

    Returns:
        Each change's speed-up in the order taken, and its Shapley share.

    Raises:
        DomainError: for no change, too many, an id twice, or a time that is not positive.

    Source:
        Shapley 1953.

    Example:
        >>> names = (("a", Means.FUSION), ("b", Means.PRECISION))
        >>> changes = [Optimization(id=name, label=name, means=means) for name, means in names]
        >>> found = attribute(changes, lambda made: 8.0 / (4.0 if len(made) == 2 else 2.0 if "a" in made else 1.0))
        >>> [(share.in_order, share.doublings) for share in found.shares]
        [(2.0, 1.5), (2.0, 0.5)]
    """
    ids = [change.id for change in optimizations]
    if not 1 <= len(ids) <= MOST:
        raise DomainError("optimizations", len(ids), f"1 to {MOST} changes")
    if len(set(ids)) < len(ids):
        raise DomainError("optimizations", ids, "the lists that name no change twice")
    times = {made: time(made) for made in _sets(ids)}
    for made, found in times.items():
        require_positive(f"time of {sorted(made)}", found)
    return _shared_out(optimizations, times)


def reordered(found: Attribution, ids: Sequence[str]) -> Attribution:
    """The same changes taken in another order: the bars move, the Shapley shares do not.

    Args:
        found: The changes.
        ids: Their ids in the new order.

    Raises:
        DomainError: if that is not each of them once.
    """
    known = {share.optimization.id: share.optimization for share in found.shares}
    if sorted(ids) != sorted(known):
        raise DomainError("order", list(ids), f"each of {', '.join(known)} once")
    return _shared_out([known[name] for name in ids], found.times)


def _shared_out(
    optimizations: Sequence[Optimization], times: dict[frozenset[str], float]
) -> Attribution:
    """The bars in this order, and the Shapley shares, from the time under every set."""
    ids = [change.id for change in optimizations]
    before = times[frozenset()]
    gains = {made: float(log2(before / found)) for made, found in times.items()}
    shares: list[Share] = []
    for number, change in enumerate(optimizations):
        until, beyond = frozenset(ids[:number]), frozenset(ids[: number + 1])
        owed = _shapley(change.id, ids, gains)
        shares.append(
            Share(
                optimization=change,
                before=times[until],
                after=times[beyond],
                doublings=owed,
            )
        )
    return Attribution(
        before=before, after=times[frozenset(ids)], shares=tuple(shares), times=times
    )


def _sets(ids: Sequence[str]) -> list[frozenset[str]]:
    return [frozenset(made) for size in range(len(ids) + 1) for made in combinations(ids, size)]


def _shapley(name: str, ids: Sequence[str], gains: dict[frozenset[str], float]) -> float:
    """The mean over all orders of what a change adds to those before it."""
    others = sorted(each for each in ids if each != name)  # so that the order leaves no rounding
    added: list[float] = []
    for size in range(len(others) + 1):
        befores = [frozenset(made) for made in combinations(others, size)]
        weight = 1.0 / (len(ids) * len(befores))
        added += [weight * (gains[made | {name}] - gains[made]) for made in befores]
    return summed(added)
