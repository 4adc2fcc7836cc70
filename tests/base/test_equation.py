"""Equations: what is shown is what is computed."""

from __future__ import annotations

import pytest

from ironlaw.base.equation import Constant, Equation, Symbol, Term, evaluate
from ironlaw.base.errors import DomainError

A, B = Symbol("a", "first", 6.0, "B"), Symbol("b", "second", 2.0, "s", "sub")


@pytest.mark.parametrize(
    ("node", "value"),
    [
        (Constant(2.5), 2.5),
        (A, 6.0),
        (Term("sum", (A, B, Constant(1.0))), 9.0),
        (Term("product", (A, B, Constant(0.5))), 6.0),
        (Term("fraction", (A, B)), 3.0),
        (Term("difference", (A, B, Constant(1.0))), 3.0),
        (Term("max", (B, A, Constant(1.0))), 6.0),
        (Term("eq", (A, B)), 2.0),
        (Term("fraction", (Term("sum", (A, B)), Term("product", (B, B)))), 2.0),
    ],
)
def test_expressions_by_hand(node, value):
    assert evaluate(node) == value


def test_a_symbol_without_a_value_is_refused():
    with pytest.raises(DomainError, match="R = None is outside symbols with a value") as error:
        evaluate(Term("sum", (A, Symbol("R", "rate"))))
    assert error.value.field == "R"


def test_an_equation_as_plain_data():
    equation = Equation(
        title="Rate",
        left=Symbol("R", "rate", None, "B/s"),
        right=Term("fraction", (A, B)),
        source="by hand",
    )
    assert equation.to_dict() == {
        "title": "Rate",
        "expression": {
            "op": "eq",
            "args": [
                {"symbol": "R", "sub": None, "value": None, "unit": "B/s", "name": "rate"},
                {
                    "op": "fraction",
                    "args": [
                        {"symbol": "a", "sub": None, "value": 6.0, "unit": "B", "name": "first"},
                        {"symbol": "b", "sub": "sub", "value": 2.0, "unit": "s", "name": "second"},
                    ],
                },
            ],
        },
        "source": "by hand",
        "value": 3.0,
        "unit": "B/s",
    }


def test_a_constant_as_plain_data():
    assert Constant(2.0).to_dict() == {"number": 2.0}
