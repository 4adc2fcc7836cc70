"""The best set of fusions: held against every set that there is."""

from __future__ import annotations

import contextlib
import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ironlaw.base.errors import DomainError
from ironlaw.cost.kernel import kernel_cost
from ironlaw.cost.machine import Machine
from ironlaw.explore.fusion_prices import Prices, Weights
from ironlaw.explore.fusion_search import (
    Objective,
    best_first,
    best_fusions,
    best_of_batches,
    priced,
)
from ironlaw.registry.chips import load_chip
from ironlaw.registry.relatives import calibration_of
from ironlaw.rewrites.legal import legal_fusions, with_fusions
from ironlaw.system.diagnosis import diagnose, machine_of
from ironlaw.system.energy import step_energy
from ironlaw.system.fusion_set import block_memory, choices, eager_step, step_with
from ironlaw.system.memory import footprint
from ironlaw.system.question import scenario
from ironlaw.workload.graph import Block, GraphError
from ironlaw.workload.kernels import kernels
from random_graphs import graphs

LAW = settings(deadline=None, derandomize=True, max_examples=60)
MOST = 10


def machine(chip="h100-sxm"):
    loaded = load_chip(chip)
    return Machine(chip=loaded, calibration=calibration_of(loaded))


def brute_force(graph, weights):
    """The least objective over every set of legal fusions."""
    best = float("inf")
    fusions = legal_fusions(graph)
    for size in range(len(fusions) + 1):
        for chosen in itertools.combinations(fusions, size):
            try:
                cut = kernels(with_fusions(graph, chosen))
            except GraphError:
                continue
            time = sum(float(kernel_cost(kernel, machine()).terms.total) for kernel in cut)
            best = min(best, weights.of(time, len(cut), 0.0))
    return best


@LAW
@given(graphs(), st.sampled_from((0.0, 1e-6, 1e-5)))
def test_the_optimum_is_that_of_brute_force(graph, dispatch):
    if len(legal_fusions(graph)) > MOST:
        return
    weights = Weights(0.0, 1.0, dispatch)
    prices = [Prices(Block("b", graph, 1), machine(), weights, float("inf"))]
    rest, options = priced(prices, None)
    for value, names in best_first(options, rest, weights):
        chosen = [fusion for fusion in legal_fusions(graph) if fusion.name in names]
        try:
            cut = kernels(with_fusions(graph, chosen))
        except GraphError:
            continue  # kernels that need each other
        assert value == pytest.approx(brute_force(graph, weights), rel=1e-12)
        time = sum(float(kernel_cost(kernel, machine()).terms.total) for kernel in cut)
        assert weights.of(time, len(cut), 0.0) == pytest.approx(value, rel=1e-12)
        break
    else:
        pytest.fail("there is always the set of none")


@LAW
@given(graphs(), graphs(), st.sampled_from((0.0, 1e-6, 1e-5)))
def test_fusions_of_one_name_in_two_blocks_are_one_choice(first, second, dispatch):
    found = [{f.name: f for f in legal_fusions(graph)} for graph in (first, second)]
    every = list(dict.fromkeys([*found[0], *found[1]]))
    if len(every) > MOST:
        return
    weights = Weights(0.0, 1.0, dispatch)
    blocks = [Block("first", first, 3), Block("second", second, 1)]
    prices = [Prices(block, machine(), weights, float("inf")) for block in blocks]
    rest, options = priced(prices, None)

    def value_of(names):
        time, launches = 0.0, 0
        for block, known in zip(blocks, found, strict=True):
            chosen = [known[name] for name in names if name in known]
            cut = kernels(with_fusions(block.graph, chosen))
            times = [float(kernel_cost(kernel, machine()).terms.total) for kernel in cut]
            time, launches = time + sum(times) * block.count, launches + len(cut) * block.count
        return weights.of(time, launches, 0.0)

    least = float("inf")
    for size in range(len(every) + 1):
        for names in itertools.combinations(every, size):
            with contextlib.suppress(GraphError):
                least = min(least, value_of(names))
    for value, names in best_first(options, rest, weights):
        with contextlib.suppress(GraphError):
            assert value_of(names) == pytest.approx(value, rel=1e-12)
            assert value == pytest.approx(least, rel=1e-12)
            break
    else:
        pytest.fail("there is always the set of none")


WINDOWED = [
    ("gpt-oss-120b", {"batch": 2, "context": 1024, "launch": "eager"}),
    ("gemma-3-27b", {"batch": 1, "context": 4096, "launch": "stream"}),
]


@pytest.mark.parametrize(("model", "ask"), WINDOWED)
def test_layers_with_and_without_a_window_are_fused_by_one_set(model, ask):
    # full layers alone want attention in one kernel here, and windowed layers alone do not
    question = scenario(model, "h100-sxm", tp=8, **ask)
    best = best_fusions(question)
    legal = {choice.name for choice in choices(question)}
    for name in sorted(legal):
        other = set(best.fusions) ^ {name}
        with contextlib.suppress(DomainError, GraphError):
            answer = diagnose(replace(question, fusions=tuple(sorted(other))))
            assert best.value <= float(answer.step) * (1.0 + 1e-12), name


@pytest.mark.parametrize("model", ["gpt-oss-120b", "gemma-3-27b"])
def test_what_a_set_is_priced_at_is_its_step(model):
    question = scenario(model, "h100-sxm", tp=8, batch=64, context=8192)
    weights = Weights(0.0, 1.0, 0.0)
    prices = [Prices(b, machine_of(question), weights, math.inf) for b in eager_step(question)]
    rest, options = priced(prices, block_memory(question.chip))
    value, names = next(best_first(options, rest, weights))
    answer = diagnose(replace(question, fusions=tuple(sorted(names))))
    assert float(answer.step) == pytest.approx(value, rel=1e-12)


def asked(**ask):
    return scenario("llama-3-70b", "h100-sxm", tp=8, **{"batch": 32, "context": 4096, **ask})


def every_cut(question, parts):
    """The least step over every subset of some choices, the others as in the optimum."""
    best = best_fusions(question)
    fixed = set(best.fusions) - set(parts)
    least = float("inf")
    for size in range(len(parts) + 1):
        for chosen in itertools.combinations(parts, size):
            try:
                names = tuple(sorted(fixed.union(chosen)))
                least = min(least, float(diagnose(replace(question, fusions=names)).step))
            except (DomainError, GraphError):
                continue
    return least, best


@pytest.mark.parametrize("phase", ["decode", "prefill"])
@pytest.mark.parametrize("launch", ["graph", "stream"])
def test_no_subset_of_a_cluster_of_the_decoder_layer_beats_the_optimum(phase, launch):
    question = asked(phase=phase, batch=4 if phase == "decode" else 1, launch=launch)
    mlp = ["gate_proj+up_proj", "gate_proj+silu", "up_proj+multiply", "silu+multiply"]
    least, best = every_cut(question, mlp)
    assert best.value == pytest.approx(least, rel=1e-12)


def test_the_optimum_is_a_diagnosis_of_its_own_set_and_no_level_beats_it():
    for phase in ("decode", "prefill"):
        best = best_fusions(asked(phase=phase))
        again = diagnose(replace(asked(phase=phase), fusions=best.fusions))
        assert float(again.step) == best.value
        for level in ("none", "partial", "full"):
            at = diagnose(asked(phase=phase, fusion=level, launch="graph"))
            assert best.value <= float(at.step)


def test_mfu_is_best_where_time_is_and_the_batch_is_chosen_with_it():
    batches = (1.0, 16.0, 64.0)
    best = best_of_batches(asked(), batches)
    each = [best_fusions(asked(batch=batch), Objective.MFU).value for batch in batches]
    assert best.value == max(each)


def test_a_memory_limit_shuts_out_the_sets_that_do_not_fit():
    question = asked(phase="prefill", batch=1, context=8192)
    free = best_fusions(question)
    need = float(free.diagnosis.footprint.total)
    assert best_fusions(question, memory=need).fusions == free.fusions
    kept = float(free.diagnosis.footprint.weights + free.diagnosis.footprint.cache)
    with pytest.raises(DomainError, match="memory"):
        best_fusions(question, memory=kept)


def test_energy_is_refused_where_the_file_does_not_name_it():
    with pytest.raises(DomainError, match="the file of tpu-v6e names no energy of a FLOP"):
        best_fusions(scenario("mobilenet-v2", "tpu-v6e"), Objective.ENERGY)
    with pytest.raises(DomainError, match="the file of stm32h743 names no energy of a byte"):
        best_fusions(scenario("mobilenet-v2", "stm32h743"), Objective.ENERGY)


def test_the_set_of_least_energy_is_worth_the_joules_of_its_step():
    best = best_fusions(scenario("mobilenet-v2", "ar-glasses"), Objective.ENERGY)
    assert best.value == float(step_energy(best.diagnosis).total)
    unfused = diagnose(scenario("mobilenet-v2", "ar-glasses", fusion="none"))
    assert best.value < float(step_energy(unfused).total)


def test_energy_is_that_of_gpus_too():
    best = best_fusions(scenario("llama-3-8b", "l4"), Objective.ENERGY)
    unfused = diagnose(scenario("llama-3-8b", "l4", fusion="none"))
    assert best.value < float(step_energy(unfused).total)


def test_choices_say_what_each_saves_and_a_set_of_all_names_works():
    question = asked()
    by_name = {choice.name: choice for choice in choices(question)}
    spared = by_name["attention"]
    without = footprint_and_traffic(question, ())
    with_it = footprint_and_traffic(question, ("attention",))
    assert float(spared.traffic) == pytest.approx(without - with_it)
    assert spared.kernels == 8 * 80
    assert {block.name for block in step_with(question, ["static_cache"])} == {
        block.name for block in eager_step(question)
    }


def footprint_and_traffic(question, names):
    blocks = step_with(question, names)
    cuts = [(block, kernels(block.graph)) for block in blocks]
    assert float(footprint(cuts).total) > 0.0
    return sum(float(kernel.traffic) * block.count for block, cut in cuts for kernel in cut)


def test_bad_sets_are_refused_by_name():
    with pytest.raises(DomainError, match="no_such"):
        diagnose(replace(asked(), fusions=("no_such",)))
    with pytest.raises(DomainError, match="attention"):
        diagnose(replace(asked(phase="prefill"), fusions=("skip_masked",)))


def test_quantise_kernels_stand_in_a_set_of_ones_own_as_they_do_at_a_level():
    question = asked(dtype="fp8")
    free = best_fusions(question)
    names = {launches.cost.kernel.name for launches in free.diagnosis.launches}
    assert any(name.endswith(".quantise") for name in names)
    assert free.value <= float(diagnose(question).step)
