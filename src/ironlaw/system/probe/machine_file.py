"""A measured machine as a TOML file that `--on` reads: every value with its unit, kind, source, place and date."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ironlaw.base.errors import FactError
from ironlaw.system.probe.readings import median

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ironlaw.system.probe.conditions import Conditions
    from ironlaw.system.probe.plateaus import Plateau
    from ironlaw.system.probe.session import Measured, Rate

SOURCE = "this-machine"
"""The source of every fact of a measured machine."""

_NOT_A_PEAK = ("fp64",)  # formats that no workload asks for
_MIB = 2.0**20


def machine_file(found: Measured, under: Conditions, *, title: str, command: str) -> str:
    """The machine file of a session.

    Args:
        found: What was measured.
        under: The conditions.
        title: Full name of the machine.
        command: The command that measured it.

    Raises:
        FactError: if the system does not say how much memory there is.
    """
    if under.memory is None:
        raise FactError("memory.capacity", "the system does not say how much memory there is")
    where = f"{found.workers} worker{'s' if found.workers > 1 else ''}"
    sections = [
        _head(under, title, command),
        _table("peak", _peaks(found, where)),
        *(
            _level(f"level.c{i}", level, where)
            for i, level in enumerate(found.levels[:-1], start=1)
        ),
        _table("memory", _memory(found, under.memory, where)),
        _table("dispatch", _dispatch(found)),
        _table("detail", _detail(found, where)),
    ]
    return "\n".join(sections)


def _head(under: Conditions, title: str, command: str) -> str:
    lines = {
        "title": title,
        "class": "cloud",
        "memory_name": "main memory",
        "note": f"Measured under: {under.text}",
        "kind": "measured",
        "source": SOURCE,
        "date": under.date,
    }
    head = [f"{name} = {_text(value)}" for name, value in lines.items()]
    source = {"title": f"{command}, on {under.processor}", "publisher": "this machine"}
    described = [f"{name} = {_text(value)}" for name, value in source.items()]
    return "\n".join([*head, "", f"[sources.{SOURCE}]", *described, ""])


def _peaks(found: Measured, where: str) -> Iterable[str]:
    for name, rate in found.peaks.items():
        if name not in _NOT_A_PEAK:
            yield _fact(name, rate.value / 1e9, "GFLOP/s", _product(rate, where))


def _product(rate: Rate, where: str) -> str:
    side = rate.task.size
    return f"matmul of {side} × {side} {rate.task.name}, {where}, spread {rate.spread:.1%}"


def _level(name: str, level: Plateau, where: str) -> str:
    span = f"working sets of {level.first / _MIB:g} to {level.last / _MIB:g} MiB"
    held = f"largest working set of this plateau: the level holds as much, perhaps more, {where}"
    rate = f"{span}: bytes fetched by dot, copy and add, the middle one, {where}"
    facts = [
        _fact("capacity", level.last / _MIB, "MiB", held),
        _fact("bandwidth", level.bandwidth / 1e9, "GB/s", rate),
    ]
    return _table(name, [f"name = {_text(f'caches up to {level.last / _MIB:g} MiB')}", *facts])


def _memory(found: Measured, capacity: float, where: str) -> Iterable[str]:
    level = found.levels[-1]
    span = f"working sets of {level.first / _MIB:g} to {level.last / _MIB:g} MiB"
    spread = median([one.spread for one in found.memory(found.workers)])
    said = (
        f"{span}: bytes fetched by dot, copy and add, the middle one, {where}, spread {spread:.1%}"
    )
    yield _fact("bandwidth", level.bandwidth / 1e9, "GB/s", said)
    yield _fact("capacity", capacity / 1e9, "GB", "as the system says")


def _dispatch(found: Measured) -> Iterable[str]:
    call = found.toolkit_call
    said = f"add of one element, spread {call.spread:.1%}"
    yield _fact("eager", call.time * 1e6, "us", said)


def _detail(found: Measured, where: str) -> Iterable[str]:
    call = found.python_call
    yield _fact("workers", float(found.workers), "1", "processes that shared the work")
    yield _fact("python_call", call.time * 1e9, "ns", "an empty function")
    for name, rate in found.peaks.items():
        if name in _NOT_A_PEAK:
            yield _fact(f"{name}_peak", rate.value / 1e9, "GFLOP/s", _product(rate, where))
    for name, rate in found.slow.items():
        said = f"{_product(rate, where)}; a loop of NumPy's, no BLAS: not what the processor could"
        yield _fact(f"{name}_numpy", rate.value / 1e9, "GFLOP/s", said)
    for name, rate in found.rates.items():
        said = f"elements of a cached block of fp32, {where}, spread {rate.spread:.1%}"
        yield _fact(f"{name}_rate", rate.value / 1e9, "GOP/s", said)
    for place, time in found.spread.items():
        said = "a pass with a factor for each row of 4 KiB, less the same with one factor: of one element"
        yield _fact(f"spread_{place}", time * 1e12, "ps", said)
    for count in dict.fromkeys(one.workers for one in found.sweep):
        sets = found.memory(count)
        for name in sets[0].fetched if sets else ():
            value = median([one.fetched[name] for one in sets])
            said = f"main memory, {count} worker{'s' if count > 1 else ''}"
            yield _fact(f"{name}_{count}_workers", value / 1e9, "GB/s", said)
    for count, value in found.scaling.items():
        said = f"the largest product, {count} worker{'s' if count > 1 else ''}"
        yield _fact(f"fp32_{count}_workers", value / 1e9, "GFLOP/s", said)


def _table(name: str, lines: Iterable[str]) -> str:
    return "\n".join([f"[{name}]", *lines, ""])


def _fact(name: str, value: float, unit: str, where: str) -> str:
    shown = float(f"{value:.6g}")
    return f'{name} = {{ value = {shown!r}, unit = "{unit}", where = {_text(where)} }}'


def _text(value: str) -> str:
    """A basic string of TOML, which escapes as JSON does."""
    return json.dumps(value, ensure_ascii=False)
