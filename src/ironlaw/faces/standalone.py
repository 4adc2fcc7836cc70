"""A page that stands alone, written to a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from ironlaw.base.errors import DomainError


class Page(ABC):
    """Something that is shown as a page of its own."""

    @property
    @abstractmethod
    def html(self) -> str:
        """The page: a whole document."""

    def save(self, path: str | Path) -> Path:
        """Write the page.

        Args:
            path: A path that ends in ".html".

        Returns:
            The path.

        Raises:
            DomainError: if it does not, or cannot be written.
        """
        return save_page(self.html, path)


def save_page(html: str, path: str | Path) -> Path:
    """Write a page.

    Args:
        html: The page.
        path: A path that ends in ".html".

    Returns:
        The path.

    Raises:
        DomainError: if it does not, or cannot be written.
    """
    target = Path(path)
    if target.suffix != ".html":
        raise DomainError("html", str(path), "the file names that end in .html")
    try:
        target.write_text(html, encoding="utf-8")
    except OSError as error:
        allowed = f"the files that can be written: {error.strerror}"
        raise DomainError("html", str(path), allowed) from error
    return target
