"""The composed picture of one diagnosis."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

import ironlaw
from ironlaw.faces import text
from ironlaw.instruments.scale import percent, with_prefix

NODE = {"on": "h100-sxm", "tp": 8, "batch": 16, "context": 8192}


@pytest.fixture(scope="module")
def report() -> ironlaw.Report:
    return ironlaw.diagnose("llama-3-70b", fusion="partial", **NODE)


class Words(HTMLParser):
    """The texts of a page, and whether its tags are balanced."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag, _attrs):
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)


def words(html: str) -> list[str]:
    parser = Words()
    parser.feed(html)
    assert parser.open == []
    return parser.said


def test_it_says_what_the_report_says(report):
    said = words(ironlaw.dashboard(report).html)
    assert text.question(report) in said
    assert with_prefix(report.step, "s") in said
    for gauge in report.gauges:
        assert percent(gauge.value) in said
    for row in report.kernels:
        assert set(text.cells(row)) <= set(said)
    for change in report.changes:
        assert f"{change.speedup:.2f} ×" in said
    assert with_prefix(float(report.diagnosis.traffic), "B") in said


def test_the_facts_stand_with_their_sources(report):
    said = words(ironlaw.dashboard(report).html)
    sheet = report.diagnosis.scenario.chip.sheet
    fact = sheet.fact("memory.bandwidth")
    source = sheet.source(fact.source)
    assert {fact.written, fact.date, f"{source.title} ({source.publisher})"} <= set(said)


def test_notes_are_on_the_page():
    report = ironlaw.diagnose("mixtral-8x7b", on="h100-sxm", tp=4)
    assert report.notes
    said = "\n".join(words(ironlaw.dashboard(report).html)).lower()
    assert all(note.lower() in said for note in report.notes)


def test_every_gemm_has_its_tiles_and_waves(report):
    html = ironlaw.dashboard(report).html
    found = re.search(r"<h2>Tiles and waves of the GEMMs</h2>.*?</section>", html, re.DOTALL)
    rows = [re.findall(r"<t[dh][^>]*>([^<]*)<", row) for row in found[0].split("<tr>")[2:]]
    assert len(rows) == len(report.plans) == 5
    for row, planned in zip(rows, report.plans, strict=True):
        plan = planned.plan
        assert row[0] == planned.name
        assert row[2] == f"{plan.tiling.rows}x{plan.tiling.columns}"
        assert row[3] == str(plan.tiling.split)
        assert row[4:6] == [f"{count:,}" for count in (plan.waves.tiles, plan.waves.count)]
        assert row[6] == f"{percent(plan.waves.last_occupancy)} full"
        assert row[7] == with_prefix(planned.time, "s")
    assert "no measurement says which tile" in found[0]
    assert "132 SMs" in found[0]


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"tile": "128x64"}, "As asked: tile 128x64, the split-K left to the library."),
        ({"split_k": 4}, "As asked: split-K 4, the tile left to the library."),
        ({"tile": "128x64", "split_k": 4}, "As asked: tile 128x64 and split-K 4."),
    ],
)
def test_tiles_that_were_asked_for_are_no_choice_of_the_library(choice, words):
    html = ironlaw.dashboard(ironlaw.diagnose("llama-3-8b", on="h100-sxm", **choice)).html
    assert words in html
    assert "no measurement says which tile" not in html


def test_a_chip_that_nobody_measured_has_no_tiles():
    html = ironlaw.dashboard(ironlaw.diagnose("llama-3-8b", on="a10g")).html
    assert "Tiles and waves" not in html


def test_a_single_row_has_no_tiles():
    html = ironlaw.dashboard(ironlaw.diagnose("llama-3-8b", on="l40s", dtype="fp8")).html
    found = re.findall(r'row">(\w+)</th><td>\d+</td><td>a single row</td>(?:<td>–</td>){4}', html)
    assert found == ["qkv_proj", "o_proj", "gate_up_swiglu", "down_proj"]


def test_it_needs_nothing_from_elsewhere(report):
    html = ironlaw.dashboard(report).html.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"<script|<link|src=|href=|url\(|@import|https?:", html)


def test_the_chart_has_a_title_and_a_description(report):
    html = ironlaw.dashboard(report).html
    charts = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(charts) == 3  # wide, narrow, and that of the energy
    for chart, title in zip(charts, ("Roofline", "Roofline", "Energy roofline"), strict=True):
        assert f"<title>{title} of H100 SXM" in chart
        assert text.verdict(report) in chart


def test_the_caption_says_what_the_red_dot_is(report):
    html = ironlaw.dashboard(report).html
    red = report.roofline().selected
    assert f"In red: {red.label}, {red.note}." in html


def test_both_themes_colour_the_chart(report):
    html = ironlaw.dashboard(report).html
    used = set(re.findall(r"var\((--il-[a-z-]+)\)", html))
    light, dark = re.findall(r"\.il-dash \{[^}]*--il-paper[^}]*\}", html)
    assert {"--il-red", "--il-blue", "--il-ink", "--il-card"} <= used
    assert all(f"{name}:" in light for name in used)
    colours = {name for name in used if name not in {"--il-serif", "--il-sans"}}
    assert all(f"{name}:" in dark for name in colours)


def test_a_step_that_does_not_fit_is_shown_too():
    report = ironlaw.diagnose("llama-3-70b", on="h100-sxm")
    said = words(ironlaw.dashboard(report).html)
    assert any(one.startswith("Does not fit: ") for one in said)
    assert 'class="gauge bad"' in ironlaw.dashboard(report).html


def test_a_network_has_no_cache():
    report = ironlaw.diagnose("resnet-50", on="l40s", batch=8)
    said = " ".join(words(ironlaw.dashboard(report).html))
    assert "KV cache" not in said


def test_it_is_written_where_asked(report, tmp_path):
    target = tmp_path / "page.html"
    picture = ironlaw.dashboard(report, target)
    assert target.read_text(encoding="utf-8") == picture.html
    assert picture._repr_html_().startswith("<style>")
    assert ElementTree.fromstring(picture.svg).tag.endswith("svg")  # noqa: S314 - our own


@pytest.mark.parametrize("name", ["page.txt", "missing/page.html"])
def test_a_wrong_path_is_refused(report, tmp_path, name):
    with pytest.raises(ironlaw.DomainError, match="html"):
        ironlaw.dashboard(report, tmp_path / name)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_opens_from_a_file_without_a_request(browser, report, tmp_path, width, theme):
    from axe_playwright_python.sync_playwright import Axe

    target = tmp_path / "page.html"
    ironlaw.dashboard(report, target)
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text))
    page.goto(target.as_uri(), wait_until="networkidle")
    assert asked == [target.as_uri()]
    assert wrong == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.locator("svg:visible").count() == 2
    background = page.evaluate(
        "getComputedStyle(document.querySelector('article')).backgroundColor"
    )
    assert background == {"light": "rgb(250, 248, 244)", "dark": "rgb(17, 21, 24)"}[theme]
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    context.close()
