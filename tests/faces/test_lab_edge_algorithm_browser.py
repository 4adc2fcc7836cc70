"""A learner in a real browser: Part 3 of Edge Guardian, from drafts that the deadline refuses to twice the frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from learner import (
    Watch,
    after_view,
    at,
    defended,
    gauge,
    handed_in,
    locked,
    next_step,
    number,
    press,
    read,
    red_dot,
    sees_nothing_before_the_lock,
    tab,
    to_lock,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from learner import Lab, Look

pytestmark = pytest.mark.browser

WORKBENCH = ("roofline", "law", "gauges", "curve", "comparison", "round", "challenge", "controls")
SENTENCE = "Eight bits and a detector a scene made it; no draft could, because it waits."


def predict(page: Page) -> None:
    page.check("input[name=draft][value=same]")
    page.fill("input[name=verified]", "12")
    locked(page)


def chooses(page: Page, control: str, value: str) -> None:
    """An option of a list, or one that stands side by side with the others."""
    listed = page.locator(f"select[data-control={control}]")
    if listed.count():
        after_view(page, lambda: listed.select_option(value))
    else:
        after_view(page, lambda: page.check(f"[data-control={control}][value='{value}']"))


def note(page: Page, name: str) -> str:
    return read(page, f"[data-gauge={name}]")


def fills_in_the_proof(page: Page, means: str) -> None:
    """What the gauges say, read as a learner reads them."""
    form = page.locator("form[data-form=challenge]")
    form.locator(f"input[name=means][value={means}]").check()
    told = {
        "factor": number(note(page, "throughput"), r"([\d.]+)×: "),
        "latency": number(note(page, "worst"), r"([\d.]+)\sms of"),
        "footprint": number(note(page, "memory"), r"([\d.]+)\sMB of"),
    }
    for name, value in told.items():
        form.locator(f"input[name={name}]").fill(f"{value:g}")


def drafts_and_is_refused_by_the_deadline(page: Page) -> None:
    assert page.locator("[data-tab=round]:visible").count() == 0
    after_view(page, lambda: page.check("[data-control=draft]"))
    assert "past 10.0 ms" in read(page, "h1")
    tab(page, "round")
    expect(page.locator("[data-figure=round] [data-token]")).to_have_count(2)
    press(page, "frames", "ArrowRight", 2)
    expect(page.locator("[data-figure=round] [data-token]")).to_have_count(4)
    assert gauge(page, "worst") > 500.0
    tab(page, "curve")
    stage = page.locator("[data-figure=curve] .il-stage")
    expect(stage.locator("circle.il-cv-dot.il-cv-0")).to_have_count(8)
    limit = float(stage.locator(".il-chart-limit").get_attribute("y1") or "nan")
    heights = stage.locator("circle.il-cv-dot.il-cv-0").evaluate_all(
        "all => all.map(dot => Number(dot.getAttribute('cy')))"
    )
    assert [y > limit for y in heights] == [True, *([False] * 7)]  # only n = 1 is under the line
    fills_in_the_proof(page, "draft")
    said = handed_in(page, 1)
    assert "30.0 ms for the others" in said
    assert page.locator("section.challenge").get_attribute("data-state") == "open"
    assert page.locator("[data-action=next]").count() == 0
    after_view(page, lambda: page.uncheck("[data-control=draft]"))


def claims_in_vain_that_nothing_reaches_it(page: Page) -> None:
    fills_in_the_proof(page, "impossible")
    assert "There is one" in handed_in(page, 2)


def finds_one_that_holds(page: Page) -> None:
    tab(page, "roofline")
    chooses(page, "experts", "3")
    before = red_dot(page)
    assert gauge(page, "throughput") < 100.0
    chooses(page, "dtype", "int8")
    assert red_dot(page) != before
    chooses(page, "pattern", "2:4")
    assert gauge(page, "throughput") > 100.0
    assert gauge(page, "worst") < 100.0
    fills_in_the_proof(page, "both")
    assert "It holds" in handed_in(page, 3)
    assert page.locator("section.challenge").get_attribute("data-state") == "proved"


def defends_the_whole_mission(page: Page) -> None:
    share = page.locator("[data-figure=optimizations] [data-side=machine]").first
    place = share.bounding_box()
    bar = page.locator("[data-figure=optimizations] [data-bar=experts]").first
    before = bar.bounding_box()
    order = page.locator("[data-control=order]")
    after_view(page, lambda: order.select_option("algorithm>fusion>precision"))
    assert bar.bounding_box() != before
    assert share.bounding_box() == place
    told = read(page, "main")
    sides = {side: number(told, rf"([\d.]+)× by the {side}") for side in ("machine", "algorithm")}
    less, more = sorted(sides, key=lambda side: sides[side])
    page.fill("textarea[name=sentence]", SENTENCE)
    for side in (less, more):
        page.check(f"input[name=side][value={side}]")
        page.fill("input[name=factor]", f"{sides[side]:g}")
        defended(page)
        verdict = page.locator("[data-question=side] .verdict")
        assert verdict.get_attribute("data-right") == ("true" if side == more else "false")
    page.get_by_role("button", name="To the ledger").click()
    at(page, "ledger")


def test_a_learner_proves_twice_the_frames(browser: Browser, lab: Lab):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch = Watch(context, page)
    to_lock(page, lab.url, "edge-guardian", 3)
    sees_nothing_before_the_lock(
        page, watch, "svg[role=img], circle.il-red, [data-control]", WORKBENCH
    )
    predict(page)
    drafts_and_is_refused_by_the_deadline(page)
    claims_in_vain_that_nothing_reaches_it(page)
    finds_one_that_holds(page)
    next_step(page, "reveal")
    assert number(read(page, "main"), r"the engine computes\s+([\d.]+)\s*ms") > 50.0
    next_step(page, "reflect")
    defends_the_whole_mission(page)
    assert "Chain verified" in page.locator(".badge").inner_text()
    assert page.locator("[data-try]").count() == 3
    watch.assert_stayed_home(lab.url)
    context.close()


def test_every_beat_is_accessible_and_fits(look: Look, lab: Lab):
    page, examine = look.page, look.examiner()
    to_lock(page, lab.url, "edge-guardian", 3)
    examine()
    predict(page)
    examine()
    after_view(page, lambda: page.check("[data-control=draft]"))
    chooses(page, "experts", "3")
    chooses(page, "dtype", "int8")
    for name in page.locator("[data-tab]:visible").evaluate_all(
        "all => all.map(tab => tab.dataset.tab)"
    ):
        tab(page, name)
        examine()
    page.locator(".assumptions summary").click()
    for attempt in range(1, 7):
        fills_in_the_proof(page, "draft")
        handed_in(page, attempt)
    examine()
    next_step(page, "reveal")
    examine()
    next_step(page, "reflect")
    examine()
