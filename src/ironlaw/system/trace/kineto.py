"""JSON traces: PyTorch's Kineto, old and new, Chrome, Perfetto's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.system.trace.blocks import Blocks
from ironlaw.system.trace.chunks import LARGEST_EVENT, Chunks
from ironlaw.system.trace.events import Sink
from ironlaw.system.trace.finish import finished
from ironlaw.system.trace.rows import Rows
from ironlaw.system.trace.thin import most_rows, thin
from ironlaw.system.trace.typed import typed_decoder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ironlaw.system.trace.columns import Trace


def read_json(path: Path, progress: Callable[[int, int], None] | None = None) -> Trace:
    """A JSON trace, plain or packed with gzip, as columns.

    Damage is left out and said: the trace's `lost` names it. Memory is bounded by the columns, about 70 bytes an event.

    Args:
        path: The file.
        progress: Called with the bytes of the file that are read, and all of them.

    Raises:
        TraceError: if it holds no array of events.
    """
    rows = Rows()
    decode = typed_decoder()
    if decode is None:
        rows.notes.append("with pip install 'ironlaw[trace]' traces are read several times as fast")
    blocks = Blocks(path, progress)
    chunks = Chunks(str(path), Sink(rows), decode)
    most = most_rows()
    for block in blocks:
        chunks.feed(block)
        if len(rows) > most:
            thin(rows)
    chunks.finish()
    metadata = chunks.metadata()
    rows.n_bad += chunks.n_left_out
    rows.lost += [*blocks.lost, *chunks.lost]
    if chunks.n_mended:
        rows.lost.append(
            f"places that are not well-formed JSON: {chunks.n_mended}, mended, so that texts there may differ"
        )
    if chunks.n_left_out:
        limit = LARGEST_EVENT // 2**20
        rows.lost.append(f"{chunks.n_left_out} events are larger than {limit} MiB")
    kind = "kineto" if "schemaVersion" in metadata else "chrome"
    return finished(rows, str(path), kind, metadata)
