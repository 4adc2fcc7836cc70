"""Mobile Nomad, Part 3: its knobs, and what the glasses come to at them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.instruments.scale import grouped, percent, significant
from ironlaw.instruments.step_roofline import View
from ironlaw.lab.defence import order_control
from ironlaw.lab.knobs import Choice, Control, Slider, start_values, turned
from ironlaw.lab.tracks.mobile_glasses import (
    ambient_control,
    assumption_controls,
    cadence,
    printed,
    scale_control,
)
from ironlaw.lab.tracks.mobile_heat import board_scale, energies, layer_words
from ironlaw.lab.tracks.mobile_words import (
    DENSE,
    OFF,
    PHRASE,
    TRANSLATOR,
    Point,
    Words,
    draft_title,
    drafter,
    drafts,
    point_of,
    published,
    said,
    target,
    without_idle,
)
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.cache_traffic import cache_traffic
from ironlaw.system.network_loop import resident
from ironlaw.system.table import kernel_rows

if TYPE_CHECKING:
    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Knobs
    from ironlaw.registry.chips import Chip
    from ironlaw.system.diagnosis import Diagnosis
    from ironlaw.system.table import KernelRow

LENGTHS = tuple(float(length) for length in range(1, 9))
EXPERTS = (1.0, 2.0, 4.0, 8.0, 16.0, 24.0, 32.0, 40.0, 48.0, 64.0, 80.0, 96.0, 128.0)
ACTIVE = (1.0, 2.0, 4.0)
WIDTHS = {0.25: "¼", 0.5: "½", 1.0: "1"}
_ALPHAS = (0.0, 0.1, 0.3, 0.4, 0.5, 0.6, 0.65, 0.8, 0.85, 0.9, 0.95, 1.0)
_PHRASES = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
SPARSITIES = {
    DENSE: "nothing",
    "2:4": "two of every four, 2:4",
    "unstructured:0.5": "half of all, anywhere",
    "unstructured:0.8": "80 % of all, anywhere",
    "contextual:0.9": "nothing, but 90 % of the neurons are left out word by word",
}
ROUTINGS = {PHRASE: "a phrase: a language, a domain", "word": "every word for itself"}
CURVES = {"draft": "joules over the words drafted", "experts": "footprint over the experts"}
VOCABULARY = f"{TRANSLATOR}.words.logits"
"""The layer whose rows are all the words."""
_ALGORITHM = ("draft", "draft_len", "alpha", "experts", "top_k", "width", "routing", "sparsity")


@lru_cache(maxsize=1)
def controls() -> tuple[Control, ...]:
    """The knobs of the workbench."""
    often = cadence(TRANSLATOR)
    return (
        Choice(id="layer", label="Layer", value=VOCABULARY, options=_layers(), group="look"),
        Choice(id="curve", label="Curve", value="draft", options=_options(CURVES), group="look"),
        Choice(id="draft", label="Who drafts", value=OFF, options=_drafts(), group="draft"),
        _slider("draft_len", "Words drafted, γ", LENGTHS, 4.0, "draft"),
        _slider("alpha", "Accepted, α", alphas(), published(drafts()[0]), "draft"),
        _slider("experts", "Experts, E", EXPERTS, 1.0, "experts"),
        _slider("top_k", "Experts of a word, k", ACTIVE, 1.0, "experts"),
        Slider(
            id="width", label="Width of an expert, of the dense layer", value=1.0, stops=tuple(WIDTHS),
            shown=tuple(WIDTHS.values()), group="experts",
        ),
        Choice(id="routing", label="Chosen by", value=PHRASE, options=_options(ROUTINGS), group="experts"),
        Choice(
            id="sparsity", label="Pruned of the layers", value=DENSE, options=_options(SPARSITIES), group="sparsity"
        ),
        Choice(id="dtype", label="Format", value=Dtype.INT8.value, options=_options(_FORMATS), group="machine"),
        scale_control("bandwidth_scale", "BW_mem ×", ("BW", "mem"), board_scale()),
        _slider("phrases", "Phrases a second", tuple(sorted({*_PHRASES, often})), often, "load"),
        ambient_control(),
        *assumption_controls(),
    )  # fmt: skip


_FORMATS = {Dtype.FP16.value: "fp16", Dtype.INT8.value: "int8"}


def _options(words: dict[str, str]) -> tuple[tuple[str, str, str | None], ...]:
    return tuple((name, text, None) for name, text in words.items())


def _slider(name: str, label: str, stops: tuple[float, ...], value: float, group: str) -> Slider:
    shown = tuple(f"{stop:g}" for stop in stops)
    return Slider(id=name, label=label, value=value, stops=stops, shown=shown, group=group)


def _drafts() -> tuple[tuple[str, str, str | None], ...]:
    return ((OFF, "nobody", None), *((name, draft_title(name), None) for name in drafts()))


def alphas() -> tuple[float, ...]:
    """What the acceptance can be set to: what was published of each draft, and others."""
    return tuple(sorted({*_ALPHAS, *(published(name) for name in drafts())}))


@lru_cache(maxsize=1)
def _layers() -> tuple[tuple[str, str, str | None], ...]:
    rows = step_view(said(Point(), without_idle(printed())).plain).rows
    names = dict.fromkeys(row.layer for row in rows if row.layer != "dispatch")
    return tuple((name, layer_words(name), None) for name in names)


def start() -> dict[str, Knob]:
    """Where the knobs stand at first: the translator as it was."""
    return start_values((*controls(), order_control()))


def turn(knobs: Knobs, change: Knobs) -> dict[str, Knob]:
    """The knobs after some of them were turned.

    Who drafts brings the acceptance that was published of it. There are never fewer experts than a word takes: the one
    that is turned moves the other. Contextual sparsity is of a dense layer: it and experts put each other off.

    Args:
        knobs: Where they stand.
        change: New values by knob.

    Raises:
        DomainError: for a knob that does not exist or a value that it cannot take.
    """
    values = turned((*controls(), order_control()), knobs, change)
    if "draft" in change and "alpha" not in change and values["draft"] != OFF:
        values["alpha"] = published(str(values["draft"]))
    experts, active = float(values["experts"]), float(values["top_k"])
    if active > experts and "experts" in change:
        values["top_k"] = max(stop for stop in ACTIVE if stop <= experts)
    elif active > experts:
        values["experts"] = experts = min(stop for stop in EXPERTS if stop >= active)
    if experts > 1.0 and str(values["sparsity"]).startswith("contextual"):
        if "sparsity" in change:
            values |= {"experts": 1.0, "top_k": 1.0}
        else:
            values["sparsity"] = DENSE
    return values


def moved(knobs: Knobs) -> tuple[str, ...]:
    """What a proof must not rest on and does: knobs of machine and assumptions that stand elsewhere, in words.

    Args:
        knobs: Where they stand.
    """
    begun = start()
    free = (*_ALGORITHM, "dtype", "layer", "curve", "phrases", "ambient", order_control().id)
    return tuple(
        control.label
        for control in controls()
        if control.id not in free and knobs[control.id] != begun[control.id]
    )


def label(knobs: Knobs) -> str:
    """The operating point in a few words.

    Args:
        knobs: Where they stand.
    """
    return point_words(point_of(knobs))


def point_words(point: Point) -> str:
    """What is done to the translator, in a few words.

    Args:
        point: It.
    """
    parts = [_FORMATS[point.dtype]]
    if point.draft != OFF:
        parts.append(
            f"{grouped(float(point.length))} drafted by {draft_title(point.draft)} at {percent(point.alpha)}"
        )
    if point.experts > 1:
        by = "phrase" if point.routing == PHRASE else "word"
        parts.append(
            f"{grouped(float(point.active))} of {grouped(float(point.experts))} experts of width "
            f"{WIDTHS[point.width]} by {by}"
        )
    if point.sparsity != DENSE:
        parts.append(f"pruned {point.sparsity}")
    return ", ".join(parts) if len(parts) > 1 else f"{parts[0]}, nobody drafts, dense"


@lru_cache(maxsize=256)
def step_view(diagnosis: Diagnosis) -> View:
    """A step with its kernels by layer.

    Args:
        diagnosis: The step.
    """
    rows = tuple(replace(row, layer=_layer(row)) for row in kernel_rows(diagnosis))
    return View(diagnosis, rows, cache_traffic(diagnosis))


def _layer(row: KernelRow) -> str:
    if row.layer == "dispatch":
        return row.layer
    return f"{TRANSLATOR}.{row.block}.{row.layer}".replace(" ", "_")


def spent_by_layer(view: View) -> dict[str, float]:
    """Joules of each layer of a step [J].

    Args:
        view: The step.
    """
    spent: dict[str, float] = {}
    for row, parts in zip(view.rows, energies(view), strict=False):
        spent[row.layer] = spent.get(row.layer, 0.0) + summed(parts)
    return spent


def joules_over(
    point: Point, chip: Chip, lengths: tuple[float, ...]
) -> tuple[tuple[float, float], ...]:
    """Joules of a word over how many are drafted, nobody at 0.

    Args:
        point: What is done to the translator; its length does not matter.
        chip: The chip.
        lengths: Words drafted.
    """
    found = [(0.0, _joules(point.only(frozenset({"experts", "sparsity"})), chip))]
    found += [(length, _joules(point._replace(length=int(length)), chip)) for length in lengths]
    return tuple(found)


def _joules(point: Point, chip: Chip) -> float:
    one = said(point, chip)
    return one.per_sample.joules / one.rounds


def footprint_of(point: Point, experts: float) -> float:
    """Weights and caches of the translator with so many experts, its draft with it [B].

    Args:
        point: What is done to the translator; its own number of experts does not matter.
        experts: Experts of every feed-forward layer.
    """
    rest, each = _held(point._replace(experts=2, active=1, alpha=0.0))
    return rest + experts * each


@lru_cache(maxsize=64)
def _held(point: Point) -> tuple[float, float]:
    """What is held beside the experts, and what each of them adds [B]: a line through two and three."""
    draft = drafter(point.draft)
    two, three = (
        resident(
            (
                target(point._replace(experts=number, draft=OFF, length=1)),
                *(() if draft is None else (draft,)),
            ),
            Dtype(point.dtype),
        )
        for number in (2, 3)
    )
    return two - 2.0 * (three - two), three - two


def most_experts(found: Words) -> int:
    """The most experts that the memory holds at the width and in the format that stand.

    Args:
        found: What the knobs come to.
    """
    rest, each = _held(undone(found.point)._replace(experts=2, active=1, alpha=0.0))
    return max(int((found.chip.capacity - found.others - rest) / each), 0)


def undone(point: Point) -> Point:
    """The point without what cannot stand beside experts.

    Args:
        point: What is done to the translator.
    """
    return point._replace(sparsity=DENSE) if point.sparsity.startswith("contextual") else point


def in_words(knobs: Knobs) -> str:
    """Where the knobs stand, in a line.

    Args:
        knobs: Where they stand.
    """
    where = f"{label(knobs)}; {significant(float(knobs['phrases']))} phrases a second"
    changed = moved(knobs)
    return f"{where}; changed: {', '.join(changed)}" if changed else where
