"""What a chip's file may say: every fact with its unit, read with errors that name field, value and what is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ironlaw.base.errors import FactError
from ironlaw.registry.dtypes import Dtype

if TYPE_CHECKING:
    from ironlaw.registry.facts import FactSheet

_LEVEL = {"capacity": "B", "bandwidth": "B/s", "line_size": "B", "latency": "s", "energy": "J/B"}
THERMAL = {
    "junction_to_skin": "K/W",
    "skin_to_ambient": "K/W",
    "junction_capacity": "J/K",
    "skin_capacity": "J/K",
    "skin_limit": "K",
    "leakage": "W",
    "leakage_growth": "1/K",
    "leakage_temperature": "K",
    "hysteresis": "K",
}
"""The facts of the group `thermal`, each with its unit."""
# group -> unit by fact; "*" stands for a name of the file's choosing, "DTYPE" for a number format
_GROUPS: dict[str, dict[str, str]] = {
    "peak": {"DTYPE": "FLOP/s"},
    "sparse_peak": {"DTYPE": "FLOP/s"},
    "engine.*": {"DTYPE": "FLOP/s"},
    "level.*": _LEVEL,
    "storage.*": _LEVEL,
    "memory": {**_LEVEL, "direct_bandwidth": "B/s"},
    "array": {"operand_reuse": "1"},
    "sm": {"count": "1", "clock": "Hz", "compute_capability": "1"},
    "dispatch": {"eager": "s", "stream": "s", "graph": "s", "call": "s"},
    "link": {"bandwidth": "B/s"},
    "node": {"size": "1"},
    "power": {"tdp": "W", "idle": "W"},
    "energy": {"DTYPE": "J/FLOP"},
    "price": {"on_demand": "USD/s"},
    "thermal": THERMAL,
    "operating_point.*": {"rate": "Hz"},
}
_FREE = ("detail",)  # groups whose facts are shown with their source and read by name
_TEXTS = (
    "title", "short_title", "class", "architecture", "memory_name", "link_name", "aliases",
    "measured_name", "note",
)  # fmt: skip
_NAMED = ("level", "storage")  # groups whose members have a `name`


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryLevel:
    """One level of a memory hierarchy.

    Attributes:
        id: Its name in the file, "l2".
        name: Its name in words, "L2".
        capacity: Size; of one core where each has its own, which the fact then says [B].
        bandwidth: Read bandwidth of the whole chip; None where none is public [B/s].
        line_size: Bytes that one access moves; None where none is public [B].
        latency: Time of a read that finds its line here; None where none is recorded [s].
        energy: Energy of a read; None where none is recorded [J/B].
    """

    id: str
    name: str
    capacity: float
    bandwidth: float | None = None
    line_size: float | None = None
    latency: float | None = None
    energy: float | None = None


def check_facts(sheet: FactSheet) -> None:
    """Refuse what a chip's file cannot say: an unknown fact or text, a unit of something else, a value not above zero.

    Args:
        sheet: The sheet of a chip.

    Raises:
        FactError: naming the fact, its value and what is allowed.
    """
    for path in sheet.facts:
        group, _, name = path.rpartition(".")
        if group.split(".")[0] in _FREE:
            continue
        positive(sheet, path, _unit_of(sheet, group, name))
    for path in sheet.texts:
        group, _, name = path.rpartition(".")
        named = name == "name" and group.split(".")[0] in _NAMED
        if path not in _TEXTS and not named:
            raise FactError(
                f"{sheet.name}.{path}", f"is not a text of a chip; known: {', '.join(_TEXTS)}"
            )


def _unit_of(sheet: FactSheet, group: str, name: str) -> str:
    first, dot, _ = group.partition(".")
    known = _GROUPS.get(f"{first}.*" if dot else group)
    if known is None:
        names = ", ".join(dict.fromkeys((*_GROUPS, *_FREE)))
        raise FactError(f"{sheet.name}.{group}.{name}", f"is not a fact of a chip; groups: {names}")
    if "DTYPE" in known:
        dtype_of(sheet, group, name)
        return known["DTYPE"]
    if name not in known:
        raise FactError(
            f"{sheet.name}.{group}.{name}",
            f"is not a fact of a chip; {group} knows {', '.join(known)}",
        )
    return known[name]


def dtype_of(sheet: FactSheet, group: str, name: str) -> Dtype:
    """The number format that a fact is about.

    Raises:
        FactError: listing the formats.
    """
    for dtype in Dtype:
        if dtype.value == name:
            return dtype
    formats = ", ".join(dtype.value for dtype in Dtype)
    raise FactError(
        f"{sheet.name}.{group}.{name}", f"is not a known number format; known: {formats}"
    )


def positive(sheet: FactSheet, path: str, unit: str) -> float:
    """The value of a fact that has to be there, in a unit and above zero.

    Raises:
        FactError: if it is missing, of another unit, or not above zero.
    """
    if path not in sheet.facts:
        allowed = "a number" if unit == "1" else f"a quantity in {unit}"
        raise FactError(f"{sheet.name}.{path}", f"the fact is missing: {allowed} above zero")
    fact = sheet.facts[path]
    if fact.unit != unit:
        wanted = "a plain number" if unit == "1" else f"a quantity in {unit}"
        raise FactError(f"{sheet.name}.{path}", f"{fact.written} is not {wanted}")
    if fact.value <= 0.0:
        raise FactError(f"{sheet.name}.{path}", f"{fact.written} is not above zero")
    return fact.value


def count(sheet: FactSheet, path: str) -> int | None:
    """A whole number above zero, or None where the sheet has none.

    Raises:
        FactError: if it is not whole.
    """
    if path not in sheet.facts:
        return None
    value = positive(sheet, path, "1")
    if value != int(value):
        raise FactError(f"{sheet.name}.{path}", f"{value:g} is not a whole number")
    return int(value)


def by_dtype(sheet: FactSheet, group: str) -> dict[Dtype, float]:
    """The facts of a group by number format."""
    return {
        dtype_of(sheet, group, name): sheet.number(f"{group}.{name}")
        for name in sheet.children(group)
    }


def one_of(sheet: FactSheet, field: str, allowed: tuple[str, ...]) -> str:
    """A text that has to be one of a few.

    Raises:
        FactError: naming the text and what is allowed.
    """
    choices = f"one of {', '.join(allowed)}"
    if field not in sheet.texts:
        raise FactError(f"{sheet.name}.{field}", f"the text is missing: {choices}")
    if sheet.texts[field] not in allowed:
        raise FactError(f"{sheet.name}.{field}", f"{sheet.texts[field]!r} is not {choices}")
    return sheet.texts[field]


def text_of(sheet: FactSheet, field: str) -> str:
    """A text that has to be there.

    Raises:
        FactError: if it is missing or empty.
    """
    if not sheet.texts.get(field, "").strip():
        raise FactError(f"{sheet.name}.{field}", "the text is missing")
    return sheet.texts[field]


def listed(sheet: FactSheet, field: str) -> tuple[str, ...]:
    """The names in a text of names with commas between."""
    names = (name.strip() for name in sheet.texts.get(field, "").split(","))
    return tuple(name for name in names if name)


def levels_of(sheet: FactSheet) -> tuple[MemoryLevel, ...]:
    """The memory hierarchy: the levels of the file in its order, then the main memory.

    Raises:
        FactError: if a level lacks its size.
    """
    return (*_named_levels(sheet, "level"), _main_memory(sheet))


def storage_of(sheet: FactSheet) -> tuple[MemoryLevel, ...]:
    """Memories beside the hierarchy that keep constants: flash next to a main memory of RAM."""
    return _named_levels(sheet, "storage")


def _named_levels(sheet: FactSheet, group: str) -> tuple[MemoryLevel, ...]:
    found: list[MemoryLevel] = []
    named = [path.split(".")[1] for path in sheet.texts if path.startswith(f"{group}.")]
    for name in dict.fromkeys((*sheet.children(group), *named)):
        base = f"{group}.{name}"
        found.append(
            MemoryLevel(
                id=name,
                name=sheet.texts.get(f"{base}.name", name),
                capacity=positive(sheet, f"{base}.capacity", "B"),
                bandwidth=sheet.optional(f"{base}.bandwidth"),
                line_size=sheet.optional(f"{base}.line_size"),
                latency=sheet.optional(f"{base}.latency"),
                energy=sheet.optional(f"{base}.energy"),
            )
        )
    return tuple(found)


def _main_memory(sheet: FactSheet) -> MemoryLevel:
    bandwidth = positive(sheet, "memory.bandwidth", "B/s")
    direct = sheet.optional("memory.direct_bandwidth")
    return MemoryLevel(
        id="memory",
        name=text_of(sheet, "memory_name"),
        capacity=positive(sheet, "memory.capacity", "B"),
        bandwidth=bandwidth if direct is None else direct,
        line_size=sheet.optional("memory.line_size"),
        latency=sheet.optional("memory.latency"),
        energy=sheet.optional("memory.energy"),
    )
