"""Random streams against the naive simulation, and by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.system.cache.geometry import CacheGeometry, Policy
from ironlaw.system.cache.replay import StreamCount, replay
from naive_cache import Cache

GEOMETRIES = st.builds(
    CacheGeometry,
    line=st.sampled_from([1, 4, 32]),
    sets=st.integers(1, 5),
    ways=st.sampled_from([1, 2, 4, 8]),
    policy=st.sampled_from(Policy),
    seed=st.integers(0, 2**40),
)


@settings(max_examples=300, deadline=None)
@given(
    cache=GEOMETRIES,
    addresses=st.lists(st.integers(0, 400), max_size=200),
    width=st.sampled_from([1, 4, 48]),
)
def test_random_streams_hit_where_the_naive_simulation_hits(cache, addresses, width):
    naive = Cache(cache)
    touched = [
        naive.touch(line)
        for address in addresses
        for line in sorted({byte // cache.line for byte in range(address, address + width)})
    ]
    found = replay(addresses, cache, width)
    assert (found.accesses, found.misses) == (len(touched), sum(touched))


def stream(letters, ways, policy):
    """Misses of lines of one set, each named by a letter."""
    cache = CacheGeometry(line=1, sets=1, ways=ways, policy=policy)
    return replay([ord(letter) for letter in letters], cache).misses


def test_the_policies_by_hand():
    # a b fill; a is touched; c takes the place of b under LRU and of a under FIFO; then a is asked for
    assert stream("abaca", 2, Policy.LRU) == 3
    assert stream("abaca", 2, Policy.FIFO) == 4
    # the tree of four ways: after a b c d a it points to c's half and there to c, the oldest of it being c
    assert stream("abcdae" + "b", 4, Policy.TREE_PLRU) == 5
    assert stream("abcdae" + "c", 4, Policy.TREE_PLRU) == 6
    assert stream("abcdae" + "b", 4, Policy.LRU) == 6


@settings(max_examples=50, deadline=None)
@given(letters=st.lists(st.integers(0, 30), max_size=100))
def test_with_two_ways_the_tree_is_lru_and_more_ways_never_hurt_lru(letters):
    def misses(ways, policy):
        return replay(letters, CacheGeometry(line=1, sets=2, ways=ways, policy=policy)).misses

    assert misses(2, Policy.TREE_PLRU) == misses(2, Policy.LRU)
    assert misses(1, Policy.LRU) >= misses(2, Policy.LRU) >= misses(4, Policy.LRU)


def test_nothing_and_nonsense():
    cache = CacheGeometry(line=32, sets=4, ways=2)
    assert replay([], cache) == StreamCount(hits=0, misses=0)
    with pytest.raises(DomainError, match=r"address = -1 is outside the whole numbers from 0"):
        replay([-1], cache)
    with pytest.raises(DomainError, match=r"load_width = 0 is outside"):
        replay([0], cache, 0)
