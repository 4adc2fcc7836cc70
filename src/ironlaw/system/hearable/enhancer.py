"""The speech enhancer at any hidden size: the weight matrices that a frame walks through once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed
from ironlaw.registry.hearables import hearable_sheet
from ironlaw.registry.networks import load_network_card
from ironlaw.workload.graph import GemmShape
from ironlaw.workload.network_file import network_from_table
from ironlaw.workload.shapes import RecurrentShape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.workload.network import Network, Step

_CELLS = ("lstm",)
_LARGEST = 1024  # hidden size up to which the simulation is fast
_MOST_LAYERS = 8


@dataclass(frozen=True, slots=True)
class Matrix:
    """Weights that are multiplied by one vector in a frame.

    Attributes:
        name: Unique in the network: "lstm1.state".
        layer: The layer that it belongs to.
        gates: Equal matrices that stand one after the other: 4 of an LSTM cell, 3 of a GRU, 1 of a dense layer.
        rows: Outputs of each.
        columns: Inputs.
    """

    name: str
    layer: str
    gates: int
    rows: int
    columns: int

    @property
    def weights(self) -> int:
        """Weights in all of its gates; as many multiply-adds a frame."""
        return self.gates * self.rows * self.columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Enhancer:
    """A recurrent network that is run once a frame.

    Attributes:
        title: Its name in words.
        hidden: Width of its recurrent layers, H.
        matrices: Its weights, in the order of a frame.
    """

    title: str
    hidden: int
    matrices: tuple[Matrix, ...]

    @property
    def weights(self) -> int:
        """Weights, biases aside; a frame does one multiply-add with each."""
        return int(summed(matrix.weights for matrix in self.matrices))

    @property
    def flops(self) -> float:
        """O = 2 · weights, the work of a frame [FLOP]."""
        return 2.0 * self.weights

    def named(self, name: str) -> Matrix:
        """A matrix by its name.

        Raises:
            DomainError: naming the matrices.
        """
        for matrix in self.matrices:
            if matrix.name == name:
                return matrix
        names = ", ".join(matrix.name for matrix in self.matrices)
        raise DomainError("matrix", name, f"the matrices {names}")


@lru_cache(maxsize=256)
def enhancer(hidden: int, layers: int | None = None, network: str | None = None) -> Enhancer:
    """The speech enhancer with another hidden size or depth.

    Args:
        hidden: Width of the recurrent layers, H.
        layers: Recurrent layers; None for as many as the network has.
        network: A network of the registry whose recurrent layers come first; None for the hearable's own.

    Raises:
        DomainError: if H is not a whole number from 1 to 1024, or the layers not one from 1 to 8.

    Source:
        fedorov-2020-tinylstms.

    Example:
        >>> enhancer(256).weights
        966656
        >>> enhancer(256).flops / 1e6
        1.933312
    """
    _require("hidden", hidden, _LARGEST)
    if layers is not None:
        _require("layers", layers, _MOST_LAYERS)
    card = load_network_card(
        hearable_sheet().texts["frame.network"] if network is None else network
    )
    table = {**card.graph, "layers": _resized(card.graph, hidden, layers)}
    built = network_from_table(card.name, card.title, table)
    return Enhancer(title=card.title, hidden=hidden, matrices=_matrices(built))


@lru_cache(maxsize=1)
def detector() -> Enhancer:
    """The small network that says whether anyone speaks, as the registry has it.

    Source:
        valin-2018-rnnoise.

    Example:
        >>> detector().weights
        4488
    """
    card = load_network_card(hearable_sheet().texts["gate.network"])
    built = network_from_table(card.name, card.title, card.graph)
    matrices = _matrices(built)
    hidden = max(matrix.rows for matrix in matrices)
    return Enhancer(title=card.title, hidden=hidden, matrices=matrices)


def _require(name: str, value: object, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise DomainError(name, value, f"the whole numbers from 1 to {most}")


def _resized(
    graph: Mapping[str, object], hidden: int, layers: int | None
) -> list[dict[str, object]]:
    """The layers of a network file with its recurrent ones of another width and number."""
    entries = cast("list[dict[str, object]]", graph.get("layers", []))
    cells = [entry for entry in entries if entry.get("op") in _CELLS]
    rest = [entry for entry in entries if entry.get("op") not in _CELLS]
    if not cells:
        raise DomainError("network", sorted(graph), "networks with an LSTM")
    count = len(cells) if layers is None else layers
    stem = str(cells[0].get("name", "lstm")).rstrip("0123456789")
    deep = [
        {**cells[0], "name": f"{stem}{number}", "hidden": hidden} for number in range(1, count + 1)
    ]
    return [*deep, *rest]


def _matrices(network: Network) -> tuple[Matrix, ...]:
    steps = [step for stage in network.stages for step in stage.steps]
    return tuple(matrix for step in steps for matrix in _of_step(step))


def _of_step(step: Step) -> tuple[Matrix, ...]:
    shape, layer = step.shape, step.layer
    if isinstance(shape, RecurrentShape):
        return (
            Matrix(f"{layer}.input", layer, shape.gates, shape.d_hidden, shape.d_input),
            Matrix(f"{layer}.state", layer, shape.gates, shape.d_hidden, shape.d_hidden),
        )
    if isinstance(shape, GemmShape):
        return (Matrix(layer, layer, 1, int(shape.n), int(shape.k)),)
    return ()
