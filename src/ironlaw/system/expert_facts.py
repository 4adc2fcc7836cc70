"""What a step holds of experts and what it touches: footprint against traffic, and the fullest chip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.cost.family import experts_of
from ironlaw.workload.graph import OpKind, Role
from ironlaw.workload.hottest import hottest_rows, largest_count
from ironlaw.workload.network import Network
from ironlaw.workload.router import distinct

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.system.diagnosis import Diagnosis, Scenario
    from ironlaw.workload.kernels import Kernel
    from ironlaw.workload.spec import Experts


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ExpertFacts:
    """The experts of a step.

    Attributes:
        experts: The experts of a layer.
        total_params: All parameters of the model, N.
        active_params: Parameters that a token uses, N_act.
        resident: Bytes of weights that a chip keeps [B].
        read: Bytes of weights that a chip reads in the step; of several the one with most rows [B].
        distinct: Experts of a layer that the tokens of the step ask for, all chips together.
        imbalance: Rows of the chip with most of them over the mean of all chips; 1 where the experts are not spread.
        largest: Rows of the most wanted expert over the mean of all experts.
    """

    experts: Experts
    total_params: int
    active_params: int
    resident: Number
    read: Number
    distinct: Number
    imbalance: Number
    largest: Number

    @property
    def touched(self) -> Number:
        """Share of a layer's experts that the step asks for."""
        return self.distinct / self.experts.n_experts


def expert_facts(diagnosis: Diagnosis) -> ExpertFacts | None:
    """The experts of a step, None for a model without.

    Args:
        diagnosis: The answer to a question.

    Example:
        >>> from ironlaw.system.diagnosis import diagnose
        >>> from ironlaw.system.question import scenario
        >>> facts = expert_facts(diagnose(scenario("mixtral-8x7b", "h100-sxm", tp=2, batch=8)))
        >>> round(facts.distinct, 3), facts.active_params
        (7.199, 12879925248)
    """
    scenario = diagnosis.scenario
    spec, request = scenario.spec, scenario.request
    if isinstance(spec, Network) or spec.experts is None:
        return None
    experts, tokens = spec.experts, request.tokens
    law = experts.law(request.expert_parallel)
    rows = tokens * float(experts.top_k)
    return ExpertFacts(
        experts=experts,
        total_params=spec.total_params,
        active_params=spec.active_params,
        resident=diagnosis.footprint.weights,
        read=weights_read(diagnosis),
        distinct=distinct(law._replace(ranks=1), tokens),
        imbalance=hottest_rows(law, tokens) / (rows / law.ranks),
        largest=largest_count(law._replace(ranks=1), tokens) / (rows / law.n_experts),
    )


def mean_of_chips(kernel: Kernel, scenario: Scenario) -> Kernel:
    """A kernel of experts with the work and bytes of the mean chip instead of the one with most rows.

    Args:
        kernel: A kernel of the step; one without experts is its own mean.
        scenario: The question.
    """
    spec, request = scenario.spec, scenario.request
    if isinstance(spec, Network) or spec.experts is None or request.expert_parallel == 1:
        return kernel
    if OpKind.EXPERTS not in kernel.border.kinds:
        return kernel
    law, shape = spec.experts.law(request.expert_parallel), kernel.shape(experts_of(kernel))
    rows = request.tokens * float(law.top_k) / law.ranks / shape.rows
    active = distinct(law._replace(ranks=1), request.tokens) / law.ranks / shape.active_experts
    weights = _weights(kernel)
    traffic = weights * active + (kernel.traffic - weights) * rows
    return kernel._replace(flops=kernel.flops * rows, traffic=traffic)


def _weights(kernel: Kernel) -> Number:
    """Bytes of weights that a launch of a kernel reads [B]."""
    reads = kernel.parts.reads
    found = [c.tensor for c in kernel.border.enters if c.role is Role.WEIGHT]
    return summed(kernel.size(reads[tensor]) for tensor in found)


def weights_read(diagnosis: Diagnosis) -> Number:
    """Bytes of weights that cross the memory interface of a chip in a step [B].

    Args:
        diagnosis: The answer to a question.
    """
    return summed(_weights(x.cost.kernel) * x.launches for x in diagnosis.launches)
