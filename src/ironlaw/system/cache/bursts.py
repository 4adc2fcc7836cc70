"""Rounds of rows as bursts: a row touches each of its lines in one run, and only lines of one set disturb each other.

Which lines a round touches, how often and in which order depends on the place of its first row within a line alone:
rows that begin at the same place share a plan. A line whose set no other line of the round shares needs one visit,
however narrow the loads are; the others are visited touch by touch, in an order that the plan holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from ironlaw.system.cache.geometry import CacheGeometry
    from ironlaw.system.cache.layout import Matrices

Pattern: TypeAlias = "tuple[tuple[int, ...], tuple[int, ...]]"
"""The touches of a group: which of its lines each is of, in order of appearance, and whose row touches it."""


class Burst(NamedTuple):
    """The touches of one line by the loads of one row.

    Attributes:
        line: Number of the line, counted from the first one of the round.
        slot: Whose row it is: the number of the gate within the round.
        times: When it is touched, in loads of the round.
    """

    line: int
    slot: int
    times: range


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Bursts of one round whose lines share a set.

    Attributes:
        distinct: Their lines, each once, in order of appearance.
        pattern: What decides, with the state of the set, which touches miss.
        streams: Most lines that are walked at once.
    """

    distinct: tuple[int, ...]
    pattern: Pattern
    streams: int


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A round: row j of every gate that is walked together.

    Attributes:
        alone: Line and slot of the bursts that share their set with no other of the round.
        groups: The others, set by set.
        touches: Accesses of the round.
        slots: Rows that are read together.
    """

    alone: tuple[tuple[int, int], ...]
    groups: tuple[Group, ...]
    touches: int
    slots: int


def plan_of(matrices: Matrices, slots: int, phase: int, cache: CacheGeometry) -> Plan:
    """The plan of a round.

    Args:
        matrices: What is walked.
        slots: Gates whose rows are read together, load by load.
        phase: Bytes from the boundary of a line to the row of the first of them [B].
        cache: The cache.
    """
    by_set: dict[int, list[Burst]] = {}
    touches = 0
    for slot in range(slots):
        for burst in _bursts(matrices, slots, slot, phase, cache.line):
            by_set.setdefault(burst.line % cache.sets, []).append(burst)
            touches += len(burst.times)
    alone = tuple((b[0].line, b[0].slot) for b in by_set.values() if len(b) == 1)
    groups = tuple(_group(bursts) for bursts in by_set.values() if len(bursts) > 1)
    return Plan(alone, groups, touches, slots)


def _bursts(matrices: Matrices, slots: int, slot: int, phase: int, line: int) -> list[Burst]:
    """The bursts of one row, first line first; a load that lies across two lines touches both."""
    begin = phase + slot * matrices.gate_stride
    end, width = begin + matrices.row_size, matrices.walk.load_width
    found: list[Burst] = []
    for number in range(begin // line, (end - 1) // line + 1):
        first = (max(begin, number * line) - begin) // width
        last = (min(end, (number + 1) * line) - 1 - begin) // width
        times = range(first * slots + slot, last * slots + slot + 1, slots)
        found.append(Burst(number, slot, times))
    return found


def _group(bursts: list[Burst]) -> Group:
    """The bursts of one set, merged in time; the lines of one load are touched in the order of their addresses."""
    order = sorted(
        (time, burst.line, index) for index, burst in enumerate(bursts) for time in burst.times
    )
    distinct = tuple(dict.fromkeys(burst.line for burst in bursts))
    touched: list[tuple[int, int]] = []
    for _, line, index in order:
        touch = (distinct.index(line), bursts[index].slot)
        if not touched or touched[-1][0] != touch[0]:  # the same line again: nothing changes
            touched.append(touch)
    return Group(
        distinct=distinct,
        pattern=(tuple(line for line, _ in touched), tuple(slot for _, slot in touched)),
        streams=_walked_at_once(bursts),
    )


def _walked_at_once(bursts: list[Burst]) -> int:
    """The most lines between their first and their last touch at the same time."""
    most = 0
    for burst in bursts:
        now = burst.times.start
        at_once = {b.line for b in bursts if b.times[0] <= now <= b.times[-1]}
        most = max(most, len(at_once))
    return most
