"""A model with experts beside a dense one: the speed-up over the batch, and what holds it at both ends."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, Unpack, cast

from ironlaw.base.errors import DomainError
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.expert_facts import expert_facts, weights_read
from ironlaw.system.question import Ask, scenario
from ironlaw.workload.work import active_matrix_params

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ironlaw.system.diagnosis import Diagnosis, Scenario
    from ironlaw.system.expert_facts import ExpertFacts
    from ironlaw.workload.spec import DecoderSpec

_OF_EXPERTS = ("experts", "top_k", "d_expert", "d_shared", "routing", "ep", "shared")


class ExpertPoint(NamedTuple):
    """Both models at one batch.

    Attributes:
        batch: Sequences, B.
        speedup: Step of the dense model over that of the one with experts.
        step: Step of the model with experts [s].
        dense_step: Step of the dense model [s].
        feasible: Whether the model with experts fits the memory.
        dense_feasible: Whether the dense model fits.
        touched: Share of a layer's experts that the step asks for.
        after: Speed-up where shared experts run after the routed ones, not beside them; the same where there are none.
    """

    batch: int
    speedup: float
    step: float
    dense_step: float
    feasible: bool
    dense_feasible: bool
    touched: float
    after: float


class ExpertPair(NamedTuple):
    """Both models at one operating point.

    Attributes:
        total: Parameters of the model with experts.
        active: Those that a token uses.
        dense: Parameters of the dense model.
        weights: Bytes of weights of the model with experts on a chip [B].
        dense_weights: Those of the dense model [B].
        read: Bytes of weights that a step of the model with experts reads on a chip [B].
        dense_read: Those of the dense model [B].
        flops_limit: FLOPs of a token in the dense model's matrices, LM head included, over those in the ones that it
            visits of the model with experts: the speed-up where arithmetic alone binds.
        bytes_limit: Bytes of weights that a single token reads on a chip of the dense model over those of the model
            with experts: the speed-up where they alone bind.
    """

    total: int
    active: int
    dense: int
    weights: float
    dense_weights: float
    read: float
    dense_read: float
    flops_limit: float
    bytes_limit: float


class _Both(NamedTuple):
    """A model with experts and a dense one, asked the same."""

    model: Scenario
    dense: Scenario

    def at(self, batch: float, *, fitted: bool = True) -> tuple[Diagnosis, Diagnosis]:
        """The answers at a batch, with the constants that were measured or by the roofline alone."""
        model, dense = (_answer(case, batch, fitted=fitted) for case in self)
        return model, dense


def speedups_over_dense(
    model: str,
    dense: str,
    chip: str,
    batches: tuple[int, ...],
    *,
    fitted: bool = True,
    **ask: Unpack[Ask],
) -> tuple[ExpertPoint, ...]:
    """The speed-up of a model with experts over a dense one, over batches; nothing is worked out twice.

    Args:
        model: A decoder with experts, or a dense one whose twin the question asks for.
        dense: A dense decoder.
        chip: As in `scenario`.
        batches: Sequences, B.
        fitted: Whether the constants that were measured are taken; by the datasheet's roofline alone if not.
        **ask: As in `scenario`, of both models; what only experts have, of the one that has some. A batch in it is
            passed over.

    Returns:
        A point for each batch. What does not fit the memory is timed all the same, and says so.

    Raises:
        DomainError: for a model without experts, a dense one that has some, or as `scenario` does.

    Example:
        >>> points = speedups_over_dense("mixtral-8x22b", "llama-3-70b", "h100-sxm", (1, 16, 1024), tp=8)
        >>> [point.speedup > 1.0 for point in points]
        [True, False, True]
    """
    question = (model, dense, chip, _frozen(ask))
    return tuple(_point(question, float(batch), fitted=fitted) for batch in batches)


def expert_pair(model: str, dense: str, chip: str, **ask: Unpack[Ask]) -> ExpertPair:
    """What a model with experts keeps and reads beside a dense one, and the limits of its speed-up.

    Args:
        model: As in `speedups_over_dense`.
        dense: As in `speedups_over_dense`.
        chip: As in `scenario`.
        **ask: As in `speedups_over_dense`, with one batch.

    Raises:
        DomainError: as `speedups_over_dense`.
    """
    both = _both(model, dense, chip, _frozen(ask))
    (one, other), single = both.at(float(ask.get("batch", 1.0))), both.at(1.0)
    facts = _facts(one)
    return ExpertPair(
        total=facts.total_params,
        active=facts.active_params,
        dense=other.scenario.decoder.total_params,
        weights=float(one.footprint.weights),
        dense_weights=float(other.footprint.weights),
        read=float(facts.read),
        dense_read=float(weights_read(other)),
        flops_limit=_passed(other.scenario.decoder) / _passed(one.scenario.decoder),
        bytes_limit=float(weights_read(single[1])) / float(weights_read(single[0])),
    )


def crossings(points: tuple[ExpertPoint, ...], bound: float = 2.0) -> tuple[int, ...]:
    """The batches of a curve that stand on the other side of a bound than the batch before.

    Args:
        points: A curve.
        bound: A speed-up.

    Example:
        >>> curve = [ExpertPoint(b, s, 1.0, s, True, True, 1.0, s) for b, s in ((1, 2.1), (2, 1.9), (4, 0.9), (8, 2.0))]
        >>> crossings(tuple(curve))
        (2, 8)
    """
    above = [point.speedup >= bound for point in points]
    steps = zip(points[1:], above, above[1:], strict=False)
    return tuple(point.batch for point, before, now in steps if before is not now)


_Frozen = tuple[tuple[str, object], ...]


def _frozen(ask: Mapping[str, object]) -> _Frozen:
    """A question that can be looked up."""
    kept = {name: value for name, value in sorted(ask.items()) if name != "batch"}
    if not isinstance(kept.get("routing", ""), str):
        kept["routing"] = tuple(cast("Sequence[float]", kept["routing"]))
    return tuple(kept.items())


@lru_cache(maxsize=64)
def _both(model: str, dense: str, chip: str, ask: _Frozen) -> _Both:
    asked = cast("Ask", dict(ask))
    plain = cast("Ask", {name: value for name, value in ask if name not in _OF_EXPERTS})
    both = _Both(scenario(model, chip, **asked), scenario(dense, chip, **plain))
    if both.model.decoder.experts is None:
        raise DomainError("model", model, "the decoders with experts")
    if both.dense.decoder.experts is not None:
        raise DomainError("dense", dense, "the decoders without experts")
    return both


@lru_cache(maxsize=4096)
def _point(question: tuple[str, str, str, _Frozen], batch: float, *, fitted: bool) -> ExpertPoint:
    one, other = _both(*question).at(batch, fitted=fitted)
    step, dense_step = float(one.step), float(other.step)
    return ExpertPoint(
        batch=int(batch),
        speedup=dense_step / step,
        step=step,
        dense_step=dense_step,
        feasible=float(one.spare) >= 0.0,
        dense_feasible=float(other.spare) >= 0.0,
        touched=float(_facts(one).touched),
        after=dense_step / float(_after(one, fitted=fitted).step),
    )


def _answer(case: Scenario, batch: float, *, fitted: bool) -> Diagnosis:
    request = replace(case.request, batch=batch)
    return diagnose(
        replace(case, request=request, calibration=case.calibration if fitted else None)
    )


def _after(answer: Diagnosis, *, fitted: bool) -> Diagnosis:
    """The answer with shared experts after the routed ones."""
    asked = answer.scenario
    if not asked.shared_beside:
        return answer
    batch = float(asked.request.batch)
    return _answer(replace(asked, shared_beside=False), batch, fitted=fitted)


def _facts(answer: Diagnosis) -> ExpertFacts:
    found = expert_facts(answer)
    if found is None:
        raise DomainError("model", answer.scenario.spec.name, "the decoders with experts")
    return found


def _passed(spec: DecoderSpec) -> float:
    """Parameters of the matrices that a token passes, LM head included."""
    return active_matrix_params(spec) + spec.embedding_params
