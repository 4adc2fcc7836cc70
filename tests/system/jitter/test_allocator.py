"""The caching allocator: from the cache, from the driver, or after a flush."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.system.jitter.allocator import CachingAllocator, Step, size_class


def test_a_cached_block_asks_for_nothing():
    pool = CachingAllocator(10_000, [4096])
    assert pool.allocate(3000) == (4096, ())
    assert (pool.in_use, pool.cached, pool.reserved) == (4096, [], 4096)


def test_room_below_the_limit_is_one_call():
    assert CachingAllocator(10_000, [512]).allocate(3000) == (4096, (Step("cudaMalloc", 4096),))


def test_no_room_flushes_all_that_is_cached():
    pool = CachingAllocator(5000, [512, 1024])
    block, steps = pool.allocate(4000)
    assert [(step.call, step.size, step.failed) for step in steps] == [
        ("cudaMalloc", 4096, True),
        ("cudaDeviceSynchronize", 0, False),
        ("cudaFree", 1024, False),
        ("cudaFree", 512, False),
        ("cudaMalloc", 4096, False),
    ]
    assert (block, pool.reserved) == (4096, 4096)


def test_what_cannot_fit_is_refused():
    with pytest.raises(DomainError, match="size = 5000 is outside what fits: 5000 B are left"):
        CachingAllocator(5000).allocate(5000)


@given(st.lists(st.integers(1, 10**6), max_size=12))
def test_the_pool_never_holds_more_than_its_limit(sizes):
    pool = CachingAllocator(3 * 2**20)
    for size in sizes:
        block, _ = pool.allocate(size)
        assert size <= block < max(2 * size, 513)
        assert block == size_class(size)
        assert pool.reserved <= pool.limit
        pool.free(block)
    assert pool.in_use == 0
