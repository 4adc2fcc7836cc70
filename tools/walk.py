"""Walk the lab in a headless browser and take pictures of it.

    python tools/walk.py docs/images            the picture of the README
    python tools/walk.py --all /tmp/pictures    every beat of every part, at 1280 and 390 px, light and dark

It serves the lab on a free port of this machine, with its ledgers in a folder that is thrown away.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browser import FLAGS, find_browser
from walk_algorithm import algorithm, tiny
from walk_moves import SENTENCE, diagnosed, locked, onward, run, settled, started, turned

SHAPES = {"1280": (1280, 950), "390": (390, 844)}
TRACKS = ("cloud-titan", "edge-guardian", "mobile-nomad", "tiny-pioneer")
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LATE = "What looked guilty was only late: the time had gone before it began to run."
TILES = "The tiles changed the kernels; only the captured graph took the waiting for the host away."


@contextmanager
def served() -> Iterator[str]:
    """The lab, served from a folder that is thrown away; gives its address."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "ironlaw", "lab", "--port", "0", "--no-browser"]
        process = subprocess.Popen(
            [*command, "--data-dir", folder], stdout=subprocess.PIPE, text=True, env=os.environ
        )
        try:
            yield (process.stdout or sys.stdin).readline().split()[2]
        finally:
            process.terminate()
            process.wait(10)


def beats(page: Page, url: str) -> Iterator[str]:
    """Go through a mission as a learner, stopping at each beat."""
    page.goto(url)
    settled(page, "tracks")
    yield "1-tracks"
    page.get_by_role("button", name="Cloud Titan").first.click()
    settled(page, "story")
    yield "2-story"
    onward(page, "lock")
    page.check("input[name=slope][value=a_little]")
    page.fill("input[name=share]", "35")
    yield "3-lock"
    locked(page)
    page.check("[data-control=profiler]")
    page.wait_for_timeout(500)
    yield "4-workbench"
    onward(page, "reveal")
    yield "5-reveal"
    onward(page, "reflect")
    page.check("input[name=constraint][value=R_peak]")
    page.fill("input[name=mbu_raw]", "15.5")
    page.check("input[name=kernel][value='expand_k+expand_v']")
    page.fill("input[name=amplification]", "17.1")
    page.fill("textarea[name=sentence]", SENTENCE)
    page.click("form[data-form=reflect] button[type=submit]")
    page.wait_for_selector("[data-question=constraint] .verdict")
    page.wait_for_timeout(300)
    yield "6-reflect"
    page.check("input[name=constraint][value=BW_mem]")
    page.fill("input[name=mbu_raw]", "75")
    page.click("form[data-form=reflect] button[type=submit]")
    page.get_by_role("button", name="To the ledger").click()
    settled(page, "ledger")
    yield "7-ledger"
    yield from second_part(page)


def second_part(page: Page) -> Iterator[str]:
    """Go through Part 2 from the ledger of Part 1, stopping at each beat and at what a run answers."""
    onward(page, "story")
    yield "8-story"
    onward(page, "lock")
    page.check("form[data-form=lock] input[type=radio] >> nth=0")
    page.fill("form[data-form=lock] input[inputmode=decimal]", "30")
    yield "9-lock"
    locked(page)
    yield "10-fusion-before"
    run(page)
    yield "11-fusion-partial"
    page.check("[data-fusion=attention]")
    page.wait_for_timeout(400)
    yield "12-fusion-turned"
    run(page)
    yield "13-fusion-own"
    page.click("[data-tab=roofline]")
    page.wait_for_timeout(400)
    yield "14-fusion-roofline"
    page.click("[data-tab=waterfall]")
    yield from fails_and_goes_on(page)


def fails_and_goes_on(page: Page) -> Iterator[str]:
    """Run out of memory, go back, use all runs, and defend a tiling."""
    turned(page, "level", "none")
    page.focus("[data-control=batch]")
    page.keyboard.press("End")
    run(page)
    yield "15-out-of-memory"
    page.click("[data-action=undo]")
    page.wait_for_timeout(400)
    turned(page, "level", "full")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", *(("ArrowLeft",) * 4)):
        page.focus("[data-control=batch]")
        page.keyboard.press(key)
        run(page)
    yield "16-no-runs-left"
    onward(page, "reveal")
    yield "17-reveal"
    onward(page, "reflect")
    yield "18-reflect"
    turned(page, "launch", "graph")
    for control in ("tile", "split_k"):
        page.select_option(f"[data-control={control}]", index=0)
        page.wait_for_timeout(400)
    share = page.locator("[data-limit=overhead] b").inner_text()
    page.fill("input[name=overhead]", share.rstrip("%\u202f "))
    page.check("input[name=moved][value=tile]")
    page.fill("textarea[name=sentence]", TILES)
    page.click("form[data-form=reflect] button[type=submit]")
    page.wait_for_selector("[data-question=overhead] .verdict p")
    yield "19-defended"
    page.check("input[name=moved][value=launch]")
    page.click("form[data-form=reflect] button[type=submit]")
    page.get_by_role("button", name="To the ledger").click()
    settled(page, "ledger")
    yield "20-ledger"


def edge(page: Page, url: str) -> Iterator[str]:
    """Go through Edge Guardian as a learner who has no ledger yet: accuse in vain, then fuse."""
    started(page, url, "edge-guardian", 1)
    yield "edge-1-story"
    onward(page, "lock")
    page.check("input[name=slope][value=a_little]")
    page.check("input[name=causes][value=alloc_flush]")
    page.fill("input[name=hours]", "1")
    yield "edge-2-lock"
    locked(page)
    yield "edge-3-audit"
    page.locator("[data-event]").nth(5).click()
    page.wait_for_timeout(400)
    page.click("[data-zoom=event]")
    page.click("[data-tab=facts]")
    yield "edge-4-event"
    page.click("[data-tab=roofline]")
    page.wait_for_timeout(400)
    yield "edge-5-roofline"
    onward(page, "reveal")
    yield "edge-6-reveal"
    onward(page, "reflect")
    for question in ("event", "stage", "cause", "fix", "evidence"):
        page.check(f"input[name={question}] >> nth=0")
    page.fill("textarea[name=sentence]", LATE)
    page.click("form[data-form=reflect] button[type=submit]")
    page.wait_for_selector("[data-question=event] .verdict p")
    page.wait_for_timeout(400)
    yield "edge-7-verdict"
    yield from edge_fusion(page, url)


def edge_fusion(page: Page, url: str) -> Iterator[str]:
    """Go through Part 2 of Edge Guardian in a ledger of its own."""
    started(page, url, "edge-guardian", 2)
    yield "edge-8-story"
    onward(page, "lock")
    page.check("form[data-form=lock] input[type=radio] >> nth=0")
    page.fill("form[data-form=lock] input[inputmode=decimal]", "30")
    locked(page)
    run(page)
    yield "edge-9-frames"
    turned(page, "level", "none")
    run(page)
    yield "edge-10-out-of-memory"
    turned(page, "level", "full")
    for control in ("pool", "launch"):
        page.select_option(f"[data-control={control}]", index=1)
        page.wait_for_timeout(400)
    run(page)
    yield "edge-11-full"
    onward(page, "reveal")
    yield "edge-12-reveal"
    onward(page, "reflect")
    yield "edge-13-reflect"


def nomad(page: Page, url: str) -> Iterator[str]:
    """Go through Mobile Nomad: what heats the temple, and then what is fused and what is narrowed."""
    started(page, url, "mobile-nomad", 1)
    yield from diagnosed(page, "nomad", ("seconds", "400"))
    for tab in ("energy", "thermal", "joules"):
        page.click(f"[data-tab={tab}]")
        page.wait_for_timeout(400)
        yield f"nomad-4-{tab}"
    page.click("[data-tab=thermal]")
    page.focus("[data-control=ambient]")
    page.keyboard.press("End")
    page.wait_for_timeout(700)
    yield "nomad-5-warm"
    page.click(".assumptions summary")
    yield "nomad-6-assumptions"
    onward(page, "reveal")
    yield "nomad-7-reveal"
    onward(page, "reflect")
    yield "nomad-8-reflect"
    yield from nomad_plan(page, url)


def nomad_plan(page: Page, url: str) -> Iterator[str]:
    """Go through Part 2 of Mobile Nomad in a ledger of its own: late, too hot, and then worn."""
    started(page, url, "mobile-nomad", 2)
    onward(page, "lock")
    page.check("input[name=reduces][value=both]")
    page.fill("input[name=saved]", "30")
    yield "nomad-9-lock"
    locked(page)
    yield "nomad-10-plan"
    for number, level in ((11, "none"), (12, "fusion"), (13, "both")):
        page.select_option("[data-control=level]", level)
        page.wait_for_timeout(400)
        run(page)
        yield f"nomad-{number}-{level}"
    for tab in ("energy", "joules"):
        page.click(f"[data-tab={tab}]")
        page.wait_for_timeout(400)
        yield f"nomad-14-{tab}"
    onward(page, "reveal")
    yield "nomad-15-reveal"
    onward(page, "reflect")
    yield "nomad-16-reflect"


def everything(page: Page, url: str) -> Iterator[str]:
    """Every beat of every part of every track."""
    yield from beats(page, url)
    for walked in (edge, nomad, tiny):
        yield from walked(page, url)
    for track in TRACKS:
        yield from algorithm(page, url, track)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--all", action="store_true")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    shapes = SHAPES if asked.all else {"1280": SHAPES["1280"]}
    themes = THEMES if asked.all else THEMES[:1]
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        for shape, (width, height) in shapes.items():
            for theme in themes:
                page = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=theme
                )
                for name in everything(page, url):
                    page.evaluate("scrollTo(0, 0)")
                    target = asked.folder / f"{name}-{shape}-{theme}.png"
                    if asked.all:
                        page.screenshot(path=target, full_page=True)
                    elif name == "4-workbench":
                        page.screenshot(path=asked.folder / "workbench.png")
                        break
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
