"""Speculative decoding asked in names and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Unpack, cast

from ironlaw.system.question import Ask, scenario
from ironlaw.system.speculation import Speculation, acceptances, speculate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.workload.network import Network

NGRAM = "ngram"
"""A draft that is read off the text itself: it takes no time."""

_OWN = (
    "batch",
    "context",
    "phase",
    "fusions",
    "ep",
    "pp",
    "tp",
)  # what a draft does not take over as it stands


class Drafting(NamedTuple):
    """Who drafts, and how well.

    Attributes:
        model: A decoder, as in `scenario`; "ngram" where proposing costs nothing.
        acceptance: The probability that each drafted token is right if those before it were.
        tp: Chips that share the draft's matrices; as many as share the target's if None.
    """

    model: str
    acceptance: tuple[float, ...]
    tp: int | None = None


def drafting(
    model: str, acceptance: float | Sequence[float], draft_len: int, tp: int | None = None
) -> Drafting:
    """A draft.

    Args:
        model: A decoder, as in `scenario`, or "ngram".
        acceptance: The probability that a drafted token is right if those before it were, alpha; or one for each.
        draft_len: Tokens that are drafted in a round, gamma.
        tp: Chips that share the draft's matrices.

    Raises:
        DomainError: for a length or a probability outside its range.
    """
    return Drafting(model, acceptances(acceptance, draft_len), tp)


def speculated(model: str | Network, chip: str, draft: Drafting, **ask: Unpack[Ask]) -> Speculation:
    """Speculative decoding of a model on a node.

    The draft runs on the target's chips, in the same formats where it is not published in its own, fused and launched
    in the same way.

    Args:
        model: The target, as in `scenario`.
        chip: As in `scenario`.
        draft: The draft.
        **ask: As in `scenario`, of the target.

    Raises:
        DomainError: as `scenario` and `speculate` do.
    """
    target = scenario(model, chip, **ask)
    if draft.model == NGRAM:
        return speculate(target, None, draft.acceptance)
    kept = {name: value for name, value in ask.items() if name not in _OWN}
    request = target.request
    kept.update(
        tp=request.tensor_parallel if draft.tp is None else draft.tp,
        batch=request.batch,
        context=request.context_len,
    )
    return speculate(target, scenario(draft.model, chip, **cast("Ask", kept)), draft.acceptance)
