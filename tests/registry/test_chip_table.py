"""Every chip against the table that it was described from: rates, sizes, ridge points; and what must never mix."""

from __future__ import annotations

import json

import pytest

from ironlaw.registry.chips import chip_names, load_chip
from ironlaw.registry.dtypes import Dtype

DEVICES = {
    "v100_sxm2": "v100-sxm2",
    "t4": "t4",
    "a10g": "a10g",
    "a100_40": "a100-40gb-sxm",
    "a100_80": "a100-80gb-sxm",
    "l4": "l4",
    "l40s": "l40s",
    "h100_sxm": "h100-sxm",
    "h100_pcie": "h100-pcie",
    "h200": "h200-sxm",
    "b200": "b200-sxm",
    "mi300x": "mi300x",
    "tpu_v5e": "tpu-v5e",
    "tpu_v5p": "tpu-v5p",
    "tpu_v6e": "tpu-v6e",
    "orin_nx16": "jetson-orin-nx",
    "agx_orin64": "jetson-agx-orin",
    "thor_t5000": "jetson-agx-thor",
    "a17pro_ane": "apple-a17-pro-ane",
    "a17pro_gpu": "apple-a17-pro-gpu",
    "m4": "apple-m4",
    "sd8g3": "snapdragon-8-gen-3",
    "xr2g2": "snapdragon-xr2-gen-2",
    "ar1_model": "ar-glasses",
    "rpi5": "raspberry-pi-5",
    "esp32": "esp32",
    "esp32s3": "esp32-s3",
    "nrf52840": "nrf52840",
    "stm32h743": "stm32h743",
    "apollo4p": "apollo4-plus",
    "gap9": "gap9",
    "ndp120": "ndp120",
}
ELSEWHERE = {
    "b300-sxm",
    "gb200",
    "gb300",
    "rtx-pro-6000-server",
    "arc-pro-b60",
}  # in measured tables only
NAMES = {"fp4": "nvfp4", "fp32_gpu": "fp32", "fp16_gpu": "fp16"}
ENGINES = {"int8_dla": ("dla", "int8"), "int8_ane": ("ane", "int8")}
# peak over main memory bandwidth, FLOP/B, of the project's table of devices
RIDGES = {
    "v100-sxm2": {"fp32": 17.4, "fp16": 138.9},
    "t4": {"fp32": 25.3, "fp16": 203.1, "int8": 406.2, "int4": 812.5},
    "a10g": {"fp32": 58.3, "tf32": 58.3, "bf16": 116.7, "int8": 233.3, "int4": 466.7},
    "a100-40gb-sxm": {"fp32": 12.5, "tf32": 100.3, "bf16": 200.6, "int8": 401.3, "int4": 802.6},
    "a100-80gb-sxm": {"fp32": 9.6, "tf32": 76.5, "bf16": 153.0, "int8": 306.0, "int4": 612.1},
    "l4": {
        "fp32": 101.0,
        "tf32": 200.0,
        "bf16": 403.3,
        "fp8": 806.7,
        "int8": 806.7,
        "int4": 1616.7,
    },
    "l40s": {
        "fp32": 106.0,
        "tf32": 211.8,
        "bf16": 419.0,
        "fp8": 848.4,
        "int8": 848.4,
        "int4": 848.4,
    },
    "h100-sxm": {"fp32": 20.0, "tf32": 147.7, "bf16": 295.3, "fp8": 590.7, "int8": 590.7},
    "h100-pcie": {"fp32": 25.1, "tf32": 185.4, "bf16": 370.8, "fp8": 742.0, "int8": 742.0},
    "h200-sxm": {"fp32": 13.9, "tf32": 103.1, "bf16": 206.1, "fp8": 412.3, "int8": 412.3},
    "b200-sxm": {
        "fp32": 9.4,
        "tf32": 140.6,
        "bf16": 281.2,
        "fp8": 562.5,
        "int8": 562.5,
        "nvfp4": 1125.0,
    },
    "mi300x": {"fp32": 30.8, "tf32": 123.3, "bf16": 246.7, "fp8": 493.4, "int8": 493.4},
    "tpu-v5e": {"bf16": 240.5, "int8": 481.1},
    "tpu-v5p": {"bf16": 166.0, "int8": 332.0},
    "tpu-v6e": {"bf16": 559.8, "int8": 1119.5},
    "jetson-orin-nx": {"fp32": 18.4, "fp16": 146.5, "int8": 293.0},
    "jetson-agx-orin": {"fp32": 25.9, "fp16": 208.0, "int8": 415.0},
    "jetson-agx-thor": {
        "fp32": 29.5,
        "bf16": 948.7,
        "fp8": 1893.8,
        "int8": 1893.8,
        "nvfp4": 3791.2,
    },
    "apple-a17-pro-ane": {"int8": 683.6, "fp16": 332.0},
    "apple-a17-pro-gpu": {"fp32": 42.0, "fp16": 84.0},
    "apple-m4": {"fp32": 35.8, "fp16": 70.8},
    "snapdragon-8-gen-3": {"int8": 585.9, "fp16": 59.9, "fp32": 36.5},
    "snapdragon-xr2-gen-2": {"int8": 234.4, "fp16": 58.6},
    "ar-glasses": {"int8": 117.0, "fp16": 58.5},
    "raspberry-pi-5": {"fp32": 9.0, "int8": 35.9},
    "esp32": {"fp32": 31.0, "int16": 61.9, "int8": 31.0},
    "esp32-s3": {"fp32": 12.0, "int16": 96.0, "int8": 192.5},
    "nrf52840": {"fp32": 1.0, "int16": 2.0, "int8": 2.0},
    "stm32h743": {"fp32": 1.0, "int16": 2.0, "int8": 2.0},
    "apollo4-plus": {"fp32": 0.5, "int16": 1.0, "int8": 1.0},
    "gap9": {"int8": 75.4, "fp16": 12.0},
}
CORRECTED = {("jetson-agx-thor", "L2"): 32 * 2**20}  # the table rounds its source's 32 MiB to 32 MB
UNPUBLISHED = {"ndp120"}  # chips whose memory bandwidth is an assumption


@pytest.fixture(scope="module")
def table(shared):
    """The table of devices, by the registry's names."""
    path = shared / "facts" / "hardware.json"
    if not path.is_file():
        pytest.skip(f"no {path}: the table of devices is not here")
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {DEVICES[row["id"]]: row for row in rows}


def test_every_device_is_described():
    assert set(chip_names()) == set(DEVICES.values()) | ELSEWHERE
    assert set(RIDGES) == set(DEVICES.values()) - UNPUBLISHED


@pytest.mark.parametrize("chip", RIDGES)
def test_ridge_points(chip):
    found = load_chip(chip)
    for name, ridge in RIDGES[chip].items():
        # to the decimal that the table prints
        assert found.peak(Dtype(name)) / found.bandwidth == pytest.approx(ridge, abs=0.051), name


@pytest.mark.parametrize("chip", DEVICES.values())
def test_rates_and_sizes_are_those_of_the_table(chip, table):
    row, found = table[chip], load_chip(chip)
    for name, rate in row["peak_ops_dense"].items():
        if name in ENGINES:
            engine, dtype = ENGINES[name]
            assert found.engines[engine][Dtype(dtype)] == pytest.approx(rate, rel=1e-12)
        else:
            assert found.peak(Dtype(NAMES.get(name, name))) == pytest.approx(rate, rel=1e-12)
    assert found.kind == row["cls"]
    assert found.capacity == row["mem_capacity_B"]
    assert (found.tdp, found.idle_power) == (row["tdp_W"], row["idle_W"])
    if row["mem_bw_Bps"] is not None:
        assert found.bandwidth == pytest.approx(row["mem_bw_Bps"], rel=1e-12)
    price = None if found.price is None else found.price * 3600.0
    assert price == (None if row["price_usd_h"] is None else pytest.approx(row["price_usd_h"]))


@pytest.mark.parametrize("chip", DEVICES.values())
def test_levels_are_those_of_the_table(chip, table):
    known = {
        (
            CORRECTED.get((chip, level["level"]), level["size_B"]),
            level["bw_Bps"] and round(level["bw_Bps"]),
            level["line_B"],
        )
        for level in table[chip]["levels"]
    }
    chip_ = load_chip(chip)
    found = {
        (level.capacity, level.bandwidth and round(level.bandwidth), level.line_size)
        for level in (*chip_.levels, *chip_.storage)
    }
    assert known <= found


@pytest.mark.parametrize("chip", DEVICES.values())
def test_launch_times_are_those_of_the_table(chip, table):
    found = load_chip(chip)
    own = (found.eager_dispatch, found.stream_dispatch, found.graph_dispatch, found.call_dispatch)
    known = table[chip]["launch_overhead_us"].values()
    assert sorted(time * 1e6 for time in own if time is not None) == pytest.approx(sorted(known))


@pytest.mark.parametrize("chip", chip_names())
def test_a_dense_peak_is_never_a_sparse_one(chip):
    found = load_chip(chip)
    for dtype, rate in found.sparse_peaks.items():
        assert found.peak(dtype) < rate
    for engine in found.engines.values():
        for dtype, rate in engine.items():
            assert found.peaks.get(dtype) != rate


def test_what_is_no_print_says_so():
    assert load_chip("ar-glasses").sheet.fact("peak.int8").kind == "assumption"
    assert load_chip("ndp120").sheet.fact("memory.bandwidth").kind == "assumption"
    assert load_chip("snapdragon-8-gen-3").sheet.fact("peak.int8").kind == "recalled"
    assert load_chip("apple-a17-pro-ane").sheet.fact("peak.int8").kind == "published"
    assert load_chip("h100-sxm").sheet.fact("peak.bf16").kind == "datasheet"


def test_the_sleep_of_an_esp32_is_above_a_milliwatt():
    assert load_chip("esp32").idle_power == pytest.approx(0.8e-3 * 3.3)


def test_a_line_of_external_ram_takes_82_clocks():
    memory = load_chip("esp32").levels[-1]
    assert memory.latency == pytest.approx(82 / 80e6)
    assert memory.line_size / memory.latency == pytest.approx(memory.bandwidth, rel=0.01)
