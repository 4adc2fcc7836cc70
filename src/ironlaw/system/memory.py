"""What a step keeps in the memory of one chip."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.number import maximum
from ironlaw.workload.graph import OpKind, Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.base.number import Number
    from ironlaw.workload.graph import Block, Border
    from ironlaw.workload.kernels import Kernel


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Footprint:
    """Bytes resident on one chip, M [B].

    Attributes:
        weights: Its share of the model.
        cache: Its share of the KV cache.
        activations: The most that is alive between two kernels.
        step_cache: The KV cache that the step needs; more than `cache` where other stages hold some of it.
        step_traffic: Bytes that no algorithm of the step could leave out: the weights that its tokens need, and the
            cache, each once.
    """

    weights: Number
    cache: Number
    activations: Number
    step_cache: Number
    step_traffic: Number

    @property
    def total(self) -> Number:
        """M = weights + KV cache + activations [B]."""
        return self.weights + self.cache + self.activations


def footprint(blocks: Iterable[tuple[Block, list[Kernel]]]) -> Footprint:
    """Bytes that the blocks of a step keep on one chip, of several stages on one of the fullest.

    Activations are alive from the kernel that writes them to the last one that reads them; blocks run one after the
    other. A cache that is rewritten whole exists twice while its layer runs.

    Args:
        blocks: Each block with its kernels.

    Returns:
        The footprint.
    """
    weights: dict[str, Number] = {}
    cache: Number = 0.0
    elsewhere: Number = 0.0  # cache that other stages hold
    read: Number = 0.0
    peak: Number = 0.0
    for block, cut in blocks:
        tensors, count = block.graph.tensors, block.count
        resident = count if block.resident is None else block.resident
        plan = _residency(tuple([kernel.border for kernel in cut]), block.graph.outputs)
        for index, name in plan.weights:
            size, key = tensors[name].size, _weight_key(block.name, name)
            weights[key] = maximum(weights.get(key, 0.0), resident * size)
            read = read + count * cut[index].parts.reads[name]
        for name in plan.caches:
            cache = cache + resident * tensors[name].size
            if resident != count:
                elsewhere = elsewhere + (count - resident) * tensors[name].size
        for alive in plan.alive:
            total: Number = 0.0
            for name in alive:
                total = total + tensors[name].size
            peak = maximum(peak, total)
    total_weights: Number = 0.0
    for size in weights.values():
        total_weights = total_weights + size
    step_cache = cache + elsewhere
    return Footprint(
        weights=total_weights,
        cache=cache,
        activations=peak,
        step_cache=step_cache,
        step_traffic=read + step_cache,
    )


def _weight_key(block: str, name: str) -> str:
    """Weights of blocks are their own, but the table of the embedding, which a tied LM head reads too, is kept once."""
    return name if name == "embedding.weight" else f"{block}/{name}"


@dataclass(frozen=True, slots=True)
class _Residency:
    """Which tensors stay, and which are alive while some kernel runs (only sets that no other one contains).

    Weights stand with the place of the kernel that reads them.
    """

    weights: tuple[tuple[int, str], ...]
    caches: tuple[str, ...]
    alive: tuple[frozenset[str], ...]


@lru_cache(maxsize=256)
def _residency(cut: tuple[Border, ...], outputs: frozenset[str]) -> _Residency:
    enters = [crossing for border in cut for crossing in border.enters]
    leaves = [crossing for border in cut for crossing in border.leaves]
    made = {crossing.tensor for crossing in leaves}
    last = {c.tensor: i for i, border in enumerate(cut) for c in border.enters}
    alive = {c.tensor for c in enters if not c.role.persists and c.tensor not in made}
    moments: list[frozenset[str]] = []
    for index, border in enumerate(cut):
        alive |= {c.tensor for c in border.leaves if not c.role.persists}
        moments.append(frozenset(alive | _doubled(border)))
        alive = {name for name in alive if last.get(name, -1) > index or name in outputs}
    return _Residency(
        weights=tuple(
            (index, crossing.tensor)
            for index, border in enumerate(cut)
            for crossing in border.enters
            if crossing.role is Role.WEIGHT
        ),
        caches=tuple(dict.fromkeys(c.tensor for c in leaves if c.role is Role.KV_CACHE)),
        alive=tuple(m for m in dict.fromkeys(moments) if not any(m < other for other in moments)),
    )


def _doubled(border: Border) -> set[str]:
    """Caches that a kernel writes whole while it reads the old ones."""
    reads_old = any(c.role is Role.KV_CACHE for c in border.enters)
    written = {c.tensor for c in border.leaves if c.role is Role.KV_CACHE}
    whole = written - {c.tensor for c in border.enters}
    return whole if reads_old and OpKind.SCORES not in border.kinds else set()
