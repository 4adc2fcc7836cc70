"""What every SVG of this package is made of: its colours, its document, shapes and texts, and the way to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ElementTree, SubElement

from ironlaw.base.errors import DomainError

if TYPE_CHECKING:
    pass

INK, SOFT, LINE, BLUE, RED, PAPER = (
    "#1c2126", "#5d666f", "#e4e1da", "#0b5cad", "#d7263d", "#fbfaf7",
)  # fmt: skip


def document(width: float, height: float, title: str) -> Element:
    """An empty page.

    Args:
        width: Its width in pixels.
        height: Its height.
        title: What a screen reader says first.
    """
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {width:g} {height:g}",
            "width": f"{width:g}",
            "height": f"{height:g}",
            "role": "img",
            "font-family": "system-ui, Segoe UI, Roboto, sans-serif",
        },
    )
    SubElement(root, "title").text = title
    shape(root, "rect", width=width, height=height, fill=PAPER)
    return root


def shape(parent: Element, tag: str, **attributes: float | str) -> Element:
    """A shape with its attributes; numbers are pixels."""
    written = {
        name: value if isinstance(value, str) else f"{value:.1f}"
        for name, value in attributes.items()
    }
    return SubElement(parent, tag, written)


def text(
    parent: Element,
    x: float,
    y: float,
    content: str,
    *,
    size: float = 12.5,
    fill: str = SOFT,
    **attributes: str,
) -> None:
    """A line of text; `weight` and `anchor` are those of the font and of the text."""
    style = {"font-size": f"{size:g}", "fill": fill}
    if "weight" in attributes:
        style["font-weight"] = attributes.pop("weight")
    if "anchor" in attributes:
        style["text-anchor"] = attributes.pop("anchor")
    shape(parent, "text", x=x, y=y, **style, **attributes).text = content


def wrapped(words: str, letters: int) -> list[str]:
    """Words in lines.

    Args:
        words: A text.
        letters: Of a line, at the most.

    Example:
        >>> wrapped("warm skin and hot junction", 14)
        ['warm skin and', 'hot junction']
    """
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) + 1 > letters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def write_svg(root: Element, path: str | Path) -> None:
    """Write a page to a file.

    Args:
        root: The page.
        path: A path that ends in ".svg".

    Raises:
        DomainError: if it does not, or cannot be written.
    """
    target = Path(path)
    if target.suffix != ".svg":
        raise DomainError("plot", str(path), "the file names that end in .svg")
    try:
        ElementTree(root).write(target, encoding="utf-8", xml_declaration=True)
    except OSError as error:
        raise DomainError(
            "plot", str(path), f"the files that can be written: {error.strerror}"
        ) from error
