"""A second cache, written for being obviously right: one address after the other, time stamps, no shortcut.

It shares the dataclasses that describe a question with the engine, and nothing that answers one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ironlaw.system.cache.geometry import Policy


@dataclass
class Way:
    line: int | None = None
    arrived: int = 0
    touched: int = 0


@dataclass
class Cache:
    """Sets of ways; `clock` counts touches."""

    geometry: object
    sets: list[list[Way]] = field(default_factory=list)
    trees: list[dict] = field(default_factory=list)
    draws: list[int] = field(default_factory=list)
    clock: int = 0

    def __post_init__(self):
        g = self.geometry
        self.sets = [[Way() for _ in range(g.ways)] for _ in range(g.sets)]
        self.trees = [{} for _ in range(g.sets)]
        self.draws = [(g.seed ^ (number * 2654435761)) % 2**32 for number in range(g.sets)]

    def touch(self, line: int) -> bool:
        """Whether the line was missing."""
        self.clock += 1
        place = line % self.geometry.sets
        ways = self.sets[place]
        found = next((way for way in ways if way.line == line), None)
        way = found or self.victim(place)
        if found is None:
            way.line, way.arrived = line, self.clock
        way.touched = self.clock
        self.turn(place, ways.index(way))
        return found is None

    def victim(self, place: int) -> Way:
        ways = self.sets[place]
        for way in ways:
            if way.line is None:
                return way
        policy = self.geometry.policy
        if policy is Policy.LRU:
            return min(ways, key=lambda way: way.touched)
        if policy is Policy.FIFO:
            return min(ways, key=lambda way: way.arrived)
        if policy is Policy.RANDOM:
            self.draws[place] = (1664525 * self.draws[place] + 1013904223) % 2**32
            return ways[(self.draws[place] // 2**16) % len(ways)]
        low, high = 0, len(ways)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self.trees[place].get((low, high)) else (low, middle)
        return ways[low]

    def turn(self, place: int, index: int) -> None:
        """Each half of the tree above a way points to the other one: True is the upper half."""
        low, high = 0, len(self.sets[place])
        while high - low > 1:
            middle = (low + high) // 2
            self.trees[place][low, high] = index < middle
            low, high = (middle, high) if index >= middle else (low, middle)


def loads(one, base):
    """Address, bytes and gate of every load of some matrices, in the order of the kernel."""
    walk, size = one.walk, one.columns * one.walk.dtype.size
    stride = (
        size
        if size % walk.row_multiple == 0
        else (size // walk.row_multiple + 1) * walk.row_multiple
    )
    apart = one.rows * stride + walk.gate_pad
    offsets = range(0, int(size), walk.load_width)
    if walk.order.value == "blocked":
        order = ((g, j, k) for g in range(one.gates) for j in range(one.rows) for k in offsets)
    else:
        order = ((g, j, k) for j in range(one.rows) for k in offsets for g in range(one.gates))
    for gate, row, offset in order:
        yield (
            int(base + gate * apart + row * stride + offset),
            min(walk.load_width, int(size) - offset),
            gate,
        )


def count(matrices, geometry, *, warm=False, straddle=True):
    """(accesses, misses, lines, misses by (matrices, gate), misses by set, lines by set)."""
    cache = Cache(geometry)
    for _ in range(2 if warm else 1):
        accesses, by_gate, by_set, lines, base = 0, Counter(), Counter(), set(), 0
        for number, one in enumerate(matrices):
            top = base = base + one.start
            for address, size, gate in loads(one, base):
                last = address + size - 1 if straddle else address
                for line in range(address // geometry.line, last // geometry.line + 1):
                    accesses += 1
                    lines.add(line)
                    if cache.touch(line):
                        by_gate[number, gate] += 1
                        by_set[line % geometry.sets] += 1
                top = max(top, address + size)
            stride_end = base + one.stored
            assert top <= stride_end
            base = -(-stride_end // geometry.line) * geometry.line
    return accesses, sum(by_gate.values()), lines, by_gate, by_set
