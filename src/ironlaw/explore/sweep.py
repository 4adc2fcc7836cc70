"""Sweeps: one formula for a million questions, in chunks that fit the cache.

Model, chip, layout and formats change which kernels run, so they are a loop; batch and context are arrays. Batch stands
along rows and context along columns: a GEMM is costed once for each batch, attention for each pair, and what does not
depend on an axis is broadcast last. Every point has the digits that it would have alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TYPE_CHECKING, TypedDict, Unpack, cast

from ironlaw.base.errors import DomainError, MissingPackageError, UnknownNameError
from ironlaw.explore.points import COLUMNS, Chunk, column_named
from ironlaw.explore.selection import Best, Front
from ironlaw.system.diagnosis import Scenario, diagnose
from ironlaw.system.question import Ask, scenario

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ironlaw.explore.points import Floats, Point
    from ironlaw.explore.selection import Limits

CHUNK = 1 << 16
"""Points evaluated at once: their arrays of half a megabyte stay in the caches."""


class Axes(TypedDict, total=False):
    """What may be swept beside model and chip; a single value or several of each.

    Attributes:
        batch: Sequences, B; 1.
        context: Prompt (prefill) or cached tokens including the new one (decode), S; 4096.
        points: Pairs of batch and context instead of all combinations: two sequences of one length.
        phase: As in `ironlaw.system.question.Ask`, with its default; so are all that follow.
        fusion: How much is fused.
        launch: Who launches the kernels.
        tp: Chips that share each layer, t.
        dtype: Formats of the layers' matrices.
        kv_dtype: Formats of the KV cache.
    """

    batch: float | Iterable[float]
    context: float | Iterable[float]
    points: tuple[Iterable[float], Iterable[float]]
    phase: str | Iterable[str]
    fusion: str | Iterable[str]
    launch: str | Iterable[str]
    tp: int | Iterable[int]
    dtype: str | Iterable[str]
    kv_dtype: str | Iterable[str]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sweep:
    """Many questions, answered when they are asked for.

    Nothing is kept but the axes: `chunks` computes as it goes, and `best` and `pareto` keep only what they return.

    Attributes:
        cases: One scenario for each combination of model, chip, layout and formats.
        skipped: Combinations that cannot run, with the reason.
        batch: Batches, or those of the pairs.
        context: Contexts, or those of the pairs.
        paired: Whether batch and context are pairs instead of all combinations.
        chunk: Points evaluated at once.
    """

    cases: tuple[Scenario, ...]
    skipped: tuple[tuple[str, str], ...]
    batch: Floats
    context: Floats
    paired: bool
    chunk: int

    @property
    def points_per_case(self) -> int:
        """Points of batch and context."""
        return self.batch.size if self.paired else self.batch.size * self.context.size

    @property
    def n_points(self) -> int:
        """Points of all cases."""
        return len(self.cases) * self.points_per_case

    def chunks(self) -> Iterator[Chunk]:
        """The points in order: case by case, batch by batch, context by context; memory holds one chunk."""
        for case in self.cases:
            for batch, context in self._blocks():
                yield _chunk(case, batch, context)

    def _blocks(self) -> Iterator[tuple[Floats, Floats]]:
        """Arrays of batch and context that are broadcast to at most a chunk of points."""
        if self.paired:
            for start in range(0, self.batch.size, self.chunk):
                end = start + self.chunk
                yield self.batch[start:end], self.context[start:end]
            return
        columns = min(self.context.size, self.chunk)
        rows = self.chunk // columns
        for top in range(0, self.batch.size, rows):
            for left in range(0, self.context.size, columns):
                yield (
                    self.batch[top : top + rows, None],
                    self.context[None, left : left + columns],
                )

    def columns(self, *names: str) -> dict[str, Floats]:
        """Columns of all points at once: 8 bytes a point and column.

        Args:
            *names: Names of `COLUMNS`; all of them if none is given.

        Raises:
            UnknownNameError: offering the nearest names.
        """
        import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

        asked = names or tuple(COLUMNS)
        for name in asked:
            column_named(name)
        found: dict[str, Floats] = {name: np.empty(self.n_points) for name in asked}
        start = 0
        for chunk in self.chunks():
            for name in asked:
                found[name][start : start + chunk.size] = chunk.column(name)
            start += chunk.size
        return found

    def best(self, objective: str, within: Limits | None = None) -> Point | None:
        """The best point that fits the memory; the first of equals.

        Args:
            objective: A column: more is better, but for step, footprint and cost.
            within: Ranges, both ends included, that columns have to lie in: {"step": (0.0, 0.05)}.

        Returns:
            The point, or None where no point fits.

        Raises:
            UnknownNameError: for a column that does not exist.

        Example:
            >>> found = sweep("llama-3-8b", "h100-sxm", batch=range(1, 65)).best("tokens_per_second")
            >>> found.values["batch"]
            64.0
        """
        best = Best(objective, within)
        for chunk in self.chunks():
            best.take(chunk)
        return best.point()

    def pareto(
        self,
        x: str = "step",
        y: str = "tokens_per_second_per_chip",
        within: Limits | None = None,
    ) -> tuple[Point, ...]:
        """The points that fit and that no other one beats in both columns, the best x first.

        Args:
            x: A column.
            y: Another one.
            within: Ranges that columns have to lie in.

        Raises:
            UnknownNameError: for a column that does not exist.
        """
        front = Front(x, y, within)
        for chunk in self.chunks():
            front.take(chunk)
        return front.points()


def sweep(
    model: str | Iterable[str],
    chips: str | Iterable[str],
    *,
    chunk: int = CHUNK,
    **axes: Unpack[Axes],
) -> Sweep:
    """All combinations of models, chips, batches, contexts, layouts and formats.

    Args:
        model: Names in the registry or paths, one or several.
        chips: Chips, one or several.
        chunk: Points evaluated at once; it bounds the memory and changes no digit.
        **axes: Batch, context, layout, formats: see `Axes`.

    Returns:
        The sweep. A layout that a model or node cannot have is left out, and listed with its reason.

    Raises:
        MissingPackageError: without NumPy.
        UnknownNameError: for a name that is not there, offering the nearest.
        DomainError: for a value outside its range, or where no combination can run.

    Example:
        >>> from ironlaw.explore.sweep import sweep
        >>> many = sweep("llama-3-8b", "h100-sxm", batch=range(1, 257), context=(1024, 8192), tp=(1, 2))
        >>> many.n_points
        1024
    """
    _require_numpy()
    if isinstance(chunk, bool) or chunk < 1:
        raise DomainError("chunk", chunk, "the whole numbers from 1")
    _require_known(axes)
    batch, context, paired = _sizes(axes)
    most: Ask = {"batch": float(batch.max())}
    if context is not None:
        most["context"] = float(context.max())
    cases: list[Scenario] = []
    skipped: dict[str, DomainError] = {}
    for models, on, ask in _combinations(model, chips, axes):
        try:
            cases.append(_case(models, on, {**ask, **most}))
        except DomainError as error:
            if error.field != "tp":
                raise
            skipped[" · ".join(str(part) for part in (models, on, *ask.values()))] = error
    if not cases:
        raise next(iter(skipped.values()))
    return Sweep(
        cases=tuple(cases),
        skipped=tuple((what, str(error)) for what, error in skipped.items()),
        batch=batch,
        context=_own_context(cases) if context is None else context,
        paired=paired,
        chunk=int(chunk),
    )


def _combinations(
    model: str | Iterable[str], chips: str | Iterable[str], axes: Axes
) -> Iterator[tuple[str, str, Ask]]:
    """Model, chip and what else is looped over."""
    looped = {
        name: _several(name, values)
        for name, values in axes.items()
        if name not in ("batch", "context", "points")
    }
    for models, on in product(_several("model", model), _several("chip", chips)):
        for combination in product(*looped.values()):
            ask = dict(zip(looped, combination, strict=True))
            yield cast("str", models), cast("str", on), cast("Ask", ask)


def _case(model: str, chip: str, ask: Ask) -> Scenario:
    """The scenario of one combination, asked once alone so that what cannot run says so now."""
    case = scenario(model, chip, **ask)
    diagnose(case)
    return case


def _own_context(cases: list[Scenario]) -> Floats:
    """The context of a sweep that names none.

    Raises:
        DomainError: if it has models of both kinds.
    """
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    found = {float(case.request.context_len) for case in cases}
    if len(found) > 1:
        names = ", ".join(dict.fromkeys(case.spec.name for case in cases))
        raise DomainError("model", names, "models that all have a context, or all have none")
    return np.array(list(found))


def _chunk(case: Scenario, batch: Floats, context: Floats) -> Chunk:
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    request = replace(case.request, batch=batch, context_len=context)
    answer = diagnose(replace(case, request=request))
    return Chunk(case=case, diagnosis=answer, shape=np.broadcast_shapes(batch.shape, context.shape))


def _require_numpy() -> None:
    try:
        import numpy as np  # noqa: PLC0415 - asked for when a sweep is
    except ModuleNotFoundError as error:
        raise MissingPackageError("sweep", "NumPy", "sweep") from error
    del np


def _require_known(axes: Axes) -> None:
    for name in axes:
        if name not in Axes.__annotations__:
            raise UnknownNameError("axis", name, Axes.__annotations__)


def _sizes(axes: Axes) -> tuple[Floats, Floats | None, bool]:
    """Batches and contexts, and whether they are pairs; no contexts where none are asked for."""
    if "points" not in axes:
        batch = _counts("batch", axes.get("batch", 1.0))
        return batch, _counts("context", axes["context"]) if "context" in axes else None, False
    for name in ("batch", "context"):
        if name in axes:
            raise DomainError(name, axes.get(name), "sweeps without points, which hold the pairs")
    batch, context = (_counts("points", column) for column in axes["points"])
    if batch.shape != context.shape:
        lengths = f"{batch.size} batches and {context.size} contexts"
        raise DomainError("points", lengths, "two sequences of one length")
    return batch, context, True


def _counts(name: str, values: object) -> Floats:
    """Whole numbers from one, as an array."""
    import numpy as np  # noqa: PLC0415 - only when an array is there (style rule 3)

    allowed = "the whole numbers from 1 to 2^53, one or several"
    if isinstance(values, str):
        raise DomainError(name, values, allowed)
    one = isinstance(values, (float, int)) or hasattr(values, "dtype")
    try:
        given = values if one else list(cast("Iterable[float]", values))
        found: Floats = np.atleast_1d(np.asarray(given, dtype=np.float64))
    except (TypeError, ValueError, OverflowError) as error:
        raise DomainError(name, values, allowed) from error
    whole = (found >= 1.0) & (found <= 2.0**53) & (found == np.floor(found))
    if found.ndim != 1 or found.size == 0 or not bool(whole.all()):
        wrong = found[~whole][0].item() if found.size and not bool(whole.all()) else values
        raise DomainError(name, wrong, allowed)
    return found


def _several(name: str, values: object) -> tuple[object, ...]:
    """One value, or each of several once."""
    if isinstance(values, (str, int, float)):
        return (values,)
    found = tuple(dict.fromkeys(cast("Iterable[object]", values)))
    if not found:
        raise DomainError(name, [], "one value or more")
    return found
