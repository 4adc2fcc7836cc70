"""A set-associative cache: its lines, sets and ways, and which way a new line takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError, FactError
from ironlaw.registry.chip_facts import positive

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip


class Policy(Enum):
    """Which line of a full set gives way; the value is its name."""

    LRU = "lru"
    FIFO = "fifo"
    TREE_PLRU = "plru"
    RANDOM = "random"

    @property
    def label(self) -> str:
        """Its name in words."""
        return _LABELS[self.value]


_LEVELS = ("level.cache", "level.l1")
_WAYS = "detail.cache_ways"
_LABELS = {"lru": "LRU", "fifo": "FIFO", "plru": "tree-PLRU", "random": "random draws"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheGeometry:
    """A set-associative cache.

    Attributes:
        line: Bytes that one miss fetches, a power of two [B].
        sets: Number of sets; the line at address a goes to set ⌊a / line⌋ mod sets.
        ways: Lines that one set holds.
        policy: Which of them gives way.
        seed: Draws the ways of the random policy; each set draws for itself.

    Raises:
        DomainError: naming what is not a whole number above zero, a line or, under tree-PLRU, a number of ways that
            is not a power of two.

    Example:
        >>> CacheGeometry(line=32, sets=512, ways=2).way_size
        16384
    """

    line: int
    sets: int
    ways: int
    policy: Policy = Policy.LRU
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what no cache is."""
        for name in ("line", "sets", "ways"):
            require_whole(name, getattr(self, name))
        if not is_power_of_two(self.line):
            raise DomainError("line", self.line, "the powers of two [B]")
        if self.policy is Policy.TREE_PLRU and not is_power_of_two(self.ways):
            raise DomainError("ways", self.ways, "the powers of two, which tree-PLRU needs")

    @property
    def way_size(self) -> int:
        """Bytes after which addresses come back to the same set [B]."""
        return self.line * self.sets

    @property
    def capacity(self) -> int:
        """Bytes that it holds [B]."""
        return self.way_size * self.ways


def require_whole(name: str, value: object, least: int = 1) -> None:
    """Refuse what is not a whole number of at least so much.

    Args:
        name: The parameter, for the message.
        value: What was given.
        least: The smallest that is allowed.

    Raises:
        DomainError: naming the parameter.
    """
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise DomainError(name, value, f"the whole numbers from {least}")


def is_power_of_two(value: int) -> bool:
    """Whether a whole number above zero is a power of two."""
    return value & (value - 1) == 0


def policy_named(name: str) -> Policy:
    """The policy of a name.

    Raises:
        DomainError: listing the names.

    Example:
        >>> policy_named("lru").label
        'LRU'
    """
    for policy in Policy:
        if policy.value == name:
            return policy
    raise DomainError("policy", name, f"the policies {', '.join(p.value for p in Policy)}")


def chip_cache(chip: Chip, *, policy: Policy = Policy.LRU, seed: int = 0) -> CacheGeometry:
    """The data cache of a core that reads its weights from a slower memory.

    Manufacturers document size, line and ways, and rarely the policy: LRU is assumed where nothing else is asked for.

    Args:
        chip: A chip with `level.cache` or `level.l1`, and `detail.cache_ways`.
        policy: Which line of a full set gives way.
        seed: Draws the ways of the random policy.

    Returns:
        The cache of one core.

    Raises:
        FactError: if the chip lacks the facts, or they make no whole number of sets.

    Example:
        >>> from ironlaw.registry.chips import load_chip
        >>> chip_cache(load_chip("esp32")).sets
        512
    """
    level = cache_level(chip)
    sheet = chip.sheet
    capacity = positive(sheet, f"{level}.capacity", "B")
    line = positive(sheet, f"{level}.line_size", "B")
    ways = positive(sheet, _WAYS, "1")
    sets = capacity / (line * ways)
    if sets != int(sets) or line != int(line) or ways != int(ways):
        raise FactError(
            f"{chip.name}.{level}",
            f"{capacity:g} B in lines of {line:g} B and {ways:g} ways is no whole number of sets",
        )
    return CacheGeometry(line=int(line), sets=int(sets), ways=int(ways), policy=policy, seed=seed)


def cache_level(chip: Chip) -> str:
    """The group of facts that describes the data cache of a core.

    Raises:
        FactError: if the chip's file describes none, naming what it takes.
    """
    facts = chip.sheet.facts
    for level in _LEVELS:
        if _WAYS in facts and f"{level}.capacity" in facts:
            return level
    raise FactError(
        f"{chip.name}.{_WAYS}",
        "the chip's file describes no set-associative cache of a core; it takes the facts "
        f"{_LEVELS[0]}.capacity, {_LEVELS[0]}.line_size and {_WAYS}, as esp32 has them",
    )
