"""What the columns of the measured tables are called and what may stand in them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Literal, get_args

Family = Literal["gemm", "attention_prefill", "attention_decode", "moe", "allreduce", "e2e"]
"""A table, by the stem of its file."""

FAMILIES: tuple[Family, ...] = get_args(Family)

GEMM_FORMATS = ("bfloat16", "fp8", "fp8_block", "nvfp4", "int8", "int4")
CACHE_FORMATS = ("bfloat16", "fp8")
MESSAGE_FORMATS = ("half", "bfloat16", "int8")
COLLECTIVES = ("all_reduce", "all_gather", "reduce_scatter", "alltoall")

_LARGEST_COUNT = 2**53  # whole numbers up to here are floats
_LEAST_TIME, _LARGEST_TIME = 1e-12, 1e6  # no kernel is shorter, no run is longer [s]


class Kind(Enum):
    """What a cell may hold; the value says it in words."""

    COUNT = "the whole numbers from 1"
    RANKS = "the whole numbers from 2"
    INDEX = "the whole numbers from 0"
    FLAG = "0 or 1"
    TIME = "the times above 0, from 1e-12 to 1e6 s"
    WORD = "a text that is not empty"
    ROUTING = "balanced, or power_law_ and an exponent above 1"
    CHOICE = "one of the names of the column"
    CHIP = "the chips of the registry (`ironlaw hardware list`)"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: As the header spells it.
        kind: What a cell may hold.
        choices: The names of a choice.
    """

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What may stand in a cell, in words."""
        return ", ".join(self.choices) if self.choices else self.kind.value

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind not in (Kind.WORD, Kind.ROUTING, Kind.CHOICE, Kind.CHIP)

    def number(self, text: str) -> float | None:
        """The number in a cell, or None where it is none that may stand there."""
        try:
            value = float(text)
        except ValueError:
            return None
        if self.kind is Kind.TIME:
            return value if _LEAST_TIME <= value <= _LARGEST_TIME else None
        least = {Kind.COUNT: 1.0, Kind.RANKS: 2.0}.get(self.kind, 0.0)
        most = 1.0 if self.kind is Kind.FLAG else float(_LARGEST_COUNT)
        return value if least <= value <= most and value == int(value) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSpec:
    """The columns of a family's table.

    Attributes:
        family: The stem of its file.
        required: What the prediction reads.
        optional: What may be there besides and is not read, or has a meaning if it is.
        time: The column of the measured time.
        label: The columns that say the number formats; their names join to the label of a cell.
        shape_words: The columns of names that belong to the shape, and not to who ran it.
    """

    family: Family
    required: tuple[Column, ...]
    optional: tuple[str, ...]
    time: str
    label: tuple[str, ...]
    shape_words: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the required columns."""
        return tuple(column.name for column in self.required)


def _counts(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Kind.COUNT) for name in names)


_CHIP = Column("gpu", Kind.CHIP)
_TIME = Column("t_s", Kind.TIME)
_WINDOW = Column("window", Kind.INDEX)
_ALWAYS_OPTIONAL = (
    "source", "framework", "version", "split", "t_alt_vllm_s", "t_alt_sglang_s",
)  # fmt: skip

SPECS: dict[Family, TableSpec] = {
    "gemm": TableSpec(
        family="gemm",
        required=(
            _CHIP,
            Column("dtype", Kind.CHOICE, GEMM_FORMATS),
            *_counts("m", "n", "k"),
            _TIME,
        ),
        optional=_ALWAYS_OPTIONAL,
        time="t_s",
        label=("dtype",),
    ),
    "attention_prefill": TableSpec(
        family="attention_prefill",
        required=(
            _CHIP,
            Column("q_dtype", Kind.CHOICE, CACHE_FORMATS),
            Column("kv_dtype", Kind.CHOICE, CACHE_FORMATS),
            Column("math_dtype", Kind.CHOICE, CACHE_FORMATS),
            *_counts("batch", "seq", "heads_q", "heads_kv", "head_dim"),
            _WINDOW,
            _TIME,
        ),
        optional=_ALWAYS_OPTIONAL,
        time="t_s",
        label=("q_dtype", "kv_dtype"),
    ),
    "attention_decode": TableSpec(
        family="attention_decode",
        required=(
            _CHIP,
            Column("kv_dtype", Kind.CHOICE, CACHE_FORMATS),
            *_counts("batch", "kv_len", "heads_q", "heads_kv", "head_dim"),
            _WINDOW,
            _TIME,
        ),
        optional=_ALWAYS_OPTIONAL,
        time="t_s",
        label=("kv_dtype",),
    ),
    "moe": TableSpec(
        family="moe",
        required=(
            _CHIP,
            Column("dtype", Kind.CHOICE, GEMM_FORMATS),
            Column("kernel", Kind.WORD),
            *_counts("tokens", "hidden", "inter", "topk", "experts", "tp", "ep"),
            Column("gated", Kind.FLAG),
            Column("distribution", Kind.ROUTING),
            _TIME,
        ),
        optional=_ALWAYS_OPTIONAL,
        time="t_s",
        label=("dtype",),
        shape_words=("distribution",),
    ),
    "allreduce": TableSpec(
        family="allreduce",
        required=(
            _CHIP,
            Column("impl", Kind.WORD),
            Column("collective", Kind.CHOICE, COLLECTIVES),
            Column("dtype", Kind.CHOICE, MESSAGE_FORMATS),
            Column("n_gpus", Kind.RANKS),
            *_counts("bytes"),
            _TIME,
        ),
        optional=_ALWAYS_OPTIONAL,
        time="t_s",
        label=("dtype",),
        shape_words=("collective",),
    ),
    "e2e": TableSpec(
        family="e2e",
        required=(
            _CHIP,
            Column("model", Kind.WORD),
            Column("backend", Kind.WORD),
            Column("gemm_dtype", Kind.CHOICE, GEMM_FORMATS),
            Column("kv_dtype_assumed", Kind.CHOICE, CACHE_FORMATS),
            *_counts("isl", "osl", "concurrency", "tp"),
            Column("tpot_s", Kind.TIME),
        ),
        optional=("id", "backend_version", "ttft_s", "kv_fits", "queued", "usable", "split"),
        time="tpot_s",
        label=("gemm_dtype",),
        shape_words=("model",),
    ),
}


def family_of_columns(header: tuple[str, ...]) -> Family | None:
    """The family whose columns a header has, or None: the most of its columns, and at least three quarters of them.

    Args:
        header: The column names of a file.

    Example:
        >>> family_of_columns(("gpu", "dtype", "m", "n", "k", "t_s"))
        'gemm'
    """
    present = set(header)
    shares = {
        family: len(present.intersection(spec.names)) / len(spec.names)
        for family, spec in SPECS.items()
    }
    best = max(FAMILIES, key=lambda family: shares[family])
    return best if shares[best] >= _ENOUGH else None


def routing_exponent(text: str) -> float | None:
    """The exponent of a power law of routing, 0 where it is balanced, None where the text is neither.

    Args:
        text: A cell of the column "distribution".

    Example:
        >>> routing_exponent("power_law_1.2"), routing_exponent("balanced"), routing_exponent("zipf")
        (1.2, 0.0, None)
    """
    if text == "balanced":
        return 0.0
    law, _, exponent = text.rpartition("_")
    try:
        value = float(exponent)
    except ValueError:
        return None
    return value if law == "power_law" and 1.0 < value < math.inf else None


_ENOUGH = 0.75  # share of a family's columns that a header must have to be taken for it


def is_family(name: str) -> Family | None:
    """The family of a name as its user wrote it, or None."""
    return next((family for family in FAMILIES if family == name), None)
