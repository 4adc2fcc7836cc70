"""The knobs of a workbench: a closed set, each with the values that it can take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ironlaw.lab.messages import Knob


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A picker."""

    id: str
    label: str
    value: str
    options: tuple[tuple[str, str, str | None], ...]  # id, text, group
    group: str | None = None  # the heading that it stands under

    def to_dict(self, value: Knob) -> dict[str, object]:
        """The control as plain data, at a value."""
        options = [{"id": i, "text": text, "group": group} for i, text, group in self.options]
        return {
            "id": self.id, "kind": "choice", "label": self.label, "value": value,
            "options": options, "group": self.group,
        }  # fmt: skip

    def checked(self, value: Knob) -> Knob:
        """The value, if it is one of the options.

        Raises:
            DomainError: naming the knob and the options.
        """
        names = [name for name, _, _ in self.options]
        if value not in names:
            raise DomainError(f"knobs.{self.id}", value, f"the options {', '.join(names)}")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Toggle:
    """A switch."""

    id: str
    label: str
    value: bool
    group: str | None = None

    def to_dict(self, value: Knob) -> dict[str, object]:
        """The control as plain data, at a value."""
        return {
            "id": self.id, "kind": "toggle", "label": self.label, "value": value,
            "group": self.group,
        }  # fmt: skip

    def checked(self, value: Knob) -> Knob:
        """The value, if it is true or false.

        Raises:
            DomainError: naming the knob.
        """
        if not isinstance(value, bool):
            raise DomainError(f"knobs.{self.id}", value, "true or false")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Slider:
    """A slider over stops."""

    id: str
    label: str
    value: float
    stops: tuple[float, ...]
    shown: tuple[str, ...]
    symbol: tuple[str, str] | None = None
    group: str | None = None

    def to_dict(self, value: Knob) -> dict[str, object]:
        """The control as plain data, at a value."""
        return {
            "id": self.id, "kind": "stops", "label": self.label, "symbol": self.symbol,
            "value": value, "stops": self.stops, "shown": self.shown,
            "group": self.group,
        }  # fmt: skip

    def checked(self, value: Knob) -> Knob:
        """The value, if it is one of the stops.

        Raises:
            DomainError: naming the knob and the stops.
        """
        if isinstance(value, (bool, str)) or float(value) not in self.stops:
            stops = ", ".join(f"{stop:g}" for stop in self.stops)
            raise DomainError(f"knobs.{self.id}", value, f"the stops {stops}")
        return float(value)


Control = Choice | Toggle | Slider


def start_values(controls: tuple[Control, ...]) -> dict[str, Knob]:
    """Where the knobs stand at first."""
    return {control.id: control.value for control in controls}


def in_words(controls: tuple[Control, ...], knobs: Mapping[str, Knob]) -> str:
    """Where the knobs stand, in a line.

    Args:
        controls: What can be turned.
        knobs: Where they stand.
    """
    return " · ".join(_in_words(control, knobs[control.id]) for control in controls)


def _in_words(control: Control, value: Knob) -> str:
    if isinstance(value, bool):
        return f"{control.label} {'on' if value else 'off'}"
    if isinstance(value, str):
        return f"{control.label} {value}"
    return f"{control.label} {value:,g}"


def shown_value(control: Control, value: Knob) -> str:
    """A value as its control shows it.

    Args:
        control: The control.
        value: One of those that it can take.
    """
    if isinstance(control, Slider):
        return control.shown[control.stops.index(float(value))]
    if isinstance(control, Choice):
        return next(text for name, text, _ in control.options if name == value)
    return "on" if value else "off"


def turned(
    controls: tuple[Control, ...], knobs: Mapping[str, Knob], change: Mapping[str, Knob]
) -> dict[str, Knob]:
    """The knobs after some of them were turned.

    Args:
        controls: What can be turned.
        knobs: Where they stand.
        change: New values by knob.

    Raises:
        DomainError: for a knob that does not exist or a value that it cannot take.
    """
    by_name = {control.id: control for control in controls}
    values = dict(knobs)
    for name, value in change.items():
        if name not in by_name:
            raise DomainError("knobs", name, f"the knobs {', '.join(by_name)}")
        values[name] = by_name[name].checked(value)
    return values
