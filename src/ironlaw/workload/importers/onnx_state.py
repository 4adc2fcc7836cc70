"""What the importer of ONNX knows while it walks: shapes, constants, and how a node is named in tables."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from ironlaw.base.errors import ConfigError
from ironlaw.workload.importers.walk import Walk

if TYPE_CHECKING:
    from ironlaw.workload.importers.onnx_file import OnnxGraph, OnnxNode
    from ironlaw.workload.tracer import Dims


class OnnxState:
    """An ONNX graph and what was written down of it."""

    __slots__ = ("graph", "walk")

    def __init__(self, graph: OnnxGraph, *, strict: bool = False) -> None:
        self.graph = graph
        self.walk = Walk(strict=strict)
        for name, datum in graph.weights.items():
            self.walk.constant(name, datum.dims, width=datum.width, params=self.params(name))
        for name, datum in graph.inputs.items():
            batched = name in graph.batched
            self.walk.given(name, datum.dims, width=datum.width, batched=batched)

    def params(self, name: str) -> int:
        """Learned parameters in a weight: its elements, but none of integers and of a single number."""
        datum = self.graph.weights.get(name)
        if datum is None or datum.integer:
            return 0
        elements = prod(datum.dims)
        return elements if datum.dims and elements > 1 else 0

    def inputs(self, node: OnnxNode) -> list[str]:
        """The inputs that are there."""
        return [name for name in node.inputs if name]

    def is_index(self, name: str) -> bool:
        """Whether a tensor holds integers that say where, and no data."""
        weight = self.graph.weights.get(name)
        if weight is not None:
            return weight.integer
        datum = self.graph.data.get(name)
        return self.walk.is_constant(name) and datum is not None and datum.integer

    def values(self, name: str) -> tuple[int, ...] | None:
        """The integers of a constant, where they are known."""
        datum = self.graph.weights.get(name)
        return None if datum is None else datum.values

    def shape_of(self, name: str, node: OnnxNode) -> Dims:
        """The inferred shape of a tensor.

        Raises:
            ConfigError: if it could not be inferred.
        """
        for table in (self.graph.data, self.graph.weights, self.graph.inputs):
            if name in table:
                return table[name].dims
        allowed = f"its shape cannot be inferred, behind {node.op} {node.name}"
        raise ConfigError("tensor", name, allowed)

    def out(self, node: OnnxNode) -> Dims:
        """The shape of a node's first output."""
        return self.shape_of(node.outputs[0], node)

    def layer(self, node: OnnxNode) -> str:
        """How tables group a node: the scope in its name, or its operator."""
        scopes = [part for part in node.name.split("/") if part]
        return scopes[-2] if len(scopes) > 1 else node.op
