"""What explorable diagrams cost in a browser: the work of the page's main thread.

Run as ``.venv/bin/python benchmarks/browser.py [FOLDER]``; the folder has the pages already, else
they are built. Chromium is asked for the processor time of all tasks of the page, which doesn't
depend on what else the machine does, as the time that passes would.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

PAGES = {
    "resnet152": "\n.. keras-model:: keras.applications.ResNet152(weights=None)\n   :view: full\n",
    "nasnet": "\n.. keras-model:: keras.applications.NASNetLarge(weights=None)\n   :view: full\n",
    "fifty": "\n.. keras-model:: keras.applications.ResNet50(weights=None)\n" * 50,
}
FRAMES = 60
#: Notes when the first diagram was set up, in milliseconds from the start of the page on.
WATCH = """
const look = () => {
    if (document.querySelector('.kerasgraph')?.shadowRoot?.querySelector('.live .tools'))
        window.setUp = performance.now();
    else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
ROOT = "document.querySelector('.kerasgraph').shadowRoot"
COUNT = """() => [...document.querySelectorAll('.kerasgraph')]
    .filter((host) => host.shadowRoot?.querySelector('.live')).length"""
FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@dataclass(frozen=True)
class Page:
    """A page of diagrams, and the session that tells of its work."""

    page: object
    session: object

    def work(self) -> float:
        """The milliseconds that the main thread has worked until now."""
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return next(one["value"] for one in metrics if one["name"] == "TaskDuration") * 1000

    def cost(self, act: Callable[[], object]) -> float:
        """The milliseconds of an act, and of all that is drawn after it."""
        self.page.wait_for_timeout(300)
        start = self.work()
        act()
        self.page.evaluate(FRAME)
        return self.work() - start

    def mouse(self, kind: str, x: float, y: float, **more: object) -> None:
        """Have the pointer do something, which the page has answered when this returns."""
        self.session.send("Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, **more})

    def drag(self, x: float, y: float) -> None:
        """Move the drawing to and fro, once a frame."""
        self.mouse("mousePressed", x, y, button="left", clickCount=1)
        for frame in range(FRAMES):
            away = 5 * min(frame, FRAMES - frame)
            self.mouse("mouseMoved", x - away, y - away, button="left", buttons=1)
        self.mouse("mouseReleased", x, y, button="left", clickCount=1)

    def wheel(self, x: float, y: float) -> None:
        """Zoom in and out, once a frame."""
        for frame in range(FRAMES):
            delta = -12 if frame < FRAMES / 2 else 10
            self.mouse("mouseWheel", x, y, deltaX=0, deltaY=delta, modifiers=2)


def measured(page: Page) -> dict[str, float]:
    """What one does with a diagram, and the milliseconds of it; those of movements a frame."""
    boxes = page.page.locator(".boxes a")
    stage = page.page.locator(".stage").first.bounding_box()
    at = stage["x"] + stage["width"] / 2, stage["y"] + stage["height"] / 2
    keyboard = page.page.keyboard
    found = {}
    found["zoom, a frame"] = page.cost(lambda: page.wheel(*at)) / FRAMES
    found["pan, a frame"] = page.cost(lambda: page.drag(*at)) / FRAMES
    page.page.evaluate(f"() => {ROOT}.querySelector('[aria-label=\"Show all of it\"]').click()")
    page.page.mouse.move(*at)  # which loads the data
    found["theme"] = page.cost(
        lambda: page.page.evaluate("() => { document.body.dataset.theme = 'dark'; }")
    )
    found["click"] = page.cost(lambda: boxes.nth(8).dispatch_event("click"))
    page.page.get_by_role("button", name="Find a layer").first.click()
    found["find"] = page.cost(lambda: keyboard.type("a"))
    return found


def report(folder: Path, browser: Browser) -> None:
    """Print the figures of each page."""
    for name in PAGES:
        with closing(browser.new_context(viewport={"width": 1280, "height": 800})) as context:
            opened = context.new_page()
            session = context.new_cdp_session(opened)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            opened.add_init_script(WATCH)
            opened.goto((folder / f"{name}.html").as_uri())
            opened.wait_for_function("() => window.setUp")
            page = Page(opened, session)
            figures = {
                "set up": page.work(),
                "set up, passed": opened.evaluate("() => window.setUp"),
                **(measured(page) if name != "fifty" else {}),
            }
            size = (folder / f"{name}.html").stat().st_size / 1000
            boxes = opened.locator(".boxes a").count()
            print(f"{name}: {size:.0f} kB, {boxes} boxes, {opened.evaluate(COUNT)} set up")
            for what, milliseconds in figures.items():
                print(f"{what:>16}{milliseconds:>9.1f} ms")


def build(folder: Path) -> Path:
    """Build the pages; the folder of them."""
    source = folder / "source"
    source.mkdir()
    (source / "conf.py").write_text(
        "extensions = ['sphinxcontrib_kerasgraph']\nhtml_theme = 'furo'\n", "utf-8"
    )
    tree = "Models\n======\n\n.. toctree::\n\n   " + "\n   ".join(PAGES)
    (source / "index.rst").write_text(f"{tree}\n", "utf-8")
    for name, text in PAGES.items():
        (source / f"{name}.rst").write_text(f"{name}\n{'=' * len(name)}\n{text}", "utf-8")
    made = folder / "html"
    subprocess.run([sys.executable, "-m", "sphinx", "-q", "-b", "html", source, made], check=True)
    return made


def main() -> None:
    """Print what the pages cost."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else build(Path(temporary))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        with closing(browser):
            report(folder.resolve(), browser)


if __name__ == "__main__":
    main()
