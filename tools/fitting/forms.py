"""The form of each family with its constants, their bounds, and where a fit starts."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from fitting.solve import Constants, Problem, scattered
from ironlaw.cost.attention import falls_back
from ironlaw.cost.benchmark import (
    decode_benchmark,
    experts_benchmark,
    gemm_benchmark,
    prefill_benchmark,
)
from ironlaw.cost.collective import all_gather_volume, all_reduce_volume, collective_terms
from ironlaw.cost.moe import HEIGHTS
from ironlaw.registry.constants import (
    CollectiveConstants,
    DecodeConstants,
    DecodeWidth,
    ExpertConstants,
    GemmConstants,
    PrefillConstants,
    PrefillWidth,
    ReferenceRates,
)
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.graph import AttentionShape, ExpertShape, GemmShape
from ironlaw.workload.routing import measured_draws, routed
from silicon_names import DTYPES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fitting.tables import Cell
    from ironlaw.base.number import Number
    from ironlaw.cost.iron_law import TimeTerms
    from ironlaw.workload.routing import Routed

WIDTHS = (64, 128, 192, 256)
WIDEST_GROUP = 16.0  # query heads to a key-value head of the usual decode kernel
FOURTH = 4.0
_TICK = 2.048e-6 / 5.0  # step of the time between two events on Blackwell, over five calls [s]
_SHORT = 20.0  # steps up to which a call shows them
_SHOWS = 0.5  # mean length from which phases lie together: 0.63 to 0.77 on Blackwell, below 0.2 elsewhere
BOUNDS: dict[str, tuple[float, float]] = {
    "ef": (0.02, 1.0), "eb": (0.2, 1.0), "t0": (1e-7, 2e-4), "cq": (1e-3, 10.0), "l2x": (0.2, 10.0),
    "tk": (1e-14, 1e-7), "ts": (1e-9, 1e-3), "cw": (0.3, 5.0), "a0": (1e-2, 300.0), "th": (1e-3, 3.0),
    "f0": (1e9, 1e15), "tw": (1e-9, 1e-5), "tg": (1e-13, 1e-6), "bg": (0.05, 5.0), "tc": (1e-10, 1e-4),
    "ex": (0.05, 8.0), "lp": (1e-3, 20.0), "slack": (1.0, 1024.0), "bs": (0.02, 20.0), "tr": (1e-9, 1e-4),
    "tp": (1e-10, 1e-4), "cg": (1e-3, 5.0), "ca": (0.05, 10.0), "te": (1e-11, 1e-5), "e": (1e-3, 1.0),
    "a": (1e-7, 1e-3), "an": (1e-9, 1e-4), "el": (1e-4, 1.0), "as_": (1e-8, 1e-2), "en": (0.1, 2.0),
    "eln": (0.1, 2.0), "em": (1e-4, 1.0), "am": (1e-8, 1e-3), "asn": (1e-9, 1e-3),
    "fr": (1e-5, 1.1), "cf": (1e-4, 10.0), "kp": (0.1, 4000.0), "wf": (0.01, 1.0), "wl": (1e-3, 1.0),
    "cr": (1e-3, 30.0),
}  # fmt: skip


def bounds_of(names: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    """The bounds of constants; one of a head width has those of the constant itself."""
    return {name: BOUNDS[name.split("@")[0]] for name in names}


def gemm_constants(c: Constants) -> GemmConstants:
    """The constants of a GEMM."""
    return GemmConstants(**c)


def gemm(cell: Cell, rates: ReferenceRates) -> Problem:
    """GEMM: a chip and a format."""
    dtype = DTYPES[cell.key[1]]
    shape = GemmShape(cell.column("m"), cell.column("n"), cell.column("k"), dtype)

    def terms(c: Constants) -> TimeTerms:
        return gemm_benchmark(shape, constants=gemm_constants(c), rates=rates)

    start: Constants = {
        "ef": 0.7, "eb": 0.82, "t0": 2.5e-6, "l2x": 1.3, "tk": 7e-10, "ts": 3e-6, "cw": 1.4, "a0": 15.0,
        "th": 0.2, "f0": 1e12, "tw": 2e-7, "tg": 5e-10, "bg": 0.9, "kp": 60.0, "wf": 0.5, "wl": 0.3,
        "cr": 2.0, "p": FOURTH,
    }  # fmt: skip
    quantised = dtype is not Dtype.BF16
    start |= {"cq": 1.0, "t0": 8e-6} if quantised else {"cq": 0.0}
    free = tuple(name for name in start if name != "p" and start[name] > 0.0)
    if not quantised:  # rounding the longer calls of the others to steps buys nothing
        start |= dict(zip(("tick", "phase"), clock(cell.times[~cell.left_out]), strict=True))
    other = start | {"l2x": 2.6, "a0": 40.0, "ef": 0.6, "f0": 1e11}
    third = start | {"cw": 1.0, "ts": 2e-5, "a0": 1.0, "eb": 0.9}
    fourth = start | {"l2x": 1.9, "cw": 1.2, "a0": 7.0, "f0": 4e10, "th": 0.4}
    starts = (start, other, third, fourth)
    return Problem(
        cell=cell, terms=terms, free=free, starts=starts, bounds=bounds_of(free), read="tick"
    )


def clock(times: NDArray[np.float64]) -> tuple[float, float]:
    """The step in which the benchmark's clock counts a call, and where its readings stand [s]; zeros if it shows none.

    Args:
        times: Measured [s].
    """
    turns = np.exp(2j * np.pi * times[times < _SHORT * _TICK] / _TICK)
    mean = complex(np.mean(turns)) if len(turns) else 0j
    if abs(mean) < _SHOWS:
        return 0.0, 0.0
    return _TICK, float(np.angle(mean) / (2.0 * np.pi) % 1.0) * _TICK


def attention_shapes(
    cell: Cell, length: str, *, decode: bool
) -> dict[tuple[int, float], tuple[NDArray[np.int64], AttentionShape]]:
    """Rows of a head width and a group of query heads that choose the same kernel, and their shapes."""
    columns = {
        n: cell.column(n) for n in ("batch", length, "heads_q", "heads_kv", "head_dim", "window")
    }
    group = columns["heads_q"] / columns["heads_kv"]
    kind = np.where(group > WIDEST_GROUP, 2.0, np.where(group == 1.0, 1.0, 0.0))
    found: dict[tuple[int, float], tuple[NDArray[np.int64], AttentionShape]] = {}
    for width, which in sorted({*zip(columns["head_dim"].tolist(), kind.tolist(), strict=True)}):
        index = np.flatnonzero((columns["head_dim"] == width) & (kind == which))
        tokens = columns[length][index]
        found[int(width), which] = (
            index,
            AttentionShape(
                decode=decode,
                batch=columns["batch"][index],
                query_len=1.0 if decode else tokens,
                context_len=tokens,
                n_heads=columns["heads_q"][index],
                n_kv_heads=columns["heads_kv"][index],
                d_head=width,
                causal=True,
                cache_dtype=DTYPES[cell.rows[0]["kv_dtype"]],
                window=columns["window"][index],
            ),
        )
    return found


def prefill_constants(c: Constants) -> PrefillConstants:
    """The constants of prefill attention, those of a head width written "ef@64"."""
    widths = {
        width: PrefillWidth(c[f"ef@{width}"], c[f"tc@{width}"])
        for width in WIDTHS
        if f"ef@{width}" in c
    }
    return PrefillConstants(**{n: v for n, v in c.items() if "@" not in n}, widths=widths)


def prefill(cell: Cell, rates: ReferenceRates) -> Problem:
    """Prefill attention: a chip and the formats of queries and cache."""
    shapes = attention_shapes(cell, "seq", decode=False)
    peak = rates.peaks[DTYPES[cell.rows[0]["math_dtype"]]]

    def terms(c: Constants) -> TimeTerms:
        constants = prefill_constants(c)
        parts = [
            (index, prefill_benchmark(shape, constants=constants, rates=rates, peak=peak))
            for index, shape in shapes.values()
        ]
        return scattered(parts, len(cell.rows))

    widths = sorted({width for width, _ in shapes})
    start: Constants = {
        "eb": 0.85,
        "t0": 1e-5,
        "cq": 0.5,
        "ex": 1.0,
        "lp": 1.0,
        "l2x": 1.0,
        "p": FOURTH,
    }
    for width in widths:
        start |= {f"ef@{width}": 0.7, f"tc@{width}": 1e-6}
    windowed = any(row["window"] != "0" for row in cell.rows)
    free = tuple(n for n in start if n not in ("p", "eb")) + (("slack",) if windowed else ())
    starts = tuple(
        start | {"rows": rows, "columns": columns, "slack": slack}
        for (rows, columns), slack in product(
            ((128.0, 128.0), (64.0, 64.0), (64.0, 128.0), (32.0, 32.0), (16.0, 64.0)),
            (64.0, 256.0) if windowed else (128.0,),
        )
    )
    return Problem(cell=cell, terms=terms, free=free, starts=starts, bounds=bounds_of(free))


def decode_constants(c: Constants) -> DecodeConstants:
    """The constants of decode attention; "@0" is the fallback kernel."""

    def width(of: int) -> DecodeWidth:
        return DecodeWidth(c[f"t0@{of}"], c[f"tc@{of}"], c[f"bs@{of}"])

    shared = {name: value for name, value in c.items() if "@" not in name}
    widths = {of: width(of) for of in WIDTHS if f"t0@{of}" in c}
    return DecodeConstants(**shared, widths=widths, fallback=width(0))


def decode(cell: Cell, rates: ReferenceRates) -> Problem:
    """Decode attention: a chip and the format of the cache."""
    shapes = attention_shapes(cell, "kv_len", decode=True)

    def terms(c: Constants) -> TimeTerms:
        constants = decode_constants(c)
        parts = [
            (index, decode_benchmark(shape, constants=constants, rates=rates))
            for index, shape in shapes.values()
        ]
        return scattered(parts, len(cell.rows))

    start: Constants = {"eb": 0.85, "l2x": 1.2, "tr": 2e-6, "tp": 1e-6, "cg": 0.1, "p": FOURTH}
    slow = any(_falls_back(shape, rates) for _, shape in shapes.values())
    used = sorted({width for width, _ in shapes})
    for width in (0, *used):
        start |= {f"t0@{width}": 9e-6, f"tc@{width}": 1.5e-6, f"bs@{width}": 2.0}
    free = tuple(n for n in start if n != "p" and (slow or not n.endswith("@0")))
    starts = tuple(
        start | {"cs": pieces, "ch": chunk} | ({"tp": 3e-6} if pieces > 1.0 else {})
        for pieces, chunk in product((1.0, 2.0, 4.0, 8.0), (64.0, 128.0, 256.0, 512.0))
    )
    return Problem(cell=cell, terms=terms, free=free, starts=starts, bounds=bounds_of(free))


def _falls_back(shape: AttentionShape, rates: ReferenceRates) -> bool:
    first = AttentionShape(
        decode=True, batch=1.0, query_len=1.0, context_len=1.0, causal=True, d_head=shape.d_head,
        n_heads=float(np.asarray(shape.n_heads)[0]), n_kv_heads=float(np.asarray(shape.n_kv_heads)[0]),
    )  # fmt: skip
    return falls_back(first, rates.compute_capability)


def expert_constants(c: Constants) -> ExpertConstants:
    """The constants of a layer's experts."""
    return ExpertConstants(**c)


def experts(cell: Cell, rates: ReferenceRates) -> Problem:
    """Experts: a chip, a format and an implementation."""
    shape, tiles = _expert_shape(cell)

    def terms(c: Constants) -> TimeTerms:
        return experts_benchmark(shape, constants=expert_constants(c), rates=rates, tiles=tiles)

    start: Constants = {
        "ef": 0.6, "eb": 0.88, "t0": 2e-5, "ca": 1.8, "ts": 5e-7, "te": 3e-8, "tk": 1e-9, "l2x": 1.4,
        "a0": 16.0, "fr": 0.02, "cf": 0.05, "p": FOURTH,
    }  # fmt: skip
    free = tuple(name for name in start if name != "p")
    starts = (
        start,
        start | {"tk": 1e-11, "t0": 5e-5},
        start | {"a0": 1.0, "ef": 0.9},
        start | {"fr": 0.9},
    )
    return Problem(cell=cell, terms=terms, free=free, starts=starts, bounds=bounds_of(free))


def _expert_shape(cell: Cell) -> tuple[ExpertShape, tuple[Number, ...]]:
    found = [_routed(row) for row in cell.rows]
    shape = ExpertShape(
        tokens=cell.column("tokens"),
        d_model=cell.column("hidden"),
        d_expert=cell.column("inter") / cell.column("tp"),
        n_experts=cell.column("experts"),
        local_experts=cell.column("experts") / cell.column("ep"),
        top_k=cell.column("topk"),
        gated=cell.rows[0]["gated"] == "1",
        rows=np.array([one.rows for one in found]),
        active_experts=np.array([one.active_experts for one in found]),
        largest_count=np.array([one.largest_count for one in found]),
        dtype=DTYPES[cell.key[1]],
    )
    return shape, tuple(np.array([one.tiles for one in found]).T)


def _routed(row: dict[str, str]) -> Routed:
    distribution = row["distribution"]
    exponent = 0.0 if distribution == "balanced" else float(distribution.rpartition("_")[2])
    sizes = (int(row["tokens"]), int(row["experts"]), int(row["topk"]))
    return routed(measured_draws(*sizes, exponent, int(row["ep"])), HEIGHTS)


def collective_constants(c: Constants) -> CollectiveConstants:
    """The constants of a collective."""
    return CollectiveConstants(**c)


def collective(cell: Cell, rates: ReferenceRates) -> Problem:
    """Collectives: a chip, a collective and an implementation."""
    ranks, size = cell.column("n_gpus"), cell.column("bytes")
    groups = [(int(n), np.flatnonzero(ranks == n)) for n in sorted(set(ranks.tolist()))]
    volume = all_reduce_volume if cell.key[1] == "all_reduce" else all_gather_volume

    def terms(c: Constants) -> TimeTerms:
        constants, link = collective_constants(c), rates.link_bandwidth
        parts = [
            (i, collective_terms(volume(size[i], n), n, constants=constants, link_bandwidth=link))
            for n, i in groups
        ]
        return scattered(parts, len(cell.rows))

    start: Constants = {
        "e": 0.7, "a": 8e-6, "an": 8e-7, "el": 0.1, "as_": 2e-5, "en": 1.1, "eln": 1.0, "em": 0.3,
        "am": 6e-6, "asn": 1e-7,
    }  # fmt: skip
    free = tuple(start)
    starts = (
        start,
        start | {"el": 0.3, "em": 0.5, "am": 2e-6},
        start | {"en": 0.3, "e": 0.4, "el": 0.05},
        start | {"as_": 5e-6, "am": 2e-6, "el": 0.03, "em": 0.15},
    )
    return Problem(cell=cell, terms=terms, free=free, starts=starts, bounds=bounds_of(free))


FORMS = {
    "gemm": gemm,
    "attention_prefill": prefill,
    "attention_decode": decode,
    "moe": experts,
    "allreduce": collective,
}
