"""The Python API: the same numbers as the engine, in SI units, under stable keys."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

import ironlaw

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {
    "model", "chip", "parameters", "feasible", "footprint_B", "capacity_B", "step_s", "tokens_per_s",
    "mfu", "mbu_raw", "mbu_useful", "kv_share", "kernels",
}  # fmt: skip
KERNEL_KEYS = {
    "name", "count", "flops", "traffic_B", "intensity", "bound", "time_s", "share",
}  # fmt: skip
CRISIS = {"tp": 8, "batch": 16, "context": 8192, "fusion": "partial"}


@pytest.fixture(scope="module")
def crisis() -> ironlaw.Report:
    return ironlaw.diagnose("llama-3-70b", on="h100-sxm", **CRISIS)


def test_public_names_are_all_there():
    for name in ironlaw.__all__:
        assert getattr(ironlaw, name) is not None
    assert list(ironlaw.__all__) == sorted(set(ironlaw.__all__))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        ironlaw.nonsense  # noqa: B018


def test_json_has_the_contract_keys_and_survives_a_round_trip(crisis):
    data = json.loads(json.dumps(crisis.to_dict()))
    assert data.keys() >= KEYS
    assert all(kernel.keys() >= KERNEL_KEYS for kernel in data["kernels"])
    assert data["parameters"] == 70_553_706_496
    assert data["model"] == "llama-3-70b"
    assert data["chip"] == "h100-sxm"


def test_json_says_the_layout_and_what_it_can_hold(crisis):
    data = crisis.to_dict()
    assert (data["tp"], data["ep"], data["pp"]) == (8, 1, 1)
    # a chip has 80 GB less an eighth of the weights; a token takes 327,680 B on eight chips
    free = 80e9 - data["weights_B"] - data["activations_B"]
    assert data["kv_capacity_tokens"] == int(free / (327_680 / 8))
    # less than those tokens would fill: copies of the heads grow with the batch too
    assert (
        0.85 * data["kv_capacity_tokens"]
        < data["largest_batch"] * 8192
        < data["kv_capacity_tokens"]
    )
    assert {k["block"] for k in data["kernels"]} == {"embedding", "layer", "head"}


def test_json_kernels_add_up_to_the_step_and_totals(crisis):
    data = crisis.to_dict()
    kernels = data["kernels"]
    assert sum(k["time_s"] for k in kernels) == pytest.approx(data["step_s"], rel=1e-12)
    assert sum(k["share"] for k in kernels) == pytest.approx(1.0, rel=1e-12)
    assert sum(k["flops"] for k in kernels) == pytest.approx(data["flops"], rel=1e-12)
    assert sum(k["traffic_B"] for k in kernels) == pytest.approx(data["traffic_B"], rel=1e-12)
    assert sum(k["count"] for k in kernels) == data["n_kernels"]
    assert sum(data["terms_s"].values()) == pytest.approx(data["step_s"], rel=1e-12)
    assert data["tokens_per_s"] == pytest.approx(16 / data["step_s"], rel=1e-12)
    touched = sum(k["time_s"] for k in kernels if k["touches_kv_cache"])
    assert data["kv_share"] == pytest.approx(touched / data["step_s"], rel=1e-12)


def test_host_bound_step_still_adds_up():
    data = ironlaw.diagnose("llama-3-8b", on="h100-sxm", fusion="none", context=128).to_dict()
    waiting = [k for k in data["kernels"] if k["name"] == "host_dispatch"]
    assert len(waiting) == 1
    assert waiting[0]["time_s"] == pytest.approx(data["terms_s"]["dispatch"])
    # 6 us for each launch from eager Python sets the step, not the chip
    assert data["step_s"] == pytest.approx(data["n_kernels"] * 6e-6, rel=1e-12)
    assert sum(k["time_s"] for k in data["kernels"]) == pytest.approx(data["step_s"], rel=1e-12)


def test_a_model_that_does_not_fit_is_an_answer():
    report = ironlaw.diagnose("llama-3-70b", on="h100-sxm")
    data = report.to_dict()
    assert data["feasible"] is False
    # 70,553,706,496 weights of 2 bytes and 4,096 tokens of 327,680 bytes, and some activations, on 80 GB
    least = 70_553_706_496 * 2 + 4096 * 327_680 - 80e9
    assert least <= data["over_by_B"] <= least * 1.001
    assert report.table().splitlines()[1].startswith("does not fit: 142 GB on a chip of 80 GB")


def test_plot_writes_an_svg_that_names_what_it_shows(crisis, tmp_path: Path):
    target = tmp_path / "roofline.svg"
    crisis.plot(target)
    root = ET.parse(target).getroot()  # noqa: S314 - our own file
    texts = " ".join(element.text or "" for element in root.iter())
    assert "Roofline of H100 SXM in bf16" in texts
    assert "arithmetic intensity, FLOP/B" in texts
    assert "performance, FLOP/s" in texts
    with pytest.raises(
        ironlaw.DomainError, match=r"plot = .*roofline.gif.* names that end in .svg"
    ):
        crisis.plot(tmp_path / "roofline.gif")


def test_notebook_form_is_well_formed_and_holds_every_kernel(crisis):
    root = ET.fromstring(crisis._repr_html_())  # noqa: S314 - our own text
    cells = {element.text for element in root.iter("td")}
    assert {row.name for row in crisis.kernels} <= cells


def test_repr_is_the_verdict(crisis):
    assert "memory bandwidth binds" in repr(crisis)


def test_config_file_gives_the_same_numbers_as_the_registry(tmp_path: Path, crisis):
    from ironlaw.registry.models import load_model_card

    path = tmp_path / "my-model" / "config.json"
    path.parent.mkdir()
    path.write_text(json.dumps(dict(load_model_card("llama-3-70b").config)))
    report = ironlaw.diagnose(str(path), on="h100-sxm", **CRISIS)
    assert report.step == crisis.step
    assert report.to_dict()["model"] == "my-model"


def test_a_folder_with_a_config_stands_for_its_model(tmp_path: Path, crisis):
    from ironlaw.registry.models import load_model_card

    folder = tmp_path / "downloaded"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(dict(load_model_card("llama-3-70b").config)))
    assert ironlaw.diagnose(str(folder), on="h100-sxm", **CRISIS).step == crisis.step
    with pytest.raises(ironlaw.ConfigError, match="no such file"):
        ironlaw.diagnose(str(tmp_path), on="h100-sxm")


def test_a_chip_without_fp32_still_answers(tmp_path: Path):
    from ironlaw.registry.facts import data_folder

    text = data_folder().joinpath("chips", "h100-sxm.toml").read_text()
    kept = [line for line in text.splitlines() if not line.startswith(("fp32", "tf32"))]
    path = tmp_path / "tensor-only.toml"
    path.write_text("\n".join(kept))
    assert ironlaw.diagnose("llama-3-8b", on=str(path)).feasible


def test_a_parameter_that_does_not_exist_is_refused():
    with pytest.raises(
        ironlaw.UnknownNameError, match="no parameter is named 'fusoin'; did you mean"
    ):
        ironlaw.diagnose("llama-3-8b", on="h100-sxm", fusoin="none")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dtype": None}, "dtype = None"),
        ({"kv_dtype": 5}, "kv_dtype = 5"),
        ({"batch": [1, 2]}, "batch = "),
        ({"batch": 1j}, "batch = "),
        ({"batch": 10**320}, "batch = "),
        ({"context": None}, "context = None"),
        ({"on": None}, "chip = None"),
    ],
)
def test_a_value_of_another_kind_is_refused_by_name(change, message):
    asked = {"on": "h100-sxm", **change}
    with pytest.raises(ironlaw.DomainError, match=message):
        ironlaw.diagnose("llama-3-8b", **asked)


@pytest.mark.parametrize("value", ["1" + "0" * 400, "1" * 6000])
def test_numbers_that_no_model_has_are_refused(tmp_path: Path, value):
    path = tmp_path / "config.json"
    path.write_text(
        '{"model_type": "llama", "num_attention_heads": 8, "hidden_size": ' + value + "}"
    )
    with pytest.raises(ironlaw.ConfigError):
        ironlaw.diagnose(str(path), on="h100-sxm")


def test_nests_without_end_are_refused(tmp_path: Path):
    path = tmp_path / "config.json"
    path.write_text("[" * 200_000)
    with pytest.raises(ironlaw.ConfigError, match="too deep a nest"):
        ironlaw.diagnose(str(path), on="h100-sxm")


def test_what_a_configuration_says_and_the_engine_does_not_hold_is_said_aloud(tmp_path: Path):
    from ironlaw.registry.models import load_model_card

    config = dict(load_model_card("llama-3-8b").config)
    config |= {"quantization_config": {"bits": 4}, "sliding_window": 4096}
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config))
    notes = " ".join(ironlaw.diagnose(str(path), on="h100-sxm").notes)
    assert "quantization_config of an unnamed method is not modelled" in notes
    assert "sliding_window 4096 is not read" in notes


def test_every_kernel_says_what_its_time_rests_on(crisis):
    evidence = {row.name: row.evidence.value for row in crisis.kernels}
    assert evidence["down_proj"] == "measured"
    assert evidence["attention_all_reduce"] == "measured"
    assert evidence["scores"] == "borrowed"
    assert evidence["expand_k"] == "assumed"
    assert "no such kernel was measured alone" in crisis.roofline("attention").source
    assert "TensorRT-LLM" in crisis.roofline("qkv").source


def test_a_plot_that_cannot_be_written_is_one_clear_error(crisis, tmp_path: Path):
    with pytest.raises(ironlaw.DomainError, match="No such file or directory"):
        crisis.plot(tmp_path / "nowhere" / "roof.svg")
