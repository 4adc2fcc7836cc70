"""The command line, run as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def ironlaw(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ironlaw", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_diagnose_prints_the_verdict_before_the_kernels():
    done = ironlaw(
        "diagnose",
        "llama-3-70b",
        "--on",
        "h100-sxm",
        "--tp",
        "8",
        "--batch",
        "32",
        "--context",
        "4096",
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[1].endswith("of the step)")
    assert lines[1].index("ms a step") > 0
    assert any(line.startswith("flash_attention") for line in lines)
    assert "what would change it" in done.stdout


def test_diagnose_json_is_the_api_s_dictionary():
    import ironlaw as package

    done = ironlaw(
        "diagnose", "llama-3-8b", "--on", "l40s", "--batch", "4", "--phase", "prefill",
        "--context", "512", "--fusion", "none", "--json",
    )  # fmt: skip
    expected = package.diagnose(
        "llama-3-8b", on="l40s", batch=4, phase="prefill", context=512, fusion="none"
    )
    assert json.loads(done.stdout) == json.loads(json.dumps(expected.to_dict()))


def test_a_layout_of_stages_and_narrow_weights():
    done = ironlaw(
        "diagnose", "llama-3-70b", "--on", "h100-sxm", "--tp", "4", "--pp", "2", "--dtype", "int4"
    )
    assert done.returncode == 0, done.stderr
    assert "8×h100-sxm (tp 4 · pp 2)" in done.stdout
    assert "send · stage" in done.stdout
    refused = ironlaw("diagnose", "llama-3-8b", "--on", "h100-sxm", "--ep", "2")
    assert refused.returncode == 2
    assert "ep = 2 is outside 1: llama-3-8b has no experts" in refused.stderr


def test_diagnose_writes_a_plot(tmp_path: Path):
    target = tmp_path / "roof.svg"
    done = ironlaw("diagnose", "llama-3-8b", "--on", "h100-sxm", "--plot", target)
    assert done.returncode == 0, done.stderr
    assert target.read_text().startswith("<?xml")


def test_diagnose_writes_a_dashboard(tmp_path: Path):
    target = tmp_path / "page.html"
    done = ironlaw("diagnose", "llama-3-8b", "--on", "h100-sxm", "--html", target)
    assert done.stdout.endswith(f"dashboard written to {target}\n")
    assert target.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_infeasible_is_an_answer_with_exit_code_0_and_the_verdict_on_top():
    done = ironlaw("diagnose", "llama-3-70b", "--on", "l40s")
    assert done.returncode == 0
    assert done.stdout.splitlines()[1].startswith("does not fit: 142 GB on a chip of 48 GB")
    data = json.loads(ironlaw("diagnose", "llama-3-70b", "--on", "l40s", "--json").stdout)
    assert data["feasible"] is False
    assert next(iter(data)) == "verdict"
    assert data["over_by_B"] > 90e9


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("llama-3-70b", "--on", "h100-smx"), "no chip is named 'h100-smx'; did you mean 'h100-sxm'"),
        (("llama3-70b", "--on", "h100-sxm"), "no model is named 'llama3-70b'; did you mean 'llama-3-70b'"),
        (("llama-3-8b", "--on", "h100-sxm", "--batch", "-1"), "batch = -1 is outside the whole numbers from 1"),
        (("llama-3-8b", "--on", "h100-sxm", "--context", "0"), "context = 0 is outside"),
        (("llama-3-8b", "--on", "h100-sxm", "--tp", "3"), "tp = 3 is outside the divisors of the 32 attention heads"),
        (("llama-3-70b", "--on", "h100-sxm", "--tp", "16"), "tp = 16 is outside 1 to 8, the chips of a h100-sxm node"),
        (("llama-3-8b", "--on", "h100-sxm", "--dtype", "int3"), "dtype = 'int3' is outside the formats bf16, fp8"),
        (("llama-3-8b", "--on", "h100-sxm", "--fusion", "most"), "fusion = 'most' is outside the choices none"),
        (("llama-3-8b", "--on", "h100-sxm", "--phase", "x"), "phase = 'x' is outside the choices prefill, decode"),
        (("llama-3-8b", "--on", "h100-sxm", "--tile", "9x9"), "tile = '9x9' is outside the tiles 128x256"),
        (("llama-3-8b", "--on", "h100-sxm", "--split-k", "3"), "split_k = 3 is outside the splits 1, 2"),
        (("resnet-50", "--on", "h100-sxm", "--tile", "64x64"), "tile = '64x64' is outside what resnet-50 has"),
        (("nowhere/config.json", "--on", "h100-sxm"), "there is no such file"),
        (("llama-3-8b", "--on", "nowhere.toml"), "there is no such file"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line_that_names_the_field(arguments, message):
    done = ironlaw("diagnose", *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[1]", "must hold one JSON object"),
        ('{"model_type": "mamba"}', "config field model_type = 'mamba': must be one of llama"),
        ('{"model_type": "llama", "hidden_size": 8}', "config field num_attention_heads = None: is missing"),
    ],
)  # fmt: skip
def test_bad_config_file_is_one_line_that_names_the_field(tmp_path: Path, text, message):
    path = tmp_path / "config.json"
    path.write_text(text)
    done = ironlaw("diagnose", path, "--on", "h100-sxm")
    assert done.returncode == 2
    assert message in done.stderr


def test_hardware_list_and_show_give_every_fact_its_source():
    rows = json.loads(ironlaw("hardware", "list", "--json").stdout)
    assert {"h100-sxm", "h200-sxm", "a100-80gb-sxm", "l40s", "b200-sxm"} <= {
        r["name"] for r in rows
    }
    shown = json.loads(ironlaw("hardware", "show", "h100-sxm", "--json").stdout)
    assert len(shown["facts"]) > 50
    for fact in shown["facts"]:
        assert fact["unit"]
        assert fact["kind"]
        assert fact["source"]
        assert fact["where"]
        assert fact["date"]
    by_name = {fact["name"]: fact for fact in shown["facts"]}
    assert by_name["memory.bandwidth"]["value"] == 3.35e12
    assert by_name["memory.bandwidth"]["written"] == "3.35 TB/s"


def test_models_show_gives_the_exact_parameter_count():
    shown = json.loads(ironlaw("models", "show", "llama-3-70b", "--json").stdout)
    values = {fact["name"]: fact["value"] for fact in shown["facts"]}
    assert values["parameters.exact"] == 70_553_706_496
    assert values["config.n_kv_heads"] == 8
    names = {row["name"] for row in json.loads(ironlaw("models", "list", "--json").stdout)}
    assert {"llama-3-8b", "llama-3-70b"} <= names


def test_hardware_list_groups_the_chips_by_where_they_work():
    lines = [line.rstrip() for line in ironlaw("hardware", "list").stdout.splitlines()]
    groups = [lines.index(kind) for kind in ("cloud", "edge", "mobile", "tiny")]
    assert groups == sorted(groups)
    names = [line.split()[0] for line in lines]
    assert groups[0] < names.index("mi300x") < groups[1] < names.index("raspberry-pi-5") < groups[2]
    assert lines[names.index("ar-glasses")].endswith("assumed")
    assert lines[names.index("h100-sxm")].endswith("measured")
    assert lines[names.index("h100-pcie")].endswith("borrowed")
    rows = {row["name"]: row for row in json.loads(ironlaw("hardware", "list", "--json").stdout)}
    assert rows["jetson-agx-orin"]["engines_FLOP_per_s"] == {"dla": {"int8": 52.5e12}}
    assert rows["esp32"]["levels"][-1]["latency"] == 1.025e-6


@pytest.mark.parametrize("what", ["hardware", "models"])
def test_lists_fit_a_hundred_columns(what: str):
    lines = ironlaw(what, "list").stdout.splitlines()
    assert len(lines) > 20
    assert max(len(line.rstrip()) for line in lines) <= 100


def test_hardware_show_says_which_facts_are_no_print():
    shown = ironlaw("hardware", "show", "stm32h7").stdout
    assert "STM32H743" in shown
    assert "\nrecalled: " in shown
    assert "\nassumption: level.dtcm.energy" in shown
    data = json.loads(ironlaw("hardware", "show", "ar-glasses", "--json").stdout)
    kinds = {fact["name"]: fact["kind"] for fact in data["facts"]}
    assert kinds["peak.int8"] == "assumption"
    assert {fact["source"] for fact in data["facts"]} == set(data["sources"])


def test_hardware_show_takes_a_file_of_ones_own(tmp_path: Path):
    from ironlaw.registry.facts import data_folder

    text = data_folder().joinpath("chips", "h100-sxm.toml").read_text()
    path = tmp_path / "h100-sxm.toml"
    own = '[sources.mine]\ntitle = "My sheet"\npublisher = "Me"\n'
    path.write_text(text.replace('source = "nvidia-h100-datasheet"', 'source = "mine"') + own)
    assert "mine: My sheet. Me" in ironlaw("hardware", "show", path).stdout
    facts = json.loads(ironlaw("hardware", "show", path, "--json").stdout)["facts"]
    assert not [fact for fact in facts if fact["kind"] == "fitted"]  # nothing was measured on it


def test_show_of_an_unknown_name_offers_the_nearest():
    done = ironlaw("hardware", "show", "b200-smx")
    assert done.returncode == 2
    assert "did you mean 'b200-sxm'" in done.stderr


def test_user_chip_by_path_is_answered_by_the_roofline_and_says_so(tmp_path: Path):
    from ironlaw.registry.facts import data_folder

    text = data_folder().joinpath("chips", "h100-sxm.toml").read_text()
    path = tmp_path / "my-chip.toml"
    path.write_text(text.replace("value = 3.35,", "value = 6.7,").replace('"hopper"', '"abacus"'))
    done = ironlaw("diagnose", "llama-3-8b", "--on", path, "--json")
    data = json.loads(done.stdout)
    assert data["chip"] == "my-chip"
    assert "nothing was measured on my-chip: times are the roofline's" in data["notes"]
    gemms = [k for k in data["kernels"] if k["family"] == "GEMM"]
    assert {k["evidence"] for k in gemms} == {"roofline"}
    down = next(k for k in gemms if k["name"] == "down_proj")
    assert down["memory_s"] == pytest.approx(down["traffic_B"] / 6.7e12, rel=1e-12)


def test_version():
    import ironlaw as package

    assert ironlaw("--version").stdout == f"ironlaw {package.__version__}\n"


def test_tile_and_split_are_options_that_the_report_shows():
    asked = ("diagnose", "llama-3-8b", "--on", "h100-sxm", "--batch", "32")
    chosen = ("--tile", "128x64", "--split-k", "4", "--launch", "eager")
    data = json.loads(ironlaw(*asked, *chosen, "--json").stdout)
    first = data["tiling"][0]
    assert (first["kernel"], first["tile"], first["split_k"]) == ("qkv_proj", "128x64", 4)
    assert (first["tiles"], first["waves"]) == (384, 3)
    assert first["last_wave_occupancy"] == pytest.approx(120 / 132)
    times = {row["name"]: row["time_s"] for row in data["kernels"]}
    assert {row["kernel"]: row["time_s"] for row in data["tiling"]}.items() <= times.items()
    waiting = data["terms_s"]["launch"] + data["terms_s"]["dispatch"]
    assert data["overhead_share"] == pytest.approx(waiting / data["step_s"])
    shown = ironlaw(*asked, *chosen).stdout
    assert "qkv_proj 128x64 K/4 3 waves, last 91 % full" in " ".join(shown.split())
    assert "launched by eager" in shown
