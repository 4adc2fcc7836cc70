"""Fusion or precision: which of the two takes more joules off a layer, from its bytes and its work alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ironlaw.base.errors import DomainError
from ironlaw.base.number import anywhere, require_positive

if TYPE_CHECKING:
    from ironlaw.base.number import Number


def spared_share(spared: Number, traffic: Number) -> Number:
    r"""Share of a layer's unfused traffic that fusion takes off.

    $$ s = \Delta A / (A + W) $$

    Args:
        spared: Bytes that fusion leaves out, ΔA [B].
        traffic: Bytes of activations and weights of the layer alone, A + W [B].

    Returns:
        A fraction.

    Raises:
        DomainError: if the traffic is not positive, or more is spared than there is.

    Source:
        ironlaw-dossier, §5.

    Example:
        >>> spared_share(2.0, 4.0)
        0.5
    """
    require_positive("traffic", traffic)
    if anywhere(spared < 0.0) or anywhere(spared > traffic):
        raise DomainError("spared", spared, f"0 to the traffic, {traffic}")
    return spared / traffic


def precision_share(
    intensity: Number, flop_saving: float, byte_energy: float, near: Number = 0.0
) -> Number:
    r"""Share of a layer's unfused bytes that fusion has to take off to save as many joules as half the bits do.

    Half the bits save half the bytes and the difference of the two arithmetics; fusion saves its bytes. They break even
    at

    $$ s^* = \frac{1}{2} + \frac{(e_{16} - e_8) I + D_{near} / D \cdot e_{near} / 2}{e_d} $$

    where fusion wins above. The last term is what half the bits save in a memory next to the arithmetic, which fusion
    does not spare; without it, it is the dossier's rule, whose intensity counts multiply-adds.

    Args:
        intensity: FLOPs of a byte of the unfused traffic at 16 bits, I = O / (A + W) [FLOP/B].
        flop_saving: What a FLOP costs less in 8 bits, e_16 − e_8 [J/FLOP].
        byte_energy: Energy of a byte of the main memory, e_d [J/B].
        near: Joules that the memory next to the arithmetic takes for each byte of the unfused traffic [J/B].

    Returns:
        s*, above 1 where fusion cannot win.

    Raises:
        DomainError: if the energy of a byte is not positive.

    Source:
        ironlaw-dossier, §5; derived in docs/energy.md.

    Example:
        >>> round(precision_share(2.0, 0.8e-12, 40e-12), 2)
        0.54
    """
    require_positive("byte_energy", byte_energy)
    return 0.5 + (flop_saving * intensity + near / 2.0) / byte_energy
