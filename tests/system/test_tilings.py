"""The plans of a step: the very tile and split that its times were found with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.cost.family import Family
from ironlaw.cost.kernel import kernel_cost
from ironlaw.cost.tiling import SPLITS, TILES, Tiling
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario
from ironlaw.system.tilings import plans, tiling_notes

FEW = settings(deadline=None, derandomize=True, max_examples=12)
CHIPS = st.sampled_from(("h100-sxm", "b200-sxm", "a100-80gb-sxm"))
PHASES = st.sampled_from(("prefill", "decode"))
BATCHES = st.sampled_from((1, 7, 32, 300))


def answer(chip="h100-sxm", **ask):
    return diagnose(scenario("llama-3-8b", chip, **ask))


def gemms(found):
    return [x for x in found.launches if x.cost.family is Family.GEMM]


@FEW
@given(CHIPS, PHASES, BATCHES)
def test_the_plan_is_the_choice_that_the_cost_made(chip, phase, batch):
    found = answer(chip, phase=phase, batch=batch, context=512)
    planned = plans(found)
    assert [p.name for p in planned] == [x.cost.kernel.name for x in gemms(found)]
    for launches, entry in zip(gemms(found), planned, strict=True):
        plan = entry.plan
        assert entry.time == launches.time
        forced = replace(found.machine, tiling=plan.tiling)
        assert kernel_cost(launches.cost.kernel, forced).terms == launches.cost.terms
        if plan.tiling is None:
            assert launches.cost.kernel.name == "lm_head" or batch == 1
            continue
        assert plan.waves.count == -(-plan.waves.tiles // found.machine.calibration.reference.n_sm)
        assert 0.0 < plan.waves.last_occupancy <= 1.0


def test_tiles_by_hand():
    # llama-3-8b, 32 tokens: q, k and v are 6144 columns of K = 4096
    found = plans(answer(batch=32, tile="128x64", split_k=4))[0]
    assert found.name == "qkv_proj"
    assert found.plan.tiling == Tiling(rows=128, columns=64, split=4)
    assert found.plan.waves.tiles == 96 * 4
    assert found.plan.waves.count == 3  # 132 SMs
    assert found.plan.waves.last_occupancy == pytest.approx((384 - 264) / 132)


@pytest.mark.parametrize("phase", ["prefill", "decode"])
def test_every_choice_is_slower_than_none(phase):
    free = answer(phase=phase, batch=16, context=256).step
    asked = [{"tile": f"{rows}x{columns}"} for rows, columns in TILES]
    asked += [{"split_k": split} for split in SPLITS]
    times = [answer(phase=phase, batch=16, context=256, **choice).step for choice in asked]
    assert min(times) >= free * (1 - 1e-12)
    assert max(times) > free


def test_a_split_that_does_not_fit_is_said_aloud():
    found = diagnose(scenario("llama-3-70b", "h100-sxm", tp=8, batch=32, split_k=16))
    kept = {p.name: p.plan.tiling.split for p in plans(found)}
    assert kept["o_proj"] == 4  # K is 8192 / 8
    assert kept["qkv_proj"] == 16
    (note, *_) = [note for note in tiling_notes(found) if "o_proj" in note]
    assert note == "split-K 16 leaves o_proj less than 256 of K to a part: split-K 4 is kept there"
    assert not any("qkv_proj" in note for note in tiling_notes(found))


def test_a_roofline_says_that_it_reads_no_tile():
    found = answer("a10g", tile="128x64")
    assert plans(found) == ()
    assert "do not read tile" in tiling_notes(found)[0]
    assert found.step == answer("a10g").step
    assert tiling_notes(answer("a10g")) == ()


@FEW
@given(CHIPS, PHASES, BATCHES, st.sampled_from(("none", "partial", "full")))
def test_a_captured_graph_is_never_slower(chip, phase, batch, fusion):
    asked = {"phase": phase, "batch": batch, "context": 512, "fusion": fusion}
    eager, stream, graph = (
        answer(chip, launch=mode, **asked) for mode in ("eager", "stream", "graph")
    )
    assert graph.step <= stream.step <= eager.step
    assert 0.0 <= graph.overhead_share <= 1.0


def test_overhead_is_latency_and_waiting():
    found = answer(batch=1, context=128, fusion="none")
    latency = sum(x.cost.terms.latency * x.launches for x in found.launches)
    assert found.exposed_dispatch > 0.0
    assert found.overhead_share * found.step == pytest.approx(latency + found.exposed_dispatch)


@pytest.mark.parametrize(
    ("model", "ask", "deaf"),
    [
        ("mixtral-8x7b", {}, ("experts (experts)",)),
        ("deepseek-v3", {"tp": 8}, ("absorb_queries, expand_values (batched GEMM)", "(latent")),
        ("llama-3-8b", {"fusion": "none"}, ("scores, values (batched GEMM)",)),
    ],
)
def test_kernels_that_read_no_tile_are_named(model, ask, deaf):
    asked = scenario(model, "h100-sxm", batch=4, tile="128x64", **ask)
    asked = replace(asked, shared_beside=False)  # each kernel as it is alone
    found = diagnose(asked)
    (note,) = [note for note in tiling_notes(found) if "do not read them" in note]
    for words in deaf:
        assert words in note
    assert "o_proj" not in note
    assert "flash_attention (fused" not in note
    named = [x for x in found.launches if x.cost.kernel.name in note]
    machine = found.machine
    for launches in named:  # the note is true
        other = replace(machine, tiling=Tiling(rows=256, columns=128, split=1))
        assert kernel_cost(launches.cost.kernel, other).terms == launches.cost.terms
    assert tiling_notes(diagnose(replace(asked, tiling=None))) == ()


def test_a_convolution_reads_no_tile_and_a_matrix_does():
    asked = replace(scenario("resnet-50", "h100-sxm", batch=8), tiling=Tiling(rows=128, columns=64))
    (note,) = [note for note in tiling_notes(diagnose(asked)) if "do not read them" in note]
    assert "(convolution)" in note


def test_a_step_of_measured_gemms_has_no_such_note():
    assert not any("do not read" in note for note in tiling_notes(answer(tile="128x64", batch=4)))
