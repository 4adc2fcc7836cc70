"""The Python API of measured tables: how wrong the engine is, and what in a table cannot be true."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError, UnknownNameError
from ironlaw.explore.measured.check import check_table
from ironlaw.explore.measured.columns import FAMILIES, is_family
from ironlaw.explore.measured.score import validate_folder
from ironlaw.faces import measured_text
from ironlaw.faces.measured_svg import measured_svg
from ironlaw.faces.svg_parts import write_svg
from ironlaw.instruments.measured_picture import limit_picture, prediction_picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ironlaw.explore.measured.check import Checked
    from ironlaw.explore.measured.columns import Family
    from ironlaw.explore.measured.score import Validation


@dataclass(frozen=True, eq=False)
class ValidationReport:
    """How wrong the engine is on a folder of measured tables.

    Attributes:
        validation: Scores, left out rows and notes.
    """

    validation: Validation

    @property
    def warnings(self) -> tuple[str, ...]:
        """Rows and tables that could not be judged, and answers that rest on other chips."""
        problems = measured_text.problem_lines(self.validation.problems)
        return (*problems, *self.validation.notes)

    @property
    def rows(self) -> int:
        """Rows that were judged."""
        return sum(scored.overall.n for scored in self.validation.families)

    def table(self) -> str:
        """The scores as text, a block for each family."""
        return measured_text.validation_text(self.validation)

    def plot(self, path: str | Path, subtitle: str = "") -> None:
        """Draw predicted against measured times as an SVG, a panel for each table.

        Args:
            path: A path that ends in ".svg".
            subtitle: What was judged, in a line; the number of rows if left out.

        Raises:
            DomainError: if the path cannot be written.
        """
        picture = prediction_picture(self.validation.families)
        write_svg(measured_svg(picture, subtitle or f"{self.rows:,} measured rows"), path)

    def to_dict(self) -> dict[str, object]:
        """The scores by family and by "chip|formats", and over each family under "overall"."""
        families = self.validation.families
        return {
            **{
                scored.family: {cell: score._asdict() for cell, score in scored.cells.items()}
                for scored in families
            },
            "overall": {scored.family: scored.overall._asdict() for scored in families},
        }


@dataclass(frozen=True, eq=False)
class CheckReport:
    """What in a measured table cannot be true.

    Attributes:
        checked: The findings, by line.
    """

    checked: Checked

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.checked.flagged

    @property
    def warnings(self) -> tuple[str, ...]:
        """Rows that could not be checked, and what else a reader should know."""
        return (*measured_text.problem_lines(self.checked.unchecked), *self.checked.notes)

    def text(self, most: int | None = None) -> str:
        """The findings as text, by reason, each with its line and the limit that it breaks.

        Args:
            most: Findings shown of each reason; all if None.
        """
        return measured_text.findings_text(self.checked, most)

    def plot(self, path: str | Path) -> None:
        """Draw measured times against the datasheet roofline as an SVG, the flagged rows in red.

        Args:
            path: A path that ends in ".svg".

        Raises:
            DomainError: if the path cannot be written, or no row has a roofline.
        """
        if not self.checked.points:
            raise DomainError("plot", str(path), "the tables with rows that have a roofline")
        subtitle = measured_text.check_headline(self.checked)
        write_svg(measured_svg(limit_picture(self.checked), subtitle), path)

    def to_dict(self) -> dict[str, object]:
        """The number of rows, what was flagged, and how many of them for each reason."""
        return {
            "rows": self.checked.rows,
            "flagged": [finding._asdict() for finding in self.checked.flagged],
            "groups": self.checked.groups,
        }


def check_data(file: str | Path, family: str | None = None) -> CheckReport:
    """What in a measured table cannot be true: a roofline is a data validator.

    Args:
        file: One of the tables of `docs/measured_tables.md`.
        family: What was measured, "gemm"; recognised by the columns if None.

    Raises:
        TableError: if the file cannot be read, or is none of the tables.
        UnknownNameError: if no table has that name.
    """
    return CheckReport(check_table(file, family_named(family)))


def validate(
    folder: str | Path,
    family: str | None = None,
    progress: Callable[[Family, int, int], None] | None = None,
) -> ValidationReport:
    """How wrong the engine is on measured tables.

    Args:
        folder: Where gemm.csv, attention_prefill.csv, attention_decode.csv, moe.csv, allreduce.csv and e2e.csv lie;
            any of them may be missing. The columns are those of `docs/measured_tables.md`.
        family: Judge this table only, "gemm".
        progress: Called now and then with the family, the rows done and all rows.

    Returns:
        The scores by family, chip and format. Rows that cannot be judged are in its warnings; the rest is judged.

    Raises:
        TableError: if nothing in the folder can be judged.
        UnknownNameError: if no table has that name.
    """
    return ValidationReport(validate_folder(folder, family_named(family), progress))


def family_named(name: str | None) -> Family | None:
    """A family by the name that its user wrote; None stays None.

    Raises:
        UnknownNameError: offering the nearest names.
    """
    if name is None:
        return None
    family = is_family(name)
    if family is None:
        raise UnknownNameError("family", name, FAMILIES)
    return family
