"""Under what conditions a measurement was taken: versions, processor, load, governor."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_BUSY = 0.2  # of a core: from this load on other processes run beside the measurement
_GOVERNOR = Path("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
_CPUINFO = Path("/proc/cpuinfo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a reading was taken under.

    Attributes:
        date: The day, YYYY-MM-DD.
        processor: Its name, as the system gives it.
        cores: Cores that may be used.
        system: Operating system and its version.
        python: Version of Python.
        governor: What sets the clock; None where it cannot be read.
        load: Processes that ran or waited in the minute before; None where the system counts none.
        memory: Main memory; None where it cannot be read [B].
        toolkit: Versions of what ran the passes.
    """

    date: str
    processor: str
    cores: int
    system: str
    python: str
    governor: str | None
    load: float | None
    memory: float | None
    toolkit: dict[str, str]

    @property
    def is_busy(self) -> bool:
        """Whether other processes ran in the minute before."""
        return self.load is not None and self.load > _BUSY

    @property
    def text(self) -> str:
        """All of it in a line."""
        load = "not known" if self.load is None else f"{self.load:.2f}"
        tools = ", ".join(f"{name} {version}" for name, version in self.toolkit.items())
        return (
            f"{self.processor}, {self.cores} cores, {self.system}, Python {self.python}, {tools}; "
            f"governor {self.governor or 'not readable'}; load before {load}"
        )


def conditions(cores: int, toolkit: dict[str, str]) -> Conditions:
    """The conditions now.

    Args:
        cores: Cores that may be used.
        toolkit: Versions of what runs the passes.
    """
    gpu = toolkit.get("gpu_memory")
    return Conditions(
        date=datetime.now(UTC).date().isoformat(),
        processor=toolkit.get("gpu", processor_name()),
        cores=cores,
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        governor=_line(_GOVERNOR),
        load=os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        memory=memory_size() if gpu is None else float(gpu),
        toolkit=toolkit,
    )


def processor_name(cpuinfo: Path = _CPUINFO) -> str:
    """The processor as the system names it; its architecture where it does not.

    Args:
        cpuinfo: The file that Linux describes it in.
    """
    try:
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    for line in lines:
        name, _, value = line.partition(":")
        if name.strip() == "model name" and value.strip():
            return value.strip()
    return platform.processor() or platform.machine()


def memory_size() -> float | None:
    """The main memory; None where the system does not say [B]."""
    names = ("SC_PHYS_PAGES", "SC_PAGE_SIZE")
    if not hasattr(os, "sysconf") or any(name not in os.sysconf_names for name in names):
        return None
    return float(os.sysconf(names[0])) * float(os.sysconf(names[1]))


def _line(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError:
        return None
