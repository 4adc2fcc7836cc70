"""A learner in a real browser: Part 3 of Tiny Pioneer, from twice the battery to another chip and the last defence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from learner import (
    Watch,
    after_view,
    at,
    defended,
    gauge,
    locked,
    next_step,
    number,
    press,
    sees_nothing_before_the_lock,
    tab,
    to_lock,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from learner import Lab, Look

pytestmark = pytest.mark.browser

WORKBENCH = (
    "roofline",
    "law",
    "gauges",
    "curve",
    "meter",
    "optimizations",
    "challenge",
    "controls",
)
SENTENCE = "No work at all still draws the floor, so less work could not be the answer."


def predict(page: Page) -> None:
    page.check("input[name=draft][value=less]")
    page.fill("input[name=lines]", "50")
    locked(page)


def drawn(page: Page) -> float:
    """What the meter shows [mW]."""
    said = page.locator(".power .il-mt-value").inner_text()
    return number(said, r"([\d.]+)") * (1e-3 if "µ" in said else 1.0)


def gates_the_network(page: Page) -> None:
    """Half the power, and a frame that has become too long for the deadline."""
    assert (
        page.locator(".comparison:visible").count() == 0
    )  # of one network there is nothing to compare
    before = drawn(page)
    after_view(page, lambda: page.check("[data-control=gate]"))
    assert drawn(page) < before / 2.0
    assert gauge(page, "frame") > 100.0
    assert "too late" in page.locator("h1").inner_text()
    press(page, "size", "ArrowLeft")
    assert gauge(page, "frame") < 100.0


def scrubs_zeros_for_nothing(page: Page) -> None:
    before = drawn(page)
    press(page, "zeros", "ArrowRight", 2)
    assert drawn(page) == pytest.approx(before, rel=0.01)
    tab(page, "cache")
    page.get_by_text("none is skipped").first.wait_for()
    after_view(page, lambda: page.select_option("[data-control=block]", "32"))
    assert drawn(page) < 0.65 * before
    tab(page, "curve")
    mark = page.locator("[data-figure=curve] text").filter(has_text="here").first
    mark.wait_for(state="attached")
    assert number(mark.text_content() or "", r"here: (\d+)\s%") == 50.0
    press(page, "zeros", "Home")
    assert drawn(page) == before


def adds_experts(page: Page) -> None:
    press(page, "experts", "ArrowRight", 2)
    cells = page.locator(".comparison [data-row=store] td").all_inner_texts()
    assert "×" in cells[-1]
    press(page, "experts", "Home")


def proves(page: Page, attempt: int, propose: str, power: float, floor: float) -> str:
    form = page.locator("form[data-form=challenge]")
    form.locator(f"input[name=propose][value={propose}]").check()
    form.locator("input[name=power]").fill(f"{power:g}")
    form.locator("input[name=floor]").fill(f"{floor:g}")
    page.click("[data-action=prove]")
    row = page.locator(f"[data-try='{attempt}']").first
    row.wait_for()
    said = row.inner_text()
    return " ".join(said.split())  # any kind of space


def floor_of(page: Page) -> float:
    """The red line of the meter [mW]."""
    said = page.locator(".power .il-mt-floor-label, .power svg").first.text_content() or ""
    found = number(said, r"sleep floor\s*([\d.]+)")
    unit = said.split("sleep floor", 1)[1][:12]
    return found * (1e-3 if "µ" in unit else 1.0)


def is_refused_under_the_floor(page: Page) -> None:
    said = proves(page, 1, "gate", drawn(page), floor_of(page))
    assert "1.64 mW more than 1 mW" in said
    assert page.locator("section.challenge").get_attribute("data-state") == "open"
    assert page.locator("[data-action=next]").count() == 0
    after_view(page, lambda: page.select_option("[data-control=chip]", "esp32-s3"))
    said = proves(page, 2, "chip", drawn(page), floor_of(page))
    assert "800 µW" in said


def is_accepted_on_another_chip(page: Page) -> None:
    after_view(page, lambda: page.select_option("[data-control=chip]", "apollo4-plus"))
    assert drawn(page) < 1.0
    said = proves(page, 3, "chip", drawn(page), floor_of(page))
    assert "under 1 mW" in said
    assert page.locator("section.challenge").get_attribute("data-state") == "proved"


def defends_the_whole_mission(page: Page) -> None:
    assert page.locator("[data-figure=optimizations] [data-bar=chip]").count() > 0
    assert page.locator(".comparison [data-row=esp32] td").all_inner_texts()[1:3] == [
        "none",
        "none",
    ]
    machine = number(page.locator("main").inner_text(), r"([\d.]+)× by the machine")
    page.check("input[name=side][value=algorithm]")
    page.fill("input[name=factor]", f"{machine}")
    page.fill("textarea[name=sentence]", SENTENCE)
    defended(page)
    assert page.locator("[data-question=side] .verdict").get_attribute("data-right") == "false"
    page.check("input[name=side][value=machine]")
    defended(page)
    page.get_by_role("button", name="To the ledger").click()
    at(page, "ledger")


def test_a_learner_changes_the_chip(browser: Browser, lab: Lab):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch = Watch(context, page)
    to_lock(page, lab.url, "tiny-pioneer", 3)
    sees_nothing_before_the_lock(
        page, watch, "svg[role=img], circle.il-red, [data-control]", WORKBENCH
    )
    predict(page)
    gates_the_network(page)
    scrubs_zeros_for_nothing(page)
    adds_experts(page)
    is_refused_under_the_floor(page)
    is_accepted_on_another_chip(page)
    page.reload()
    at(page, "workbench")
    assert page.locator("section.challenge").get_attribute("data-state") == "proved"
    next_step(page, "reveal")
    next_step(page, "reflect")
    defends_the_whole_mission(page)
    assert "Chain verified" in page.locator(".badge").inner_text()
    assert [payload["decision"] for kind, payload in lab.events() if kind == "decide"][
        -2
    ].startswith("changed the chip")
    watch.assert_stayed_home(lab.url)
    context.close()


def test_every_beat_is_accessible_and_fits(look: Look, lab: Lab):
    page, examine = look.page, look.examiner()
    to_lock(page, lab.url, "tiny-pioneer", 3)
    examine()
    predict(page)
    after_view(page, lambda: page.check("[data-control=gate]"))
    press(page, "experts", "ArrowRight", 2)
    for name in ("curve", "optimizations"):
        tab(page, name)
        examine()
    after_view(page, lambda: page.select_option("[data-control=chip]", "apollo4-plus"))
    press(page, "size", "ArrowLeft")
    proves(page, 1, "gate", drawn(page), floor_of(page))
    proves(page, 2, "chip", drawn(page), floor_of(page))
    examine()
    next_step(page, "reveal")
    examine()
    next_step(page, "reflect")
    examine()
