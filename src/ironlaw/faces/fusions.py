"""The legal fusions of a step and the best set of them, in the Python API."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Unpack

from ironlaw.base.errors import DomainError
from ironlaw.explore.fusion_search import Objective, Optimum, best_fusions
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.fusion_set import Choice, choices
from ironlaw.system.question import Ask, scenario

if TYPE_CHECKING:
    from ironlaw.workload.network import Network


@dataclass(frozen=True, eq=False, kw_only=True)
class FusionReport:
    """What may be fused in a step, and what is best, in SI units.

    Attributes:
        choices: Every legal fusion and rewrite in place, with what it alone saves.
        optimum: The best set.
        objective: What it is best in.
        eager_kernels: Launches of the step with nothing fused.
        eager_traffic: Its bytes [B].
    """

    choices: tuple[Choice, ...]
    optimum: Optimum
    objective: Objective
    eager_kernels: int
    eager_traffic: float

    def to_dict(self) -> dict[str, object]:
        """The report as plain data."""
        answer = self.optimum.diagnosis
        return {
            "fusions": [
                {
                    "name": choice.name,
                    "kind": choice.kind,
                    "block": choice.block,
                    "members": list(choice.members),
                    "traffic_saved_B": float(choice.traffic),
                    "kernels_saved": choice.kernels,
                }
                for choice in self.choices
            ],
            "eager": {"kernels": self.eager_kernels, "traffic_B": self.eager_traffic},
            "best": {
                "objective": self.objective.value,
                "value": self.optimum.value,
                "fusions": list(self.optimum.fusions),
                "step_s": float(answer.step),
                "mfu": float(answer.mfu),
                "traffic_B": float(answer.traffic),
                "kernels": answer.n_kernels,
                "footprint_B": float(answer.footprint.total),
                "cuts": self.optimum.cuts,
            },
        }


def fusions_of(
    model: str | Network, on: str, best: str = "time", **ask: Unpack[Ask]
) -> FusionReport:
    """The legal fusions of a step, and the exact best set under the chip's memory.

    Args:
        model: Name in the registry, path of a file, or a network that was loaded.
        on: Name of a chip, or path of its TOML file.
        best: What the set is to be best in: "time", "mfu" or "energy".
        **ask: Phase, batch, context and layout as in `ironlaw.diagnose`.

    Raises:
        DomainError: for a value outside its range, or if no set fits the memory.
        UnknownNameError: for a chip or model that is not there, offering the nearest.

    Example:
        >>> report = fusions_of("llama-3-8b", "h100-sxm", batch=8)
        >>> "attention" in report.optimum.fusions
        True
    """
    names = [objective.value for objective in Objective]
    if best not in names:
        raise DomainError("best", best, f"the objectives {', '.join(names)}")
    question = scenario(model, on, **ask)
    eager = diagnose(replace(question, fusions=()))
    return FusionReport(
        choices=choices(question),
        optimum=best_fusions(question, Objective(best)),
        objective=Objective(best),
        eager_kernels=eager.n_kernels,
        eager_traffic=float(eager.traffic),
    )
