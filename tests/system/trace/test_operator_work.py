"""FLOPs and bytes of operators, worked by hand from their recorded shapes."""

from __future__ import annotations

import json

import pytest

from ironlaw.registry.dtypes import Dtype
from ironlaw.system.trace.operator_work import operator_work
from ironlaw.system.trace.signature import UnderivableError, signature_of

F = "float"
H = "c10::Half"
IMAGE, WEIGHTS = [2, 6, 10, 10], [8, 3, 3, 3]
GROUPED = ["", "", "", "[2, 2]", "[1, 1]", "[1, 1]", "False", "[0, 0]", "2"]
OUT = 2 * 8 * 5 * 5
MOVED = 4 * (2 * 6 * 100 + 8 * 27 + OUT)
UP = ["", "", "", "[2, 2]", "[1, 1]", "[1, 1]", "True", "[0, 0]", "1"]
POOL = ["", "[3, 3]", "[2, 2]", "[1, 1]", "[1, 1]", "False"]
QUERY, KEYS = [2, 4, 16, 8], [2, 4, 32, 8]
BACKWARD = ["", "", "", "[0]", "[2]", "[1]", "[1]", "False", "[0]", "2", "[True, True, False]"]

WORKED = {
    "mm": ([[4, 8], [8, 2]], [H, H], [], 2 * 4 * 8 * 2, 2 * (32 + 16 + 8)),
    "addmm": ([[2], [4, 8], [8, 2], [], []], [F, F, F, "", ""], [], 128 + 8, 4 * (2 + 32 + 16 + 8)),
    "bmm": ([[3, 4, 8], [3, 8, 2]], [F, F], [], 3 * 128, 4 * 3 * 56),
    "linear": ([[5, 4, 8], [2, 8], [2]], [F, F, F], [], 5 * 4 * 34, 4 * (160 + 16 + 40 + 2)),
    "convolution": ([IMAGE, WEIGHTS], [F, F], GROUPED, 2 * OUT * 27, MOVED),
    "cudnn_convolution": (
        *([IMAGE, WEIGHTS], [F, F], ["", "", "[1, 1]", "[2, 2]", "[1, 1]", "2"]),
        *(2 * OUT * 27, MOVED),
    ),
    "mkldnn_convolution": (
        *([IMAGE, WEIGHTS, []], [F, F, ""], ["", "", "", "[1, 1]", "[2, 2]", "[1, 1]", "2"]),
        *(2 * OUT * 27, MOVED),
    ),
    "_convolution": (  # transposed: 4 to 7 positions of 6 to 5 channels
        *([[1, 6, 4, 4], [6, 5, 3, 3]], [F, F], UP),
        *(2 * 96 * 5 * 9, 4 * (96 + 270 + 5 * 49)),
    ),
    "convolution_backward": (
        *([[2, 8, 5], [2, 6, 10], [8, 3, 3]], [F, F, F], BACKWARD),
        *(2 * 2 * 80 * 9, 2 * 4 * (80 + 120 + 72)),
    ),
    "add": ([[4, 1], [3]], [F, F], [], 12, 4 * (4 + 3 + 12)),
    "relu_": ([[4, 5]], [F], [], 20, 2 * 80),
    "clamp_min": ([[4, 5], [], [4, 5]], [F, "Int", F], [], 20, 2 * 80),
    "le": ([[6], []], [F, "Scalar"], [], 6, 24 + 6),
    "copy_": ([[6, 2], [2]], [F, H], [], 0, 48 + 24),
    "fill_": ([[6], []], ["bool", "Scalar"], [], 0, 6),
    "_softmax": ([[4, 5], [], []], [F, "", ""], [], 5 * 20, 160),
    "native_layer_norm": ([[4, 5], [], [5], [5]], [F, "", F, F], [], 7 * 20, 160 + 40),
    "sum": ([[4, 5], [], []], [F, "", ""], ["", "[-1]", "False"], 20, 80 + 16),
    "mean": ([[4, 5], []], [F, ""], ["", ""], 20, 80 + 4),
    "max_pool2d_with_indices": ([[2, 3, 8, 8]], [F], POOL, 96 * 9, 4 * 384 + 96 * 12),
    "embedding": ([[100, 16], [7]], [H, "long int"], [], 0, 2 * 7 * 32 + 56),
    "_scaled_dot_product_flash_attention": (
        *([QUERY, KEYS, KEYS], [H, H, H], ["", "", "", "0.", "False"]),
        *(4 * 2 * 4 * 16 * 32 * 8, 2 * (2 * 1024 + 2 * 2048)),
    ),
    "view": ([[4, 5], []], [F, ""], [], 0, 0),
}


@pytest.mark.parametrize("name", WORKED)
def test_work_is_as_worked_by_hand(name):
    shapes, types, concrete, flops, traffic = WORKED[name]
    texts = json.dumps(shapes), json.dumps(types), json.dumps(concrete)
    work = operator_work(signature_of(f"aten::{name}", *texts))
    assert (work.flops, work.traffic) == (flops, traffic)


def test_a_causal_mask_leaves_half_the_square():
    texts = (json.dumps([QUERY] * 3), json.dumps([H] * 3))
    kinds = [json.dumps(["", "", "", "0.", flag]) for flag in ("True", "False")]
    name = "aten::_scaled_dot_product_flash_attention"
    causal, full = (operator_work(signature_of(name, *texts, kind)) for kind in kinds)
    assert causal.flops / full.flops == pytest.approx(17 / 32)


UNKNOWN = {
    "no shapes": ("aten::mm", "", "", "record_shapes"),
    "no tensor": ("aten::mm", "[[2, 2], []]", '["float", ""]', "input 1 has no recorded shape"),
    "not ours": ("my::op", "[[2]]", '["float"]', "does not follow from the shapes"),
    "no values": (
        "aten::conv2d",
        "[[1, 3, 8, 8], [4, 3, 3, 3]]",
        '["float", "float"]',
        "Concrete Inputs",
    ),
    "no fit": ("aten::mm", "[[2, 3], [4, 5]]", '["float", "float"]', "no matrices that fit"),
    "no broadcast": ("aten::add", "[[2], [3]]", '["float", "float"]', "do not fit each other"),
    "lists": ("aten::add", "[[], []]", '["", ""]', "numbers or lists"),
    "no dimensions": ("aten::sum", "[[2, 2], []]", '["float", ""]', "Concrete Inputs"),
    "damaged": ("aten::mm", "[[2,", '["float"', "input 0 has no recorded shape"),
}


@pytest.mark.parametrize("kind", UNKNOWN)
def test_what_cannot_be_derived_says_why(kind):
    name, shapes, types, reason = UNKNOWN[kind]
    with pytest.raises(UnderivableError, match=reason):
        operator_work(signature_of(name, shapes, types, ""))


def test_the_format_is_the_first_tensors():
    call = signature_of("aten::embedding", "[[7], [9, 4]]", '["long int", "c10::BFloat16"]', "")
    assert call.dtype is Dtype.BF16
    assert signature_of("aten::add", "[[2]]", '["double"]', "").dtype is None
