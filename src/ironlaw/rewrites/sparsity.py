"""Sparsity: weights that are zero, or neurons that a token does not need, and what of their bytes and work is left.

Four kinds. 2:4 keeps two of every four values. Unstructured zeros lie anywhere. Blocks are zero as a whole. Contextual
sparsity keeps every weight and leaves out the neurons that a token does not need, foretold by a small network.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, overload

from ironlaw.base.errors import DomainError
from ironlaw.base.number import summed
from ironlaw.base.power import whole_power
from ironlaw.registry.sparsity import index_bits

if TYPE_CHECKING:
    from ironlaw.base.number import Number
    from ironlaw.registry.dtypes import Dtype

_BITS = 8.0  # of a byte
_KEPT_OF_FOUR = 0.5
_PLACE_BITS = 2.0  # which of the four a kept value is
_LARGEST_BLOCK = 4096
_FORMS = "2:4, unstructured:SHARE, block:SHARE@ROWSxCOLUMNS, contextual:SHARE"


class Kind(Enum):
    """What is left out."""

    TWO_FOUR = "2:4"
    UNSTRUCTURED = "unstructured"
    BLOCK = "block"
    CONTEXTUAL = "contextual"

    __hash__ = (
        object.__hash__
    )  # members are unique: their identity is quicker to hash than their name


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparsity:
    """A sparsity of the matrices of a model.

    Attributes:
        kind: What is left out.
        share: Share of the values that are zero; of the neurons that a token does not need where it is contextual.
        block: Outputs × inputs of a block of W[n, k], where whole blocks are zero.
    """

    kind: Kind
    share: float
    block: tuple[int, int] | None = None

    @property
    def name(self) -> str:
        """The sparsity as it is asked for.

        Example:
            >>> sparsity_named("block:0.50@128x64").name
            'block:0.5@128x64'
        """
        if self.kind is Kind.TWO_FOUR:
            return "2:4"
        at = "" if self.block is None else f"@{self.block[0]}x{self.block[1]}"
        return f"{self.kind.value}:{self.share:g}{at}"


@overload
def sparsity_named(asked: str | Sparsity) -> Sparsity: ...


@overload
def sparsity_named(asked: object) -> Sparsity | None: ...


def sparsity_named(asked: object) -> Sparsity | None:
    """The sparsity that was asked for; None where nothing was.

    Args:
        asked: "2:4", "unstructured:0.9", "block:0.5@128x128" or "contextual:0.9", or a `Sparsity`.

    Raises:
        DomainError: for another kind, a share outside [0, 1), a contextual share of 0, or a block of 0.

    Example:
        >>> sparsity_named("unstructured:0.9").share
        0.9
    """
    if asked is None or isinstance(asked, Sparsity):
        return asked
    if not isinstance(asked, str):
        raise DomainError("sparsity", asked, f"the forms {_FORMS}")
    if asked == Kind.TWO_FOUR.value:
        return Sparsity(kind=Kind.TWO_FOUR, share=_KEPT_OF_FOUR)
    name, _, rest = asked.partition(":")
    kinds = {kind.value: kind for kind in Kind if kind is not Kind.TWO_FOUR}
    if name not in kinds:
        raise DomainError("sparsity", asked, f"the forms {_FORMS}")
    kind, (written, _, block) = kinds[name], rest.partition("@")
    if (kind is Kind.BLOCK) is not bool(block):
        raise DomainError("sparsity", asked, f"the forms {_FORMS}")
    share = _share(kind, written, asked)
    return Sparsity(kind=kind, share=share, block=_block(block, asked) if block else None)


def _share(kind: Kind, written: str, asked: str) -> float:
    try:
        share = float(written)
    except ValueError:
        raise DomainError("sparsity", asked, f"the forms {_FORMS}") from None
    if kind is Kind.CONTEXTUAL and not 0.0 < share < 1.0:
        domain = "shares above 0 and below 1 of the neurons that a token does not need"
        raise DomainError("sparsity", asked, domain)
    if not 0.0 <= share < 1.0:
        raise DomainError("sparsity", asked, "shares of zeros from 0 and below 1")
    return share


def _block(written: str, asked: str) -> tuple[int, int]:
    sides = written.split("x")
    if len(sides) != 2 or not all(side.isdecimal() for side in sides):  # noqa: PLR2004
        raise DomainError("sparsity", asked, "blocks of ROWSxCOLUMNS, such as 128x128")
    rows, columns = int(sides[0]), int(sides[1])
    if not (1 <= rows <= _LARGEST_BLOCK and 1 <= columns <= _LARGEST_BLOCK):
        raise DomainError("sparsity", asked, f"blocks whose sides are 1 to {_LARGEST_BLOCK}")
    return rows, columns


def stored_ratio(sparsity: Sparsity, dtype: Dtype, tile: tuple[int, int] | None = None) -> float:
    r"""Bytes of a sparse matrix over those of the dense one, with what finds its values again.

    $$ r_{2:4} = \frac{1}{2} + \frac{1}{b}, \quad
       r_{unstructured} = \min(1,\ (1 - s) + \frac{1}{b},\ (1 - s)(1 + \frac{16}{b})), \quad
       r_{block} = \min(1,\ (1 - e) + \frac{1}{b\,t_n t_k}) $$

    b is the bits of a value, s the share of zeros, e the share of tiles that are empty. A kept value of 2:4 names its
    place in the four with 2 bits; unstructured values are found by a bitmap or by 16-bit columns, whichever is smaller,
    and are stored densely where neither is; a bit for each tile says whether it is there. Contextual sparsity keeps
    everything.

    Args:
        sparsity: The sparsity.
        dtype: Format of the values; scales go with their values.
        tile: Columns n and depth k of the part of W[n, k] that is loaded at a time, of a sparsity by blocks.

    Returns:
        A share of the dense bytes, at most 1.

    Raises:
        DomainError: for blocks without a tile.

    Example:
        >>> from ironlaw.registry.dtypes import Dtype
        >>> stored_ratio(sparsity_named("2:4"), Dtype.BF16), stored_ratio(sparsity_named("2:4"), Dtype.INT8)
        (0.5625, 0.625)
    """
    bits, kept = _BITS * dtype.size, 1.0 - sparsity.share
    if sparsity.kind is Kind.CONTEXTUAL or sparsity.share == 0.0:
        return 1.0
    if sparsity.kind is Kind.TWO_FOUR:
        return _KEPT_OF_FOUR + _KEPT_OF_FOUR * _PLACE_BITS / bits
    if sparsity.kind is Kind.UNSTRUCTURED:
        return min(1.0, kept + 1.0 / bits, kept * (1.0 + index_bits() / bits))
    if tile is None:
        raise DomainError("tile", tile, "the columns and depth of a tile, for blocks")
    empty = empty_tiles(sparsity, tile)
    return min(1.0, (1.0 - empty) + 1.0 / (bits * tile[0] * tile[1]))


def empty_tiles(sparsity: Sparsity, tile: tuple[int, int]) -> float:
    """The share of tiles in which every block is zero, in the mean; see `empty_share`.

    Args:
        sparsity: A sparsity; unstructured values are blocks of one.
        tile: Columns n and depth k of a tile of W[n, k].

    Example:
        >>> empty_tiles(sparsity_named("block:0.5@128x64"), (128, 64))
        0.5
    """
    return empty_share(sparsity.share, sparsity.block or (1, 1), tile)


@lru_cache(maxsize=256)
def empty_share(share: float, block: tuple[int, int], tile: tuple[int, int]) -> float:
    r"""The share of tiles in which every block is zero, where blocks are zero independently of each other.

    $$ e = \frac{1}{|T|} \sum_{t \in T} s^{c_t} $$

    c_t counts the blocks that a tile touches: 1 where it lies in one block, more where blocks are smaller, or where
    their borders are not those of the tiles. The mean runs over the positions that a tile can have, which repeat.

    Args:
        share: Share of blocks that are zero, s.
        block: Sides of a block.
        tile: Sides of a tile.

    Returns:
        e, between 0 and s.

    Example:
        >>> empty_share(0.5, (64, 64), (128, 64)), empty_share(0.5, (256, 128), (128, 64))
        (0.25, 0.5)
    """
    first, second = (_touched(side, size) for side, size in zip(block, tile, strict=True))
    each = (
        n * m * float(whole_power(share, float(a * b)))
        for a, n in first.items()
        for b, m in second.items()
    )
    return summed(each) / (summed(first.values()) * summed(second.values()))


def _touched(block: int, tile: int) -> dict[int, int]:
    """How many positions of a tile along one side touch each number of blocks, until they repeat."""
    found: dict[int, int] = {}
    for place in range(math.lcm(block, tile) // tile):
        touched = ((place + 1) * tile - 1) // block - place * tile // block + 1
        found[touched] = found.get(touched, 0) + 1
    return found


def active_share(sparsity: Sparsity, tokens: Number) -> Number:
    r"""The share of neurons that at least one of some tokens needs.

    $$ u = 1 - (1 - p)^T, \quad p = 1 - s $$

    The law of a mixture of experts: neurons are drawn evenly, and tokens do not know each other.

    Args:
        sparsity: A contextual sparsity.
        tokens: Tokens of the step, T.

    Source:
        liu-2023-deja-vu; the mean of the union of independent draws.

    Example:
        >>> round(active_share(sparsity_named("contextual:0.9"), 8.0), 3)
        0.57
    """
    return 1.0 - whole_power(sparsity.share, tokens)
