"""Served time per output token, composed of steps that other tests hold to account."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ironlaw.registry.serving import framework_time, load_backend
from ironlaw.system.capacity import memory_of
from ironlaw.system.diagnosis import diagnose
from ironlaw.system.question import scenario
from ironlaw.system.served import serve, served_interval, served_memory
from ironlaw.system.served_question import serving


def answer(model="llama-3-8b", chip="h100-sxm", **asked):
    return serve(serving(model, chip, **asked))


def test_the_composition_is_worked_by_hand():
    got = answer("llama-3-70b", tp=4, dtype="fp8", kv_dtype="fp8", concurrency=33, isl=512, osl=256)
    formats = {"tp": 4, "dtype": "fp8", "kv_dtype": "fp8"}
    step = diagnose(scenario("llama-3-70b", "h100-sxm", batch=33, context=512 + 128, **formats))
    prompt = diagnose(
        scenario(
            "llama-3-70b", "h100-sxm", phase="prefill", context=512, launch="stream", **formats
        )
    )
    expected = step.step + 32 / 256 * prompt.step + framework_time() * 3.0  # 1 + log2(4)
    assert got.tpot == pytest.approx(expected, rel=1e-12)


def test_the_terms_add_up_and_each_is_there():
    got = answer("llama-3-70b", tp=8, concurrency=16)
    assert sum(got.terms) == got.tpot
    terms = got.terms._asdict()
    assert [name for name, term in terms.items() if term == 0.0] == ["experts"]
    step = sum(got.terms[:6])
    assert step == pytest.approx(float(got.decode.step), rel=1e-12)


def test_the_head_is_the_bf16_gemm_over_the_vocabulary():
    head = answer(dtype="fp8").terms.head
    bytes_of_the_table = 128256 * 4096 * 2
    assert bytes_of_the_table / 3.35e12 < head < 1.5 * bytes_of_the_table / 3.35e12


def test_experts_are_a_term_and_widen_the_interval():
    got = answer("mixtral-8x7b", tp=2, concurrency=8)
    assert got.terms.experts > got.terms.gemm  # most of its parameters
    assert sum(got.terms[:6]) == pytest.approx(float(got.decode.step), rel=1e-12)
    dense = answer("llama-3-8b", concurrency=8)
    widths = [served_interval(a).high / float(a.tpot) for a in (dense, got)]
    assert widths[1] > widths[0]


def test_a_pipeline_has_a_share_of_the_sequences_in_each_stage():
    got = answer("llama-3-70b", tp=2, pp=4, concurrency=30, isl=512, osl=512)
    assert got.decode.scenario.request.batch == 8  # 30 over 4 stages, rounded up
    assert got.terms.interference == pytest.approx(29 / 512 * got.prefill.step / 4, rel=1e-12)
    assert got.terms.framework == pytest.approx(framework_time() * 4.0)  # 8 chips
    whole = answer("llama-3-70b", tp=8, concurrency=30, isl=512, osl=512)
    assert got.tpot > whole.tpot  # the same chips, one after the other


def test_groups_of_chips_read_prompts_of_their_own():
    got = answer("qwen3-30b-a3b", ep=4, concurrency=32)
    assert got.prefill.scenario.request.batch == 4
    assert got.terms.interference == pytest.approx(31 / 1024 * got.prefill.step / 4, rel=1e-12)


@pytest.mark.parametrize(
    ("model", "layout"),
    [
        ("deepseek-v3", {"tp": 8, "ep": 8}),
        ("gemma-3-27b", {"tp": 2}),
        ("gpt-oss-120b", {"tp": 4}),
        ("qwen3-235b-a22b", {"tp": 4, "pp": 2}),
    ],
)
def test_every_family_is_served(model, layout):
    got = answer(model, "h200-sxm", concurrency=16, **layout)
    low, high = served_interval(got)
    assert got.naive < got.tpot
    assert low < got.tpot < high
    assert served_memory(got).largest_batch > 16


def test_a_single_client_is_not_disturbed():
    alone = answer(concurrency=1)
    assert alone.terms.interference == 0.0
    assert alone.terms.collectives == 0.0
    assert alone.tpot == pytest.approx(float(alone.decode.step) + framework_time(), rel=1e-12)


def test_long_outputs_dilute_the_prompts():
    few, many = answer(concurrency=16, osl=128), answer(concurrency=16, osl=4096)
    ratio = few.terms.interference / many.terms.interference
    assert ratio == pytest.approx(32.0, rel=1e-12)


def test_a_framework_that_reads_prompts_first_stalls_half_and_starts_later():
    mixed, first = (answer(backend=name, concurrency=32) for name in ("vllm", "sglang"))
    assert first.terms.interference == pytest.approx(0.5 * mixed.terms.interference, rel=1e-12)
    assert first.ttft > mixed.ttft
    # no work is lost: what a sequence does not wait for while it decodes, it waits for in front
    saved = (mixed.terms.interference - first.terms.interference) * 1024
    assert first.ttft > saved


def test_the_first_token_of_a_lone_client_waits_for_its_prompt_and_half_a_step():
    alone = answer(concurrency=1)
    step = float(alone.decode.step) + framework_time()
    assert alone.ttft == pytest.approx(float(alone.prefill.step) + step / 2.0, rel=1e-12)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("concurrency", [1, 2, 8, 33, 64, 200, 512]),
        ("isl", [128, 512, 1024, 4096, 8192]),
    ],
)
@pytest.mark.parametrize("backend", ["trtllm", "sglang"])
def test_more_to_do_takes_longer(name, values, backend):
    times = [answer(backend=backend, **{"concurrency": 16, name: v}).tpot for v in values]
    assert times == sorted(times)
    assert times[0] < times[-1]


def test_the_step_grows_with_the_output():
    steps = [answer(osl=osl).decode.step for osl in (128, 1024, 8192)]
    assert steps == sorted(steps)
    assert steps[0] < steps[-1]


def test_an_array_is_its_scalars():
    concurrency = np.array([1.0, 4.0, 32.0])
    swept = answer(concurrency=concurrency, isl=2048.0)
    each = [answer(concurrency=b, isl=2048.0) for b in concurrency]
    np.testing.assert_allclose(swept.tpot, [one.tpot for one in each], rtol=1e-12)
    np.testing.assert_allclose(swept.ttft, [one.ttft for one in each], rtol=1e-12)
    np.testing.assert_allclose(
        swept.tokens_per_second, [one.tokens_per_second for one in each], rtol=1e-12
    )


def test_the_datasheet_promises_more():
    got = answer("llama-3-70b", tp=8, concurrency=64, dtype="fp8")
    assert 0.0 < got.naive < got.decode.step < got.tpot
    # the layers in fp8 and the LM head in bf16, once; the embedding is not read whole
    table = 128256 * 8192
    least = (70.55e9 - 2 * table + 2 * table) / 8 / 3.35e12
    assert got.naive > least


def test_the_interval_holds_the_time_and_an_unmeasured_chip_has_a_wider_one():
    known = answer()
    low, high = served_interval(known)
    assert low < known.tpot < high
    unknown = serve(replace(known.serving, calibration=None))
    loose = served_interval(unknown)
    width = (loose.high - loose.low) / unknown.tpot
    assert width > 2.0 * (high - low) / known.tpot


def test_the_memory_fits_at_the_largest_batch_and_not_beyond():
    got = answer("llama-3-70b", tp=8, dtype="fp8", backend="trtllm", isl=8192, osl=1024)
    memory = served_memory(got)
    assert memory.fits
    room = 0.9 * 80e9 - float(got.prefill.footprint.activations)
    for batch, held in ((memory.largest_batch, True), (memory.largest_batch + 1, False)):
        last = replace(got.serving, concurrency=float(batch)).last
        assert (float(memory_of(last, batch).total) <= room) is held
    assert not served_memory(serve(replace(got.serving, concurrency=1e5))).fits


def test_what_does_not_fit_is_an_answer():
    memory = served_memory(answer("llama-3-70b"))
    assert memory == (0, 0, False)


def test_the_framework_takes_longer_on_more_chips():
    times = [answer("llama-3-70b", tp=tp).terms.framework for tp in (1, 2, 4, 8)]
    assert times == pytest.approx([framework_time() * n for n in (1, 2, 3, 4)])


def test_backends_differ_in_what_the_registry_says_and_nothing_else():
    base = serving("llama-3-8b", "h100-sxm", concurrency=8)
    other = replace(base, backend=load_backend("trtllm"))
    assert serve(base).tpot == serve(other).tpot
