"""A step with sparse matrices beside the same step with dense ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Unpack

from ironlaw.base.errors import DomainError
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.energy import step_energy_or_reason
from ironlaw.system.pruning import at_end
from ironlaw.system.question import Ask, scenario
from ironlaw.system.table import BOUNDS, step_parts

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.rewrites.sparsity import Sparsity
    from ironlaw.system.diagnosis import Diagnosis, Scenario
    from ironlaw.workload.network import Network


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sparsified:
    """A step with sparse matrices, and the same step with dense ones.

    Attributes:
        sparsity: The sparsity.
        dense: The step without it.
        sparse: The step with it.
        slow: The step at the least rate that its kernels were seen to reach.
        fast: The step at the highest.
    """

    sparsity: Sparsity
    dense: Diagnosis
    sparse: Diagnosis
    slow: Diagnosis
    fast: Diagnosis

    @property
    def kind(self) -> str:
        """What is left out."""
        return self.sparsity.kind.value

    @property
    def share(self) -> float:
        """Share of the values, or of the neurons for a token, that is left out."""
        return self.sparsity.share

    @property
    def speedup(self) -> Number:
        """Time of the dense step over that of the sparse one."""
        return self.dense.step / self.sparse.step

    @property
    def speedup_low(self) -> Number:
        """The same where the sparse kernels are as slow as they were seen."""
        return self.dense.step / self.slow.step

    @property
    def speedup_high(self) -> Number:
        """The same where they are as fast as they were seen."""
        return self.dense.step / self.fast.step

    @property
    def weights_ratio(self) -> Number:
        """Resident bytes of the weights over those of the dense step, indices and predictor with them."""
        return self.sparse.footprint.weights / self.dense.footprint.weights

    @property
    def flops_ratio(self) -> Number:
        """FLOPs that are done over those of the dense step."""
        return self.sparse.flops / self.dense.flops

    @property
    def traffic_ratio(self) -> Number:
        """Bytes that are moved over those of the dense step."""
        return self.sparse.traffic / self.dense.traffic

    @property
    def joules_ratio(self) -> float | None:
        """Joules over those of the dense step; None where the chip's file lacks energy facts."""
        found = [step_energy_or_reason(each) for each in (self.sparse, self.dense)]
        sparse, dense = found
        if isinstance(sparse, str) or isinstance(dense, str):
            return None
        return float(sparse.total) / float(dense.total)

    @property
    def bound(self) -> str:
        """What most of the sparse step waits for: memory, compute, link, launch or dispatch."""
        return _largest(self.sparse)

    @property
    def dense_bound(self) -> str:
        """What most of the dense step waits for."""
        return _largest(self.dense)


def _largest(step: Diagnosis) -> str:
    parts = dict(zip(BOUNDS, (float(part) for part in step_parts(step)), strict=True))
    return max(parts, key=lambda name: parts[name])


def sparsify(asked: Scenario) -> Sparsified:
    """Diagnose a step with its sparsity and without.

    Args:
        asked: A question that asks for a sparsity.

    Raises:
        DomainError: if it asks for none.
    """
    pruning = asked.pruning
    if pruning is None:
        raise DomainError("sparsity", None, "a sparsity that leaves something out")
    sparse = diagnose(asked)
    slow, fast = (
        sparse if found == pruning else diagnose(replace(asked, pruning=found))
        for found in (at_end(pruning, asked.chip, end) for end in ("low", "high"))
    )
    return Sparsified(
        sparsity=pruning.sparsity,
        dense=diagnose(replace(asked, pruning=None)),
        sparse=sparse,
        slow=slow,
        fast=fast,
    )


def sparsified(model: str | Network, chip: str, **ask: Unpack[Ask]) -> Sparsified:
    """A step of a model with sparse matrices, beside the same step with dense ones.

    Args:
        model: As in `scenario`.
        chip: As in `scenario`.
        **ask: As in `scenario`, with a sparsity.

    Raises:
        DomainError: as `scenario` does, and where no sparsity is asked for.

    Example:
        >>> round(sparsified("llama-3-8b", "h100-sxm", sparsity="2:4").weights_ratio, 2)
        0.62
    """
    return sparsify(scenario(model, chip, **ask))
