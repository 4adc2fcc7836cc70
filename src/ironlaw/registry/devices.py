"""The chip behind the name that a device gives itself in a recording."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ironlaw.registry.chips import chip_names, load_chip

if TYPE_CHECKING:
    from ironlaw.registry.chips import Chip

_SIZE = re.compile(r"\d+gb")


def chip_of_device(device: str) -> Chip | None:
    """The chip of the registry that is nearest to a device; None where no model number is shared.

    Args:
        device: Its name as a driver says it, "NVIDIA A100-SXM4-80GB".

    Example:
        >>> chip_of_device("Tesla V100-DGXS-32GB").name
        'v100-sxm2'
    """
    said = _words(device)
    found: list[tuple[int, bool, str]] = []
    for name in chip_names():
        chip = load_chip(name)
        own = _words(chip.short_title)
        models = {word for word in own if re.search(r"\d", word) and not _SIZE.fullmatch(word)}
        if models & said:
            found.append((len(own & said), not said.isdisjoint(chip.aliases), name))
    return load_chip(max(found)[2]) if found else None


def _words(name: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", name.lower()))
