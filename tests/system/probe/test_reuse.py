"""Caches that keep what was touched last."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError
from ironlaw.system.probe.recording import Stretch
from ironlaw.system.probe.reuse import Hierarchy

CHUNK = 16384


def stretch(first, last):
    return Stretch(first * CHUNK, last * CHUNK)


def test_the_first_touch_comes_from_memory_and_the_next_from_the_cache():
    caches = Hierarchy([8.0 * CHUNK])
    assert caches.touch([stretch(0, 4)]) == (0.0, 4.0 * CHUNK)
    assert caches.touch([stretch(0, 4)]) == (4.0 * CHUNK, 0.0)


def test_what_is_larger_than_a_cache_never_hits_when_it_is_streamed():
    caches = Hierarchy([8.0 * CHUNK])
    for _ in range(3):
        assert caches.touch([stretch(0, 9)]) == (0.0, 9.0 * CHUNK)


def test_the_nearest_level_serves():
    caches = Hierarchy([2.0 * CHUNK, 8.0 * CHUNK])
    caches.touch([stretch(0, 4)])
    assert caches.touch([stretch(2, 4)]) == (2.0 * CHUNK, 0.0, 0.0)
    assert caches.touch([stretch(0, 2)]) == (0.0, 2.0 * CHUNK, 0.0)


def test_the_oldest_bytes_go_first():
    caches = Hierarchy([2.0 * CHUNK])
    caches.touch([stretch(0, 2)])
    caches.touch([stretch(0, 1)])
    caches.touch([stretch(5, 6)])  # takes the place of the second chunk, not of the first
    assert caches.touch([stretch(0, 1)]) == (CHUNK, 0.0)
    assert caches.touch([stretch(1, 2)]) == (0.0, CHUNK)


def test_bytes_are_counted_and_not_chunks():
    caches = Hierarchy([])
    assert caches.touch([Stretch(CHUNK - 100, CHUNK + 28)]) == (128.0,)


def test_a_cache_behind_a_larger_one_is_refused():
    with pytest.raises(DomainError, match="rising"):
        Hierarchy([8.0, 4.0])
