"""A learner in a real browser: Part 3 of Cloud Titan, from a letter to twice the tokens and the last defence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from learner import (
    Watch,
    after_view,
    at,
    defended,
    handed_in,
    locked,
    next_step,
    number,
    press,
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
SENTENCE = "Fusion gave most; a mixture of experts pays only where arithmetic binds the batch."


def predict(page: Page) -> None:
    page.check("input[name=draft][value=depends]")
    page.fill("input[name=experts]", "8")
    locked(page)


def speed_up(page: Page) -> float:
    """What the heading says of the tokens of the dense model."""
    return number(page.locator("h1").inner_text(), r"([\d.]+)×")


def drafts_at_a_small_and_at_a_large_batch(page: Page) -> None:
    assert page.locator("[data-tab=round]:visible").count() == 0
    press(page, "context", "ArrowLeft", 3)
    press(page, "batch", "Home")
    alone = red_dot(page)
    after_view(page, lambda: page.check("[data-control=draft]"))
    assert red_dot(page)[0] > alone[0] + 20.0  # the check climbs the slope
    assert red_dot(page)[1] < alone[1] - 20.0
    assert speed_up(page) > 1.7
    tab(page, "round")
    page.locator("[data-figure=round] [data-token='5']").wait_for(state="attached")
    press(page, "batch", "ArrowRight", 8)
    assert speed_up(page) < 1.0


def is_told_what_does_not_go_together(page: Page) -> None:
    """Of a prompt nothing is left to guess: the phase stays where it is, and the reason is said."""
    page.select_option("[data-control=phase]", "prefill")
    page.get_by_text("speculation is for decode").wait_for()
    assert "decode" in page.locator(".configuration").inner_text()
    after_view(page, lambda: page.uncheck("[data-control=draft]"))


def chooses(page: Page, model: str) -> None:
    after_view(page, lambda: page.select_option("[data-control=model]", model))


def cells(page: Page, row: str) -> list[str]:
    return page.locator(f".comparison [data-row={row}] td").all_inner_texts()


def reads_the_lowest_point(page: Page) -> float:
    """The least height of the line of the experts, point by point by keyboard."""
    tab(page, "curve")
    stage = page.locator("[data-figure=curve] .il-stage")
    page.locator("[data-figure=curve] circle.il-cv-dot").first.wait_for(state="attached")
    stage.focus()
    page.keyboard.press("Home")
    heights: list[float] = []
    for _ in range(page.locator("[data-figure=curve] circle.il-cv-dot.il-cv-0").count()):
        said = stage.locator(".il-sr").text_content() or ""
        heights.append(number(said, r"([\d.]+)\s×"))
        page.keyboard.press("ArrowRight")
    return min(heights)


def fills_in_the_proof(page: Page, claim: str, worst: float) -> None:
    form = page.locator("form[data-form=challenge]")
    form.locator(f"input[name=claim][value={claim}]").check()
    for row in ("total", "active"):
        form.locator(f"input[name={row}]").fill(cells(page, row)[1].split()[0])
    form.locator("input[name=footprint]").fill(cells(page, "node")[2].split()[-1])
    form.locator("input[name=worst]").fill(f"{worst:g}")


def is_refused_at_the_wrong_place(page: Page) -> None:
    chooses(page, "llama-4-scout")
    press(page, "context", "Home")
    press(page, "batch", "ArrowLeft", 2)
    assert speed_up(page) < 2.0
    fills_in_the_proof(page, "reads", reads_the_lowest_point(page))
    said = handed_in(page, 1)
    against = number(said, r"([\d.]+)× at decode, batch 64, context 256")
    assert against == pytest.approx(speed_up(page), abs=0.005)
    assert "15.7 of the 16 experts" in said
    assert page.locator("section.challenge").get_attribute("data-state") == "open"
    assert page.locator("[data-action=next]").count() == 0


def is_accepted_at_the_right_one(page: Page) -> None:
    press(page, "batch", "End")
    assert speed_up(page) > 2.0
    fills_in_the_proof(page, "computes", reads_the_lowest_point(page))
    said = handed_in(page, 2)
    assert "not matched in quality" in said
    assert page.locator("section.challenge").get_attribute("data-state") == "proved"
    assert page.locator("form[data-form=challenge] :is(input, button):enabled").count() == 0


def defends_the_whole_mission(page: Page) -> None:
    bar = page.locator("[data-figure=optimizations] [data-bar=experts]")
    shares = page.locator("[data-figure=optimizations] [data-side=algorithm]").first
    share = shares.bounding_box()
    before = bar.first.bounding_box()
    order = page.locator("[data-control=order]")
    after_view(page, lambda: order.select_option("algorithm>fusion>precision"))
    assert bar.first.bounding_box() != before
    assert shares.bounding_box() == share
    machine = number(page.locator("main").inner_text(), r"([\d.]+)× by the machine")
    page.check("input[name=side][value=algorithm]")
    page.fill("input[name=factor]", f"{machine}")
    page.fill("textarea[name=sentence]", SENTENCE)
    defended(page)
    verdict = page.locator("[data-question=side] .verdict")
    assert verdict.get_attribute("data-right") == "false"
    page.check("input[name=side][value=machine]")
    defended(page)
    page.get_by_role("button", name="To the ledger").click()
    at(page, "ledger")


def test_a_learner_proves_twice_the_tokens(browser: Browser, lab: Lab):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch = Watch(context, page)
    to_lock(page, lab.url, "cloud-titan", 3)
    sees_nothing_before_the_lock(
        page, watch, "svg[role=img], circle.il-red, [data-control]", WORKBENCH
    )
    predict(page)
    drafts_at_a_small_and_at_a_large_batch(page)
    is_told_what_does_not_go_together(page)
    is_refused_at_the_wrong_place(page)
    is_accepted_at_the_right_one(page)
    next_step(page, "reveal")
    assert "112" in page.locator("main").inner_text()
    next_step(page, "reflect")
    defends_the_whole_mission(page)
    assert "Chain verified" in page.locator(".badge").inner_text()
    assert page.locator("[data-try]").count() == 2
    watch.assert_stayed_home(lab.url)
    context.close()


def test_every_beat_is_accessible_and_fits(look: Look, lab: Lab):
    page, examine = look.page, look.examiner()
    to_lock(page, lab.url, "cloud-titan", 3)
    examine()
    predict(page)
    examine()
    after_view(page, lambda: page.check("[data-control=draft]"))
    chooses(page, "llama-4-scout")
    for name in ("round", "curve", "optimizations"):
        tab(page, name)
        examine()
    for attempt in range(1, 7):
        fills_in_the_proof(page, "anywhere", 1.0)
        handed_in(page, attempt)
    examine()
    next_step(page, "reveal")
    examine()
    next_step(page, "reflect")
    examine()
