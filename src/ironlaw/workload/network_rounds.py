"""Network files that make their output token by token: what runs once a sample, and one step of what runs in rounds.

A step may bring several tokens at once, as a check of drafted tokens does: rows grow, weights and what was cached do
not. All of it is a rewrite of the file's table, so that a step is a network like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import DomainError
from ironlaw.base.number import require_count

if TYPE_CHECKING:
    from collections.abc import Mapping

Table = dict[str, object]


def rounds_of(name: str, table: Mapping[str, object]) -> int:
    """How often the stages in rounds run for a sample.

    Args:
        name: Of the network, for messages.
        table: Its `[graph]`.

    Raises:
        DomainError: for a network that runs in no rounds, or whose stages run in different ones.
    """
    found = {_rounds(stage) for stage in _stages(table)} - {1}
    if len(found) != 1:
        raise DomainError("model", name, "the networks that make their output token by token")
    return found.pop()


def once_table(table: Mapping[str, object]) -> Table:
    """The stages that run once a sample.

    Args:
        table: The `[graph]` of the network.
    """
    return {**table, "stages": [stage for stage in _stages(table) if _rounds(stage) == 1]}


def step_table(table: Mapping[str, object], tokens: int) -> Table:
    """One round of the stages that run in rounds, over several tokens.

    The tokens beside the first come to the cache before they are attended over, so that each of them lengthens it.

    Args:
        table: The `[graph]` of the network.
        tokens: Tokens that the step brings.
    """
    require_count("tokens", tokens)
    again = [_stepped(stage, tokens) for stage in _stages(table) if _rounds(stage) > 1]
    return {**table, "stages": again}


def draft_table(table: Mapping[str, object], layers: int, vocabulary: int) -> Table:
    """A smaller network of the same width that reads the same source: fewer decoder layers, fewer words.

    It keeps the stages in rounds and those whose results they attend over; the encoder is its target's. Its words are
    the first rows of the target's table, which are its most frequent.

    Args:
        table: The `[graph]` of the target.
        layers: Decoder layers.
        vocabulary: Words that it can propose.

    Raises:
        DomainError: for more layers or words than the target has.
    """
    again = [stage for stage in _stages(table) if _rounds(stage) > 1]
    kept = {_memory(layer) for stage in again for layer in _layers(stage)}
    words = cast("int", _layers(again[-1])[-1]["features"])
    deepest = max(_repeat(stage) for stage in again)
    for name, value, most in (("layers", layers, deepest), ("vocabulary", vocabulary, words)):
        require_count(name, value)
        if value > most:
            raise DomainError(name, value, f"1 to {most:,}, those of the target")
    stages = [s for s in _stages(table) if _rounds(s) > 1 or s["name"] in kept]
    shorter = [{**s, "repeat": layers} if _repeat(s) > 1 else s for s in stages]
    last = shorter[-1]
    *before, logits = _layers(last)
    return {
        **table,
        "stages": [
            *shorter[:-1],
            {**last, "layers": [*before, {**logits, "features": vocabulary}]},
        ],
    }


def _stages(table: Mapping[str, object]) -> list[Table]:
    return cast("list[Table]", table.get("stages", []))


def _layers(stage: Table) -> list[Table]:
    return cast("list[Table]", stage["layers"])


def _rounds(stage: Table) -> int:
    return cast("int", stage.get("rounds", 1))


def _repeat(stage: Table) -> int:
    return cast("int", stage.get("repeat", 1))


def _memory(layer: Table) -> str:
    """The stage whose result a layer attends over; empty where it attends over none."""
    return cast("str", layer.get("memory", "")).partition(".")[0]


def _stepped(stage: Table, tokens: int) -> Table:
    """A stage in rounds as one round over several tokens."""
    once = {name: value for name, value in stage.items() if name != "rounds"}
    if "inputs" in once:
        inputs = cast("dict[str, object]", once["inputs"])
        once["inputs"] = {name: _longer(entry, tokens) for name, entry in inputs.items()}
    once["layers"] = [_over(layer, tokens) for layer in _layers(stage)]
    return once


def _longer(entry: object, tokens: int) -> object:
    """An input of one token as one of several."""
    if isinstance(entry, dict):
        given = cast("Table", entry)
        return {**given, "shape": _longer(given["shape"], tokens)}
    first, *rest = cast("list[int]", entry)
    return [first * tokens, *rest]


def _over(layer: Table, tokens: int) -> Table:
    if "cached" not in layer or "memory" in layer:
        return layer
    return {**layer, "cached": cast("float", layer["cached"]) + (tokens - 1)}
