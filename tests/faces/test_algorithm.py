"""Drafts and waterfalls by command line and API."""

from __future__ import annotations

import json
import subprocess
import sys
from xml.etree import ElementTree

import pytest

import ironlaw
from ironlaw.base.errors import DomainError
from ironlaw.faces.dashboard import dashboard
from ironlaw.faces.optimization_svg import optimization_svg
from ironlaw.faces.svg_parts import INK, RED
from ironlaw.instruments.scale import significant, with_prefix

QUESTION = ("llama-3-70b", "--on", "h100-sxm", "--tp", "8", "--context", "1024")
DRAFT = ("--draft", "llama-3-8b", "--acceptance", "0.8", "--draft-len", "4")
NGRAM = ("--draft", "ngram", "--acceptance", "0.5", "--draft-len", "2")


def command(*arguments):
    whole = [sys.executable, "-m", "ironlaw", "diagnose", *arguments]
    return subprocess.run(whole, capture_output=True, text=True, check=False)


def answer(*arguments):
    done = command(*QUESTION, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_contract_of_speculation():
    found = answer("--batch", "1", *DRAFT)["speculation"]
    assert {"speedup", "tokens_per_round", "flops_per_token_ratio"} <= set(found)
    assert found["speedup"] == pytest.approx(1.8, abs=0.1)
    assert found["tokens_per_round"] == pytest.approx(3.3616)
    assert found["flops_per_token_ratio"] == pytest.approx(1.62, abs=0.01)
    assert found["round_s"] == pytest.approx(found["draft_s"] + found["verify_s"])
    assert answer("--batch", "256", *DRAFT)["speculation"]["speedup"] < 1.0


def test_joules_are_said_or_why_not():
    found = answer("--batch", "1", *DRAFT)["speculation"]
    assert 0.3 < found["joules_per_token_ratio"] < 0.7
    assert found["joules_per_token"] > 0.1
    assert found["joules_missing"] is None
    done = command("llama-3-8b", "--on", "tpu-v5e", "--context", "64", *NGRAM, "--json")
    unknown = json.loads(done.stdout)["speculation"]
    assert unknown["joules_per_token"] is unknown["joules_per_token_ratio"] is None
    assert "tpu-v5e" in unknown["joules_missing"]


def test_the_best_length_comes_with_its_curve():
    asked = ("--draft", "llama-3-8b", "--acceptance", "0.8", "--draft-len", "best")
    found = answer("--batch", "64", *asked, "--waterfall")
    best = found["speculation"]
    assert best["draft_len_chosen"] == "best"
    curve = {one["draft_len"]: one["speedup"] for one in best["draft_lengths"]}
    assert len(curve) == 16
    assert curve[best["draft_len"]] == best["speedup"] == max(curve.values())
    assert found["waterfall"]["bars"][-1]["label"].startswith(f"{best['draft_len']} token")
    given = answer("--batch", "64", *DRAFT)["speculation"]
    assert given["draft_len_chosen"] == "given"
    assert "draft_lengths" not in given


def test_trees_and_heads_are_asked_by_name():
    tree = ("--draft", "mtp", "--acceptance", "0.6/0.2/0.1/0.05", "--draft-tree", "4,2,1")
    found = answer("--batch", "1", *tree)["speculation"]
    assert found["draft"] == "llama-3-70b-mtp"
    assert found["draft_tree"] == [4, 2, 1]
    assert (found["draft_len"], found["drafted_tokens"]) == (3, 20)
    assert found["acceptance"] == pytest.approx([0.95, 0.8, 0.6])
    said = command(*QUESTION, *tree, "--top", "1").stdout
    assert "a tree of 20 drafted tokens (4, 2, 1 after each)" in " ".join(said.split())


def test_without_a_draft_there_is_none():
    found = answer()
    assert "speculation" not in found
    assert "waterfall" not in found


def test_the_waterfall_multiplies_to_the_whole():
    found = answer("--dtype", "fp8", *DRAFT, "--waterfall")["waterfall"]
    whole = found["before_s"] / found["after_s"]
    for key in ("speedup_in_order", "speedup_fair"):
        product = 1.0
        for bar in found["bars"]:
            product *= bar[key]
        assert product == pytest.approx(whole)
    assert found["machine"] * found["algorithm"] == pytest.approx(whole)
    assert [bar["means"] for bar in found["bars"]] == ["precision", "fusion", "algorithm"]


def test_the_answer_is_said():
    done = command(*QUESTION, *DRAFT, "--waterfall", "--top", "1")
    assert "speculation pays" in done.stdout
    assert "machine" in done.stdout
    lost = command(*QUESTION, "--batch", "512", *DRAFT, "--top", "1")
    assert "speculation loses" in lost.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--acceptance", "0.5"), "acceptance = '0.5' is outside the questions that name a draft"),
        (("--draft-len", "2"), "draft_len = '2' is outside the questions that name a draft"),
        (("--draft-tree", "2"), "draft_tree = '2' is outside the questions that name a draft"),
        ((*DRAFT[:4], "--draft-tree", "2,0"), "draft_tree = 0 is outside the whole numbers"),
        ((*DRAFT[:4], "--draft-tree", "2,x"), "draft_tree = 'x' is outside the whole numbers"),
        ((*DRAFT[:4], "--draft-tree", "64,64"), "draft_tree = [64, 64] is outside the trees"),
        ((*DRAFT, "--draft-tree", "2,2"), "draft_len = 4 is outside 2, the depth of the tree"),
        ((*DRAFT[:4], "--draft-len", "long"), "draft_len = 'long' is outside the whole numbers"),
        ((*DRAFT[:2], "--acceptance", "nan"), "acceptance = nan is outside the probabilities"),
        ((*DRAFT[:2], "--acceptance", "0.8/0.4"), "outside the lists that add up to 1"),
        (("--draft", "mtp", *DRAFT[2:], "--draft-tp", "2"), "draft_tp = 2 is outside 8"),
        (("--draft", "llama-3-8b"), "draft = 'llama-3-8b' is outside the questions that say"),
        ((*DRAFT[:2], "--acceptance", "1.2"), "acceptance = 1.2 is outside the probabilities"),
        ((*DRAFT[:2], "--acceptance", "half"), "acceptance = 'half' is outside a number"),
        ((*DRAFT[:4], "--draft-len", "0"), "draft_len = 0 is outside"),
        ((*DRAFT[:2], "--acceptance", "0.9,0.8", "--draft-len", "3"), "outside the lists of 3"),
        ((*DRAFT, "--phase", "prefill"), "phase = 'prefill' is outside decode"),
        (("--fusion", "none", "--waterfall"), "waterfall = 'none, bf16' is outside"),
    ],
)
def test_bad_input_is_one_line_that_names_the_field(arguments, message):
    done = command(*QUESTION, *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_the_api_takes_a_draft():
    draft = ironlaw.drafting("llama-3-8b", (0.9, 0.7), 2)
    report = ironlaw.diagnose("llama-3-70b", on="h100-sxm", tp=8, draft=draft, waterfall=True)
    assert report.speculation.tokens_per_round == pytest.approx(1.0 + 0.9 + 0.63)
    assert report.waterfall.after == float(report.speculation.time_per_token)


WATERFALL = {"tp": 8, "context": 1024, "dtype": "fp8"}


@pytest.fixture(scope="module")
def asked():
    draft = ironlaw.drafting("llama-3-8b", 0.8, 4)
    return ironlaw.diagnose("llama-3-70b", on="h100-sxm", draft=draft, waterfall=True, **WATERFALL)


def test_the_picture_of_the_waterfall_is_its_data(asked, tmp_path):
    target = tmp_path / "waterfall.svg"
    asked.plot_waterfall(target)
    drawn = ElementTree.parse(target)  # noqa: S314 - a file of our own
    words = [element.text for element in drawn.iter() if element.text]
    assert asked.waterfall_picture.title in words
    for share in asked.waterfall.shares:
        factor, after = significant(share.in_order), with_prefix(share.after, "s")
        assert f"{factor}× → {after}" in words


def test_a_change_that_costs_time_is_red_and_to_the_right(asked):
    drawn = optimization_svg(asked.waterfall_picture, "asked")
    slower = [s for s in asked.waterfall.shares if s.after > s.before]
    red = [e for e in drawn.iter("rect") if e.get("fill") == RED]
    assert len(slower) == len(red) == 1
    before = next(e for e in drawn.iter("rect") if e.get("fill") == INK)
    end = float(before.attrib["x"]) + float(before.attrib["width"])
    assert float(red[0].attrib["x"]) == pytest.approx(end, abs=0.2)


def test_the_strip_is_as_wide_as_the_doublings(asked):
    drawn = optimization_svg(asked.waterfall_picture, "asked")
    widths = [float(e.attrib["width"]) for e in drawn.iter("rect") if e.get("stroke") == "#ffffff"]
    owed = [abs(share.doublings) for share in asked.waterfall.shares]
    assert sorted(w / sum(widths) for w in widths) == pytest.approx(
        sorted(o / sum(owed) for o in owed), abs=0.001
    )


def test_the_dashboard_has_it_only_where_it_was_asked_for(asked):
    assert asked.waterfall_picture.title in dashboard(asked).html
    plain = ironlaw.diagnose("llama-3-70b", on="h100-sxm", **WATERFALL)
    assert "in any order" not in dashboard(plain).html
    with pytest.raises(DomainError, match="waterfall"):
        plain.plot_waterfall("x.svg")


def test_the_command_draws_it(tmp_path):
    target = tmp_path / "w.svg"
    done = command(*QUESTION, *DRAFT, "--plot-waterfall", str(target))
    assert done.returncode == 0, done.stderr
    assert "waterfall written to" in done.stdout
    assert target.read_text(encoding="utf-8").startswith("<?xml")
