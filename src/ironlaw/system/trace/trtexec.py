"""What TensorRT's trtexec writes: the times of every inference, or averages of layers."""

from __future__ import annotations

import re
from array import array
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from ironlaw.system.trace.blocks import Blocks
from ironlaw.system.trace.categories import Category, Phase
from ironlaw.system.trace.columns import Trace, TraceError
from ironlaw.system.trace.decimals import nanoseconds
from ironlaw.system.trace.finish import finished
from ironlaw.system.trace.loose import decoded
from ironlaw.system.trace.rows import Rows

if TYPE_CHECKING:
    from pathlib import Path

MILLISECOND = 1_000_000  # [ns]
LARGEST = 512 * 1024 * 1024
"""Bytes of a file of times: millions of inferences."""

_TIMES = re.compile(rb'"(?:startComputeMs|latencyMs|endToEndMs)"\s*:')
_PROFILE = re.compile(rb'"(?:averageMs|timeMs|medianMs)"\s*:|\[\s*\{\s*"count"\s*:\s*\d+\s*\}')
_EVENT = re.compile(rb'"ph"\s*:')

_PARTS: tuple[tuple[str, Category, tuple[tuple[str, str], ...]], ...] = (
    ("enqueue", Category.RUNTIME, (("startEnqMs", "endEnqMs"),)),
    ("copy to device", Category.COPY, (("startH2dMs", "endH2dMs"), ("startInMs", "endInMs"))),
    ("compute", Category.KERNEL, (("startComputeMs", "endComputeMs"),)),
    ("copy to host", Category.COPY, (("startD2hMs", "endD2hMs"), ("startOutMs", "endOutMs"))),
)
_HOST_PARTS = 1  # parts before the device's


def is_times(beginning: bytes) -> bool:
    """Whether a file begins as trtexec writes the times of every inference.

    Args:
        beginning: Its first kilobytes.
    """
    return _TIMES.search(beginning) is not None and _EVENT.search(beginning) is None


def is_profile(beginning: bytes) -> bool:
    """Whether a file begins as trtexec writes its averages of layers.

    Args:
        beginning: Its first kilobytes.
    """
    return _PROFILE.search(beginning) is not None and _EVENT.search(beginning) is None


def refuse_profile(path: str) -> None:
    """Refuse averages.

    Args:
        path: The file, for the message.

    Raises:
        TraceError: always, saying what to record instead.
    """
    raise TraceError(
        path,
        "holds the totals and averages of layers over all runs (trtexec --exportProfile), which can never say what one"
        " slow inference did: record --exportTimes for latencies, or Nsight Systems for causes",
    )


def read_times(path: Path) -> Trace:
    """The inferences of trtexec's --exportTimes as frames with their exact latencies.

    A frame lasts what trtexec calls latency: copy in, compute and copy out, without the waits between them.

    Args:
        path: The file, plain or packed with gzip.

    Raises:
        TraceError: if it is too large or holds no array of inferences.
    """
    blocks = Blocks(path)
    text = bytearray()
    for block in blocks:
        text += block
        if len(text) > LARGEST:
            raise TraceError(
                str(path), f"is larger than {LARGEST // 2**20} MiB: measure fewer runs"
            )
    rows = Rows()
    rows.lost += blocks.lost
    inferences = _inferences(str(path), str(text, "utf-8-sig", "replace"), rows)
    for number, one in enumerate(inferences):
        if not (isinstance(one, dict) and _add(rows, number, cast("dict[str, object]", one))):
            rows.n_bad += 1
    trace = finished(rows, str(path), "trtexec", {})
    frames = (row for row in range(len(trace)) if trace.category[row] == Category.ANNOTATION)
    return replace(trace, frames=array("i", frames))


def _inferences(path: str, text: str, rows: Rows) -> list[object]:
    for end, lost in ((len(text), ""), (text.rfind("}") + 1, "the file breaks off before its end")):
        try:
            found, _ = decoded(text[:end].lstrip() + ("]" if lost else ""))
        except (ValueError, RecursionError):
            continue
        if isinstance(found, list):
            rows.lost += [lost] if lost else []
            return cast("list[object]", found)
    raise TraceError(path, "is no array of inferences as trtexec --exportTimes writes it")


def _add(rows: Rows, number: int, inference: dict[str, object]) -> bool:
    """Add an inference and its parts; whether its latency is known."""
    parts = [(name, kind, _span(inference, names)) for name, kind, names in _PARTS]
    device = [span for _, _, span in parts[_HOST_PARTS:] if span is not None]
    latency = _time(inference, "latencyMs")
    if latency is None:
        latency = _time(inference, "endToEndMs")
    if latency is None and device:
        latency = device[-1][1] - device[0][0]
    begin = device[0][0] if device else None
    if latency is None or begin is None:
        return False
    _add_row(rows, "inference", Category.ANNOTATION, (begin, begin + latency), number)
    for name, kind, span in parts:
        if span is not None:
            _add_row(rows, name, kind, span, number)
    return True


def _add_row(
    rows: Rows, name: str, kind: Category, span: tuple[int, int], correlation: int
) -> None:
    whole = kind is Category.ANNOTATION
    rows.add_columns(
        [span[0]],
        phase=Phase.SPAN if whole else Phase.SLICE,
        category=kind,
        duration=span[1] - span[0],
        track=rows.tracks["trtexec", name],
        name=rows.texts[name],
        correlation=correlation,
    )


def _span(
    inference: dict[str, object], spellings: tuple[tuple[str, str], ...]
) -> tuple[int, int] | None:
    for first, last in spellings:
        start, end = _time(inference, first), _time(inference, last)
        if start is not None and end is not None:
            return start, end
    return None


def _time(inference: dict[str, object], name: str) -> int | None:
    value = inference.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    return nanoseconds(str(value), MILLISECOND)
