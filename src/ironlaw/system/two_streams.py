"""A shared expert beside the routed ones: what a second stream of a captured graph could hide at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import Number, maximum
from ironlaw.workload.graph import OpKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.system.diagnosis import Diagnosis, Launches

_NETWORK = ("feed-forward up", "feed-forward down", "activation")
_ROUTED = ("router", "expert exchange")


class _Stream(NamedTuple):
    """What the kernels of a stream take, one after the other [s]."""

    total: Number = 0.0
    compute: Number = 0.0
    memory: Number = 0.0

    def then(self, launch: Launches) -> _Stream:
        terms, runs = launch.cost.terms, launch.launches
        return _Stream(
            self.total + runs * terms.total,
            self.compute + runs * terms.compute,
            self.memory + runs * terms.memory,
        )


def overlapped_by_streams(diagnosis: Diagnosis) -> Number:
    r"""Time of a step that is saved where the shared expert runs on a stream of its own beside the routed ones.

    $$ T_{saved} = T_r + T_s - \max(T_r, T_s, T_{m,r} + T_{m,s}, T_{c,r} + T_{c,s}) $$

    A bound: the two share the memory and the arithmetic of the chip, and their launches and latencies hide perfectly.
    No such step was measured. TensorRT-LLM runs Llama 4 and DeepSeek so while it captures a graph.

    Args:
        diagnosis: The answer to a question; of a model without shared experts nothing is saved.

    Returns:
        The time saved [s].
    """
    saved: Number = 0.0
    for launches in _blocks(diagnosis.launches):
        shared, routed = _Stream(), _Stream()
        for launch in launches:
            border = launch.cost.kernel.border
            if border.layer in _NETWORK:
                shared = shared.then(launch)
            elif border.layer in _ROUTED or OpKind.EXPERTS in border.kinds:
                routed = routed.then(launch)
        both = maximum(routed.compute + shared.compute, routed.memory + shared.memory)
        both = maximum(both, maximum(routed.total, shared.total))
        saved = saved + routed.total + shared.total - both
    return saved


def _blocks(launches: Iterable[Launches]) -> list[list[Launches]]:
    """The kernels of each block that has experts."""
    found: dict[str, list[Launches]] = {}
    for launch in launches:
        found.setdefault(launch.block, []).append(launch)
    return [
        block
        for block in found.values()
        if any(OpKind.EXPERTS in launch.cost.kernel.border.kinds for launch in block)
    ]
