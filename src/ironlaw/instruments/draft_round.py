"""A round of speculation: what a draft proposes, what of it stands, and what the round takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.equation import Equation, Symbol, Term
from ironlaw.base.number import summed
from ironlaw.base.plain import plain_fields
from ironlaw.instruments.scale import significant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.system.speculation import Speculation


@dataclass(frozen=True, slots=True)
class DraftedToken:
    """A token, or frame, of a round, and the probability that it is kept."""

    label: str
    chance: float


@dataclass(frozen=True, slots=True)
class RoundPart:
    """What a round spends its time with [s], or its energy [J] where the picture is of that."""

    id: str
    label: str
    time: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The picture of a round.

    Attributes:
        title: It in a sentence.
        tokens: What is drafted, in order, and last what the target makes itself.
        plain: One token without a draft.
        parts: What the round spends its time with, one after the other.
        note: What follows from it.
        what: What is drafted, as a plural noun.
        unit: Of all parts: "s", or "J" where a round is counted in energy.
    """

    title: str
    tokens: tuple[DraftedToken, ...]
    plain: RoundPart
    parts: tuple[RoundPart, ...]
    note: str = ""
    what: str = "tokens"
    unit: str = "s"

    @property
    def expected(self) -> float:
        """Tokens that a round makes on average."""
        return summed(token.chance for token in self.tokens)

    @property
    def time(self) -> float:
        """Time of the round [s]."""
        return summed(part.time for part in self.parts)

    @property
    def even(self) -> float:
        """Tokens that a round has to make for the draft to cost no time."""
        return self.time / self.plain.time

    def to_dict(self) -> dict[str, object]:
        """The picture as plain data, its equation with it."""
        return {
            "title": self.title,
            "unit": self.unit,
            "what": self.what,
            "tokens": [plain_fields(token) for token in self.tokens],
            "plain": plain_fields(self.plain),
            "parts": [plain_fields(part) for part in self.parts],
            "expected": self.expected,
            "even": self.even,
            "note": self.note,
            "peek": self.equation().to_dict(),
        }

    def equation(self) -> Equation:
        """The gain as tokens a round over those at which it costs nothing."""
        (name, spent), letter = _GAINS[self.unit], "T" if self.unit == "s" else "E"
        parts = tuple(
            Symbol(letter, part.label, part.time, self.unit, part.id) for part in self.parts
        )
        tokens = "E" if self.unit == "s" else "n"
        made = Symbol(tokens, f"{self.what} that a round makes", self.expected, "")
        plain = Symbol(letter, self.plain.label, self.plain.time, self.unit, self.plain.id)
        return Equation(
            title=name,
            left=Symbol(
                "s",
                f"{spent} for each of the {self.what} without the draft over that with it",
                None,
                "",
            ),
            right=Term("fraction", (Term("product", (made, plain)), Term("sum", parts))),
            source="Leviathan et al. 2023, with the check diagnosed as a step of its own",
        )


_GAINS = {"s": ("Speed-up by the draft", "time"), "J": ("Joules saved by the draft", "energy")}


def chances(acceptance: Sequence[float]) -> tuple[DraftedToken, ...]:
    """The tokens of a round: each drafted one is kept if it and all before it are right; the last is the target's own.

    Args:
        acceptance: The probability that each drafted token is right if those before it were.

    Example:
        >>> [token.chance for token in chances((0.5, 0.5))]
        [0.5, 0.25, 1.0]
    """
    chain, found = 1.0, list[DraftedToken]()
    for number, alpha in enumerate(acceptance, start=1):
        chain *= alpha
        found.append(DraftedToken(f"{number}", chain))
    return (*found, DraftedToken("own", 1.0))


def round_of(found: Speculation) -> Round:
    """The round of a speculation.

    Args:
        found: A speculation of single numbers.
    """
    draft, target = found.draft, found.plain.scenario.decoder
    proposing = (
        ()
        if draft is None
        else (
            RoundPart(
                "draft",
                f"{found.draft_len} step{'s' * (found.draft_len > 1)} of {draft.scenario.decoder.title}",
                float(found.draft_time),
            ),
        )
    )
    verify = RoundPart(
        "verify",
        f"{found.nodes + 1} tokens checked by {target.title}",
        float(found.verify.step),
    )
    speedup = float(found.speedup)
    pays = "pays" if speedup > 1.0 else "loses"
    return Round(
        title=f"The draft {pays}: {significant(found.tokens_per_round)} tokens a round, even at "
        f"{significant(float(found.break_even))}",
        tokens=chances(found.acceptance),
        plain=RoundPart("plain", "one step without a draft", float(found.plain.step)),
        parts=(*proposing, verify),
        note=" ".join(found.notes),
    )
