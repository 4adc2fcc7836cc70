"""What a draft, and each kind of change, does for a step: as plain data and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from ironlaw.base.errors import DomainError
from ironlaw.instruments.scale import percent, significant, with_prefix
from ironlaw.system.acceptance import BEST

if TYPE_CHECKING:
    from ironlaw.explore.attribution import Attribution
    from ironlaw.system.drafting import Drafting
    from ironlaw.system.speculation import Speculation

_DRAFT_LEN = 4


class AskedDraft(TypedDict, total=False):
    """The options of a question that name a draft, as they were written.

    Attributes:
        acceptance: Probabilities with commas between depths and slashes between candidates.
        draft_len: A whole number, or "best".
        draft_tp: Chips that share the draft's matrices.
        draft_tree: Children with commas between depths.
    """

    acceptance: str | None
    draft_len: str | None
    draft_tp: int | None
    draft_tree: str | None


def asked_draft(draft: str | None, **asked: Unpack[AskedDraft]) -> Drafting | None:
    """A draft as the options of a question name it, None where they name none.

    Args:
        draft: A decoder, "ngram" or "mtp".
        **asked: How good its tokens are, and how many; 4, or as many as there are acceptances or depths.

    Raises:
        DomainError: for an option without a draft, a draft without its acceptance, or what cannot be read.
    """
    if draft is None:
        for name, value in asked.items():
            if value is not None:
                raise DomainError(name, value, "the questions that name a draft")
        return None
    acceptance = asked.get("acceptance")
    if acceptance is None:
        domain = "the questions that say how many of its tokens are right: acceptance, from 0 to 1"
        raise DomainError("draft", draft, domain)
    from ironlaw.system.drafting import drafting

    shape = asked.get("draft_tree")
    tree = None if shape is None else tuple(_whole("draft_tree", part) for part in shape.split(","))
    alphas = _acceptances(acceptance, 1 if tree is None else len(tree))
    length = _length(asked.get("draft_len"))
    if length is None and tree is None and isinstance(alphas, float):
        length = _DRAFT_LEN
    return drafting(draft, alphas, length, asked.get("draft_tp"), tree=tree)


def _length(said: str | None) -> int | str | None:
    return said if said is None or said == BEST else _whole("draft_len", said)


def _whole(name: str, said: str) -> int:
    try:
        return int(said)
    except ValueError:
        domain = "the whole numbers" + (f" and {BEST!r}" if name == "draft_len" else "")
        raise DomainError(name, said, domain) from None


def _acceptances(said: str, depths: int) -> float | tuple[float | tuple[float, ...], ...]:
    """Probabilities with commas between depths and slashes between candidates; one of them serves all depths."""
    domain = "a number, or several with commas between depths and slashes between candidates"
    try:
        found = [tuple(float(rank) for rank in part.split("/")) for part in said.split(",")]
    except ValueError:
        raise DomainError("acceptance", said, domain) from None
    each = [ranks[0] if len(ranks) == 1 else ranks for ranks in found]
    if len(each) > 1:
        return tuple(each)
    return each[0] if isinstance(each[0], float) else (each[0],) * depths


def speculation_data(found: Speculation) -> dict[str, object]:
    """Speculative decoding as plain data, in SI units."""
    draft, joules = found.draft, found.joules
    known = None if isinstance(joules, str) else joules
    data: dict[str, object] = {
        "draft": None if draft is None else draft.scenario.decoder.name,
        "draft_len": found.draft_len,
        "draft_len_chosen": "best" if found.tried else "given",
        "draft_tree": list(found.tree),
        "drafted_tokens": found.nodes,
        "acceptance": list(found.acceptance),
        "speedup": float(found.speedup),
        "tokens_per_round": found.tokens_per_round,
        "flops_per_token_ratio": float(found.flops_ratio),
        "traffic_per_token_ratio": float(found.traffic_ratio),
        "joules_per_token": None if known is None else float(known.drafted),
        "joules_per_token_ratio": None if known is None else float(known.ratio),
        "joules_missing": joules if isinstance(joules, str) else None,
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
    if found.tried:
        data["draft_lengths"] = [
            {"draft_len": one.draft_len, "speedup": float(one.speedup)} for one in found.tried
        ]
    return data


def speculation_lines(found: Speculation) -> list[str]:
    """Speculative decoding in sentences."""
    speedup = float(found.speedup)
    verdict = "pays" if speedup > 1.0 else "loses"
    lines = [
        f"speculation {verdict}: {significant(speedup)}× with {_drafted(found)}, "
        f"{significant(found.tokens_per_round)} made a round "
        f"(even at {significant(float(found.break_even))}): "
        f"draft {with_prefix(float(found.draft_time), 's')}, check {with_prefix(float(found.verify.step), 's')}",
        f"for each token {significant(float(found.flops_ratio))}× the FLOPs, "
        f"{percent(float(found.traffic_ratio))} of the bytes and {_energy(found)}",
    ]
    if found.tried:
        curve = ", ".join(
            f"{one.draft_len}: {significant(float(one.speedup))}×" for one in found.tried
        )
        lines.append(f"the best draft length of those tried, tokens: speed-up: {curve}")
    over = -float(found.spare)
    if over > 0.0:
        lines.append(
            f"target and draft together are {with_prefix(over, 'B')} over the chip's memory"
        )
    return [*lines, *(f"note: {note}" for note in found.notes)]


def _drafted(found: Speculation) -> str:
    """What is drafted in a round, in words."""
    if found.nodes > found.draft_len:
        shape = ", ".join(str(children) for children in found.tree)
        return f"a tree of {found.nodes} drafted tokens ({shape} after each)"
    return f"{found.draft_len} drafted token{'s' * (found.draft_len > 1)}"


def _energy(found: Speculation) -> str:
    """Joules of a token, or why there are none, in words."""
    joules = found.joules
    if isinstance(joules, str):
        return f"joules unknown: {joules}"
    before, after = (with_prefix(float(one), "J") for one in (joules.plain, joules.drafted))
    return f"{percent(float(joules.ratio))} of the joules ({before} → {after})"


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
