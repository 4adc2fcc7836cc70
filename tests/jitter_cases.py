"""Seeds by cause, for the tests of the jitter generator."""

from __future__ import annotations

from functools import lru_cache

from ironlaw.system.jitter.case import drawn_case
from ironlaw.system.jitter.causes import Cause
from ironlaw.system.jitter.simulate import simulate

FRAMES = 120
SEEDS = range(60)


def seeds(cause: Cause, how_many: int = 3) -> list[int]:
    """The first seeds that draw a cause."""
    return [seed for seed in SEEDS if drawn_case(seed, FRAMES).cause is cause][:how_many]


ONE_OF_EACH = [(cause, seed) for cause in Cause for seed in seeds(cause, 2)]


@lru_cache(maxsize=64)
def run(seed: int, **choices: object):
    """A short trace."""
    return simulate(seed, FRAMES, **choices)
