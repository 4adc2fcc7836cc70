"""Where a layer of a network file stands: its name, its inputs and its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ironlaw.base.errors import ConfigError
from ironlaw.workload import layers
from ironlaw.workload.layers import Call

if TYPE_CHECKING:
    from ironlaw.workload.fields import Fields
    from ironlaw.workload.tracer import Dims, Tracer


class Place(NamedTuple):
    """Where a layer stands.

    Attributes:
        trace: What it is written to.
        name: Its full name, which is also that of its result.
        layer: The layer that it belongs to in tables.
        inputs: What it reads, in order.
        fields: Its fields.
    """

    trace: Tracer
    name: str
    layer: str
    inputs: tuple[str, ...]
    fields: Fields

    @property
    def source(self) -> str:
        """The first input."""
        return self.inputs[0]

    @property
    def dims(self) -> Dims:
        """The shape of the first input, the batch in front."""
        return self.trace.dims(self.inputs[0])

    def call(self, part: str, source: str) -> Call:
        """A part of the layer, as an operator."""
        name = f"{self.name}.{part}" if part else self.name
        return Call(name, self.layer, source, name)

    def weight(self, part: str, *dims: int) -> str:
        """A weight of the layer, under its own name or one that it shares."""
        name = f"{self.name}.{part}"
        self.trace.weight(name, dims)
        return name

    def require_equal(self, first: str) -> None:
        """Refuse further inputs of another shape than a tensor's.

        Raises:
            ConfigError: naming both shapes.
        """
        dims = self.trace.dims(first)
        for other in self.inputs[1:]:
            if self.trace.dims(other) != dims:
                shape = list(self.trace.dims(other)[1:])
                raise ConfigError(f"{self.fields.path}.add", shape, f"must be {list(dims[1:])}")

    def added(self, made: str) -> str:
        """The further inputs added to a tensor, where there are any."""
        if len(self.inputs) == 1:
            return made
        self.require_equal(made)
        layers.pointwise(self.trace, self.call("add", made), self.inputs[1:], 1.0)
        return f"{self.name}.add"

    def done(self, made: str) -> None:
        """Name a tensor as the result of the layer."""
        self.trace.view(self.name, made, self.trace.dims(made))
