"""Two frames row by row on one scale: the one that is looked at beside the median one, and what is late in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ironlaw.base.plain import plain_fields
from ironlaw.instruments.kernel_table import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ItemKind = Literal["operator", "call", "kernel", "copy", "wait", "other"]
NANOSECOND = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that happened in a frame.

    Attributes:
        id: Its name in verdicts.
        label: As the trace shows it.
        kind: What it is.
        row: Where it stands.
        stage: The part of the frame in which it starts; empty where the trace marks none.
        start: From the start of the frame [ns]; below zero where it began earlier.
        duration: How long it lasted [ns].
        holds: Whether it holds what happens inside it: then only its length counts, not when it starts.
        detail: What else was recorded of it, in words.
    """

    id: str
    label: str
    kind: ItemKind
    row: str
    stage: str
    start: int
    duration: int
    holds: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """An item as it is drawn; times from the start of its frame [s].

    Attributes:
        id: Its name in verdicts.
        label: As the trace shows it.
        kind: What it is.
        stage: The part of the frame in which it starts.
        start: When it begins.
        duration: How long it lasts.
        excess: How much longer, and later after the one before it, than in the median frame.
    """

    id: str
    label: str
    kind: ItemKind
    stage: str
    start: float
    duration: float
    excess: float


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of both frames."""

    id: str
    label: str
    frame: tuple[Slice, ...]
    median: tuple[Slice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanesPicture:
    """Both frames; span and deadline [s]."""

    title: str
    span: float
    deadline: float | None
    rows: tuple[Lane, ...]
    selected: str | None

    def to_dict(self) -> dict[str, object]:
        """The picture as plain data."""
        return plain_fields(self)


@dataclass(frozen=True, slots=True)
class Late:
    """An item beside its like in the median frame; all times [ns].

    Attributes:
        item: The item.
        usual: How long its like lasts there; zero where there is none.
        gap: From the end of what stands before it on its row.
        usual_gap: The same in the median frame.
    """

    item: Item
    usual: int
    gap: int
    usual_gap: int

    @property
    def excess(self) -> int:
        """Longer and later than in the median frame."""
        return self.item.duration - self.usual + self.gap - self.usual_gap


def aligned(frame: Sequence[Item], median: Sequence[Item]) -> tuple[Late, ...]:
    """Each item of a frame beside the one of the same row, name and turn in the median frame.

    Args:
        frame: Items of the frame.
        median: Items of the median frame.
    """
    usual = {key: (item, gap) for key, item, gap in _numbered(median)}
    found: list[Late] = []
    for key, item, gap in _numbered(frame):
        if key in usual:
            like, like_gap = usual[key]
            found.append(Late(item, like.duration, gap, like_gap))
        else:
            found.append(Late(item, 0, gap, gap))
    return tuple(found)


def _numbered(items: Sequence[Item]) -> Iterable[tuple[tuple[str, str, int], Item, int]]:
    """Items in the order of their start, each with its row, name and turn, and the gap before it on its row [ns].

    What holds others has no gap: it is the others that are late.
    """
    seen: dict[tuple[str, str], int] = {}
    ends: dict[str, int] = {}
    for item in sorted(items, key=lambda one: (one.start, -one.duration, one.id)):
        turn = seen.get((item.row, item.label), 0)
        seen[item.row, item.label] = turn + 1
        gap = 0
        if not item.holds:
            gap = max(item.start - ends.get(item.row, 0), 0)
            ends[item.row] = max(ends.get(item.row, 0), item.start + item.duration)
        yield (item.row, item.label, turn), item, gap


def lanes_picture(
    title: str,
    frame: Sequence[Item],
    median: Sequence[Item],
    labels: Mapping[str, str],
    selected: str | None,
    deadline: float | None,
) -> LanesPicture:
    """Both frames on one scale.

    Args:
        title: It in a sentence.
        frame: Items of the frame.
        median: Items of the median frame.
        labels: Rows in the order in which they are drawn, in words; a row without any item is left out.
        selected: The item that is looked at.
        deadline: What a frame may take [s].
    """
    here = _slices(aligned(frame, median))
    usual = _slices(aligned(median, median))
    ends = [item.start + item.duration for item in (*frame, *median)]
    return LanesPicture(
        title=title,
        span=max(ends, default=0) * NANOSECOND,
        deadline=deadline,
        rows=tuple(
            Lane(row, label, tuple(here.get(row, ())), tuple(usual.get(row, ())))
            for row, label in labels.items()
            if row in here or row in usual
        ),
        selected=selected,
    )


def _slices(found: Sequence[Late]) -> dict[str, list[Slice]]:
    """What is drawn, by row; what began before the frame is drawn from its start."""
    rows: dict[str, list[Slice]] = {}
    for late in found:
        item = late.item
        start = max(item.start, 0)
        rows.setdefault(item.row, []).append(
            Slice(
                id=item.id,
                label=item.label,
                kind=item.kind,
                stage=item.stage,
                start=start * NANOSECOND,
                duration=(item.start + item.duration - start) * NANOSECOND,
                excess=late.excess * NANOSECOND,
            )
        )
    return rows


_COLUMNS = (
    Column("name", "event", ""),
    Column("row", "row", ""),
    Column("stage", "stage", ""),
    Column("start", "start", "s"),
    Column("time", "time", "s"),
    Column("median", "in the median frame", "s"),
    Column("excess", "excess", "s"),
    Column("detail", "recorded of it", ""),
)


def events_table(found: Sequence[Late], labels: Mapping[str, str], most: int) -> Table:
    """The items of a frame by their excess, the largest first.

    Args:
        found: Items beside those of the median frame.
        labels: Rows in words.
        most: How many are listed.
    """
    return Table(
        _COLUMNS,
        tuple(
            {
                "id": late.item.id,
                "name": late.item.label,
                "row": labels.get(late.item.row, late.item.row),
                "stage": late.item.stage,
                "start": max(late.item.start, 0) * NANOSECOND,
                "time": late.item.duration * NANOSECOND,
                "median": late.usual * NANOSECOND,
                "excess": late.excess * NANOSECOND,
                "detail": late.item.detail,
            }
            for late in by_excess(found)[:most]
        ),
    )


def by_excess(found: Iterable[Late]) -> list[Late]:
    """Items by how late they are, the latest first.

    Args:
        found: Items beside those of the median frame.
    """
    return sorted(found, key=lambda late: (-late.excess, late.item.start, late.item.id))
