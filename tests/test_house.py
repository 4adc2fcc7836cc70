"""The rules of the style page that no linter checks."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 40
MAX_PARAMETERS = 7

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(pattern: str, *folders: str) -> list[Path]:
    """Files written by hand: no bundle, no installed package, no test data."""
    skipped = {"node_modules", "static", "fixtures", "__pycache__"}
    found = (path for folder in folders for path in (ROOT / folder).rglob(pattern))
    return sorted(path for path in found if skipped.isdisjoint(path.relative_to(ROOT).parts))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


PYTHON = sources("*.py", "src", "tests", "tools", "benchmarks")
ENGINE = sources("*.py", "src")
TYPESCRIPT = sources("*.ts", "web")
COST = sources("*.py", "src/ironlaw/cost")


def functions(path: Path) -> list[Function]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def is_command(function: Function) -> bool:
    """Whether a function is a command of the command line: its options are declared in its signature."""
    return any(".command(" in ast.unparse(decorator) for decorator in function.decorator_list)


def lines_without_docstring(function: Function) -> int:
    total = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is None:
        return total
    docstring = function.body[0]
    return total - (docstring.end_lineno - docstring.lineno + 1)


def parameters(function: Function) -> list[str]:
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return [arg.arg for arg in every if arg.arg not in {"self", "cls"}]


def test_there_is_something_to_check():
    assert ENGINE


@pytest.mark.parametrize("path", [*PYTHON, *TYPESCRIPT], ids=name)
def test_a_file_is_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_FILE_LINES


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_functions_are_short(path):
    long = {
        f"{function.name}, line {function.lineno}": lines_without_docstring(function)
        for function in functions(path)
        if not is_command(function)
    }
    assert {where: lines for where, lines in long.items() if lines > MAX_FUNCTION_LINES} == {}


@pytest.mark.parametrize("path", ENGINE, ids=name)
def test_functions_take_few_parameters(path):
    taken = {f.name: len(parameters(f)) for f in functions(path) if not is_command(f)}
    assert {which: count for which, count in taken.items() if count > MAX_PARAMETERS} == {}


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_no_error_is_swallowed(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    caught = [node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler)]
    broad = [node.lineno for node in caught if catches_everything(node)]
    assert broad == [], "catch the errors that are expected, by name"


def catches_everything(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(ast.unparse(kind) in {"Exception", "BaseException"} for kind in kinds)


EXACT = {
    "isfinite",
    "isnan",
    "isinf",
    "inf",
    "nan",
    "ceil",
    "floor",
    "sqrt",
    "prod",
    "frexp",
    "ldexp",
}
EXACT |= {"factorial", "pi", "gcd", "lcm", "copysign", "nextafter", "isclose"}
BELOW_FACES = [path for path in ENGINE if "faces" not in path.parts]


@pytest.mark.parametrize("path", BELOW_FACES, ids=name)
def test_arithmetic_is_the_same_everywhere(path):
    """CPython 3.11, later ones, Pyodide and NumPy add up and raise to powers differently in the last bit."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [f"line {node.lineno}: {wrong}" for node in ast.walk(tree) for wrong in inexact(node)]
    assert found == []


def inexact(node: ast.AST) -> list[str]:
    """What a node of the syntax tree does that is rounded differently elsewhere, and what to write instead."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return [f"{node.func.id}: use {INSTEAD[node.func.id]}"] if node.func.id in INSTEAD else []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        literal = isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant)
        return [] if literal else ["**: write the product, or base.power.power"]
    if isinstance(node, ast.ImportFrom) and node.module == "math":
        names = {alias.name for alias in node.names}
    elif (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "math"
    ):
        names = {node.attr}
    else:
        return []
    return [f"math.{one}: use base.power" for one in sorted(names - EXACT)]


INSTEAD = {"sum": "base.number.summed", "pow": "base.power.power"}


@pytest.mark.parametrize(
    "code",
    ["sum(x)", "pow(2.0, x)", "x**2", "math.exp(x)", "from math import log10", "math.log2(x)"],
)
def test_inexact_arithmetic_is_seen(code):
    assert [wrong for node in ast.walk(ast.parse(code)) for wrong in inexact(node)]


def nomenclature() -> set[str]:
    """The names in backticks in the first column of the tables of docs/nomenclature.md."""
    text = (ROOT / "docs/nomenclature.md").read_text(encoding="utf-8")
    first_cells = re.findall(r"^\|([^|]*)\|", text, flags=re.MULTILINE)
    return {found for cell in first_cells for found in re.findall(r"`(\w+)`", cell)}


def public_formulas(path: Path) -> list[Function]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [n for n in tree.body if isinstance(n, Function) and not n.name.startswith("_")]


@pytest.mark.parametrize("path", COST, ids=name)
def test_parameters_of_formulas_are_in_the_nomenclature(path):
    used = {parameter for formula in public_formulas(path) for parameter in parameters(formula)}
    assert sorted(used - nomenclature()) == [], "add a row to docs/nomenclature.md"


def test_nomenclature_has_no_name_twice():
    text = (ROOT / "docs/nomenclature.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\|([^|]*)\|", text, flags=re.MULTILINE)
    names = [found for cell in cells for found in re.findall(r"`(\w+)`", cell)]
    assert sorted({one for one in names if names.count(one) > 1}) == []
