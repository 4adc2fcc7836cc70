"""Cloud Titan, Part 3: the knobs of another algorithm, and the strategy that they stand for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.instruments.scale import grouped, percent, significant
from ironlaw.lab.defence import order_control
from ironlaw.lab.knobs import Choice, Control, Slider, Toggle, start_values, turned
from ironlaw.lab.refusal import RefusedError
from ironlaw.lab.tracks.cloud_strategy import (
    CONTEXTUAL,
    DECODE,
    DENSE,
    PREFILL,
    UNIFORM,
    Draft,
    Load,
    Served,
    Strategy,
    Twin,
    most,
    served,
)
from ironlaw.lab.tracks.cloud_titan import BATCH, CONTEXT, CONTEXTS, MODEL
from ironlaw.system.drafting import MTP, NGRAM
from ironlaw.system.question import load_decoder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.lab.messages import Knob
    from ironlaw.lab.part import Knobs

TWIN = "twin"
MIXTURES = ("mixtral-8x7b", "mixtral-8x22b", "llama-4-scout", "qwen3-235b-a22b", "deepseek-v3")
BATCHES = (
    *(1.0, 2.0, 4.0, 8.0, 16.0, 32.0),
    *(64.0, 128.0, 256.0, 512.0, 1024.0, 2048.0),
)
_DRAFTS = ("llama-3-8b", MTP, NGRAM)
_LENGTHS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 12.0)
_ALPHAS = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
_EXPERTS = (4.0, 8.0, 16.0, 32.0, 64.0)
_CHOSEN = (1.0, 2.0, 4.0, 8.0)
_WIDTHS = (1.0, 0.5, 0.25, 0.125)
_ROUTINGS = {
    UNIFORM: "uniform: every expert as wanted as any other",
    "power-law:0.5": "skewed: wanted as 1 / √rank",
    "power-law:1.0": "very skewed: wanted as 1 / rank",
}
_NONE, _PAIRED = "none", "2:4"
_SPARSITIES = {
    _NONE: "none",
    _PAIRED: "2:4, two of four weights kept",
    "unstructured": "unstructured, zeros anywhere",
    CONTEXTUAL: "contextual, neurons left out token by token",
}
_SHARES = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


class Point(NamedTuple):
    """An operating point: the strategy under its load, and the dense model under the load that it is compared at."""

    load: Load
    base: Load
    strategy: Strategy

    @property
    def now(self) -> Served:
        """What the strategy makes."""
        return served(self.load, self.strategy)

    @property
    def dense(self) -> Served:
        """What the dense model makes."""
        return served(self.base, DENSE)

    @property
    def gain(self) -> float:
        """Tokens a second over those of the dense model."""
        return self.now.rate / self.dense.rate


def _stops(values: tuple[float, ...]) -> tuple[str, ...]:
    return tuple(grouped(value) for value in values)


@lru_cache(maxsize=1)
def controls() -> tuple[Control, ...]:
    """The knobs of the workbench."""
    return (*_load(), *_draft(), *_experts(), *_sparsity(), _profiler())


def _profiler() -> Toggle:
    return Toggle(id="profiler", label="Profiler Mode", value=False, group="look")


def _load() -> tuple[Control, ...]:
    phases = tuple((phase, phase, None) for phase in (DECODE, PREFILL))
    return (
        Choice(id="phase", label="Phase", value=DECODE, options=phases, group="load"),
        Slider(
            id="batch", label="Batch", value=BATCH, stops=BATCHES, shown=_stops(BATCHES),
            group="load",
        ),
        Slider(
            id="context", label="Context", value=CONTEXT, stops=CONTEXTS, shown=_stops(CONTEXTS),
            group="load",
        ),
        Toggle(id="fill", label="Each at the most that fits", value=False, group="load"),
    )  # fmt: skip


def _draft() -> tuple[Control, ...]:
    who = tuple((name, _drafter(name), None) for name in _DRAFTS)
    return (
        Toggle(id="draft", label="Speculation", value=False, group="draft"),
        Choice(id="drafter", label="Draft model", value=_DRAFTS[0], options=who, group="draft"),
        Slider(
            id="gamma", label="Draft length γ", value=4.0, stops=_LENGTHS, shown=_stops(_LENGTHS),
             group="draft",
        ),
        Slider(
            id="alpha", label="Acceptance α", value=0.8, stops=_ALPHAS,
            shown=tuple(f"{alpha:g}" for alpha in _ALPHAS),  group="draft",
        ),
    )  # fmt: skip


def _drafter(name: str) -> str:
    own = {NGRAM: "n-grams of the text itself", MTP: "a head of the model itself"}
    return own[name] if name in own else load_decoder(name).title


def _experts() -> tuple[Control, ...]:
    dense = load_decoder(MODEL)
    models = [(MODEL, f"{dense.title}, dense", None)]
    for name in MIXTURES:
        spec = load_decoder(name)
        if spec.experts is not None:
            of = f"{spec.experts.top_k} of {spec.experts.n_experts} experts"
            models.append((name, f"{_title(name)}: {of}", None))
    models.append((TWIN, f"a twin of {dense.title}: experts as below", None))
    widths = tuple(grouped(share * dense.d_ff) for share in _WIDTHS)
    routings = tuple((name, text, None) for name, text in _ROUTINGS.items())
    return (
        Choice(id="model", label="Model", value=MODEL, options=tuple(models), group="experts"),
        Slider(
            id="n_experts", label="Experts of a layer", value=16.0, stops=_EXPERTS,
            shown=_stops(_EXPERTS),  group="experts",
        ),
        Slider(
            id="top_k", label="Experts of a token k", value=2.0, stops=_CHOSEN,
            shown=_stops(_CHOSEN),  group="experts",
        ),
        Slider(
            id="width", label="Width of an expert", value=0.125, stops=_WIDTHS, shown=widths,
            group="experts",
        ),
        Choice(
            id="routing", label="Routing", value=UNIFORM, options=routings, group="experts"
        ),
    )  # fmt: skip


def _sparsity() -> tuple[Control, ...]:
    kinds = tuple((name, text, None) for name, text in _SPARSITIES.items())
    return (
        Choice(id="sparsity", label="Left out", value=_NONE, options=kinds, group="sparsity"),
        Slider(
            id="share", label="Share left out", value=0.5, stops=_SHARES,
            shown=tuple(percent(share) for share in _SHARES), group="sparsity",
        ),
    )  # fmt: skip


def shown_controls(knobs: Knobs) -> tuple[Control, ...]:
    """The knobs that do something where the others stand."""
    idle: set[str] = set()
    if knobs["model"] != TWIN:
        idle |= {"n_experts", "top_k", "width"}
    if knobs["model"] == MODEL:
        idle.add("routing")
    if knobs["sparsity"] in (_NONE, _PAIRED):
        idle.add("share")
    return tuple(control for control in controls() if control.id not in idle)


def start() -> dict[str, Knob]:
    """Where the knobs stand at first: the crisis' load, served as Part 2 left it."""
    return start_values((*controls(), order_control()))


def turn(knobs: Knobs, change: Mapping[str, Knob]) -> dict[str, Knob]:
    """The knobs after some of them were turned.

    Raises:
        RefusedError: for what does not go together, naming the knob that was turned.
        DomainError: for a knob that does not exist or a value that it cannot take.
    """
    new = turned((*controls(), order_control()), knobs, change)
    for together, problem in _REFUSED:
        if all(_stands(new, knob, value) for knob, value in together.items()):
            knob = next((name for name in change if name in together), next(iter(together)))
            raise RefusedError(f"knobs.{knob}", problem)
    if new["model"] == TWIN and float(new["top_k"]) > float(new["n_experts"]):
        knob = "top_k" if "top_k" in change else "n_experts"
        raise RefusedError(f"knobs.{knob}", "a token cannot ask for more experts than there are")
    return new


def _stands(knobs: Knobs, knob: str, value: Knob | frozenset[str]) -> bool:
    return knobs[knob] in value if isinstance(value, frozenset) else knobs[knob] == value


_REFUSED: tuple[tuple[dict[str, Knob | frozenset[str]], str], ...] = (
    (
        {"draft": True, "phase": PREFILL},
        "a draft guesses tokens that are not known yet; of a prompt all are: speculation is for decode",
    ),
    (
        {"draft": True, "fill": True},
        "a draft takes memory of its own: with one, both are compared at one batch",
    ),
    (
        {"fill": True, "phase": PREFILL},
        "a prompt is read once and leaves: how many sequences the memory holds is a question of decode",
    ),
    (
        {"sparsity": CONTEXTUAL, "model": frozenset((*MIXTURES, TWIN))},
        "experts already leave out neurons token by token: contextual sparsity is for the dense model",
    ),
)


def strategy_at(knobs: Knobs) -> Strategy:
    """The strategy that the knobs stand for."""
    drafted = Draft(str(knobs["drafter"]), int(float(knobs["gamma"])), float(knobs["alpha"]))
    return Strategy(
        model=MODEL if knobs["model"] == TWIN else str(knobs["model"]),
        twin=_twin(knobs),
        routing=UNIFORM if knobs["model"] == MODEL else str(knobs["routing"]),
        sparsity=_left_out(knobs),
        draft=drafted if knobs["draft"] else None,
    )


def _twin(knobs: Knobs) -> Twin | None:
    if knobs["model"] != TWIN:
        return None
    width = float(knobs["width"]) * load_decoder(MODEL).d_ff
    return Twin(int(float(knobs["n_experts"])), int(float(knobs["top_k"])), int(width))


def _left_out(knobs: Knobs) -> str | None:
    kind = str(knobs["sparsity"])
    if kind in (_NONE, _PAIRED):
        return None if kind == _NONE else kind
    return f"{kind}:{float(knobs['share']):g}"


def load_at(knobs: Knobs) -> Load:
    """The load that the knobs ask for."""
    return Load(str(knobs["phase"]), float(knobs["batch"]), float(knobs["context"]))


def point_at(knobs: Knobs, strategy: Strategy | None = None) -> Point:
    """The operating point that the knobs stand for.

    Args:
        knobs: Where they stand.
        strategy: Another strategy under their load; None for their own.
    """
    made = strategy_at(knobs) if strategy is None else strategy
    load = load_at(knobs)
    if not knobs["fill"]:
        return Point(load, load, made)
    return Point(_filled(load, made), _filled(load, DENSE), made)


def _filled(load: Load, strategy: Strategy) -> Load:
    """A load of as many sequences as fit; of one where not even that does."""
    return load._replace(batch=max(most(load, strategy), 1.0))


def name_of(strategy: Strategy) -> str:
    """The model of a strategy in words."""
    title = _title(strategy.model)
    if strategy.twin is None:
        return title
    twin = strategy.twin
    width = grouped(float(twin.d_expert))
    return f"twin of {title} with {twin.top_k} of {twin.n_experts} experts of width {width}"


def _title(model: str) -> str:
    """What a model is called, without what its configuration is a part of."""
    return load_decoder(model).title.partition(",")[0]


def draft_words(draft: Draft) -> str:
    """A draft in a few words."""
    return f"{draft.length} token{'s' * (draft.length > 1)} drafted by {_drafter(draft.model)}, α = {draft.alpha:g}"


def sparsity_words(sparsity: str) -> str:
    """What is left out, in a few words."""
    kind, _, share = sparsity.partition(":")
    return sparsity if sparsity == _PAIRED else f"{kind} sparsity of {percent(float(share))}"


def weights_words(strategy: Strategy) -> str:
    """What a strategy keeps of which weights, in a few words."""
    name = name_of(strategy)
    return name if strategy.sparsity is None else f"{name}, {sparsity_words(strategy.sparsity)}"


def load_words(load: Load) -> str:
    """A load in a few words."""
    return f"{load.phase}, batch {grouped(load.batch)}, context {grouped(load.context)}"


def label(knobs: Knobs) -> str:
    """Where the knobs stand, in a line."""
    point = point_at(knobs)
    made = point.strategy
    parts = [name_of(made), load_words(point.load)]
    if knobs["fill"]:
        parts[1] += f" against {grouped(point.base.batch)}"
    if made.routing != UNIFORM:
        parts.append(f"routing {made.routing}")
    if made.draft is not None:
        parts.append(draft_words(made.draft))
    if made.sparsity is not None:
        parts.append(sparsity_words(made.sparsity))
    return " · ".join(parts)


def times(value: float) -> str:
    """A ratio in words: 1.68×."""
    return f"{significant(value)}×"
