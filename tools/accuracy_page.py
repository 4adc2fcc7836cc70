"""The page docs/accuracy.md: targets met and missed, and the error of each family by chip and format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.explore.measured.score import score, scores_by_kind
from ironlaw.faces.measured_text import TITLES, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ironlaw.explore.measured.columns import Family
    from ironlaw.explore.measured.judge import Point
    from ironlaw.explore.measured.score import Score, Scored

HOPPER = ("h100_sxm", "h200_sxm")
BLACKWELL = ("b200_sxm", "b300_sxm", "gb200", "gb300")
NVLINK = ("a100_sxm", *HOPPER, *BLACKWELL)
EVERY = (*NVLINK, "l40s", "rtx_pro_6000_server")
COVERAGE = (0.75, 0.85)  # share of the rows that an 80 % interval should hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What the error of some rows should be at most.

    Attributes:
        name: The rows, in words.
        family: Their table.
        chips: The chips that it holds for, each by itself; all together if empty.
        median: Largest median error.
        p90: Largest ninetieth percentile of the error.
        takes: Which rows of the table count.
    """

    name: str
    family: Family
    chips: tuple[str, ...]
    median: float
    p90: float
    takes: Callable[[Point], bool] = lambda _: True


def _formats(*names: str) -> Callable[[Point], bool]:
    return lambda point: point.cell.partition("|")[2] in names


def _kind(word: str) -> Callable[[Point], bool]:
    return lambda point: any(word in kind for kind in point.kinds)


def _narrow(point: Point) -> bool:
    return not _kind("more than 16")(point)


TARGETS = (
    Target(
        name="GEMM bf16", family="gemm", chips=(*HOPPER, "b200_sxm"), median=0.05, p90=0.18,
        takes=_formats("bfloat16"),
    ),
    Target(
        name="GEMM bf16", family="gemm", chips=("a100_sxm", "l40s"), median=0.08, p90=0.25,
        takes=_formats("bfloat16"),
    ),
    Target(
        name="GEMM fp8", family="gemm", chips=EVERY[1:], median=0.05, p90=0.18,
        takes=_formats("fp8"),
    ),
    Target(
        name="prefill attention", family="attention_prefill", chips=(*HOPPER, "b200_sxm"),
        median=0.08, p90=0.27,
    ),
    Target(
        name="decode attention, at most 16 queries to a head", family="attention_decode",
        chips=BLACKWELL, median=0.06, p90=0.22, takes=_narrow,
    ),
    Target(
        name="decode attention, at most 16 queries to a head", family="attention_decode",
        chips=HOPPER, median=0.11, p90=0.35, takes=_narrow,
    ),
    Target(name="MoE layer", family="moe", chips=(), median=0.09, p90=0.35),
    Target(
        name="MoE layer", family="moe", chips=EVERY, median=0.09, p90=0.35,
    ),
    Target(
        name="NVLink all-reduce", family="allreduce", chips=NVLINK, median=0.06, p90=0.25,
        takes=_kind("all_reduce"),
    ),
    Target(name="served time per output token", family="e2e", chips=(), median=0.09, p90=0.23),
)  # fmt: skip

INTRODUCTION = """# Accuracy

How wrong the engine is on measured kernels whose shapes no fit has seen, good and bad: absolute error of the predicted
time as a part of the measured one. A fifth of the shapes of each table is left out of every fit, the same shapes on
every chip (`tools/silicon_split.py`); only those are judged here.

Written by `python tools/accuracy.py ../shared/silicon`, the scores of `ironlaw validate --json` beside it in
[accuracy.json](accuracy.json). A test recomputes both where the measurements are, and fails when a median or a
ninetieth percentile is worse than the record by more than a tenth. The measured rows are TensorRT-LLM, vLLM and NCCL
kernels and served models from the public tables of aiconfigurator (see NOTICE); no row of them is in the repository.

- *geomean* is the geometric mean of predicted over measured; *inside 80 %* the share of the rows that the interval of
  their prediction holds; *naive* the median error of the datasheet roofline without a launch.
- From one library to another the same GEMM differs by 1 to 5 % in the median: an error below that says nothing.
- A step adds to these errors what kernels do to each other: weights and cache are cold, launches overlap. The served
  time is the figure that contains it."""

_HEAD = (
    "| {0} | rows | median | p90 | geomean | inside 80 % | naive median |\n"
    "|---|---|---|---|---|---|---|"
)


def page(families: list[Scored]) -> str:
    """The page as it is written."""
    known = {scored.family: scored for scored in families}
    blocks = [INTRODUCTION, _targets(known), _coverage(families)]
    blocks += [_family(scored) for scored in families]
    return "\n\n".join(blocks) + "\n"


def _targets(known: dict[Family, Scored]) -> str:
    lines = [
        "## Targets\n",
        "What was asked for, by chip; a line is met when both its median and its p90 are.\n",
        "| kernels | chip | rows | median | at most | p90 | at most | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for target in TARGETS:
        for chip in target.chips or ("all chips",):
            points = _points(target, chip, known)
            lines.append(_target_line(target, chip, points))
    return "\n".join(lines)


def _points(target: Target, chip: str, known: dict[Family, Scored]) -> list[Point]:
    scored = known.get(target.family)
    every: Iterable[Point] = () if scored is None else scored.points
    own = (p for p in every if not target.chips or p.cell.partition("|")[0] == chip)
    return [point for point in own if target.takes(point)]


def _target_line(target: Target, chip: str, points: list[Point]) -> str:
    median, p90 = f"{100.0 * target.median:.0f} %", f"{100.0 * target.p90:.0f} %"
    if not points:
        return f"| {target.name} | {chip} | 0 | | {median} | | {p90} | not judged |"
    found = score(points)
    return (
        f"| {target.name} | {chip} | {found.n:,} | {percent(found.median_ape)} | {median} | "
        f"{percent(found.p90_ape)} | {p90} | {_word(met=is_met(target, found))} |"
    )


def is_met(target: Target, found: Score) -> bool:
    """Whether a score is as good as it should be."""
    return found.median_ape <= target.median and found.p90_ape <= target.p90


def _word(*, met: bool) -> str:
    return "met" if met else "**missed**"


def _coverage(families: list[Scored]) -> str:
    lines = ["| rows inside their 80 % interval | | 75 to 85 % |", "|---|---|---|"]
    low, high = COVERAGE
    for scored in families:
        share = scored.overall.coverage80
        met = _word(met=low <= share <= high)
        lines.append(f"| {TITLES[scored.family]} | {percent(share)} | {met} |")
    return "\n".join(lines)


def _family(scored: Scored) -> str:
    lines = [f"## {TITLES[scored.family]}\n", _HEAD.format("chip, formats")]
    lines += [_line(cell.replace("|", ", "), found) for cell, found in scored.cells.items()]
    lines.append(_line("**all**", scored.overall))
    lines += ["", _HEAD.format("all chips, by kind")]
    kinds = scores_by_kind(scored.points)
    return "\n".join([*lines, *(_line(kind, found) for kind, found in kinds.items())])


def _line(name: str, found: Score) -> str:
    return (
        f"| {name} | {found.n:,} | {percent(found.median_ape)} | {percent(found.p90_ape)} | "
        f"{found.geomean:.3f} | {percent(found.coverage80)} | {percent(found.naive_median_ape)} |"
    )
