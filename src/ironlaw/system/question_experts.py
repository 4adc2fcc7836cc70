"""The experts that a question asks for: a dense model's twin, and who of the experts is wanted."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import DomainError
from ironlaw.base.number import everywhere, is_scalar, summed
from ironlaw.rewrites.twin import moe_twin
from ironlaw.workload.router import EVEN, LARGEST_EXPONENT, Routing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ironlaw.base.number import Number
    from ironlaw.system.question import Ask
    from ironlaw.workload.spec import DecoderSpec, Experts

_TWIN = ("experts", "top_k", "d_expert")
_LAW = "power-law:"
_ALLOWED = (
    f'"uniform", "{_LAW}S" with S from 0 to {LARGEST_EXPONENT:g}, or a number for each expert'
)
_SLACK = 1e-6  # of shares that are written in decimals


def asked_twin(spec: DecoderSpec, ask: Ask) -> DecoderSpec:
    """The model, or the MoE twin of it that the question asks for.

    Args:
        spec: A decoder.
        ask: The question.

    Raises:
        DomainError: for a twin that is asked for in part, or cannot be.
    """
    if not any(name in ask for name in (*_TWIN, "d_shared")):
        return spec
    for name in _TWIN:
        if name not in ask:
            domain = f"the questions for a twin, which name {', '.join(_TWIN)}"
            raise DomainError(name, None, domain)
    twin = moe_twin(
        spec,
        n_experts=ask.get("experts", 0),
        top_k=ask.get("top_k", 0),
        d_expert=ask.get("d_expert", 0),
        d_shared=ask.get("d_shared", 0),
    )
    note = f"{twin.name} is a rewrite: nobody has trained it, and nothing is said of how good it would be"
    return replace(twin, notes=(*twin.notes, note))


def routed(spec: DecoderSpec, asked: object, tokens: Number) -> DecoderSpec:
    """The model with the routing that a question asks for; its own where it asks for none.

    Args:
        spec: A decoder.
        asked: "uniform", "power-law:S", or a share or count for each expert; None where nothing is asked.
        tokens: Tokens of the step, T, of which counts are the count.

    Raises:
        DomainError: for a routing that is none, or of a model without experts.
    """
    if asked is None:
        return spec
    experts = spec.experts
    if experts is None:
        raise DomainError("routing", asked, f"the models with experts: {spec.name} has none")
    found = _named(asked) if isinstance(asked, str) else _given(asked, experts, tokens)
    return replace(spec, experts=replace(experts, routing=found))


def _named(asked: str) -> Routing:
    if asked == "uniform":
        return EVEN
    try:
        exponent = float(asked.removeprefix(_LAW)) if asked.startswith(_LAW) else math.nan
    except ValueError:
        exponent = math.nan
    if not 0.0 <= exponent <= LARGEST_EXPONENT:
        raise DomainError("routing", asked, _ALLOWED)
    return Routing(exponent=exponent)


def _given(asked: object, experts: Experts, tokens: Number) -> Routing:
    """Shares that add up to 1, or counts that add up to the rows of the step."""
    numbers = _numbers(asked)
    n, k = experts.n_experts, experts.top_k
    if len(numbers) != n:
        raise DomainError(
            "routing", f"{len(numbers)} numbers", f"a number for each of the {n} experts"
        )
    total = summed(numbers)
    if abs(total - 1.0) <= _SLACK:
        shares = tuple(number / total for number in numbers)
        _require_most(
            max(shares), 1.0 / k * (1.0 + _SLACK), f"shares up to 1/{k}: a token asks once"
        )
        return Routing(shares=shares)
    rows = tokens * float(k)
    if not (is_scalar(rows) and everywhere(rows == total)):
        said = f"the {float(rows):g} rows of the step" if is_scalar(rows) else "the rows of a step"
        domain = f"shares that add up to 1, or counts that add up to {said}, T · k"
        raise DomainError("routing", f"a sum of {total:g}", domain)
    if any(number != math.floor(number) for number in numbers):
        raise DomainError("routing", numbers, "counts that are whole numbers")
    _require_most(max(numbers), total / k, f"counts up to the {total / k:g} tokens of the step")
    return Routing(shares=tuple(number / total for number in numbers), counts=numbers)


def _numbers(asked: object) -> tuple[float, ...]:
    try:
        numbers = tuple(float(number) for number in cast("Sequence[float]", asked))
    except (TypeError, ValueError):
        raise DomainError("routing", asked, _ALLOWED) from None
    for number in numbers:
        if not 0.0 <= number < math.inf:
            raise DomainError("routing", number, "numbers from 0")
    return numbers


def _require_most(largest: float, most: float, domain: str) -> None:
    if largest > most:
        raise DomainError("routing", largest, domain)
