"""Knobs of a fusion workbench: a toggle for each legal fusion, levels that set them all, and sets that cannot stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.instruments.fusion_words import fusion_words, refusal_words
from ironlaw.lab.knobs import Choice, Control, Toggle, turned
from ironlaw.lab.refusal import RefusedError
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.fusion_board import Board

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob

PREFIX = "fuse:"
OWN = "own"
LOOKS = ("layer", "profiler")
"""Knobs that look at the last run and cost none."""

DECODER_LEVELS = (
    (FusionLevel.NONE.value, "None: each operator alone"),
    (FusionLevel.PARTIAL.value, "Partial: projections, norms, rotary, softmax"),
    (FusionLevel.FULL.value, "Full: attention and epilogues too"),
    (OWN, "Own: a set of yours"),
)
"""What the levels fuse in a decoder."""
NETWORK_LEVELS = (
    (FusionLevel.NONE.value, "None: each operator alone"),
    (FusionLevel.PARTIAL.value, "Partial: norm and activation with their convolution"),
    (FusionLevel.FULL.value, "Full: reductions too, no copy to concatenate"),
    (OWN, "Own: a set of yours"),
)
"""What they fuse in a network."""

Knobs = Mapping[str, "Knob"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FusionKnobs:
    """The knobs of a bench.

    Attributes:
        controls: All but the fusions, the level among them.
        fusions: A toggle for each fusion that is legal at some knobs.
        board: The legal fusions at some knobs.
    """

    controls: tuple[Control, ...]
    fusions: tuple[Toggle, ...]
    board: Callable[[Knobs], Board]

    @property
    def all(self) -> tuple[Control, ...]:
        """Everything that can be turned."""
        return (*self.controls, *self.fusions)


def level_control(
    level: FusionLevel, levels: tuple[tuple[str, str], ...] = DECODER_LEVELS
) -> Choice:
    """The picker of a level.

    Args:
        level: Where it stands at first.
        levels: The levels in words.
    """
    options = tuple((name, text, None) for name, text in levels)
    return Choice(id="level", label="Fusion", value=level.value, options=options, group="fusion")


def fusion_toggles(boards: tuple[Board, ...], level: FusionLevel) -> tuple[Toggle, ...]:
    """A toggle for each fusion of some boards.

    Args:
        boards: The first is the one at the knobs' start values.
        level: The level at which they start.
    """
    stands = boards[0].lean(boards[0].level(level))
    names = dict.fromkeys(name for board in boards for name in board.names)
    return tuple(
        Toggle(id=PREFIX + name, label=fusion_words(name), value=name in stands) for name in names
    )


def chosen(knobs: Knobs) -> frozenset[str]:
    """The set of fusions that stands.

    Args:
        knobs: Where the knobs stand.
    """
    return frozenset(
        name.removeprefix(PREFIX)
        for name, value in knobs.items()
        if name.startswith(PREFIX) and value
    )


def run_knobs(knobs: Knobs) -> dict[str, Knob]:
    """The knobs that a run depends on; the level is only a name of the set."""
    return {name: value for name, value in knobs.items() if name not in (*LOOKS, "level")}


def turned_fusions(bench: FusionKnobs, knobs: Knobs, change: Knobs) -> dict[str, Knob]:
    """The knobs after some were turned: a level sets every fusion, a fusion makes the set one's own.

    Args:
        bench: The knobs of the bench.
        knobs: Where they stand.
        change: New values by knob.

    Raises:
        DomainError: for a knob that does not exist or a value that it cannot take.
        RefusedError: for fusions that cannot stand together, naming the knob and saying why.
    """
    values = turned(bench.all, knobs, change)
    board = bench.board(values)
    toggled = [name for name in change if name.startswith(PREFIX)]
    if values["level"] != OWN and ("level" in change or not toggled):
        stands = board.level(FusionLevel(values["level"]))
    else:
        stands = chosen(knobs).intersection(board.names)
    if len(toggled) == 1:
        stands = _with_toggle(board, stands, toggled[0], is_on=bool(values[toggled[0]]))
    else:
        named = {name.removeprefix(PREFIX): bool(values[name]) for name in toggled}
        stands = stands.difference(named).union(name for name, is_on in named.items() if is_on)
    refusal = board.refusal(stands)
    if refusal is not None:
        field = f"knobs.{toggled[0]}" if toggled else "knobs.level"
        raise RefusedError(field, refusal_words(refusal))
    stands = stands if len(toggled) == 1 else board.lean(stands)
    names = {toggle.id: toggle.id.removeprefix(PREFIX) in stands for toggle in bench.fusions}
    kept = not toggled or change.get("level") == OWN
    return {**values, **names, "level": values["level"] if kept else level_of(board, stands)}


def _with_toggle(board: Board, stands: frozenset[str], knob: str, *, is_on: bool) -> frozenset[str]:
    """The set after one fusion was turned; one that follows from others is on already.

    Raises:
        RefusedError: for one that follows from others and is to be turned off.
    """
    name = knob.removeprefix(PREFIX)
    problem = follows(board, stands, name)
    if problem is not None and not is_on:
        raise RefusedError(f"knobs.{knob}", problem)
    if problem is not None:
        return stands
    return stands | {name} if is_on else stands - {name}


def level_of(board: Board, stands: frozenset[str]) -> str:
    """The level that a set is, or that it is one's own.

    Args:
        board: The legal fusions.
        stands: The set.
    """
    holds = board.closed(stands)
    return next((level.value for level in FusionLevel if board.level(level) == holds), OWN)


def objection(board: Board, stands: frozenset[str], name: str) -> str | None:
    """Why a fusion cannot be turned from where it stands; None if it can.

    Args:
        board: The legal fusions.
        stands: The set that stands.
        name: The fusion.
    """
    refusal = board.refusal(stands ^ {name})
    return follows(board, stands, name) or (None if refusal is None else refusal_words(refusal))


def follows(board: Board, stands: frozenset[str], name: str) -> str | None:
    """From what a fusion follows; None if it does not.

    Args:
        board: The legal fusions.
        stands: The set that stands.
        name: The fusion.
    """
    others = stands - {name}
    if name not in board.closed(others):
        return None
    members = next(set(choice.members) for choice in board.choices if choice.name == name)
    causes = [
        fusion_words(choice.name)
        for choice in board.choices
        if choice.name in others and not members.isdisjoint(choice.members)
    ]
    more = f" and {len(causes) - 1} more" if len(causes) > 1 else ""
    return f"follows from {causes[0]}{more}: turn that off first"
