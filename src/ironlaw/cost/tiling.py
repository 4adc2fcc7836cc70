"""Tile and split of a GEMM as choices: what may be asked for, and what a GEMM can keep of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError

if TYPE_CHECKING:
    from ironlaw.base.number import Number

TILES = (
    (128, 256), (256, 128), (128, 128), (64, 256), (64, 128), (128, 64),
    (64, 64), (64, 32), (32, 64), (16, 64), (16, 128),
)  # fmt: skip
"""Rows and columns of the tiles that a library has."""

SPLITS = (1, 2, 4, 8, 16)
"""How many parts K may be split into."""

LEAST_SPLIT_K = 256.0
"""A split keeps at least this much of K."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiling:
    """The tile and the split of every GEMM; None leaves the choice to the library.

    Attributes:
        rows: Rows of a tile.
        columns: Columns of a tile.
        split: Parts that K is split into; a GEMM whose K is too short for it keeps the most that fit.
    """

    rows: int | None = None
    columns: int | None = None
    split: int | None = None

    @property
    def tile(self) -> tuple[int, int] | None:
        """Rows and columns, where they were chosen."""
        return None if self.rows is None or self.columns is None else (self.rows, self.columns)

    @property
    def tiles(self) -> tuple[tuple[int, int], ...]:
        """The tiles that a GEMM may take."""
        return tuple(
            (rows, columns)
            for rows, columns in TILES
            if self.rows in (None, rows) and self.columns in (None, columns)
        )

    @property
    def splits(self) -> tuple[int, ...]:
        """The splits that a GEMM may take, the lesser for where K is too short for the one that was asked for."""
        return SPLITS if self.split is None else tuple(s for s in SPLITS if s <= self.split)

    def allows(self, split: int, k: Number) -> object:
        """Whether a GEMM takes the split: it leaves enough of K, and no larger one that was asked for does.

        Args:
            split: Parts that K is split into.
            k: Length of the inner product.

        Returns:
            A truth value, or an array of them in the shape of k.
        """
        enough = (k / split >= LEAST_SPLIT_K) | (split == 1)
        if self.split is None or split == self.split:
            return enough
        return enough & (k / (2.0 * split) < LEAST_SPLIT_K)


def tile_text(tile: tuple[int, int] | None) -> str:
    """A tile as it is asked for, rows × columns.

    Args:
        tile: Rows and columns; None is the library's choice.

    Example:
        >>> tile_text((128, 64))
        '128x64'
    """
    return "any" if tile is None else f"{tile[0]}x{tile[1]}"


def tiling_named(tile: object, split_k: object) -> Tiling | None:
    """The tiling that was asked for; None where nothing was.

    Args:
        tile: Rows × columns, such as "128x256"; None is the library's choice.
        split_k: Parts that K is split into; None is the library's choice.

    Raises:
        DomainError: for a tile or a split that no library has.

    Example:
        >>> tiling_named("128x64", None)
        Tiling(rows=128, columns=64, split=None)
    """
    if tile is None and split_k is None:
        return None
    known = {tile_text(tile): tile for tile in TILES}
    if tile is not None and (not isinstance(tile, str) or tile not in known):
        raise DomainError("tile", tile, f"the tiles {', '.join(known)}")
    if split_k is not None and (type(split_k) is not int or split_k not in SPLITS):
        raise DomainError("split_k", split_k, f"the splits {', '.join(map(str, SPLITS))}")
    rows, columns = (None, None) if tile is None else known[tile]
    return Tiling(rows=rows, columns=columns, split=split_k)
