"""Seeds of drawn cases: fixed when a part starts, and kept in the ledger."""

from __future__ import annotations

from hashlib import sha256

from ironlaw.base.errors import DomainError

SEEDS = 100_000


def seed_of(ledger: str) -> int:
    """The seed of a ledger: the same for the same one, and evenly spread over all.

    Args:
        ledger: Its id.

    Example:
        >>> 0 <= seed_of("attempt") < SEEDS
        True
    """
    return int(sha256(ledger.encode(errors="surrogatepass")).hexdigest(), 16) % SEEDS


def checked_seed(seed: int) -> int:
    """A seed that was asked for.

    Args:
        seed: The number.

    Raises:
        DomainError: if it is none of the seeds.
    """
    if not 0 <= seed < SEEDS:
        raise DomainError("seed", seed, f"whole numbers from 0 to {SEEDS - 1}")
    return seed
