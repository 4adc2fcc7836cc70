"""The moves of a walk through the lab: what every beat of every part needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

SENTENCE = "The bus carries copies of the cache: seventeen bytes for each one that is needed."


def settled(page: Page, beat: str) -> None:
    """Wait until a beat is painted and its motion is over."""
    page.wait_for_selector(f"html[data-beat={beat}]")
    page.wait_for_timeout(400)


def onward(page: Page, beat: str) -> None:
    """Take the next step, to a beat."""
    page.click("[data-action=next]")
    settled(page, beat)


def locked(page: Page) -> None:
    """Commit the prediction as it is filled in."""
    page.click("form[data-form=lock] button[type=submit]")
    settled(page, "workbench")


def run(page: Page) -> None:
    """Press Run and wait for its row."""
    rows = page.locator("[data-run]").count()
    page.click("[data-action=run]")
    page.wait_for_selector(f"[data-run='{rows + 1}']", state="attached")
    page.wait_for_timeout(400)


def turned(page: Page, control: str, value: str) -> None:
    """Choose an option that stands side by side with the others."""
    page.check(f"[data-control={control}][value={value}]")
    page.wait_for_timeout(400)


def started(page: Page, url: str, track: str, part: int) -> None:
    """Take a part of a track in a ledger of its own, and wait for its story."""
    page.goto(url)
    page.wait_for_selector("html[data-beat]")
    page.evaluate("localStorage.clear()")
    page.goto(url)
    settled(page, "tracks")
    page.locator(f"[data-track={track}] button").nth(part - 1).click()
    settled(page, "story")


def tabs(page: Page) -> Iterator[str]:
    """Open each instrument that is offered after the first; gives the names of their tabs."""
    names = page.locator("[data-tab]:visible").evaluate_all("all => all.map(x => x.dataset.tab)")
    for name in names[1:]:
        page.click(f"[data-tab={name}]")
        page.wait_for_timeout(400)
        yield name


def answered(page: Page, form: str) -> None:
    """Fill a form in, as one who guesses: the first of the options, the least that is allowed, a sentence."""
    for field in page.locator(f"form[data-form={form}] [data-question]").all():
        for kind in ("radio", "checkbox"):
            if field.locator(f"input[type={kind}]").count():
                field.locator(f"input[type={kind}]").first.check()
        if field.locator("input[inputmode=decimal]").count():
            said = field.locator(".help").inner_text() if field.locator(".help").count() else ""
            least = re.search(r"(?:between|at least) ([\d.,]+)", said)
            field.locator("input").fill(least[1].rstrip(".,") if least else "2")
        if field.locator("textarea").count():
            field.locator("textarea").fill(SENTENCE)


def diagnosed(page: Page, name: str, guess: tuple[str, str]) -> Iterator[str]:
    """Go from the story of a Part 1 to its roofline, with a guess at its number: the field and what is typed."""
    yield f"{name}-1-story"
    onward(page, "lock")
    page.check("input[name=slope][value=a_little]")
    field, typed = guess
    page.fill(f"input[name={field}]", typed)
    yield f"{name}-2-lock"
    locked(page)
    yield f"{name}-3-roofline"
