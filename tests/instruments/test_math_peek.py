"""Math Peek: what is shown evaluates to what the engine used."""

from __future__ import annotations

import pytest

from ironlaw.base.equation import Equation, Symbol, Term, evaluate
from ironlaw.instruments import math_peek as peek
from ironlaw.system.cache_traffic import cache_traffic
from ironlaw.system.table import kernel_rows, step_terms


def value(equation: Equation) -> float:
    return evaluate(equation.right)


def test_the_step(step):
    equation = peek.step_equation(step_terms(kernel_rows(step)))
    assert value(equation) == pytest.approx(float(step.step), rel=1e-12)


def test_intensity_of_a_layer(step):
    rows = tuple(row for row in kernel_rows(step) if row.layer == "qkv")
    expected = sum(row.flops for row in rows) / sum(row.traffic for row in rows)
    assert value(peek.layer_equation(rows)) == pytest.approx(expected, rel=1e-12)


def test_the_ridge(step):
    expected = step.peak / step.scenario.chip.bandwidth
    assert value(peek.ridge_equation(step)) == pytest.approx(expected, rel=1e-12)


def test_utilisations(step):
    assert value(peek.mfu_equation(step)) == pytest.approx(float(step.mfu), rel=1e-12)
    raw, useful = (peek.mbu_equation(step, useful=which) for which in (False, True))
    assert value(raw) == pytest.approx(float(step.mbu_raw), rel=1e-12)
    assert value(useful) == pytest.approx(float(step.mbu_useful), rel=1e-12)
    assert (raw.title, useful.title) == ("MBU, raw", "MBU, useful")


def test_the_cache(step):
    share = peek.cache_share_equation(step)
    assert value(share) == pytest.approx(float(step.cache_share), rel=1e-12)
    cache = cache_traffic(step)
    equation = peek.amplification_equation(cache.moved, cache.once)
    assert value(equation) == pytest.approx(cache.amplification, rel=1e-12)


def symbols(node):
    if isinstance(node, Symbol):
        yield node
    elif isinstance(node, Term):
        for arg in node.args:
            yield from symbols(arg)


def test_every_symbol_has_a_name_a_value_and_every_equation_a_source(crisis):
    rows = kernel_rows(crisis)
    equations = [
        peek.step_equation(step_terms(rows)),
        peek.layer_equation(rows),
        peek.ridge_equation(crisis),
        peek.mfu_equation(crisis),
        peek.mbu_equation(crisis, useful=True),
        peek.cache_share_equation(crisis),
        peek.amplification_equation(2.0, 1.0),
    ]
    for equation in equations:
        assert equation.source
        for symbol in symbols(equation.right):
            assert symbol.name, equation.title
            assert symbol.value is not None, equation.title
