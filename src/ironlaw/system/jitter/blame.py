"""What an event adds to a frame: longer than usual itself, or later than what came before it allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import DomainError
from ironlaw.system.jitter.events import HOST
from ironlaw.system.jitter.witness import middle, sight

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.system.jitter.events import Event
    from ironlaw.system.jitter.simulate import Run

_STREAM = "stream 7"
_CALLS = ("cuda_runtime", "cuda_driver")


class Blame(NamedTuple):
    """What one event adds to its frame.

    Attributes:
        key: Its name in verdicts.
        longer: Time beyond its usual one [ns].
        later: Gap before it beyond the usual one [ns].
    """

    key: str
    longer: float
    later: float

    @property
    def excess(self) -> float:
        """Both together [ns]."""
        return self.longer + self.later


def blamed(run: Run, frame: int) -> tuple[Blame, ...]:
    r"""What the calls and kernels of a frame add to it, the most first.

    $$ d_i = (t_i - \tilde t_i) + (g_i - \tilde g_i) $$

    The gap of a call reaches back to the end of the call before it. That of a kernel reaches back to the end of the
    kernel before it or of its own launch, whichever is later: a kernel is not blamed for a late launch. A call that
    waits is as long as what it waits for, and is left out.

    Args:
        run: The trace.
        frame: Its number.

    Raises:
        DomainError: for a frame that the trace does not have, or a captured graph.
    """
    if run.deployment.graph_launch:
        domain = "False: nodes of a graph have no launch of their own"
        raise DomainError("graph_launch", run.deployment.graph_launch, domain)
    seen = sight(run, frame)
    usual: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for events in seen.usual:
        for event, gap in _steps(events):
            usual.setdefault((event.name, event.occurrence), []).append((event.duration, gap))
    found: list[Blame] = []
    for event, gap in _steps(seen.events):
        known = usual.get((event.name, event.occurrence), [])
        time = middle(float(duration) for duration, _ in known)
        before = middle(float(other) for _, other in known)
        found.append(Blame(event.key, event.duration - time, gap - before))
    return tuple(sorted(found, key=lambda one: -one.excess))


def _steps(events: Sequence[Event]) -> list[tuple[Event, int]]:
    """Calls of the host and work of the main stream, each with the gap before it [ns]."""
    calls = _row(events, HOST, _CALLS)
    launched = {call.correlation: call.end for call in calls}
    found: list[tuple[Event, int]] = []
    ready = min(event.start for event in events if event.name.startswith("ProfilerStep#"))
    for call in calls:
        if "Synchronize" not in call.name:
            found.append((call, call.start - ready))
        ready = call.end
    ready = 0
    for work in _row(events, _STREAM, ("kernel", "gpu_memcpy", "gpu_memset")):
        found.append((work, work.start - max(ready, launched[work.correlation])))
        ready = work.end
    return found


def _row(events: Sequence[Event], track: str, categories: tuple[str, ...]) -> list[Event]:
    row = [event for event in events if event.track == track and event.category in categories]
    return sorted(row, key=lambda event: event.start)
