"""The saw-tooth: what the lines of a cache cost over the hidden size, where it is real and where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.instruments.curve import Curve, CurveMark, CurveSeries, axis_over
from ironlaw.instruments.scale import significant
from ironlaw.system.cache.closed_form import inflation_isolated, inflation_padded
from ironlaw.system.cache.layout import recurrent_matrices
from ironlaw.system.cache.simulate import simulate

if TYPE_CHECKING:
    from ironlaw.system.cache.geometry import CacheGeometry
    from ironlaw.system.cache.layout import Walk

_MORE = 1.02  # what lines between two gates may add before it is news


def saw_tooth(
    walk: Walk,
    cache: CacheGeometry,
    hidden: int,
    sizes: tuple[int, ...],
    simulated: tuple[int, ...] = (),
) -> Curve:
    """Bytes fetched for each byte of weights, over the hidden size, for a row of H weights.

    Args:
        walk: How the weights are stored and read; its format sets the bytes of a row.
        cache: The cache.
        hidden: Where one stands, H.
        sizes: Hidden sizes to show, from the smallest.
        simulated: Those at which the layout at hand is simulated too, a few milliseconds each.

    Returns:
        Rows padded to the line, packed rows read one by one, packed rows in order, the layout at hand; and the layout
        at hand where one stands as a mark, always simulated.
    """
    row = walk.element
    forms = (
        ("padded", "rows padded to the line", inflation_padded),
        ("isolated", "packed rows read one by one", inflation_isolated),
    )
    series = [
        CurveSeries(
            id=name,
            label=label,
            points=tuple((float(size), form(size * row, cache.line)) for size in sizes),
        )
        for name, label, form in forms
    ]
    flat = ((float(sizes[0]), 1.0), (float(sizes[-1]), 1.0))
    series.append(CurveSeries(id="packed", label="packed rows in order", points=flat))
    here = _simulated(hidden, walk, cache)
    if simulated:
        points = tuple((float(size), _simulated(size, walk, cache)) for size in simulated)
        series.append(
            CurveSeries(id="layout", label="the layout at hand", points=points, sparse=True)
        )
    heights = [y for one in series for _, y in one.points]
    return Curve(
        title=f"Bytes fetched for a byte of weights, {walk.dtype.value}, lines of {cache.line} B",
        x=axis_over("hidden size H", "", [float(hidden), *map(float, sizes)]),
        y=axis_over("bytes fetched for a byte of weights", "", [here, *heights], least=1.0),
        series=tuple(series),
        marks=(CurveMark(label=f"here: {significant(here)}", x=float(hidden), y=here),),
        note=_note(hidden, walk, cache, here),
    )


def _simulated(hidden: int, walk: Walk, cache: CacheGeometry) -> float:
    return simulate(recurrent_matrices(hidden, walk), cache).inflation


def _note(hidden: int, walk: Walk, cache: CacheGeometry, here: float) -> str:
    row = hidden * walk.element
    period = max(cache.line // walk.element, 1)
    whole = row % cache.line == 0
    place = (
        f"At H = {hidden} a row of {row} B is {row // cache.line} whole lines"
        if whole
        else f"At H = {hidden} a row of {row} B ends {row % cache.line} B into its last line"
    )
    teeth = f"padding to the line costs nothing at multiples of H = {period}"
    form = inflation_padded(row, cache.line) if walk.row_multiple % cache.line == 0 else 1.0
    if here > form * _MORE:
        return (
            f"{place}; {teeth}. The layout at hand fetches {significant(here)} bytes a byte, "
            f"which no row explains: its walks drive each other out of the cache."
        )
    return f"{place}; {teeth}, and rows read in order have no teeth at all."
