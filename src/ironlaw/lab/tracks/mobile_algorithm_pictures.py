"""Mobile Nomad, Part 3: a round in joules, joules over drafts, footprint over experts, what each change is owed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.explore.attribution import Means, Optimization, attribute
from ironlaw.instruments.comparison import Comparison, ComparisonRow, change_words
from ironlaw.instruments.curve import Curve, CurveLimit, CurveMark, CurveSeries, axis_over
from ironlaw.instruments.draft_round import Round, RoundPart, chances
from ironlaw.instruments.joules import Spent, joule_waterfall
from ironlaw.instruments.optimizations import OptimizationWaterfall
from ironlaw.instruments.scale import grouped, percent, significant, with_prefix
from ironlaw.instruments.waterfall import Fall
from ironlaw.lab.tracks.mobile_algorithm import (
    EXPERTS,
    LENGTHS,
    SPARSITIES,
    WIDTHS,
    footprint_of,
    joules_over,
    most_experts,
    undone,
)
from ironlaw.lab.tracks.mobile_words import (
    OFF,
    Point,
    Words,
    draft_title,
    drafts,
    published,
    said,
)
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.network_speculation import spent

if TYPE_CHECKING:
    from ironlaw.explore.attribution import Attribution
    from ironlaw.lab.part import Content
    from ironlaw.registry.chips import Chip

_MEANS = {
    "precision": Means.PRECISION,
    "sparsity": Means.ALGORITHM,
    "experts": Means.ALGORITHM,
    "draft": Means.ALGORITHM,
}
_TWICE = 2.0
_SPREAD = (0.5, 0.9)
"""Acceptances that are drawn beside the one that stands."""


def round_picture(found: Words) -> Content | None:
    """A round in joules; None where nobody drafts.

    Args:
        found: What the knobs come to.
    """
    if found.point.draft == OFF:
        return None
    now = found.now
    target = spent(said(found.point.only(frozenset({"experts", "sparsity"})), found.chip).plain)
    drafted, check = now.drafted.joules, spent(now.verify).joules
    pays = now.tokens_per_round * target.joules > drafted + check
    count = grouped(float(now.draft_len))
    proposing = (RoundPart("draft", f"{count} words drafted", drafted),) if drafted else ()
    return Round(
        title=(
            f"The draft {'saves joules' if pays else 'costs joules'}: a round makes "
            f"{significant(now.tokens_per_round)} words"
        ),
        tokens=chances(now.acceptance),
        plain=RoundPart("plain", "one word without a draft", target.joules),
        parts=(
            *proposing,
            RoundPart("verify", f"{now.draft_len + 1} words checked in one step", check),
        ),
        note=(
            f"The check reads the weights once for {now.draft_len + 1} words: "
            f"{with_prefix(check, 'J')}, and a step of one word takes {with_prefix(target.joules, 'J')}."
        ),
        what="words",
        unit="J",
    ).to_dict()


def curve_picture(found: Words, curve: str) -> Content:
    """The curve that is looked at.

    Args:
        found: What the knobs come to.
        curve: Its name.
    """
    picture = _joules_curve(found) if curve == "draft" else _footprint_curve(found)
    return picture.to_dict()


def _joules_curve(found: Words) -> Curve:
    point = found.point
    if point.draft == OFF:
        first = drafts()[0]
        point = point._replace(draft=first, alpha=published(first))
    alphas = sorted({point.alpha, *_SPREAD})
    series = tuple(
        CurveSeries(
            id=f"alpha-{alpha:g}",
            label=f"{percent(alpha)} accepted",
            points=joules_over(point._replace(alpha=alpha), found.chip, LENGTHS),
        )
        for alpha in alphas
    )
    half = found.plain_joules / _TWICE
    own = next(one for one in series if one.id == f"alpha-{point.alpha:g}")
    best = min(own.points, key=lambda place: place[1])
    here = float(found.now.draft_len)
    values = [y for one in series for _, y in one.points]
    count = grouped(best[0])
    least = "no word" if not best[0] else f"{count} {'word' if best[0] == 1.0 else 'words'}"
    return Curve(
        title=f"Drafted by {draft_title(point.draft)}: fewest joules with {least} drafted",
        x=axis_over("words drafted γ", "", (0.0, *LENGTHS)),
        y=axis_over("joules of a word", "J", (*values, half), least=0.0),
        series=series,
        limits=(CurveLimit(label="twice the words", y=half),),
        marks=(CurveMark(label="here", x=here, y=found.joules),),
        note=(
            f"At 0 nobody drafts. A longer row is right to its end less often, and each of its words is paid for; "
            f"{percent(published(point.draft))} is what was published of this draft."
        ),
    )


def _footprint_curve(found: Words) -> Curve:
    point = undone(found.point)
    series = tuple(
        CurveSeries(
            id=f"width-{width:g}",
            label=f"experts of width {WIDTHS[width]}",
            points=tuple(
                (experts, found.others + footprint_of(point._replace(width=width), experts))
                for experts in EXPERTS[1:]
            ),
        )
        for width in WIDTHS
    )
    room = found.chip.capacity
    most = most_experts(found)
    values = [y for one in series for _, y in one.points]
    return Curve(
        title=(
            f"{with_prefix(room, 'B')} hold {grouped(float(most))} experts of width {WIDTHS[point.width]} in "
            f"{point.dtype}"
        ),
        x=axis_over("experts E", "", EXPERTS[1:], scale="log"),
        y=axis_over("footprint", "B", (*values, room), least=0.0),
        series=series,
        limits=(CurveLimit(label=f"{with_prefix(room, 'B')} of the glasses", y=room),),
        marks=(CurveMark(label="here", x=float(point.experts), y=found.footprint),)
        if point.experts > 1
        else (),
        note="Every expert has to be there; a word reads few of them.",
    )


def comparison(found: Words) -> Comparison:
    """Footprint against traffic: the translator as it was, and as it stands.

    Args:
        found: What the knobs come to.
    """
    plain, now = found.plain, found.now
    before, after = (
        plain.per_sample.times(1.0 / plain.rounds),
        now.per_sample.times(1.0 / now.rounds),
    )
    rows = (
        _row("footprint", "resident", plain.footprint, now.footprint, "B"),
        _row("traffic", "bytes of a word", before.traffic, after.traffic, "B"),
        _row("flops", "operations of a word", before.flops, after.flops, "FLOP"),
        _row("joules", "joules of a word", before.joules, after.joules, "J"),
        _row("time", "time of a word", before.time, after.time, "s"),
    )
    return Comparison(
        title="Footprint against traffic",
        columns=(("before", "as it was"), ("now", "as it stands")),
        rows=rows,
        note=quality(found.point),
    )


def _row(name: str, label: str, before: float, after: float, unit: str) -> ComparisonRow:
    cells = (with_prefix(before, unit), with_prefix(after, unit))
    return ComparisonRow(id=name, label=label, cells=cells, change=change_words(before, after))


def quality(point: Point) -> str:
    """What the changes do to the words, in a sentence.

    Args:
        point: What is done to the translator.
    """
    changed = [name for name in point.changes if name != "draft"]
    if not changed:
        return "A draft changes no word: what the translator would not have said is thrown away."
    what = " and ".join({"experts": "experts", "sparsity": "pruning"}[name] for name in changed)
    return (
        f"{what[0].upper()}{what[1:]} may change words: nobody has matched the quality of this translator with that of "
        "the one that it was."
    )


@lru_cache(maxsize=256)
def owed(point: Point, chip: Chip) -> Attribution | None:
    """What each change is owed of the joules of a word, from fp16 and nothing changed; None where nothing is.

    Args:
        point: What is done to the translator.
        chip: The chip.
    """
    names = (*(("precision",) if point.dtype != Dtype.FP16.value else ()), *point.changes)
    if not names:
        return None
    changes = [
        Optimization(id=name, label=_words(name, point), means=_MEANS[name]) for name in names
    ]

    def joules(made: frozenset[str]) -> float:
        dtype = point.dtype if "precision" in made else Dtype.FP16.value
        one = said(point.only(made)._replace(dtype=dtype), chip)
        return one.per_sample.joules / one.rounds

    return attribute(changes, joules)


def _words(name: str, point: Point) -> str:
    match name:
        case "precision":
            return f"{point.dtype} throughout"
        case "sparsity":
            return f"pruned: {SPARSITIES[point.sparsity]}"
        case "experts":
            return f"{grouped(float(point.active))} of {grouped(float(point.experts))} experts"
        case _:
            return f"{grouped(float(point.length))} words drafted by {draft_title(point.draft)}"


def optimizations(found: Words) -> Content | None:
    """The joules of a word, change by change; None where nothing is changed.

    Args:
        found: What the knobs come to.
    """
    shares = owed(found.point, found.chip)
    if shares is None:
        return None
    return OptimizationWaterfall(
        found=shares,
        quantity="joules of a word",
        unit="J",
        ends=("fp16, nobody drafts, dense", "as it stands"),
        note="Precision is the machine's; what is drafted, chosen or pruned is the algorithm's.",
    ).to_dict()


def work_words(found: Words) -> str:
    """What became of the operations of a word, in a sentence.

    Args:
        found: What the knobs come to.
    """
    if found.work == 1.0:
        return "A word takes as many operations as it did."
    return f"A word takes {significant(found.work)} times the operations that it did."


def joules_picture(found: Words) -> Content:
    """The joules of a word from what it was to what it is, change by change in the order taken.

    Args:
        found: What the knobs come to.
    """
    point, chip = found.point, found.chip
    made: set[str] = set()
    falls: list[Fall] = []
    before = found.plain_joules
    for name in point.changes:
        made.add(name)
        one = said(point.only(frozenset(made)), chip)
        after = one.per_sample.joules / one.rounds
        falls.append(Fall(id=name, label=_words(name, point), change=after - before))
        before = after
    plain, now = found.plain, found.now
    ends = [
        Spent(joules, one.per_sample.flops / one.rounds, round(one.plain.n_kernels))
        for one, joules in ((plain, found.plain_joules), (now, found.joules))
    ]
    return joule_waterfall(
        f"{with_prefix(found.joules, 'J')} a word, {percent(found.joules / found.plain_joules)} of what it was",
        ("a word as it was", ends[0]),
        tuple(falls),
        ("a word as it stands", ends[1]),
        work_words(found),
    )
