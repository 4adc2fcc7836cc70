"""Devices by the names that drivers say."""

from __future__ import annotations

import pytest

from ironlaw.registry.devices import chip_of_device


@pytest.mark.parametrize(
    ("device", "chip"),
    [
        ("Tesla V100-DGXS-32GB", "v100-sxm2"),
        ("NVIDIA A100-SXM4-80GB", "a100-80gb-sxm"),
        ("NVIDIA A100-SXM4-40GB", "a100-40gb-sxm"),
        ("NVIDIA H100 80GB HBM3", "h100-sxm"),
        ("NVIDIA H100 PCIe", "h100-pcie"),
        ("NVIDIA L40S", "l40s"),
        ("NVIDIA L4", "l4"),
        ("Tesla T4", "t4"),
    ],
)
def test_a_device_is_its_chip(device, chip):
    assert chip_of_device(device).name == chip


@pytest.mark.parametrize("device", ["", "NVIDIA GeForce RTX 2060", "Intel(R) Xeon(R) CPU", "80GB"])
def test_a_device_that_is_no_chip_of_the_registry_is_none(device):
    assert chip_of_device(device) is None
