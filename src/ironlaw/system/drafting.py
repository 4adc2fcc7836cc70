"""Speculative decoding asked in names and numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, Unpack, cast

from ironlaw.base.errors import DomainError
from ironlaw.system.acceptance import BEST, acceptances, branches, independent, tree_nodes
from ironlaw.system.question import Ask, scenario
from ironlaw.system.speculation import USUAL_LONGEST, Speculation, best_length, speculate
from ironlaw.workload.prediction import prediction_head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.system.acceptance import Acceptance
    from ironlaw.system.diagnosis import Scenario
    from ironlaw.workload.network import Network

NGRAM = "ngram"
"""A draft that is read off the text itself: it takes no time."""

MTP = "mtp"
"""A draft that is a further layer of the target itself: a head for multi-token prediction."""

_OWN = (
    "batch",
    "context",
    "phase",
    "fusions",
    "ep",
    "pp",
    "tp",
    *("routing", "experts", "top_k", "d_expert", "d_shared", "sparsity", "shared"),
)  # what a draft does not take over as it stands


class Drafting(NamedTuple):
    """Who drafts, and how well.

    Attributes:
        model: A decoder, as in `scenario`; "ngram" where proposing costs nothing; "mtp" for a layer of the target.
        acceptance: The probability at each depth that a candidate is right if the token before it was.
        tp: Chips that share the draft's matrices; as many as share the target's if None.
        tree: Candidates after each token of the depth before; one if None.
        best: Whether the best of all lengths up to this one is taken.
        independent: Whether further candidates are taken to be as good as the best where it is wrong.
    """

    model: str
    acceptance: tuple[float, ...]
    tp: int | None = None
    tree: tuple[int, ...] | None = None
    best: bool = False
    independent: bool = False


def drafting(
    model: str,
    acceptance: Acceptance,
    draft_len: int | str | None = None,
    tp: int | None = None,
    *,
    tree: Sequence[int] | None = None,
) -> Drafting:
    """A draft.

    Args:
        model: A decoder, as in `scenario`, "ngram" or "mtp".
        acceptance: The probability that a drafted token is right if those before it were, alpha; or one for each. Of a
            tree that of the best candidate, or a tuple of each candidate's by rank; see `acceptances`.
        draft_len: Tokens that are drafted in a round, gamma; "best" for the length that makes a token the soonest; as
            many as the list of acceptances or the tree has if None.
        tp: Chips that share the draft's matrices.
        tree: Candidates after each token of the depth before, such as (4, 2, 1).

    Raises:
        DomainError: for a length, a tree or a probability outside its range.

    Example:
        >>> drafting("ngram", 0.5, 3).acceptance, drafting("mtp", 0.5, tree=(2, 1)).acceptance
        ((0.5, 0.5, 0.5), (0.75, 0.5))
    """
    if model == NGRAM and tp is not None:
        raise DomainError("draft_tp", tp, "the drafts that run on chips: ngram does not")
    if tree is not None:
        return _of_tree(model, acceptance, draft_len, tp, branches(tree))
    best = draft_len == BEST
    if best or draft_len is None:
        draft_len = _most(acceptance, draft_len)
    if isinstance(draft_len, str):
        raise DomainError("draft_len", draft_len, f"the whole numbers and {BEST!r}")
    return Drafting(model, acceptances(acceptance, draft_len), tp, best=best)


def _most(acceptance: Acceptance, draft_len: int | str | None) -> int:
    """The longest draft that a probability for all positions, or one for each, has."""
    if not isinstance(acceptance, (int, float)):
        return len(acceptance)
    if draft_len is None:
        raise DomainError("draft_len", draft_len, f"the whole numbers and {BEST!r}")
    return USUAL_LONGEST


def _of_tree(
    model: str,
    acceptance: Acceptance,
    draft_len: int | str | None,
    tp: int | None,
    tree: tuple[int, ...],
) -> Drafting:
    if draft_len not in (None, len(tree)):
        domain = f"{len(tree)}, the depth of the tree"
        raise DomainError("draft_len", draft_len, domain)
    each = acceptances(acceptance, len(tree), tree)
    return Drafting(model, each, tp, tree, independent=independent(acceptance, tree))


def fixed(draft: Drafting, found: Speculation) -> Drafting:
    """A draft of the length that a round has, where the best was asked for.

    Args:
        draft: The draft.
        found: Its round.
    """
    return draft._replace(acceptance=found.acceptance, best=False)


def drafted_by(draft: Drafting) -> str:
    """What is drafted and by whom, in words.

    Args:
        draft: The draft.

    Example:
        >>> drafted_by(drafting("ngram", 0.5, 3)), drafted_by(drafting("mtp", 0.5, tree=(2, 1)))
        ('3 tokens drafted by n-grams', '4 tokens drafted by an MTP head')
    """
    who = {NGRAM: "n-grams", MTP: "an MTP head"}.get(draft.model, draft.model)
    count = len(draft.acceptance) if draft.tree is None else tree_nodes(draft.tree)
    return f"{count} token{'s' * (count > 1)} drafted by {who}"


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
        DomainError: as `scenario`, `speculate` and `best_length` do.
    """
    target = scenario(model, chip, **ask)
    proposer, notes = _proposer(target, chip, draft, ask)
    if draft.independent:
        notes = (*notes, _INDEPENDENT)
    if draft.best:
        found = best_length(target, proposer, draft.acceptance)
    else:
        found = speculate(target, proposer, draft.acceptance, draft.tree)
    return replace(found, notes=(*found.notes, *notes))


_INDEPENDENT = (
    "of several candidates each is taken to be right with the acceptance of the best where those before it are wrong, "
    "1 - (1 - a)^k together: an upper bound, because later candidates are worse"
)


def _proposer(
    target: Scenario, chip: str, draft: Drafting, ask: Ask
) -> tuple[Scenario | None, tuple[str, ...]]:
    """A step of the draft, and what is to be known of it."""
    if draft.model == NGRAM:
        return None, ()
    request = target.request
    if draft.model == MTP:
        if draft.tp not in (None, request.tensor_parallel):
            domain = f"{request.tensor_parallel}: the head shares the target's tables"
            raise DomainError("draft_tp", draft.tp, domain)
        return prediction_step(target), _head_notes(target, draft)
    kept = {name: value for name, value in ask.items() if name not in _OWN}
    kept.update(
        tp=request.tensor_parallel if draft.tp is None else draft.tp,
        batch=request.batch,
        context=request.context_len,
    )
    return scenario(draft.model, chip, **cast("Ask", kept)), ()


def prediction_step(target: Scenario) -> Scenario:
    """A step of the head for multi-token prediction that belongs to a target, in its layout and formats.

    Args:
        target: A step of the target; of a pipeline its last stage has the head.
    """
    return replace(
        target,
        spec=prediction_head(target.decoder),
        request=replace(target.request, pipeline_parallel=1),
        fusions=None,
        notes=(),
    )


def _head_notes(target: Scenario, draft: Drafting) -> tuple[str, ...]:
    spec, length = target.decoder, len(draft.acceptance)
    if not spec.mtp_layers:
        return (
            f"{spec.title} is published without layers that predict further tokens: one of the shape of its own layers "
            "is taken, and its acceptance is yours to know",
        )
    if length <= spec.mtp_layers:
        return ()
    layers = "1 layer" if spec.mtp_layers == 1 else f"{spec.mtp_layers} layers"
    return (
        f"{spec.title} is published with {layers} that predict further tokens: for tokens beyond them the last one "
        "runs again, on its own hidden state",
    )
