"""A decoder of events that makes only what the columns hold."""

from __future__ import annotations

from functools import reduce
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, cast

from ironlaw.system.trace.columns import ABSENT
from ironlaw.system.trace.events import EDGES, ROW_EACH, SKIPPED, SPAN_CLOSES, SPAN_OPENS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Scalar = int | float | str | None


def typed_decoder() -> Callable[[bytes], Sequence[Any]] | None:
    """A decoder of a JSON array of events, about five times as fast as the standard library's.

    Returns:
        A function of the array's text that makes a struct for each event, whose type knows its phase. It raises
        ValueError or RecursionError where not every event is well formed. None without msgspec.
    """
    if find_spec("msgspec") is None:
        return None
    import msgspec  # noqa: PLC0415 - an extra, loaded where it is used

    args, raw = _arguments(), msgspec.Raw
    fields: list[Any] = [
        ("name", str, ""),
        ("ts", raw, raw(b"null")),
        ("dur", raw, raw(b"0")),
        ("pid", Scalar, 0),
        ("tid", Scalar, 0),
        ("cat", str, ""),
    ]
    own: dict[str, list[Any]] = {tag: [] for tag in SKIPPED}
    own |= {tag: [*fields, ("args", args | None, None)] for tag in [*ROW_EACH, *EDGES]}
    own |= {tag: [*fields, ("args", raw, raw(b""))] for tag in "CM"}
    paired = [*fields, ("args", args | None, None), ("id", Scalar, "")]
    own |= dict.fromkeys(SPAN_OPENS + SPAN_CLOSES, paired)
    kinds: list[Any] = [
        msgspec.defstruct(f"Event{ord(tag)}", has, tag_field="ph", tag=tag, gc=False)
        for tag, has in own.items()
    ]
    any_kind: Any = reduce(_either, kinds)
    decoder: Any = msgspec.json.Decoder(list[any_kind])

    def decode(text: bytes) -> Sequence[Any]:
        try:
            return cast("Sequence[Any]", decoder.decode(text))
        except msgspec.DecodeError as problem:
            raise ValueError(str(problem)) from problem

    return decode


def _arguments() -> Any:  # noqa: ANN401 - a type that is made while running
    import msgspec  # noqa: PLC0415 - an extra, loaded where it is used

    raw, nothing, named = msgspec.Raw, msgspec.Raw(b""), msgspec.field
    fields: list[Any] = [
        ("correlation", Scalar, ABSENT),
        ("external", Scalar, named(default=ABSENT, name="External id")),
        ("legacy", Scalar, named(default=ABSENT, name="external id")),
        ("stream", Scalar, ABSENT),
        ("device", Scalar, ABSENT),
        ("bytes", Scalar, 0),
        ("Bytes", Scalar, 0),
        ("where", Scalar, named(default=ABSENT, name="Device Id")),
        ("dims", raw, named(default=nothing, name="Input Dims")),
        ("types", raw, named(default=nothing, name="Input type")),
        ("concrete", raw, named(default=nothing, name="Concrete Inputs")),
    ]
    return msgspec.defstruct("Arguments", fields, gc=False)


def _either(first: Any, second: Any) -> Any:  # noqa: ANN401 - types that are made while running
    return first | second
