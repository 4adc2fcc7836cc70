"""Formulas written down once and played many times.

A function that is called with recorded numbers leaves on their tape which operations it did, and on which earlier
results. Played with numbers or arrays, the tape does the same operations, and so answers with the same digits as the
function itself; what was written down twice is done once, and what changes nothing (+ 0, × 1) not at all.
"""

from __future__ import annotations

from operator import add, mul, neg, sub
from operator import truediv as divide  # pyright: ignore[reportUnknownVariableType] # typeshed leaves its arguments open
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from ironlaw.base.number import Number

    Operation: TypeAlias = Callable[..., object]

_Result = TypeVar("_Result")
_quotient = cast("Operation", divide)


class Tape:
    """What was done with some inputs, in order.

    Example:
        >>> tape = Tape(2)
        >>> batch, context = tape.inputs
        >>> tokens = batch * context + 1.0
        >>> tape.play(2.0, 3.0)[tape.place(tokens)]
        7.0
    """

    __slots__ = ("_known", "_passing", "_places", "_steps", "inputs")

    def __init__(self, n_inputs: int) -> None:
        self._known: list[object] = [None] * n_inputs
        self._passing: list[int] = []
        self._places: dict[object, int] = {}
        self._steps: list[tuple[int, Operation, int, int]] = []
        self.inputs: tuple[Number, ...] = tuple(
            cast("Number", Recorded(self, place)) for place in range(n_inputs)
        )

    def place(self, value: object) -> int:
        """Where a recorded number, or a constant, stands among the values that are played."""
        if isinstance(value, Recorded):
            return value.place
        return self._placed(repr(value), value)

    def _placed(self, key: object, value: object) -> int:
        if key not in self._places:
            self._places[key] = len(self._known)
            self._known.append(value)
        return self._places[key]

    def result(self, operation: Operation, *arguments: object) -> Recorded:
        """Write down an operation on one or two numbers, of which some are recorded."""
        places = [self.place(argument) for argument in arguments]
        key, known = (operation, *places), len(self._known)
        place = self._placed(key, None)
        if place == known:
            binary = operation if places[1:] else _of_the_first(operation)
            self._steps.append((place, binary, places[0], places[-1]))
        return Recorded(self, place)

    def trim(self, wanted: set[int]) -> None:
        """Leave out what nobody asks for.

        Args:
            wanted: Places whose values are asked for, and may still depend on others.
        """
        needed = set(wanted)
        for place, _, first, second in reversed(self._steps):
            if place in needed:
                needed.update((first, second))
        self._steps = [step for step in self._steps if step[0] in needed]
        self._passing = [step[0] for step in self._steps if step[0] not in wanted]

    def play(self, *inputs: Number) -> list[Number]:
        """Every value that is asked for, at some inputs.

        Args:
            *inputs: A number or an array for each input.
        """
        values: list[object] = self._known.copy()
        values[: len(inputs)] = inputs
        for place, operation, first, second in self._steps:
            values[place] = operation(values[first], values[second])
        if not all(isinstance(given, float) for given in inputs):  # arrays weigh something
            for place in self._passing:
                values[place] = None
        return cast("list[Number]", values)


class Recorded:
    """A number that is not known yet: where it stands on a tape. It has no truth value and no order."""

    __slots__ = ("place", "tape")

    def __init__(self, tape: Tape, place: int) -> None:
        self.tape = tape
        self.place = place

    def __add__(self, other: object) -> Recorded:
        return self if _is(other, 0.0) else self.tape.result(add, self, other)

    def __radd__(self, other: object) -> Recorded:
        return self if _is(other, 0.0) else self.tape.result(add, other, self)

    def __sub__(self, other: object) -> Recorded:
        return self.tape.result(sub, self, other)

    def __rsub__(self, other: object) -> Recorded:
        return self.tape.result(sub, other, self)

    def __mul__(self, other: object) -> Recorded:
        return self if _is(other, 1.0) else self.tape.result(mul, self, other)

    def __rmul__(self, other: object) -> Recorded:
        return self if _is(other, 1.0) else self.tape.result(mul, other, self)

    def __truediv__(self, other: object) -> Recorded:
        return self.tape.result(_quotient, self, other)

    def __rtruediv__(self, other: object) -> Recorded:
        return self.tape.result(_quotient, other, self)

    def __neg__(self) -> Recorded:
        return self.tape.result(neg, self)

    def __bool__(self) -> bool:
        raise TypeError("a recorded number has no value: what is done may not depend on it")

    def __eq__(self, other: object) -> bool:
        return bool(self)

    __hash__ = object.__hash__


def _of_the_first(operation: Operation) -> Operation:
    """An operation on one number as one on two, so that all steps are alike."""

    def binary(first: object, second: object) -> object:
        del second  # the same value again
        return operation(first)

    return binary


def _is(given: object, neutral: float) -> bool:
    """Whether an operand changes nothing: a sum that starts at zero, a block that runs once."""
    return isinstance(given, (float, int)) and given == neutral


def recorded(operation: Callable[..., _Result], *arguments: object) -> _Result | None:
    """Write an operation down on the tape of its arguments; None where none of them is recorded.

    Args:
        operation: A function of one or two numbers.
        *arguments: Those numbers.
    """
    for argument in arguments:
        if isinstance(argument, Recorded):
            return cast("_Result", argument.tape.result(operation, *arguments))
    return None


def played(value: Number, values: Sequence[Number]) -> Number:
    """A number, or what a recorded one comes to.

    Args:
        value: Either.
        values: What its tape played.
    """
    given = cast("object", value)
    return values[given.place] if isinstance(given, Recorded) else value
