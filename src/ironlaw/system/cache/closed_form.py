"""Lines fetched for the rows of a matrix, in closed form: where the saw-tooth over the hidden size comes from.

A row of R bytes and lines of L bytes, with g = gcd(R, L). The forms hold for rows that are fetched one by one, each
line once for each row; a kernel that streams packed rows in order fetches the lines between two rows once, and has no
saw-tooth.
"""

from __future__ import annotations

from math import gcd

from ironlaw.system.cache.geometry import require_whole

LINE = (
    32  # bytes of a line where nothing else is said: the caches of the ESP32 and of the Cortex-M7
)


def lines_aligned(row: int, line: int = LINE) -> int:
    r"""Lines of a row that begins at the boundary of a line.

    $$ n = \lceil R / L \rceil $$

    Args:
        row: Bytes of the row, R [B].
        line: Bytes of a line, L [B].

    Raises:
        DomainError: if one is not a whole number above zero.

    Source:
        ironlaw-dossier (§6, lines).

    Example:
        >>> lines_aligned(65)
        3
    """
    _require(row, line)
    return -(-row // line)


def lines_isolated(row: int, line: int = LINE) -> float:
    r"""Lines of a row of a packed matrix that is fetched without its neighbours, on average over the rows.

    $$ n = 1 + (R - g) / L $$

    Rows begin at every multiple of g within a line equally often.

    Args:
        row: Bytes of the row, R [B].
        line: Bytes of a line, L [B].

    Raises:
        DomainError: if one is not a whole number above zero.

    Source:
        ironlaw-dossier (§6, lines).

    Example:
        >>> lines_isolated(100)
        4.0
    """
    _require(row, line)
    return 1.0 + (row - gcd(row, line)) / line


def lines_packed(size: int, line: int = LINE) -> int:
    r"""Lines of packed rows that are read in order.

    $$ n = \lceil D / L \rceil $$

    Args:
        size: Bytes of all rows, D [B].
        line: Bytes of a line, L [B].

    Raises:
        DomainError: if one is not a whole number above zero.

    Source:
        ironlaw-dossier (§6, lines).

    Example:
        >>> lines_packed(4 * 65 * 65)
        529
    """
    return lines_aligned(size, line)


def inflation_padded(row: int, line: int = LINE) -> float:
    r"""Bytes fetched for each byte of a row that is padded to the line.

    $$ r = L \lceil R / L \rceil / R $$

    Args:
        row: Bytes of the row, R [B].
        line: Bytes of a line, L [B].

    Raises:
        DomainError: if one is not a whole number above zero.

    Source:
        ironlaw-dossier (§6, lines).

    Example:
        >>> inflation_padded(100)
        1.28
    """
    return line * lines_aligned(row, line) / row


def inflation_isolated(row: int, line: int = LINE) -> float:
    r"""Bytes fetched for each byte of a row of a packed matrix that is fetched without its neighbours.

    $$ r = 1 + (L - g) / R $$

    Args:
        row: Bytes of the row, R [B].
        line: Bytes of a line, L [B].

    Raises:
        DomainError: if one is not a whole number above zero.

    Source:
        ironlaw-dossier (§6, lines).

    Example:
        >>> round(inflation_isolated(95), 2)
        1.33
    """
    return line * lines_isolated(row, line) / row


def _require(row: int, line: int) -> None:
    require_whole("row", row)
    require_whole("line", line)
