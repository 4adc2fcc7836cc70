"""Which lines the weights of a kernel fetch: every load of a step through a set-associative cache, exactly.

Three shortcuts leave every count as it is. A line that is touched again before any other of its set is a hit that
changes nothing, so a line alone in its set takes one visit for all its loads. Rows that begin at the same place within
a line share the plan of their visits. And where lines share a set, what their touches do depends on the state of the
set only up to the names of its lines: each case is worked out touch by touch, once.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from ironlaw.base.errors import DomainError
from ironlaw.system.cache.bursts import plan_of
from ironlaw.system.cache.counts import CacheCount, GateCount, SetCount, total
from ironlaw.system.cache.geometry import Policy
from ironlaw.system.cache.layout import GateOrder
from ironlaw.system.cache.lines import Lines, lines_of
from ironlaw.system.cache.sets import State, drawn_in_turn, touching

if TYPE_CHECKING:
    from ironlaw.system.cache.bursts import Group, Pattern, Plan
    from ironlaw.system.cache.geometry import CacheGeometry
    from ironlaw.system.cache.layout import Matrices

# The state of a set without the names of its lines: which line of a group each of them is, -1 for another; its mark.
# What comes of it: misses in all and by slot; each line of the set, a line of the group or -1 - the place that it had;
# and the mark.
_Case: TypeAlias = "tuple[tuple[int, ...], int]"
_Outcome: TypeAlias = "tuple[int, tuple[tuple[int, int], ...], tuple[int, ...], int]"
_Cases: TypeAlias = "dict[_Case, _Outcome]"

_MOST_STORED = 64 << 20  # bytes: a second or two of work, sixteen times what such chips can address


def simulate(
    matrices: tuple[Matrices, ...], cache: CacheGeometry, *, warm: bool = False
) -> CacheCount:
    """Read matrices once through a cache, one after the other, and count.

    Each of them begins at the boundary of a line, after the one before. Vectors lie in a memory of their own and do not
    pass the cache.

    Args:
        matrices: What a step reads, in its order.
        cache: The cache.
        warm: Whether the same step came before; otherwise the cache is empty.

    Returns:
        Touches, misses and lines, by gate and by set.

    Raises:
        DomainError: if nothing is read, a load is wider than a line, or more than 64 MiB are stored.

    Example:
        >>> from ironlaw.system.cache.geometry import CacheGeometry
        >>> from ironlaw.system.cache.layout import Walk, recurrent_matrices
        >>> walk = Walk(order=GateOrder.INTERLEAVED)
        >>> cache = CacheGeometry(line=32, sets=512, ways=2)
        >>> simulate(recurrent_matrices(128, walk), cache).traffic_ratio
        8.0
    """
    if not matrices:
        raise DomainError("matrices", matrices, "the lists of one or more matrices")
    stored = total(one.stored for one in matrices)
    if stored > _MOST_STORED:
        raise DomainError("stored", stored, f"what is simulated, up to {_MOST_STORED:,} B")
    for one in matrices:
        if one.walk.load_width > cache.line:
            allowed = f"the powers of two up to the line of {cache.line} B"
            raise DomainError("load_width", one.walk.load_width, allowed)
    lines = lines_of(matrices, cache)
    run = _Run(cache)
    if warm:
        run.read(matrices, lines)
    return _counted(run.read(matrices, lines), matrices, lines, cache)


class _Pass:
    """The counts of one pass over all matrices."""

    def __init__(self, matrices: tuple[Matrices, ...], sets: int) -> None:
        self.accesses = 0
        self.fetched = [[0] * one.gates for one in matrices]
        self.by_set = [0] * sets
        self.streams = [0] * sets


class _Run:
    """The cache, and what is known of the cases that its sets were in."""

    def __init__(self, cache: CacheGeometry) -> None:
        self._cache = cache
        self._state = State(cache)
        self._touch = touching(cache, self._state)
        self._draw = drawn_in_turn(cache, self._state)
        self._known: dict[Pattern, _Cases] = {}

    def read(self, matrices: tuple[Matrices, ...], lines: Lines) -> _Pass:
        """One pass over all matrices."""
        counts = _Pass(matrices, self._cache.sets)
        for one, base, fetched in zip(matrices, lines.bases, counts.fetched, strict=True):
            together = one.gates if one.walk.order is GateOrder.INTERLEAVED else 1
            plans: dict[int, tuple[Plan, tuple[_Cases, ...]]] = {}
            for gate in range(0, one.gates, together):
                begin = base + gate * one.gate_stride
                for row in range(begin, begin + one.rows * one.row_stride, one.row_stride):
                    first, phase = divmod(row, self._cache.line)
                    if phase not in plans:
                        plan = plan_of(one, together, phase, self._cache)
                        plans[phase] = (plan, self._cases(plan))
                    plan, cases = plans[phase]
                    by_slot = self._round(plan, cases, first, counts)
                    for slot, misses in enumerate(by_slot, start=gate):
                        fetched[slot] += misses
        return counts

    def _cases(self, plan: Plan) -> tuple[_Cases, ...]:
        """What is known of each group of a plan; groups of one pattern share it."""
        return tuple(self._known.setdefault(group.pattern, {}) for group in plan.groups)

    def _round(self, plan: Plan, cases: tuple[_Cases, ...], first: int, counts: _Pass) -> list[int]:
        """Row j of the gates that are walked together: lines alone in their set, then set by set.

        Returns:
            The misses of each row.
        """
        touch, by_set, sets = self._touch, counts.by_set, self._cache.sets
        missed = [0] * plan.slots
        counts.accesses += plan.touches
        for offset, slot in plan.alone:
            if touch(first + offset):
                missed[slot] += 1
                by_set[(first + offset) % sets] += 1
        for group, known in zip(plan.groups, cases, strict=True):
            names = [first + line for line in group.distinct]
            place = names[0] % sets
            misses, by_slot = self._visit(group, known, names, place)
            by_set[place] += misses
            for slot, count in by_slot:
                missed[slot] += count
            counts.streams[place] = max(counts.streams[place], group.streams)
        return missed

    def _visit(
        self, group: Group, known: _Cases, names: list[int], place: int
    ) -> tuple[int, tuple[tuple[int, int], ...]]:
        """The misses of a group, in all and by slot."""
        if self._cache.policy is Policy.RANDOM:  # every draw is another: no case comes again
            return self._drawn(group, names, place)
        held, marks = self._state.lines[place], self._state.marks
        case = (
            tuple([names.index(line) if line in names else -1 for line in held]),
            marks[place],
        )
        if case in known:
            misses, by_slot, after, marks[place] = known[case]
            held[:] = [names[n] if n >= 0 else held[-1 - n] for n in after]
            return misses, by_slot
        before = {line: -1 - index for index, line in enumerate(held)}
        misses, by_slot = self._touched(group, names)
        after = tuple(names.index(n) if n in names else before[n] for n in held)
        known[case] = (misses, by_slot, after, marks[place])
        return misses, by_slot

    def _drawn(
        self, group: Group, names: list[int], place: int
    ) -> tuple[int, tuple[tuple[int, int], ...]]:
        """The same under random draws."""
        lines, slots = group.pattern
        missed = self._draw([names[line] for line in lines], place)
        by_slot = Counter(map(slots.__getitem__, missed))
        return len(missed), tuple(by_slot.items())

    def _touched(self, group: Group, names: list[int]) -> tuple[int, tuple[tuple[int, int], ...]]:
        """The same, touch by touch."""
        lines, slots = group.pattern
        missed = dict.fromkeys(slots, 0)
        for line, slot in zip(lines, slots, strict=True):
            if self._touch(names[line]):
                missed[slot] += 1
        return total(missed.values()), tuple(missed.items())


def _counted(
    counts: _Pass, matrices: tuple[Matrices, ...], lines: Lines, cache: CacheGeometry
) -> CacheCount:
    gates = tuple(
        GateCount(matrices=one.name, gate=gate, distinct=distinct[gate], fetched=fetched[gate])
        for one, distinct, fetched in zip(matrices, lines.by_gate, counts.fetched, strict=True)
        for gate in range(one.gates)
    )
    by_set = zip(lines.by_set, counts.by_set, counts.streams, strict=True)
    misses = total(gate.fetched for gate in gates)
    return CacheCount(
        line=cache.line,
        weights=total(one.weights for one in matrices),
        accesses=counts.accesses,
        hits=counts.accesses - misses,
        misses=misses,
        distinct=total(lines.by_set),
        gates=gates,
        sets=tuple(
            SetCount(distinct=distinct, fetched=fetched, streams=max(streams, min(distinct, 1)))
            for distinct, fetched, streams in by_set
        ),
    )
