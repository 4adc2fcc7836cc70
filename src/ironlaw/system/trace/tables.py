"""Texts, tracks and categories of a trace that is being read, each under a small number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.system.trace.categories import category_of
from ironlaw.system.trace.columns import Track

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_TEXT = 16 * 1024
"""Characters of a text that are kept."""

MOST_TEXT = 256 * 1024 * 1024
"""Characters of all texts together: a trace that names every event otherwise would fill the memory."""


class Texts(dict[str, int]):
    """The number of each text, given as it is first met. The empty one of `absent` has none."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.size = 0
        self.n_shortened = 0
        self.n_dropped = 0

    def __missing__(self, text: str) -> int:
        kept = text
        if len(text) > LONGEST_TEXT:
            kept = text[:LONGEST_TEXT] + "…"
            self.n_shortened += 1
        if self.size + len(kept) > MOST_TEXT:
            self.n_dropped += 1
            kept = "(a name: too many to keep)"
        number = self.get(kept)
        if number is None:
            number = len(self.texts)
            self.texts.append(kept)
            self.size += len(kept)
            self[kept] = number
        if kept is text:
            self[text] = number
        return number

    def lost(self) -> Iterable[str]:
        """What was not kept, in sentences."""
        if self.n_shortened:
            yield f"{self.n_shortened} names are longer than {LONGEST_TEXT} characters: cut there"
        if self.n_dropped:
            yield f"{self.n_dropped} names did not fit into {MOST_TEXT // 2**20} MiB of texts"


class RawTexts(dict[bytes, int]):
    """The number of each piece of JSON text, given as it is first met; an empty one has none."""

    def __init__(self, texts: Texts) -> None:
        super().__init__({b"": -1, b"null": -1, b"[]": -1})
        self.texts = texts

    def __missing__(self, piece: bytes) -> int:
        if len(piece) > LONGEST_TEXT:
            self.texts.n_shortened += 1
            return -1
        number = self.texts[piece.decode("utf-8", "replace")]
        self[piece] = number
        return number


class Categories(dict[object, int]):
    """The category of each spelling."""

    def __missing__(self, spelling: object) -> int:
        number = int(category_of(str(spelling)))
        self[spelling] = number
        return number


class Tracks(dict[tuple[object, object], int]):
    """The number of each process and thread; 7 and "7" are the same."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: dict[tuple[str, str], int] = {}
        self.process_names: dict[str, str] = {}
        self.names: dict[tuple[str, str], str] = {}

    def __missing__(self, key: tuple[object, object]) -> int:
        texts = (_short(key[0]), _short(key[1]))
        number = self.numbers.setdefault(texts, len(self.numbers))
        self[key] = number
        return number

    def name_one(self, key: tuple[object, object], name: str, *, whole_process: bool) -> None:
        """Name a process or a thread.

        Args:
            key: Process and thread.
            name: Its name.
            whole_process: Whether the process is meant.
        """
        process, thread = _short(key[0]), _short(key[1])
        if whole_process:
            self.process_names[process] = _short(name)
        else:
            self.names[process, thread] = _short(name)

    def finished(self) -> tuple[Track, ...]:
        """All tracks in the order of their numbers."""
        return tuple(
            Track(
                process=process,
                thread=thread,
                process_name=self.process_names.get(process, ""),
                name=self.names.get((process, thread), ""),
            )
            for process, thread in self.numbers
        )


def _short(value: object) -> str:
    """The text of a process or thread."""
    text = "" if value is None else str(value)
    return text[:LONGEST_TEXT]
