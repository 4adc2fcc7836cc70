"""Mobile Nomad, Part 3: the translator word by word, with who drafts, its experts and what is pruned, at some knobs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.number import summed
from ironlaw.lab.tracks.mobile_fusion import best_in
from ironlaw.lab.tracks.mobile_glasses import JOBS, MILD, chip_at, network_of, sheet
from ironlaw.lab.tracks.mobile_optimum import optimum
from ironlaw.lab.tracks.mobile_plan import plan_at
from ironlaw.lab.tracks.mobile_wear import WHOLE, weights, worn
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.network_experts import NetworkExperts, with_experts
from ironlaw.rewrites.network_weights import with_stored_weights
from ironlaw.rewrites.sparsity import Kind, sparsity_named, stored_ratio
from ironlaw.system.acceptance import acceptances
from ironlaw.system.network_loop import draft_loop, load_loop
from ironlaw.system.network_speculation import LoopSpeculation, speculate_loop

if TYPE_CHECKING:
    from ironlaw.lab.part import Knobs, Standing
    from ironlaw.lab.tracks.mobile_wear import Worn
    from ironlaw.registry.chips import Chip
    from ironlaw.system.energy_plan import Plan
    from ironlaw.system.network_loop import TokenLoop
    from ironlaw.workload.network import Network

OFF, DENSE = "off", "none"
"""No draft; nothing pruned."""
PHRASE = "phrase"
TRANSLATOR = JOBS[-1]
_VOCABULARY = "logits"
"""The layer that is never pruned: its rows are words."""
_NEURONS = 2048
"""Of a feed-forward layer: the parts that contextual sparsity chooses from."""


class Point(NamedTuple):
    """What is done to the translator.

    Attributes:
        draft: Who proposes, of the pipeline's drafts; "off" for nobody.
        length: Words that are drafted in a round, gamma.
        alpha: The probability that a drafted word is right if those before it were.
        experts: Experts of every feed-forward layer, E; 1 for the dense layer.
        active: Experts of a word, k.
        width: Width of an expert over that of the dense layer.
        routing: Whether each word or each phrase chooses its experts.
        sparsity: What is pruned, as in `sparsity_named`; "none" for nothing.
        dtype: Format of weights and activations.
    """

    draft: str = OFF
    length: int = 1
    alpha: float = 0.0
    experts: int = 1
    active: int = 1
    width: float = 1.0
    routing: str = PHRASE
    sparsity: str = DENSE
    dtype: str = Dtype.FP16.value

    @property
    def plain(self) -> Point:
        """The same translator as it was: nobody drafts, dense, nothing pruned."""
        return Point(dtype=self.dtype)

    @property
    def changes(self) -> tuple[str, ...]:
        """What is changed: the draft, the experts, what is pruned."""
        stands = {
            "sparsity": self.sparsity != DENSE,
            "experts": self.experts > 1,
            "draft": self.draft != OFF,
        }
        return tuple(name for name, on in stands.items() if on)

    def only(self, kept: frozenset[str]) -> Point:
        """The point with some of its changes alone.

        Args:
            kept: Names of changes.
        """
        point = self
        if "draft" not in kept:
            point = point._replace(draft=OFF, length=1, alpha=0.0)
        if "experts" not in kept:
            point = point._replace(experts=1, active=1, width=1.0, routing=PHRASE)
        if "sparsity" not in kept:
            point = point._replace(sparsity=DENSE)
        return point


def point_of(knobs: Knobs) -> Point:
    """What the knobs do to the translator; what has no effect where they stand is left out.

    Args:
        knobs: Where they stand.
    """
    point = Point(
        draft=str(knobs["draft"]),
        length=int(float(knobs["draft_len"])),
        alpha=float(knobs["alpha"]),
        experts=int(float(knobs["experts"])),
        active=int(float(knobs["top_k"])),
        width=float(knobs["width"]),
        routing=str(knobs["routing"]),
        sparsity=str(knobs["sparsity"]),
        dtype=str(knobs["dtype"]),
    )
    return point.only(frozenset(point.changes))


def drafts() -> tuple[str, ...]:
    """Who may draft."""
    return sheet().children("draft")


def draft_title(draft: str) -> str:
    """Who drafts, in words."""
    return sheet().texts[f"draft.{draft}.title"]


def published(draft: str) -> float:
    """How often a word of a draft is right if those before it were, as far as anyone has published.

    Args:
        draft: Who drafts.
    """
    return sheet().number(f"draft.{draft}.acceptance")


@lru_cache(maxsize=8)
def drafter(draft: str) -> TokenLoop | None:
    """The network that drafts; None where it is a table, or nobody does.

    Args:
        draft: Who drafts.
    """
    layers = sheet().optional(f"draft.{draft}.layers")
    if layers is None:
        return None
    words = sheet().number(f"draft.{draft}.vocabulary")
    return draft_loop(network_of(TRANSLATOR), int(layers), int(words))


@lru_cache(maxsize=256)
def target(point: Point) -> TokenLoop:
    """The translator with its experts and what is pruned of it.

    Args:
        point: What is done to it.
    """
    loop = load_loop(network_of(TRANSLATOR))
    sparsity = sparsity_named(None if point.sparsity == DENSE else point.sparsity)
    if point.experts > 1:
        experts = NetworkExperts(
            point.experts, point.active, point.width, by_sample=point.routing == PHRASE
        )
        loop = loop.rewritten(lambda network: with_experts(network, experts))
    if sparsity is None:
        return loop
    if sparsity.kind is Kind.CONTEXTUAL:
        active = round(_NEURONS * (1.0 - sparsity.share))
        neurons = NetworkExperts(_NEURONS, active, 1.0 / _NEURONS, router=False)
        return loop.rewritten(lambda network: with_experts(network, neurons))
    ratio = stored_ratio(sparsity, Dtype(point.dtype))

    def packed(network: Network) -> Network:
        return with_stored_weights(network, ratio, (_VOCABULARY, "router"))

    return loop.rewritten(packed)


@lru_cache(maxsize=2048)
def said(point: Point, chip: Chip) -> LoopSpeculation:
    """The translator at a point on a chip.

    Args:
        point: What is done to it.
        chip: The chip, under any assumptions, its idle power aside.
    """
    alphas = () if point.draft == OFF else acceptances(point.alpha, point.length)
    known = target(point.only(frozenset({"experts", "sparsity"})))
    return speculate_loop(known, drafter(point.draft), alphas, chip, Dtype(point.dtype))


def chip_of(knobs: Knobs) -> Chip:
    """The chip under the assumptions of some knobs; what it draws beside the work is counted apart.

    Args:
        knobs: Where they stand.
    """
    return without_idle(chip_at({**knobs, "peak_scale": 1.0}))


@lru_cache(maxsize=64)
def without_idle(chip: Chip) -> Chip:
    """A chip whose joules are those of its work alone.

    Args:
        chip: The chip.
    """
    return replace(chip, idle_power=0.0)


class Left(NamedTuple):
    """What Part 2 left.

    Attributes:
        plans: What is done to the layers of each job, in order.
        fps: Frames a second [1/s].
        own: Whether it is the learner's best run; else it is the engine's optimum.
    """

    plans: tuple[Plan, ...]
    fps: float
    own: bool


def left_by(standing: Standing) -> Left:
    """The best run of Part 2 in a room, or the optimum for who joined in the middle or had no run that held.

    Args:
        standing: Where the learner stands in Part 3.
    """
    before = standing.earlier.get(2)
    best = None if before is None else best_in(before.runs, MILD)
    if best is None:
        goal = optimum(MILD).found
        return Left(goal.plans, goal.fps, own=False)
    plans = tuple(plan_at(job, best.knobs) for job in JOBS)
    return Left(plans, float(best.knobs["fps"]), own=True)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Words:
    """The translator at some knobs, beside what it was, and the glasses around it.

    Attributes:
        point: What is done to it.
        now: It.
        plain: It as it was, in the same format.
        chip: The chip, under any assumptions.
        phrases: Phrases a second [1/s].
        glasses: What else runs, as Part 2 left it.
    """

    point: Point
    now: LoopSpeculation
    plain: LoopSpeculation
    chip: Chip
    phrases: float
    glasses: Worn

    @property
    def joules(self) -> float:
        """Of a word, its share of what runs once a phrase with it [J]."""
        return self.now.per_sample.joules / self.now.rounds

    @property
    def plain_joules(self) -> float:
        """Of a word as it was [J]."""
        return self.plain.per_sample.joules / self.plain.rounds

    @property
    def gain(self) -> float:
        """Words for the joules of one as it was."""
        return self.plain_joules / self.joules

    @property
    def work(self) -> float:
        """Operations of a word over those of one as it was."""
        return self.now.per_sample.flops / self.plain.per_sample.flops

    @property
    def bytes(self) -> float:
        """Bytes of a word over those of one as it was."""
        return self.now.per_sample.traffic / self.plain.per_sample.traffic

    @property
    def others(self) -> float:
        """Weights of the other networks [B]."""
        return others_weights(self.glasses)

    @property
    def footprint(self) -> float:
        """All that has to be in memory: the translator, its draft, the other networks [B]."""
        return self.now.footprint + self.others

    @property
    def over(self) -> float:
        """Bytes beyond the memory; below 0 where it fits [B]."""
        return self.footprint - self.chip.capacity

    @property
    def watts(self) -> float:
        """Power of the translator [W]."""
        return self.phrases * self.now.per_sample.joules

    @property
    def around(self) -> float:
        """Power of all else [W]."""
        found = self.glasses
        jobs = zip(found.rates[:-1], found.passes[:-1], strict=True)
        return summed(rate * one.total for rate, one in jobs) + found.beside

    @property
    def power(self) -> float:
        """Of the glasses [W]."""
        return self.around + self.watts


def others_weights(glasses: Worn) -> float:
    """Weights of what runs beside the translator [B].

    Args:
        glasses: What runs.
    """
    jobs = zip(JOBS[:-1], glasses.plans[:-1], strict=True)
    return summed(weights(job, plan.narrow) for job, plan in jobs)


def words_at(standing: Standing) -> Words:
    """What the knobs come to.

    Args:
        standing: Where the learner stands.
    """
    knobs = standing.knobs
    left, point, chip = left_by(standing), point_of(knobs), chip_of(knobs)
    asked = {**knobs, "launch": WHOLE, "fps": left.fps}
    return Words(
        point=point,
        now=said(point, chip),
        plain=said(point.plain, chip),
        chip=chip,
        phrases=float(knobs["phrases"]),
        glasses=worn(asked, left.plans),
    )
