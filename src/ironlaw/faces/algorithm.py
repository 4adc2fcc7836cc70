"""What a draft, and each kind of change, does for a step: as plain data and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.system.drafting import Drafting, drafting

if TYPE_CHECKING:
    from ironlaw.explore.attribution import Attribution
    from ironlaw.system.speculation import Speculation

_DRAFT_LEN = 4


def asked_draft(
    draft: str | None,
    acceptance: float | tuple[float, ...] | None,
    draft_len: int | None,
    tp: int | None = None,
) -> Drafting | None:
    """A draft as the options of a question name it, None where they name none.

    Args:
        draft: A decoder, or "ngram".
        acceptance: The probability that a drafted token is right if those before it were; or one for each.
        draft_len: Tokens of a round; 4, or as many as there are acceptances.
        tp: Chips that share the draft's matrices.

    Raises:
        DomainError: for an acceptance or a length without a draft, or a draft without its acceptance.
    """
    if draft is None:
        for name, value in (("acceptance", acceptance), ("draft_len", draft_len), ("draft_tp", tp)):
            if value is not None:
                raise DomainError(name, value, "the questions that name a draft")
        return None
    if acceptance is None:
        domain = "the questions that say how many of its tokens are right: acceptance, from 0 to 1"
        raise DomainError("draft", draft, domain)
    usual = _DRAFT_LEN if isinstance(acceptance, (int, float)) else len(acceptance)
    return drafting(draft, acceptance, usual if draft_len is None else draft_len, tp)


def numbers(name: str, said: str | None) -> float | tuple[float, ...] | None:
    """A number, or several with commas between them, as an option has them.

    Args:
        name: The option.
        said: What was written after it.

    Raises:
        DomainError: if it is neither.
    """
    if said is None:
        return None
    try:
        found = tuple(float(part) for part in said.split(","))
    except ValueError:
        raise DomainError(name, said, "a number, or several with commas between them") from None
    return found[0] if len(found) == 1 else found


def speculation_data(found: Speculation) -> dict[str, object]:
    """Speculative decoding as plain data, in SI units, of one chip."""
    draft = found.draft
    return {
        "draft": None if draft is None else draft.scenario.decoder.name,
        "draft_len": found.draft_len,
        "acceptance": list(found.acceptance),
        "speedup": float(found.speedup),
        "tokens_per_round": found.tokens_per_round,
        "flops_per_token_ratio": float(found.flops_ratio),
        "traffic_per_token_ratio": float(found.traffic_ratio),
        "break_even_tokens": float(found.break_even),
        "round_s": float(found.round_time),
        "draft_s": float(found.draft_time),
        "verify_s": float(found.verify.step),
        "time_per_token_s": float(found.time_per_token),
        "footprint_B": float(found.footprint),
        "feasible": float(found.spare) >= 0.0,
        "over_by_B": max(-float(found.spare), 0.0),
        "notes": list(found.notes),
    }


def speculation_lines(found: Speculation) -> list[str]:
    """Speculative decoding in sentences."""
    speedup = float(found.speedup)
    verdict = "pays" if speedup > 1.0 else "loses"
    lines = [
        f"speculation {verdict}: {significant(speedup)}× with {found.draft_len} drafted tokens, "
        f"{significant(found.tokens_per_round)} made a round "
        f"(even at {significant(float(found.break_even))}): "
        f"draft {with_prefix(float(found.draft_time), 's')}, check {with_prefix(float(found.verify.step), 's')}",
        f"for each token {significant(float(found.flops_ratio))}× the FLOPs and "
        f"{percent(float(found.traffic_ratio))} of the bytes",
    ]
    over = -float(found.spare)
    if over > 0.0:
        lines.append(
            f"target and draft together are {with_prefix(over, 'B')} over the chip's memory"
        )
    return [*lines, *(f"note: {note}" for note in found.notes)]


def waterfall_data(found: Attribution) -> dict[str, object]:
    """A speed-up taken apart, as plain data."""
    return {
        "before_s": found.before,
        "after_s": found.after,
        "speedup": found.speedup,
        "bars": [
            {
                "means": share.optimization.means.value,
                "label": share.optimization.label,
                "before_s": share.before,
                "after_s": share.after,
                "speedup_in_order": share.in_order,
                "speedup_fair": share.fair,
                "shapley_log2": share.doublings,
            }
            for share in found.shares
        ],
        "machine": found.side("machine"),
        "algorithm": found.side("algorithm"),
    }


def waterfall_lines(found: Attribution) -> list[str]:
    """A speed-up taken apart, in sentences."""
    bars = [
        f"  {significant(share.in_order)}× in this order, {significant(share.fair)}× in any: "
        f"{share.optimization.label}"
        for share in found.shares
    ]
    machine, algorithm = (significant(found.side(side)) for side in ("machine", "algorithm"))
    return [
        f"{with_prefix(found.before, 's')} → {with_prefix(found.after, 's')} a token or step, "
        f"{significant(found.speedup)}×:",
        *bars,
        f"  machine {machine}× · algorithm {algorithm}×",
    ]
