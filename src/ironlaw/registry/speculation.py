"""Speculative decoding as its authors measured it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.registry.facts import data_folder, read_sheet

if TYPE_CHECKING:
    from ironlaw.registry.facts import FactSheet


class MeasuredRound(NamedTuple):
    """A measured speed-up by a draft.

    Attributes:
        task: What was generated.
        draft: The draft's size.
        temperature: 0 where the likeliest token is taken.
        draft_len: Tokens that were drafted in a round, gamma.
        acceptance: Share of the drafted tokens that were right if those before them were, alpha.
        draft_cost: Time of a step of the draft over that of the target, c.
        speedup: Time without the draft over that with it.
    """

    task: str
    draft: str
    temperature: float
    draft_len: int
    acceptance: float
    draft_cost: float
    speedup: float


@lru_cache(maxsize=1)
def speculation_sheet() -> FactSheet:
    """Every measured figure with its source.

    Example:
        >>> speculation_sheet().fact("t5-xxl.cost.small").kind
        'recalled'
    """
    text = data_folder().joinpath("speculation.toml").read_text(encoding="utf-8")
    return read_sheet("speculation", text)


@lru_cache(maxsize=1)
def measured_rounds() -> tuple[MeasuredRound, ...]:
    """The rounds of T5-XXL that Leviathan 2023 measured, as the paper lists them.

    Example:
        >>> measured_rounds()[0].speedup
        3.4
    """
    sheet, place = speculation_sheet(), "t5-xxl.round"
    return tuple(
        MeasuredRound(
            task=sheet.texts[f"{place}.{name}.task"],
            draft=sheet.texts[f"{place}.{name}.draft"],
            temperature=sheet.number(f"{place}.{name}.temperature"),
            draft_len=int(sheet.number(f"{place}.{name}.draft_len")),
            acceptance=sheet.number(f"{place}.{name}.acceptance"),
            draft_cost=sheet.number(f"t5-xxl.cost.{sheet.texts[f'{place}.{name}.draft']}"),
            speedup=sheet.number(f"{place}.{name}.speedup"),
        )
        for name in sheet.children(place)
    )
