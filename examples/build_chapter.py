"""Build a chapter: markdown whose cells ask the engine and whose fields show what it says.

    python examples/build_chapter.py chapter.html

A cell is a fence that opens with ```` ```{python} ````; if it ends in an expression, what that shows in a notebook
stands on the page. A field is `` `{python} expression` ``. A digit typed into the prose, or a number into a field, is
refused.
"""

from __future__ import annotations

import argparse
import ast
import re
from html import escape
from pathlib import Path

from ironlaw.book import constants, formatting, formulas, hardware

HERE = Path(__file__).resolve().parent
CELL = re.compile(r"^```\{python\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIELD = re.compile(r"`\{python\} ([^`]+)`")
STYLE = """
body { margin: 0; background: #faf8f4; color: #1b2025; font: 17px/1.6 Georgia, "DejaVu Serif", serif; }
main > * { max-width: 44rem; margin-left: auto; margin-right: auto; padding: 0 18px; }
main > .figure { max-width: 1180px; padding: 0; }
h1 { margin-top: 56px; font-size: 2rem; line-height: 1.2; text-wrap: balance; }
h2 { margin-top: 48px; font-size: 1.3rem; }
.table { overflow-x: auto; }
.table > table { width: 100%; border-collapse: collapse; font: 15px/1.4 system-ui, "DejaVu Sans", sans-serif; }
.table > table :is(th, td) { padding: 8px 14px 8px 0; border-bottom: 1px solid #e4e0d7; text-align: left; }
.table th, .table td { white-space: nowrap; }
@media (prefers-color-scheme: dark) {
  body { background: #111518; color: #e9e6e0; }
  .table > table :is(th, td) { border-color: #2b3238; }
}
"""


def typed_numbers(source: str) -> list[str]:
    """Lines of the prose that hold a digit, and fields that hold a number."""
    prose = FIELD.sub("", CELL.sub("", source))
    digits = [line for line in prose.splitlines() if re.search(r"\d", line)]
    return digits + [field for field in FIELD.findall(source) if _holds_number(field)]


def _holds_number(field: str) -> bool:
    values = (
        n.value for n in ast.walk(ast.parse(field, mode="eval")) if isinstance(n, ast.Constant)
    )
    return any(re.search(r"\d", str(value)) for value in values)


def run_cell(code: str, names: dict[str, object]) -> str:
    """Run a cell; what its last expression shows, as HTML."""
    tree = ast.parse(code)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - the author's own page
    if not isinstance(last, ast.Expr):
        return ""
    shown = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307
    return f'<div class="figure">{shown._repr_html_()}</div>'


def paragraph(block: str, names: dict[str, object]) -> str:
    """A heading, a table or a paragraph as HTML, its fields computed."""
    text = escape(FIELD.sub(lambda field: str(eval(field[1], names)), block))  # noqa: S307
    text = re.sub(r"\*(\w[^*]*)\*", r"<em>\1</em>", text)
    heading = re.fullmatch(r"(#+) (.*)", text)
    if heading is not None:
        level = len(heading[1])
        return f"<h{level}>{heading[2]}</h{level}>"
    if not text.startswith("|"):
        return f"<p>{text}</p>"
    head, _, *rows = ([cell.strip() for cell in row[1:-1].split("|")] for row in text.splitlines())
    written = [_row("th", head), *(_row("td", row) for row in rows)]
    return f'<div class="table" tabindex="0"><table>{"".join(written)}</table></div>'


def _row(tag: str, cells: list[str]) -> str:
    return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in cells)}</tr>"


def build(source: str, here: Path = HERE) -> str:
    """The page of a chapter.

    Args:
        source: Its markdown.
        here: The folder that its cells find files in.

    Raises:
        ValueError: if a number is typed into it.
    """
    typed = typed_numbers(source)
    if typed:
        raise ValueError(f"typed numbers: {typed}")
    names: dict[str, object] = {"here": here, "constants": constants, "formatting": formatting}
    names |= {"formulas": formulas, "hardware": hardware}
    body: list[str] = []
    for place, part in enumerate(CELL.split(source)):
        if place % 2:
            body.append(run_cell(part, names))
        else:
            body += [paragraph(block, names) for block in part.strip().split("\n\n") if block]
    title = escape(source.splitlines()[0].lstrip("# "))
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    head = f'<meta charset="utf-8">{view}<title>{title}</title><style>{STYLE}</style>'
    page = "\n".join(filter(None, body))
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body><main>\n{page}\n</main></body></html>\n'


def main() -> None:
    """Write the page to the path that is named, chapter.html otherwise."""
    parser = argparse.ArgumentParser(description="Write the chapter, every number of it computed.")
    parser.add_argument("target", nargs="?", type=Path, default=Path("chapter.html"))
    target = parser.parse_args().target
    chapter = (HERE / "chapter.md").read_text(encoding="utf-8")
    target.write_text(build(chapter), encoding="utf-8")
    print(f"{target} written")


if __name__ == "__main__":
    main()
