"""Which operator contains which, and which one a kernel was launched for."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.system.trace.categories import DEVICE_WORK, LAUNCHES, Category
from ironlaw.system.trace.columns import ABSENT, launches, rows_by_track, rows_of

if TYPE_CHECKING:
    from ironlaw.system.trace.columns import Trace


@dataclass(frozen=True, slots=True, eq=False)
class Nesting:
    """The operators of a trace and what they contain.

    Attributes:
        parent: The operator around each operator or call, by row; `ABSENT` outside of any.
        own_time: Time of each operator that no operator inside it takes, by row [ns].
    """

    parent: dict[int, int]
    own_time: dict[int, int]


def nesting(trace: Trace) -> Nesting:
    """Operators and the calls that launch device work, each with the operator around it.

    Args:
        trace: The trace.
    """
    parent: dict[int, int] = {}
    own: dict[int, int] = {}
    start, duration, kinds = trace.start, trace.duration, trace.category
    for rows in rows_by_track(trace, {Category.OPERATOR, *LAUNCHES}).values():
        around = array("i")
        for row in rows:
            while around and start[around[-1]] + duration[around[-1]] <= start[row]:
                around.pop()
            parent[row] = around[-1] if around else ABSENT
            if kinds[row] == Category.OPERATOR:
                own[row] = duration[row]
                if around:
                    inside = start[around[-1]] + duration[around[-1]] - start[row]
                    own[around[-1]] -= min(duration[row], inside)
                around.append(row)
    return Nesting(parent, own)


def launchers(trace: Trace, nested: Nesting) -> dict[int, int]:
    """The innermost operator that each kernel, copy or set was launched for.

    By correlation: device work shares it with the call that launched it, and the operator is around that call. Where
    there is no such call, by External id, which operators and device work share.

    Args:
        trace: The trace.
        nested: Its nesting.

    Returns:
        The operator's row by the row of the work, `ABSENT` where none is known.
    """
    calls = launches(trace)
    named: dict[int, int] = {}
    for row in rows_of(trace, {Category.OPERATOR}):
        if trace.external[row] != ABSENT:
            named.setdefault(trace.external[row], row)
    found: dict[int, int] = {}
    for row in rows_of(trace, DEVICE_WORK):
        call = calls.get(trace.correlation[row], ABSENT)
        operator = nested.parent.get(call, ABSENT)
        if operator == ABSENT and trace.external[row] != ABSENT:
            operator = named.get(trace.external[row], ABSENT)
        found[row] = operator
    return found
