"""Energies of operations: what a multiply-add, an addition and a byte cost at a node, the basis of the chips' facts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.registry.dtypes import Dtype
from ironlaw.registry.facts import data_folder, read_sheet

if TYPE_CHECKING:
    from ironlaw.registry.facts import FactSheet

_NARROW = {Dtype.FP16: "fp16_narrow"}  # an array of fp16 multipliers sums in fp16


@lru_cache(maxsize=1)
def energy_sheet() -> FactSheet:
    """Every energy with its source.

    Example:
        >>> round(1e12 * energy_sheet().number("node_7.multiply.fp16"), 2)
        0.34
    """
    text = data_folder().joinpath("energy.toml").read_text(encoding="utf-8")
    return read_sheet("energy", text)


@lru_cache(maxsize=16)
def add_share(dtype: Dtype) -> float:
    """Energy of an addition over that of a FLOP of a multiply-add, in an array of multipliers.

    Args:
        dtype: Format of the operands.

    Raises:
        DomainError: for a format whose energies at 7 nm are not recorded.

    Example:
        >>> round(add_share(Dtype.FP16), 2)
        0.64
    """
    sheet = energy_sheet()
    if f"node_7.add.{dtype.value}" not in sheet.facts:
        known = ", ".join(sheet.children("node_7.add"))
        raise DomainError("dtype", dtype.value, f"the formats of the energies at 7 nm: {known}")
    multiply_add = sheet.number(f"multiply_add.{_NARROW.get(dtype, dtype.value)}")
    return 2.0 * sheet.number(f"node_7.add.{dtype.value}") / multiply_add
