"""What the ledger tells of a part, in a few lines: the prediction, reality, the defence, and words of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ironlaw.lab.part import Answers, Standing

Pairs: TypeAlias = "Iterable[tuple[str, str]]"
"""Labels and values."""

_KNOWN = ("reveal", "reflect", "ledger")  # beats at which the engine has spoken


def told(
    standing: Standing,
    *,
    predicted: Callable[[Answers], Pairs],
    computed: Callable[[], Pairs],
    defended: Pairs = (),
) -> list[tuple[str, str]]:
    """A part in a few lines; nothing is computed before its reveal.

    Args:
        standing: Where the learner stands.
        predicted: What was locked, from its answers.
        computed: What the engine says of it, asked from the reveal on.
        defended: What was tried, proved and defended.
    """
    pairs: list[tuple[str, str]] = []
    if standing.answers:
        pairs += predicted(standing.answers)
    if standing.at in _KNOWN:
        pairs += computed()
    pairs += defended
    sentence = (standing.verdicts or {}).get("sentence")
    return pairs if sentence is None else [*pairs, ("In your words", str(sentence.answer))]


def proof_words(standing: Standing) -> str:
    """Which attempt at the challenge held, or that none did.

    Args:
        standing: Where the learner stands.
    """
    held = standing.proved
    if held is None:
        return f"not proved in {len(standing.tries)} attempts"
    return f"attempt {held.number}, at {held.label}"
