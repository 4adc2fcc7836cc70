"""Walks through Tiny Pioneer, and through Part 3 of any track."""

from __future__ import annotations

from typing import TYPE_CHECKING

from walk_moves import answered, diagnosed, locked, onward, run, started, tabs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page


def tiny(page: Page, url: str) -> Iterator[str]:
    """Go through Tiny Pioneer: which bytes the cache brings in again, and then what is fused on two megabytes."""
    started(page, url, "tiny-pioneer", 1)
    yield from diagnosed(page, "tiny", ("kilobytes", "50"))
    for name in tabs(page):
        yield f"tiny-4-{name}"
    onward(page, "reveal")
    yield "tiny-5-reveal"
    onward(page, "reflect")
    yield "tiny-6-reflect"
    started(page, url, "tiny-pioneer", 2)
    onward(page, "lock")
    answered(page, "lock")
    locked(page)
    yield "tiny-7-before"
    run(page)
    yield "tiny-8-run"
    while not page.locator("[data-action=next]").count():
        run(page)
    yield "tiny-8-runs"
    onward(page, "reveal")
    yield "tiny-9-reveal"


def algorithm(page: Page, url: str, track: str) -> Iterator[str]:
    """Go through Part 3 of a track as one who guesses, until no attempt is left, and defend the mission."""
    name = track.split("-", 1)[0]
    started(page, url, track, 3)
    yield f"{name}-3-1-story"
    onward(page, "lock")
    answered(page, "lock")
    yield f"{name}-3-2-lock"
    locked(page)
    yield f"{name}-3-3-workbench"
    for tab in tabs(page):
        yield f"{name}-3-4-{tab}"
    answered(page, "challenge")
    proofs = 0
    while page.locator("[data-action=prove]").count():
        proofs += 1
        page.click("[data-action=prove]")
        page.wait_for_selector(f"[data-try='{proofs}']")
        if proofs == 1:
            yield f"{name}-3-5-refused"
    page.wait_for_timeout(400)
    yield f"{name}-3-6-closed"
    onward(page, "reveal")
    yield f"{name}-3-7-reveal"
    onward(page, "reflect")
    yield f"{name}-3-8-reflect"
    answered(page, "reflect")
    page.click("form[data-form=reflect] button[type=submit]")
    page.wait_for_selector(".defence .verdict p")
    page.wait_for_timeout(400)
    yield f"{name}-3-9-defended"
