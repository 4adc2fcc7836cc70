"""The text of a trace file in blocks, unpacked on the way, and never more of it than one can hold."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from ironlaw.system.trace.columns import TraceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

BLOCK = 256 * 1024
"""Bytes that are read and decoded at a time: what a core's cache holds."""

PACKED_BLOCK = 16 * 1024
"""The same of packed bytes."""

HIGHEST_RATIO = 250
"""Bytes out of one byte of gzip; traces have 14 to 30, and a bomb has a thousand."""

RATIO_OVER = 8 * 1024 * 1024
"""Bytes of text over which the ratio is looked at."""

MOST_BYTES = 256 * 1024 * 1024 * 1024
"""Bytes of unpacked text that are read at all."""

_GZIP = b"\x1f\x8b"
_HEAD = 16


class Packing(Enum):
    """What the first bytes of a file say of it."""

    PLAIN = "plain"
    GZIP = "gzip"
    SQLITE = "sqlite"


_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "is a zip archive: unpack it and give the trace inside"),
    (b"\x28\xb5\x2f\xfd", "is packed with zstd: unpack it with `zstd -d`"),
    (b"BZh", "is packed with bzip2: unpack it with `bunzip2`"),
    (b"\xfd7zXZ", "is packed with xz: unpack it with `unxz`"),
    (b"\x7fELF", "is a program, not a trace"),
    (b"\xff\xfe", "is UTF-16: write it as UTF-8, for instance with `iconv -f UTF-16 -t UTF-8`"),
    (b"\xfe\xff", "is UTF-16: write it as UTF-8, for instance with `iconv -f UTF-16 -t UTF-8`"),
    (b"{\x00", "is UTF-16: write it as UTF-8, for instance with `iconv -f UTF-16LE -t UTF-8`"),
    (b"[\x00", "is UTF-16: write it as UTF-8, for instance with `iconv -f UTF-16LE -t UTF-8`"),
    (b"\x00{", "is UTF-16: write it as UTF-8, for instance with `iconv -f UTF-16BE -t UTF-8`"),
    (b"\x00[", "is UTF-16: write it as UTF-8, for instance with `iconv -f UTF-16BE -t UTF-8`"),
)


def packing_of(path: Path) -> Packing:
    """How a file is packed, by its first bytes and not by its name.

    Args:
        path: The file.

    Raises:
        TraceError: if it cannot be opened, is empty, or is of a kind that is not read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as problem:
        raise TraceError(str(path), f"cannot be opened: {problem.strerror}") from problem
    if not head:
        raise TraceError(str(path), "is empty")
    if head.startswith(_GZIP):
        return Packing.GZIP
    if head.startswith(b"SQLite format 3\x00"):
        return Packing.SQLITE
    refuse_foreign(str(path), head)
    return Packing.PLAIN


def refuse_foreign(path: str, head: bytes) -> None:
    """Refuse a file that its first bytes show to be something else than JSON.

    Args:
        path: The file, for the message.
        head: Its first bytes, unpacked.

    Raises:
        TraceError: saying what it is and what to do.
    """
    for magic, problem in _FOREIGN:
        if head.startswith(magic):
            raise TraceError(path, problem)
    if head.startswith(b"\x0a") and b"\x00" in head:
        raise TraceError(
            path, "is no text; a Perfetto protobuf becomes JSON with `traceconv json IN OUT`"
        )


@dataclass
class Blocks:
    """The unpacked text of one file, block by block, and what was lost on the way."""

    path: Path
    progress: Callable[[int, int], None] | None = None
    lost: list[str] = field(default_factory=list[str])
    n_bytes: int = 0
    """Bytes of unpacked text so far."""
    _looked: tuple[int, int] = (0, 0)
    """Packed and unpacked bytes where the ratio was last looked at."""

    def __iter__(self) -> Iterator[bytes]:
        """The blocks, in order.

        Raises:
            TraceError: if the file is packed a thousandfold, or is no text.
        """
        packed = packing_of(self.path) is Packing.GZIP
        total = self.path.stat().st_size
        with self.path.open("rb") as file:
            pieces = self._unpacked(file) if packed else iter(lambda: file.read(BLOCK), b"")
            for piece in pieces:
                if self.n_bytes == 0 and packed:
                    self._refuse_inside(piece[:_HEAD])
                self.n_bytes += len(piece)
                self._refuse_too_much(file.tell())
                if self.progress is not None:
                    self.progress(file.tell(), total)
                yield piece

    def _unpacked(self, file: BinaryIO) -> Iterator[bytes]:
        """The members of a gzip file, one after the other; a broken end is noted, and what came before it is kept."""
        packed = file.read(PACKED_BLOCK)
        while packed:
            unpacker = zlib.decompressobj(wbits=31)
            while packed and not unpacker.eof:
                try:
                    piece = unpacker.decompress(packed, BLOCK)
                except zlib.error as problem:
                    self.lost.append(f"the gzip data are damaged after {self._read()}: {problem}")
                    return
                if piece:
                    yield piece
                packed = unpacker.unconsumed_tail or unpacker.unused_data
                if not packed and not unpacker.eof:
                    packed = file.read(PACKED_BLOCK)
            if not unpacker.eof:
                self.lost.append(f"the gzip file breaks off after {self._read()}")
                return
            packed = (packed or file.read(PACKED_BLOCK)).lstrip(b"\x00")
            if packed and not packed.startswith(_GZIP[:1]):
                self.lost.append("what follows the gzip data is something else and is left out")
                return

    def _read(self) -> str:
        return f"{self.n_bytes / 1e6:.1f} MB of text"

    def _refuse_inside(self, head: bytes) -> None:
        if head.startswith((_GZIP, b"SQLite format 3\x00")):
            raise TraceError(str(self.path), "is packed twice: unpack it once with `gunzip`")
        refuse_foreign(str(self.path), head)

    def _refuse_too_much(self, n_packed: int) -> None:
        packed, unpacked = self._looked
        if self.n_bytes - unpacked > RATIO_OVER:
            if self.n_bytes - unpacked > HIGHEST_RATIO * max(n_packed - packed, PACKED_BLOCK):
                raise TraceError(
                    str(self.path),
                    f"unpacks to more than {HIGHEST_RATIO} times its size, as a decompression bomb does and no trace;"
                    " if it is one, unpack it with `gunzip` and give the unpacked file",
                )
            self._looked = (n_packed, self.n_bytes)
        if self.n_bytes > MOST_BYTES:
            raise TraceError(
                str(self.path),
                f"is larger than {MOST_BYTES // 2**30} GiB unpacked: record fewer steps, or cut it",
            )
