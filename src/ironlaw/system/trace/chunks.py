"""The events of a JSON trace in chunks that decode, and the metadata around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

from ironlaw.system.trace.columns import TraceError
from ironlaw.system.trace.loose import breaks_off, decoded, mended, mends

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ironlaw.system.trace.events import Sink

    Decoder = Callable[[bytes], Sequence[Any]]

LARGEST_EVENT = 64 * 1024 * 1024
"""Bytes of one event, and of the metadata on either side of the events."""

MOST_MERGED = 4
"""Cuts that are given up before a chunk that does not decode is held to be damaged."""

_BOM = b"\xef\xbb\xbf"
_OBJECT = re.compile(rb'"traceEvents"\s*:\s*\[')
_BETWEEN = re.compile(
    rb"\}(\s*,\s*)(?=\{\s*\"(?:ph|name|cat|pid|tid|ts|tts|dur|args|id|s|bp|cname|sf|scope)\"\s*:)"
)
_BARE_WORD = re.compile(rb"([:\[,]\s*)-?(?:NaN|Infinity)(?=\s*[,}\]])")
_WINDOWS = (4096, 65536)  # bytes from the end in which a cut is sought first
_MENDED_AT_ONCE = 8192  # bytes: where damage is rare, halving finds it sooner
_OVERLAP = 256  # bytes before a block in which a cut may begin
_LOOSE_ENDS = b", \t\r\n"


class Chunks:
    """The text of a trace, fed in blocks and handed on in chunks of whole events.

    A chunk is cut where one event seems to end and the next to begin, and that this is so is proved by decoding it.
    """

    def __init__(self, path: str, sink: Sink, decode: Decoder | None) -> None:
        self.path = path
        self.sink = sink
        self.decode = decode
        self.head = bytearray()
        self.tail: list[str] | None = None
        """What follows the array of events, once that has ended."""
        self.n_mended = 0
        self.n_left_out = 0
        self.lost: list[str] = []
        self._begun = False
        self._skipping = False
        self._waiting = bytearray()
        self._sought = 0
        self._given_up = 0
        self._n_tail = 0

    def feed(self, block: bytes) -> None:
        """Take the next block of the text.

        Args:
            block: Bytes that follow those before.

        Raises:
            TraceError: if no array of events begins where one must.
        """
        if self.tail is not None:
            self._add_tail(str(block, "utf-8", "replace"))
            return
        if not self._begun:
            self.head += block
            self._begin()
            return
        self._waiting += block
        self._hand_on()

    def finish(self) -> None:
        """Hand on what is left.

        Raises:
            TraceError: if there was no array of events.
        """
        if not self._begun:
            problem = (
                "holds no traceEvents and is no array of events: it is no trace that is read here"
            )
            raise TraceError(self.path, problem)
        rest = bytes(self._waiting).rstrip(_LOOSE_ENDS)
        if rest and not self._skipping and self.tail is None and not self._take(rest):
            self._halve(rest)
        if self.tail is None and self.head.startswith(b"{"):
            self.lost.append("the file breaks off before its end: what came after is missing")

    def metadata(self) -> dict[str, object]:
        """What stands around the events."""
        if self.head.startswith(b"["):
            return {}
        tail = "}" if self.tail is None else "".join(self.tail)
        try:
            found, _ = decoded(str(self.head, "utf-8", "replace") + "]" + tail)
        except (ValueError, RecursionError):
            self.lost.append(
                "what stands around the events is damaged: the recorder's own notes are lost"
            )
            return {}
        fields = cast("dict[str, object]", found)
        return {name: value for name, value in fields.items() if name not in _BULK}

    def _begin(self) -> None:
        """Find where the events begin."""
        if self.head.startswith(_BOM):
            del self.head[: len(_BOM)]
        stripped = self.head.lstrip()
        if not stripped:
            return
        if not stripped.startswith((b"{", b"[")):
            raise TraceError(self.path, "is no JSON: it begins with neither { nor [")
        first = stripped.startswith(b"[")
        found = None if first else _OBJECT.search(stripped)
        if first or found is not None:
            end = 1 if found is None else found.end()
            self.head = stripped[:end]
            self._begun = True
            self._waiting += stripped[end:]
            self._hand_on()
        elif len(stripped) > LARGEST_EVENT:
            limit = LARGEST_EVENT // 2**20
            raise TraceError(
                self.path, f"holds no traceEvents in its first {limit} MiB: it is no trace"
            )

    def _hand_on(self) -> None:
        """Take all whole events that are here."""
        cut = self._cut()
        if cut is None:
            if len(self._waiting) > LARGEST_EVENT:
                self._skip()
            return
        end, begin = cut
        chunk = bytes(self._waiting[:end])
        if self._skipping:
            self._skipping = False
        elif not self._take(chunk):
            self._given_up += 1
            if self._given_up <= MOST_MERGED:
                self._sought = len(self._waiting)
                return
            self._halve(chunk)
        self._given_up = 0
        if self.tail is None:
            del self._waiting[:begin]
        else:
            self._add_tail(str(self._waiting[end:], "utf-8", "replace"))
            self._waiting.clear()
        self._sought = 0

    def _cut(self) -> tuple[int, int] | None:
        """Where the last whole event ends, and where the next begins."""
        size = len(self._waiting)
        low = max(0, self._sought - _OVERLAP)
        for window in (*_WINDOWS, size):
            start = max(low, size - window)
            found = None
            for found in _BETWEEN.finditer(self._waiting, start):  # noqa: B007 - the last one is kept
                pass
            if found is not None:
                return found.start(1), found.end()
            if start == low:
                break
        self._sought = size
        return None

    def _skip(self) -> None:
        """Leave out an event that is too large to hold."""
        if not self._skipping:
            self.n_left_out += 1
        self._skipping = True
        del self._waiting[:-_OVERLAP]
        self._sought = 0

    def _take(self, chunk: bytes) -> bool:
        """Hand on a chunk; whether it decoded."""
        if self._take_quick(chunk):
            return True
        if _BARE_WORD.search(chunk) and self._take_quick(_BARE_WORD.sub(rb"\1null", chunk)):
            return True
        text = "[" + str(chunk, "utf-8", "replace") + "]"
        try:
            found, rest = decoded(text)
        except (ValueError, RecursionError) as problem:
            if not (isinstance(problem, ValueError) and breaks_off(problem, text)):
                self._given_up = MOST_MERGED
            return False
        self.sink.take_loose(cast("list[object]", found))
        if rest:
            self._add_tail(rest[:-1])
        return True

    def _take_mended(self, chunk: bytes) -> bool:
        """Hand on a chunk whose damage is of a known kind; whether it decodes then."""
        for text, places in mends(str(chunk, "utf-8", "replace")):
            if places and self._take_quick(text.encode()):
                self.n_mended += places
                return True
        return False

    def _take_quick(self, chunk: bytes) -> bool:
        if self.decode is None:
            return False
        try:
            events = self.decode(b"[" + chunk + b"]")
        except (ValueError, RecursionError):
            return False
        self.sink.take_quick(events)
        return True

    def _halve(self, chunk: bytes) -> None:
        """Take what decodes of a chunk that does not, down to single events."""
        if len(chunk) <= _MENDED_AT_ONCE and self._take_mended(chunk):
            return
        middle = _BETWEEN.search(chunk, len(chunk) // 2)
        if middle is None:
            for middle in _BETWEEN.finditer(chunk, 0, len(chunk) // 2 + _OVERLAP):  # noqa: B007
                pass
        if middle is None:
            self._take_one(str(chunk, "utf-8", "replace"))
            return
        for half in (chunk[: middle.start(1)], chunk[middle.end() :]):
            if self.tail is not None:
                self._add_tail(str(half, "utf-8", "replace"))
            elif not (self._take_quick(half) if self.decode else self._take(half)):
                self._halve(half)

    def _take_one(self, text: str) -> None:
        """Take an event that does not decode as it should, and what follows it."""
        while text:
            found: object = None
            try:
                found, text = decoded(text)
            except RecursionError:
                text = ""
            except ValueError:
                found, text = mended(text) or (None, "")
                self.n_mended += found is not None
            self.sink.take_loose([found])
            text = text.lstrip()
            if text.startswith("]"):
                self._add_tail(text[1:])
                return
            text = text.lstrip(", \t\r\n")

    def _add_tail(self, text: str) -> None:
        if self.tail is None:
            self.tail = []
        self._n_tail += len(text)
        if self._n_tail <= LARGEST_EVENT:
            self.tail.append(text)


_BULK = {"traceEvents", "stackFrames", "samples", "systemTraceEvents"}
