"""ONNX files for the tests: weights of the right shape without values, and networks of the registry as ONNX."""

from __future__ import annotations

from itertools import count
from math import prod
from pathlib import Path

import onnx
from onnx import TensorProto
from onnx import helper as make

from ironlaw.registry.networks import load_network_card

FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64


def zeros(name: str, *dims: int) -> TensorProto:
    return make.make_tensor(name, FLOAT, dims, bytes(4 * prod(dims)), raw=True)


def ints(name: str, *values: int) -> TensorProto:
    return make.make_tensor(name, INT64, [len(values)], values)


def given(name: str, *dims: int | str, kind: int = FLOAT):
    return make.make_tensor_value_info(name, kind, list(dims))


def save(folder: Path, nodes, inputs, outputs, weights=(), opset: int = 17, domains=()) -> str:
    """Write a model to a file; outputs are names."""
    asked = [make.make_tensor_value_info(name, FLOAT, None) for name in outputs]
    graph = make.make_graph(list(nodes), "test", list(inputs), asked, list(weights))
    sets = [make.make_opsetid("", opset), *(make.make_opsetid(name, 1) for name in domains)]
    path = folder / "model.onnx"
    onnx.save(make.make_model(graph, opset_imports=sets), str(path))
    return str(path)


class Writer:
    """A network file's convolutions, pools and linear layers as ONNX, from the same list of layers."""

    def __init__(self, name: str) -> None:
        self.table = load_network_card(name).graph
        self.nodes, self.weights, self.numbers = [], [], count()
        ((self.source, dims),) = self.table["inputs"].items()
        self.last, self.channels = self.source, {self.source: dims[0]}
        self.dims = dims

    def node(self, op: str, inputs, channels: int, **attributes) -> str:
        made = f"t{next(self.numbers)}"
        self.nodes.append(make.make_node(op, list(inputs), [made], name=made, **attributes))
        self.channels[made] = channels
        return made

    def weight(self, *dims: int) -> str:
        name = f"w{next(self.numbers)}"
        self.weights.append(zeros(name, *dims))
        return name

    def write(self, entries, names: dict[str, str], given) -> None:
        for raw in entries:
            entry = {k: given[v[1:]] if str(v).startswith("$") else v for k, v in raw.items()}
            if "use" in entry:
                for _ in range(entry.get("times", 1)):
                    template = self.table["templates"][entry["use"]]
                    self.write(template, {"@": self.last}, entry)
                continue
            source = names[entry["input"]] if "input" in entry else self.last
            self.last = self.layer(entry, source, names)
            names[entry.get("name", "")] = self.last

    def layer(self, entry, source: str, names) -> str:
        if entry["op"] == "conv":
            return self.conv(entry, source, names)
        if entry["op"] == "global_pool":
            return self.global_pool(source)
        return {"pool": self.pool, "linear": self.linear}[entry["op"]](entry, source)

    def conv(self, entry, source: str, names) -> str:
        kernel, inside = entry["kernel"], self.channels[source]
        groups = inside if entry.get("groups") == "depthwise" else 1
        out = entry.get("channels", inside)
        pads = [entry.get("padding", (kernel - 1) // 2)] * 4
        weight = self.weight(out, inside // groups, kernel, kernel)
        strides = [entry.get("stride", 1)] * 2
        made = self.node("Conv", [source, weight], out, group=groups, pads=pads, strides=strides)
        if entry.get("norm"):
            parts = [self.weight(out) for _ in range(4)]
            made = self.node("BatchNormalization", [made, *parts], out)
        if "add" in entry:
            made = self.node("Add", [made, names[entry["add"]]], out)
        if entry.get("activation") == "relu":
            made = self.node("Relu", [made], out)
        elif entry.get("activation") == "relu6":
            made = self.node("Clip", [made], out)
        return made

    def pool(self, entry, source: str) -> str:
        kernel = [entry["kernel"]] * 2
        strides, pads = [entry["stride"]] * 2, [entry["padding"]] * 4
        channels = self.channels[source]
        return self.node(
            "MaxPool", [source], channels, kernel_shape=kernel, strides=strides, pads=pads
        )

    def global_pool(self, source: str) -> str:
        pooled = self.node("GlobalAveragePool", [source], self.channels[source])
        return self.node("Flatten", [pooled], self.channels[source])

    def linear(self, entry, source: str) -> str:
        inside, out = self.channels[source], entry["features"]
        reads = [source, self.weight(out, inside), self.weight(out)]
        return self.node("Gemm", reads, out, transB=1)

    def save(self, folder: Path) -> str:
        self.write(self.table["layers"], {}, {})
        return save(
            folder, self.nodes, [given(self.source, "batch", *self.dims)], [self.last], self.weights
        )
