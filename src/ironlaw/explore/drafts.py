"""A draft over many batches and lengths: where it pays, where it loses, and which length is best."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Unpack, cast

from ironlaw.base.errors import DomainError
from ironlaw.system.acceptance import BEST
from ironlaw.system.drafting import Drafting, speculated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.system.question import Ask
    from ironlaw.system.speculation import Speculation


class DraftPoint(NamedTuple):
    """A round of speculation at some batch.

    Attributes:
        batch: Sequences, B.
        draft_len: Tokens in a row that are drafted, gamma.
        speedup: Time of a token without the draft over that with it.
        time_per_token: Time of a round for each token of a sequence that it makes [s].
        flops_ratio: Work for each token over that without the draft.
        traffic_ratio: Bytes for each token over those without the draft.
        joules_ratio: Energy of a token over that without the draft; None where the chip's file lacks energy facts.
        feasible: Whether target and draft fit the memory.
    """

    batch: int
    draft_len: int
    speedup: float
    time_per_token: float
    flops_ratio: float
    traffic_ratio: float
    joules_ratio: float | None
    feasible: bool


def draft_point(found: Speculation) -> DraftPoint:
    """A round of single numbers as a point.

    Args:
        found: The round.
    """
    joules = found.joules
    return DraftPoint(
        batch=int(found.plain.scenario.request.batch),
        draft_len=found.draft_len,
        speedup=float(found.speedup),
        time_per_token=float(found.time_per_token),
        flops_ratio=float(found.flops_ratio),
        traffic_ratio=float(found.traffic_ratio),
        joules_ratio=None if isinstance(joules, str) else float(joules.ratio),
        feasible=float(found.spare) >= 0.0,
    )


def speedups_over_batch(
    model: str, chip: str, draft: Drafting, batches: Sequence[int], **ask: Unpack[Ask]
) -> tuple[DraftPoint, ...]:
    """A draft at each of several batches; of the best length each has its own.

    Answers are kept, so that asking again costs nothing: lists in the question are tuples, and files are read once.

    Args:
        model: The target, as in `scenario`.
        chip: As in `scenario`.
        draft: The draft.
        batches: Sequences, B.
        **ask: As in `scenario`, of the target, without the batch.

    Raises:
        DomainError: as `speculated` does.

    Example:
        >>> from ironlaw.system.drafting import drafting
        >>> draft = drafting("llama-3-8b", 0.8, 4)
        >>> alone, crowd = speedups_over_batch("llama-3-70b", "h100-sxm", draft, (1, 256), tp=8, context=1024)
        >>> alone.speedup > 1.0 > crowd.speedup
        True
    """
    return tuple(_round(model, chip, draft, _kept({**ask, "batch": batch}))[0] for batch in batches)


def speedups_over_length(
    model: str, chip: str, draft: Drafting, **ask: Unpack[Ask]
) -> tuple[DraftPoint, ...]:
    """A draft at each length from 1 to that of the longest.

    Args:
        model: The target, as in `scenario`.
        chip: As in `scenario`.
        draft: A draft of the best length, from `drafting(..., draft_len="best")`.
        **ask: As in `scenario`, of the target.

    Raises:
        DomainError: for a draft of one length, or as `speculated` does.
    """
    if not draft.best:
        raise DomainError("draft_len", len(draft.acceptance), BEST)
    return _round(model, chip, draft, _kept({**ask}))[1]


def first_loss(points: Sequence[DraftPoint]) -> int | None:
    """The smallest batch from which on no point is faster than decoding without the draft; None if the last one is.

    Args:
        points: See `speedups_over_batch`.
    """
    lost: int | None = None
    for point in sorted(points, reverse=True):
        if point.speedup > 1.0:
            break
        lost = point.batch
    return lost


def _kept(ask: dict[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(ask.items()))


@lru_cache(maxsize=512)
def _round(
    model: str, chip: str, draft: Drafting, ask: tuple[tuple[str, object], ...]
) -> tuple[DraftPoint, tuple[DraftPoint, ...]]:
    """A round, and those of all lengths that it was chosen from."""
    found = speculated(model, chip, draft, **cast("Ask", dict(ask)))
    return draft_point(found), tuple(draft_point(one) for one in found.tried)
