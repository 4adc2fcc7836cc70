"""Number formats and the bytes that one element takes."""

from __future__ import annotations

from enum import Enum

from ironlaw.base.errors import DomainError


class Dtype(Enum):
    """A number format of weights, activations or cache; the value is its name."""

    FP32 = "fp32"
    TF32 = "tf32"
    FP16 = "fp16"
    BF16 = "bf16"
    FP8 = "fp8"
    FP8_BLOCK = "fp8-block"
    INT16 = "int16"
    INT8 = "int8"
    INT4 = "int4"  # weights only: groups of 128 with an fp16 scale and an int4 zero
    MXFP4 = "mxfp4"  # blocks of 32 with one 8-bit scale
    NVFP4 = "nvfp4"  # blocks of 16 with one 8-bit scale

    __hash__ = (
        object.__hash__
    )  # members are unique: their identity is quicker to hash than their name

    @property
    def size(self) -> float:
        """Bytes of one element, scales included [B]."""
        return _SIZE[self]


_INT4_GROUP = 128.0  # elements that share one fp16 scale and one int4 zero
_MXFP4_BLOCK = 32.0  # elements that share one 8-bit scale
_NVFP4_BLOCK = 16.0
_SIZE = {
    Dtype.FP32: 4.0,
    Dtype.TF32: 4.0,
    Dtype.FP16: 2.0,
    Dtype.BF16: 2.0,
    Dtype.FP8: 1.0,
    Dtype.FP8_BLOCK: 1.0,
    Dtype.INT16: 2.0,
    Dtype.INT8: 1.0,
    Dtype.INT4: (4.0 + (16.0 + 4.0) / _INT4_GROUP) / 8.0,
    Dtype.MXFP4: (4.0 + 8.0 / _MXFP4_BLOCK) / 8.0,
    Dtype.NVFP4: (4.0 + 8.0 / _NVFP4_BLOCK) / 8.0,
}


def dtype_named(
    name: object, allowed: tuple[Dtype, ...] = tuple(Dtype), field: str = "dtype"
) -> Dtype:
    """The number format of a name.

    Args:
        name: Its name, such as "bf16"; "fp8_block" is read as "fp8-block".
        allowed: The formats that make sense here.
        field: The parameter to name in the error.

    Raises:
        DomainError: listing what is allowed.

    Example:
        >>> dtype_named("nvfp4").size
        0.5625
    """
    for dtype in allowed:
        if isinstance(name, str) and dtype.value == name.replace("_", "-"):
            return dtype
    raise DomainError(field, name, f"the formats {', '.join(dtype.value for dtype in allowed)}")
