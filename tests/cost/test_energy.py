"""The energy of a kernel: by hand, by its limits, and as a sweep."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.cost.energy import (
    EnergyTerms,
    flop_energy,
    kernel_energy,
    lacking,
    operand_traffic,
    pointwise_energy,
)
from ironlaw.cost.machine import Machine
from ironlaw.registry.chips import load_chip
from ironlaw.registry.dtypes import Dtype
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario
from ironlaw.workload.builder import Builder
from ironlaw.workload.graph import GemmShape, OpKind, Role
from ironlaw.workload.kernels import kernels

GLASSES = load_chip("ar-glasses")


def a_kernel(m=8.0, n=16.0, k=32.0, dtype=Dtype.FP16):
    """A GEMM [m, k] × [n, k] and the kernel of an activation behind it."""
    make = Builder()
    make.tensor("x", m * k * 2.0)
    make.tensor("w", n * k * 2.0, Role.WEIGHT)
    make.tensor("y", m * n * 2.0)
    make.tensor("z", m * n * 2.0)
    sizes = {"x": m * k * 2.0, "w": n * k * 2.0}
    shape = GemmShape(m, n, k, dtype)
    make.operator("gemm", OpKind.GEMM, "l", sizes, {"y": m * n * 2.0}, 2.0 * m * n * k, shape)
    make.operator("relu", OpKind.POINTWISE, "l", {"y": m * n * 2.0}, {"z": m * n * 2.0}, m * n)
    return kernels(make.graph(("z",)))


def energy(kernel, chip=GLASSES, dtype=None):
    return kernel_energy(kernel, Machine(chip=chip, calibration=None), dtype)


def test_a_gemm_by_hand():
    gemm, relu = a_kernel()
    terms = energy(gemm)
    moved = 2.0 * (8 * 32 + 16 * 32 + 8 * 16)
    passing = 2.0 * (8 * 32 + 8 * 16) + 8 * 16 * 32 * 2 * 2.0 / 8.0
    assert terms.compute == pytest.approx(2 * 8 * 16 * 32 * 1e-12)
    assert terms.levels == pytest.approx((passing * 1.75e-12, moved * 40e-12))
    assert terms.static == 0.0
    assert terms.total == pytest.approx(terms.compute + sum(terms.levels))
    assert energy(relu).compute == pytest.approx(8 * 16 * 0.64e-12)
    assert energy(relu, dtype=Dtype.INT8).compute == pytest.approx(8 * 16 * 0.2e-12 * 0.14)


def test_a_gpu_reads_operands_from_registers_and_each_cache_passes_the_border_once():
    chip = load_chip("h100-sxm")
    gemm, relu = a_kernel(dtype=Dtype.BF16)
    for kernel in (gemm, relu):
        expected = [level.energy * kernel.traffic for level in chip.levels]
        assert energy(kernel, chip).levels == pytest.approx(expected)
    assert energy(gemm, chip).compute == pytest.approx(gemm.flops * chip.flop_energy[Dtype.BF16])
    assert energy(relu, chip).compute == pytest.approx(relu.flops * chip.flop_energy[Dtype.FP32])


def test_a_sweep_is_its_scalars():
    asked = scenario("llama-3-8b", "h100-sxm", batch=np.array([1.0, 8.0, 64.0]))
    machine = Machine(chip=asked.chip, calibration=None)
    swept = [kernel_energy(x.cost.kernel, machine).total for x in diagnose(asked).launches]
    for place, batch in enumerate((1, 8, 64)):
        alone = diagnose(scenario("llama-3-8b", "h100-sxm", batch=batch)).launches
        for found, one in zip(swept, alone, strict=True):
            expected = kernel_energy(one.cost.kernel, machine).total
            assert np.broadcast_to(found, (3,))[place] == pytest.approx(expected, rel=1e-12)


@given(factor=st.floats(0.01, 100.0))
@settings(deadline=None, derandomize=True, max_examples=30)
def test_energies_scale_with_the_unit_of_energy(factor):
    scaled = replace(
        GLASSES,
        flop_energy={d: e * factor for d, e in GLASSES.flop_energy.items()},
        levels=tuple(replace(v, energy=v.energy * factor) for v in GLASSES.levels),
    )
    for kernel in a_kernel():
        assert energy(kernel, scaled).total == pytest.approx(factor * energy(kernel).total)


def test_more_reuse_leaves_the_activations_alone():
    gemm, _ = a_kernel()
    endless = replace(GLASSES, operand_reuse=1e12)
    assert energy(gemm, endless).levels[0] == pytest.approx(2.0 * (8 * 32 + 8 * 16) * 1.75e-12)


def test_operands_of_a_multiply_add():
    assert operand_traffic(2.0, 2.0, 8.0) == 0.5  # a quarter of an operand of two bytes
    assert operand_traffic(np.array([2.0, 4.0]), 1.0, 1.0).tolist() == [2.0, 4.0]
    with pytest.raises(DomainError, match=r"operand_reuse = 0\.0"):
        operand_traffic(2.0, 2.0, 0.0)
    with pytest.raises(DomainError, match=r"element = -1\.0"):
        operand_traffic(2.0, -1.0, 8.0)


def test_pointwise_work_is_priced_by_the_unit_that_does_it():
    assert pointwise_energy(GLASSES, Dtype.FP16) == pytest.approx(0.64e-12)
    gpu = load_chip("a100-80gb-sxm")
    assert pointwise_energy(gpu, Dtype.BF16) == flop_energy(gpu, Dtype.FP32)


def test_what_is_missing_is_named():
    assert lacking(GLASSES) is None
    bare = replace(GLASSES, flop_energy={}, idle_power=None)
    assert lacking(bare) == "the file of ar-glasses names no energy of a FLOP, no idle power"
    with pytest.raises(
        DomainError, match=r"fp32.*formats whose energy ar-glasses names: fp16, int8"
    ):
        flop_energy(GLASSES, Dtype.FP32)


def test_terms_add_up():
    terms = EnergyTerms(1.0, (2.0, 3.0), 4.0)
    assert (terms.memory, terms.total) == (5.0, 10.0)
