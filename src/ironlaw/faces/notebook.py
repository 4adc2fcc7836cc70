"""Instruments in a notebook: the same anywidget modules that the lab's page runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import anywidget
import traitlets

if TYPE_CHECKING:
    from ironlaw.faces.api import Report

_INSTRUMENTS = Path(__file__).with_name("static") / "instruments"


class RooflineWidget(anywidget.AnyWidget):
    """DynamicRooflineVisualizer for Jupyter, marimo and Colab; a click on a dot selects its layer.

    Attributes:
        picture: The description of the chart, as plain data.
        select: The layer that was clicked last.
    """

    _esm: ClassVar[Path] = _INSTRUMENTS / "roofline.js"
    picture: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    select: traitlets.Unicode[str, str | bytes] = traitlets.Unicode("").tag(sync=True)

    def __init__(self, report: Report, layer: str | None = None) -> None:
        super().__init__(picture=report.roofline(layer).to_dict())
        self._report = report
        self.observe(self._selected, names=["select"])

    def _selected(self, change: dict[str, Any]) -> None:
        self.picture = self._report.roofline(str(change["new"])).to_dict()


class WaterfallWidget(anywidget.AnyWidget):
    """OptimizationWaterfall for Jupyter, marimo and Colab.

    Attributes:
        picture: The description of the chart, as plain data.
    """

    _esm: ClassVar[Path] = _INSTRUMENTS / "optimizations.js"
    picture: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)

    def __init__(self, picture: dict[str, object]) -> None:
        super().__init__(picture=picture)
