"""A shared expert beside the routed ones, on a second stream of a captured graph."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from ironlaw.base.errors import DomainError
from ironlaw.base.number import minimum
from ironlaw.cost.calibrated import expert_latency
from ironlaw.workload.graph import OpKind
from ironlaw.workload.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from ironlaw.base.number import Number
    from ironlaw.cost.kernel import KernelCost
    from ironlaw.cost.machine import Machine
    from ironlaw.system.diagnosis import Scenario

_NETWORK = ("feed-forward up", "feed-forward down", "activation")
_BESIDE, _AFTER = "beside", "after"


class _Launch(Protocol):
    """A kernel's cost and how often it runs, and the block that it is a part of."""

    @property
    def cost(self) -> KernelCost: ...

    @property
    def launches(self) -> int: ...

    @property
    def block(self) -> str: ...

    def at(self, cost: KernelCost) -> Self: ...


_L = TypeVar("_L", bound=_Launch)


def with_streams(scenario: Scenario, asked: str | None) -> Scenario:
    """The scenario with its shared experts beside the routed ones, or after them.

    Beside is the default where a captured graph is replayed. Kernels of a fusion set of one's own follow each other, as
    the search of such sets prices them.

    Args:
        scenario: A question.
        asked: "beside", "after", or None for what is usual.

    Raises:
        DomainError: for another word, a model without shared experts, or kernels that cannot run so.
    """
    spec = scenario.spec
    shared = not isinstance(spec, Network) and spec.experts is not None and spec.experts.d_shared
    captured = scenario.launch.value == "graph" and scenario.fusions is None
    if asked is not None:
        if asked not in (_BESIDE, _AFTER):
            raise DomainError("shared", asked, f"the choices {_BESIDE}, {_AFTER}")
        if not shared:
            raise DomainError(
                "shared", asked, f"the models with shared experts: {spec.name} has none"
            )
        if asked == _BESIDE and not captured:
            domain = f"{_AFTER}: only a captured graph of a fusion level has a second stream"
            raise DomainError("shared", asked, domain)
    if not shared or not captured or asked == _AFTER:
        return scenario
    note = "the shared expert runs beside the routed ones, on a second stream: how much of it hides was not measured"
    return replace(scenario, shared_beside=True, notes=(*scenario.notes, note))


def beside(launches: Iterable[_L], machine: Machine) -> tuple[_L, ...]:
    r"""The kernels of a step whose shared experts run in the latency of the routed ones.

    $$ T_{saved} = \min(T_{shared}, L_{routed}) $$

    L is the time in which the routed call keeps neither memory nor units busy: its launches and pipelines. Bytes and
    FLOPs never overlap. What is saved is taken off the routed call.

    Args:
        launches: Every kernel of the step.
        machine: The chip.
    """
    found = tuple(launches)
    shared: dict[str, Number] = {}
    for launch in found:
        if launch.cost.kernel.border.layer in _NETWORK:
            shared[launch.block] = shared.get(launch.block, 0.0) + launch.cost.terms.total
    return tuple(
        launch.at(_shortened(launch.cost, shared[launch.block], machine))
        if OpKind.EXPERTS in launch.cost.kernel.border.kinds
        else launch
        for launch in found
    )


def _shortened(cost: KernelCost, shared: Number, machine: Machine) -> KernelCost:
    latency = cost.terms.latency
    idle = minimum(expert_latency(cost.kernel, machine), latency)
    terms = cost.terms._replace(latency=latency - minimum(shared, idle))
    return cost._replace(terms=terms)
