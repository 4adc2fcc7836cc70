"""What Part 3 brings to the page of every track, on Cloud Titan: a challenge as a form, a waterfall and its table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from learner import after_view, locked, next_step, number, press, tab, to_lock

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from learner import Lab

pytestmark = pytest.mark.browser

TYPED = {"total": "108", "active": "17.2", "footprint": "1.5", "worst": "0.9"}


def at_the_workbench(page: Page, lab: Lab) -> None:
    to_lock(page, lab.url, "cloud-titan", 3)
    page.check("input[name=draft][value=depends]")
    page.fill("input[name=experts]", "8")
    locked(page)


def claims(page: Page) -> Locator:
    return page.locator("form[data-form=challenge]")


def attempts_left(page: Page) -> int:
    said = page.locator(".challenge-left").inner_text()
    return int(number(said, r"(\d+) of 6 attempts left"))


def shows(page: Page, claim: str) -> None:
    """What was typed stands in the form."""
    assert claims(page).locator(f"input[name=claim][value={claim}]").is_checked()
    for name, value in TYPED.items():
        assert claims(page).locator(f"input[name={name}]").input_value() == value


def is_not_sent_unfinished(page: Page) -> None:
    page.click("[data-action=prove]")
    problem = page.locator("[data-question=claim] .problem")
    problem.get_by_text("Choose one of these.").wait_for()
    assert claims(page).locator("[aria-invalid=true]").count() > 0
    assert attempts_left(page) == 6
    assert page.locator("[data-try]").count() == 0


def is_refused(page: Page, attempt: int) -> None:
    page.click("[data-action=prove]")
    page.locator(f"[data-try='{attempt}'][data-proved=false]").wait_for()


def test_a_refused_claim_stays_and_attempts_count_down(page: Page, lab: Lab):
    at_the_workbench(page, lab)
    is_not_sent_unfinished(page)
    claims(page).locator("input[name=claim][value=anywhere]").check()
    for name, value in TYPED.items():
        claims(page).locator(f"input[name={name}]").fill(value)
    is_refused(page, 1)
    assert attempts_left(page) == 5
    assert "Not yet." in page.locator("[data-question=claim] .verdict").inner_text()
    shows(page, "anywhere")
    press(page, "batch", "ArrowRight")
    shows(page, "anywhere")
    page.reload()
    page.wait_for_selector("html[data-beat=workbench]")
    shows(page, "anywhere")
    assert attempts_left(page) == 5
    assert page.locator("[data-action=next]").count() == 0
    for attempt in range(2, 7):
        is_refused(page, attempt)
    assert page.locator("section.challenge").get_attribute("data-state") == "spent"
    assert page.locator("[data-action=prove]").count() == 0
    assert claims(page).locator("input:not([disabled])").count() == 0
    shows(page, "anywhere")
    next_step(page, "reveal")


def lengths(page: Page, what: str) -> dict[str, float]:
    """How long the bars of a kind are, in pixels."""
    bars = page.locator(f"[data-figure=optimizations] [data-{what}]").all()
    return {
        bar.get_attribute(f"data-{what}") or "": float(bar.get_attribute("width") or "nan")
        for bar in bars
    }


def rows_of_the_table(page: Page) -> list[list[str]]:
    page.locator("[data-figure=optimizations] [data-tool=table]").click()
    rows = page.locator("#optimizations-table tbody tr").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def factor(cell: str) -> float:
    return number(cell, r"([\d.]+)\s×")


def test_the_waterfall_and_its_table_agree(page: Page, lab: Lab):
    at_the_workbench(page, lab)
    after_view(page, lambda: page.select_option("[data-control=model]", "mixtral-8x7b"))
    tab(page, "optimizations")
    page.locator("[data-figure=optimizations] [data-bar]").first.wait_for()
    rows = rows_of_the_table(page)
    taken, fair = lengths(page, "bar"), lengths(page, "share")
    changes = rows[1:-3]
    assert len(changes) == len(taken) == len(fair) >= 2
    whole = factor(rows[-3][4])
    assert math.prod(factor(row[4]) for row in changes) == pytest.approx(whole, rel=0.02)
    assert math.prod(factor(row[5]) for row in changes) == pytest.approx(whole, rel=0.02)
    doubling = sum(taken.values()) / math.log2(whole)  # px
    for name, row in zip(taken, changes, strict=True):
        assert taken[name] == pytest.approx(doubling * math.log2(factor(row[4])), abs=3.0)
        assert fair[name] == pytest.approx(doubling * math.log2(factor(row[5])), abs=3.0)
    sides = lengths(page, "side")
    for side, row in zip(("machine", "algorithm"), rows[-2:], strict=True):
        assert sides[side] == pytest.approx(doubling * math.log2(factor(row[5])), abs=3.0)


def test_a_waterfall_is_read_by_keyboard(page: Page, lab: Lab):
    at_the_workbench(page, lab)
    after_view(page, lambda: page.select_option("[data-control=model]", "mixtral-8x7b"))
    tab(page, "optimizations")
    rows = rows_of_the_table(page)
    stage = page.locator("[data-figure=optimizations] .il-stage")
    stage.focus()
    page.keyboard.press("Home")
    for row in rows[1:-3]:
        page.keyboard.press("ArrowRight")
        said = stage.locator(".il-sr").text_content() or ""
        assert said.startswith(row[0])
        assert number(said, r"In any order ×\s([\d.]+)") == pytest.approx(factor(row[5]), abs=0.01)
