"""The plans of least energy, exactly: fusion and precision of every layer at once, against what narrow layers lose.

Kernels are runs of layers, so a network is a walk over its layers, kernel by kernel. What a plan has spent so far, and
what it still owes for tensors that later layers touch, is all that the rest of the walk depends on: of two plans with
the same debts, the one that spent more joules and lost more is no part of any best plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ironlaw.base.errors import DomainError
from ironlaw.cost.energy import level_energies
from ironlaw.system.energy_plan import Plan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ironlaw.system.energy_plan import Layer, LayerPlanner

_GRAIN = 1e15  # joules that differ by less than a femtojoule are the same


class Choice(NamedTuple):
    """A plan that no other beats in both.

    Attributes:
        loss: Sum of what its narrow layers lose.
        energy: E of a sample, static energy aside [J].
        plan: What is done to each layer.
    """

    loss: float
    energy: float
    plan: Plan


class _Label(NamedTuple):
    """A plan of the layers so far."""

    loss: float
    energy: float
    before: _Label | None
    fused: tuple[str, ...]
    narrow: tuple[str, ...]


Debt: TypeAlias = "tuple[tuple[str, bool, float], ...]"
"""Tensors that later layers touch: whether they are narrow already, and the bytes that have crossed borders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kernel:
    """Layers that may run as one kernel.

    Attributes:
        end: Where the next kernel begins.
        members: Their names.
        crossings: Bytes of a sample at two bytes an element, by tensor [B].
        formatted: Those of them that may be narrow.
    """

    end: int
    members: tuple[str, ...]
    crossings: tuple[tuple[str, float], ...]
    formatted: tuple[str, ...]


class _Walk:
    """A network as the search sees it: its kernels by their first layer, and what each tensor and layer costs."""

    def __init__(self, planner: LayerPlanner, among: Collection[str] | None) -> None:
        self._planner = planner
        self._among = among
        self.place = {layer.name: i for i, layer in enumerate(planner.layers)}
        self._followers: dict[str, list[Layer]] = {}
        self._tensors: dict[str, list[Layer]] = {}
        for layer in planner.layers:
            self._followers.setdefault(layer.follows, []).append(layer)
            for name in dict.fromkeys(planner.touched(layer.name)):
                self._tensors.setdefault(name, []).append(layer)
        self.ends: dict[int, list[str]] = {}
        self._decided: dict[str, list[str]] = {}
        for name, layers in self._tensors.items():
            deciders = {layer.follows for layer in layers}
            last = max(self.place[n] for n in (*deciders, *(layer.name for layer in layers)))
            self.ends.setdefault(last, []).append(name)
            for decider in deciders:
                self._decided.setdefault(decider, []).append(name)
        array = planner.chip.operand_reuse is not None
        self._moved = _joules(planner, 1.0, 0.0 if array else 1.0)
        self._near = _joules(planner, 0.0, 1.0) if array else 0.0
        self.kernels = [list(self._starting(i)) for i in range(len(planner.layers))]

    def _starting(self, first: int) -> Iterator[_Kernel]:
        planner = self._planner
        block = next(b for b in planner.blocks if b.name == planner.layers[first].block)
        members: tuple[str, ...] = ()
        for layer in planner.layers[first:]:
            members = (*members, layer.name)
            if layer.block != block.name or planner.kernel_obstacle(block, members) is not None:
                return
            found: dict[str, float] = {}
            for name, _, size in planner.border(block, members).crossings:
                found[name] = found.get(name, 0.0) + size * block.count
            may = {x.name for x in planner.layers if x.may_be_narrow}
            yield _Kernel(
                end=first + len(members),
                members=members,
                crossings=tuple(found.items()),
                formatted=tuple(name for name in members if name in may),
            )
            if layer.joins is None or (self._among is not None and layer.name not in self._among):
                return

    def arithmetic(self, layer: str, narrow: bool) -> float:  # noqa: FBT001
        """Joules of a layer and those that follow its format, whatever their tensors: arithmetic and operands [J]."""
        total = 0.0
        for follower in self._followers.get(layer, ()):
            found = self._planner.operator(follower, narrow, frozenset())
            operands = float(found.near) - follower.activations
            total += (float(found.compute) + operands * self._near) * follower.runs
        return total

    def settled(self, name: str, *, narrow: bool, crossed: float) -> float:
        """Joules of a tensor that no later layer touches [J]."""
        factor = self._planner.factor(name) if narrow else 1.0
        passing = 0.0
        if self._near and not self._planner.is_weight(name):
            passing = self._planner.passing(name)
        return factor * (crossed * self._moved + passing * self._near)

    def paid(self, debt: Debt, kernel: _Kernel, narrow: tuple[str, ...]) -> tuple[float, Debt]:
        """What a further kernel costs, and the debts that stay."""
        owed = {name: (is_narrow, crossed) for name, is_narrow, crossed in debt}
        energy = 0.0
        for layer in kernel.formatted:
            energy += self.arithmetic(layer, layer in narrow)
            for name in self._decided.get(layer, ()):
                is_narrow, crossed = owed.get(name, (False, 0.0))
                owed[name] = (is_narrow or layer in narrow, crossed)
        for name, size in kernel.crossings:
            is_narrow, crossed = owed.get(name, (False, 0.0))
            owed[name] = (is_narrow, crossed + size)
        for place in range(kernel.end - len(kernel.members), kernel.end):
            for name in self.ends.get(place, ()):
                is_narrow, crossed = owed.pop(name, (False, 0.0))
                energy += self.settled(name, narrow=is_narrow, crossed=crossed)
        return energy, tuple(sorted((name, *what) for name, what in owed.items()))


def _joules(planner: LayerPlanner, traffic: float, near: float) -> float:
    total = 0.0
    for joules in level_energies(planner.chip, traffic, near):
        total += float(joules)
    return total


def best_fusions_of(planner: LayerPlanner, among: Collection[str] | None = None) -> Plan:
    """The fusions that move the fewest bytes with every layer wide.

    Args:
        planner: The network and the chip.
        among: Layers that may share a kernel with the next; all that legally can if None.
    """
    return frontier(planner, {}, among)[0].plan


def frontier(
    planner: LayerPlanner, loss: Mapping[str, float], among: Collection[str] | None = None
) -> tuple[Choice, ...]:
    """The plans of least energy at each loss: all of them that no plan beats in both, the least loss first.

    Args:
        planner: The network and the chip.
        loss: What is lost where a layer is narrow, by its name, in any unit; those that are not named stay wide.
        among: Layers that may share a kernel with the next; all that legally can if None.

    Returns:
        Choices with rising loss and falling energy; as many as there are sums of losses, at most.

    Raises:
        DomainError: for a layer that cannot be narrow, or a negative loss.
    """
    may = planner.all_narrow()
    for name, lost in loss.items():
        if name not in may or lost < 0.0:
            allowed = f"losses of at least 0 of {', '.join(sorted(may))}"
            raise DomainError("loss", {name: lost}, allowed)
    walk = _Walk(planner, among)
    reached: list[dict[Debt, list[_Label]]] = [{} for _ in range(len(planner.layers) + 1)]
    reached[0][()] = [_Label(0.0, _unformatted(walk), None, (), ())]
    for place, kernels in enumerate(walk.kernels):
        for debt, labels in reached[place].items():
            best = _undominated(labels)
            for kernel in kernels:
                _extend(walk, (debt, best), kernel, loss, reached[kernel.end])
        reached[place] = {}
    return tuple(
        Choice(label.loss, label.energy, _plan(label))
        for label in _undominated(x for labels in reached[-1].values() for x in labels)
    )


def _unformatted(walk: _Walk) -> float:
    """Joules of layers that follow the format of none that may be narrow [J]."""
    formatted = {
        name for kernels in walk.kernels for kernel in kernels for name in kernel.formatted
    }
    total = 0.0
    for layer in walk.place:
        if layer not in formatted:
            total += walk.arithmetic(layer, narrow=False)
    return total


def _extend(
    walk: _Walk,
    so_far: tuple[Debt, list[_Label]],
    kernel: _Kernel,
    loss: Mapping[str, float],
    reached: dict[Debt, list[_Label]],
) -> None:
    """Every way to run one more kernel after some plans with the same debts."""
    debt, labels = so_far
    for chosen in product(*(("", name) if name in loss else ("",) for name in kernel.formatted)):
        narrow = tuple(name for name in chosen if name)
        energy, owed = walk.paid(debt, kernel, narrow)
        lost = 0.0
        for name in narrow:
            lost += loss[name]
        fused = kernel.members[:-1]
        reached.setdefault(owed, []).extend(
            _Label(old.loss + lost, old.energy + energy, old, fused, narrow) for old in labels
        )


def _undominated(labels: Iterable[_Label]) -> list[_Label]:
    """Those that no other beats in both, the least loss first; of the same ones that whose last kernel is shorter."""
    found: list[_Label] = []
    least = 0
    later_first = list(labels)[::-1]
    for label in sorted(later_first, key=lambda x: (x.loss, round(x.energy * _GRAIN))):
        energy = round(label.energy * _GRAIN)
        if not found or energy < least:
            found.append(label)
            least = energy
    return found


def _plan(label: _Label | None) -> Plan:
    fused: set[str] = set()
    narrow: set[str] = set()
    while label is not None:
        fused.update(label.fused)
        narrow.update(label.narrow)
        label = label.before
    return Plan(frozenset(fused), frozenset(narrow))
