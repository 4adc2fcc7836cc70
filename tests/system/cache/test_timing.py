"""What a line costs, and which rate an answer rests on."""

from __future__ import annotations

import pytest

from ironlaw.base.errors import DomainError, FactError
from ironlaw.registry.chips import load_chip, read_chip
from ironlaw.registry.facts import data_folder
from ironlaw.system.cache.geometry import CacheGeometry, Policy, chip_cache
from ironlaw.system.cache.timing import (
    LineFetch,
    fetch_time,
    fill_rate,
    fill_rates,
    line_fetch,
)

QSPI = LineFetch(command=2, address=6, wait=6, select=4, lanes=4)


def edited(name, old, new):
    text = data_folder().joinpath("chips", f"{name}.toml").read_text(encoding="utf-8")
    assert old in text
    return read_chip(name, text.replace(old, new))


def test_the_fetch_of_a_line_by_hand():
    assert QSPI.clocks(32) == 2 + 6 + 6 + 64 + 4
    assert QSPI.rate(32, 80e6) == pytest.approx(31.2e6, rel=2e-3)
    assert QSPI.rate(32, 40e6) == pytest.approx(15.6e6, rel=2e-3)
    assert QSPI.rate(1e9, 80e6) == pytest.approx(40e6, rel=1e-6)  # the peak of four lanes


def test_the_file_of_the_chip_says_the_same_thrice():
    chip = load_chip("esp32")
    assert line_fetch(chip) == QSPI
    assert QSPI.clocks(32) / 80e6 == pytest.approx(chip.sheet.number("memory.latency"))
    assert QSPI.rate(32, 80e6) == pytest.approx(chip.bandwidth, rel=0.01)


def test_the_rate_to_plan_with_comes_first_and_says_that_it_is_an_assumption():
    chip = load_chip("esp32")
    rates = fill_rates(chip)
    assert [(one.id, one.kind) for one in rates] == [
        ("planned", "assumption"), ("fetch", "derived"), ("flash", "recalled"),
    ]  # fmt: skip
    assert fill_rate(chip) == rates[0]
    assert rates[0].rate == 22e6
    assert rates[1].why == "32 B in 82 clocks of 80 MHz"
    assert fill_rate(chip, "flash").rate == 30e6


def test_other_chips_have_what_their_files_say():
    assert [one.id for one in fill_rates(load_chip("esp32-s3"))] == ["memory"]
    assert fill_rate(load_chip("esp32-s3")).rate == 80e6
    assert fill_rate(load_chip("stm32h743")).rate == 480e6  # flash through the cache, not the SRAM


def test_a_rate_of_ones_own_is_an_assumption():
    assert fill_rate(load_chip("esp32"), rate=15e6).kind == "assumption"
    with pytest.raises(DomainError, match=r"rate = 0.0 is outside"):
        fill_rate(load_chip("esp32"), rate=0.0)
    with pytest.raises(
        DomainError, match=r"rate = 'octal' is outside the rates of esp32: planned, f"
    ):
        fill_rate(load_chip("esp32"), "octal")


def test_the_time_of_the_lines():
    assert fetch_time(2048 * 32, 22e6) == 65536 / 22e6
    with pytest.raises(DomainError, match="rate"):
        fetch_time(1.0, -1.0)


@pytest.mark.parametrize(
    ("chip", "wanted"),
    [
        ("esp32", CacheGeometry(line=32, sets=512, ways=2)),
        ("esp32-s3", CacheGeometry(line=32, sets=256, ways=8)),
        ("stm32h743", CacheGeometry(line=32, sets=128, ways=4)),
    ],
)
def test_the_caches_of_chips(chip, wanted):
    assert chip_cache(load_chip(chip)) == wanted
    assert chip_cache(load_chip(chip), policy=Policy.FIFO).policy is Policy.FIFO


@pytest.mark.parametrize("name", ["h100-sxm", "nrf52840", "gap9"])
def test_a_chip_without_such_a_cache_says_what_is_missing(name):
    wanted = rf"{name}.detail.cache_ways: the chip's file describes no .* level.cache.capacity, "
    with pytest.raises(FactError, match=wanted):
        chip_cache(load_chip(name))


def test_a_cache_of_no_whole_number_of_sets_is_refused():
    with pytest.raises(FactError, match=r"32768 B in lines of 32 B and 3 ways is no whole number"):
        chip_cache(edited("esp32", "cache_ways = { value = 2,", "cache_ways = { value = 3,"))


def test_half_of_the_clocks_is_not_enough():
    with pytest.raises(FactError, match=r"detail.psram_wait_clocks: the fact is missing"):
        line_fetch(edited("esp32", "psram_wait_clocks", "psram_other_clocks"))
