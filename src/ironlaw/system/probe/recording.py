"""What the passes of a program touch, without running them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, cast

from ironlaw.base.errors import DomainError

if TYPE_CHECKING:
    from ironlaw.system.probe.operators import Operator
    from ironlaw.system.probe.ops import Array, PassName

_ELEMENT = 4  # bytes of fp32
_MATRIX = 2  # axes
_BUFFER = 8192  # elements that NumPy takes at a time where it cannot run through: np.getbufsize()
_PAGE = 4096  # every array begins on a page of its own


class Stretch(NamedTuple):
    """Bytes of the address space, from the first to before the last."""

    first: int
    last: int


class Pass(NamedTuple):
    """One pass of a program.

    Attributes:
        name: The pass.
        work: FLOPs of a product; elements of any other pass.
        spread: Elements that NumPy copies through its buffer on the way, because a row or a column stands for a whole
            matrix whose rows are shorter than that buffer.
        touched: What it fetches: its inputs, and the lines of its output that are not an input too.
    """

    name: PassName
    work: float
    spread: float
    touched: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """An array that is only a place: contiguous elements from an address on."""

    start: int
    shape: tuple[int, ...]

    @property
    def elements(self) -> int:
        """How many it holds."""
        count = 1
        for length in self.shape:
            count *= length
        return count

    @property
    def stretch(self) -> Stretch:
        """Its bytes."""
        return Stretch(self.start, self.start + _ELEMENT * self.elements)

    @property
    def T(self) -> Extent:  # noqa: N802 - the name that NumPy and PyTorch share
        """The same bytes with the axes the other way round."""
        return Extent(self.start, self.shape[::-1])

    def __getitem__(self, index: slice | int) -> Extent:
        """Rows of it."""
        rest = self.shape[1:]
        row = _ELEMENT * Extent(0, rest).elements
        if isinstance(index, int):
            return Extent(self.start + index * row, rest)
        first, last, _ = index.indices(self.shape[0])
        return Extent(self.start + first * row, (last - first, *rest))

    def reshape(self, *shape: int) -> Extent:
        """The same bytes in another shape.

        Raises:
            DomainError: if it holds another number of elements.
        """
        found = Extent(self.start, shape)
        if found.elements != self.elements:
            raise DomainError("shape", shape, f"the shapes of {self.elements} elements")
        return found


@dataclass(slots=True)
class RecordingOps:
    """Runs nothing and notes every pass: an `Ops` of extents."""

    passes: list[Pass] = field(default_factory=list[Pass])
    _end: int = 0

    def random(self, *shape: int) -> Array:
        """A new array."""
        return self._new(shape)

    def full(self, value: float, *shape: int) -> Array:
        """A new array."""
        del value  # what an array holds changes no traffic
        return self._new(shape)

    def run(self, name: PassName, *inputs: Array, out: Array) -> None:
        """Note one pass."""
        places = [cast("Extent", array) for array in (*inputs, out)]
        touched = tuple(dict.fromkeys(place.stretch for place in places))
        self.passes.append(Pass(name, _work(name, places), _spread(name, places), touched))

    def _new(self, shape: tuple[int, ...]) -> Extent:
        made = Extent(self._end, shape)
        self._end += -(-_ELEMENT * made.elements // _PAGE) * _PAGE
        return made


def _work(name: PassName, places: list[Extent]) -> float:
    if name == "matmul":
        first, out = places[0], places[-1]
        return 2.0 * out.elements * first.shape[-1]
    return float(max(place.elements for place in places))


def _spread(name: PassName, places: list[Extent]) -> float:
    """Elements of a pass in which a row or a column, and not one number, stands for a matrix of short rows."""
    out = places[-1]
    if name in ("matmul", "row_max", "row_sum") or len(out.shape) < _MATRIX or 1 in out.shape:
        return 0.0
    wide = any(place.elements > 1 and place.shape != out.shape for place in places)
    return float(out.elements) if wide and out.shape[-1] < _BUFFER else 0.0


def passes_of(operator: Operator, parts: int) -> list[Pass]:
    """The passes of one call of an operator, in order.

    Args:
        operator: The operator.
        parts: Shares that its rows are split into; one of them is recorded.
    """
    ops = RecordingOps()
    program = operator.build(ops, parts)
    ops.passes.clear()  # what making the arrays took is not part of the operator
    program()
    return ops.passes
