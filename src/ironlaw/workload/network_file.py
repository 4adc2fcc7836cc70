"""Loader of network files: a model as a list of layers in TOML, no code.

The table holds stages, or the layers of a single one. A layer names its `op` and its fields; it reads the layer before
it, or what `input` or `inputs` name. `use` writes the layers of a template down, with its `$fields` put in; in a
template `@` is what it was given and `@name` another field's tensor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ironlaw.base.errors import ConfigError
from ironlaw.registry.dtypes import Dtype
from ironlaw.workload.fields import Fields
from ironlaw.workload.graph import Role
from ironlaw.workload.network import Network, Stage
from ironlaw.workload.network_layers import OPS
from ironlaw.workload.place import Place
from ironlaw.workload.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMATS = (
    Dtype.FP32,
    Dtype.TF32,
    Dtype.FP16,
    Dtype.BF16,
    Dtype.FP8,
    Dtype.INT16,
    Dtype.INT8,
)
"""Formats that a network's weights and activations can be kept in."""

_INDEX = 8.0  # an int64 index [B]
_DEEPEST = 8  # templates within templates


def network_from_table(name: str, title: str, table: Mapping[str, object]) -> Network:
    """Translate the `[graph]` table of a network file.

    Args:
        name: Name of the model in results.
        title: Name in words.
        table: The table.

    Returns:
        The network.

    Raises:
        ConfigError: naming the field, its value and what is allowed.
    """
    fields = Fields(table, "graph")
    formats = {dtype.value: dtype for dtype in FORMATS}
    dtype = formats[fields.choice("dtype", formats, Dtype.BF16.value)]
    sample = fields.text("sample", "sample")
    templates = _templates(fields)
    if fields.has("stages"):
        entries = _tables(fields, "stages")
    else:
        single = {key: fields.raw(key) for key in ("inputs", "layers", "outputs")}
        entries = [{"name": "network"} | {k: v for k, v in single.items() if v is not None}]
    fields.finish()
    stages: list[Stage] = []
    before: dict[str, tuple[int, ...]] = {}
    for index, entry in enumerate(entries):
        path = f"graph.stages[{index}]" if fields.has("stages") else "graph"
        stage, before = _stage(Fields(entry, path), templates, before)
        stages.append(stage)
    return Network(name=name, title=title, stages=tuple(stages), sample=sample, dtype=dtype)


def _tables(fields: Fields, field: str) -> list[dict[str, object]]:
    value = fields.raw(field)
    entries = cast("list[object]", value) if isinstance(value, list) else []
    found = [cast("dict[str, object]", entry) for entry in entries if isinstance(entry, dict)]
    if not found or len(found) != len(entries):
        raise fields.refuse(field, "must be a list of tables, one at least")
    return found


def _templates(fields: Fields) -> Mapping[str, list[dict[str, object]]]:
    if not fields.has("templates"):
        return {}
    raw = fields.raw("templates")
    table = Fields(raw, f"{fields.path}.templates")
    names = list(cast("Mapping[str, object]", raw))
    return {name: _tables(table, name) for name in names}


def _stage(
    fields: Fields,
    templates: Mapping[str, list[dict[str, object]]],
    before: Mapping[str, tuple[int, ...]],
) -> tuple[Stage, dict[str, tuple[int, ...]]]:
    """A stage, and the shapes of its outputs for the next one."""
    name, trace = fields.text("name"), Tracer()
    repeat, rounds = fields.count("repeat", 1), fields.count("rounds", 1)
    started = dict(before)
    if fields.has("inputs"):
        started = _inputs(fields, trace)
    for given, dims in started.items():
        if not trace.knows(given):
            trace.given(given, dims)
    if not started:
        raise fields.refuse(
            "inputs", "must be a table of shapes, such as { image = [3, 224, 224] }"
        )
    prefix = "" if name == "network" else f"{name}."
    writer = _Writer(trace, templates, list(started)[-1], prefix)
    for index, entry in enumerate(_tables(fields, "layers")):
        writer.write(entry, f"{fields.path}.layers[{index}]", {}, "", "")
    wanted = fields.texts("outputs") if fields.has("outputs") else (writer.last,)
    outputs = {output: trace.dims(writer.found(output, "")) for output in wanted}
    fields.finish()
    if repeat > 1 and outputs.keys() and list(outputs.values()) != list(started.values())[-1:]:
        shapes = [list(dims[1:]) for dims in outputs.values()]
        allowed = f"needs an output of the input's shape to repeat; it is {shapes}"
        if not fields.has("inputs"):
            raise ConfigError(f"{fields.path}.repeat", repeat, allowed)
    stage = trace.stage(
        name, [writer.found(output, "") for output in outputs], repeat=repeat, rounds=rounds
    )
    return stage, {writer.found(output, ""): dims for output, dims in outputs.items()}


def _inputs(fields: Fields, trace: Tracer) -> dict[str, tuple[int, ...]]:
    """The declared inputs; indices are written { shape = […], indices = true }."""
    raw = fields.raw("inputs")
    table = Fields(raw, f"{fields.path}.inputs")
    found: dict[str, tuple[int, ...]] = {}
    for name in list(cast("Mapping[str, object]", raw)):
        entry = table.raw(name)
        if isinstance(entry, dict):
            inner = Fields(cast("object", entry), f"{fields.path}.inputs.{name}")
            dims, indices = (1, *inner.counts("shape", None)), inner.flag("indices")
            inner.finish()
        else:
            dims, indices = (1, *table.counts(name, None)), False
        role = Role.INDEX if indices else Role.ACTIVATION
        trace.given(name, dims, role=role, width=_INDEX if indices else 0.0)
        found[name] = dims
    return found


class _Writer:
    """Writes the layers of a stage down, templates unfolded."""

    __slots__ = ("_prefix", "_templates", "_trace", "last")

    def __init__(
        self,
        trace: Tracer,
        templates: Mapping[str, list[dict[str, object]]],
        last: str,
        prefix: str,
    ) -> None:
        self._trace = trace
        self._templates = templates
        self._prefix = prefix
        self.last = last

    def found(self, name: str, scope: str) -> str:
        """The full name of a tensor that is named within a scope."""
        while True:
            full = f"{self._prefix}{scope}{name}"
            if self._trace.knows(full):
                return full
            if not scope:
                return name
            scope = scope[:-1].rpartition(".")[0]
            scope = f"{scope}." if scope else ""

    def write(
        self,
        entry: Mapping[str, object],
        path: str,
        given: Mapping[str, object],
        scope: str,
        entered: str,
    ) -> None:
        """Write one entry down.

        Args:
            entry: A layer, or the use of a template.
            path: Where it stands in the file.
            given: The fields of the template that it stands in.
            scope: The names of the templates that it stands in, with a dot after each.
            entered: What the template was given; the tensor that `@` means.
        """
        fields = Fields(_filled(entry, path, given), path)
        if fields.has("use"):
            self._use(fields, scope, entered)
            return
        op, inputs = fields.choice("op", OPS), self._sources(fields, scope, entered)
        name = fields.text("name", op)
        full = f"{self._prefix}{scope}{name}"
        if self._trace.knows(full):
            raise fields.refuse("name", f"is used before: {full}")
        layer = fields.text("layer", scope.split(".", maxsplit=1)[0] or name)
        OPS[op](Place(self._trace, full, layer, inputs, fields))
        fields.finish()
        if op != "parameter":
            self.last = full

    def _sources(self, fields: Fields, scope: str, entered: str) -> tuple[str, ...]:
        """What a layer reads; `add` names one more tensor that is added to its result."""
        single = not fields.has("inputs")
        names = (fields.text("input", self.last),) if single else fields.texts("inputs")
        if fields.has("add"):
            names = (*names, fields.text("add"))
        found = [entered if name == "@" else self.found(name, scope) for name in names]
        for name in found:
            self._trace.known(name)
        return tuple(found)

    def _use(self, fields: Fields, scope: str, entered: str) -> None:
        """The layers of a template, as often as `times` says, each in a scope of its own."""
        template = fields.choice("use", self._templates)
        name, times = fields.text("name", template), fields.count("times", 1)
        if scope.count(".") >= _DEEPEST:
            raise fields.refuse("use", f"templates may stand in each other {_DEEPEST} deep")
        begun = self._sources(fields, scope, entered)[0] if fields.has("input") else self.last
        arguments = {key: fields.raw(key) for key in _parameters(self._templates[template])}
        missing = [key for key, value in arguments.items() if value is None]
        if missing:
            raise fields.refuse(missing[0], f"is missing; {template} asks for it")
        fields.finish()
        for turn in range(times):
            inner = f"{name}.{turn}." if times > 1 else f"{name}."
            self.last = begun
            for index, entry in enumerate(self._templates[template]):
                path = f"{fields.path}.{template}[{index}]"
                self.write(entry, path, arguments, f"{scope}{inner}", begun)
            begun = self.last


def _parameters(template: list[dict[str, object]]) -> list[str]:
    """The `$fields` that a template asks for."""
    values = [value for entry in template for value in entry.values()]
    flat = [x for v in values for x in (cast("list[object]", v) if isinstance(v, list) else [v])]
    named = [x[1:] for x in flat if isinstance(x, str) and x.startswith("$")]
    return list(dict.fromkeys(named))


def _filled(
    entry: Mapping[str, object], path: str, given: Mapping[str, object]
) -> dict[str, object]:
    """An entry with the fields of its template put in."""

    def put_in(value: object) -> object:
        if isinstance(value, str) and value.startswith("$"):
            if value[1:] not in given:
                raise ConfigError(path, value, "stands outside a template that is given it")
            return given[value[1:]]
        if isinstance(value, list):
            return [put_in(one) for one in cast("list[object]", value)]
        return value

    return {key: put_in(value) for key, value in entry.items()}
