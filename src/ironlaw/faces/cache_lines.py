"""The cache lines of an LSTM cell on a chip, in the Python API."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypedDict, Unpack

from ironlaw.base.errors import DomainError
from ironlaw.base.units import parse_quantity
from ironlaw.instruments.cache_map import CacheMap, cache_map
from ironlaw.instruments.saw_tooth import saw_tooth
from ironlaw.registry.chips import Chip, load_chip
from ironlaw.registry.dtypes import dtype_named
from ironlaw.system.cache.counts import total
from ironlaw.system.cache.geometry import (
    CacheGeometry,
    chip_cache,
    policy_named,
    require_whole,
)
from ironlaw.system.cache.layout import (
    WEIGHT_DTYPES,
    WORD,
    GateOrder,
    Matrices,
    Walk,
    gate_order_named,
    lstm_matrices,
    recurrent_matrices,
)
from ironlaw.system.cache.simulate import simulate
from ironlaw.system.cache.timing import FillRate, fetch_time, fill_rate, fill_rates

if TYPE_CHECKING:
    from pathlib import Path

    from ironlaw.instruments.curve import Curve
    from ironlaw.system.cache.counts import CacheCount

_LEAST, _MOST = 32, 288  # hidden sizes of the saw-tooth
_EVERY = 4  # of them, one so many is simulated


class CacheAsk(TypedDict, total=False):
    """What may be asked of a cell beside its hidden size; what is left out has its usual value.

    Attributes:
        gate_order: "blocked", one gate matrix after the other, or "interleaved", row j of all gates load by load.
        pad: Bytes between one stored gate matrix and the next [B].
        row_multiple: Rows begin at multiples of it: 1 is packed [B].
        dtype: Format of the weights: int8, int16, fp16, bf16 or fp32.
        load_width: Bytes of one load [B].
        inputs: Inputs of the first layer; with it, a whole step is read, W and U of every layer.
        layers: Layers of that step.
        policy: "lru", "fifo", "plru" or "random".
        seed: Draws the ways of the random policy.
        warm: Whether the same came before; otherwise the cache is empty.
        rate: Which rate of the chip fills the lines, or one's own: "flash", "15 MB/s".
    """

    gate_order: str
    pad: int
    row_multiple: int
    dtype: str
    load_width: int
    inputs: int | None
    layers: int | None
    policy: str
    seed: int
    warm: bool
    rate: str | None


@dataclass(frozen=True, eq=False, kw_only=True)
class CacheReport:
    """What the weights of a cell fetch, in SI units.

    Attributes:
        chip: Whose cache it is.
        hidden: Hidden size, H.
        matrices: What is read.
        cache: Through which cache.
        count: Touches, misses and lines.
        rate: The rate that fills the lines, with what it rests on.
        warm: Whether the same came before.
    """

    chip: Chip
    hidden: int
    matrices: tuple[Matrices, ...]
    cache: CacheGeometry
    count: CacheCount
    rate: FillRate
    warm: bool

    @property
    def walk(self) -> Walk:
        """How the weights are stored and read."""
        return self.matrices[0].walk

    @property
    def time(self) -> float:
        """Time in which the lines come in [s]."""
        return fetch_time(float(self.count.traffic), self.rate.rate)

    @property
    def stored(self) -> int:
        """Bytes that the matrices take in memory, pads included [B]."""
        return total(one.stored for one in self.matrices)

    @property
    def capacity(self) -> float:
        """Bytes of the memory that they come from [B]."""
        stores = {store.id: store.capacity for store in self.chip.storage}
        return stores.get(self.rate.id, self.chip.capacity)

    @property
    def fits(self) -> bool:
        """Whether that memory holds them."""
        return self.stored <= self.capacity

    @property
    def map(self) -> CacheMap:
        """The cache map."""
        return cache_map(self.matrices, self.cache, self.count)

    def saw_tooth(self) -> Curve:
        """Bytes fetched for each byte of the recurrent weights, over the hidden size."""
        sizes = tuple(range(_LEAST, _MOST + 1))
        if not _LEAST <= self.hidden <= _MOST:
            sizes = tuple(sorted({*sizes, self.hidden}))
        return saw_tooth(self.walk, self.cache, self.hidden, sizes, sizes[::_EVERY])

    def otherwise(self) -> tuple[tuple[str, CacheCount], ...]:
        """Other ways to store or walk the same weights that fetch less: a line of pad more, the blocked order."""
        walk = self.walk
        pad = walk.gate_pad + self.cache.line
        other = {
            f"a pad of {pad} B between the gates": replace(walk, gate_pad=pad),
            "blocked gate order": replace(walk, order=GateOrder.BLOCKED),
        }
        found = ((label, self._read(changed)) for label, changed in other.items())
        return tuple((label, count) for label, count in found if count.misses < self.count.misses)

    def _read(self, walk: Walk) -> CacheCount:
        matrices = tuple(replace(one, walk=walk) for one in self.matrices)
        return simulate(matrices, self.cache, warm=self.warm)

    def to_dict(self) -> dict[str, object]:
        """The report as plain data: the JSON of `ironlaw cache`."""
        count, picture = self.count, self.map
        return {
            **_asked(self),
            "accesses": count.accesses,
            "hits": count.hits,
            "misses": count.misses,
            "distinct_lines": count.distinct,
            "traffic_ratio": count.traffic_ratio,
            "weights_B": count.weights,
            "stored_B": self.stored,
            "capacity_B": self.capacity,
            "fits": self.fits,
            "traffic_B": count.traffic,
            "inflation": count.inflation,
            "time_s": self.time,
            "rate": _rate_data(self.rate, count.traffic),
            "rates": [_rate_data(rate, count.traffic) for rate in fill_rates(self.chip)],
            "gates": [
                {"name": row.label, "distinct_lines": row.distinct, "fetched_lines": row.fetched}
                for row in picture.rows
            ],
            "streams": max(one.streams for one in count.sets),
            "note": picture.note,
            "otherwise": [
                {
                    "change": label,
                    "misses": other.misses,
                    "traffic_ratio": other.traffic_ratio,
                    "time_s": fetch_time(float(other.traffic), self.rate.rate),
                }
                for label, other in self.otherwise()
            ],
        }

    def text(self) -> str:
        """The report as text."""
        from ironlaw.faces.cache_text import report_text

        return report_text(self)

    def plot(self, path: str | Path) -> None:
        """Write the cache map and the saw-tooth as an SVG file.

        Args:
            path: Where to.

        Raises:
            DomainError: if the path does not end in ".svg".
        """
        from ironlaw.faces.cache_svg import write_cache

        write_cache(self, path)

    def __repr__(self) -> str:
        """The report as text."""
        return self.text()


def cache_lines(chip: str, hidden: int, **ask: Unpack[CacheAsk]) -> CacheReport:
    """Read the weights of an LSTM cell through the cache of a chip: lines fetched, hits, misses, and their time.

    Without `inputs` it is one multiplication of the state by the four H × H matrices of a cell; with it, one step of a
    stack of layers. The vectors lie in memory on the chip. The cache is empty at first.

    Args:
        chip: A chip of the registry, or a TOML file.
        hidden: Hidden size, H.
        **ask: gate_order, pad, row_multiple, dtype, load_width, inputs, layers, policy, seed, warm, rate: see
            `ironlaw.faces.cache_lines.CacheAsk`.

    Returns:
        The report.

    Raises:
        UnknownNameError: for a chip that is not there, offering the nearest.
        FactError: for a chip whose file describes no such cache.
        DomainError: for a value outside its range, naming it.

    Example:
        >>> cache_lines("esp32", 128, gate_order="interleaved").count.traffic_ratio
        8.0
        >>> cache_lines("esp32", 128, gate_order="interleaved", pad=32).count.traffic_ratio
        1.0
    """
    found = load_chip(chip)
    policy = policy_named(ask.get("policy", "lru"))
    cache = chip_cache(found, policy=policy, seed=ask.get("seed", 0))
    pad = ask.get("pad", 0)
    require_whole("pad", pad, least=0)
    walk = Walk(
        order=gate_order_named(ask.get("gate_order", "blocked")),
        row_multiple=ask.get("row_multiple", 1),
        gate_pad=pad,
        dtype=dtype_named(ask.get("dtype", "int8"), WEIGHT_DTYPES),
        load_width=ask.get("load_width", WORD),
    )
    inputs, layers = ask.get("inputs"), ask.get("layers")
    if inputs is None and layers is not None:
        raise DomainError("layers", layers, "the steps with inputs: give inputs too")
    matrices = (
        recurrent_matrices(hidden, walk)
        if inputs is None
        else lstm_matrices(inputs, hidden, 1 if layers is None else layers, walk)
    )
    warm = ask.get("warm", False)
    return CacheReport(
        chip=found,
        hidden=hidden,
        matrices=matrices,
        cache=cache,
        count=simulate(matrices, cache, warm=warm),
        rate=_rate(found, ask.get("rate")),
        warm=warm,
    )


def what(report: CacheReport) -> str:
    """What is read, in a sentence without its end."""
    first, *others = report.matrices
    state = "after the same step" if report.warm else "from an empty cache"
    if not others:
        return f"the state times {first.gates} matrices of {first.rows} × {first.columns}, {state}"
    layers = len(report.matrices) // 2
    stack = "one LSTM layer" if layers == 1 else f"{layers} LSTM layers"
    return f"a step of {stack} of H = {report.hidden} with {first.columns} inputs, {state}"


def _asked(report: CacheReport) -> dict[str, object]:
    """The question as plain data, the cache with it."""
    walk, cache = report.walk, report.cache
    return {
        "chip": report.chip.name,
        "of": what(report),
        "hidden": report.hidden,
        "gate_order": walk.order.value,
        "pad_B": walk.gate_pad,
        "row_multiple_B": walk.row_multiple,
        "dtype": walk.dtype.value,
        "load_width_B": walk.load_width,
        "warm": report.warm,
        "cache": {
            "capacity_B": cache.capacity,
            "line_B": cache.line,
            "sets": cache.sets,
            "ways": cache.ways,
            "policy": cache.policy.value,
            "policy_kind": "assumption",
        },
    }


def _rate(chip: Chip, asked: str | None) -> FillRate:
    """One of the chip's rates by name, or one's own with its unit."""
    if asked is None or asked in {one.id for one in fill_rates(chip)}:
        return fill_rate(chip, asked)
    if not any(letter.isdigit() for letter in asked):
        return fill_rate(chip, asked)  # refuses it, naming the chip's
    value, unit = parse_quantity(asked)
    if unit != "B/s":
        raise DomainError("rate", asked, "the bandwidths, such as 15 MB/s")
    return fill_rate(chip, rate=value)


def _rate_data(rate: FillRate, traffic: int) -> dict[str, object]:
    return {
        "id": rate.id,
        "label": rate.label,
        "B_per_s": rate.rate,
        "kind": rate.kind,
        "why": rate.why,
        "source": rate.source,
        "time_s": fetch_time(float(traffic), rate.rate),
    }
