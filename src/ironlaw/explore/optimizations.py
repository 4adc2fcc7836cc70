"""What precision, fusion and algorithm have each done for the time of a step, or of a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack, cast

from ironlaw.base.errors import DomainError
from ironlaw.explore.attribution import Attribution, Means, Optimization, attribute
from ironlaw.registry.dtypes import Dtype
from ironlaw.rewrites.levels import FusionLevel
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.drafting import Drafting, drafted_by, speculated
from ironlaw.system.question import Ask, scenario
from ironlaw.workload.layout import layer_chips
from ironlaw.workload.network import Network

if TYPE_CHECKING:
    from ironlaw.system.diagnosis import Scenario

_START = {"dtype": "bf16", "kv_dtype": "bf16", "activations": "auto", "accumulate": "fp32"}
DRAFT, SPARSITY, EXPERTS = "algorithm:draft", "algorithm:sparsity", "algorithm:experts"
"""Changes of the algorithm, by their names in a set."""

_FUSION = ("fusion", "fusions", "launch", "shared")
_TWIN = ("experts", "top_k", "d_expert", "d_shared", "routing", "shared")


def optimizations(
    model: str | Network, chip: str, draft: Drafting | None = None, **ask: Unpack[Ask]
) -> Attribution:
    """Take apart how a question came from 16 bits, nothing fused, dense matrices and no draft to what it asks.

    Precision, fusion and algorithm are taken in that order, and each is given its Shapley share as well. What a
    question leaves as it starts is no change. Nothing on the way has to fit the memory.

    Args:
        model: As in `scenario`.
        chip: As in `scenario`.
        draft: A draft, None where none is asked for.
        **ask: As in `scenario`.

    Returns:
        Times of a step; with a draft those of a token of each sequence [s].

    Raises:
        DomainError: if the question asks for nothing but what it starts from; else as `scenario` and `speculate`.
    """
    asked = scenario(model, chip, **ask)
    changes = _changes(asked, draft, ask)
    if not changes:
        domain = "the questions that change precision, fusion or algorithm"
        raise DomainError("waterfall", f"{asked.fusion_name}, {asked.weights.value}", domain)

    def time(made: frozenset[str]) -> float:
        kept = cast("Ask", _without(ask, asked, made))
        if draft is None or DRAFT not in made:
            return float(diagnose(scenario(model, chip, **kept)).step)
        return float(speculated(model, chip, draft, **kept).time_per_token)

    return attribute(changes, time)


def _changes(asked: Scenario, draft: Drafting | None, ask: Ask) -> list[Optimization]:
    """What the question changes, in the order taken."""
    found: list[Optimization] = []
    formats = _formats(asked)
    if formats:
        found.append(_change(Means.PRECISION, formats))
    if asked.fusions is not None or asked.level is not FusionLevel.NONE:
        label = f"fusion {asked.fusion_name}, launched by {asked.launch.value}"
        found.append(_change(Means.FUSION, label))
    if "experts" in ask:
        label = f"{ask.get('experts')} experts, {ask.get('top_k')} a token"
        found.append(_change(Means.ALGORITHM, label, EXPERTS))
    if asked.pruning is not None:
        label = f"sparsity {asked.pruning.sparsity.name}"
        found.append(_change(Means.ALGORITHM, label, SPARSITY))
    if draft is not None:
        found.append(_change(Means.ALGORITHM, drafted_by(draft), DRAFT))
    return found


def _change(means: Means, label: str, name: str | None = None) -> Optimization:
    return Optimization(id=name or means.value, label=label, means=means)


def _formats(asked: Scenario) -> str:
    """The formats that are not those it starts from; none if empty."""
    if isinstance(asked.spec, Network):
        return "" if asked.weights is asked.spec.dtype else f"{asked.weights.value} throughout"
    named = (
        ("weights", asked.weights, Dtype.BF16),
        ("KV cache", asked.cache, Dtype.BF16),
        ("sums", asked.accumulate, Dtype.FP32),
    )
    return ", ".join(f"{what} {dtype.value}" for what, dtype, start in named if dtype is not start)


def _without(ask: Ask, asked: Scenario, made: frozenset[str]) -> dict[str, object]:
    """The question with only some of its changes made."""
    kept: dict[str, object] = {**ask}
    if Means.PRECISION.value not in made:
        network = isinstance(asked.spec, Network)
        kept.update({"dtype": asked.spec.dtype.value} if network else _START)
    if Means.FUSION.value not in made:
        kept = {name: value for name, value in kept.items() if name not in _FUSION}
        kept["fusion"] = FusionLevel.NONE.value
    if SPARSITY not in made:
        kept.pop("sparsity", None)
    if EXPERTS not in made and "experts" in ask:
        kept = {name: value for name, value in kept.items() if name not in (*_TWIN, "ep")}
        kept["tp"] = layer_chips(asked.request)  # the dense model on the same chips
    return kept
