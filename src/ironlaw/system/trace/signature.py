"""What a trace recorded of an operator's inputs: shapes, types, and the values of its scalars."""

from __future__ import annotations

import json
from dataclasses import dataclass
from math import prod
from typing import cast

from ironlaw.registry.dtypes import Dtype

Dims = tuple[int, ...]

SIZES: dict[str, float] = {
    "float": 4.0,
    "double": 8.0,
    "c10::Half": 2.0,
    "c10::BFloat16": 2.0,
    "c10::Float8_e4m3fn": 1.0,
    "c10::Float8_e5m2": 1.0,
    "long int": 8.0,
    "long": 8.0,
    "long long": 8.0,
    "int": 4.0,
    "short": 2.0,
    "short int": 2.0,
    "signed char": 1.0,
    "unsigned char": 1.0,
    "bool": 1.0,
}
"""Bytes of an element by the type's name in a trace [B]."""

DTYPES = {
    "float": Dtype.FP32,
    "c10::Half": Dtype.FP16,
    "c10::BFloat16": Dtype.BF16,
    "c10::Float8_e4m3fn": Dtype.FP8,
    "c10::Float8_e5m2": Dtype.FP8,
    "signed char": Dtype.INT8,
}
"""The number formats that a chip has a peak rate for."""


class UnderivableError(ValueError):
    """What an operator does cannot be had from what was recorded; says what is missing."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One operator with its inputs, in their order."""

    name: str
    shapes: tuple[object, ...]
    types: tuple[object, ...]
    concrete: tuple[object, ...]
    output: Dims | None = None
    """The shape of its output, where another operator tells it."""

    @property
    def has_values(self) -> bool:
        """Whether values of scalars were recorded at all."""
        return bool(self.concrete)

    def has(self, place: int) -> bool:
        """Whether a tensor with a known type stands at a place."""
        return place < len(self.types) and self.types[place] in SIZES and self._is_dims(place)

    def _is_dims(self, place: int) -> bool:
        dims = self.shapes[place] if place < len(self.shapes) else None
        return isinstance(dims, list) and all(
            isinstance(one, int) for one in cast("list[object]", dims)
        )

    def dims(self, place: int) -> Dims:
        """The shape of a tensor.

        Raises:
            UnderivableError: if no tensor was recorded there.
        """
        if not self.has(place):
            raise UnderivableError(f"input {place} has no recorded shape or type")
        return tuple(cast("list[int]", self.shapes[place]))

    def element(self, place: int) -> float:
        """Bytes of an element of a tensor [B]."""
        return SIZES[str(self.types[place])]

    def size(self, place: int) -> float:
        """Bytes of a tensor [B]."""
        return float(prod(self.dims(place))) * self.element(place)

    def tensors(self) -> list[int]:
        """Where tensors stand; numbers that were recorded as tensors without dimensions are none."""
        return [place for place in range(len(self.shapes)) if self.has(place) and self.dims(place)]

    def whole(self, place: int) -> int:
        """A whole number that was given.

        Raises:
            UnderivableError: if its value was not recorded.
        """
        found = self._value(place)
        if not isinstance(found, int):
            raise UnderivableError(_NO_VALUES)
        return int(found)

    def wholes(self, place: int, count: int) -> Dims:
        """Whole numbers that were given, one of each dimension; one alone is meant for all.

        Raises:
            UnderivableError: if their values were not recorded.
        """
        found = self._value(place)
        if isinstance(found, int):
            return (found,) * count
        if not isinstance(found, list) or not found:
            raise UnderivableError(_NO_VALUES)
        values = cast("list[object]", found)
        if not all(isinstance(one, int) for one in values) or len(values) not in {1, count}:
            raise UnderivableError(_NO_VALUES)
        whole = tuple(cast("list[int]", values))
        return whole if len(whole) == count else whole * count

    def flag(self, place: int) -> bool:
        """A flag that was given.

        Raises:
            UnderivableError: if its value was not recorded.
        """
        found = self.concrete[place] if place < len(self.concrete) else ""
        if found not in {"True", "False"}:
            raise UnderivableError(_NO_VALUES)
        return found == "True"

    def some_wholes(self, place: int) -> Dims:
        """Whole numbers that were given, one or a list of any length.

        Raises:
            UnderivableError: if their values were not recorded.
        """
        found = self._value(place)
        values = cast("list[object]", found) if isinstance(found, list) else [found]
        if not all(isinstance(one, int) for one in values):
            raise UnderivableError(_NO_VALUES)
        return tuple(cast("list[int]", values))

    def flags(self, place: int) -> list[str]:
        """Flags that were given as a list, each "True" or "False".

        Raises:
            UnderivableError: if their values were not recorded.
        """
        text = str(self.concrete[place]) if place < len(self.concrete) else ""
        found = [one.strip() for one in text.strip("[]").split(",")]
        if not set(found) <= {"True", "False"}:
            raise UnderivableError(_NO_VALUES)
        return found

    def _value(self, place: int) -> object:
        text = self.concrete[place] if place < len(self.concrete) else ""
        try:
            return json.loads(str(text))
        except ValueError:
            return None

    @property
    def dtype(self) -> Dtype | None:
        """The format of the first tensor that a chip has a peak rate for."""
        found = (DTYPES.get(str(self.types[place])) for place in self.tensors())
        return next((one for one in found if one is not None), None)


_NO_VALUES = "stride, padding or the like were not recorded (Concrete Inputs)"


def signature_of(name: str, shapes: str, types: str, concrete: str) -> Signature:
    """An operator with its inputs.

    Args:
        name: Its name, "aten::mm".
        shapes: Its recorded `Input Dims`, JSON text.
        types: Its recorded `Input type`.
        concrete: Its recorded `Concrete Inputs`; empty where the recorder has none.

    Raises:
        UnderivableError: if its shapes were not recorded.
    """
    if not shapes or not types:
        raise UnderivableError("its shapes were not recorded (record_shapes=True)")
    return Signature(name, _items(shapes), _items(types), _items(concrete))


def _items(text: str) -> tuple[object, ...]:
    try:
        found: object = json.loads(text) if text else []
    except ValueError:
        found = []
    return tuple(cast("list[object]", found)) if isinstance(found, list) else ()
