"""A network that makes its output token by token, as what runs once a sample and steps of any number of tokens."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.number import summed
from ironlaw.registry.networks import load_network_card
from ironlaw.workload.graph import Role
from ironlaw.workload.network_file import network_from_table
from ironlaw.workload.network_rounds import draft_table, once_table, rounds_of, step_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ironlaw.registry.dtypes import Dtype
    from ironlaw.workload.network import Network

_ELEMENT = 2.0  # graphs are written at two bytes an element
_WEIGHTS = (Role.WEIGHT,)
_KEPT = (Role.WEIGHT, Role.KV_CACHE)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TokenLoop:
    """A network that makes its output token by token.

    Attributes:
        title: Its name in words.
        once: What runs once a sample.
        rounds: Tokens of a sample.
        step: A step that brings some tokens.
    """

    title: str
    once: Network
    rounds: int
    step: Callable[[int], Network]

    def rewritten(self, rewrite: Callable[[Network], Network]) -> TokenLoop:
        """The same loop with a rewrite of all its networks.

        Args:
            rewrite: Of a network.
        """

        @lru_cache(maxsize=64)
        def step(tokens: int) -> Network:
            return rewrite(self.step(tokens))

        return replace(self, once=rewrite(self.once), step=step)


@lru_cache(maxsize=16)
def load_loop(name: str) -> TokenLoop:
    """A network file as a loop.

    Args:
        name: As in `load_network`, of a file that runs in rounds.

    Raises:
        DomainError: for a network that runs in no rounds.
        UnknownNameError: offering the nearest names.
    """
    card = load_network_card(name)
    return _loop(card.name, card.title, card.graph)


@lru_cache(maxsize=16)
def draft_loop(name: str, layers: int, vocabulary: int) -> TokenLoop:
    """A draft of the width of its target that reads the same source.

    Args:
        name: Of the target.
        layers: Decoder layers.
        vocabulary: Words that it can propose, the most frequent of the target's.

    Raises:
        DomainError: for more layers or words than the target has.
    """
    card = load_network_card(name)
    title = f"draft of {layers} {'layer' if layers == 1 else 'layers'} and {vocabulary:,} words"
    return _loop(f"{card.name}-draft", title, draft_table(card.graph, layers, vocabulary))


def _loop(name: str, title: str, graph: Mapping[str, object]) -> TokenLoop:
    @lru_cache(maxsize=64)
    def step(tokens: int) -> Network:
        return network_from_table(f"{name}-step", title, step_table(graph, tokens))

    return TokenLoop(
        title=title,
        once=network_from_table(f"{name}-once", title, once_table(graph)),
        rounds=rounds_of(name, graph),
        step=step,
    )


def resident(loops: Iterable[TokenLoop], dtype: Dtype) -> float:
    """Weights and caches of loops together [B].

    A weight that goes by no stage's name, such as a vocabulary, is one and the same in all of them.

    Args:
        loops: The loops.
        dtype: Format of all of it.
    """
    held: dict[tuple[int, str], float] = {}
    for index, loop in enumerate(loops):
        for network, roles in ((loop.once, _WEIGHTS), (loop.step(1), _KEPT)):
            for stage in network.stages:
                for value in stage.values:
                    if value.role in roles:
                        own = value.name.startswith(f"{stage.name}.")
                        key = (index if own or value.role is not Role.WEIGHT else -1, value.name)
                        size = value.amount.size * stage.repeat * dtype.size / _ELEMENT
                        held[key] = max(held.get(key, 0.0), size)
    return summed(held.values())
