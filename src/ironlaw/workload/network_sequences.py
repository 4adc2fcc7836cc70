"""The layers of network files that mix a sequence: attention and recurrent cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.errors import ConfigError
from ironlaw.workload import layers
from ironlaw.workload.graph import AttentionShape, Role
from ironlaw.workload.layers import Call
from ironlaw.workload.shapes import RecurrentShape

if TYPE_CHECKING:
    from ironlaw.workload.place import Place
    from ironlaw.workload.tracer import Dims


def attention_layer(place: Place) -> None:
    """Projections to Q, K and V, attention, and the projection of what was attended."""
    fields, trace, d = place.fields, place.trace, place.dims[-1]
    heads, bias = fields.count("heads"), fields.flag("bias")
    if d % heads:
        raise fields.refuse("heads", f"must divide the width {d}")
    memory = fields.text("memory", "")
    wide = d if memory else 3 * d
    projected = _projected(place, "in", place.source, wide, bias=bias)
    rows = place.dims[1]
    query = f"{place.name}.q"
    trace.view(query, projected, (place.dims[0], rows, d))
    keys = values = query
    context = float(rows)
    if memory or fields.has("cached"):
        keys, context = _cache(place, memory)
        values = keys
    shape = AttentionShape(
        decode=context != rows and rows == 1,
        batch=float(place.dims[0]),
        query_len=float(rows),
        context_len=context,
        n_heads=float(heads),
        n_kv_heads=float(heads),
        d_head=float(d // heads),
        causal=False,
    )
    call = Call(place.name, place.layer, query, f"{place.name}.heads")
    layers.attention(trace, call, keys, values, shape)
    made = _projected(place, "out", call.target, d, bias=bias)
    place.done(place.added(made))


def _projected(place: Place, part: str, source: str, wide: int, *, bias: bool) -> str:
    width = place.trace.dims(source)[-1]
    weights = [place.weight(f"{part}.weight", wide, width)]
    if bias:
        weights.append(place.weight(f"{part}.bias", wide))
    layers.matrix(place.trace, place.call(part, source), weights, wide)
    return f"{place.name}.{part}"


def _cache(place: Place, memory: str) -> tuple[str, float]:
    """The cached keys (and values, as many) that are attended over, and how many tokens they are.

    With `memory` they were made before; with `cached` the new rows are appended to them first.
    """
    fields, trace, d = place.fields, place.trace, place.dims[-1]
    tokens = fields.raw("cached")
    if isinstance(tokens, bool) or not isinstance(tokens, (int, float)) or not tokens >= 1:
        raise fields.refuse("cached", "must be a number of tokens from 1, the mean over the rounds")
    name = memory or f"{place.name}.cache"
    half = round(tokens * d)
    trace.given(name, (place.dims[0], 2 * half), role=Role.KV_CACHE)
    if not memory:
        rows = f"{place.name}.kv"
        trace.view(rows, f"{place.name}.in", (place.dims[0], place.dims[1], 2 * d))
        trace.append(f"{place.name}.append", place.layer, rows, name)
    trace.view(f"{name}.half", name, (place.dims[0], half))
    return f"{name}.half", float(tokens)


def _recurrent(place: Place, gates: int) -> None:
    fields, trace = place.fields, place.trace
    hidden, depth = fields.count("hidden"), fields.count("layers", 1)
    ways, bias = 2 if fields.flag("bidirectional") else 1, fields.flag("bias")
    if len(place.dims) != 3:  # noqa: PLR2004 - batch, steps, width
        raise ConfigError(fields.path, list(place.dims[1:]), "needs an input of [steps, width]")
    batch, steps, _ = place.dims
    source = place.source
    for index in range(depth):
        made: list[str] = []
        for way in range(ways):
            part = f"l{index}" if ways == 1 else f"l{index}.{'reverse' if way else 'forward'}"
            width = trace.dims(source)[-1]
            weights = [
                place.weight(f"{part}.input", gates * hidden, width),
                place.weight(f"{part}.state", gates * hidden, hidden),
            ]
            if bias:
                both = (f"{part}.bias_input", f"{part}.bias_state")
                weights += [place.weight(name, gates * hidden) for name in both]
            shape = RecurrentShape(
                steps=float(steps), batch=float(batch), d_input=width, d_hidden=hidden, gates=gates
            )
            call = place.call(part, source)
            layers.recurrence(trace, call, weights, shape, (batch, steps, hidden))
            made.append(call.target)
        source = _joined(place, f"l{index}", made, (batch, steps, ways * hidden))
    place.done(source)


def _joined(place: Place, part: str, made: list[str], dims: Dims) -> str:
    if len(made) == 1:
        return made[0]
    layers.copy(place.trace, place.call(f"{part}.both", made[0]), made[1:], dims)
    return f"{place.name}.{part}.both"


def lstm_layer(place: Place) -> None:
    """An LSTM: four gates."""
    _recurrent(place, 4)


def gru_layer(place: Place) -> None:
    """A GRU: three gates."""
    _recurrent(place, 3)
