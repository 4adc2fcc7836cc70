"""What becomes of drafted tokens: how many a chain or a tree of them makes in a round, and how many are checked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_count, require_positive, summed

if TYPE_CHECKING:
    from collections.abc import Sequence

    Acceptance: TypeAlias = "float | Sequence[float | Sequence[float]]"
    """One probability for all depths, or one for each; in place of one a tuple by rank of the candidate."""

LONGEST = 32
"""Tokens in a row that a draft may propose in a round."""

BEST = "best"
"""The draft length that makes a token the soonest."""

MOST_NODES = 1024
"""Tokens that a tree may hold."""

_ROUNDING = 1e-9


def branches(tree: Sequence[int]) -> tuple[int, ...]:
    """The children of a node at each depth of a tree of drafted tokens.

    Args:
        tree: Candidates after each token of the depth before.

    Raises:
        DomainError: for a tree of no depth, a node of no children, or more tokens than are checked in a step.

    Example:
        >>> branches([4, 2, 1])
        (4, 2, 1)
    """
    _require_list("draft_tree", tree)
    found = tuple(tree)
    for children in found:
        require_count("draft_tree", children)
    if not 1 <= len(found) <= LONGEST:
        raise DomainError("draft_tree", list(found), f"the trees of 1 to {LONGEST} depths")
    whole = tuple(int(children) for children in found)
    if tree_nodes(whole) > MOST_NODES:
        domain = f"the trees of 1 to {MOST_NODES} tokens: it has {tree_nodes(whole)}"
        raise DomainError("draft_tree", list(whole), domain)
    return whole


def level_widths(tree: Sequence[int]) -> tuple[int, ...]:
    """Tokens at each depth of a tree.

    Args:
        tree: See `branches`.

    Example:
        >>> level_widths((4, 2, 1))
        (4, 8, 8)
    """
    widths: list[int] = []
    for children in tree:
        widths.append(children * (widths[-1] if widths else 1))
    return tuple(widths)


def tree_nodes(tree: Sequence[int]) -> int:
    """Tokens of a tree: those that the target checks beside its own.

    Args:
        tree: See `branches`.

    Example:
        >>> tree_nodes((4, 2, 1)), tree_nodes((1, 1, 1))
        (20, 3)
    """
    total = 0
    for width in level_widths(tree):
        total += width
    return total


def acceptances(
    acceptance: Acceptance, length: int, tree: Sequence[int] | None = None
) -> tuple[float, ...]:
    r"""The probability at each depth that a candidate is right if the token before it was.

    $$ A = \sum_{k=1}^{b} p_k, \quad p_k = \alpha (1 - \alpha)^{k-1} \Rightarrow A = 1 - (1 - \alpha)^b $$

    Args:
        acceptance: Of all depths, or one for each. A number is that of the best candidate, alpha: of several each is
            taken to be right with alpha where those before it are wrong. A tuple has that of each candidate by rank, p.
        length: Tokens in a row, gamma: the depth of the tree.
        tree: Candidates at each depth, b; one each if None.

    Raises:
        DomainError: for a draft of no tokens, a probability outside [0, 1], or a list of another length.

    Source:
        Sequoia (Chen 2024): acceptance by rank of the candidate.

    Example:
        >>> acceptances(0.8, 3), acceptances(0.5, 2, (3, 1)), acceptances([(0.6, 0.2), 0.5], 2, (2, 1))
        ((0.8, 0.8, 0.8), (0.875, 0.5), (0.8, 0.5))
    """
    require_count("draft_len", length)
    if length > LONGEST:
        raise DomainError("draft_len", length, f"1 to {LONGEST}")
    length = int(length)
    if isinstance(acceptance, (int, float)):
        each: tuple[float | Sequence[float], ...] = (acceptance,) * length
    else:
        _require_list("acceptance", acceptance)
        each = tuple(acceptance)
    if len(each) != length:
        raise DomainError("acceptance", list(each), f"the lists of {length}, one a drafted token")
    children = (1,) * length if tree is None else tuple(tree)
    return tuple(_any_of(one, count) for one, count in zip(each, children, strict=True))


def independent(acceptance: Acceptance, tree: Sequence[int] | None) -> bool:
    """Whether some depth of a tree has several candidates and says only how often the best one is right.

    Args:
        acceptance: As in `acceptances`.
        tree: See `branches`.
    """
    if tree is None:
        return False
    each = [acceptance] * len(tree) if isinstance(acceptance, (int, float)) else list(acceptance)
    return any(
        isinstance(one, (int, float)) and count > 1 for one, count in zip(each, tree, strict=True)
    )


def tokens_per_round(acceptance: Sequence[float]) -> float:
    r"""Tokens that a round makes on average: the accepted ones and the target's own.

    $$ E = \sum_{i=0}^{\gamma} \prod_{j \le i} \alpha_j = \frac{1 - \alpha^{\gamma + 1}}{1 - \alpha} $$

    The finite sum holds where the closed form does not, at alpha = 1.

    Args:
        acceptance: The probability at each depth that a candidate is right if the token before it was.

    Source:
        Leviathan 2023, equation 1.

    Example:
        >>> round(tokens_per_round((0.8,) * 5), 3), tokens_per_round((1.0,) * 4), tokens_per_round((0.0, 1.0))
        (3.689, 5.0, 1.0)
    """
    chain, reached = 1.0, [1.0]
    for alpha in acceptance:
        chain *= alpha
        reached.append(chain)
    return summed(reached)


def formula_speedup(
    acceptance: Sequence[float], *, draft_cost: float, verify: float = 1.0
) -> float:
    r"""The speed-up by a draft, from times that are known.

    $$ s = E / (\gamma c + v) $$

    Args:
        acceptance: The probability of each drafted token to be right if those before it were.
        draft_cost: Time of a step of the draft over one of the target, c.
        verify: Time of the check over a step of the target, v; 1 where it costs no more.

    Raises:
        DomainError: for a cost that is negative, or a check that takes no time.

    Source:
        Leviathan 2023, theorem 3.8, with v = 1.

    Example:
        >>> round(formula_speedup((0.8,) * 4, draft_cost=0.05), 2)
        2.8
    """
    require_positive("verify", verify)
    if isinstance(draft_cost, bool) or not 0.0 <= draft_cost < math.inf:
        raise DomainError("draft_cost", draft_cost, "[0, ∞)")
    return tokens_per_round(acceptance) / (len(acceptance) * draft_cost + verify)


def _any_of(one: float | Sequence[float], candidates: int) -> float:
    """The probability that one of so many candidates is right."""
    if isinstance(one, (int, float)):
        alpha = _probability(one)
        wrong = 1.0
        for _ in range(candidates - 1):
            wrong *= 1.0 - alpha
        return alpha if candidates == 1 else 1.0 - wrong * (1.0 - alpha)
    _require_list("acceptance", one)
    if len(one) < candidates:
        raise DomainError("acceptance", one, f"the lists of {candidates}, one a candidate")
    whole = summed([_probability(rank) for rank in one])
    if whole > 1.0 + _ROUNDING:
        raise DomainError("acceptance", list(one), "the lists that add up to 1 at the most")
    return min(summed([float(rank) for rank in one[:candidates]]), 1.0)


def _require_list(name: str, value: object) -> None:
    if not isinstance(value, (tuple, list)):
        raise DomainError(name, value, "the numbers and lists of them")


def _probability(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0.0 <= value <= 1.0:
        raise DomainError("acceptance", value, "the probabilities from 0 to 1")
    return float(value)
