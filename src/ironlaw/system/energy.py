"""The energy of a step: joules by arithmetic, by memory level and static, on all chips that take part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.cost.energy import (
    EnergyTerms,
    active_power,
    kernel_energy,
    lacking,
    step_joules,
)
from ironlaw.system.expert_facts import mean_of_chips
from ironlaw.workload.layout import layer_chips
from ironlaw.workload.network import Network

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.registry.dtypes import Dtype
    from ironlaw.system.diagnosis import Diagnosis, Scenario


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class StepEnergy:
    """The energy of a step.

    Attributes:
        terms: Of all chips together [J].
        levels: Names of the memory levels of `terms`, fastest first.
        kernels: Of each kernel of the diagnosis, all its launches on the mean chip, in order [J].
        power: Mean over the step, of all chips together [W].
        chips: Chips that take part.
        outputs: Tokens, or the samples of a network, that the step is made for.
    """

    terms: EnergyTerms
    levels: tuple[str, ...]
    kernels: tuple[EnergyTerms, ...]
    power: Number
    chips: int
    outputs: Number

    @property
    def total(self) -> Number:
        """E of the step [J]."""
        return self.terms.total

    @property
    def per_output(self) -> Number:
        """E of a token, or of a sample [J]."""
        return self.terms.total / self.outputs


def step_energy(diagnosis: Diagnosis) -> StepEnergy:
    r"""The energy of a step.

    $$ E = \max(n_{chips} \sum_{kernel} E_{kernel} + n_{all} P_{idle} T, n_{all} P_{active} T) $$

    Every chip of a layer runs the same kernels, over experts of its own with its own rows; a pipeline's stages follow
    each other, and all chips idle meanwhile.

    Args:
        diagnosis: The step.

    Raises:
        DomainError: if the chip's file lacks an energy.
    """
    scenario = diagnosis.scenario
    chip, request = scenario.chip, scenario.request
    reason = lacking(chip)
    if reason is not None:
        raise DomainError("chip", chip.name, f"chips with energy facts: {reason}")
    dtype = stored_format(scenario)
    kernels = tuple(
        _times(
            kernel_energy(mean_of_chips(x.cost.kernel, scenario), diagnosis.machine, dtype),
            x.launches,
        )
        for x in diagnosis.launches
    )
    sharing = layer_chips(request)
    chips = sharing * request.pipeline_parallel
    compute: Number = 0.0
    levels: list[Number] = [0.0 for _ in chip.levels]
    for terms in kernels:
        compute = compute + terms.compute
        levels = [old + new for old, new in zip(levels, terms.levels, strict=True)]
    dynamic = _times(EnergyTerms(compute, tuple(levels)), sharing)
    idle, active = (chip.idle_power or 0.0) * chips, active_power(chip) * chips
    whole = step_joules(dynamic.total, diagnosis.step, idle, active)
    terms = dynamic._replace(static=whole - dynamic.total)
    return StepEnergy(
        terms=terms,
        levels=tuple(level.id for level in chip.levels),
        kernels=kernels,
        power=terms.total / diagnosis.step,
        chips=chips,
        outputs=request.tokens,
    )


def stored_format(scenario: Scenario) -> Dtype | None:
    """The format that a network's activations lie in; None for a decoder, whose vector units work in their own."""
    is_network = isinstance(scenario.spec, Network)
    return scenario.chip.runs(scenario.weights) if is_network else None


def step_energy_or_reason(diagnosis: Diagnosis) -> StepEnergy | str:
    """The energy of a step, or why there is none, in words.

    Args:
        diagnosis: The step.
    """
    reason = lacking(diagnosis.scenario.chip)
    if reason is not None:
        return reason
    try:
        return step_energy(diagnosis)
    except DomainError as error:
        return str(error)


def _times(terms: EnergyTerms, count: float) -> EnergyTerms:
    return EnergyTerms(
        terms.compute * count, tuple(joules * count for joules in terms.levels), terms.static
    )
