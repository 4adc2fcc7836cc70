"""The board while the pipeline runs: a host thread, its streams, and what each launch does to their time."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from ironlaw.system.jitter.events import HOST, Event
from ironlaw.system.jitter.timeline import Clocks, Timeline, nanoseconds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.system.jitter.draws import Draws
    from ironlaw.system.jitter.pipeline import Pipeline, Work

COMPUTE_STREAM = 7
COPY_STREAM = 13
_NOTHING: Mapping[str, object] = {}
_LEAST = 0.5  # of its usual time, that a noisy call takes at least


class Machine:
    """A host thread that launches work on streams; time passes where it calls, waits or is held.

    Args:
        pipeline: The pipeline, for the times of calls.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        number = pipeline.number
        self.events: list[Event] = []
        self.now = 0
        self.frame = 0
        self.timeline = Timeline(Clocks(), ())
        self._ready: dict[int, int] = {COMPUTE_STREAM: 0, COPY_STREAM: 0}
        self._pending: dict[int, deque[int]] = {COMPUTE_STREAM: deque(), COPY_STREAM: deque()}
        self._seen: dict[str, int] = {}
        self._correlation = 0
        self._external = 0
        self._noise: Draws | None = None
        self._host_spread = number("noise.host")
        self._dispatch = pipeline.dispatch
        self._latency = nanoseconds(number("engine.launch_latency"))
        self._return = number("engine.sync_return")
        self._step = number("engine.host_step")
        self._call = number("engine.call")
        self._depth = int(number("engine.queue_depth"))

    def begin(self, frame: int, timeline: Timeline, noise: Draws | None) -> None:
        """Start a frame at the present moment.

        Args:
            frame: Its number.
            timeline: Clocks and bursts.
            noise: Where the host's noise comes from; None for none.
        """
        self.frame, self.timeline, self._noise = frame, timeline, noise
        self._seen = {}

    def note(
        self,
        name: str,
        category: str,
        span: tuple[int, int],
        *,
        track: str = HOST,
        correlation: int = 0,
        args: Mapping[str, object] = _NOTHING,
    ) -> None:
        """Write an event down.

        Args:
            name: Of the event.
            category: Its kind.
            span: From when to when [ns].
            track: Its row.
            correlation: What joins it to its launch.
            args: What else is recorded.
        """
        occurrence = self._seen.get(name, 0)
        self._seen[name] = occurrence + 1
        found = (self.frame, name, category, track, *span, occurrence, correlation, args)
        self.events.append(Event._make(found))

    def open(self) -> int:
        """Start an operator on the host: calls from now on carry its number."""
        self._external += 1
        return self.now

    def close(self, name: str, since: int, args: Mapping[str, object] = _NOTHING) -> None:
        """End an operator.

        Args:
            name: Of the operator.
            since: What `open` returned [ns].
            args: What else is recorded of it.
        """
        self.note(name, "cpu_op", (since, self.now), args={"External id": self._external, **args})

    def step(self, time: float | None = None) -> None:
        """Let the host work between calls.

        Args:
            time: For how long; a step of its usual length if None [s].
        """
        self.now += self._noisy(self._step if time is None else time)

    def hold(self, time: float) -> tuple[int, int]:
        """Keep the host thread from running.

        Args:
            time: For how long [s].

        Returns:
            From when to when [ns].
        """
        start = self.now
        self.now += nanoseconds(time)
        return start, self.now

    def call(self, name: str, time: float | None = None, category: str = "cuda_runtime") -> None:
        """A call that launches nothing.

        Args:
            name: Of the call.
            time: How long it takes; that of a short call if None [s].
            category: cuda_runtime or cuda_driver.
        """
        start, self._correlation = self.now, self._correlation + 1
        self.now += self._noisy(self._call) if time is None else nanoseconds(time)
        args = {"correlation": self._correlation, "External id": self._external}
        span = (start, self.now)
        self.note(name, category, span, correlation=self._correlation, args=args)
        self.step()

    def launch(self, name: str, work: Work, stream: int, args: Mapping[str, object]) -> int:
        """Launch a kernel, a copy or a memset.

        Args:
            name: Of what runs on the GPU.
            work: What it does.
            stream: Where.
            args: What else is recorded; "call" is the call that launches, "category" the kind of work.

        Returns:
            When it is done [ns].
        """
        start = self._launch_call(str(args["call"]), stream)
        return self.run(name, work, stream, start, args)

    def _launch_call(self, name: str, stream: int) -> int:
        """The call on the host; it blocks while the stream's queue is full."""
        pending = self._pending[stream]
        while pending and pending[0] <= self.now:
            pending.popleft()
        start = self.now
        if len(pending) >= self._depth:
            self.now = pending.popleft()
        self.now += self._noisy(self._dispatch)
        self._correlation += 1
        args = {"correlation": self._correlation, "External id": self._external}
        span = (start, self.now)
        self.note(name, "cuda_runtime", span, correlation=self._correlation, args=args)
        submitted = self.now
        self.step()
        return submitted

    def launch_graph(self) -> int:
        """Launch a captured graph; its nodes follow with `run`.

        Returns:
            When it is handed over [ns].
        """
        return self._launch_call("cudaGraphLaunch", COMPUTE_STREAM)

    def run(
        self, name: str, work: Work, stream: int, submitted: int, args: Mapping[str, object]
    ) -> int:
        """Run what was handed over, after all that was before it in the stream.

        Args:
            name: Of the work.
            work: What it does.
            stream: Where.
            submitted: When it was handed over [ns].
            args: What else is recorded.

        Returns:
            When it is done [ns].
        """
        start = max(self._ready[stream], submitted + self._latency)
        end = self.timeline.end(start, work)
        self._ready[stream] = end
        self._pending[stream].append(end)
        shown = {key: value for key, value in args.items() if key not in ("call", "category")}
        shown |= {"stream": stream, "correlation": self._correlation, "device": 0, "context": 1}
        shown["External id"] = self._external
        self.note(
            name,
            str(args["category"]),
            (start, end),
            track=f"stream {stream}",
            correlation=self._correlation,
            args=shown,
        )
        return end

    def synchronize(self, name: str, streams: tuple[int, ...] = (COMPUTE_STREAM,)) -> int:
        """Wait until streams are empty.

        Args:
            name: Of the call.
            streams: Which.

        Returns:
            When the last of them was [ns].
        """
        start, self._correlation = self.now, self._correlation + 1
        empty = max(self._ready[stream] for stream in streams)
        self.now = max(start, empty) + self._noisy(self._return)
        args = {"correlation": self._correlation, "External id": self._external}
        span = (start, self.now)
        self.note(name, "cuda_runtime", span, correlation=self._correlation, args=args)
        self.step()
        return empty

    def _noisy(self, time: float) -> int:
        if self._noise is None:
            return nanoseconds(time)
        return nanoseconds(time * max(1.0 + self._host_spread * self._noise.bell(), _LEAST))
