"""Stalls that the frames before them foretell: what a thread waits for was late before the frame began.

A thread that stalls by itself does so without notice. Where it takes from a queue that another one fills, the other's
delay shows first: until the queue is empty, the place where both meet takes less time than usual.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.system.audit.chance import at_least
from ironlaw.system.audit.distribution import median
from ironlaw.system.audit.walk import FrameView

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ironlaw.system.audit.compare import Key
    from ironlaw.system.audit.timeline import Timeline

_DEPTHS = (1, 2, 3)  # frames that a queue may have ready
_MOST_FRAMES = 600  # that are looked at for what is usual
_LEAST_OTHERS = 40  # stretches of frames that say what is usual
_RARE = 0.05  # of the other stretches are so short
_SURPRISE = 0.01  # a foreboding that chance gives less often is one


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreboding:
    """What the frames before late ones have in common.

    Attributes:
        depth: How many frames before.
        time: What they spend at the place at most, in the median [ns].
        usual: What other stretches of as many frames do [ns].
        chance: How probable it is by chance.
    """

    depth: int
    time: float
    usual: float
    chance: float

    @property
    def words(self) -> str:
        """In a sentence."""
        before = "the frame" if self.depth == 1 else f"each of the {self.depth} frames"
        once = f"by chance in one of {1.0 / self.chance:,.0f} such traces"
        return (
            f"{before} before it, too, was unusual here: {self.time / 1e6:.2f} ms at most where "
            f"{self.usual / 1e6:.2f} ms are usual ({once}). The delay began before the frame, so it "
            "is of something that runs beside this thread, which the trace does not show"
        )


def foreboding(
    timeline: Timeline, late: Collection[int], apart: Collection[int], key: Key
) -> Foreboding | None:
    """Whether the frames before late ones were quicker than others where these stall; None if they were not.

    The least probable of some depths is taken, and its probability multiplied by their number.

    Args:
        timeline: The trace.
        late: Frames that stall at one place.
        apart: All frames that stand out; none of them counts as usual.
        key: The place.
    """
    frames, known = len(timeline.frames), dict[int, int]()

    def longest(last: int, depth: int) -> int | None:
        """The longest time at the place in some frames up to one; None where these are not usual ones."""
        stretch = range(last - depth + 1, last + 1)
        if stretch[0] < 0 or any(place in apart for place in stretch):
            return None
        for place in stretch:
            if place not in known:
                known[place] = _time_at(timeline, place, key)
        return max(known[place] for place in stretch)

    step = max(frames // (_MOST_FRAMES // max(_DEPTHS)), 1)
    soon = {place - back for place in apart for back in _DEPTHS}
    ends = [place for place in range(0, frames, step) if place not in soon]
    found: list[Foreboding] = []
    for depth in _DEPTHS:
        others = _present([longest(place, depth) for place in ends])
        before = _present([longest(place - 1, depth) for place in late])
        if len(others) < _LEAST_OTHERS or not before:
            continue
        shares = [(1 + bisect_right(others, time)) / (1 + len(others)) for time in before]
        rare = len([share for share in shares if share <= _RARE])
        chance = at_least(rare, len(before), _RARE) * len(_DEPTHS)
        found.append(
            Foreboding(depth=depth, time=median(before), usual=median(others), chance=chance)
        )
    best = min(found, key=lambda one: (one.chance, -one.depth), default=None)
    return best if best is not None and best.chance < _SURPRISE else None


def _present(times: Sequence[int | None]) -> list[int]:
    return sorted(time for time in times if time is not None)


def _time_at(timeline: Timeline, place: int, key: Key) -> int:
    """What a frame's own thread spends at a place [ns]."""
    frames = timeline.frames
    view = FrameView(timeline=timeline, start=frames.start[place], end=frames.end[place])
    time = 0
    for piece in view.window(view.main).pieces:
        segment = view.host_segment(piece, view.main, piece.start, piece.end)
        time += segment.time if segment.key == key else 0
    return time
